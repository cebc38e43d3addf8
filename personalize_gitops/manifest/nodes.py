"""YAML as trees of nodes that know their file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.composing import (
    DEEPEST,
    MOST_NODES,
    TooDeep,
    TooMany,
    composed,
    is_unquoted_variable,
)
from personalize_gitops.manifest.reading import Unfit, content_of
from personalize_gitops.model.address import Address
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

T = TypeVar("T")

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode"]

TAG = "tag:yaml.org,2002:"
_MERGE = f"{TAG}merge"
_NULL = f"{TAG}null"
_REPEATED = 10_000  # nodes that the aliases of a file may repeat, besides as many as the file has


@dataclass
class Budget:
    """The nodes that the files of one folder may still have."""

    nodes: int = MOST_NODES


def read(path: Path, budget: Budget | None = None) -> list[Node]:
    """Return the documents of a file. Raises ManifestError if it cannot be read or is not YAML."""
    return parsed(text_of(path), str(path), budget)


def parsed(content: str, shown: str, budget: Budget | None = None) -> list[Node]:
    """Return the documents in the content of a file. Raises ManifestError if it is not YAML."""
    budget = budget or Budget()
    text = StringIO(content)
    text.name = shown  # marks carry it
    try:
        found, nodes = composed(text, budget.nodes)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Source(shown, mark.line + 1, mark.column + 1) if mark else Source(shown)
        raise _invalid(place, _why_refused(content, error)) from error
    except ReaderError as error:
        place = _after(shown, text.getvalue().encode()[: error.position])
        character = Verbatim(f"{error.character:#04x}")
        raise _invalid(place, because(ManifestCode.INVALID_YAML_CHARACTER, character=character)) from error
    except YAMLError as error:
        raise _invalid(Source(shown), because(ManifestCode.INVALID_YAML, error=Verbatim(error))) from error
    budget.nodes -= nodes
    return [node for node in found if not is_null(node)]


def _why_refused(content: str, error: MarkedYAMLError) -> Reason:
    """Return why a text cannot be composed."""
    if isinstance(error, TooDeep):
        return because(ManifestCode.NESTED_TOO_DEEPLY, most=DEEPEST)
    if isinstance(error, TooMany):
        return because(ManifestCode.TOO_MANY_NODES, most=MOST_NODES)
    if is_unquoted_variable(content, error):
        return Reason(ManifestCode.UNQUOTED_VARIABLE)
    message = ", ".join(word for word in (error.context, error.problem) if word)
    return because(ManifestCode.INVALID_YAML, error=Verbatim(message))


def text_of(path: Path) -> str:
    """Return the content of a file. Raises ManifestError if it cannot be read or is not UTF-8."""
    shown = str(path)
    try:
        content = content_of(path)
    except OSError as error:
        raise ManifestError([unreadable(shown, error)]) from error
    except Unfit as error:
        raise _invalid(Source(shown), error.reason) from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        reason = because(ManifestCode.FILE_NOT_UTF8, file=Verbatim(shown))
        raise _invalid(_after(shown, content[: error.start]), reason) from error


def unreadable(file: str, error: OSError) -> Problem[Source]:
    """Return the problem of a file or folder that cannot be read."""
    reason = because(ManifestCode.UNREADABLE_FILE, file=Verbatim(file), error=Verbatim(error.strerror))
    return Problem(reason, Source(file), subject=file)


def _after(file: str, before: bytes) -> Source:
    """Return the place in a file that follows the bytes `before`."""
    lines = before.decode().split("\n")
    return Source(file, len(lines), len(lines[-1]) + 1)


def _invalid(place: Source, reason: Reason) -> ManifestError:
    return ManifestError([Problem(reason, place, subject=place.file)])


class Flaws:
    """Finds what YAML allows and a manifest does not, in the documents of one file."""

    def __init__(self) -> None:
        self.ended = False  # whether the aliases repeat too many nodes or nest them too deeply, so that no more is read
        self._seen: set[int] = set()  # ids of nodes
        self._repeated = 0

    def of(self, node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, Reason]]:
        """Yield each node with a flaw, and the reason."""
        if self.ended:
            return
        repeats = id(node) in self._seen
        self._seen.add(id(node))
        self._repeated += repeats
        if repeats and any(node is one for one in above):
            yield node, because(ManifestCode.ALIAS_OF_ITSELF)
        elif self._repeated > _REPEATED + len(self._seen):
            self.ended = True
            yield node, because(ManifestCode.TOO_MANY_ALIASES, most=_REPEATED)
        elif len(above) == DEEPEST:
            self.ended = True
            yield node, because(ManifestCode.NESTED_TOO_DEEPLY, most=DEEPEST)
        elif not node.tag.startswith(TAG):
            yield node, because(ManifestCode.UNSUPPORTED_TAG, tag=Verbatim(node.tag))
        elif isinstance(node, MappingNode):
            yield from _flaws_of_keys(node)
            for _, value in node.value:
                yield from self.of(value, (*above, node))
        elif isinstance(node, SequenceNode):
            for item in node.value:
                yield from self.of(item, (*above, node))


def _flaws_of_keys(node: Any) -> Iterator[tuple[Any, Reason]]:
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            yield key, because(ManifestCode.FIELD_NAME_NOT_TEXT)
        elif key.value in seen:
            yield key, because(ManifestCode.DUPLICATE_FIELD, field=Verbatim(key.value))
        elif key.tag == _MERGE and not all(isinstance(merged, MappingNode) for merged in _merged(value)):
            yield key, because(ManifestCode.INVALID_MERGE)
        else:
            seen.add(key.value)


def _merged(value: Any) -> list[Any]:
    return value.value if isinstance(value, SequenceNode) else [value]


def file_of(node: Any) -> str:
    """Return the file of a node: its marks have the name of the stream."""
    return str(node.start_mark.name)


def place_of(node: Any) -> Source:
    """Return the place where a node begins; it ends with the node or with the line."""
    start, end = node.start_mark, node.end_mark
    return Source(file_of(node), start.line + 1, start.column + 1, end.column + 1 if end.line == start.line else None)


_LONGER = {"'": "'", '"': '"\\'}
"""The characters that are written as two characters, by the kind of quotes."""


def place_in(node: Any, index: int) -> Source | None:
    """Return the place of character `index`; None if the scalar is escaped, multi-line or templated."""
    if not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line or "${" in node.value:
        return None
    quote = node.style if node.style in _LONGER else ""
    widths = [2 if quote and character in _LONGER[quote] else 1 for character in node.value]
    if sum(widths) + 2 * len(quote) != node.end_mark.column - node.start_mark.column:
        return None
    start = place_of(node)
    before = start.column + len(quote) + sum(widths[:index])
    return Source(start.file, start.line, before, before + (widths[index] if index < len(widths) else 1))


def is_null(node: Any) -> bool:
    """Return whether a node is null or empty."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def pairs(node: MappingNode) -> Iterator[tuple[Any, Any]]:
    """Yield the members of a mapping, those of a merge key (`<<`) first, so that the mapping's own override them."""
    for key, value in node.value:
        if key.tag == _MERGE:
            for merged in reversed(_merged(value)):  # the first mapping overrides the others
                yield from pairs(merged)
    for key, value in node.value:
        if key.tag != _MERGE:
            yield key, value


