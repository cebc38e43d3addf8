"""What the manifests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from pydantic import Field, model_validator

from personalize_gitops.model.address import Address
from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Source, because
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.resource import GROUP, Attributes, Kinds, Replace, Resource, Run, Structure, members
from personalize_gitops.model.span import SPAN
from personalize_gitops.model.validation import invalid


class Bounds(Structure):
    """The limits within which somebody else may set a number."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise invalid(because(ValueCode.MINIMUM_ABOVE_MAXIMUM, minimum=self.min, maximum=self.max))
        return self

    def hold(self, value: object) -> bool:
        """Whether a value is a number within them."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class Lifecycle(Structure):
    """What a person decided about the life of one resource."""

    protect: bool = False  # never deleted or replaced
    replace: Replace | None = None  # how an immutable member changes; the kind's own way when absent
    ignore: list[str] = Field(default=[])  # what somebody else owns, as paths: spec.minProvisionedTPS, tags.team
    adopt: bool = False  # take over an untagged live object of the same name
    retire_after: str | None = Field(default=None, pattern=SPAN)  # how long what has a successor stays
    bounds: dict[str, Bounds] = Field(default={})  # members somebody else owns within limits, by path

    def ignores(self, path: Sequence[str]) -> bool:
        """Whether the member at a path, or one above it, is somebody else's."""
        below = range(1, len(path) + 1)
        return any(f"spec.{'.'.join(path[:end])}" in self.ignore for end in below)

    def ignores_tag(self, key: str) -> bool:
        """Whether a tag is somebody else's; a key may have dots of its own."""
        return not {"tags", f"tags.{key}"}.isdisjoint(self.ignore)


class RunPolicy(Structure):
    """What makes a run due again, beside never having succeeded."""

    when: list[Literal["config", "data"]] = Field(default=["config"])
    every: str | None = Field(default=None, pattern=SPAN)  # the newest success is older


class Places(Protocol):
    """Where in the manifests the members of a document stand."""

    def of(self, path: tuple[str | int, ...]) -> Source:
        """The place of the member at `path` of the document, or of the nearest one above it."""


_NOWHERE = Source("<none>")


@dataclass(frozen=True)
class At:
    """A document all in one place, for those made without a file."""

    source: Source = _NOWHERE

    def of(self, path: tuple[str | int, ...]) -> Source:
        """Always the same place."""
        return self.source


@dataclass(frozen=True)
class Document:
    """One declared resource."""

    address: Address
    kind: type[Resource]
    aws_name: str  # prefix + name + suffix of the target
    attributes: Attributes  # the declared members and nothing else; references as the manifest spells them
    references: Mapping[str, Reference] = field(default_factory=dict)  # by member
    tags: Mapping[str, str] = field(default_factory=dict)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    run: RunPolicy = field(default_factory=RunPolicy)
    places: Places = field(default_factory=At)

    @property
    def source(self) -> Source:
        """Where the document begins."""
        return self.places.of(())

    @property
    def builds_on(self) -> bool:
        """Whether it is a run that wants another one of its kind before it."""
        return issubclass(self.kind, Run) and bool(self.kind.builds_on(self.attributes))

    @property
    def needs(self) -> frozenset[Address]:
        """The declared resources it refers to."""
        return frozenset(address for reference in self.references.values() for address in addresses_in(reference))


def addresses_in(reference: Reference) -> Iterator[Address]:
    """The address a reference names, if it names one."""
    match reference:
        case Address():
            yield reference
        case Newest(of=Address() as owner):
            yield owner


