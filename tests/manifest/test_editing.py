"""Edits of YAML text: the new values, every comment, and not a character more."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.manifest.editing import CannotEdit, edited, value_of
from personalize_gitops.manifest.nodes import parsed
from personalize_gitops.manifest.yaml_text import flow, scalar

CAMPAIGN = """\
# Of the home page.
kind: Campaign   # billed
name: 'home'
spec:
    minProvisionedTPS:  1  # raised at Christmas
    campaignConfig: {  itemExplorationConfig: {explorationWeight: "0.3", explorationItemAgeCutOff: 30}  }
    # Which version it serves:
    solutionVersion: home

tags:
    team: discovery   # who pays
    "cost-center": "42"
    # the end of the tags
---
kind: Other
name: x
"""


def values(text: str) -> list[Any]:
    """The values of the documents in a text."""
    return [value_of(node) for node in parsed(text.removeprefix("\ufeff"), "x.yaml")]


def changed(text: str, path: str, value: Any, index: int = 0) -> str:
    """A text whose document has another value at a path; no value removes it."""
    wanted = deepcopy(values(text)[index])
    *above, last = path.split(".")
    inner = wanted
    for step in above:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return edited(text, "x.yaml", {index: wanted})


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        ("spec.minProvisionedTPS", 3, "TPS:  1  # raised", "TPS:  3  # raised"),
        ("name", "it's", "'home'", "'it''s'"),
        ("tags.cost-center", "43", '"42"', '"43"'),
        ("tags.team", "yes: no", "discovery   #", "'yes: no'   #"),
        ("tags.team", "true", "discovery   #", "'true'   #"),
        (
            "spec.campaignConfig.itemExplorationConfig",
            {"explorationWeight": "0.3"},
            '{explorationWeight: "0.3", explorationItemAgeCutOff: 30}',
            '{explorationWeight: "0.3"}',
        ),
        (
            "spec.campaignConfig.itemExplorationConfig.more",
            [1, "a b"],
            '{explorationWeight: "0.3", explorationItemAgeCutOff: 30}',
            '{explorationWeight: "0.3", explorationItemAgeCutOff: 30, more: [1, a b]}',
        ),
        ("tags.owner", "x", '"42"\n', '"42"\n    owner: x\n'),
        ("tags.team", None, "    team: discovery   # who pays\n", "    # who pays\n"),
        ("spec.config", {"a": {"b": [1]}}, "home\n\ntags", "home\n    config:\n      a:\n        b: [1]\n\ntags"),
        ("spec.minProvisionedTPS", {"a": 1}, "1  # raised", "{a: 1}  # raised"),
        ("tags", None, CAMPAIGN[CAMPAIGN.index("tags:") : CAMPAIGN.index("    # the end")], "# who pays\n"),
    ],
)
def test_only_what_differs_is_changed(path: str, value: Any, before: str, after: str) -> None:
    """Quotes, spaces, comments and all other documents stay as they are."""
    assert changed(CAMPAIGN, path, value) == CAMPAIGN.replace(before, after, 1)


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("a:\n- x  # 1\n- y  # 2\n", "a", ["y"], "a:\n# 1\n- y  # 2\n"),
        ("a:\n  - x\n  # of y\n  - y\n", "a", ["x", "z", "y"], "a:\n  - x\n  - z\n  # of y\n  - y\n"),
        (
            "a:\n  - x: 1  # 1\n    y: 2\n",
            "a",
            [{"x": 2, "y": 2}, {"x": 3}],
            "a:\n  - x: 2  # 1\n    y: 2\n  - {x: 3}\n",
        ),
        ("a:\n  - x\n  - y  # y\n", "a", [], "a: []  # y\n"),
        ("a: [x, y]  # c\n", "a", ["y"], "a: [y]  # c\n"),
        ("a: [\n  x,  # c\n  y\n]\n", "a", ["y"], "# c\na: [y]\n"),
        ("a: >-  # why\n  some\n  text\n# next\nb: 1\n", "a", "other", "# why\na: other\n# next\nb: 1\n"),
        ("a: |\n  # no comment\n  text\nb: 1\n", "a", "x\ny", 'a: "x\\ny"\nb: 1\n'),
        ("a: 'x # no'  # yes\n", "a", 5, "a: 5  # yes\n"),
        ("a:\nb: 1\n", "a", 5, "a: 5\nb: 1\n"),
        ("a: 1\r\nb: 2  # c\r\n", "c", 3, "a: 1\r\nb: 2  # c\r\nc: 3\r\n"),
        ("\ufeffa: é\nb: 1", "c", 3, "\ufeffa: é\nb: 1\nc: 3"),
        ("{at: s3://bucket/key, b: 1}", "b", 2, "{at: s3://bucket/key, b: 2}"),  # the pure parser reads it
        ("a: 0x1F\nb: 1_000\nc: 1e3\n", "c", 2e-7, "a: 0x1F\nb: 1_000\nc: 2e-07\n"),
        ("? a\n: 1\n", "a", 2, "? a\n: 2\n"),
    ],
)
def test_every_form_of_yaml(text: str, path: str, value: Any, expected: str) -> None:
    """Blocks, brackets, quoted, folded and empty scalars, line ends of Windows and a byte order mark."""
    assert changed(text, path, value) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x 1\nb: *x\n", "a"),
        ("a: &x {c: 1}\nb: *x\n", "b.c"),
        ("a: &x {c: 1}\nb:\n  <<: *x\n", "a.c"),
        ("a: !!str 1\n", "a"),
    ],
)
def test_what_is_shared_is_not_edited(text: str, path: str) -> None:
    """A value with an anchor, an alias or a tag is refused: another place might change with it."""
    with pytest.raises(CannotEdit) as refused:
        changed(text, path, 7)

    assert refused.value.place.line in (1, 2)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
KEYS = st.text(st.sampled_from("abc:# {é'\"-"), min_size=1, max_size=4)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def texts(draw: st.DrawFn, value: Any, column: int = 0) -> str:
    """Lines that have a value, in blocks and brackets, with comments beside and above the entries."""
    lines: list[str] = []
    entries = value.items() if isinstance(value, dict) else [(None, item) for item in value]
    for key, item in entries:
        if draw(st.booleans()):
            lines.append(f"{' ' * draw(st.integers(0, 3))}# c{draw(st.integers(0, 99))}")
        head = f"{' ' * column}{'-' if key is None else f'{scalar(key)}:'}"
        if isinstance(item, dict | list) and item and draw(st.booleans()):
            lines.append(head)
            lines.append(draw(texts(item, column + draw(st.integers(1, 3)))))
            continue
        comment = f"  # c{draw(st.integers(0, 99))}" if draw(st.booleans()) else ""
        lines.append(f"{head} {flow(item)}{comment}")
    return "\n".join(lines)


@given(st.data())
@settings(max_examples=150)
def test_any_value_becomes_any_other(data: st.DataObject) -> None:
    """Every text of every document can be edited to any other value and keeps its comments; `edited` checks both."""
    trees = TREES.filter(lambda value: isinstance(value, dict) and bool(value))
    before = data.draw(trees)
    text = data.draw(texts(before))
    assert repr(values(text)) == repr([before])
    after = data.draw(st.one_of(trees, st.just(before)))

    found = edited(text, "x.yaml", {0: after})

    assert values(found) == [after]
    assert before != after or found == text
