"""An emulator that watches one client: others act between its calls, it can be killed, and its calls are judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.dispatch import HttpResponse, changes_state
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.model.tags import NAME, PROJECT, PROTECT
from tests.support.killing import Killed, Moment

REGION = "us-east-1"
UNTAGGABLE = ("Schema", "MetricAttribution")

State = Mapping[str, tuple[Record, Mapping[str, str]]]
"""Every resource with its tags, by ARN."""


class Watched(Emulator):
    """`calls` are those of the client that is watched; `call` makes one for somebody else.

    `broken` has the promises that calls of the client broke, and how: "others" if they changed or deleted what is not
    the owner's, "protected" if they deleted what is protected, "bought twice" if they trained twice for one run.
    """

    def __init__(self, now: Callable[[], float], owner: str, **settings: Any) -> None:
        super().__init__(now, **settings)
        self.owner = owner
        self.broken: list[tuple[str, str]] = []
        self.adopting: frozenset[str] = frozenset()  # the names of unmanaged objects that the client may take over
        self.changes_made = 0  # by the client: its changing calls since `mortal`
        self.others: Callable[[str], None] = lambda _: None  # acts before each call of the client
        self._death: tuple[int, Moment] | None = None
        self._made: set[int] = set()  # the numbers of the resources that the client has created
        self._forms: set[str] = set()  # what the client has created; an equal untaggable one counts as the client's own
        self._trained: set[tuple[int, str]] = set()  # numbers of solutions, names of trainings

    def mortal(self, death: tuple[int, Moment] | None) -> None:
        """Kill the client before or after its changing call of a number, counted from now; None: never."""
        self._death, self.changes_made = death, 0

    def state(self) -> State:
        """Return every resource as it is now."""
        self.catch_up()
        region = self.region(REGION)
        return {record.arn: (record, dict(region.tags.get(record.arn, {}))) for record in region.records()}

    def call(self, operation: str, **request: Any) -> bool:
        """Make a call for somebody else; return whether it was accepted."""
        return super().respond(REGION, operation, json.dumps(request)).status == 200

    def respond(
        self, region: str, operation: str, body: bytes | str, account: str | None = None, access_key: str = ""
    ) -> HttpResponse:
        """Answer a call of the client."""
        self.others(operation)
        if not changes_state(operation):
            return super().respond(region, operation, body, account, access_key)
        self._die_if("before", operation)
        before = self.state()
        self._judge(operation, json.loads(body), before)
        response = super().respond(region, operation, body, account, access_key)
        self._note_made([record for arn, (record, _) in self.state().items() if arn not in before])
        self.changes_made += 1
        self._die_if("after", operation)
        return response

    def _die_if(self, moment: Moment, operation: str) -> None:
        at = self.changes_made - (moment == "after")
        if self._death == (at, moment):
            raise Killed(f"{moment} {operation}")

    def _note_made(self, records: list[Record]) -> None:
        for record in records:
            name, number = str(record.fields.get("name")), self._number_of(record.fields.get("solutionArn"))
            if record.kind == "SolutionVersion" and (number, name) in self._trained:
                self.broken.append(("bought twice", record.arn))
            self._trained.add((number, name))
            self._made.add(record.number)
            self._forms.add(_form(record))

    def _number_of(self, arn: str | None) -> int:
        found = self.region(REGION).get(arn) if arn else None
        return found.number if found else 0

    def _judge(self, operation: str, request: Mapping[str, Any], before: State) -> None:
        """Note how a call breaks a promise, accepted or not. A resource that is being deleted anyway does not count."""
        if operation.startswith("Create"):
            return
        arn = next(value for member, value in request.items() if member.lower().endswith("arn"))
        found = before.get(arn)
        if found is None or found[0].status.startswith("DELETE"):
            return
        record, tags = found
        if not self._may_change(operation, record, tags, before):
            self.broken.append(("others", f"{operation} of {arn}, which has the tags {tags}"))
        if operation.startswith("Delete") and any(PROTECT in kept for kept in _with_contents(arn, before)):
            self.broken.append(("protected", f"{operation} of {arn}"))

    def _may_change(self, operation: str, record: Record, tags: Mapping[str, str], state: State) -> bool:
        name = str(record.fields.get("name") or record.fields.get("jobName", ""))
        if record.kind in UNTAGGABLE:
            return record.number in self._made or _form(record) in self._forms
        if PROJECT not in tags and name in self.adopting:
            return not operation.startswith("Delete")
        if operation.startswith("Stop") and record.kind == "SolutionVersion":  # it is deleted with its solution
            record, tags = state[record.arn.rpartition("/")[0]]
            name = record.fields["name"]
        is_copy = tags.get(NAME, name) != name and record.number not in self._made
        return tags.get(PROJECT) == self.owner and not is_copy


def _form(record: Record) -> str:
    """Return what a client can tell of an untaggable resource."""
    return str(sorted((key, str(value)) for key, value in record.fields.items() if not key.endswith("DateTime")))


def _with_contents(arn: str, state: State) -> list[Mapping[str, str]]:
    """Return the tags of a resource and of those that are deleted with it."""
    return [tags for other, (_, tags) in state.items() if other == arn or other.startswith(f"{arn}/")]
