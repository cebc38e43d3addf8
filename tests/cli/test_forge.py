"""`forge` as pipelines call it: with the variables of GitHub Actions and GitLab CI, against a forge on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.forge.marker import Marker, Purpose, State, read, text_of, write
from tests.support.forge import TOKEN, FakeForge, Fault
from tests.support.project import Project
from tests.support.shop import write_shop

HEAD, BASE, MERGE = "a" * 40, "b" * 40, "c" * 40
PLAN: dict[str, Any] = {"formatVersion": "1.0", "project": "shop", "target": {"name": "prod"}, "fingerprint": "d" * 64}
PLAN |= {"applyable": True, "changes": []}
DRIFT = {"formatVersion": "1.0", "project": "shop", "drift": [{"address": "Filter/f", "finding": "changed"}]}
CLEAN = {**DRIFT, "drift": []}


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with FakeForge().served() as fake:
        yield fake


@pytest.fixture(params=["github", "gitlab"])
def project(
    request: pytest.FixtureRequest, tmp_path: Path, fake: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A folder in the pipeline of pull request 12 on each forge."""
    event = {"pull_request": {"number": 12, "head": {"sha": HEAD}, "base": {"sha": BASE}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    of_pipeline = {
        "github": {
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_API_URL": fake.url,
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_SHA": MERGE,
            "GITHUB_REF_NAME": "main",
            "GITHUB_RUN_ID": "7",
            "GITHUB_TOKEN": TOKEN,
        },
        "gitlab": {
            "CI_API_V4_URL": fake.url,
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "12",
            "CI_COMMIT_SHA": HEAD,
            "CI_COMMIT_BRANCH": "main",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
            "CI_PIPELINE_ID": "7",
            "CI_PIPELINE_URL": "https://gitlab.example/pipelines/7",
            "GITLAB_TOKEN": TOKEN,
        },
    }
    for variables in of_pipeline.values():
        for name in variables:
            monkeypatch.delenv(name, raising=False)
    for name in ("GITHUB_ACTIONS", "GITHUB_SERVER_URL", "CI_JOB_TOKEN", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in of_pipeline[request.param].items():
        monkeypatch.setenv(name, value)
    files: dict[str, Any] = {"plan.json": PLAN, "drift.json": DRIFT, "clean.json": CLEAN}
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "plan.md").write_text("## Plan\n\n**1 to create**\n")
    (tmp_path / "drift.md").write_text("`Filter/f` changed\n")
    return Project(tmp_path)


def commented(project: Project, *more: str) -> str:
    result = project.run("forge", "comment", "--body", "plan.md", "--plan", "plan.json", *more)
    assert (result.code, result.out) == (0, ""), result.err
    return result.err


def checked(project: Project, code: int, *more: str) -> str:
    result = project.run("forge", "drift-issue", "--target", "prod", "--exit-code", f"{code}", *more)
    assert (result.code, result.out) == (0, ""), result.err
    return result.err


FOUND = ("--drift", "drift.json", "--body", "drift.md")
NOTHING = ("--drift", "clean.json", "--body", "drift.md")


def test_a_comment_follows_the_pull_request(project: Project, fake: FakeForge) -> None:
    """Created, left alone, and updated by another plan; its marker says what it was made from."""
    told = [commented(project), commented(project)]
    (project.folder / "plan.json").write_text(json.dumps({**PLAN, "fingerprint": "e" * 64}))
    told.append(commented(project, "--run", "8"))

    assert [line.split(":")[0] for line in told] == ["Comment created", "Comment unchanged", "Comment updated"]
    [body] = fake.bodies(12)
    assert read(body) == Marker(Purpose.PLAN, "shop", "prod", "e" * 64, HEAD, BASE, "8")
    assert text_of(body) == "## Plan\n\n**1 to create**\n"


def test_the_plan_of_the_program_is_read(project: Project, fake: FakeForge) -> None:
    """`plan --output json=FILE` writes what `forge comment` and its marker need."""
    write_shop(project.folder)
    planned = project.run("plan", "--output", "json=made.json")

    result = project.run("forge", "comment", "--body", "plan.md", "--plan", "made.json")

    made = json.loads((project.folder / "made.json").read_text())
    assert (planned.code, result.code) == (2, 0), result.err
    marker = read(fake.bodies(12)[0])
    assert marker is not None
    assert (marker.project, marker.target) == (made["project"], made["target"]["name"])
    assert marker.plan == made["fingerprint"]


def test_six_targets_have_an_index(project: Project, fake: FakeForge) -> None:
    """It links to each comment and shows its summary; a name cannot break out of its line."""
    for name in ("t1", "t2", "t3", "t4", "t5", "a](x) <b>"):
        (project.folder / "plan.json").write_text(json.dumps({**PLAN, "target": {"name": name}}))
        commented(project)

    bodies = fake.bodies(12)
    assert len(bodies) == 7
    assert read(bodies[-1]) == Marker(Purpose.INDEX, "shop", "")
    rows = bodies[-1].splitlines()[3:]
    assert rows[0].startswith("- [<code>a&#93;&#40;x&#41; &#60;b&#62;</code>](")
    assert [row.partition("): ")[2] for row in rows] == ["**1 to create**"] * 6


def test_the_fate_of_an_apply_has_its_own_comment(project: Project, fake: FakeForge) -> None:
    """In the pull request that brought the commit; the approved plan stays as it was."""
    commented(project)
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    (project.folder / "plan.md").write_text("approved → now")

    commented(project, "--about", "apply", "--commit", MERGE)

    assert [getattr(read(body), "purpose", None) for body in fake.bodies(12)] == [Purpose.PLAN, Purpose.APPLY]


def test_without_a_pull_request_there_is_no_comment(
    project: Project, fake: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan is not commented on a merged pull request, whose comment is the approved plan."""
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
    monkeypatch.delenv("CI_MERGE_REQUEST_IID", raising=False)
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    arguments = ("forge", "comment", "--body", "plan.md", "--plan", "plan.json", "--commit", MERGE)

    plan = project.run(*arguments)
    other = project.run(*arguments, "--about", "apply")

    assert (plan.code, "pass --pull-request" in plan.err) == (1, True)
    assert (other.code, len(fake.bodies(12))) == (0, 1)


def test_a_drift_issue_from_day_to_day(project: Project, fake: FakeForge) -> None:
    """Opened by drift, kept by the same drift and by errors, closed by a clean check only."""
    told = [
        checked(project, 0, *NOTHING),
        checked(project, 4),
        checked(project, 2, *FOUND),
        checked(project, 2, *FOUND, "--run", "8"),
        checked(project, 1, "--run", "9"),
        checked(project, 0, *NOTHING, "--run", "10"),
        checked(project, 255, "--run", "11"),
    ]

    [issue] = fake.issues
    words = [line.partition("drift issue")[2].split(":")[0].strip() or line.strip() for line in told]
    assert words == [
        "Target prod: no drift issue",
        "Target prod could not be checked; its last state stays: no drift issue",
        *("opened", "unchanged", "updated", "closed", "unchanged"),
    ]
    assert (issue["open"], issue["title"]) == (False, "Drift in target prod of shop")
    assert text_of(issue["body"]).startswith("**Resolved**: ")
    assert issue["body"].endswith("`Filter/f` changed\n")


def test_a_target_that_cannot_be_reached_says_so(project: Project, fake: FakeForge) -> None:
    """The issue stays open with its drift; the note and the output say that it is not known any more."""
    checked(project, 2, *FOUND)

    told = checked(project, 4)

    [issue] = fake.issues
    assert told.startswith("Target prod could not be checked; its last state stays: drift issue updated: ")
    assert issue["open"]
    assert getattr(read(issue["body"]), "state", None) is State.UNKNOWN
    assert "could not check the target. The drift that was found before:" in issue["body"]
    assert issue["body"].endswith("`Filter/f` changed\n")


@pytest.mark.parametrize("code", [1, 3, 4, 5, 6, 7, 8, 9, 10, 255])
def test_no_error_closes_an_issue(project: Project, fake: FakeForge, code: int) -> None:
    """Also if a report without drift is there, left by an earlier check."""
    checked(project, 2, *FOUND)

    checked(project, code, *NOTHING)

    assert [issue["open"] for issue in fake.issues] == [True]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"formatVersion": "1.0"}', json.dumps({**CLEAN, "drift": None})]
)
def test_a_damaged_report_closes_nothing(project: Project, fake: FakeForge, content: str) -> None:
    """Nor does one that is missing, of another target, or incomplete."""
    checked(project, 2, *FOUND)
    (project.folder / "damaged.json").write_text(content)
    arguments = ("forge", "drift-issue", "--target", "prod", "--exit-code", "0", "--body", "drift.md")

    damaged = project.run(*arguments, "--drift", "damaged.json")
    missing = project.run(*arguments)
    (project.folder / "damaged.json").write_text(json.dumps({**CLEAN, "target": {"name": "staging"}}))
    other = project.run(*arguments, "--drift", "damaged.json")

    assert [damaged.code, missing.code, other.code] == [1, 1, 1]
    assert [issue["open"] for issue in fake.issues] == [True]


def test_a_check_that_could_not_read_everything_closes_nothing(project: Project, fake: FakeForge) -> None:
    """No drift beside a resource that is unchecked is not a clean check."""
    checked(project, 2, *FOUND)
    partly = {**CLEAN, "drift": [{"address": "Filter/f", "finding": "unchecked"}]}
    (project.folder / "clean.json").write_text(json.dumps(partly))

    told = checked(project, 0, *NOTHING)

    assert "could not be checked" in told
    assert [issue["open"] for issue in fake.issues] == [True]


def test_the_drift_of_the_program_is_read(project: Project, fake: FakeForge) -> None:
    """`drift --output json=FILE` writes what `forge drift-issue` needs."""
    write_shop(project.folder)
    project.edit("shop.yaml", "    local: {", "    prod: {")
    code = project.run("drift", "--output", "json=found.json").code

    checked(project, code, "--drift", "found.json", "--body", "drift.md")
    checked(project, 0, "--drift", "found.json", "--body", "drift.md")  # as with --exit-zero

    assert code == 2
    assert [issue["open"] for issue in fake.issues] == [True]


def test_the_approved_plan_is_fetched(project: Project, fake: FakeForge) -> None:
    """After the merge: found by the comment of the pull request, compared by its fingerprint; its path is printed."""
    commented(project)
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    fake.upload("7", "plan-prod", {"plan.json": json.dumps(PLAN), "plan.md": "text"})
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")

    result = project.run(*arguments)

    assert (result.code, result.out) == (0, f"{Path('approved') / 'plan.json'}\n"), result.err
    assert json.loads((project.folder / "approved" / "plan.json").read_text()) == PLAN
    assert fake.tokens_elsewhere == []


def test_a_plan_is_approved_merged_and_applied(project: Project, fake: FakeForge) -> None:
    """The way of a plan through a pipeline: planned, commented, uploaded, merged, fetched, applied exactly."""
    write_shop(project.folder)
    planned = project.run("plan", "--out", "saved.json", "--output", "json=made.json")
    commented = project.run("forge", "comment", "--body", "plan.md", "--plan", "made.json")
    fake.upload("7", "plan-local", {"saved.json": (project.folder / "saved.json").read_text()})
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    target = json.loads((project.folder / "made.json").read_text())["target"]["name"]

    fetched = project.run(
        "forge", "artifact", "--name", "plan-local", "--target", target, "--commit", MERGE, "--out", "approved"
    )
    applied = project.run("apply", fetched.out.strip(), "--auto-approve")

    assert [planned.code, commented.code, fetched.code, applied.code] == [2, 0, 0, 0], applied.err
    assert project.run("plan").code == 0


def test_another_plan_than_the_approved_one_is_stale(project: Project, fake: FakeForge) -> None:
    """Exit code 6, and no file is written: another fingerprint, another commit, no plan at all."""
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")
    results = [project.run(*arguments)]
    commented(project)
    fake.upload("7", "plan-prod", {"plan.json": json.dumps({**PLAN, "fingerprint": "e" * 64})})
    results.append(project.run(*arguments))
    fake.merged[MERGE] = {"number": 12, "head": BASE}
    results.append(project.run(*arguments))

    assert [result.code for result in results] == [6, 6, 6]
    assert not (project.folder / "approved").exists()


def test_a_plan_made_after_the_merge_was_not_approved(project: Project, fake: FakeForge) -> None:
    """A pipeline that runs again changes the comment; what people approved is not known any more."""
    commented(project)
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    fake.now = "2026-11-29T12:00:01Z"
    commented(project, "--run", "8")
    fake.upload("8", "plan-prod", {"plan.json": json.dumps(PLAN)})
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")

    result = project.run(*arguments)

    assert (result.code, "was merged before its plan of target prod was written" in result.err) == (6, True)


def test_a_pull_request_into_another_branch_approves_nothing(project: Project, fake: FakeForge) -> None:
    """Nobody has to approve a merge into a branch that is not protected."""
    commented(project)
    fake.merged[MERGE] = {"number": 12, "head": HEAD, "into": "scratch"}
    fake.upload("7", "plan-prod", {"plan.json": json.dumps(PLAN)})
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")

    result = project.run(*arguments)

    assert (result.code, "was not merged into main by a pull request" in result.err) == (1, True)
    assert not (project.folder / "approved").exists()


def test_a_plan_of_a_run_of_another_commit_was_not_approved(project: Project, fake: FakeForge) -> None:
    """Whoever may push a branch can write as the pipeline, and could make a comment refer to a run of their own."""
    commented(project)
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    fake.upload("7", "plan-prod", {"plan.json": json.dumps(PLAN)}, "f" * 40)
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")

    result = project.run(*arguments)

    assert (result.code, f"has no artifact plan-prod of commit {HEAD[:12]}" in result.err) == (1, True)
    assert not (project.folder / "approved").exists()


def test_an_artifact_of_a_run_is_fetched(project: Project, fake: FakeForge) -> None:
    """With --run no pull request is needed; an artifact that is not found is an error."""
    fake.upload("9", "plan-prod", {"plan.json": "{}"})

    found = project.run("forge", "artifact", "--name", "plan-prod", "--run", "9", "--out", "there")
    missing = project.run("forge", "artifact", "--name", "plan-prod", "--run", "8", "--out", "there")
    unmerged = project.run("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--out", "there")

    assert (found.code, found.out) == (0, f"{Path('there') / 'plan.json'}\n")
    assert (missing.code, "has no artifact plan-prod, or it has expired" in missing.err) == (1, True)
    assert (unmerged.code, "was not merged into main by a pull request" in unmerged.err) == (1, True)


def test_a_planted_token_is_never_printed(project: Project, fake: FakeForge) -> None:
    """Not in errors of the forge that repeat it, and not in a comment whose text has it."""
    (project.folder / "plan.md").write_text(f"a log line with {TOKEN}\n")
    commented(project)
    fake.faults.append(Fault(401, content={"message": f"Bad credentials {TOKEN}"}))
    result = project.run("forge", "comment", "--body", "plan.md", "--plan", "plan.json")

    assert result.code == 4
    assert TOKEN not in result.out + result.err
    assert "Bad credentials ***" in result.err
    assert text_of(fake.bodies(12)[0]) == "a log line with ***\n"


def test_a_copied_marker_is_left_alone(project: Project, fake: FakeForge) -> None:
    """A comment of another author with our marker is neither updated nor believed."""
    marker = Marker(Purpose.PLAN, "shop", "prod", "d" * 64, HEAD, BASE, "666")
    fake.say(12, write(marker, "forged"), "mallory")
    fake.merged[MERGE] = {"number": 12, "head": HEAD}
    fake.upload("666", "plan-prod", {"plan.json": json.dumps(PLAN)})
    arguments = ("forge", "artifact", "--name", "plan-prod", "--target", "prod", "--commit", MERGE, "--out", "approved")

    believed = project.run(*arguments)
    commented(project)

    assert believed.code == 6
    assert fake.bodies(12, "mallory") == [write(marker, "forged")]
    assert len(fake.bodies(12)) == 1


@pytest.mark.parametrize(
    ("changes", "applyable", "label"),
    [
        ([], True, "prod/no-changes"),
        ([{"action": "keep", "risk": "cost"}], True, "prod/no-changes"),
        ([{"action": "update", "risk": "none"}], True, "prod/changes"),
        ([{"action": "update", "risk": "outage"}], True, "prod/at-risk"),
        ([{"action": "blocked", "risk": "none"}], False, "prod/blocked"),
    ],
)
def test_a_label_says_what_the_plan_does(
    project: Project, fake: FakeForge, changes: list[Any], applyable: bool, label: str
) -> None:
    """One label a target; labels of other targets and of people stay."""
    fake.labels[12] = ["bug", "staging/changes", "prod/blocked", "prod/changes"]
    (project.folder / "plan.json").write_text(json.dumps({**PLAN, "changes": changes, "applyable": applyable}))

    commented(project)
    commented(project)

    assert sorted(fake.labels[12]) == sorted(["bug", "staging/changes", label])


@pytest.mark.parametrize(
    "content",
    [
        *("", "{}", "[]", json.dumps({**PLAN, "fingerprint": "d"}), json.dumps({**PLAN, "project": "a\nb"})),
        json.dumps({**PLAN, "changes": None}),
    ],
)
def test_a_damaged_plan_is_not_commented(project: Project, fake: FakeForge, content: str) -> None:
    """Nothing is written."""
    (project.folder / "plan.json").write_text(content)

    result = project.run("forge", "comment", "--body", "plan.md", "--plan", "plan.json")

    assert result.code == 1
    assert result.err.startswith("Error: plan.json ")
    assert fake.comments == {}


def test_the_main_help_does_not_list_it(tmp_path: Path) -> None:
    """`forge` is for pipelines; its own help is there."""
    project = Project(tmp_path)

    main, own = project.run("--help"), project.run("forge", "--help")

    assert "forge" not in main.out
    assert (own.code, "drift-issue" in own.out) == (0, True)
