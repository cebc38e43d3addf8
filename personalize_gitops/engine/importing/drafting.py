"""Draft a document for each object that an import chooses. Pure.

Objects come in the order of the kinds, so that each finds the addresses of those that it refers to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.engine.importing.choosing import Choosing
from personalize_gitops.engine.importing.defaults import without_defaults
from personalize_gitops.engine.importing.naming import logical_name, run_address
from personalize_gitops.model.address import Address
from personalize_gitops.model.comparison import follows, with_defaults
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.importing import Drafts, LeftOut, ObjectDraft, Wanted, newest_first
from personalize_gitops.model.live import Live, Snapshot, at_and_above, is_at_or_below
from personalize_gitops.model.members import Member, members, references
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.resource import GROUP, Run
from personalize_gitops.model.status import Condition
from personalize_gitops.model.structure import Attributes
from personalize_gitops.model.tags import PREFIX

_OF_AWS = "aws:"  # read-only (docs/service/3 §8)


def draft(snapshot: Snapshot, desired: Desired, declared: Mapping[str, Address], wanted: Wanted) -> Drafts:
    """Return drafts for the objects that no document declares; `declared` has the addresses of the others by ARN."""
    choosing = Choosing(snapshot, desired.owners, wanted.groups)
    drafting = _Drafting(snapshot, desired, wanted, dict(declared))
    kinds = [*desired.kinds]
    new = [live for live in choosing.chosen if live.arn not in declared]
    for live in sorted(new, key=lambda live: (kinds.index(live.kind.kind_name()), live.created, live.arn)):
        drafting.add(live, choosing.obstacle(live))
    return Drafts(tuple(drafting.drafts), tuple(drafting.left_out), len(choosing.chosen) - len(new))


class _Refused(Exception):
    """No document can be drafted. Carries the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.about)
        self.reason = reason


