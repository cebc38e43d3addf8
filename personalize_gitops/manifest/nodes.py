"""YAML as trees of nodes, each of which knows its file, line and column."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from personalize_gitops.errors import ManifestError
from personalize_gitops.model.diagnostics import Problem
from personalize_gitops.model.reason import Source

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode"]

TAG = "tag:yaml.org,2002:"
_MERGE = f"{TAG}merge"
_NULL = f"{TAG}null"
_DEEPEST = 100  # levels of nesting; the deepest request of the service has ten


def read(path: Path) -> list[Node]:
    """The documents of a file. Raises ManifestError where it is not YAML."""
    shown = str(path)
    text = StringIO(_text(path))
    text.name = shown  # marks carry it
    collecting = gc.isenabled()
    gc.disable()  # nodes are many and none is garbage yet: collecting meanwhile makes reading four times slower
    try:
        found = _composed(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Source(shown, mark.line + 1, mark.column + 1) if mark else Source(shown)
        why = ", ".join(word for word in (error.context, error.problem) if word)
        raise _not_yaml(place, why) from error
    except ReaderError as error:
        place = _at(shown, text.getvalue().encode()[: error.position])
        raise _not_yaml(place, f"character {error.character:#04x} is not allowed") from error
    except YAMLError as error:
        raise _not_yaml(Source(shown), str(error)) from error
    finally:
        if collecting:
            gc.enable()
    return [node for node in found if not is_null(node)]


def _composed(text: StringIO) -> list[Node]:
    """The documents, by the C parser; what it refuses gets a second reading.

    The C parser is that of YAML 1.1 and takes `{at: s3://bucket/key}` for an error, which YAML 1.2 allows. The pure one
    knows better and is twenty times slower, so it reads only such files.
    """
    try:
        return [node for node in YAML(typ="safe").compose_all(text) if node is not None]
    except MarkedYAMLError as refused:
        text.seek(0)
        try:
            return [node for node in YAML(typ="safe", pure=True).compose_all(text) if node is not None]
        except (RecursionError, ValueError, OverflowError):  # its own limits: deep nesting, code points
            raise refused from None


def _text(path: Path) -> str:
    shown = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ManifestError([Problem(Source(shown), shown, f"cannot be read: {error.strerror}")]) from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _not_yaml(_at(shown, content[: error.start]), "it is not UTF-8") from error


def _at(file: str, before: bytes) -> Source:
    """The place that follows `before`."""
    lines = before.decode().split("\n")
    return Source(file, len(lines), len(lines[-1]) + 1)


def _not_yaml(place: Source, why: str) -> ManifestError:
    return ManifestError([Problem(place, place.file, f"not valid YAML: {why}")])


def flaws(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, str]]:
    """What YAML allows and a manifest cannot mean, each with the node it is about."""
    if any(node is one for one in above):
        yield node, "made from itself"
    elif len(above) == _DEEPEST:
        yield node, f"nested deeper than {_DEEPEST} levels"
    elif not node.tag.startswith(TAG):
        yield node, f"the tag {node.tag} means nothing here"
    elif isinstance(node, MappingNode):
        yield from _flaws_of_keys(node)
        for _, value in node.value:
            yield from flaws(value, (*above, node))
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from flaws(item, (*above, node))


def _flaws_of_keys(node: Any) -> Iterator[tuple[Any, str]]:
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            yield key, "a member's name is text"
        elif key.value in seen:
            yield key, f"{key.value} is given twice"
        elif key.tag == _MERGE and not all(isinstance(merged, MappingNode) for merged in _merged(value)):
            yield key, "<< takes a mapping, or a list of them"
        else:
            seen.add(key.value)


def _merged(value: Any) -> list[Any]:
    return value.value if isinstance(value, SequenceNode) else [value]


def file_of(node: Any) -> str:
    """The file a node stands in: marks carry the name of the stream they were read from."""
    return str(node.start_mark.name)


def place_of(node: Any) -> Source:
    """Where a node begins."""
    return Source(file_of(node), node.start_mark.line + 1, node.start_mark.column + 1)


_LONGER = {"'": "'", '"': '"\\'}
"""Characters that are written with two inside each sort of quotes."""


def place_in(node: Any, index: int) -> Source | None:
    """Where character `index` of a text stands; None where what is read is not what is written, in one line."""
    if not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line or "${" in node.value:
        return None
    quote = node.style if node.style in _LONGER else ""
    widths = [2 if quote and character in _LONGER[quote] else 1 for character in node.value]
    if sum(widths) + 2 * len(quote) != node.end_mark.column - node.start_mark.column:
        return None
    start = place_of(node)
    return Source(start.file, start.line, start.column + len(quote) + sum(widths[:index]))


def is_null(node: Any) -> bool:
    """Whether a node is an explicit or an empty null."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def pairs(node: MappingNode) -> Iterator[tuple[Any, Any]]:
    """The members of a mapping, those of a merge key (`<<`) first so that its own win."""
    for key, value in node.value:
        if key.tag == _MERGE:
            for merged in reversed(_merged(value)):  # the first of several wins
                yield from pairs(merged)
    for key, value in node.value:
        if key.tag != _MERGE:
            yield key, value


def member(node: Any, name: str | int) -> tuple[Any, Any] | None:
    """The key and the value of a member, or an element of a sequence as both; None when there is none."""
    if isinstance(node, MappingNode):
        own = next((pair for pair in reversed(node.value) if pair[0].value == name and pair[0].tag != _MERGE), None)
        return own or next((pair for pair in reversed([*pairs(node)]) if pair[0].value == name), None)
    if isinstance(node, SequenceNode) and isinstance(name, int) and 0 <= name < len(node.value):
        return node.value[name], node.value[name]
    return None


def text_at(node: Any, name: str) -> str | None:
    """The text of a scalar member."""
    found = member(node, name)
    return found[1].value if found and isinstance(found[1], ScalarNode) and not is_null(found[1]) else None


def names_a_file(node: Any) -> bool:
    """Whether a mapping stands for the text of a file: `{file: schemas/items.avsc}`."""
    return (
        isinstance(node, MappingNode)
        and len(node.value) == 1
        and node.value[0][0].value == "file"
        and isinstance(node.value[0][1], ScalarNode)
    )


def patched(node: Any, patch: Any) -> Any:
    """`node` with a merge patch applied: members of mappings one by one, null removes, anything else replaces."""
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
