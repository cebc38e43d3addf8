"""Write values of the account into the manifests: into the file that decides each value for the target."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from personalize_gitops.errors import ManifestError, writing
from personalize_gitops.files import write_atomically
from personalize_gitops.manifest.checking import place_at
from personalize_gitops.manifest.editing import CannotEdit, edited, value_of
from personalize_gitops.manifest.folder import Manifests, read_folder
from personalize_gitops.manifest.folder_files import TARGETS
from personalize_gitops.manifest.layers import SPEC, Files, Layer
from personalize_gitops.manifest.load import Loaded, for_target
from personalize_gitops.manifest.nodes import MappingNode, ScalarNode, names_a_file, parsed, place_of
from personalize_gitops.manifest.spelling import spelled
from personalize_gitops.manifest.values import has_variable
from personalize_gitops.model.acceptance import LiveValue, Written
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.problem import Problem, in_reading_order
from personalize_gitops.model.problem_codes import AcceptCode, Remedy
from personalize_gitops.model.reason import Path as Field
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.tags import TAGS


def accept(
    folder: Path, loaded: Loaded, values: Sequence[LiveValue], env: Mapping[str, str] = os.environ
) -> tuple[Written, ...]:
    """Write values of the account into the manifests in a folder, and return what was written.

    A patch of the target that decides a value gets the new one. So does the document of the resource, unless other
    targets in AWS share it: then a patch of this target gets the value. All files are written, or none: ManifestError
    has the values that cannot be written, with the places that decide them.
    """
    manifests = replace(read_folder(folder, env), given=loaded.given)
    acceptance = _Acceptance(manifests, loaded)
    for value in values:
        acceptance.add(value)
    contents = acceptance.contents()
    if acceptance.problems:
        raise ManifestError(in_reading_order(acceptance.problems))
    _write(contents, lambda: for_target(replace(read_folder(folder, env), given=loaded.given), loaded.target_name, env))
    return tuple(acceptance.written(contents))


@dataclass
class _Acceptance:
    """Collects the values to write, and the problems of those that cannot be written."""

    manifests: Manifests
    loaded: Loaded
    problems: list[Problem[Source]] = field(default_factory=list)
    _accepted: list[tuple[Written, Layer]] = field(default_factory=list)

    def __post_init__(self) -> None:
        target = self.loaded.target_name
        patches = self.manifests.patches.get(target, ())
        self._files = Files(self.manifests.folder / TARGETS / target, self.manifests.nodes, patches)

    def add(self, value: LiveValue) -> None:
        """Add a value."""
        try:
            self._add(value)
        except CannotEdit as error:
            self._problem(value, error.reason, error.place)

    def _add(self, value: LiveValue) -> None:
        layers = self._files.layers(value.address)
        found = [(layer, node) for layer in layers if (node := layer.find(_steps(value))) is not None]
        deciding, node = found[-1] if found else (None, None)
        if reason := _indirection(node) if deciding else self._missing(value, layers):
            self._problem(value, reason, place_of(node) if deciding else self._place_without_node(value))
            return
        former = value_of(node) if deciding else ABSENT
        layer = self._layer(value, layers, deciding)
        after = value.value if value.value is ABSENT else spelled(value.value, former)
        overrides = any(other.file is not layer.file or other.index != layer.index for other, _ in found)
        layer.put(_steps(value), None if after is ABSENT and overrides else after)
        written = Written(value.address, value.path, place_of(layer.node), former, after)
        self._accepted.append((written, layer))

    def _missing(self, value: LiveValue, layers: Sequence[Layer]) -> Reason | None:
        """Return why a value that no document has cannot be written; None if it can be added."""
        if not layers:  # its name has a variable
            return because(AcceptCode.FROM_VARIABLE, text=Verbatim(value.address.name))
        return Reason(AcceptCode.FROM_PROJECT) if value.value is ABSENT and value.path[0] == TAGS else None

    def _place_without_node(self, value: LiveValue) -> Source:
        if value.value is ABSENT and value.path[0] == TAGS:
            return place_at(self.manifests.project_node, (SPEC, *value.path))
        return self.loaded.desired.documents[value.address].source

    def _layer(self, value: LiveValue, layers: Sequence[Layer], deciding: Layer | None) -> Layer:
        """Return the document to write into."""
        if deciding and deciding.is_patch:
            return deciding
        base, patches = layers[0], [layer for layer in layers if layer.is_patch]
        if not self._is_shared:
            return base
        return patches[-1] if patches else self._files.patch(value.address, beside=base)

    @property
    def _is_shared(self) -> bool:
        """Whether the documents are also for another target in AWS."""
        targets = self.manifests.project.spec.targets
        return any(target.emulator is None for name, target in targets.items() if name != self.loaded.target_name)

    def _problem(self, value: LiveValue, reason: Reason, place: Source) -> None:
        path = Field(value.path[1:] if value.path[0] == SPEC else value.path)
        remedy = Reason(Remedy.CHANGE_BY_HAND)
        self.problems.append(Problem(reason, place, suggestion=remedy, subject=str(value.address), field=path))

    def contents(self) -> dict[Path, str]:
        """Return the new contents of the files that change."""
        contents: dict[Path, str] = {}
        for path, file in self._files.known.items():
            if file.wanted:
                try:
                    contents[path] = edited(file.content, str(path), file.wanted)
                except CannotEdit as error:
                    remedy, subject = Reason(Remedy.CHANGE_BY_HAND), file.subject(error.place)
                    self.problems.append(Problem(error.reason, error.place, suggestion=remedy, subject=subject))
        return contents

    def written(self, contents: Mapping[Path, str]) -> Iterator[Written]:
        """Yield what was written, with the places in the new files."""
        documents = {path: parsed(text.removeprefix("\ufeff"), str(path)) for path, text in contents.items()}
        for written, layer in self._accepted:
            yield replace(written, place=place_at(documents[layer.file.path][layer.index], written.path))


def _steps(value: LiveValue) -> tuple[str, ...]:
    return tuple(map(str, value.path))


def _indirection(node: Any) -> Reason | None:
    """Return why a value is decided elsewhere than at its node; None if it is decided there."""
    if names_a_file(node):
        return because(AcceptCode.FROM_FILE, file=Verbatim(node.value[0][1].value))
    if isinstance(node, ScalarNode):
        text = node.value
        return because(AcceptCode.FROM_VARIABLE, text=Verbatim(text)) if has_variable(text) else None
    children = (each for child in node.value for each in (child[1:] if isinstance(node, MappingNode) else (child,)))
    return next(filter(None, map(_indirection, children)), None)


def _write(contents: Mapping[Path, str], check: Callable[[], object]) -> None:
    """Write files. If one cannot be written, or the manifests are invalid then, restore the files and raise the error.

    Raises UsageError for a file that cannot be written.
    """
    former: dict[Path, bytes | None] = {}
    try:
        for path, text in contents.items():
            before = path.read_bytes() if path.exists() else None
            with writing(path):
                _replace(path, text)
            former[path] = before
        check()
    except BaseException:
        for path, content in former.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                _replace(path, content)
        raise


def _replace(path: Path, content: str | bytes) -> None:
    """Write a file; a symbolic link and the permissions of the file stay."""
    real = path.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(real, content, real.stat().st_mode & 0o777 if real.exists() else 0o666)
