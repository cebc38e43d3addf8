"""Write the fields of manifests in their usual order. Comments move with the field below them.

Only whole lines move, so everything else stays as it is written. The new text is read again: it has the same values and
the same comments, or the file is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personalize_gitops.errors import ManifestError, writing
from personalize_gitops.files import write_atomically
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.documents import Envelope
from personalize_gitops.manifest.editing import same, value_of
from personalize_gitops.manifest.nodes import MappingNode, Node, parsed, text_at, text_of
from personalize_gitops.manifest.project import ProjectSpec
from personalize_gitops.model.members import members, usual_order
from personalize_gitops.model.structure import Structure

_FIRST = ("kind", "name", "renamedFrom", "spec", "tags", "lifecycle", "run")


@dataclass(frozen=True)
class Formatted:
    """The files of a folder: those whose fields are in another order, and those that cannot be written safely."""

    changed: tuple[str, ...]
    left_alone: tuple[str, ...]
    files: int


def format_folder(folder: Path, *, write: bool) -> Formatted:
    """Order the fields of every YAML file below a folder.

    Raises ManifestError for a file that is not YAML, before any file is written.
    """
    texts = {path: text_of(path) for path in _paths(folder)}
    ordered = {path: formatted(text, str(path)) for path, text in texts.items()}
    changed = {path: after for path, after in ordered.items() if after is not None and after != texts[path]}
    for path, after in changed.items() if write else ():
        with writing(path):
            write_atomically(path.resolve(), after)
    left_alone = (str(path) for path, after in ordered.items() if after is None)
    return Formatted(tuple(map(str, changed)), tuple(left_alone), len(texts))


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in {".yaml", ".yml"} and path.is_file() and not is_hidden:
            yield path


def formatted(text: str, file: str) -> str | None:
    """Return the text of a file with its fields in order; None if that would change more than their order."""
    documents = parsed(text.removeprefix("\ufeff"), file)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\r\n" if lines[0].endswith("\r\n") else "\n"
    for document in reversed(documents):  # the lines of earlier ones keep their numbers
        if isinstance(document, MappingNode):
            start, end = _extent(document, lines)
            lines[start:end] = _ordered(document, _of_document(document), lines, start, end)
    found = "".join(lines)
    return found if _means_the_same(found, file, documents, text) else None


def _means_the_same(found: str, file: str, documents: Sequence[Node], before: str) -> bool:
    try:
        again = parsed(found.removeprefix("\ufeff"), file)
    except ManifestError:
        return False
    values = [[value_of(each) for each in some] for some in (documents, again)]
    return same(*values) and sorted(found.splitlines()) == sorted(before.splitlines())


Order = Mapping[str, "Order | None"]


def _of_document(node: Any) -> Order:
    """Return the fields of a document in their order, each with the order of its own fields."""
    kind = text_at(node, "kind")
    spec = ProjectSpec if kind == "Project" else KINDS.get(str(kind))
    inner = {alias: _of_structure(member.structure) for alias, member in members(Envelope).items()}
    return {name: _of_structure(spec) if name == "spec" else inner.get(name) for name in _FIRST}


def _of_structure(structure: type[Structure] | None) -> Order | None:
    if structure is None:
        return None
    found = members(structure)
    return {alias: _of_structure(found[alias].structure) for alias in usual_order(structure)}


def _extent(node: Any, lines: Sequence[str]) -> tuple[int, int]:
    """Return the lines from the first field of a document to the end of the last, without blank lines at the end."""
    start, end = node.start_mark.line, node.end_mark.line + (1 if node.end_mark.column else 0)
    while end > start and _is_apart(lines[end - 1]):
        end -= 1
    return start, end


def _is_apart(line: str) -> bool:
    """Return whether a line has no field: blank, a comment, or the mark between documents."""
    text = line.strip()
    return not text or text.startswith("#") or line.startswith(("---", "..."))


def _ordered(node: Any, order: Order | None, lines: Sequence[str], start: int, end: int) -> list[str]:
    """Return the lines from `start` to `end`, which are a mapping, with its fields in order."""
    fields = node.value
    if not _is_movable(node, lines):
        return [*lines[start:end]]
    begins = [_begin(key, lines, start) for key, _ in fields]
    ends = [*begins[1:], end]
    places = list(order or ())
    texts: dict[str, list[str]] = {}
    for (key, value), first, last in zip(fields, begins, ends, strict=True):
        inner = (order or {}).get(key.value)
        if isinstance(value, MappingNode) and not value.flow_style and value.start_mark.line > key.start_mark.line:
            inside = _begin(value, lines, key.start_mark.line + 1)
            texts[key.value] = [*lines[first:inside], *_ordered(value, inner, lines, inside, last)]
        else:
            texts[key.value] = [*lines[first:last]]
    wanted = sorted(texts, key=lambda name: places.index(name) if name in places else len(places))
    return [line for name in wanted for line in texts[name]]


def _is_movable(node: Any, lines: Sequence[str]) -> bool:
    """Return whether each field begins on a line of its own."""
    starts = [key.start_mark for key, _ in node.value]
    alone = all(not lines[mark.line][: mark.column].strip() for mark in starts)
    return not node.flow_style and alone and len({mark.line for mark in starts}) == len(starts)


def _begin(node: Any, lines: Sequence[str], first: int) -> int:
    """Return the line where a field or mapping begins: with the comments right above it that are indented like it."""
    line, indent = node.start_mark.line, node.start_mark.column
    while line > first and lines[line - 1].startswith(f"{' ' * indent}#"):
        line -= 1
    return int(line)
