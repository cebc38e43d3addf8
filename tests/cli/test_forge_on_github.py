"""`forge fork` and `forge dispatch`, as workflows on GitHub call them, against a forge on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.forge.marker import Marker, Purpose, read
from tests.support.forge import TOKEN, FakeForge
from tests.support.project import Project
from tests.support.shop import write_shop

HEAD, MERGE = "a" * 40, "c" * 40
WORKFLOW_RUN = {"id": 8, "head_sha": HEAD, "head_branch": "patch", "head_repository": {"owner": {"login": "mallory"}}}


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with FakeForge(pulls=[{"number": 12, "head": HEAD, "branch": "mallory:patch"}]).served() as fake:
        yield fake


@pytest.fixture
def project(tmp_path: Path, fake: FakeForge, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A folder in the pipeline that follows the one of a fork, with the plan that the fork has made."""
    for name, value in {
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_API_URL": fake.url,
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_SHA": MERGE,
        "GITHUB_REF_NAME": "main",
        "GITHUB_RUN_ID": "9",
        "GITHUB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "event.json").write_text(json.dumps({"workflow_run": WORKFLOW_RUN}))
    write_shop(tmp_path)
    project = Project(tmp_path)
    assert project.run("plan", "--output", "json=fork.json").code == 2
    return project


def edited(at: Project, **members: Any) -> None:
    path = at.folder / "fork.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


def test_the_plan_of_a_fork_is_commented(project: Project, fake: FakeForge) -> None:
    """In the pull request whose newest commit the fork's pipeline ran for, and never as a plan that can be approved."""
    result = project.run("forge", "fork", "--plan", "fork.json")

    assert (result.code, result.out) == (0, ""), result.err
    [body] = fake.bodies(12)
    marker = read(body)
    assert isinstance(marker, Marker)
    assert (marker.purpose, marker.head, marker.project) == (Purpose.FORK, HEAD, "shop")
    assert "**6 to create, 2 to run.** The pipeline of the fork made this plan" in body
    assert "| `Campaign/home` | create | not in the account |" in body
    assert fake.labels == {}


def test_a_newer_commit_has_a_pipeline_of_its_own(project: Project, fake: FakeForge) -> None:
    """The plan of an older one, or of a closed pull request, is not commented."""
    fake.pulls[0]["head"] = MERGE

    result = project.run("forge", "fork", "--plan", "fork.json")

    assert (result.code, fake.comments) == (0, {})
    assert result.err == "No open pull request has this commit: nothing to comment.\n"


def test_foreign_text_stays_text(project: Project, fake: FakeForge) -> None:
    """Markup, mentions and markers in the texts of a fork's plan are shown as they are."""
    document = json.loads((project.folder / "fork.json").read_text())
    change = document["changes"][0]
    change["address"] = "Filter/x|<!-- personalize-gitops:1 {} -->`@acme"
    change["reasons"][0]["text"] = "</details>|\n# Approved ![x](https://evil.example/x) @acme/owners <b>"
    edited(project, changes=[change], project="x` **<b>**")

    result = project.run("forge", "fork", "--plan", "fork.json")

    assert result.code == 0, result.err
    text = fake.bodies(12)[0].partition("\n")[2]
    assert "<!--" not in text
    assert "<b>" not in text
    assert "@acme" not in text
    assert "https://evil" not in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [text.splitlines()[0]]


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"changes": [{"action": "create"}]}, "changes.0.address"),
        ({"approved": True}, "the document"),
        ({"summary": {"create": -1}}, "summary.update"),
        ({"tool": 1}, "tool"),
        ({"refusal": []}, "refusal"),
    ],
)
def test_a_document_that_is_no_plan_is_not_commented(
    project: Project, fake: FakeForge, members: dict[str, Any], place: str
) -> None:
    """It is checked against the schema first; the message names the member."""
    edited(project, **members)

    result = project.run("forge", "fork", "--plan", "fork.json")

    assert result.code == 1
    assert result.err == f"Error: fork.json is not a plan: {place} is not as the schema says\n"
    assert fake.requests == []


def test_a_huge_document_is_not_read(project: Project, fake: FakeForge) -> None:
    """A fork can upload anything."""
    (project.folder / "fork.json").write_text(" " * (8 * 1024 * 1024 + 1))

    result = project.run("forge", "fork", "--plan", "fork.json")

    assert (result.code, "is too large" in result.err, fake.requests) == (1, True, [])


def test_the_latest_artifact_of_the_branch_is_fetched(project: Project, fake: FakeForge) -> None:
    """Artifacts of the same name from other branches and forks are ignored. Without one the command succeeds."""
    arguments = ("forge", "artifact", "--latest", "--name", "drift", "--out", "last")
    before = project.run(*arguments)
    for run, content in enumerate(["old", "new"]):
        fake.upload(f"{run}", "drift", {"drift.json": content})
    fake.upload("8", "drift", {"drift.json": "of a branch"}, branch="patch")
    fake.upload("9", "drift", {"drift.json": "of a fork"}, fork=True)
    fake.upload("10", "drift", {"drift.json": "of a fork that is gone"}, fork="deleted")

    result = project.run(*arguments)

    assert (before.code, before.out) == (0, "")
    assert (result.code, result.out) == (0, f"{Path('last') / 'drift.json'}\n"), result.err
    assert (project.folder / "last" / "drift.json").read_text() == "new"


def test_a_workflow_is_started(project: Project, fake: FakeForge) -> None:
    """On the branch of this run, with its inputs: this is how an apply continues."""
    result = project.run("forge", "dispatch", "--workflow", "apply.yml", "--input", "run=7", "--input", 'x=["a=b"]')

    assert (result.code, result.err) == (0, "Started apply.yml on main.\n")
    assert fake.dispatched == [{"workflow": "apply.yml", "ref": "main", "inputs": {"run": "7", "x": '["a=b"]'}}]


def test_workflows_are_started_on_github_only(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitLab repeats a job by its own means; an input has a name, and the branch is known."""
    start = ("forge", "dispatch", "--workflow", "apply.yml")

    monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
    results = [
        project.run(*start, "--forge", "gitlab", "--repository", "42"),
        project.run(*start, "--input", "run"),
    ]
    monkeypatch.delenv("GITHUB_REF_NAME")
    results.append(project.run(*start))

    assert [result.code for result in results] == [1, 1, 1]
    assert "for GitHub only" in results[0].err
    assert "expected NAME=VALUE" in results[1].err
    assert "GITHUB_REF_NAME is not set" in results[2].err
