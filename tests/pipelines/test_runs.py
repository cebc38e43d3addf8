"""The workflow of GitHub that starts the runs that are due."""

from __future__ import annotations

import json

import pytest

from tests.pipelines.reading import STEPS, logs, steps
from tests.support.edits import edit
from tests.support.runner.scene import Team

WEEK = 7 * 86_400
EVERY = ("spec: {solution: home}\nrun: {when: [config, data]}", "spec: {solution: home}\nrun: {every: 7d}")


@pytest.fixture
def applied(acme: Team) -> Team:
    """The repository with a training every week, applied, and a change on main that is not applied."""
    acme.edit(*EVERY)
    for target in ("staging", "prod"):
        assert acme.program("apply", "--target", target, "--auto-approve").code == 0
    acme.edit("minProvisionedTPS: 1", "minProvisionedTPS: 2")
    acme.commit()
    return acme


def versions(acme: Team, target: str, later: float = 0) -> tuple[int, int]:
    """The number of trainings, and the capacity of the campaign."""
    with acme.account(target, later) as personalize:
        [campaign] = personalize.list_campaigns()["campaigns"]
        found = personalize.describe_campaign(campaignArn=campaign["campaignArn"])["campaign"]
        return len(personalize.list_solution_versions()["solutionVersions"]), found["minProvisionedTPS"]


def test_only_what_is_due_is_started(applied: Team) -> None:
    """A training a week old runs again, also past the deadline; other changes on main wait for their approval."""
    edit(applied.github.folder / "workflows" / "runs.yml", "deadline: 5h", "deadline: 10m")
    commit = applied.git("rev-parse", "main")
    before = [versions(applied, "prod"), versions(applied, "staging", WEEK + 86_400)]

    ran = [applied.github.run("runs.yml", "schedule", {}, commit)]
    while applied.forge.dispatched:
        started = applied.forge.dispatched.pop()
        assert (started["workflow"], started["inputs"].keys()) == ("runs.yml", {"targets"})
        ran.append(applied.github.run("runs.yml", "workflow_dispatch", {}, commit, started["inputs"]))

    assert before == [(1, 1), (1, 1)]
    assert {job.result for run in ran for job in run.jobs} == {"success"}, logs(ran[0])
    assert [versions(applied, "prod"), versions(applied, "staging")] == [(1, 1), (2, 1)]
    assert [job.code for job in ran[0].jobs] == [0, 0]
    assert len(ran) > 2
    assert steps(ran[0].job("runs", "prod")) == STEPS["runs"]
    assert json.loads(started["inputs"]["targets"]) == ["staging"]
    assert ran[0].job("runs", "staging").used == {"id-token", "actions"}