@dataclass(frozen=True)
class Desired:
    """Everything the manifests ask for, for one target."""

    project: str
    documents: Mapping[Address, Document]
    kinds: Kinds
    tags: Mapping[str, str] = field(default_factory=dict)
    replace: Mapping[str, Replace] = field(default_factory=dict)  # the project's own defaults, by kind
    target: str = ""
    adopt: bool = False  # take over untagged objects of every declared name

    @property
    def owner(self) -> str:
        """Whose the objects are: two targets of one project in one account are strangers to each other."""
        return owner_of(self.project, self.target)

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for address, document in self.documents.items():
            found.setdefault(address.kind, set()).add(document.aws_name)
        return {kind: frozenset(names) for kind, names in found.items()}

    def aws_names(self, kind: str) -> frozenset[str]:
        """The names in AWS that the documents of a kind go by."""
        return self._names.get(kind, frozenset())

    def around(self, address: Address) -> list[Document]:
        """What shares a dataset group with a resource, or with what refers to it, by address."""
        users = [other.address for other in self.documents.values() if address in other.needs]
        groups = {group for user in (address, *users) for group in self._groups[user]}
        return [self.documents[other] for other in sorted(self.documents) if self._groups[other] & groups]

    def below(self, document: Document) -> frozenset[Address]:
        """What a document refers to, directly or by way of others."""
        found: set[Address] = set()
        ahead = [*document.needs]
        while ahead:
            if (address := ahead.pop()) in self.documents and address not in found:
                found.add(address)
                ahead += self.documents[address].needs
        return frozenset(found)

    @cached_property
    def needs(self) -> Mapping[Address, frozenset[Address]]:
        """What comes before what: what a document refers to, and what its kind says comes first in its group."""
        return {
            address: frozenset(
                other
                for other in (*document.needs, *self._earlier(document, self._groups[address]))
                if other in self.documents and other != address
            )
            for address, document in self.documents.items()
        }

    def _earlier(self, document: Document, groups: frozenset[Address | str]) -> Iterator[Address]:
        """What a document does not refer to and yet comes after.

        These are the kinds its own names, runs it wants the newest of, runs it builds on.
        """
        newest = [reference for reference in document.references.values() if isinstance(reference, Newest)]
        for group in groups:
            for kind in document.kind.after:
                yield from self.in_group(group, kind)
            for reference in newest:
                for other in self.in_group(group, reference.kind):
                    if reference.of in self.documents[other].references.values():
                        yield other
        if document.builds_on:
            yield from (other.address for other in self.beside(document) if not other.builds_on)

    @cached_property
    def _beside(self) -> Mapping[tuple[str, frozenset[tuple[str, Reference]]], Sequence[Document]]:
        found: dict[tuple[str, frozenset[tuple[str, Reference]]], list[Document]] = {}
        for document in self.documents.values():
            if document.kind.is_run:
                found.setdefault((document.address.kind, frozenset(document.references.items())), []).append(document)
        return found

    def beside(self, document: Document) -> Sequence[Document]:
        """The runs of the kind of a run that refer to the same, itself included."""
        return self._beside[document.address.kind, frozenset(document.references.items())]

    def groups_of(self, address: Address) -> frozenset[Address | str]:
        """The dataset group a resource belongs to, by way of what it refers to; empty for account-wide ones."""
        return self._groups[address]

    def in_group(self, group: Address | str, kind: str) -> Sequence[Address]:
        """The documents of a kind in a dataset group."""
        return self._in_group.get((group, kind), ())

    @cached_property
    def _groups(self) -> Mapping[Address, frozenset[Address | str]]:
        return {address: self._find_groups(address) for address in self.documents}

    @cached_property
    def _in_group(self) -> Mapping[tuple[Address | str, str], Sequence[Address]]:
        found: dict[tuple[Address | str, str], list[Address]] = {}
        for address, groups in self._groups.items():
            for group in groups:
                found.setdefault((group, address.kind), []).append(address)
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

    def adopts(self, document: Document) -> str:
        """By what word an untagged object of a document's name is taken over; empty when it is not."""
        if document.lifecycle.adopt:
            return "lifecycle.adopt"
        return "--adopt" if self.adopt else ""

    def strategy(self, document: Document) -> Replace:
        """How an immutable member of a document changes."""
        return document.lifecycle.replace or self.replace.get(document.address.kind) or document.kind.replace


def owner_of(project: str, target: str) -> str:
    """The owner as its tag says it."""
    return f"{project}/{target}"


def member_at(attributes: Attributes, path: tuple[str, ...]) -> Any:
    """The value at a path of nested members, or None."""
    value: Any = attributes
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value
