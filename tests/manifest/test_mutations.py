"""No manifest ends in a traceback: the example, mutated, loads or has problems."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from personalize_gitops.errors import ManifestError, UsageError
from personalize_gitops.manifest.load import load_all
from personalize_gitops.model.problem import ValidationReport
from personalize_gitops.render.validation import text
from tests.support.movies import EXAMPLE

INLINE = """kind: Schema
name: inline
spec:
  schema:
    type: record
    name: Items
    namespace: com.amazonaws.personalize.schema
    fields:
      - {name: ITEM_ID, type: string}
      - {name: GENRES, type: ["null", string], categorical: true}
    version: "1.0"
---
kind: Filter
name: inline
spec: {datasetGroup: movielens, filterExpression: INCLUDE ItemID WHERE Items.YEAR > 1990}
"""
TEXTS = {
    "inline.yaml": INLINE,
    **{str(path.relative_to(EXAMPLE)): path.read_text() for path in sorted(EXAMPLE.rglob("*.yaml"))},
}
TREES: dict[str, list[Any]] = {name: list(YAML(typ="safe").load_all(text)) for name, text in TEXTS.items()}
WORDS = [
    "",
    "~",
    "latest",
    "${tps}",
    "${",
    "arn:aws:personalize:us-east-1:111122223333:campaign/x",
    "Kind/x",
    "a\nb",
    "é\t",
]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WORDS), st.dates()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's manifests, and a schema and a filter that stand in them whole."""
    folder = tmp_path_factory.mktemp("mutated") / "manifests"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".*", "*.py", "__pycache__"))
    (folder / "inline.yaml").write_text(INLINE)
    return folder


def paths(tree: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every node below the root."""
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path for key, value in members for path in [(*above, key), *paths(value, (*above, key))]]


def changed(tree: Any, path: tuple[Any, ...], deed: str, value: Any) -> Any:
    """The tree with one node dropped, replaced, or given a second time."""
    key, *below = path
    if below:
        inner = changed(tree[key], tuple(below), deed, value)
        return {**tree, key: inner} if isinstance(tree, dict) else [*tree[:key], inner, *tree[key + 1 :]]
    if isinstance(tree, list):
        kept = {"drop": [], "replace": [value], "repeat": [tree[key], tree[key]], "rename": [{"x": tree[key]}]}[deed]
        return [*tree[:key], *kept, *tree[key + 1 :]]
    match deed:
        case "drop":
            return {name: item for name, item in tree.items() if name != key}
        case "replace":
            return {**tree, key: value}
        case "repeat":
            return {**tree, f"{key}2": tree[key]}
        case _:
            return {(str(value) if name == key else name): item for name, item in tree.items()}


def write(path: Path, documents: list[Any]) -> None:
    with path.open("w") as file:
        YAML(typ="safe", pure=True).dump_all(documents, file)


def ends_well(folder: Path) -> None:
    """The manifests load, or what is wrong with them can be told."""
    told = "loaded"
    try:
        load_all(folder, env={})
    except ManifestError as error:
        told = text(ValidationReport(error.problems))
    except UsageError as error:
        told = str(error)
    assert told


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(TEXTS)), data=st.data())
def test_a_changed_node_is_no_traceback(folder: Path, name: str, data: st.DataObject) -> None:
    """After any node is dropped, replaced, repeated or renamed, manifests load or have problems: no traceback."""
    documents: Any = TREES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        here = data.draw(st.sampled_from(paths(documents)))
        deed = data.draw(st.sampled_from(["drop", "replace", "repeat", "rename"]))
        documents = changed(documents, here, deed, data.draw(values))
        if not paths(documents):
            break
    before = (folder / name).read_bytes()

    try:
        write(folder / name, documents)
        ends_well(folder)
    finally:
        (folder / name).write_bytes(before)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(TEXTS)),
    at=st.floats(0, 1),
    cut=st.integers(0, 20),
    put=st.binary(max_size=6) | st.text("-?:,[]{}#&*!|>'\"%@`<~ \n\tax0_", max_size=6).map(str.encode),
)
def test_changed_bytes_are_no_traceback(folder: Path, name: str, at: float, cut: int, put: bytes) -> None:
    """After any bytes are removed or added, manifests load or have problems, without a traceback."""
    before = (folder / name).read_bytes()
    start = int(at * len(before))

    try:
        (folder / name).write_bytes(before[:start] + put + before[start + cut :])
        ends_well(folder)
    finally:
        (folder / name).write_bytes(before)
