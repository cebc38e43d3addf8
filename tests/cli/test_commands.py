"""Commands on an account: what they print where, and what they leave with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from io import StringIO
from itertools import takewhile
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.cli import run
from tests.render.test_json import SCHEMAS
from tests.support.movies import write_project
from tests.support.project import Project, Result, working_in


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """The example, planned into a file and applied from it, and what the apply came to."""
    folder = tmp_path_factory.mktemp("applied")
    write_project(folder)
    project = Project(folder)
    planned = project.run("plan", "--out", "plan.json")
    assert planned.code == 2
    return (
        project,
        project.run("apply", "plan.json", "--auto-approve", "--output", "text", "--output", "json=apply.json"),
    )


@pytest.fixture
def applied(first: tuple[Project, Result], tmp_path: Path) -> Project:
    """A copy of the applied example, to change."""
    copytree(first[0].folder, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def fits(name: str, text: str) -> Any:
    """A document that fits its schema."""
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMAS[name]).validate(document)
    return document


def test_an_apply(first: tuple[Project, Result]) -> None:
    """The plan and the end on stdout, progress on stderr, one line for each beginning and each end."""
    _, result = first

    assert result.code == 0
    assert "Plan: 16 to create, 6 to run." in result.out
    assert result.out.splitlines()[-1].startswith("Applied: 16 created, 6 run. It would have taken 51m")
    told = result.err.splitlines()
    assert len(told) == 2 * 22
    assert {line.index(word) for line in told for word in ("creat", "running", "done") if f"  {word}" in line} == {41}


def test_the_documents_of_plan_and_apply(first: tuple[Project, Result]) -> None:
    """What --out and --output write fits the schemas."""
    project, _ = first

    plan = fits("plan", (project.folder / "plan.json").read_text())
    end = fits("apply", (project.folder / "apply.json").read_text())

    assert plan["summary"]["create"] == 16
    assert {step["end"] for step in end["steps"]} == {"done"}


def test_nothing_to_do(applied: Project) -> None:
    """Exit code 0 for plan, apply and drift, without asking anybody."""
    plan, apply, drift = applied.run("plan"), applied.run("apply"), applied.run("drift")

    assert (plan.code, plan.out, plan.err) == (0, "No changes. 22 in sync.\n", "")
    assert (apply.code, apply.out) == (0, "No changes. 22 in sync.\n")
    assert (drift.code, drift.out) == (0, "No drift. 22 as declared.\n")


def test_changes(applied: Project) -> None:
    """Plan leaves with 2, or with 0 where that is asked for, and says what to type next."""
    applied.edit("for-you.yaml", "${tps}", "3")

    result = applied.run("plan", "--target", "local")

    assert result.code == 2
    assert result.out.splitlines()[:2] == [
        (
            "~   Campaign/for-you  update  minProvisionedTPS differs; "
            "billed for at least that throughput while the campaign exists"
        ),
        "      minProvisionedTPS  1 → 3",
    ]
    assert result.err == "Next: personalize-gitops apply --target local\n"
    assert applied.run("plan", "--exit-zero").code == 0


def test_json_alone_is_json(applied: Project) -> None:
    """stdout can be piped into a parser; the same command prints the same bytes."""
    applied.edit("for-you.yaml", "${tps}", "3")

    once, again = applied.run("plan", "--output", "json"), applied.run("plan", "--output", "json")

    assert fits("plan", once.out)["summary"]["update"] == 1
    assert once.out == again.out


def test_several_outputs(applied: Project) -> None:
    """Text for the log, JSON for the machine, from one look at the account."""
    result = applied.run("status", "--output", "text", "--output", "json=out/status.json")

    assert result.code == 0
    assert result.out.endswith("22 of 22 ready.\n")
    assert len(fits("status", (applied.folder / "out" / "status.json").read_text())["resources"]) == 22


def test_what_is_left_alone_is_shown(applied: Project) -> None:
    """Plan, drift and status name observed and paused resources, in text and JSON, and nothing is pending."""
    applied.edit("popular.yaml", "minProvisionedTPS: ${tps}", "minProvisionedTPS: 3\nlifecycle: {manage: observe}")
    applied.write("targets/local/f.yaml", "{kind: Filter, name: not-seen, lifecycle: {manage: paused}}\n")

    plan, drift, status = applied.run("plan"), applied.run("drift"), applied.run("status")
    assert plan.code == 0
    assert "Campaign/popular  observed, not changed; minProvisionedTPS differs\n" in plan.out
    assert "Filter/not-seen   paused, not compared\n" in plan.out
    assert drift.code == 0
    assert drift.out.endswith("Observed, not changed: Campaign/popular.\nPaused, not compared: Filter/not-seen.\n")
    rows = dict(line.split(maxsplit=1) for line in status.out.splitlines() if line)
    assert rows["Campaign/popular"].rpartition("popular ")[2].strip().startswith("observed")
    assert rows["Filter/not-seen"].endswith("paused")

    changes = fits("plan", applied.run("plan", "--output", "json").out)["changes"]
    found = fits("drift", applied.run("drift", "--output", "json").out)
    assert {change["address"]: change["manage"] for change in changes} == {
        "Campaign/popular": "observe",
        "Filter/not-seen": "paused",
    }
    assert (found["observed"], found["paused"]) == (["Campaign/popular"], ["Filter/not-seen"])
    resources = fits("status", applied.run("status", "--output", "json").out)["resources"]
    assert {each["manage"] for each in resources} == {"full", "observe", "paused"}


def test_drift(applied: Project) -> None:
    """Edits that are not applied are information; `--fail-on` decides which classes exit with 2."""
    applied.edit("for-you.yaml", "${tps}", "3")

    result = applied.run("drift", "--output", "json")
    failing = applied.run("drift", "--fail-on", "missing,unapplied", "--output", "json")

    assert (result.code, failing.code) == (0, 2)
    (item,) = fits("drift", result.out)["drift"]
    assert (item["finding"], item["severity"], item["fails"]) == ("unapplied", "info", False)
    assert item["next"] == "personalize-gitops plan --only Campaign/for-you"
    assert item["source"]["file"] == "manifests/for-you.yaml"
    assert [item["fails"] for item in fits("drift", failing.out)["drift"]] == [True]
    assert applied.run("drift", "--fail-on", "unapplied", "--exit-zero").code == 0


def test_an_unknown_class_of_findings(applied: Project) -> None:
    """The nearest class is suggested."""
    result = applied.run("drift", "--fail-on", "changed,mising")

    assert result.code == 1
    assert 'unknown class "mising"; did you mean "missing"? `personalize-gitops drift --help` lists' in result.err


def test_a_stale_plan_file(applied: Project) -> None:
    """A plan made before something changed is not applied: exit code 6."""
    applied.edit("for-you.yaml", "${tps}", "3")
    applied.run("plan", "--out", "plan.json")
    applied.edit("for-you.yaml", "minProvisionedTPS: 3", "minProvisionedTPS: 4")

    result = applied.run("apply", "plan.json", "--auto-approve")

    assert result.code == 6
    assert "plan.json was made from other manifests or another state of the account" in result.err
    assert result.err.rstrip().endswith("plan again")


def test_a_plan_file_knows_its_target(applied: Project) -> None:
    """Apply needs nothing but the file."""
    applied.edit("for-you.yaml", "${tps}", "3")
    applied.edit("project.yaml", "  defaultTarget: local\n", "")
    planned = applied.run("plan", "--target", "local", "--out", "my plan.json")

    result = applied.run("apply", "my plan.json", "--auto-approve")

    assert planned.err == "Next: personalize-gitops apply 'my plan.json' --target local\n"
    assert result.code == 0


def test_a_blocked_plan(applied: Project) -> None:
    """What the plan blocks is refused with 5, and nothing is changed."""
    applied.edit("filters.yaml", '"watch", "like"', '"like"')
    applied.write("targets/local/f.yaml", "{kind: Filter, name: not-seen, lifecycle: {protect: true}}\n")

    plan, apply = applied.run("plan"), applied.run("apply", "--auto-approve")

    assert plan.code == 2
    assert "1 change blocked" in plan.out
    assert "Next:" not in plan.err
    assert apply.code == 5
    assert "blocked, as the plan shows: Filter/not-seen" in apply.err


def test_reasons_wrap_at_the_width_of_the_terminal(applied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are not torn apart, and the next lines are indented; a pipe gets one line."""
    applied.edit("filters.yaml", '"watch", "like"', '"like"')
    applied.write("targets/local/f.yaml", "{kind: Filter, name: not-seen, lifecycle: {protect: true}}\n")
    monkeypatch.setenv("COLUMNS", "60")

    wide = applied.run("plan").out.splitlines()
    narrow = typed(applied, monkeypatch, "", "plan", "--color", "never").out.splitlines()

    [blocked] = [line for line in wide if line.startswith("!")]
    start = next(index for index, line in enumerate(narrow) if line.startswith("!"))
    parts = [narrow[start], *takewhile(lambda line: line.startswith("      "), narrow[start + 1 :])]
    words = " ".join(parts).split()
    assert len(blocked) > 100
    assert words[: len(blocked.split())] == blocked.split()
    assert max(map(len, parts[:4])) <= 60


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def typed(project: Project, monkeypatch: pytest.MonkeyPatch, answer: str, *arguments: str) -> Result:
    """A command line with somebody at the terminal."""
    out, err = Terminal(), Terminal()
    with working_in(project.folder), monkeypatch.context() as patch:
        for name, stream in (("stdin", Terminal(answer)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        code = run(arguments)
    return Result(code, out.getvalue(), err.getvalue())


def test_a_person_is_asked(applied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only `yes` goes ahead; anything else is refused with 5 and changes nothing."""
    applied.edit("for-you.yaml", "${tps}", "3")

    refused = typed(applied, monkeypatch, "y\n", "apply")
    done = typed(applied, monkeypatch, "yes\n", "apply")

    assert refused.code == 5
    assert "Apply this to account 000000000000, us-east-1?" in refused.err
    assert "not approved; nothing was changed" in refused.err
    assert done.code == 0
    assert "1 updated" in done.out


def test_colour(applied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colour unless NO_COLOR or --color say otherwise; a pipe gets none unless --color says so."""
    applied.edit("for-you.yaml", "${tps}", "3")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b[" in typed(applied, monkeypatch, "", "plan").out
    assert "\x1b[" not in typed(applied, monkeypatch, "", "plan", "--color", "never").out
    assert "\x1b[" in applied.run("plan", "--color", "always").out
    assert "\x1b[" not in applied.run("plan").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in typed(applied, monkeypatch, "", "plan").out


def test_destroy(applied: Project) -> None:
    """It wants approval like apply, and so does the file of a plan that destroys; afterwards nothing is left."""
    unasked = applied.run("destroy")
    planned = applied.run("plan", "--destroy", "--out", "end.json")
    done = applied.run("apply", "end.json", "--auto-approve")
    again = applied.run("destroy", "--output", "json")

    assert (unasked.code, planned.code) == (5, 2)
    assert "--auto-approve" in unasked.err
    assert done.code == 0
    assert "Applied: 16 deleted." in done.out
    assert again.code == 0
    assert fits("apply", again.out)["steps"] == []


def test_a_dataset_group_is_destroyed_by_its_name(applied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """`yes` is not enough: the name of the group has to be typed."""
    refused = typed(applied, monkeypatch, "yes\n", "destroy", "--dataset-group", "movielens")
    done = typed(applied, monkeypatch, "movielens\n", "destroy", "--dataset-group", "movielens")
    gone = applied.run("destroy", "--dataset-group", "movielens")

    assert refused.code == 5
    assert "Type the name of the dataset group, movielens:" in refused.err
    assert done.code == 0
    assert gone.code == 1
    assert "Error: --dataset-group movielens: no such dataset group in the account" in gone.err


def test_not_waiting(applied: Project) -> None:
    """Work that goes on in the account is 9; the next apply waits for it."""
    applied.edit("for-you.yaml", "${tps}", "3")

    left = applied.run("apply", "--auto-approve", "--no-wait")
    after = applied.run("apply", "--auto-approve")

    assert left.code == 9
    assert "the next apply continues from there" in left.out
    assert after.code == 0


def test_no_credentials_are_exit_four(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target whose profile is not there, and one whose role nobody can assume, end with 4 and a sentence."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(project.folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(project.folder / "credentials"))

    results = [project.run("plan", "--target", target) for target in ("staging", "prod")]

    assert [result.code for result in results] == [4, 4]
    assert all(result.err.startswith("Error: ") and result.err.count("\n") == 1 for result in results)


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_an_interrupt_at_the_question_ends_at_once(project: Project) -> None:
    """Ctrl-C instead of `yes`: nothing was changed, exit 8, and nobody waits for a line."""
    terminal, own = os.openpty()
    command = [sys.executable, "-m", "personalize_gitops", "apply", "--color", "never"]
    with subprocess.Popen(command, cwd=project.folder, stdin=own, stderr=own, stdout=subprocess.DEVNULL) as running:
        os.close(own)  # so that reading ends when the program does
        told = b""
        while b"Only `yes` is accepted" not in told:
            told += os.read(terminal, 4096)
        running.send_signal(signal.SIGINT)
        try:
            code = running.wait(timeout=60)
        finally:
            running.kill()
    os.close(terminal)

    assert code == 8
    assert project.run("plan").code == 2


def test_a_closed_pipe_is_not_success(project: Project) -> None:
    """An apply whose plan nobody can read has not been done, and does not pass for it."""
    command = [sys.executable, "-m", "personalize_gitops", "apply", "--auto-approve"]
    with subprocess.Popen(command, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.wait()

    assert running.returncode == 1


def test_nothing_is_applied_when_its_result_cannot_be_written(project: Project) -> None:
    """A result that has nowhere to go is found out before anything is changed."""
    (project.folder / "taken").write_text("")

    result = project.run("apply", "--auto-approve", "--output", "json=taken/result.json")

    assert result.code == 1
    assert "taken/result.json cannot be written" in result.err
    assert project.run("plan").code == 2
