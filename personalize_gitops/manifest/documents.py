"""From the node of a document to a declared resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.extra import declared_in, has_extra, newer, with_extra
from personalize_gitops.manifest.masking import masked
from personalize_gitops.manifest.nodes import (
    MappingNode,
    file_of,
    member,
    member_at,
    parsed,
    place_of,
    text_at,
    text_of,
)
from personalize_gitops.manifest.paths import SPEC, wrong_path
from personalize_gitops.manifest.project import Tags, Target
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle, RunPolicy, document_of
from personalize_gitops.model.extension import Added, extended
from personalize_gitops.model.forms import Form
from personalize_gitops.model.members import references
from personalize_gitops.model.names import MAX_NAME
from personalize_gitops.model.problem import Problem, Severity, did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode, ValueCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because
from personalize_gitops.model.reference import InvalidReference, Reference, read_reference
from personalize_gitops.model.resource import Kinds, OnRemove, Resource
from personalize_gitops.model.secrets import Secrets, secrets_of
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.tags import OURS, TAGS
from personalize_gitops.model.validation import invalid

_MAX_TAGS = 50  # of a resource (docs/service/3 §8)


_LIFECYCLE, _RUN_POLICY = Lifecycle(), RunPolicy()


def checked_address(found: str) -> str:
    """Return the text of an address. Raises `invalid` for anything else."""
    try:
        return str(Address.parse(found))
    except ValueError:
        raise invalid(because(ValueCode.NOT_AN_ADDRESS, found=Verbatim(found))) from None


class Envelope(Structure):
    """A document without the members of its spec."""

    kind: str
    name: Annotated[str, StringConstraints(pattern=Form.NAME.pattern, max_length=MAX_NAME)]
    spec: dict[str, Any]
    renamed_from: Annotated[str, AfterValidator(lambda found: checked_address(found))] | None = None
    # Factories: pydantic copies a default for each document, and most documents have them all.
    tags: Tags = Field(default_factory=dict)
    lifecycle: Lifecycle = Field(default_factory=lambda: _LIFECYCLE)
    run: RunPolicy = Field(default_factory=lambda: _RUN_POLICY)


@dataclass(frozen=True)
class NodePlaces:
    """The places of a document's members, found in its nodes, and in those of the project for the tags it gives."""

    node: Any
    project: Any = None
    files: Mapping[int, FilePath] = field(default_factory=dict)  # that values are read from, by id of the node

    def of(self, path: tuple[str | int, ...]) -> Source:
        """Return the place of the member at `path`, or of the nearest one above it."""
        inherits = path[:1] == (TAGS,) and len(path) > 1 and member_at(self.node, map(str, path)) is None
        if inherits and self.project is not None:
            return place_at(self.project, ("spec", *path))
        return place_at(self.node, path)

    def deciding(self, path: tuple[str | int, ...]) -> Source:
        """Return the place of the member at `path`, in the file that its value is read from if there is one."""
        node = self.node
        for number, step in enumerate(path):
            found = member(node, step)
            if found is None:
                break
            node = found[1]
            if file := self.files.get(id(node)):
                return _place_in(file, path[number + 1 :])
        return self.of(path)


def _place_in(file: FilePath, path: tuple[str | int, ...]) -> Source:
    """Return the place of a member in a file of JSON, or its beginning."""
    try:
        content = parsed(text_of(file), str(file))
    except ManifestError:
        return Source(str(file))
    return place_at(content[0], path) if content else Source(str(file))


