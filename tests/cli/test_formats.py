"""The formats of `--output`: what a command writes, and where."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest

from personalize_gitops.cli import run
from tests.support.project import Project, working_in


def test_markdown_of_every_command(project: Project) -> None:
    """plan, apply, status and drift write Markdown, to stdout or to a file."""
    planned = project.run("plan", "--target", "local", "--output", "md")
    applied = project.run("apply", "--target", "local", "--auto-approve", "--output", "md=out/apply.md")
    shown = [project.run(command, "--target", "local", "--output", "md") for command in ("status", "drift", "plan")]

    assert planned.out.startswith("## Plan for `movielens`, target `local`\n")
    assert "Next, once this is approved: `personalize-gitops apply --target local`" in planned.out
    assert (project.folder / "out" / "apply.md").read_text().startswith("## Apply to `movielens`, target `local`\n")
    assert [each.out.split("\n")[0].split(" `")[0] for each in shown] == ["## Status of", "## Drift in", "## Plan for"]
    assert "**No changes. 22 in sync.**" in shown[2].out
    assert applied.code == 0


@pytest.mark.parametrize(
    ("variables", "base"),
    [
        (
            {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc"},
            "https://github.com/o/r/blob/abc/",
        ),
        ({"CI_PROJECT_URL": "https://gitlab.com/o/r", "CI_COMMIT_SHA": "abc"}, "https://gitlab.com/o/r/-/blob/abc/"),
        ({}, ""),
    ],
)
def test_links_lead_to_the_repository(
    project: Project, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], base: str
) -> None:
    """In a pipeline of GitHub or GitLab a link is the address of the line at this commit; elsewhere it is relative."""
    for name in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    shown = project.run("plan", "--target", "local", "--output", "md")

    assert f"]({base}manifests/similar.yaml#L11)" in shown.out


def test_links_from_a_folder_of_the_repository(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project in a folder of the repository links through this folder."""
    monkeypatch.setenv("CI_PROJECT_URL", "https://gitlab.com/o/r")
    monkeypatch.setenv("CI_COMMIT_SHA", "abc")
    monkeypatch.setenv("CI_PROJECT_DIR", str(project.folder.parent))

    shown = project.run("plan", "--target", "local", "--output", "md")

    assert f"](https://gitlab.com/o/r/-/blob/abc/{project.folder.name}/manifests/" in shown.out


def test_github_gets_annotations_and_a_summary(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Annotations go to stdout, the report is added to the summary of the job, and the last command adds its own."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project.folder / "summary.md"))

    planned = project.run("plan", "--target", "local", "--output", "github")
    applied = project.run("apply", "--target", "local", "--auto-approve", "--output", "github", "--output", "text")

    assert {line.split()[0] for line in planned.out.splitlines()} == {"::warning", "::notice"}
    assert "::" not in applied.out.splitlines()[0]
    titles = [line for line in (project.folder / "summary.md").read_text().splitlines() if line.startswith("## ")]
    assert titles == ["## Plan for `movielens`, target `local`", "## Apply to `movielens`, target `local`"]


EXPECTED = (
    "changes=22 to_create=16 to_update=0 to_replace=0 to_delete=0 to_run=6 to_adopt=0 to_forget=0 blocked=0 "
    "applyable=true risk=cost"
)


def test_later_steps_on_github_get_outputs(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a plan would do, its gravest risk, its fingerprint and its file; an apply and a drift check have theirs."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(project.folder / "output"))
    commands = (["plan", "--out", "a\nb"], ["apply", "--auto-approve"], ["drift"])

    shown = []
    for command in commands:
        project.run(*command, "--target", "local", "--output", "github")
        text = (project.folder / "output").read_text()
        shown.append(dict(line.split("=", 1) for line in text.splitlines()))
        (project.folder / "output").write_text("")

    planned, applied, drift = shown
    assert len(planned.pop("fingerprint")) == len(applied.pop("fingerprint")) == 64
    assert planned.pop("plan_path") == "a\\nb"
    assert planned == applied == dict(word.split("=") for word in EXPECTED.split())
    assert drift == {"drift": "0"}


def test_invalid_manifests_are_annotated(project: Project) -> None:
    """validate and plan write problems of manifests as annotations at their places."""
    project.edit("for-you.yaml", "minProvisionedTPS", "minimumTPS")

    shown = [project.run(command, "--output", "github") for command in ("validate", "plan")]

    assert [each.code for each in shown] == [3, 3]
    assert all(each.out.startswith("::error file=manifests/for-you.yaml,line=") for each in shown)


def test_gitlab_gets_counts(project: Project) -> None:
    """The report for the widget of a merge request is written to a file."""
    project.run("plan", "--target", "local", "--output", "gitlab=tfplan.json")

    assert (project.folder / "tfplan.json").read_text() == '{"create": 22, "update": 0, "delete": 0}\n'


def test_html_of_every_command(project: Project) -> None:
    """plan, apply, status and drift write a page; that of a plan draws what each change waits for."""
    planned = project.run("plan", "--target", "local", "--output", "html")
    applied = project.run("apply", "--target", "local", "--auto-approve", "--output", "html")
    shown = [project.run(command, "--target", "local", "--output", "html") for command in ("status", "drift", "plan")]

    assert "<title>Plan for movielens, target local</title>" in planned.out
    assert planned.out.count("<rect") == 22
    assert "<td><code>Campaign/for-you</code></td><td>created after " in applied.out
    assert "22 of 22 ready." in shown[0].out
    assert "No drift. 22 as declared." in shown[1].out
    assert "No changes. 22 in sync." in shown[2].out


@pytest.mark.parametrize(
    ("arguments", "type_", "code"),
    [
        (["plan", "--target", "nowhere", "--output", "json"], "InvalidChoice", 1),
        (["plan", "--output=json", "--onyl", "x"], "UsageError", 1),
        (["status", "--manifests", "missing", "--output", "json"], "InvalidChoice", 1),
    ],
)
def test_an_error_as_json(project: Project, arguments: list[str], type_: str, code: int) -> None:
    """A program that asks for JSON gets JSON, also if there is no result; the sentence is on stderr as always."""
    failed = project.run(*arguments)

    error = json.loads(failed.out)["error"]
    assert (error["type"], error["exitCode"], failed.code) == (type_, code, code)
    assert failed.err == f"Error: {error['message']}\n"


class Keyboard(StringIO):
    """A terminal at which an error is raised in place of an answer."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def isatty(self) -> bool:
        return True

    def readline(self, *_: object) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "type_", "code"),
    [(KeyboardInterrupt(), "Interrupted", 8), (ZeroDivisionError("1/0"), "ZeroDivisionError", 255)],
)
def test_an_end_without_a_result_as_json(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: BaseException, type_: str, code: int
) -> None:
    """An interruption and a bug are JSON too, where JSON was asked for."""
    monkeypatch.setattr("sys.stdin", Keyboard(error))
    err, out = Keyboard(error), StringIO()
    with working_in(project.folder), redirect_stdout(out):
        monkeypatch.setattr("sys.stderr", err)
        found = run(["apply", "--target", "local", "--output", "json"])

    told = json.loads(out.getvalue())["error"]
    assert (found, told["type"], told["exitCode"]) == (code, type_, code)
