"""Choose the objects that get a document; say why the others get none. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.digest import digest
from personalize_gitops.model.importing import newest_first
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.members import references
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Reason, Verbatim, because, service_message
from personalize_gitops.model.resource import GROUP, Run
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Choosing:
    """The objects of an account, and whose they are."""

    snapshot: Snapshot
    owners: frozenset[str]  # the values of the ownership tag that name this project
    groups: frozenset[str]  # the AWS names of the dataset groups to import; empty: everything

    @cached_property
    def chosen(self) -> tuple[Live, ...]:
        """The objects of the dataset groups to import, with the schemas of their datasets."""
        if not self.groups:
            return self.snapshot.objects
        arns = {live.arn for live in self.snapshot.of_kind(GROUP) if live.name in self.groups}
        inside = {live.arn for live in self.snapshot.objects if {live.arn, self.snapshot.group_of(live)} & arns}
        used = {arn for live in self.snapshot.objects if live.arn in inside for arn in live.referenced}
        return tuple(live for live in self.snapshot.objects if live.arn in inside | used)

    def obstacle(self, live: Live) -> Reason | None:
        """Return why an object gets no document, apart from what it refers to; None if it may get one."""
        if live.owner is not None and live.owner not in self.owners:
            return because(ImportCode.OWNED_BY_PROJECT, owner=Verbatim(live.owner))
        if live.service_made:
            return Reason(ImportCode.SERVICE_MADE)
        if issubclass(live.kind, Run) and live.kind.loses:
            return because(ImportCode.NOT_REPEATABLE, what=live.kind.loses)
        return _unfit(live) or self._superseded.get(live.arn)

    @cached_property
    def _superseded(self) -> Mapping[str, Reason]:
        """Why a run is left out in favor of a newer one, by ARN."""
        found: dict[str, Reason] = {}
        for runs in _alike(live for live in self.snapshot.objects if _has_succeeded(live)).values():
            for older, newer in _replaced_among(newest_first(runs)):
                found[older.arn] = because(ImportCode.SUPERSEDED, by=Verbatim(newer.aws_name))
        return found


def _unfit(live: Live) -> Reason | None:
    """Return why the state of an object forbids to adopt it; None if it does not."""
    match live.condition:
        case Condition.FAILED:
            return because(ImportCode.NEVER_USABLE, failure=service_message(live.failure))
        case Condition.DELETING:
            return Reason(ImportCode.BEING_DELETED)
        case Condition.UNSURE:
            return because(ImportCode.UNCLEAR, status=Verbatim(live.status or ""))
        case Condition.PENDING | Condition.STOPPED if live.kind.is_run:
            return because(ImportCode.NOT_FINISHED, status=Verbatim(live.status or ""))
        case _:
            return None


def _has_succeeded(live: Live) -> bool:
    return live.kind.is_run and not live.service_made and live.condition is Condition.READY


def _alike(runs: Iterable[Live]) -> Mapping[tuple[object, ...], list[Live]]:
    """Return runs of the same kind that refer to the same resources."""
    found: dict[tuple[object, ...], list[Live]] = {}
    for live in runs:
        targets = (live.attributes.get(member.alias) for member in references(live.kind))
        found.setdefault((live.kind, *targets), []).append(live)
    return found


def _replaced_among(runs: Iterable[Live]) -> Iterator[tuple[Live, Live]]:
    """Yield each run that a newer one replaces, with that one: of the same inputs, or one that overwrites it."""
    by_inputs: dict[str, Live] = {}
    overwriting: Live | None = None
    for live in runs:
        kind, inputs = live.kind, digest(comparable(live.kind, with_defaults(live.kind, live.attributes)))
        if newer := overwriting or by_inputs.get(inputs):
            yield live, newer
            continue
        by_inputs[inputs] = live
        if issubclass(kind, Run) and kind.overwrites(live.attributes):
            overwriting = live
