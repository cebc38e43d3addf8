"""The way of a change through the workflows of GitHub: branch, comment, merge, exact apply."""

from __future__ import annotations

import json

from personalize_gitops.forge.marker import Purpose
from tests.pipelines.reading import STEPS, logs, markers, results, steps, text
from tests.support.edits import edit
from tests.support.runner.github import Run
from tests.support.runner.scene import Team

TPS = ("minProvisionedTPS: 1", "minProvisionedTPS: 2")


def writing(run: Run) -> list[set[str]]:
    """The permissions to write that the jobs of a run have."""
    return [{name for name, level in job.granted.items() if level == "write"} for job in run.jobs]


def push(acme: Team, commit: str) -> Run:
    return acme.github.run("apply.yml", "push", {}, commit)


def test_a_change_from_branch_to_account(acme: Team) -> None:
    """Planned, commented on and labelled for each target; a second push updates the comments; merged, and applied."""
    planned = acme.pull_request(12, acme.branch("tps", *TPS))
    first = text(acme, 12, Purpose.PLAN, "prod")
    acme.git("checkout", "-q", "tps")
    acme.edit("minProvisionedTPS: 2", "minProvisionedTPS: 3")
    head = acme.commit()
    again = acme.pull_request(12, head)
    labels = list(acme.forge.labels[12])
    applied = push(acme, acme.merge(12, head))

    both = {"validate": "success", "plan staging": "success", "plan prod": "success", "fork": "skipped"}
    assert (results(planned), results(again)) == (both, both), logs(again)
    assert [steps(job) for job in planned.jobs[:2]] == [STEPS["validate"], STEPS["plan"]]
    assert markers(acme, 12)[:2] == [(Purpose.PLAN, "staging"), (Purpose.PLAN, "prod")]
    assert first != text(acme, 12, Purpose.PLAN, "prod")
    assert writing(planned)[1:3] == [planned.jobs[1].used] * 2
    assert labels == ["staging/at-risk", "prod/at-risk"]
    assert results(applied) == {"apply staging": "success", "apply prod": "success"}, logs(applied)
    assert steps(applied.job("apply", "prod")) == STEPS["apply"]
    assert markers(acme, 12)[2:] == [(Purpose.APPLY, "staging"), (Purpose.APPLY, "prod")]
    assert text(acme, 12, Purpose.APPLY, "prod").startswith("## Apply to `shop`, target `prod`")
    for target in ("staging", "prod"):
        with acme.account(target) as personalize:
            [campaign] = personalize.list_campaigns()["campaigns"]
            found = personalize.describe_campaign(campaignArn=campaign["campaignArn"])["campaign"]
            assert found["minProvisionedTPS"] == 3


def test_an_account_that_moved_on_stops_the_apply(acme: Team) -> None:
    """A colleague takes a name after the approval: nothing is applied, and a comment says what moved."""
    head = acme.branch("tps", *TPS)
    acme.pull_request(12, head)
    commit = acme.merge(12, head)
    with acme.account("prod") as personalize:
        personalize.create_dataset_group(name="shop")

    applied = push(acme, commit)

    assert results(applied) == {"apply staging": "success", "apply prod": "failure"}
    assert applied.job("apply", "prod").code == 6
    assert steps(applied.job("apply", "prod")) == STEPS["moved"]
    said = text(acme, 12, Purpose.APPLY, "prod")
    assert "does not hold any more, and nothing was changed.** What has moved since:" in said
    assert "- DatasetGroup/shop is not as saved (now: blocked)" in said
    with acme.account("prod") as personalize:
        assert personalize.list_solutions()["solutions"] == []


def test_an_apply_that_meets_its_deadline_is_continued(acme: Team) -> None:
    """The job succeeds and starts another with the same commit, and so with the same plan, until everything is done."""
    edit(acme.github.folder / "workflows" / "apply.yml", "deadline: 5h", "deadline: 30m")
    head = acme.branch("tps", *TPS)
    acme.pull_request(12, head)
    commit = acme.merge(12, head)

    run, runs = push(acme, commit), 1
    assert steps(run.jobs[0]) == STEPS["deadline"]
    assert writing(run) == [run.jobs[0].used] * 2  # what its jobs may write is what they have written
    while acme.forge.dispatched:
        assert {job.result for job in run.jobs} == {"success"}, logs(run)
        started = acme.forge.dispatched.pop()
        assert (started["workflow"], started["ref"], started["inputs"]["commit"]) == ("apply.yml", "main", commit)
        run, runs = acme.github.run("apply.yml", "workflow_dispatch", {}, commit, started["inputs"]), runs + 1
        assert {job.target for job in run.jobs} == set(json.loads(started["inputs"]["targets"]))

    assert runs >= 3
    assert results(run) == {f"apply {run.jobs[0].target}": "success"}
    assert acme.program("plan", "--target", "prod").code == 0


