"""The workflow of GitHub that compares the accounts with the manifests every day."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from personalize_gitops.forge.marker import Purpose
from tests.pipelines.reading import STEPS, logs, results, steps, text
from tests.support.runner.github import Run
from tests.support.runner.scene import Team

TITLES = ("+++", "---")


@pytest.fixture
def applied(acme: Team) -> Team:
    """The repository, with main applied to production and without another target."""
    assert acme.program("apply", "--target", "prod", "--auto-approve").code == 0
    assert acme.program("apply", "--target", "staging", "--auto-approve").code == 0
    return acme


def check(acme: Team) -> Run:
    return acme.github.run("drift.yml", "schedule", {}, acme.git("rev-parse", "main"))


def scale(acme: Team, tps: int) -> None:
    """A colleague scales the campaign of production in the console."""
    with acme.account("prod") as personalize:
        [campaign] = personalize.list_campaigns()["campaigns"]
        personalize.update_campaign(campaignArn=campaign["campaignArn"], minProvisionedTPS=tps)


def states(acme: Team) -> list[tuple[str, bool]]:
    return [(issue["title"], issue["open"]) for issue in acme.forge.issues]


def test_an_outside_edit_opens_an_issue(applied: Team) -> None:
    """One for its target, closed by the check after the edit was taken back. Drift does not fail the job."""
    title = "Drift in target prod of shop"
    clean = check(applied)
    before = states(applied)
    scale(applied, 4)
    found = check(applied)
    during = states(applied)
    scale(applied, 1)
    after = check(applied)

    assert {job.result for run in (clean, found, after) for job in run.jobs} == {"success"}, logs(found)
    assert (before, during, states(applied)) == ([], [(title, True)], [(title, False)])
    assert "<code>Campaign/home</code>" in applied.forge.issues[0]["body"]
    assert found.job("drift", "prod").used == {"id-token", "issues"}
    assert steps(found.job("drift", "prod")) == STEPS["drift"]


def test_a_check_continues_the_one_before(applied: Team) -> None:
    """What was found then is not new, and what is gone is resolved: notifications tell transitions only."""
    ages = []
    for tps in (4, 4, 1):
        scale(applied, tps)
        run = check(applied)
        [found] = [each for each in applied.forge.artifacts[run.id] if each["name"] == "personalize-drift-prod"]
        with zipfile.ZipFile(io.BytesIO(found["data"])) as archive:
            document = json.loads(archive.read("drift.json"))
        ages.append(([item["state"] for item in document["drift"]], len(document["resolved"])))

    assert ages == [([None], 0), (["ongoing"], 0), ([], 1)]


def test_a_target_that_cannot_be_reached_keeps_its_issue(applied: Team) -> None:
    """AWS gives no role: the job fails, and the check says in the issue that it failed, as it does for any error."""
    applied.github.denied = True

    run = check(applied)

    assert results(run) == {"drift staging": "failure", "drift prod": "failure"}
    assert steps(run.jobs[0]) == STEPS["drift"]


def test_accepted_drift_becomes_a_pull_request(applied: Team) -> None:
    """The value of the account, one line in the manifest: nothing is left to apply, and the issue is closed."""
    scale(applied, 4)
    check(applied)
    applied.git("checkout", "-q", "-B", "accept", "main")
    accepted = applied.program("drift", "--target", "prod", "--accept", "Campaign/home")
    changed = [line for line in applied.git("diff", "-U0").splitlines() if line[0] in "+-" and line[:3] not in TITLES]
    head = applied.commit()
    planned = applied.pull_request(12, head)
    merged = applied.github.run("apply.yml", "push", {}, applied.merge(12, head))
    check(applied)

    assert accepted.code == 0, accepted.err
    assert [line[1:].split("minProvisionedTPS")[1] for line in changed] == [": 1}", ": 4}"]
    assert applied.forge.labels[12] == ["staging/at-risk", "prod/no-changes"], logs(planned)
    assert text(applied, 12, Purpose.PLAN, "prod").splitlines()[2].startswith("**No changes. ")
    assert {job.result for job in merged.jobs} == {"success"}, logs(merged)
    assert states(applied) == [("Drift in target prod of shop", False)]


def test_an_error_fails_the_job_and_closes_nothing(applied: Team) -> None:
    """The issue keeps its last state, and says that the target could not be checked."""
    scale(applied, 4)
    check(applied)
    applied.git("checkout", "-q", "main")
    applied.edit("minProvisionedTPS: 1", "minimumTPS: 1")
    applied.commit()

    run = check(applied)

    assert results(run) == {"drift staging": "failure", "drift prod": "failure"}
    assert [job.code for job in run.jobs] == [3, 3]
    assert steps(run.jobs[0]) == STEPS["unchecked"]
    assert states(applied) == [("Drift in target prod of shop", True)]
    assert "could not check the target" in applied.forge.issues[0]["body"]