@dataclass
class DocumentReader:
    """Turns nodes into documents for one target and collects their problems."""

    kinds: Kinds
    builder: Builder
    target: Target
    tags: Mapping[str, str] = field(default_factory=dict)
    secret_tags: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the secrets in `tags`, by key
    project: Any = None  # the node of the project
    extended: dict[str, type[Resource]] = field(default_factory=dict)  # kinds with members that they do not know yet

    @property
    def problems(self) -> list[Problem[Source]]:
        """The problems found so far."""
        return self.builder.problems

    def read(self, node: Any) -> Document | None:
        """Return the document of a node; None if it has a problem."""
        before = len(self.problems)
        self.builder.forget()
        document = self._read(node)
        for hidden in (self.builder.unechoed(node), self._secrets(node, ())) if len(self.problems) > before else ():
            self.problems[before:] = [masked(problem, hidden) for problem in self.problems[before:]]
        return document

    def _secrets(self, node: Any, tags: Iterable[str]) -> Secrets:
        """Return the secrets of a document, with those of the project's tags that it has."""
        inherited = {key: self.secret_tags[key] for key in tags if key in self.secret_tags}
        paths = [*((TAGS, key) for key in inherited), *self.builder.secrets_of(node)]
        return secrets_of(paths, [*inherited.values(), *self.builder.secrets.values()])

    def _read(self, node: Any) -> Document | None:
        subject = self._subject(node)
        if subject is None:
            return None
        self.builder.subject = subject
        word = str(text_at(node, "kind"))
        kind = self.extended.get(word) or self.kinds.get(word)
        if kind is None:
            reason = because(ManifestCode.NO_SUCH_KIND, kind=Verbatim(word))
            self._problem(node, ("kind",), reason, did_you_mean(word, [*self.kinds, "Project"]))
            return None
        before = len(self.problems)
        value = self.builder.value(node)
        if has_extra(value):
            kind, node = self._with_extra(kind, node)
            value = self.builder.value(node)
        if len(self.problems) > before:
            return None  # its check would only repeat the problem
        envelope = checked(Envelope, value, node, subject, self.problems)
        inner = member(node, "spec")
        if inner is None or not isinstance(value["spec"], dict):
            return None
        kind, spec = self._spec(kind, value["spec"], inner[1])
        if envelope is None or spec is None:
            return None
        document = self._document(kind, envelope, spec, node)
        refused = any(problem.severity is Severity.ERROR for problem in self.problems[before:])
        return None if refused else document

    def _with_extra(self, kind: type[Resource], node: Any) -> tuple[type[Resource], Any]:
        """Return the kind and the node of a document with the members in its `extra`."""
        added, wrong = declared_in(kind, node)
        for path, reason in wrong:
            self._problem(node, path, reason)
        return self._extended(kind, added), with_extra(node)

    def _spec(self, kind: type[Resource], value: Any, node: Any) -> tuple[type[Resource], Resource | None]:
        """Return the checked spec of a document, and its kind with the members that only the service knows."""
        found: list[Problem[Source]] = []
        spec = checked(kind, value, node, self.builder.subject, found)
        added, told = newer(kind, found) if found else ({}, found)
        self.problems.extend(told)
        if added and all(problem.severity is not Severity.ERROR for problem in told):
            kind = self._extended(kind, added)
            spec = checked(kind, value, node, self.builder.subject, self.problems)
        return kind, spec

    def _extended(self, kind: type[Resource], added: Added) -> type[Resource]:
        if added:
            kind = self.extended[kind.kind_name()] = extended(kind, added)
        return kind

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
            secrets=self._secrets(node, self.tags.keys() - envelope.tags.keys()),
            lifecycle=envelope.lifecycle,
            renamed_from=Address.parse(envelope.renamed_from) if envelope.renamed_from else None,
            places=NodePlaces(node, self.project, dict(self.builder.files)),
        )

    def _aws_name(self, envelope: Envelope, node: Any) -> str:
        name = f"{self.target.naming.prefix}{envelope.name}{self.target.naming.suffix}"
        if len(name) > MAX_NAME:
            reason = because(ManifestCode.AWS_NAME_TOO_LONG, name=Verbatim(name), found=len(name), most=MAX_NAME)
            self._problem(node, ("name",), reason)
        return name

    def _references(self, kind: type[Resource], attributes: Mapping[str, Any], node: Any) -> dict[str, Reference]:
        found: dict[str, Reference] = {}
        for reference in references(kind):
            if reference.alias in attributes and reference.ref and reference.ref in self.kinds:
                try:
                    found[reference.alias] = read_reference(reference.ref, attributes[reference.alias])
                except InvalidReference as error:
                    self._problem(node, ("spec", reference.alias), error.reason)
        return found

    def _check_envelope(self, kind: type[Resource], envelope: Envelope, node: Any) -> None:
        """Check the fields that only some kinds have."""
        if "run" in envelope.model_fields_set and not kind.is_run:
            self._problem(node, ("run",), because(ManifestCode.NOT_A_RUN, kind=Verbatim(kind.kind_name())))
        if envelope.tags and not kind.taggable:
            self._problem(node, ("tags",), because(ManifestCode.UNTAGGABLE_KIND, kind=Verbatim(kind.kind_name())))
        removed = envelope.lifecycle.on_remove
        if removed and (kind.is_run or (removed is OnRemove.DELETE and not kind.taggable)):
            reason = because(ManifestCode.NEVER_PRUNED, kind=Verbatim(kind.kind_name()))
            self._problem(node, ("lifecycle", "onRemove"), reason)
        tags = len({**self.tags, **envelope.tags})
        if kind.taggable and tags + len(OURS) > _MAX_TAGS:
            reason = because(ManifestCode.TOO_MANY_TAGS, found=tags, ours=len(OURS), most=_MAX_TAGS)
            self._problem(node, ("tags",), reason)
        for index, path in enumerate(envelope.lifecycle.ignore):
            if path != "tags" and not path.startswith("tags."):
                self._check_path(kind, path, node, ("lifecycle", "ignore", index))
            elif not kind.taggable:
                reason = because(ManifestCode.UNTAGGABLE_KIND, kind=Verbatim(kind.kind_name()))
                self._problem(node, ("lifecycle", "ignore", index), reason)
        for path in envelope.lifecycle.bounds:
            self._check_path(kind, path, node, ("lifecycle", "bounds", path))

    def _check_path(self, kind: type[Resource], path: str, node: Any, at: tuple[str | int, ...]) -> None:
        """Check that a path leads to a field: a misspelt path would have no effect."""
        if wrong := wrong_path(kind, path, (SPEC, f"{TAGS}.") if at[1] == "ignore" else (SPEC,)):
            self._problem(node, at, *wrong)

    def _subject(self, node: Any) -> str | None:
        """Return `Kind/name`, or the kind if the name is missing; None if there is no kind."""
        kind, name = text_at(node, "kind"), text_at(node, "name")
        if kind is None:
            is_mapping = isinstance(node, MappingNode)
            reason = because(ManifestCode.KIND_IS_MISSING if is_mapping else ManifestCode.NOT_A_DOCUMENT)
            self.problems.append(Problem(reason, place_of(node), subject=file_of(node)))
            return None
        return f"{kind}/{name}" if name else kind

    def _problem(
        self, node: Any, path: tuple[str | int, ...], reason: Reason, suggestion: Reason | None = None
    ) -> None:
        field = Path(path[1:] if path[0] == "spec" else path)
        subject = self.builder.subject
        self.problems.append(Problem(reason, place_at(node, path), suggestion=suggestion, subject=subject, field=field))
