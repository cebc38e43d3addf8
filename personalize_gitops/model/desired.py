"""The desired state: documents of one target, with their references and lifecycle settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Protocol

from pydantic import Field, model_validator

from personalize_gitops.model.address import Address
from personalize_gitops.model.digest import digest
from personalize_gitops.model.members import members
from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Source, because
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.resource import GROUP, Kinds, Most, OnRemove, Replace, Resource, Run
from personalize_gitops.model.secrets import NO_SECRETS, Secrets, together
from personalize_gitops.model.structure import Attributes, Structure
from personalize_gitops.model.validation import invalid
from personalize_gitops.span import SPAN


class Bounds(Structure):
    """Limits of a number that another tool, such as autoscaling, sets."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise invalid(because(ValueCode.MINIMUM_ABOVE_MAXIMUM, minimum=self.min, maximum=self.max))
        return self

    def contain(self, value: object) -> bool:
        """Return whether a value is a number within the limits."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class Manage(StrEnum):
    """What plans may do with an object."""

    FULL = "full"  # compare and change it
    OBSERVE = "observe"  # compare it, never change it
    PAUSED = "paused"  # neither


class Lifecycle(Structure):
    """Settings of one document that restrict what a plan may do with its object."""

    protect: bool = False  # never delete or replace; kept on the object, so that it outlives the document
    on_remove: OnRemove | None = None  # what prune does once the document is removed; None: the kind's default
    manage: Manage | None = None  # what plans may do with it; None: the target's setting
    replace: Replace | None = None  # strategy for immutable members; None: the project's or the kind's default
    ignore: list[str] = Field(default=[])  # paths whose differences are ignored: spec.minProvisionedTPS, tags.team
    adopt: bool = False  # adopt an unmanaged object of the same name
    retire_after: str | None = Field(
        default=None, pattern=SPAN
    )  # how long a replaced object stays, as `7d`; None: deleted at once
    bounds: dict[str, Bounds] = Field(
        default={}
    )  # paths whose differences are ignored while the value is within limits

    def ignores(self, path: Sequence[str]) -> bool:
        """Return whether the member at a path, or a member above it, is ignored."""
        ends = range(1, len(path) + 1)
        return any(f"spec.{'.'.join(path[:end])}" in self.ignore for end in ends)

    def ignores_tag(self, key: str) -> bool:
        """Return whether a tag, or every tag, is ignored. The key may contain dots."""
        return not {"tags", f"tags.{key}"}.isdisjoint(self.ignore)


class RunPolicy(Structure):
    """When a run is due again after a success."""

    when: list[Literal["config", "data"]] = Field(default=["config"])  # the inputs whose change makes it due
    every: str | None = Field(default=None, pattern=SPAN)  # the age of the newest success that makes it due; None: any


class AdoptBy(StrEnum):
    """The setting that permits adoption of an unmanaged object."""

    DOCUMENT = "lifecycle.adopt"
    OPTION = "--adopt"


class Places(Protocol):
    """The places of a document's members in the manifests."""

    def of(self, path: tuple[str | int, ...]) -> Source:
        """Return the place of the member at `path`, or of the nearest member above it that has a place."""

    def deciding(self, path: tuple[str | int, ...]) -> Source:
        """Return the same, but in the file that a value is read from if there is one."""


_NOWHERE = Source("<none>")


@dataclass(frozen=True)
class SinglePlace:
    """Places of a document without a file: one place for every member."""

    source: Source = _NOWHERE

    def of(self, path: tuple[str | int, ...]) -> Source:
        """Return the same place for every path."""
        return self.source

    deciding = of


@dataclass(frozen=True)
class Document:
    """One declared resource."""

    address: Address
    kind: type[Resource]
    aws_name: str  # prefix + name + suffix of the target
    attributes: Attributes  # the declared members only; references spelled as in the manifest
    references: Mapping[str, Reference] = field(default_factory=dict)  # by member
    tags: Mapping[str, str] = field(default_factory=dict)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    renamed_from: Address | None = None  # the earlier address
    places: Places = field(default_factory=SinglePlace)
    secrets: Secrets = NO_SECRETS  # what of it came from the environment

    @property
    def source(self) -> Source:
        """The place where the document begins."""
        return self.places.of(())

    @property
    def referenced(self) -> frozenset[Address]:
        """The addresses that the document refers to."""
        return frozenset(address for reference in self.references.values() for address in addresses_in(reference))

    @property
    def own_tags(self) -> Mapping[str, str]:
        """The declared tags without ignored tags."""
        return {key: value for key, value in self.tags.items() if not self.lifecycle.ignores_tag(key)}


