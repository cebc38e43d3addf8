"""The jobs for GitLab, as its runner executes them."""

from __future__ import annotations

import json

from personalize_gitops.forge.marker import Purpose
from tests.pipelines.reading import markers, text
from tests.support.runner.gitlab import Pipeline
from tests.support.runner.scene import Team

PROD = "personalize-drift: [prod]"
TPS = ("minProvisionedTPS: 1", "minProvisionedTPS: 2")


def merge_request(acme: Team, head: str, source: str = "42") -> Pipeline:
    about = {"CI_MERGE_REQUEST_IID": "12", "CI_MERGE_REQUEST_PROJECT_ID": "42"}
    about |= {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": head}
    return acme.gitlab.run("merge_request_event", head, **about)


def push(acme: Team, commit: str) -> Pipeline:
    return acme.gitlab.run("push", commit, CI_COMMIT_BRANCH="main")


def codes(pipeline: Pipeline) -> dict[str, int]:
    return {name.removeprefix("personalize-"): job.code for name, job in pipeline.jobs.items()}


def test_a_change_from_branch_to_account(acme: Team) -> None:
    """Planned, commented on and counted in the merge request; after the merge exactly this plan is applied."""
    head = acme.branch("tps", *TPS)

    planned = merge_request(acme, head)
    applied = push(acme, acme.merge(12, head))

    assert codes(planned) == {"validate": 0, "plan: [staging]": 0, "plan: [prod]": 0}
    assert codes(applied) == {"apply: [staging]": 0, "apply: [prod]": 0}, applied.jobs
    assert markers(acme, 12) == [
        (about, name) for about in (Purpose.PLAN, Purpose.APPLY) for name in ("staging", "prod")
    ]
    assert acme.forge.labels[12] == ["staging/at-risk", "prod/at-risk"]
    report = planned.jobs["personalize-plan: [prod]"].content["artifacts"]["reports"]["terraform"]
    counts = [json.loads(path.read_text()) for path in acme.folder.glob(f"*/project/{report}")]
    assert counts == [{"create": 8, "update": 0, "delete": 0}] * 2
    assert {job.token for job in applied.jobs.values()} == {"signed"}
    with acme.account("prod") as personalize:
        assert len(personalize.list_campaigns()["campaigns"]) == 1


def test_an_account_that_moved_on_stops_the_apply(acme: Team) -> None:
    """Exit code 6, and a comment that says what moved."""
    head = acme.branch("tps", *TPS)
    merge_request(acme, head)
    with acme.account("prod") as personalize:
        personalize.create_dataset_group(name="shop")

    applied = push(acme, acme.merge(12, head))

    assert codes(applied) == {"apply: [staging]": 0, "apply: [prod]": 6}
    assert "- DatasetGroup/shop is not as saved (now: blocked)" in text(acme, 12, Purpose.APPLY, "prod")


def test_a_fork_is_only_validated(acme: Team) -> None:
    """Its jobs get no role."""
    assert codes(merge_request(acme, acme.branch("patch", *TPS), source="43")) == {"validate": 0}


def test_schedules(acme: Team) -> None:
    """One starts what is due; another compares, and keeps the drift issue of each target."""
    for target in ("staging", "prod"):
        acme.program("apply", "--target", target, "--auto-approve")
    with acme.account("prod") as personalize:
        [campaign] = personalize.list_campaigns()["campaigns"]
        personalize.update_campaign(campaignArn=campaign["campaignArn"], minProvisionedTPS=4)
    commit = acme.git("rev-parse", "main")

    runs = acme.gitlab.run("schedule", commit, PERSONALIZE="runs")
    drift = acme.gitlab.run("schedule", commit, PERSONALIZE="drift")
    again = acme.gitlab.run("schedule", commit, PERSONALIZE="drift")

    assert (codes(runs), codes(drift)) == (
        {"runs: [staging]": 0, "runs: [prod]": 0},
        {"drift: [staging]": 0, "drift: [prod]": 0},
    )
    assert [(issue["title"], issue["open"]) for issue in acme.forge.issues] == [("Drift in target prod of shop", True)]
    assert codes(again) == codes(drift)
    assert ["0 new, 0 resolved" in job.log for job in (drift.jobs[PROD], again.jobs[PROD])] == [False, True], (
        again.jobs[PROD].log
    )
