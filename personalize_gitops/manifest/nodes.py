"""YAML as trees of nodes, each of which knows its file, line and column."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from personalize_gitops.errors import ManifestError
from personalize_gitops.model.diagnostics import Problem, Source

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode"]

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"


def read(path: Path) -> list[Node]:
    """The documents of a file. Raises ManifestError where it is not YAML."""
    shown = str(path)
    collecting = gc.isenabled()
    gc.disable()  # nodes are many and none is garbage yet: collecting meanwhile makes reading four times slower
    try:
        with path.open(encoding="utf-8") as stream:
            found = [node for node in YAML(typ="safe").compose_all(stream) if node is not None]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Source(shown, mark.line + 1, mark.column + 1) if mark else Source(shown)
        raise ManifestError([Problem(place, shown, f"not valid YAML: {error.problem or error.context}")]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ManifestError([Problem(Source(shown), shown, f"not valid YAML: {error}")]) from error
    except OSError as error:
        raise ManifestError([Problem(Source(shown), shown, f"cannot be read: {error.strerror}")]) from error
    finally:
        if collecting:
            gc.enable()
    return [node for node in found if not is_null(node)]


def file_of(node: Any) -> str:
    """The file a node stands in: marks carry the name of the stream they were read from."""
    return str(node.start_mark.name)


def place_of(node: Any) -> Source:
    """Where a node begins."""
    return Source(file_of(node), node.start_mark.line + 1, node.start_mark.column + 1)


def is_null(node: Any) -> bool:
    """Whether a node is an explicit or an empty null."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def pairs(node: MappingNode) -> Iterator[tuple[Any, Any]]:
    """The members of a mapping, those of a merge key (`<<`) first so that its own win."""
    for key, value in node.value:
        if key.tag == _MERGE:
            for merged in value.value if isinstance(value, SequenceNode) else [value]:
                if isinstance(merged, MappingNode):
                    yield from pairs(merged)
    for key, value in node.value:
        if key.tag != _MERGE:
            yield key, value


def member(node: Any, name: str | int) -> tuple[Any, Any] | None:
    """The key and the value of a member, or an element of a sequence as both; None when there is none."""
    if isinstance(node, MappingNode):
        found = [pair for pair in pairs(node) if pair[0].value == name]
        return found[-1] if found else None
    if isinstance(node, SequenceNode) and isinstance(name, int) and 0 <= name < len(node.value):
        return node.value[name], node.value[name]
    return None


def text_at(node: Any, name: str) -> str | None:
    """The text of a scalar member."""
    found = member(node, name)
    return found[1].value if found and isinstance(found[1], ScalarNode) and not is_null(found[1]) else None


def patched(node: Any, patch: Any) -> Any:
    """`node` with a merge patch applied: members of mappings one by one, null removes, anything else replaces."""
    if not (isinstance(node, MappingNode) and isinstance(patch, MappingNode)):
        return patch
    members = {key.value: (key, value) for key, value in pairs(node)}
    for key, value in pairs(patch):
        if is_null(value):
            members.pop(key.value, None)
        elif key.value in members:
            members[key.value] = (key, patched(members[key.value][1], value))
        else:
            members[key.value] = (key, value)
    return MappingNode(node.tag, list(members.values()), node.start_mark, node.end_mark)