@dataclass
class _Drafting:
    """The drafts so far."""

    snapshot: Snapshot
    desired: Desired
    wanted: Wanted
    addresses: dict[str, Address]  # of the objects that have a document or a draft, by ARN
    drafts: list[ObjectDraft] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, live: Live, obstacle: Reason | None) -> None:
        """Add the draft of an object, or why there is none."""
        try:
            if obstacle:
                raise _Refused(obstacle)
            draft = self._draft(live)
        except _Refused as refused:
            self.left_out.append(LeftOut(live, (refused.reason,)))
            return
        self.drafts.append(draft)
        self.addresses[live.arn] = draft.address

    def _draft(self, live: Live) -> ObjectDraft:
        attributes = live.after_update.attributes
        named = {
            member.alias: self._reference(live, member, attributes[member.alias])
            for member in references(live.kind)
            if member.ref in self.desired.kinds and member.alias in attributes
        }
        spec, defaulted = self._spec(live, attributes, named)
        return ObjectDraft(
            self._address(live, named),
            live,
            spec,
            named,
            _declarable(live.tags, self.wanted.tags),
            self._group(live),
            defaulted,
            tuple(_notes(named, live)),
        )

    def _spec(
        self, live: Live, attributes: Attributes, named: Mapping[str, Reference]
    ) -> tuple[Attributes, tuple[Path, ...]]:
        """Return the members that are no references to resources, and the paths of those that are left out."""
        own = {key: value for key, value in attributes.items() if value is not None and key not in named}
        if self.wanted.explicit:
            return {key: value for key, value in with_defaults(live.kind, own).items() if key not in named}, ()
        implied = _implied(live, named)
        spec, defaulted = without_defaults(live.kind, {**own, **_without(own, implied)})
        return spec, (*([Path(implied)] if implied else []), *defaulted)

    def _address(self, live: Live, named: Mapping[str, Reference]) -> Address:
        taken = {*self.desired.documents, *self.addresses.values()}
        if live.owner in self.desired.owners and live.address and live.address not in taken:
            return live.address
        if issubclass(live.kind, Run):
            parent = named.get(live.kind.changes or "")
            self._check_undeclared(live, parent)
            return run_address(live, self.wanted, parent if isinstance(parent, Address) else None, taken)
        name = logical_name(live, self.wanted)
        if name is None:
            raise _Refused(because(ImportCode.UNFIT_NAME, name=Verbatim(live.aws_name)))
        address = Address(live.kind.kind_name(), name)
        if address in taken:
            raise _Refused(because(ImportCode.SAME_ADDRESS, address=address))
        return address

    def _check_undeclared(self, live: Live, parent: Reference | None) -> None:
        """Refuse a run of a resource for which the manifests declare a run of the same kind."""
        for document in self.desired.documents.values():
            if document.kind is live.kind and parent in document.referenced:
                raise _Refused(because(ImportCode.RUN_DECLARED, address=document.address))

    def _reference(self, live: Live, member: Member, arn: Any) -> Reference:
        """Return the reference of an object: an address if possible, the newest run, or an ARN."""
        if member.follows_if and (follows(live.kind, live.attributes) or arn.endswith("/$LATEST")):
            return self._newest(member, arn, followed=True) or str(arn)
        if arn in self.addresses:
            return self.addresses[arn]
        target = self.snapshot.by_arn.get(arn)
        if target is None:
            return str(arn)
        if not target.kind.is_run:
            raise _Refused(because(ImportCode.REFERS_TO_LEFT_OUT, address=target.known_as))
        if live.kind.is_run:
            raise _Refused(because(ImportCode.RUN_ON_LEFT_OUT, address=target.known_as))
        return (self._is_newest(target) and self._newest(member, arn, followed=False)) or str(arn)

    def _newest(self, member: Member, arn: str, *, followed: bool) -> Newest | None:
        """Return the reference to the newest run of the resource above it; None if that has no document."""
        above = next((self.addresses[each] for each in at_and_above(arn) - {arn} if each in self.addresses), None)
        return Newest(member.ref or "", above, followed) if above else None

    def _is_newest(self, run: Live) -> bool:
        above = run.arn.rpartition("/")[0]
        ready = (live for live in self.snapshot.of_kind(run.kind.kind_name()) if live.condition is Condition.READY)
        return newest_first(live for live in ready if is_at_or_below(live.arn, above))[0] is run

    def _group(self, live: Live) -> str:
        """Return the AWS name of the dataset group of an object, or of everything that uses it."""
        if live.kind.kind_name() == GROUP:
            return live.name
        users = self.snapshot.users.get(live.arn, ())
        own = self.snapshot.group_of(live)
        found = {own} if own else {self.snapshot.group_of(user) for user in users}
        groups = [self.snapshot.by_arn[arn].name for arn in found if arn and arn in self.snapshot.by_arn]
        return groups[0] if len(groups) == 1 else ""


def _implied(live: Live, named: Mapping[str, Reference]) -> tuple[str, ...]:
    """Return the path of the member that a followed reference implies."""
    known = members(live.kind)
    paths = (known[alias].follows_if for alias, to in named.items() if isinstance(to, Newest) and to.followed)
    return next(filter(None, paths), ())


def _without(attributes: Attributes, path: Collection[str]) -> dict[str, Any]:
    """Return the first member of a path without the last."""
    if not path:
        return {}
    first, *_, last = path
    return {first: {key: value for key, value in (attributes.get(first) or {}).items() if key != last}}


def _declarable(tags: Mapping[str, str], inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of an object that its document declares: not ours, nor those of AWS or of the project."""
    return {
        key: value
        for key, value in tags.items()
        if not key.startswith((PREFIX, _OF_AWS)) and inherited.get(key) != value
    }


def _notes(named: Mapping[str, Reference], live: Live) -> Iterator[Reason]:
    """Yield what a reader has to know about a reference to a run."""
    for alias, reference in named.items():
        if not issubclass(live.kind, Run) and isinstance(reference, Newest) and not reference.followed:
            yield because(ImportCode.MOVES_TO_NEWEST, member=Path((alias,)))
        elif isinstance(reference, str) and members(live.kind)[alias].ref:
            yield because(ImportCode.REFERS_BY_ARN, member=Path((alias,)), arn=Verbatim(reference))
