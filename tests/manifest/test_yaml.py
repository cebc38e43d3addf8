"""YAML itself: documents, anchors, merges, invalid YAML, and YAML that manifests do not support."""

from __future__ import annotations

import pytest

from tests.manifest.writing import Folder

GROUP = "kind: DatasetGroup\nname: g\nspec: {}\n"


def test_files_hold_any_number_of_documents(folder: Folder) -> None:
    """Documents are separated by ---; empty ones are skipped."""
    folder.write(
        "more.yaml", "---\n{kind: DatasetGroup, name: a, spec: {}}\n---\n---\n{kind: DatasetGroup, name: b, spec: {}}\n"
    )

    assert [str(address) for address in folder.load().desired.documents] == [
        "DatasetGroup/g",
        "DatasetGroup/a",
        "DatasetGroup/b",
    ]


def test_folders_of_any_depth_are_read_hidden_ones_are_not(folder: Folder) -> None:
    """Hidden files, files in hidden folders and files with other endings are not read."""
    for name in ("a/b/c.yml", ".git/x.yaml", ".draft.yaml", "notes.txt"):
        folder.write(name, f"{{kind: DatasetGroup, name: {name[:1].replace('.', 'hidden')}{len(name)}, spec: {{}}}}")

    assert [address.name for address in folder.load().desired.documents] == ["a9", "g"]


def test_merge_keys_and_anchors(folder: Folder) -> None:
    """Own members override merged ones, and the first merged mapping overrides the others."""
    folder.write("a.yaml", "kind: DatasetGroup\nname: a\nspec: {}\ntags: {base: &b {one: a, two: a}}\n")
    text = "{<<: [{one: a, two: a}, {two: b, three: b}], one: own}"
    (folder.path / "a.yaml").unlink()

    assert folder.tags(text) == {"one": "own", "two": "a", "three": "b"}
    assert folder.tags("{a: &x text, b: *x}") == {"a": "text", "b": "text"}


def test_a_byte_order_mark_is_no_content(folder: Folder) -> None:
    """A file with a byte order mark is read."""
    (folder.path / "group.yaml").write_text("\ufeff" + GROUP, encoding="utf-8")

    assert len(folder.load().desired.documents) == 1


FLAWS = {
    "twice": ("kind: DatasetGroup\nname: g\nspec: {}\nname: h\n", '4:1 duplicate field "name"'),
    "twice-deep": ("kind: DatasetGroup\nname: g\nspec: {}\ntags: {a: b, a: c}\n", '4:14 duplicate field "a"'),
    "itself": ("kind: DatasetGroup\nname: g\nspec: &a\n  x: *a\n", "3:7 the alias refers to a node that contains it"),
    "merged-itself": (
        "kind: DatasetGroup\nname: g\nspec: &a\n  <<: *a\n",
        "3:7 the alias refers to a node that contains it",
    ),
    "deep": (f"kind: DatasetGroup\nname: g\nspec: {'[' * 200}{']' * 200}\n", "3:105 nested more than 100 levels deep"),
    "tag": ("kind: DatasetGroup\nname: !Ref g\nspec: {}\n", "2:7 unsupported YAML tag !Ref"),
    "key": ("kind: DatasetGroup\nname: g\nspec:\n  ? [a, b]\n  : c\n", "4:5 the name of a field must be text"),
    "merge": ("kind: DatasetGroup\nname: g\nspec: {<<: 5}\n", "3:8 << must be a mapping or a list of mappings"),
    "list": ("- a\n- b\n", "1:1 expected a mapping with kind, name and spec"),
    "scalar": ("hello\n", "1:1 expected a mapping with kind, name and spec"),
}


@pytest.mark.parametrize(("text", "told"), FLAWS.values(), ids=FLAWS)
def test_what_yaml_allows_and_a_manifest_cannot_mean(folder: Folder, text: str, told: str) -> None:
    """Each of them is a problem at its place."""
    folder.write("group.yaml", text)

    assert folder.problem() == f"group.yaml:{told}"


ERRORS = {
    "quote": (b"kind: DatasetGroup\nname: 'g\n", "3:1 invalid YAML: while scanning a quoted scalar"),
    "tab": (b"kind: DatasetGroup\nspec:\n\tx: 1\n", "3:1 invalid YAML: while scanning for the next token"),
    "bracket": (b"kind: DatasetGroup\nspec: {a: [b}\n", "2:13 invalid YAML: while parsing a flow sequence"),
    "alias": (b"kind: DatasetGroup\nname: *a\n", "2:7 invalid YAML: found undefined alias"),
    "control": (b"kind: DatasetGroup\nname: a\x01\n", "2:8 invalid YAML: character 0x01 is not allowed"),
    "latin": (b"kind: DatasetGroup\nname: caf\xe9\n", "group.yaml: not UTF-8"),
    "abyss": (b"[" * 20000, ":1:100 nested more than 100 levels deep"),
}


@pytest.mark.parametrize(("content", "told"), ERRORS.values(), ids=ERRORS)
def test_what_is_no_yaml(folder: Folder, content: bytes, told: str) -> None:
    """A syntax error is a problem at its place; references to documents that the file may contain are not checked."""
    (folder.path / "group.yaml").write_bytes(content)
    folder.write(
        "filter.yaml",
        "kind: Filter\nname: f\nspec: {datasetGroup: g, filterExpression: INCLUDE ItemID WHERE Items.A IN ($X)}\n",
    )

    assert told in folder.problem()


def test_a_broken_project_file_is_not_called_missing(folder: Folder) -> None:
    """If a file cannot be read, the project may be in it, so it is not reported as missing."""
    folder.write("project.yaml", "kind: Project\nname: [\n")

    assert "invalid YAML" in folder.problem()


def test_a_broken_file_does_not_hide_other_problems(folder: Folder) -> None:
    """A broken file does not keep other files from being read and checked."""
    folder.write("a.yaml", "kind: [\n")
    folder.write("b.yaml", "{kind: Campaign, name: c, spec: {solutionVersion: v, minProvisionedTPS: '${tps}', x: 1}}")

    assert [told.split(" ", 1)[0] for told in folder.problems()] == ["a.yaml:2:1", "b.yaml:1:83"]