@dataclass(frozen=True)
class RunDocument(Document):
    """One declared run."""

    kind: type[Run]
    run: RunPolicy = field(default_factory=RunPolicy)

    @property
    def has_prerequisite(self) -> bool:
        """Whether another run of the same kind must succeed before this one."""
        return self.kind.prerequisite(self.attributes) is not None

    @property
    def data_location(self) -> str | None:
        """The S3 location whose data is an input of the run; None if `run.when` omits `data` or it reads none."""
        return self.kind.data_location(self.attributes) if "data" in self.run.when else None


def addresses_in(reference: Reference) -> Iterator[Address]:
    """Yield the address in a reference; nothing for an ARN."""
    match reference:
        case Address():
            yield reference
        case Newest(of=Address() as owner):
            yield owner


@dataclass(frozen=True)
class Desired:
    """Everything the manifests declare for one target."""

    project: str
    documents: Mapping[Address, Document]
    kinds: Kinds
    tags: Mapping[str, str] = field(default_factory=dict)
    replace: Mapping[str, Replace] = field(default_factory=dict)  # the project's default strategies by kind
    target: str = ""
    manage: Manage = Manage.FULL  # the target's setting, for documents without one and for undeclared objects
    renamed_from: str | None = None  # the earlier name of the project
    region: str | None = None  # of the target, if it names one
    account: str | None = None  # of the target, if it names one and is in AWS
    quotas: Mapping[str, int] = field(default_factory=dict)  # by kind: what Service Quotas allows the target's account

    def most_per_group(self, kind: type[Resource]) -> Most | None:
        """Return the quota of a kind for a dataset group: the target's own, else the default; None if there is none."""
        return self._own(kind, kind.most_per_group)

    def most_per_region(self, kind: type[Resource]) -> Most | None:
        """Return the quota of a kind for a region: the target's own, else the default; None if there is none."""
        return self._own(kind, kind.most_per_region)

    def _own(self, kind: type[Resource], most: Most | None) -> Most | None:
        """Return the target's own quota in place of one that can be raised. Every kind has at most one of those."""
        found = self.quotas.get(kind.kind_name())
        return Most(found, adjustable=False, own=True) if most and most.adjustable and found is not None else most

    @property
    def previous_owner(self) -> str | None:
        """The value of the ownership tag under the earlier name of the project; None without one."""
        return owner_of(self.renamed_from, self.target) if self.renamed_from else None

    @cached_property
    def renamed(self) -> Sequence[Document]:
        """The documents that have an earlier address."""
        return [document for document in self.documents.values() if document.renamed_from]

    @property
    def owner(self) -> str:
        """The value of the ownership tag: project and target. Two targets of a project do not share objects."""
        return owner_of(self.project, self.target)

    @cached_property
    def owners(self) -> frozenset[str]:
        """The values of the ownership tag that name this project: under its name, and under its earlier name."""
        return frozenset(filter(None, (self.owner, self.previous_owner)))

    @cached_property
    def digest(self) -> str:
        """A digest of everything that is declared: 64 hexadecimal digits."""
        documents = [
            [
                *(address, one.aws_name, one.attributes, one.references, one.tags, one.lifecycle),
                *(one.renamed_from, getattr(one, "run", None)),
            ]
            for address, one in sorted(self.documents.items())
        ]
        return digest([self.owner, self.renamed_from, documents, self.tags, self.replace, self.manage], 64)

    @cached_property
    def secrets(self) -> Secrets:
        """What of all documents came from the environment."""
        return together(document.secrets for document in self.documents.values())

    @cached_property
    def runs(self) -> Sequence[RunDocument]:
        """The documents that are runs."""
        return [document for document in self.documents.values() if isinstance(document, RunDocument)]

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for address, document in self.documents.items():
            found.setdefault(address.kind_name, set()).add(document.aws_name)
        return {kind: frozenset(names) for kind, names in found.items()}

    def aws_names(self, kind_name: str) -> frozenset[str]:
        """Return the declared AWS names of a kind."""
        return self._names.get(kind_name, frozenset())

    @cached_property
    def _homes(self) -> Mapping[Address, frozenset[Address]]:
        used: dict[Address, set[Address | str]] = {}
        for other in self.documents.values():
            for address in other.referenced:
                used.setdefault(address, set()).update(self._groups[other.address])
        return {
            address: frozenset(home for home in groups or used.get(address, set()) if isinstance(home, Address))
            for address, groups in self._groups.items()
        }

    def homes_of(self, address: Address) -> frozenset[Address]:
        """Return the declared dataset groups that a resource belongs to; of a schema, those of its users."""
        return frozenset() if address.kind_name == GROUP else self._homes[address]

    def neighbors(self, address: Address) -> list[Document]:
        """Return the documents that share a dataset group with a resource or with a user of it, sorted by address.

        Users count because a schema is in no dataset group; the datasets that use it are.
        """
        users = [other.address for other in self.documents.values() if address in other.referenced]
        groups = {group for user in (address, *users) for group in self._groups[user]}
        return [self.documents[other] for other in sorted(self.documents) if self._groups[other] & groups]

    def dependencies(self, document: Document) -> frozenset[Address]:
        """Return the declared resources that a document refers to, directly or indirectly."""
        found: set[Address] = set()
        ahead = [*document.referenced]
        while ahead:
            if (address := ahead.pop()) in self.documents and address not in found:
                found.add(address)
                ahead += self.documents[address].referenced
        return frozenset(found)

    @cached_property
    def needs(self) -> Mapping[Address, frozenset[Address]]:
        """The declared resources that must be done before each resource, by its address.

        These are the resources it refers to, and its implied needs.
        """
        return {
            address: frozenset(
                other
                for other in (*document.referenced, *self._implied_needs(document, self._groups[address]))
                if other in self.documents and other != address
            )
            for address, document in self.documents.items()
        }

    def _implied_needs(self, document: Document, groups: frozenset[Address | str]) -> Iterator[Address]:
        """Yield the resources that must be done before a document although it does not refer to them.

        These are the kinds in `after` of its kind, the runs that a `Newest` reference can mean, and its prerequisites.
        """
        newest = [reference for reference in document.references.values() if isinstance(reference, Newest)]
        for group in groups:
            for kind_name in document.kind.after:
                yield from self.in_group(group, kind_name)
            for reference in newest:
                for other in self.in_group(group, reference.kind_name):
                    if reference.of in self.documents[other].references.values():
                        yield other
        if isinstance(document, RunDocument) and document.has_prerequisite:
            yield from self.prerequisites(document)

    @cached_property
    def _equal_references(self) -> Mapping[tuple[str, frozenset[tuple[str, Reference]]], Sequence[RunDocument]]:
        found: dict[tuple[str, frozenset[tuple[str, Reference]]], list[RunDocument]] = {}
        for document in self.runs:
            found.setdefault((document.address.kind_name, frozenset(document.references.items())), []).append(document)
        return found

    def with_equal_references(self, document: RunDocument) -> Sequence[RunDocument]:
        """Return the runs of the same kind with the same references, the document included."""
        return self._equal_references[document.address.kind_name, frozenset(document.references.items())]

    def prerequisites(self, document: RunDocument) -> Iterator[Address]:
        """Yield the declared runs that can be the prerequisite of a run: equal references, no prerequisite itself."""
        equal = self.with_equal_references(document)
        return (other.address for other in equal if not other.has_prerequisite)

    def groups_of(self, address: Address) -> frozenset[Address | str]:
        """Return the dataset groups that a resource belongs to, found through its references.

        A group that is not declared is an ARN. Empty for a dataset group itself and for account-wide kinds.
        """
        return self._groups[address]

    def in_group(self, group: Address | str, kind_name: str) -> Sequence[Address]:
        """Return the addresses of a kind in a dataset group."""
        return self._in_group.get((group, kind_name), ())

    @cached_property
    def _groups(self) -> Mapping[Address, frozenset[Address | str]]:
        return {address: self._find_groups(address) for address in self.documents}

    @cached_property
    def _in_group(self) -> Mapping[tuple[Address | str, str], Sequence[Address]]:
        found: dict[tuple[Address | str, str], list[Address]] = {}
        for address, groups in self._groups.items():
            for group in groups:
                found.setdefault((group, address.kind_name), []).append(address)
        return found

    def _find_groups(self, address: Address) -> frozenset[Address | str]:
        seen: set[Address] = set()
        found: set[Address | str] = set()
        ahead = [address]
        while ahead:
            current = ahead.pop()
            if current in seen or current not in self.documents:
                continue
            seen.add(current)
            document = self.documents[current]
            for member, reference in document.references.items():
                if members(document.kind)[member].ref == GROUP and not isinstance(reference, Newest):
                    found.add(reference)
                else:
                    ahead.extend(addresses_in(reference))
        return frozenset(found)

    def manage_of(self, document: Document | None) -> Manage:
        """Return what plans may do with a document's object: the document's setting, else the target's.

        A run is no less restricted than the resource that it changes, such as the solution that a training is for.
        """
        own = (document and document.lifecycle.manage) or self.manage
        changed = document.references.get(document.kind.changes or "") if isinstance(document, RunDocument) else None
        if own is Manage.FULL and isinstance(changed, Address) and changed in self.documents:
            return self.manage_of(self.documents[changed])
        return own

    def strategy(self, document: Document) -> Replace:
        """Return the replacement strategy of a document: its own, else the project's, else the kind's default."""
        return document.lifecycle.replace or self.replace.get(document.address.kind_name) or document.kind.replace


def owner_of(project: str, target: str) -> str:
    """Return the value of the ownership tag: `project/target`."""
    return f"{project}/{target}"


def document_of(kind: type[Resource], *, run: RunPolicy, **members: Any) -> Document:
    """Return a RunDocument for a run kind, else a Document. `run` counts for run kinds only."""
    if issubclass(kind, Run):
        return RunDocument(kind=kind, run=run, **members)
    return Document(kind=kind, **members)
