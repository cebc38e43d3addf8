"""The documents that decide a resource's values for one target, as they are written: its document and its patches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from personalize_gitops.manifest.editing import CannotEdit, value_of
from personalize_gitops.manifest.nodes import (
    MappingNode,
    Node,
    file_of,
    is_null,
    member,
    names_a_file,
    own_member,
    parsed,
    place_of,
    text_at,
    text_of,
)
from personalize_gitops.manifest.yaml_text import scalar
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.problem_codes import AcceptCode
from personalize_gitops.model.reason import Source

SPEC = "spec"  # the first step of the path of a member; that of a tag is `tags`


@dataclass
class File:
    """A file and the values that its documents get."""

    path: Path
    content: str
    documents: list[Node]
    wanted: dict[int, Any] = field(default_factory=dict)  # by the index of the document

    def indexes(self, address: Address) -> list[int]:
        """Return the indexes of the documents with an address."""
        names = [(text_at(node, "kind"), text_at(node, "name")) for node in self.documents]
        return [index for index, named in enumerate(names) if named == (address.kind_name, address.name)]

    def subject(self, place: Source) -> str:
        """Return the Kind/name of the document that contains a place."""
        node = [node for node in self.documents if place_of(node) <= place][-1]
        return f"{text_at(node, 'kind')}/{text_at(node, 'name')}"


@dataclass(frozen=True)
class Layer:
    """One document in a file: the one that declares a resource, or a patch of it."""

    file: File
    index: int
    is_patch: bool

    @property
    def node(self) -> Any:
        """The node of the document."""
        return self.file.documents[self.index]

    def find(self, path: Sequence[str]) -> Any:
        """Return the node that decides the value at a path here; None if the document does not have the path.

        Raises CannotEdit if a merge key brings it.
        """
        node = self.node
        for step in path:
            if is_null(node):
                return None
            if not isinstance(node, MappingNode) or names_a_file(node):
                return node
            if (found := own_member(node, step, any_case=path[0] == SPEC)) is None:
                if merged := member(node, step):
                    raise CannotEdit(AcceptCode.SHARED_BY_ALIAS, place_of(merged[0]))
                return None
            node = found[1]
        return node

    def put(self, path: Sequence[str], value: Any) -> None:
        """Set the value at a path; ABSENT removes it, and the mappings above it that become empty."""
        wanted = self.file.wanted.setdefault(self.index, deepcopy(value_of(self.node)))
        steps = [*self._as_written(path)]
        if value is ABSENT:
            _remove(wanted, steps)
        else:
            _set(wanted, steps, value)

    def _as_written(self, path: Sequence[str]) -> Iterator[str]:
        """Yield the steps of a path as the document spells them."""
        node = self.node
        for step in path:
            found = own_member(node, step, any_case=path[0] == SPEC)
            yield str(found[0].value) if found else step
            node = found[1] if found else None


def _set(mapping: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    step, *rest = steps
    if not rest:
        mapping[step] = value
        return
    if not isinstance(mapping.get(step), dict):
        mapping[step] = {}
    _set(mapping[step], rest, value)


def _remove(mapping: dict[str, Any], steps: Sequence[str]) -> None:
    step, *rest = steps
    if not rest:
        mapping.pop(step, None)
    elif isinstance(mapping.get(step), dict):
        _remove(mapping[step], rest)
        if not mapping[step] and step != SPEC:  # a document needs its spec
            del mapping[step]


@dataclass
class Files:
    """The files of one target's manifests, each read once."""

    folder: Path  # of the patches of the target
    documents: Sequence[Node]
    patches: Sequence[Node]
    known: dict[Path, File] = field(default_factory=dict)

    def layers(self, address: Address) -> list[Layer]:
        """Return the documents that decide about a resource; later ones override earlier ones."""
        return [*self._layers(self.documents, address, False), *self._layers(self.patches, address, True)]

    def _layers(self, nodes: Iterable[Node], address: Address, is_patch: bool) -> Iterator[Layer]:
        paths = dict.fromkeys(Path(file_of(node)) for node in nodes)
        paths |= dict.fromkeys(path for path in self.known if is_patch and path.parent == self.folder)
        for path in paths:
            file = self._file(path)
            yield from (Layer(file, index, is_patch) for index in file.indexes(address))

    def _file(self, path: Path) -> File:
        if path not in self.known:
            self.known[path] = _file(path, text_of(path) if path.exists() else "")
        return self.known[path]

    def patch(self, address: Address, beside: Layer) -> Layer:
        """Return a new patch of a resource, in the file with the same name as that of its document."""
        file = self._file(self.folder / beside.file.path.name)
        between = "---\n" if file.documents else ""
        before = file.content if not file.content or file.content.endswith("\n") else f"{file.content}\n"
        header = f"kind: {scalar(address.kind_name)}\nname: {scalar(address.name)}\n"
        file.content = f"{before}{between}{header}"
        file.documents = _file(file.path, file.content).documents
        return Layer(file, len(file.documents) - 1, is_patch=True)


def _file(path: Path, content: str) -> File:
    return File(path, content, parsed(content.removeprefix("\ufeff"), str(path)))
