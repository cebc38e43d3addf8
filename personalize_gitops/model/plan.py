"""The plan: what would change, and why. It is what a person reviews."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from personalize_gitops.model.action import QUIET, SUMMARY, Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.change_class import ChangeClass, brought_by, class_of_replacement
from personalize_gitops.model.desired import Document, owner_of
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.reason import Source
from personalize_gitops.model.resource import Replace


@dataclass(frozen=True)
class Asked:
    """What is asked of a plan beside what the manifests say; a plan file remembers it."""

    destroy: bool = False  # take down everything that is owned
    adopt: bool = False  # take over untagged objects of declared names
    forget: frozenset[Address] = frozenset()  # what is to be ours no longer


@dataclass(frozen=True)
class Change:
    """What happens to one resource, and why."""

    address: Address
    action: Action
    reason: str
    aws_name: str  # the object in question; for a successor the new one
    fields: tuple[FieldChange, ...] = ()
    risk: Risk = Risk.NONE
    loses: str = ""  # what is lost, when something is
    document: Document | None = None  # absent for what is not declared
    live: Live | None = None  # absent for what does not exist
    attributes: Mapping[str, Any] | None = None  # the members to create or update with; references as ARN or Unknown
    fingerprint: str = ""  # of a run
    notes: tuple[str, ...] = ()  # lines to read before deciding: what others have to do, or a way out

    @property
    def source(self) -> Source | None:
        """Where it is declared."""
        return self.document.source if self.document else None

    @property
    def change_class(self) -> ChangeClass | None:
        """How the members that differ change; None where none do, or nothing is declared."""
        if self.document is None or not self.fields:
            return None
        kind = self.document.kind
        match self.action:
            case Action.UPDATE | Action.ADOPT:
                brings = any(True for field in self.fields for _ in brought_by(kind, field))
                return ChangeClass.COSTLY if brings else ChangeClass.IN_PLACE
            case Action.SUCCESSOR:
                return class_of_replacement(kind, Replace.SUCCESSOR)
            case Action.RECREATE:
                return class_of_replacement(kind, Replace.RECREATE)
            case Action.BLOCKED:
                return ChangeClass.IMPOSSIBLE
            case _:
                return None

    @property
    def actions(self) -> tuple[str, ...]:
        """The calls in the order they happen."""
        match self.action:
            case Action.SUCCESSOR if self.document and self.document.lifecycle.retire_after:
                return ("create",)  # the old one goes with a later plan
            case Action.SUCCESSOR:
                return ("create", "delete")
            case Action.RECREATE:
                return ("delete", "create")
            case Action.NONE | Action.KEEP | Action.BLOCKED:
                return ()
            case action:
                return (action.value,)


@dataclass(frozen=True)
class Plan:
    """All changes for one target, sorted by address."""

    project: str
    target: str
    account: str
    region: str
    changes: tuple[Change, ...]
    needs: Mapping[Address, frozenset[Address]]  # what comes before what, among the declared

    @property
    def owner(self) -> str:
        """Whose the objects are."""
        return owner_of(self.project, self.target)

    @cached_property
    def pending(self) -> tuple[Change, ...]:
        """The changes that are not just there to be counted."""
        return tuple(change for change in self.changes if change.action not in QUIET)

    @property
    def blocked(self) -> tuple[Change, ...]:
        """What keeps the plan from being applied."""
        return tuple(change for change in self.changes if change.action is Action.BLOCKED)

    @property
    def deletes(self) -> int:
        """How many objects go, those that are replaced included."""
        return sum("delete" in change.actions for change in self.changes)

    @property
    def applyable(self) -> bool:
        """Whether apply would start at all."""
        return not self.blocked

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.pending

    @cached_property
    def summary(self) -> Mapping[str, int]:
        """How many changes there are of each sort."""
        counted = Counter(change.action.summary for change in self.changes)
        return {word: counted[word] for word in SUMMARY}

    @cached_property
    def in_sync(self) -> int:
        """How many resources need nothing."""
        return sum(change.action is Action.NONE for change in self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """The same for two plans that would do the same to the same objects."""
        relied_on = [
            [
                str(change.address),
                change.action,
                change.aws_name,
                change.live.arn if change.live else None,
                [[str(field), plain(field.before), plain(field.after)] for field in change.fields],
                plain(change.attributes),
                dict(change.document.tags) if change.document else None,
                change.fingerprint,
            ]
            for change in self.changes
        ]
        return digest([self.project, self.target, self.account, self.region, relied_on])


def plain(value: Any) -> Any:
    """A value as JSON can carry it: an unknown one as `{"unknown": address}`, an absent one as null."""
    match value:
        case Unknown(address):
            return {"unknown": str(address)}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | frozenset() | set():
            return [plain(item) for item in value]
        case _ if value is ABSENT:
            return None
        case _:
            return value


def digest(value: Any, length: int = 12) -> str:
    """A short hexadecimal digest of a JSON value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:length]
