"""From YAML text to nodes: the C parser of libyaml, with the tags of YAML 1.2 for scalars.

ruamel.yaml looks for the rules of the YAML version at each node, which takes three times as long as the parser. Here
the tag of a plain scalar is looked up once for each text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # an extension module
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import VersionedResolver

_RESOLVER: Any = VersionedResolver()
_TEXTS = 2**14  # whose tags are remembered


class Composer(CParser):  # type: ignore[misc]
    """Composes the documents of one text. Raises YAMLError."""

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
        """Do nothing: no tag depends on the place of its node. Called by the parser."""

    def ascend_resolver(self) -> None:
        """Do nothing, as `descend_resolver`."""


@lru_cache(_TEXTS)
def _tag_of_plain(text: str) -> Any:
    """Return the tag of a scalar without quotes."""
    return _RESOLVER.resolve(ScalarNode, text, (True, False))
