"""Values that manifests take from the environment appear in no output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize_gitops.render.formats import formats_of
from tests.support.project import Project, Result
from tests.support.served import Served, served

FIRST, SECOND, SHORT = "a-secret-of-the-environment", "another-secret-of-it", "xyz"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """An applied group with tags and a role from the environment: whole values, parts of values and a variable."""
    monkeypatch.setenv("SECRET", FIRST)
    monkeypatch.setenv("SHORT", SHORT)
    monkeypatch.setenv("EMPTY", "")
    with served(tmp_path, monkeypatch) as found:
        project = found.project
        project.edit(
            "project.yaml",
            "spec:\n",
            "spec:\n  tags: {common: '${env:SECRET}'}\n  variables: {inside: 'v-${env:SHORT}'}\n",
        )
        project.write(
            "group.yaml",
            """
kind: DatasetGroup
name: shop
tags: {whole: "${env:SECRET}", part: "key=${env:SECRET}", short: "${env:SHORT}", var: "${inside}", none: "${env:EMPTY}"}
spec: {}
---
kind: Schema
name: events
spec:
  schema:
    type: record
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {name: USER_ID, type: string}
      - {name: ITEM_ID, type: string}
      - {name: TIMESTAMP, type: long}
""",
        )
        assert project.run("apply", "--auto-approve", "--no-wait").code == 9
        yield found


def text_of(*results: Result) -> str:
    return "".join(result.out + result.err for result in results)


def test_a_changed_secret_shows_as_a_change(shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan and a drift report mask both values of a field that contains one from the environment."""
    monkeypatch.setenv("SECRET", SECOND)

    planned, drifted = shop.project.run("plan"), shop.project.run("drift")

    for field in ("tags.whole", "tags.part", "tags.common"):
        assert any(line.split()[0] == field and "*** (before) → *** (after)" in line for line in fields(planned)), field
    assert "*** (before) → *** (after)" in drifted.out
    assert FIRST not in text_of(planned, drifted)
    assert SECOND not in text_of(planned, drifted)


def fields(result: Result) -> list[str]:
    return [line for line in result.out.splitlines() if line.startswith("      ")]


@pytest.mark.parametrize(("name", "field"), [("SHORT", "tags.short"), ("SHORT", "tags.var"), ("EMPTY", "tags.none")])
def test_short_and_empty_secrets(shop: Served, monkeypatch: pytest.MonkeyPatch, name: str, field: str) -> None:
    """A short value, one in a variable of the project, and a value that was empty are masked at their path."""
    monkeypatch.setenv(name, "qrs")

    planned = shop.project.run("plan")

    assert any(line.split()[0] == field and "*** (before) → *** (after)" in line for line in fields(planned))
    assert "qrs" not in text_of(planned)
    assert SHORT not in text_of(planned)


def test_a_plan_file_has_no_secret(shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan file and JSON output are masked too; the file is refused if the environment has changed since."""
    monkeypatch.setenv("SECRET", SECOND)

    shown = shop.project.run("plan", "--out", "plan.json", "--output", "json")
    file = (shop.project.folder / "plan.json").read_text()

    assert FIRST not in file + text_of(shown)
    assert SECOND not in file + text_of(shown)
    (change,) = json.loads(file)["changes"]
    assert {"path": "tags.whole", "before": "*** (before)", "after": "*** (after)"} in change["fields"]
    monkeypatch.setenv("SECRET", f"{SECOND}-else")
    assert shop.project.run("apply", "plan.json", "--auto-approve").code == 6
    monkeypatch.setenv("SECRET", SECOND)
    assert shop.project.run("apply", "plan.json", "--auto-approve").code == 0


def test_no_format_has_a_secret(shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every format of every report is masked: plan, drift, status and apply, and the summary of a job."""
    monkeypatch.setenv("SECRET", SECOND)
    folder = shop.project.folder / "out"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))

    for command, document in (("plan", "plan"), ("drift", "drift"), ("status", "status"), ("apply", "apply")):
        outputs = [f"--output={name}=out/{command}.{name}" for name in formats_of(document)]
        approved = ["--auto-approve"] if command == "apply" else []
        assert shop.project.run(command, *outputs, *approved).code in (0, 2)

    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert {"plan.md", "plan.html", "plan.github", "plan.gitlab", "apply.ndjson", "summary.md"} <= written.keys()
    assert [name for name, text in written.items() if FIRST in text or SECOND in text] == []
    assert "+ *** (after)" in written["plan.md"]
    assert "+ *** (after)" in written["plan.html"]


def test_messages_of_the_service_that_repeat_a_secret(shop: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal, a failure reason and an error that end the program are masked."""
    monkeypatch.setenv("SECRET", SECOND)
    faults, project = shop.emulator.faults, shop.project
    project.write("more.yaml", "kind: DatasetGroup\nname: more\nspec: {}\n")
    faults.refuse("TagResource", "InvalidInputException", f"{SECOND} is no value")
    faults.fail("DatasetGroup/more", f"no such role: {SECOND}")
    applied = project.run("apply", "--auto-approve", "--output", "json=out.json", "--output", "text", "--no-wait")
    shown = [project.run("status"), project.run("plan")]
    faults.refuse("ListDatasetGroups", "AccessDeniedException", f"not for {SECOND}")
    ended = project.run("plan")

    assert "*** is no value" in text_of(applied)
    assert "no such role: ***" in text_of(*shown)
    assert "not for ***" in ended.err
    written = (project.folder / "out.json").read_text()
    assert SECOND not in written + text_of(applied, *shown, ended)


PROBLEMS = {
    "a value": ("xx-secret-value", 'kind: DatasetGroup\nname: g\nspec: {domain: "${env:BAD}"}\n'),
    "a short value": ("xx7", 'kind: DatasetGroup\nname: g\nspec: {domain: "${env:BAD}"}\n'),
    "a reference": (
        "xx-secret-value",
        'kind: Filter\nname: g\nspec: {datasetGroup: "${env:BAD}", filterExpression: x}\n',
    ),
    "an expression": (
        "xx-secret-value",
        """
kind: DatasetGroup
name: shop
spec: {}
---
kind: Filter
name: g
spec: {datasetGroup: shop, filterExpression: "EXCLUDE ItemID WHERE ${env:BAD}.A = 1"}
""",
    ),
    "a file": (
        "xx-secret-value",
        'kind: Filter\nname: g\nspec: {datasetGroup: shop, filterExpression: {file: "${env:BAD}"}}\n',
    ),
    "a target": ("xx7", "kind: Project\nname: p\nspec: {targets: {t: {account: '${env:BAD}', region: eu-west-1}}}\n"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """A problem of a value from the environment does not show the value."""
    secret, text = PROBLEMS[case]
    monkeypatch.setenv("BAD", secret)
    project = Project(tmp_path)
    project.write("a.yaml", text)
    if case != "a target":
        project.write("project.yaml", "kind: Project\nname: p\nspec: {targets: {t: {region: eu-west-1}}}\n")

    results = [project.run("validate"), project.run("validate", "--output", "json")]

    assert [result.code for result in results] == [3, 3]
    assert secret not in text_of(*results)
    assert "***" in text_of(*results)