def member(node: Any, name: str | int) -> tuple[Any, Any] | None:
    """Return the key and the value of a member; an element of a sequence is both; None if it does not exist."""
    if isinstance(node, MappingNode):
        own = next((pair for pair in reversed(node.value) if pair[0].value == name and pair[0].tag != _MERGE), None)
        return own or next((pair for pair in reversed([*pairs(node)]) if pair[0].value == name), None)
    if isinstance(node, SequenceNode) and isinstance(name, int) and 0 <= name < len(node.value):
        return node.value[name], node.value[name]
    return None


def member_at(node: Any, path: Iterable[str]) -> Any:
    """Return the value of the member at a path; None if it does not exist."""
    for name in path:
        found = member(node, name)
        node = found[1] if found else None
    return node


def own_member(node: Any, name: str, *, any_case: bool = False) -> tuple[Any, Any] | None:
    """Return the key and the value of a member that a mapping itself has; None if only a merge key, or nothing, has it.

    With `any_case` a name in another case is found too.
    """
    own = [pair for pair in node.value if pair[0].tag != _MERGE] if isinstance(node, MappingNode) else []
    exact = (pair for pair in own if pair[0].value == name)
    alike = (pair for pair in own if any_case and pair[0].value.casefold() == name.casefold())
    return next(exact, None) or next(alike, None)


def text_at(node: Any, name: str) -> str | None:
    """Return the text of a scalar member; None if it does not exist or is not a scalar."""
    found = member(node, name)
    return found[1].value if found and isinstance(found[1], ScalarNode) and not is_null(found[1]) else None


def address_of(node: Any) -> Address | None:
    """Return the address of a document; None if it has no kind or no name."""
    kind, name = text_at(node, "kind"), text_at(node, "name")
    return Address(kind, name) if kind and name else None


def names_a_file(node: Any) -> bool:
    """Return whether a mapping is replaced by the text of a file: `{file: schemas/items.avsc}`."""
    return (
        isinstance(node, MappingNode)
        and len(node.value) == 1
        and node.value[0][0].value == "file"
        and isinstance(node.value[0][1], ScalarNode)
    )


def paths_to(
    node: Any, wanted: Mapping[int, T], above: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], T]]:
    """Yield the path of each node whose id is in `wanted`, with what is there about it; none below `{file: …}`."""
    if id(node) in wanted:
        yield above, wanted[id(node)]
    elif isinstance(node, MappingNode) and not names_a_file(node):
        for key, value in pairs(node):
            yield from paths_to(value, wanted, (*above, key.value))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from paths_to(item, wanted, (*above, index))


def patched(node: Any, patch: Any) -> Any:
    """Return a node with a merge patch: it merges mappings member by member, null removes, anything else replaces."""
    if not isinstance(patch, MappingNode):
        return patch
    if not isinstance(node, MappingNode) or names_a_file(node) or names_a_file(patch):
        node = MappingNode(patch.tag, [], patch.start_mark, patch.end_mark)
    members = {key.value: (key, value) for key, value in pairs(node)}
    for key, value in pairs(patch):
        if is_null(value):
            members.pop(key.value, None)
        elif key.value in members:
            members[key.value] = (key, patched(members[key.value][1], value))
        else:
            members[key.value] = (key, value)
    return MappingNode(node.tag, list(members.values()), node.start_mark, node.end_mark)
