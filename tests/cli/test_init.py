"""`init`: projects that can be applied as they are."""

from __future__ import annotations

import re
import sys
from io import StringIO
from pathlib import Path

import pytest

from personalize_gitops.cli import run
from personalize_gitops.manifest import load
from personalize_gitops.model.address import Address
from personalize_gitops.starting.template import TEMPLATES
from tests.support.movies import write_data
from tests.support.project import Project, Result, working_in

MODELS = {
    "movies": ("Recommender/top-picks", "Recommender/because-you-watched"),
    "shop": ("Recommender/recommended-for-you", "Recommender/bought-together"),
    "custom-recommendations": ("Campaign/for-you",),
    "similar-items": ("Campaign/similar",),
    "ranking": ("Campaign/ranked",),
    "segments": ("BatchSegmentJob/fans",),
    "next-best-action": ("Campaign/next-action",),
    "batch-only": ("BatchInferenceJob/for-everyone",),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty folder."""
    return Project(tmp_path)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_lives_through_its_first_hour(project: Project, template: str) -> None:
    """A new project is valid without a warning, applied as it is, then in sync, answers, and is destroyed."""
    assert project.run("init", "--template", template).code == 0
    valid = project.run("validate")
    assert re.fullmatch(r"Valid: \d+ documents, for targets local, prod\.\n", valid.out), valid.out

    applied = project.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert all(f"{model} " in applied.out for model in MODELS[template])
    assert project.run("plan").out.startswith("No changes. ")

    readme = (project.folder / "README.md").read_text()
    line = next(line for line in readme.splitlines() if line.startswith("5. "))
    command = line.split("`")[1].split()[1:]
    asked = project.run(*command)
    assert asked.code == 0, asked.err
    assert len(asked.out.splitlines()) > 4

    assert project.run("destroy", "--auto-approve").code == 0


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_every_project_has(project: Project, template: str) -> None:
    """Ten lines to the first apply, schemas, data, the targets local and prod, and a workflow that plans prod."""
    result = project.run("init", "my-shop", "--template", template, "--region", "eu-central-1")

    folder = project.folder / "my-shop"
    loaded = load(folder / "manifests")
    prod = loaded.project.spec.targets["prod"]
    assert result.out.splitlines()[1] == "Next: cd my-shop && personalize-gitops apply"
    assert re.findall(r"^(\d+)\. ", (folder / "README.md").read_text(), re.MULTILINE) == [*map(str, range(1, 11))]
    assert (loaded.target_name, prod.region, prod.account) == ("local", "eu-central-1", "111122223333")
    assert Address("DatasetGroup", "my-shop") in loaded.desired.documents
    assert {*(folder / "manifests" / "schemas").iterdir()}
    assert "@" not in "".join(path.read_text() for path in (folder / "manifests").glob("*.yaml"))
    assert "target: prod" in (folder / ".github" / "workflows" / "personalize.yml").read_text()


def test_the_next_command_can_be_copied(project: Project) -> None:
    """The name of the folder is quoted for a shell, and there is no `cd` in the folder itself."""
    elsewhere = project.run("init", "my shop", "--template", "shop")
    here = project.run("init", "--template", "shop")

    assert elsewhere.out == "Wrote 10 files to my shop.\nNext: cd 'my shop' && personalize-gitops apply\n"
    assert here.out == "Wrote 10 files to this folder.\nNext: personalize-gitops apply\n"


def test_nothing_is_overwritten(project: Project) -> None:
    """If one file of the project exists, none is written."""
    project.write("project.yaml", "mine")

    result = project.run("init", "--template", "movies")

    assert result.code == 1
    assert result.err.startswith("Error: manifests/project.yaml: already exists, and nothing is overwritten")
    assert [path.name for path in project.folder.rglob("*.*")] == ["project.yaml"]


def test_a_new_repository_keeps_its_own_files(project: Project) -> None:
    """A README and a .gitignore, which most repositories begin with, stay as they are."""
    for name in ("README.md", ".gitignore"):
        (project.folder / name).write_text("mine")

    result = project.run("init", "--template", "movies")

    assert result.code == 0
    assert result.out.startswith(
        "Wrote 8 files to this folder.\nKept README.md as it was.\nKept .gitignore as it was.\n"
    )
    assert {(project.folder / name).read_text() for name in ("README.md", ".gitignore")} == {"mine"}
    assert project.run("validate").code == 0


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def typed(project: Project, monkeypatch: pytest.MonkeyPatch, answers: str, *arguments: str) -> Result:
    """A command line with somebody at the terminal."""
    out, err = Terminal(), Terminal()
    with working_in(project.folder), monkeypatch.context() as patch:
        for name, stream in (("stdin", Terminal(answers)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        code = run(arguments)
    return Result(code, out.getvalue(), err.getvalue())


def test_a_person_is_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Template, region and group are asked for, again if the answer is not valid; an empty answer is the default."""
    result = typed(project, monkeypatch, "film\nranking\nEurope\neu-west-1\n\n", "init", "store")

    loaded = load(project.folder / "store" / "manifests")
    assert result.code == 0, result.err
    assert '"film" does not match movies|shop|' in result.err
    assert "Name of the dataset group [store]:" in result.err
    assert Address("Campaign", "ranked") in loaded.desired.documents
    assert loaded.project.spec.targets["prod"].region == "eu-west-1"


def test_a_person_leaves(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of input writes nothing."""
    result = typed(project, monkeypatch, "ranking\n", "init", "store")

    assert (result.code, [*project.folder.iterdir()]) == (5, [])
    assert "no answer; nothing was written" in result.err


def test_without_a_terminal_it_names_the_options(project: Project) -> None:
    """A pipeline does not hang: it is told what to pass."""
    result = project.run("init")

    assert result.code == 5
    assert result.err == (
        "Error: cannot ask: not a terminal; pass --template or --from-csv, and --region and --name as needed\n"
    )


@pytest.mark.parametrize("option", [("--region", "Europe"), ("--name", "a b"), ("--template", "film")])
def test_an_invalid_option(project: Project, option: tuple[str, str]) -> None:
    """A region, a name and a template are checked before anything is written."""
    result = project.run("init", "--template", "movies", *option)

    assert result.code == 1
    assert result.err.startswith(f"Error: argument {option[0]}: invalid ")
    assert [*project.folder.iterdir()] == []


def test_a_project_around_own_files(project: Project) -> None:
    """Schemas, datasets and imports of a user's files are valid, imported as they are, and then in sync."""
    write_data(project.folder / "export")
    paths = [f"export/{name}.csv" for name in ("interactions", "items", "users")]

    made = project.run("init", "store", "--from-csv", *paths)
    store = Project(project.folder / "store")

    assert made.code == 0, made.err
    assert made.out.endswith("\nNext: cd store && personalize-gitops validate --data && personalize-gitops apply\n")
    assert store.run("validate").out == "Valid: 10 documents, for targets local, prod.\n"
    applied = store.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert store.run("plan").out == "No changes. 10 in sync.\n"
    schema = load(store.manifests).desired.documents[Address("Schema", "items")].attributes["schema"]
    assert schema["fields"] == [
        {"name": "ITEM_ID", "type": "string"},
        {"name": "TITLE", "type": "string"},
        {"name": "GENRES", "type": "string", "categorical": True},
        {"name": "YEAR", "type": "int"},
    ]


def test_names_of_files_are_taken_as_they_are(project: Project) -> None:
    """Folders and files may have spaces, quotes, and what YAML, variables and addresses read as something else."""
    write_data(project.folder / 'ex "port" ${x} #1')
    (folder,) = project.folder.iterdir()
    file = (folder / "users.csv").rename(folder / "users #2 ${y}: a?b.csv")

    assert project.run("init", "my store", "--from-csv", str(file)).code == 0
    store = Project(project.folder / "my store")

    assert store.run("validate", "--data").code == 0
    assert store.run("apply", "--auto-approve").code == 0
    assert store.run("plan").out.startswith("No changes. ")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a.csv": "user_id,item_id,TIMESTAMP\nu,i,1\n"},
            "a.csv: no column is named USER_ID, ITEM_ID or ACTION_ID: rename user_id",
        ),
        (
            {"a.csv": "USER_ID,ITEM_ID,timestamp\nu,i,1\n"},
            "a.csv: Interactions needs a column TIMESTAMP: rename timestamp",
        ),
        ({"a.csv": "USER_ID,ITEM_ID,TIMESTAMP\nu,i\n"}, "a.csv:2: expected 3 values, found 2"),
        (
            {"a.csv": "USER_ID,ITEM_ID,TIMESTAMP\nu,i,2024-01-01\n"},
            'a.csv: TIMESTAMP has whole numbers, found "2024-01-01"',
        ),
        ({"a.csv": "USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE\nu,i,1,x\n"}, 'a.csv: EVENT_VALUE has numbers, found "x"'),
        ({"a.csv": "USER_ID;ITEM_ID;TIMESTAMP\nu;i;1\n"}, "a.csv: the columns are separated by semicolons: separate"),
        ({"a.csv": "USER_ID\tITEM_ID\tTIMESTAMP\nu\ti\t1\n"}, "a.csv: the columns are separated by tabs"),
        ({"a.csv": "\ufeffUSER_ID,ITEM_ID,TIMESTAMP\nu,i,1\n"}, "a.csv: the file begins with a byte order mark: save"),
        ({"a.csv": "USER_ID,ITEM_ID,TIMESTAMP,USER_ID\nu,i,1,u\n"}, "a.csv: two columns are named USER_ID"),
        (
            {"a.csv": "USER_ID,ITEM_ID,TIMESTAMP,A\x1b: b\nu,i,1,u\n"},
            'a.csv: invalid column name "A\\x1b: b": expected',
        ),
        ({"a.csv": "USER_ID,ITEM_ID,TIMESTAMP,user_id\nu,i,1,u\n"}, "a.csv: user_id"),
        ({"a.csv": "USER_ID\nu\n"}, "a.csv: at least 1 categorical or numeric column of your own is required"),
        ({"a.csv": "USER_ID,ITEM_ID,TIMESTAMP\n"}, "a.csv: the file has no rows below the names of its columns"),
        ({"a.csv": ""}, "a.csv: the file is empty; its first line has the names of the columns"),
        (
            {"a.csv": "USER_ID,AGE\nu,1\n", "b.csv": "USER_ID,AGE\nu,1\n"},
            "two files are for the same dataset: Users, Users",
        ),
        (
            {"a.csv": "USER_ID,AGE\nu,1\n", "x/b.csv": "ITEM_ID,A\ni,1\n"},
            "the files are in different folders: move them into one",
        ),
    ],
)
def test_files_that_are_no_data_of_personalize(project: Project, files: dict[str, str], message: str) -> None:
    """The error names the file, what it lacks, and a column to rename; nothing is written."""
    for name, text in files.items():
        (project.folder / name).parent.mkdir(exist_ok=True)
        (project.folder / name).write_text(text)

    result = project.run("init", "store", "--from-csv", *files)

    assert result.code == 1
    assert result.err.startswith(f"Error: {message}")
    assert not (project.folder / "store").exists()
