"""The workflow of GitHub that compares the accounts with the manifests every day."""

from __future__ import annotations

import pytest

from tests.pipelines.reading import STEPS, logs, results, steps
from tests.support.runner.github import Run
from tests.support.runner.scene import Team


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
    again = check(applied)
    scale(applied, 1)
    after = check(applied)

    assert {job.result for run in (clean, found, again, after) for job in run.jobs} == {"success"}, logs(found)
    assert (before, during, states(applied)) == ([], [(title, True)], [(title, False)])
    assert "<code>Campaign/home</code>" in applied.forge.issues[0]["body"]
    assert found.job("drift", "prod").used == {"id-token", "issues"}
    assert steps(found.job("drift", "prod")) == STEPS["drift"]


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
