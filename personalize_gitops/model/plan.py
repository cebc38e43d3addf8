"""The plan: what would change, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

from personalize_gitops.model.action import QUIET, SUMMARY, Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.change_class import ChangeClass, class_of_replacement, side_effects
from personalize_gitops.model.desired import Document, Manage, owner_of
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.digest import digest, plain
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live
from personalize_gitops.model.reason import Reason, Source
from personalize_gitops.model.resource import Replace, Resource
from personalize_gitops.model.structure import Attributes
from personalize_gitops.model.tags import TAGS


class Scope(StrEnum):
    """Which changes a plan makes; it says which others it leaves out."""

    ALL = "all"
    DUE = "due"  # runs that are due again, and the moves to what they make
    HEAL = "heal"  # updates and creations that undo what changed in the account since the last apply


@dataclass(frozen=True)
class Choices:
    """What the user chose on the command line for one plan. A plan file records them."""

    destroy: bool = False  # delete everything the project owns
    adopt: bool = False  # adopt unmanaged objects of declared names
    forget: frozenset[Address] = frozenset()  # remove our tags from these objects
    rerun: frozenset[Address] = frozenset()  # start these runs although they are in sync
    replace: frozenset[Address] = frozenset()  # replace these resources although nothing differs
    only: frozenset[Address] = frozenset()  # plan these and what they need; empty: everything
    exclude: frozenset[Address] = frozenset()  # leave these out, and what needs them
    scope: Scope = Scope.ALL
    group: str = ""  # with `destroy`: only this dataset group and what is in it, unmanaged objects too

    def after(self, begun: frozenset[Address], declared: Set[Address]) -> Choices:
        """Return the choices for the rest of an apply: what has begun is not chosen again, or it would begin twice.

        An address that is not declared has no object any more, so it cannot be chosen again.
        """
        return replace(
            self,
            forget=self.forget - begun,
            rerun=self.rerun - begun,
            replace=self.replace - begun,
            only=(self.only - (begun - declared)) or self.only,  # no address at all would mean everything
        )


@dataclass(frozen=True)
class PlanTime:
    """When the account was read for a plan, in epoch seconds."""

    made_at: float = 0.0  # intervals such as `run.every` are judged at this time
    account: float = 0.0  # by the account's own clock, as the creation times of objects; in whole seconds

    def precedes(self, live: Live) -> bool:
        """Return whether an object was created since. The second itself counts: what was there is known by name."""
        return live.created >= self.account


@dataclass(frozen=True)
class Resumed:
    """The saved plan that is applied, perhaps not for the first time."""

    time: PlanTime
    part: frozenset[Address] = frozenset()  # the addresses of its changes; empty if it was complete


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happens to one resource, and why: a `DeclaredChange` or an `UndeclaredChange`."""

    address: Address
    kind: type[Resource]
    action: Action
    aws_name: str  # of the object; for a successor, of the new object
    reasons: tuple[Reason, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    risk: Risk = Risk.NONE
    loses: Fact | None = None  # what is destroyed with the object
    notes: tuple[Reason, ...] = ()  # lines to read before approval: work on other resources, or manual steps
    live: Live | None = None  # the object; None if there is none
    document: Document | None = None
    manage: Manage = Manage.FULL  # KEEP if it is not FULL
    attributes: Attributes = field(default_factory=dict)  # the wanted members; references as ARN or `Unknown`
    stops: tuple[Live, ...] = ()  # the runs in progress that are stopped before the deletion
    update: Attributes | None = None  # the members that the update call sends; None if only a protection is lifted
    fingerprint: str = ""  # of a run
    partial: bool = False  # other members and tags of the object differ and stay, so the record of it stays too
    left_out: bool = False  # KEEP of what is pending and outside of the scope of the plan
    relies_on: Mapping[tuple[str, float], Live] = field(default_factory=dict)  # by ARN and creation time

    @property
    def source(self) -> Source | None:
        """The place of the document."""
        return self.document.source if self.document else None

    @property
    def place(self) -> Source | None:
        """The line of the first member that differs, else the line of the document; None without a document."""
        if self.document is None:
            return None
        if self.action is Action.CREATE or not self.fields:
            return self.document.source
        path = self.fields[0].path
        return self.document.places.of(path if path[0] == TAGS else ("spec", *path))

    @property
    def contents(self) -> tuple[Live, ...]:
        """What is deleted with the object."""
        live = self.live if self.deletes else None
        return tuple(each for each in self.relies_on.values() if live and live.arn in each.deleted_with - {each.arn})

    @property
    def bases(self) -> tuple[Live, ...]:
        """What a run refers to, of what existed when it was planned."""
        if not (self.kind.is_run and self.relies_on):
            return ()
        targets = [value for value in self.attributes.values() if isinstance(value, str)]
        return tuple(each for each in self.relies_on.values() if each.arn in targets)

    @property
    def only_tags(self) -> bool:
        """Whether nothing but tags differs."""
        return all(field.path[0] == TAGS for field in self.fields)

    @property
    def deletes(self) -> bool:
        """Whether this plan deletes an object."""
        return "delete" in self.actions

    @property
    def change_class(self) -> ChangeClass | None:
        """How the members that differ change; None if none do, or nothing is declared."""
        if self.document is None or not self.fields:
            return None
        match self.action:
            case Action.UPDATE | Action.ADOPT:
                has_effects = any(True for field in self.fields for _ in side_effects(self.kind, field))
                return ChangeClass.COSTLY if has_effects else ChangeClass.IN_PLACE
            case Action.SUCCESSOR:
                return class_of_replacement(self.kind, Replace.SUCCESSOR)
            case Action.RECREATE:
                return class_of_replacement(self.kind, Replace.RECREATE)
            case Action.BLOCKED:
                return ChangeClass.IMPOSSIBLE
            case _:
                return None

    @property
    def actions(self) -> tuple[str, ...]:
        """The create, update and delete calls in their order."""
        match self.action:
            case Action.SUCCESSOR if self.document and self.document.lifecycle.retire_after:
                return ("create",)  # a later plan deletes the old object
            case Action.SUCCESSOR:
                return ("create", "delete")
            case Action.RECREATE:
                return ("delete", "create")
            case Action.NONE | Action.KEEP | Action.BLOCKED:
                return ()
            case action:
                return (action.value,)

    def because(self, *reasons: Reason) -> Self:
        """Return the change with more reasons."""
        return replace(self, reasons=(*self.reasons, *reasons))


@dataclass(frozen=True, kw_only=True)
class DeclaredChange(Change):
    """What happens to a resource that a document declares."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class UndeclaredChange(Change):
    """What happens to an object that we own and no document declares."""

    live: Live


@dataclass(frozen=True)
class Selection:
    """What `--only`, `--exclude` and the scope make of a plan. Both are sorted."""

    included: tuple[Address, ...]  # not named by `--only`, and needed by what is
    left_out: tuple[Address, ...]  # with pending changes that this plan does not make


def dependents(address: Address, needs: Mapping[Address, frozenset[Address]]) -> frozenset[Address]:
    """Return the addresses of all resources that need an address, directly or indirectly."""
    found: set[Address] = set()
    ahead = [address]
    while ahead:
        current = ahead.pop()
        for other, needed in needs.items():
            if current in needed and other not in found:
                found.add(other)
                ahead.append(other)
    return frozenset(found)


@dataclass(frozen=True)
class Plan:
    """All changes for one target, sorted by address."""

    project: str
    target: str
    account: str
    region: str
    changes: tuple[Change, ...]
    needs: Mapping[Address, frozenset[Address]]  # the declared resources that must be done before each one
    time: PlanTime = PlanTime()
    selection: Selection | None = None  # None: the plan is complete
    measured: Mapping[Address, float] = field(default_factory=dict)  # seconds that similar creations took
    staying: frozenset[tuple[str, float]] = frozenset()  # ARN and creation time of each object; of a resumed plan
    refusal: Reason | None = None  # why the policy refuses the plan as a whole; None: it does not

    @property
    def owner(self) -> str:
        """The owner that the objects' tags name: project and target."""
        return owner_of(self.project, self.target)

    @cached_property
    def pending(self) -> tuple[Change, ...]:
        """The changes to show and carry out: all but unchanged and kept resources."""
        return tuple(change for change in self.changes if change.action not in QUIET)

    def left_alone(self, manage: Manage) -> tuple[Address, ...]:
        """Return the addresses of the resources that are observed, or paused."""
        return tuple(change.address for change in self.changes if change.manage is manage)

    @property
    def blocked(self) -> tuple[Change, ...]:
        """The changes that prevent an apply."""
        return tuple(change for change in self.changes if change.action is Action.BLOCKED)

    @property
    def deletes(self) -> int:
        """The number of deletions, replaced objects included."""
        return sum(change.deletes for change in self.changes)

    @property
    def applyable(self) -> bool:
        """Whether apply can start."""
        return not self.blocked and self.refusal is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.pending

    @cached_property
    def summary(self) -> Mapping[str, int]:
        """The number of changes of each sort."""
        counted = Counter(change.action.summary for change in self.changes)
        return {word: counted[word] for word in SUMMARY}

    @cached_property
    def in_sync(self) -> int:
        """The number of unchanged resources."""
        return sum(change.action is Action.NONE for change in self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that the plan shows, does and relies on: 64 hexadecimal digits."""
        changes = [
            [
                str(change.address),
                change.action,
                change.actions,
                change.aws_name,
                [repr(reason) for reason in change.reasons],
                [change.live.arn, change.live.created] if change.live else None,
                [[str(field), plain(field.before), plain(field.after)] for field in change.fields],
                plain(change.attributes),
                plain(change.update),
                dict(change.document.own_tags) if change.document else None,
                change.fingerprint,
                [change.risk, change.loses, [repr(note) for note in change.notes]],
                *(["partial"] if change.partial else []),
            ]
            for change in self.changes
        ]
        part = [plain(self.selection.included), plain(self.selection.left_out)] if self.selection else []
        head = [self.project, self.target, self.account, self.region, *part]
        relied_on = {found for change in self.changes for found in change.relies_on}
        return digest([*head, changes, sorted(relied_on)], 64)
