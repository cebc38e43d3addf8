"""From YAML text to nodes: the C parser of libyaml, with the tags of YAML 1.2 for scalars.

ruamel.yaml looks for the rules of the YAML version at each node, which takes three times as long as the parser. Here
the tag of a plain scalar is looked up once for each text.

The C parser implements YAML 1.1. In brackets it refuses a colon inside of a plain scalar, as in `{at: s3://bucket}`,
which YAML 1.2 allows. Texts that it refuses are composed again with a stand-in for each such colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # an extension module
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import VersionedResolver

_RESOLVER: Any = VersionedResolver()
_TEXTS = 2**14  # whose tags are remembered

DEEPEST = 100  # levels of nesting; the deepest request of the service has ten. The C parser crashes at 100,000
MOST_NODES = 4_000_000  # of a folder; each takes about 700 bytes of memory
_MOST_FOR_PYTHON = 200_000  # characters that the pure Python parser may read, twenty times slower than the C parser

_INNER_COLON = re.compile(r"""(?<=[^\s"'\[\]{},]):(?=[^\s\[\]{},])""")
_STAND_IN = "\ue000"  # for private use, so it stands for nothing in a manifest


class TooDeep(MarkedYAMLError):
    """The nodes are nested more deeply than DEEPEST."""


class TooMany(MarkedYAMLError):
    """There are more nodes than are allowed."""


class Composer(CParser):  # type: ignore[misc]
    """Composes the documents of one text. Raises YAMLError."""

    def __init__(self, text: StringIO, most: int = MOST_NODES) -> None:
        super().__init__(text)
        self.nodes = self._depth = 0
        self._most = most

    def documents(self) -> Iterator[Node | None]:
        """Yield the root of each document."""
        while self.check_node():
            yield self.get_node()

    def resolve(self, kind: type[Node], value: str | None, implicit: Any) -> Any:
        """Return the tag of a node without an explicit one. Called by the parser."""
        if kind is ScalarNode:
            return _tag_of_plain(value) if implicit[0] else _RESOLVER.DEFAULT_SCALAR_TAG
        return _RESOLVER.DEFAULT_SEQUENCE_TAG if kind is SequenceNode else _RESOLVER.DEFAULT_MAPPING_TAG

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Count a node. Called by the parser before it composes the node."""
        self.nodes += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep(problem_mark=parent.start_mark)
        if self.nodes > self._most:
            raise TooMany(problem_mark=parent.start_mark if parent else None)

    def ascend_resolver(self) -> None:
        """Leave a node. Called by the parser after it has composed the node."""
        self._depth -= 1


def composed(text: StringIO, most: int = MOST_NODES) -> tuple[list[Node], int]:
    """Return the documents of a text, and the number of their nodes. Raises YAMLError."""
    try:
        return _by_c(text, most)
    except MarkedYAMLError as refused:
        content = text.getvalue()
        if _is_final(content, refused):
            raise
        try:
            return _with_stand_ins(content, text, most)
        except MarkedYAMLError as again:
            if _is_final(content, again):
                raise
            return _by_python(content, text, refused), 0


def _is_final(content: str, refused: MarkedYAMLError) -> bool:
    """Return whether no other way to compose a text is of use."""
    return isinstance(refused, TooDeep | TooMany) or is_unquoted_variable(content, refused)


def is_unquoted_variable(content: str, refused: MarkedYAMLError) -> bool:
    """Return whether a text is refused at the brace of a variable that stands without quotes inside of brackets."""
    mark = refused.problem_mark
    line = content.split("\n", mark.line + 1)[mark.line] if mark and mark.line <= content.count("\n") else ""
    return bool(mark) and mark.column > 0 and line[mark.column - 1 : mark.column + 1] == "${"


def _by_c(text: StringIO, most: int) -> tuple[list[Node], int]:
    composer = Composer(text, most)
    return [node for node in composer.documents() if node is not None], composer.nodes


def _with_stand_ins(content: str, named: StringIO, most: int) -> tuple[list[Node], int]:
    """Return the documents, composed with a stand-in for each colon that neither ends a key nor begins a value."""
    if _STAND_IN in content:
        raise MarkedYAMLError
    documents, nodes = _by_c(_like(named, _INNER_COLON.sub(_STAND_IN, content)), most)
    restored: set[int] = set()
    for document in documents:
        _restore(document, restored)
    return documents, nodes


def _restore(node: Any, restored: set[int]) -> None:
    """Put the colons back into the scalars of a node."""
    if isinstance(node, ScalarNode):
        node.value = node.value.replace(_STAND_IN, ":")
    elif id(node) not in restored:
        restored.add(id(node))
        for child in node.value:
            for each in child if isinstance(node, MappingNode) else (child,):
                _restore(each, restored)


def _by_python(content: str, named: StringIO, refused: MarkedYAMLError) -> list[Node]:
    """Return the documents, composed by the pure Python parser, which knows all of YAML 1.2; only of a short text."""
    if len(content) > _MOST_FOR_PYTHON:
        raise refused
    try:
        return [node for node in YAML(typ="safe", pure=True).compose_all(_like(named, content)) if node is not None]
    except (RecursionError, ValueError, OverflowError):  # its own limits: deep nesting, code points
        raise refused from None


def _like(named: StringIO, content: str) -> StringIO:
    """Return a stream with the name of another one, which the marks of nodes carry."""
    text = StringIO(content)
    text.name = named.name
    return text


@lru_cache(_TEXTS)
def _tag_of_plain(text: str) -> Any:
    """Return the tag of a scalar without quotes."""
    return _RESOLVER.resolve(ScalarNode, text.replace(_STAND_IN, ":"), (True, False))
