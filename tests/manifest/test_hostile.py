"""Hostile and careless manifests end quickly, with a problem at a place, and read nothing that is not theirs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.render.reasons import full_text
from tests.manifest.writing import PROJECT, Folder

FILTERED = "kind: Filter\nname: f\nspec:\n  datasetGroup: g\n  filterExpression: @\n"
LAUGHS = "\n".join(f"  x{n}: &x{n} [{', '.join([f'*x{n - 1}' if n else 'lol'] * 9)}]" for n in range(40))
MERGES = "\n".join(
    f"  x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}" if n else "  x0: &x0 {a: b}" for n in range(40)
)
CHAIN = "\n".join(f"  x{n}: &x{n} [{f'*x{n - 1}' if n else 'end'}]" for n in range(200))

BOMBS = {
    "aliases": (LAUGHS, "the aliases of the file repeat more than 10,000 values"),
    "merge keys": (MERGES, "the aliases of the file repeat more than 10,000 values"),
    "a chain of aliases": (CHAIN, "nested more than 100 levels deep"),
    "brackets": (f"  x: {'[' * 100_000}{']' * 100_000}", "nested more than 100 levels deep"),
    "open brackets": ("  x: " + "[" * 100_000, "nested more than 100 levels deep"),
    "braces": ("  x: " + "{a: " * 100_000, "nested more than 100 levels deep"),
    "lists": ("  x:\n    " + "- " * 100_000, "nested more than 100 levels deep"),
    "keys": ("  x:\n    " + "? " * 100_000, "nested more than 100 levels deep"),
}


@pytest.mark.parametrize(("spec", "told"), BOMBS.values(), ids=BOMBS)
def test_a_document_that_grows_or_is_too_deep_is_refused(folder: Folder, spec: str, told: str) -> None:
    """A bomb of aliases, merge keys or nesting is one problem with a place."""
    folder.write("bomb.yaml", f"kind: DatasetGroup\nname: bomb\nspec:\n{spec}\n")

    problem = folder.problem()

    assert problem.startswith("bomb.yaml:")
    assert told in problem


@pytest.mark.parametrize("depth", [101, 200_000])
def test_a_schema_of_deep_json_is_refused(folder: Folder, depth: int) -> None:
    """JSON in a text is not nested more deeply than YAML may be, and the problem has a code like any other."""
    folder.write("deep.yaml", f"kind: Schema\nname: deep\nspec:\n  schema: '{'[' * depth}{']' * depth}'\n")

    with pytest.raises(ManifestError) as caught:
        folder.load()

    (problem,) = caught.value.problems
    assert (problem.check, full_text(problem.reason, None)) == ("PG003", "nested more than 100 levels deep")


def test_many_documents_may_share_values_by_aliases(folder: Folder) -> None:
    """The limit of aliases grows with the file: thousands of documents that each use one are fine."""
    one = "{{kind: DatasetGroup, name: d{}, spec: {{}}, tags: &t {{a: b, c: d}}, lifecycle: {{ignore: [tags.a]}}}}"
    folder.write("many.yaml", "\n---\n".join(one.format(n) for n in range(50)))

    assert len(folder.load().desired.documents) == 51


VARIABLES = {
    "that double": {f"v{n}": f"${{v{n + 1}}}" * 2 for n in range(60)} | {"v60": "x"},
    "that repeat nothing": {f"v{n}": f"${{v{n + 1}}}" * 2 for n in range(60)} | {"v60": ""},
    "in a long chain": {f"v{n}": f"${{v{n + 1}}}" for n in range(1000)} | {"v1000": "x"},
    "that are long": {"v0": "x" * 30_000},
}


@pytest.mark.parametrize("variables", VARIABLES.values(), ids=VARIABLES)
def test_variables_that_grow_are_refused(folder: Folder, variables: dict[str, str]) -> None:
    """Variables that fill in more than any value may have are a problem where they are used."""
    lines = "\n".join(f'    {name}: "{value}"' for name, value in variables.items())
    folder.write(
        "project.yaml",
        PROJECT.replace("  targets:", f"{lines}\n  targets:").replace(
            'variables: {tps: 2, word: red, ring: "${gnir}", gnir: "${ring}"}', "variables:"
        ),
    )
    folder.write("group.yaml", "kind: DatasetGroup\nname: g\nspec: {}\ntags: {a: '${v0}'}\n")

    assert folder.problem() == "group.yaml:4:11 the variables fill in too much: expected at most 20,000 characters"


UNQUOTED = {
    "alone": ("{name: ${word}}", "5:29"),
    "in a list": ("[${word}]", "5:23"),
    "in a text": ("{name: a-${word}}", "5:31"),
    "behind a colon that the C parser refuses": ("{at: s3://b/k, name: ${word}}", "5:43"),
}


@pytest.mark.parametrize(("text", "place"), UNQUOTED.values(), ids=UNQUOTED)
def test_an_unquoted_variable_inside_of_brackets(folder: Folder, text: str, place: str) -> None:
    """YAML takes its brace for a mapping; the problem is at the brace and says to quote it."""
    folder.write("filter.yaml", FILTERED.replace("@", text))

    assert folder.problem() == (
        f'filter.yaml:{place} quote the variable: inside of {{…}} and […], YAML needs "${{name}}"'
    )


UNTERMINATED = ["${word", "x ${", "${word} ${word", "'${env:HOME'"]


@pytest.mark.parametrize("text", UNTERMINATED)
def test_an_unterminated_variable(folder: Folder, text: str) -> None:
    """A `${` without a brace at the end is a problem, not text."""
    folder.write("group.yaml", f"kind: DatasetGroup\nname: g\nspec: {{}}\ntags:\n  a: {text}\n")

    assert "group.yaml:5:6 a variable has no closing brace" in folder.problem()


def test_an_escaped_variable_needs_no_closing_brace(folder: Folder) -> None:
    """`$${` is the text `${`."""
    folder.write("filter.yaml", FILTERED.replace("@", "'$${word'"))

    assert "found '$'" in folder.problem()


def test_one_colon_inside_of_brackets_costs_no_slow_parser(folder: Folder) -> None:
    """Thousands of documents with one `{at: s3://…}` are composed by the C parser alone, with their places."""
    documents = "".join(f"---\n{{kind: DatasetGroup, name: d{n}, spec: {{}}}}\n" for n in range(3_000))
    folder.write(
        "many.yaml",
        f"{documents}---\n{{kind: DatasetGroup, name: last, spec: {{}}, tags: {{at: s3://b/k, x: 12:30}}, no: 1}}",
    )

    assert folder.problem() == "many.yaml:6002:76 no: unknown field"


SPECIAL: dict[str, Callable[[Path], None]] = {
    "fifo": lambda path: os.mkfifo(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_a_file_that_cannot_be_a_manifest(folder: Folder, kind: str) -> None:
    """A pipe with the name of a manifest is told, and not waited for; a folder is a folder."""
    SPECIAL[kind](folder.path / "x.yaml")

    if kind == "folder":
        assert folder.load()
    else:
        assert folder.problem() == f"x.yaml:1:1 cannot read {folder.path}/x.yaml: not a regular file"


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_value_from_something_that_is_no_file(folder: Folder, kind: str) -> None:
    """`{file: …}` of a pipe, a device, a link to itself or a folder is a problem at the place of the name."""
    SPECIAL[kind](folder.path / "x.txt")
    folder.write("filter.yaml", FILTERED.replace("@", "{file: x.txt}"))

    assert folder.problem().startswith("filter.yaml:5:28 ")


def test_a_large_file_is_no_value(folder: Folder) -> None:
    """`{file: …}` of more bytes than any value can have is a problem."""
    (folder.path / "x.txt").write_bytes(b"x" * (2**18 + 1))
    folder.write("filter.yaml", FILTERED.replace("@", "{file: x.txt}"))

    assert "expected at most 262,144 bytes" in folder.problem()


def test_a_link_to_a_folder_above_is_refused(folder: Folder) -> None:
    """A loop of links is one problem, and no document is read twice."""
    (folder.path / "sub").mkdir()
    (folder.path / "sub" / "up").symlink_to("..")

    assert folder.problem() == "sub/up:1:1 the symbolic link leads to a folder that contains the link"


def test_links_that_double_the_folders_are_refused(folder: Folder) -> None:
    """Forty folders, each linked twice from the one before, are not walked through."""
    for n in range(40):
        here = folder.path / f"d{n}"
        here.mkdir()
        (here / "a").symlink_to(f"../d{n + 1}")
        (here / "b").symlink_to(f"../d{n + 1}")

    assert "expected at most 10,000 folders in the manifests" in folder.problem()


@pytest.mark.parametrize("levels", [101, 900, 100_000])
def test_deep_json_in_a_schema_is_refused(folder: Folder, levels: int) -> None:
    """A schema as JSON text is nested no more deeply than one in YAML."""
    (folder.path / "items.avsc").write_text(f'{{"a": {"[" * levels}{"]" * levels}}}')
    folder.write("items.yaml", "kind: Schema\nname: items\nspec: {schema: {file: items.avsc}}\n")

    assert folder.problem().startswith("items.yaml:3:8 schema: ")


def test_a_number_of_many_digits_in_a_schema_is_refused(folder: Folder) -> None:
    """JSON has a number that Python does not convert."""
    (folder.path / "items.avsc").write_text(f'{{"a": {"9" * 5000}}}')
    folder.write("items.yaml", "kind: Schema\nname: items\nspec: {schema: {file: items.avsc}}\n")

    assert folder.problem().startswith("items.yaml:3:8 schema: ")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that is not the project's."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("kind: hunter2\nname: hunter2\n")
    return outside / "secret.yaml"


OUTSIDE: dict[str, Callable[[Path, Path], str]] = {
    "relative": lambda folder, secret: f"{{file: {os.path.relpath(secret, folder)}}}",
    "absolute": lambda folder, secret: f"{{file: {secret}}}",
    "behind a link": lambda folder, secret: "{file: link.txt}",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_value_from_a_file_outside_is_refused(folder: Folder, secret: Path, name: str) -> None:
    """`{file: …}` does not leave the folder that holds the manifests, and the text is not told."""
    (folder.path / "link.txt").symlink_to(secret)
    folder.write("filter.yaml", FILTERED.replace("@", OUTSIDE[name](folder.path, secret)))

    problem = folder.problem()

    assert "is outside of the project (move the file, or add its folder to fileRoots of the project)" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize("of_folder", [True, False])
def test_a_link_out_of_the_manifests_is_not_followed(folder: Folder, secret: Path, *, of_folder: bool) -> None:
    """A manifest that is a link to a file outside, or in a folder outside, is told and not read."""
    (folder.path / "x.yaml").symlink_to(secret.parent if of_folder else secret)

    problem = folder.problem()

    assert problem.startswith("x.yaml:1:1 ")
    assert "outside of" in problem
    assert "hunter2" not in problem


def test_the_project_adds_folders(folder: Folder, secret: Path) -> None:
    """Files and links below a folder in `fileRoots` may be read."""
    relative = os.path.relpath(secret.parent, folder.path)
    folder.write("project.yaml", PROJECT.replace("spec:\n", f"spec:\n  fileRoots: [{relative}]\n"))
    secret.write_text("{kind: DatasetGroup, name: shared, spec: {}}")
    (secret.parent / "word.txt").write_text("red")
    (folder.path / "shared").symlink_to(secret.parent)

    folder.write("group.yaml", f"kind: DatasetGroup\nname: g\nspec: {{}}\ntags: {{a: {{file: {relative}/word.txt}}}}\n")
    assert sorted(document.tags.get("a", "") for document in folder.load().desired.documents.values()) == ["", "red"]


def test_the_text_of_a_file_is_not_repeated_in_a_problem(folder: Folder) -> None:
    """A file inside the project, such as one with passwords, can be named by mistake too."""
    (folder.path / "env.txt").write_text("PASSWORD=hunter2")
    folder.write("solution.yaml", "kind: Solution\nname: s\nspec: {datasetGroup: g, recipe: {file: env.txt}}\n")

    assert folder.problem() == 'solution.yaml:3:25 recipe: unknown recipe "***"'


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    """Without any document, and without a folder, the remedy is `init`."""
    with pytest.raises(ManifestError) as empty:
        load(tmp_path)
    with pytest.raises(InvalidChoice) as missing:
        load(tmp_path / "nowhere")

    (problem,) = empty.value.problems
    assert full_text(problem.reason, problem.suggestion) == (
        "no manifests in the folder; begin with `personalize-gitops init`, which writes a project"
    )
    assert "personalize-gitops init" in full_text(missing.value.reason, missing.value.suggestion)


OF = "arn:aws:personalize:eu-west-1:111122223333"
ARNS = {
    "a solution where its version is meant": f"{OF}:solution/s",
    "another kind": f"{OF}:campaign/c",
}


@pytest.mark.parametrize("arn", ARNS.values(), ids=ARNS)
def test_an_arn_of_another_kind_is_refused(folder: Folder, arn: str) -> None:
    """A reference by ARN has to be the ARN of its kind."""
    folder.write("campaign.yaml", f"kind: Campaign\nname: c\nspec:\n  solutionVersion: {arn}\n")

    assert folder.problem() == (
        f"campaign.yaml:4:3 solutionVersion: expected the ARN of a SolutionVersion, found {arn}"
    )


def test_a_version_where_a_solution_is_meant(folder: Folder) -> None:
    """The ARN of a version is not that of its solution, although it begins with it."""
    folder.write("version.yaml", f"kind: SolutionVersion\nname: v\nspec:\n  solution: {OF}:solution/s/1\n")

    assert "expected the ARN of a Solution, found" in folder.problem()
