"""The graph of dependencies in the languages of drawing programs: Mermaid, and DOT of Graphviz.

An arrow leads from a resource to those that need it. Each dataset group is a box around its resources.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from personalize_gitops.model.graph import Graph, Node
from personalize_gitops.model.reports import GraphReport
from personalize_gitops.model.status import Condition
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style

ABSENT = "absent"
FILLS = {
    Condition.READY: "#c8e6c9",
    Condition.PENDING: "#bbdefb",
    Condition.FAILED: "#ffcdd2",
    Condition.STOPPED: "#e0e0e0",
    Condition.DELETING: "#ffe0b2",
    Condition.UNSURE: "#fff9c4",
    ABSENT: "#ffffff",
}
"""The colours of states, light enough for black text."""


def mermaid(report: GraphReport, _: Style = PLAIN) -> str:
    """Return a flowchart of Mermaid, which GitHub and GitLab draw in Markdown."""
    graph = report.graph
    ids = _ids(graph)
    return joined([Line("flowchart LR"), *_mermaid(graph, ids)])


def _mermaid(graph: Graph, ids: dict[str, str]) -> Iterator[Line]:
    for number, (group, nodes) in enumerate(_by_group(graph)):
        inside = "    " if group else "  "
        if group:
            yield line(f'  subgraph g{number}["{_quoted(group)}"]')
        for node in nodes:
            state = f":::{_state(node)}" if graph.live else ""
            yield line(f'{inside}{ids[str(node.address)]}["{_quoted(str(node.address))}"]{state}')
        if group:
            yield line("  end")
    for before, after in _arrows(graph):
        yield line(f"  {ids[before]} --> {ids[after]}")
    for state in _states(graph):
        yield line(f"  classDef {state} fill:{FILLS[state]},stroke:#555,color:#000")


def _quoted(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;")


def dot(report: GraphReport, _: Style = PLAIN) -> str:
    """Return a digraph of DOT."""
    graph = report.graph
    head = [Line("digraph personalize {"), Line("  rankdir=LR;"), Line('  node [shape=box, style="filled,rounded"];')]
    return joined([*head, *_dot(graph), Line("}")])


def _dot(graph: Graph) -> Iterator[Line]:
    for number, (group, nodes) in enumerate(_by_group(graph)):
        if group:
            yield line(f"  subgraph cluster_{number} {{")
            yield line(f"    label={json.dumps(group)};")
        for node in nodes:
            fill = FILLS[_state(node)] if graph.live else "#ffffff"
            yield line(f'{"    " if group else "  "}{json.dumps(str(node.address))} [fillcolor="{fill}"];')
        if group:
            yield line("  }")
    for before, after in _arrows(graph):
        yield line(f"  {json.dumps(before)} -> {json.dumps(after)};")


def _ids(graph: Graph) -> dict[str, str]:
    return {str(node.address): f"n{number}" for number, node in enumerate(graph.nodes)}


def _by_group(graph: Graph) -> Sequence[tuple[str, Sequence[Node]]]:
    """Return the nodes of each dataset group, then those of none."""
    ordered = sorted(graph.nodes, key=lambda node: (not node.group, node.group))
    return [(group, [*nodes]) for group, nodes in groupby(ordered, key=lambda node: node.group)]


def _arrows(graph: Graph) -> Iterator[tuple[str, str]]:
    for node in graph.nodes:
        for need in graph.needs[node.address]:
            yield str(need), str(node.address)


def _state(node: Node) -> str:
    return str(node.state) if node.state else ABSENT


def _states(graph: Graph) -> Sequence[str]:
    return sorted({_state(node) for node in graph.nodes}) if graph.live else []
