"""`validate --data`: the files of imports and batch jobs, in folders and in S3."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from personalize_gitops.cli import run
from tests.support.events import LOCAL, SHOP
from tests.support.project import Project, working_in
from tests.support.served import served

RANK = """
kind: Solution
name: rank
spec: {datasetGroup: shop, recipe: aws-user-personalization-v2, performAutoTraining: false}
"""
BEST = """
kind: Recommender
name: best
spec: {datasetGroup: shop, recipe: aws-ecomm-popular-items-by-views}
"""
HEADER = "USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n"
VALID = "".join(f"u{n % 100},i{n % 9},{'View' if n % 4 else 'Click'},{n}\n" for n in range(1200))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("project.yaml", LOCAL)
    project.write("shop.yaml", SHOP)
    return project


def put(project: Project, rows: str, name: str = "events/a.csv") -> None:
    path = project.folder / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + rows)


def test_valid_data(project: Project) -> None:
    """Rows and the share of each event type are told; without --data no file is read."""
    put(project, VALID)

    ended, without = project.run("validate", "--data"), project.run("validate")

    assert ended.out == ("Dataset/events: 1,200 rows: View 75.0%, Click 25.0%\nValid: 4 documents, for target local.\n")
    assert (ended.code, without.out) == (0, "Valid: 4 documents, for target local.\n")


def test_rows_that_an_import_refuses(project: Project) -> None:
    """Each sort of wrong rows is told once: its first row, the column, the reason and how many more there are."""
    put(project, f"{VALID}u1,i1,View,noon\nu1,,View,1\nu1,i1,View,night\nu1,i1\n")

    ended = project.run("validate", "--data")

    assert ended.code == 3
    place = Path("data", "events", "a.csv")
    assert ended.out.splitlines()[:3] == [
        f"{place}:1202:1  DatasetImportJob/events  TIMESTAMP is not of type long: noon (1 more row) [PG904]",
        f"{place}:1203:1  DatasetImportJob/events  ITEM_ID is empty, and the schema does not allow null [PG903]",
        f"{place}:1205:1  DatasetImportJob/events  expected 4 values, found 2 [PG903]",
    ]


def test_what_the_emulator_imports(project: Project) -> None:
    """Data that validate accepts is imported, and data that it refuses fails the import."""
    apply = ("apply", "--auto-approve", "--rerun", "DatasetImportJob/events")
    for rows, codes in ((VALID, (0, 0)), (f"{VALID}u1,i1,View,noon\n", (3, 10))):
        put(project, rows)

        assert (project.run("validate", "--data").code, project.run(*apply).code) == codes


def test_json(project: Project) -> None:
    """JSON has the counts as numbers, and the parameters of each reason."""
    put(project, f"{VALID}u1,i1,View,1596238243000\n")

    report = json.loads(project.run("validate", "--data", "--output", "json").out)

    assert report["data"] == [{"dataset": "Dataset/events", "rows": 1201, "eventTypes": {"View": 901, "Click": 300}}]
    assert [(each["code"], each["severity"], each["line"]) for each in report["problems"]] == [
        ("PG906", "warning", 1202)
    ]


def test_files_in_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a target that is an account are read from its buckets: those directly in the folder."""
    with served(tmp_path, monkeypatch) as small:
        small.project.write("shop.yaml", SHOP)
        small.emulator.put_bucket(
            "shop", {"events/a.csv": f"{HEADER}{VALID}u1,i1\n", "events/old/b.csv": "nonsense", "events/c.txt": "x"}
        )

        ended = small.project.run("validate", "--data")

    assert ended.err == ""
    assert ended.out.splitlines()[0] == (
        "s3://shop/events/a.csv:1202:1  DatasetImportJob/events  expected 4 values, found 2 [PG903]"
    )
    assert ended.code == 3


class Terminal(StringIO):
    """A terminal that remembers what was written."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_the_check_is(project: Project) -> None:
    """One line with a bar is rewritten, and gone at the end."""
    put(project, VALID * 10)
    terminal = Terminal()

    with working_in(project.folder), redirect_stdout(StringIO()), redirect_stderr(terminal):
        run(["validate", "--data"])

    *shown, last = terminal.getvalue().split("\r\x1b[K")
    assert re.fullmatch(r"\[#+\.+\]  \d\d% .*a\.csv", shown[1])
    assert shown[-1].startswith(f"[{'#' * 30}] 100%")
    assert last == ""


def test_too_few_users(project: Project) -> None:
    """A training needs 25 users with two interactions."""
    put(project, "".join(f"u{n % 10},i{n},View,{n}\n" for n in range(1200)))
    project.write("rank.yaml", RANK)

    told = project.run("validate", "--data").out

    assert "10 users have two or more interactions: a training needs 25, or 1% of all users [PG911]" in told


def test_event_types_of_a_use_case(project: Project) -> None:
    """A use case needs its event types letter for letter, before money is spent on it."""
    put(project, VALID.replace("View", "view"))
    project.edit("shop.yaml", "name: shop\nspec: {}", "name: shop\nspec: {domain: ECOMMERCE}")
    project.edit("shop.yaml", "  schema:\n    type", "  domain: ECOMMERCE\n  schema:\n    type")
    project.write("best.yaml", BEST)

    told = project.run("validate", "--data").out

    assert "Recommender/best  warning: no row has the event type View; the data has view and Click [PG912]" in told
