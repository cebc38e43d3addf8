"""The composer makes the nodes that ruamel.yaml makes, only faster."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

from personalize_gitops.manifest.composing import Composer

SCALARS = """\
- [1, -7, 0o17, 0x1F, 017, 1_000, +1]
- [1.5, .5, 1e3, -.inf, .nan, 1., 1.5.0]
- [true, True, false, yes, no, on, off, y, n, ~, null, "null", '1', !!str 2, !own 3]
- [2001-01-01, "2001-01-01", =, <, <<, '<<']
- 2001-12-14t21:59:43.10-05:00
- 1:30
- plain text
- |
  folded 1
- >-
  1
-
"""
TEXTS = {
    "scalars": SCALARS,
    "twice": SCALARS + "---\n" + SCALARS,
    "mappings": "a: &a {b: 1, c: [x, {d: e}]}\nf:\n  <<: *a\n  ? g\n  : h\n",
    "version 1.1": "%YAML 1.1\n---\n[yes, 017]\n",
    "tags": "%TAG !e! tag:example.com,2000:\n---\n!e!x {a: !!int '1', b: !<tag:yaml.org,2002:str> 2}\n",
    "empty": "---\n---\n...\n",
    "none": "# a comment\n",
}


def shape(node: Any) -> Any:
    """Everything that a node says."""
    marks = [(mark.name, mark.line, mark.column) for mark in (node.start_mark, node.end_mark)]
    value = node.value if isinstance(node, ScalarNode) else [*_inside(node.value)]
    return type(node), node.tag, marks, getattr(node, "style", None), value


def _inside(values: list[Any]) -> Iterator[Any]:
    for value in values:
        yield tuple(map(shape, value)) if isinstance(value, tuple) else shape(value)


def named(text: str) -> StringIO:
    stream = StringIO(text)
    stream.name = "a.yaml"
    return stream


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nodes_are_those_of_ruamel(text: str) -> None:
    """Types, tags, places, styles and values are those that ruamel.yaml composes."""
    expected = [shape(node) for node in YAML(typ="safe").compose_all(named(text)) if node is not None]

    assert [shape(node) for node in Composer(named(text)).documents() if node is not None] == expected
