"""From a document's node to a declared resource of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.nodes import MappingNode, file_of, member, place_of, text_at
from personalize_gitops.manifest.project import Tags, Target
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle, RunPolicy, document_of
from personalize_gitops.model.diagnostics import Problem, did_you_mean
from personalize_gitops.model.members import members, references
from personalize_gitops.model.names import MAX_NAME
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reference import Reference, read_reference
from personalize_gitops.model.resource import Kinds, Resource
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.tags import OURS

_MAX_TAGS = 50  # of a resource (docs/service/3 §8)


class Envelope(Structure):
    """What surrounds the spec of a document."""

    kind: str
    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9\-_]*$", max_length=MAX_NAME)]
    spec: dict[str, Any]
    tags: Tags = Field(default={})
    lifecycle: Lifecycle = Lifecycle()
    run: RunPolicy = RunPolicy()


@dataclass(frozen=True)
class NodePlaces:
    """The places of a document's members, looked up in its nodes."""

    node: Any

    def of(self, path: tuple[str | int, ...]) -> Source:
        """The place of the member at `path`, or of the nearest one above it."""
        return place_at(self.node, path)


@dataclass
class DocumentReader:
    """Turns nodes into documents of one target and collects what is wrong with them."""

    kinds: Kinds
    builder: Builder
    target: Target
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        """Everything found so far."""
        return self.builder.problems

    def read(self, node: Any) -> Document | None:
        """The document, or None when something is wrong with it."""
        subject = self._subject(node)
        if subject is None:
            return None
        self.builder.subject = subject
        word = str(text_at(node, "kind"))
        kind = self.kinds.get(word)
        if kind is None:
            known = did_you_mean(word, [*self.kinds, "Project"])
            self._problem(node, "kind", f'kind: there is no kind "{word}"', known)
            return None
        before = len(self.problems)
        value = self.builder.value(node)
        if len(self.problems) > before:
            return None  # a value that could not be built would only be reported again
        envelope = checked(Envelope, value, node, subject, self.problems)
        inner = member(node, "spec")
        if inner is None or not isinstance(value["spec"], dict):
            return None
        spec = checked(kind, value["spec"], inner[1], subject, self.problems)
        if envelope is None or spec is None:
            return None
        document = self._document(kind, envelope, spec, node)
        return document if len(self.problems) == before else None

    def _document(self, kind: type[Resource], envelope: Envelope, spec: Resource, node: Any) -> Document:
        attributes = spec.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
        self._check_envelope(kind, envelope, node)
        return document_of(
            kind,
            run=envelope.run,
            address=Address(envelope.kind, envelope.name),
            aws_name=self._aws_name(envelope, node),
            attributes=attributes,
            references=self._references(kind, attributes, node),
            tags={**self.tags, **envelope.tags} if kind.taggable else {},
            lifecycle=envelope.lifecycle,
            places=NodePlaces(node),
        )

    def _aws_name(self, envelope: Envelope, node: Any) -> str:
        name = f"{self.target.naming.prefix}{envelope.name}{self.target.naming.suffix}"
        if len(name) > MAX_NAME:
            self._problem(node, "name", f"name: {name} is longer than the {MAX_NAME} characters AWS takes")
        return name

    def _references(self, kind: type[Resource], attributes: Mapping[str, Any], node: Any) -> dict[str, Reference]:
        found: dict[str, Reference] = {}
        for reference in references(kind):
            if reference.alias in attributes and reference.ref and reference.ref in self.kinds:
                try:
                    found[reference.alias] = read_reference(reference.ref, attributes[reference.alias])
                except ValueError as error:
                    self._problem(node, ("spec", reference.alias), f"{reference.alias}: {error}")
        return found

    def _check_envelope(self, kind: type[Resource], envelope: Envelope, node: Any) -> None:
        """What an envelope may say depends on its kind."""
        if "run" in envelope.model_fields_set and not kind.is_run:
            self._problem(node, "run", f"run: a {kind.kind()} is not a run")
        if envelope.tags and not kind.taggable:
            self._problem(node, "tags", f"tags: a {kind.kind()} cannot be tagged")
        tags = len({**self.tags, **envelope.tags})
        if kind.taggable and tags + len(OURS) > _MAX_TAGS:
            self._problem(node, "tags", f"tags: {tags} tags and {len(OURS)} of ours are more than {_MAX_TAGS}")
        for index, path in enumerate(envelope.lifecycle.ignore):
            if path != "tags" and not path.startswith("tags."):
                self._check_path(kind, path, node, ("lifecycle", "ignore", index))
            elif not kind.taggable:
                self._problem(node, ("lifecycle", "ignore", index), f"lifecycle.ignore: a {kind.kind()} has no tags")
        for path in envelope.lifecycle.bounds:
            self._check_path(kind, path, node, ("lifecycle", "bounds", path))

    def _check_path(self, kind: type[Resource], path: str, node: Any, at: tuple[str | int, ...]) -> None:
        """A misspelt path would be ignored itself, in silence."""
        where = f"{at[0]}.{at[1]}"
        head, *steps = path.split(".")
        structure: type[Structure] | None = kind
        if head != "spec" or not steps:
            expected = "spec. or tags." if at[1] == "ignore" else "spec."
            self._problem(node, at, f'{where}: "{path}" does not begin with {expected}')
            return
        for step in steps:
            known = members(structure) if structure else None
            if known is None:
                return
            if step not in known:
                self._problem(node, at, f'{where}: "{path}": there is no member {step}', did_you_mean(step, known))
                return
            structure = known[step].structure

    def _subject(self, node: Any) -> str | None:
        """`Kind/name` as far as it is given; None when this is no document at all."""
        if not isinstance(node, MappingNode):
            fact = "a document is a mapping with kind, name and spec"
            self.problems.append(Problem(place_of(node), file_of(node), fact))
            return None
        kind, name = text_at(node, "kind"), text_at(node, "name")
        if kind is None:
            self.problems.append(Problem(place_of(node), file_of(node), "kind is missing"))
            return None
        return f"{kind}/{name}" if name else kind

    def _problem(self, node: Any, path: str | tuple[str | int, ...], message: str, suggestion: str = "") -> None:
        at = place_at(node, (path,) if isinstance(path, str) else path)
        self.problems.append(Problem(at, self.builder.subject, message, suggestion))
