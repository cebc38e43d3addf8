"""One case of the table: its folder read into manifests, the account and the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints
from ruamel.yaml import YAML

from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.diff import overlay
from personalize_gitops.model.digest import digest
from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.members import members, references
from personalize_gitops.model.ownership import lifecycle_tags
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.tags import ADDRESS, KEYS, NAME, PROJECT, key_record
from personalize_gitops.model.wire import from_wire, to_wire
from personalize_gitops.render import text
from personalize_gitops.span import SPAN, seconds_in
from tests.support.builders import ACCOUNT, REGION

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in FOLDER.glob("*/live.yaml"))

NOW = 1_750_000_000.0  # epoch seconds

_FINGERPRINT = re.compile(r"-[0-9a-f]{8,16}(-\d+)?$")

Age = Annotated[str, StringConstraints(pattern=SPAN)]


class Update(Structure):
    """A `latest…Update` record: the members it sets."""

    status: str
    spec: dict[str, Any]
    failure: str = ""


class Entry(Structure):
    """One object of live.yaml."""

    owned: str = ""  # the address in its tags
    owner: str = ""  # who it belongs to, when that is not the project of the case
    spec: dict[str, Any] | None = None  # as declared when absent
    tags: dict[str, str] | None = None  # as declared when absent, of what is owned
    recorded: list[str] | None = None  # the keys that were declared when it was tagged; as declared when absent
    status: str | None = "ACTIVE"
    created: Age = "30d"  # ago
    updated: Age | None = None  # ago; when it was created if absent
    failure: str = ""
    update: Update | None = None
    service_made: bool = False


class Account(Structure):
    """All of live.yaml."""

    manifests: str = ""  # of which case, when not its own
    objects: dict[str, Entry]
    data: dict[str, str | None] = Field(default={})
    adopt: bool = False  # --adopt
    forget: list[str] = Field(default=[])  # --forget


@cache
def plan_of(case: Path) -> Plan:
    """The plan for a case."""
    account = account_of(case)
    loaded = load(FOLDER / (account.manifests or case) / "manifests", env={})
    target, forget = loaded.target, frozenset(map(Address.parse, account.forget))
    policy = Policy(target.prune, account.adopt, forget, target.limits.max_deletes)
    return make_plan(PlanContext(loaded.desired, _snapshot(account, loaded.desired), policy))


def printed(case: Path) -> str:
    """What `plan` prints for a case."""
    return text.plan(plan_of(case))


def expected(case: Path) -> str:
    """What a case says it prints."""
    path = case / "plan.txt"
    return path.read_text() if path.exists() else ""


def account_of(case: Path) -> Account:
    """The account of a case as it is written. Raises ValueError for what an account could not have."""
    found = YAML(typ="safe").load(case / "live.yaml") or {}
    apart = {key: found.pop(key) for key in ("manifests", "data", "adopt", "forget") if key in found}
    return Account.model_validate({**apart, "objects": found})


def _snapshot(account: Account, desired: Desired) -> Snapshot:
    """The account as it is observed. Raises ValueError for a member or a reference that cannot be."""
    reading = _Reading(desired, {Address.parse(at): entry for at, entry in account.objects.items()})
    ever = {run.data_location: "as ever" for run in desired.runs if run.data_location}
    return Snapshot(
        account=ACCOUNT,
        region=REGION,
        taken_at=NOW,
        objects=tuple(reading.objects()),
        inputs=ever | {location: content or "" for location, content in account.data.items()},
    )


@dataclass(frozen=True)
class _Reading:
    """Turns entries into live objects, whose references are ARNs."""

    desired: Desired
    entries: Mapping[Address, Entry]

    def objects(self) -> Iterator[Live]:
        for at, entry in self.entries.items():
            yield self._live(at, entry)

    def _live(self, at: Address, entry: Entry) -> Live:
        kind = KINDS[at.kind_name]
        status = entry.status if kind is not KINDS["Schema"] else None  # a schema has none
        created = NOW - seconds_in(entry.created)
        return Live(
            kind=kind,
            arn=self._arn(at),
            name=at.name,
            status=status,
            attributes=self._answered(kind, self._attributes(at), status),
            tags=self._tags(at, entry),
            created=created,
            updated=NOW - seconds_in(entry.updated) if entry.updated else created,
            failure=entry.failure,
            update=self._update(at, entry.update) if entry.update else None,
            service_made=entry.service_made,
        )

    def _attributes(self, at: Address) -> dict[str, Any]:
        """The members of an object, references as names; each is one its kind has."""
        declared = self._declared_as(at)
        spec = self.entries[at].spec
        if spec is None:
            if declared not in self.desired.documents:
                raise ValueError(f"live.yaml: {at} needs a spec, because no {declared} is declared")
            return dict(self.desired.documents[declared].attributes)
        return _checked(KINDS[at.kind_name], spec)

    def _declared_as(self, at: Address) -> Address:
        """The address of the document an object is for, if there is one; the names of runs end in a fingerprint."""
        if self.entries[at].owned:
            return Address.parse(self.entries[at].owned)
        return Address(at.kind_name, _FINGERPRINT.sub("", at.name)) if KINDS[at.kind_name].is_run else at

    def _answered(self, kind: type[Resource], attributes: Mapping[str, Any], status: str | None) -> dict[str, Any]:
        """Members as a Describe answer tells them."""
        found = {**attributes, **self._arns(kind, attributes)}
        return from_wire(kind, {**to_wire(kind, found), "status": status or ""})

    def _arns(self, kind: type[Resource], attributes: Mapping[str, Any]) -> dict[str, str]:
        return {
            member.alias: self._referred(member.ref, attributes[member.alias])
            for member in references(kind)
            if member.ref and member.alias in attributes
        }

    def _referred(self, kind: str, value: Any) -> str:
        """The ARN a reference stands for; of runs, whose names end in a fingerprint, the beginning is enough."""
        if isinstance(value, Mapping):
            return f"{self._referred('Solution', value['solution'])}/{value['version']}"
        if value.startswith("arn:"):
            return str(value)
        named = [at for at in self.entries if at.kind_name == kind and at.name == value]
        begun = [
            at for at in self.entries if at.kind_name == kind and at.name.startswith(f"{value}-") and KINDS[kind].is_run
        ]
        found = named or begun
        if len(found) != 1:
            raise ValueError(f"live.yaml: {kind}/{value} stands for {len(found)} objects")
        return self._arn(found[0])

    def _arn(self, at: Address) -> str:
        kind = KINDS[at.kind_name]
        attributes = self._attributes(at)
        if at.kind_name == "SolutionVersion":  # lies below its solution (docs/service/4 §3)
            return f"{self._referred('Solution', attributes['solution'])}/{digest(at.name, 8)}"
        tail = kind.arn_tail(at.name, {**attributes, **self._arns(kind, attributes)})
        return f"arn:aws:personalize:{REGION}:{ACCOUNT}:{tail}"

    def _tags(self, at: Address, entry: Entry) -> dict[str, str]:
        declared = self.desired.documents.get(self._declared_as(at))
        as_declared = {**declared.tags, **lifecycle_tags(declared)} if declared and entry.owned else {}
        own = entry.tags if entry.tags is not None else as_declared
        if not entry.owned:
            return own
        recorded = key_record(entry.recorded if entry.recorded is not None else declared.tags if declared else ())
        ours = {PROJECT: entry.owner or self.desired.owner, ADDRESS: entry.owned, NAME: at.name}
        return {**own, **ours, **({KEYS: recorded} if recorded else {})}

    def _update(self, at: Address, update: Update) -> LiveUpdate:
        kind = KINDS[at.kind_name]
        whole = _checked(kind, overlay(self._attributes(at), update.spec))
        sent = {alias: whole[alias] for alias in update.spec}
        return LiveUpdate(update.status, {**sent, **self._arns(kind, sent)}, update.failure)


def _checked(kind: type[Resource], spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec as documents carry it; a member the kind does not have is an error."""
    unknown = spec.keys() - members(kind).keys()
    if unknown:
        raise ValueError(f"live.yaml: {kind.kind_name()} has no {', '.join(sorted(unknown))}")
    return kind.model_validate(spec).model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
