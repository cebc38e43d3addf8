"""Import: drafts of documents for objects of the account, and the objects that are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import addresses_in
from personalize_gitops.model.live import Live
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Path, Reason, because
from personalize_gitops.model.reference import Reference
from personalize_gitops.model.structure import Attributes


@dataclass(frozen=True)
class Wanted:
    """What an import is asked for, and what the target says about names."""

    groups: frozenset[str] = frozenset()  # AWS names of dataset groups; empty: everything
    explicit: bool = False  # write values that equal the defaults too
    prefix: str = ""
    suffix: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)  # those of the project, which every document has


@dataclass(frozen=True)
class ObjectDraft:
    """The draft of a document for one object."""

    address: Address
    live: Live
    spec: Attributes  # as a manifest has it, without the references
    references: Mapping[str, Reference] = field(default_factory=dict)  # by member
    tags: Mapping[str, str] = field(default_factory=dict)
    group: str = ""  # the AWS name of its dataset group; empty for none, or for several
    defaulted: tuple[Path, ...] = ()  # the members that are left out because they have the default
    notes: tuple[Reason, ...] = ()

    @property
    def needs(self) -> tuple[Address, ...]:
        """The addresses that it refers to."""
        return tuple(address for reference in self.references.values() for address in addresses_in(reference))


@dataclass(frozen=True)
class LeftOut:
    """An object that gets no document, and why."""

    live: Live
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Drafts:
    """The drafts for an account, those that they refer to first, and the objects that get none."""

    drafts: tuple[ObjectDraft, ...]
    left_out: tuple[LeftOut, ...] = ()
    known: int = 0  # objects that the manifests declare already

    def without(self, refused: Mapping[Address, tuple[Reason, ...]]) -> Drafts:
        """Return the drafts without those at some addresses, and without those that refer to one of these."""
        why = dict(refused)
        for draft in self.drafts:
            missing = next((address for address in draft.needs if address in why), None)
            if missing and draft.address not in why:
                why[draft.address] = (because(ImportCode.REFERS_TO_LEFT_OUT, address=missing),)
        left = tuple(LeftOut(draft.live, why[draft.address]) for draft in self.drafts if draft.address in why)
        kept = tuple(draft for draft in self.drafts if draft.address not in why)
        return replace(self, drafts=kept, left_out=(*self.left_out, *left))

    @property
    def addresses(self) -> frozenset[Address]:
        """The addresses of the drafts."""
        return frozenset(draft.address for draft in self.drafts)


@dataclass(frozen=True)
class ImportedFile:
    """A file that was written, and the addresses of its documents."""

    path: str
    addresses: tuple[Address, ...]


def newest_first(objects: Iterable[Live]) -> Sequence[Live]:
    """Return objects by their creation, the last one first."""
    return sorted(objects, key=lambda live: (live.created, live.arn), reverse=True)