def test_a_commit_without_an_approved_plan_is_not_applied(acme: Team) -> None:
    """Pushed past review, or merged with another commit than was planned."""
    head = acme.branch("tps", *TPS)
    acme.pull_request(12, head)
    commit = acme.merge(12, head)
    del acme.forge.merged[commit]
    pushed = push(acme, commit)
    acme.forge.merged[commit] = {"number": 12, "head": commit}
    other = push(acme, commit)

    assert [job.code for job in (*pushed.jobs, *other.jobs)] == [1, 1, 6, 6]
    assert steps(other.jobs[0]) == STEPS["unapproved"]
    assert "was not merged into main by a pull request" in logs(pushed)
    with acme.account("prod") as personalize:
        assert personalize.list_dataset_groups()["datasetGroups"] == []


def test_an_applied_plan_is_not_applied_again(acme: Team) -> None:
    """The account is as it was then, because a later change was reverted: an old run, repeated, changes nothing."""
    head = acme.branch("tps", *TPS)
    acme.pull_request(12, head)
    commit = acme.merge(12, head)
    first = push(acme, commit)
    with acme.account("prod") as personalize:
        for campaign in personalize.list_campaigns()["campaigns"]:
            personalize.update_campaign(campaignArn=campaign["campaignArn"], minProvisionedTPS=1)

    again = push(acme, commit)

    assert results(first) == {"apply staging": "success", "apply prod": "success"}
    assert [job.code for job in again.jobs] == [6, 6]
    assert steps(again.jobs[0]) == STEPS["unapproved"]
    assert "was applied already" in logs(again)


def test_a_merge_queue_checks_the_approved_plan(acme: Team) -> None:
    """Under the name of the plan's check: it succeeds while the plan holds, and fails once the account has moved on."""
    head = acme.branch("tps", *TPS)
    acme.pull_request(12, head)
    acme.forge.pulls.append({"number": 12, "head": head, "branch": "acme:tps"})
    merged = acme.merge(12, head)
    about = {"merge_group": {"head_ref": f"refs/heads/gh-readonly-queue/main/pr-12-{'f' * 40}", "head_sha": merged}}
    holds = acme.github.run("pull-request.yml", "merge_group", about, merged)
    with acme.account("prod") as personalize:
        personalize.create_dataset_group(name="shop")
    moved = acme.github.run("pull-request.yml", "merge_group", about, merged)

    both = {"validate": "success", "plan staging": "success", "plan prod": "success", "fork": "skipped"}
    assert results(holds) == both, logs(holds)
    assert steps(holds.job("plan", "prod")) == STEPS["queued"]
    assert results(moved) == {**both, "plan prod": "failure"}
    assert "DatasetGroup/shop is not as saved" in moved.job("plan", "prod").log


def test_a_blocked_plan_fails_its_check(acme: Team) -> None:
    """It is commented on, and cannot be merged by mistake."""
    with acme.account("prod") as personalize:
        personalize.create_dataset_group(name="shop")

    run = acme.pull_request(12, acme.branch("tps", *TPS))

    assert (run.job("plan", "staging").result, run.job("plan", "prod").code) == ("success", 5)
    assert steps(run.job("plan", "prod")) == STEPS["blocked"]
    assert acme.forge.labels[12] == ["staging/at-risk", "prod/blocked"]
    assert "DatasetGroup/shop" in text(acme, 12, Purpose.PLAN, "prod")


def test_invalid_manifests_are_annotated(acme: Team) -> None:
    """Nothing is planned."""
    run = acme.pull_request(12, acme.branch("tps", "minProvisionedTPS: 1", "minimumTPS: 1"))

    assert results(run) == {"validate": "failure", "plan": "skipped", "fork": "skipped"}
    assert run.job("validate").code == 3
    assert "::error file=manifests/shop.yaml,line=" in logs(run)


def test_a_fork_gets_no_credentials_and_a_comment(acme: Team) -> None:
    """Its plan is made on the emulator; another workflow, without its code, comments on it. It is never applied."""
    head = acme.branch("patch", *TPS)
    run = acme.pull_request(12, head, "mallory/shop")
    acme.forge.pulls.append({"number": 12, "head": head, "branch": "mallory:patch"})
    source = {"full_name": "mallory/shop", "owner": {"login": "mallory"}}
    about = {"id": int(run.id), "head_sha": head, "head_branch": "patch", "head_repository": source}
    event = {"workflow_run": {**about, "event": "pull_request", "conclusion": "success"}}

    commented = acme.github.run("fork.yml", "workflow_run", event, acme.git("rev-parse", "main"))
    applied = push(acme, acme.merge(12, head))

    assert results(run) == {"validate": "success", "plan": "skipped", "fork": "success"}, logs(run)
    assert (run.job("fork").roles, run.job("fork").used) == ([], set())
    assert results(commented) == {"comment": "success"}, logs(commented)
    assert (steps(run.job("fork")), steps(commented.job("comment"))) == (STEPS["plan of a fork"], STEPS["fork"])
    assert markers(acme, 12) == [(Purpose.FORK, "local")]
    assert [job.code for job in applied.jobs] == [6, 6]
