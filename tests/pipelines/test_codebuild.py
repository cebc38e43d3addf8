"""The build specifications for AWS CodeBuild, as a build executes them."""

from __future__ import annotations

from tests.support.runner.scene import PIPELINES, Team

BUILDS = PIPELINES / "codebuild"


def test_a_plan_is_kept_and_applied(acme: Team) -> None:
    """Under its commit; at the deadline the build succeeds and starts the next one, with the same commit and plan."""
    commit = acme.git("rev-parse", "main")

    planned = acme.codebuild.build(BUILDS / "plan.yml", commit, TARGET="prod")
    builds = [acme.codebuild.build(BUILDS / "apply.yml", commit, TARGET="prod", DEADLINE="10m")]
    start = "aws codebuild start-build --project-name personalize-prod-apply --query build.id --output text"
    while acme.codebuild.asked[-1] == f"{start} --source-version {commit}":
        builds.append(acme.codebuild.build(BUILDS / "apply.yml", commit, TARGET="prod", DEADLINE="10m"))

    assert (planned[0], [code for code, _ in builds]) == (0, [0] * len(builds)), planned[1]
    assert len(builds) > 2
    assert acme.program("plan", "--target", "prod").code == 0


def test_another_plan_than_the_kept_one_is_not_applied(acme: Team) -> None:
    """The account has moved on since: exit code 6."""
    commit = acme.git("rev-parse", "main")
    acme.codebuild.build(BUILDS / "plan.yml", commit, TARGET="prod")
    with acme.account("prod") as personalize:
        personalize.create_dataset_group(name="shop")

    code, log = acme.codebuild.build(BUILDS / "apply.yml", commit, TARGET="prod", DEADLINE="30m")

    assert (code, "DatasetGroup/shop is not as saved" in log) == (6, True)


def test_what_is_due_is_started(acme: Team) -> None:
    """At the deadline the build succeeds and starts the next one, until the training of a week ago has run again."""
    acme.edit("spec: {solution: home}\nrun: {when: [config, data]}", "spec: {solution: home}\nrun: {every: 7d}")
    commit = acme.commit()
    acme.program("apply", "--target", "prod", "--auto-approve")
    with acme.account("prod", 8 * 86_400) as personalize:
        before = len(personalize.list_solution_versions()["solutionVersions"])

    builds = [acme.codebuild.build(BUILDS / "runs.yml", commit, TARGET="prod", DEADLINE="10m")]
    start = "aws codebuild start-build --project-name personalize-prod-runs --query build.id --output text"
    while len(acme.codebuild.asked) == len(builds):
        builds.append(acme.codebuild.build(BUILDS / "runs.yml", commit, TARGET="prod", DEADLINE="10m"))

    assert [code for code, _ in builds] == [0] * len(builds), builds[-1][1]
    assert acme.codebuild.asked == [start] * (len(builds) - 1)
    with acme.account("prod") as personalize:
        assert (before, len(personalize.list_solution_versions()["solutionVersions"])) == (1, 2)


def test_drift_fails_the_build(acme: Team) -> None:
    """A rule of EventBridge tells about failed builds. What the build before has found is not new."""
    acme.program("apply", "--target", "prod", "--auto-approve")
    commit = acme.git("rev-parse", "main")
    clean, _ = acme.codebuild.build(BUILDS / "drift.yml", commit, TARGET="prod")
    with acme.account("prod") as personalize:
        [campaign] = personalize.list_campaigns()["campaigns"]
        personalize.update_campaign(campaignArn=campaign["campaignArn"], minProvisionedTPS=4)

    drift, log = acme.codebuild.build(BUILDS / "drift.yml", commit, TARGET="prod")

    again, later = acme.codebuild.build(BUILDS / "drift.yml", commit, TARGET="prod")
    assert (clean, drift, "Campaign/home" in log, "1 new, 0 resolved" in log) == (0, 2, True, True), log
    assert (again, "0 new, 0 resolved" in later) == (2, True), later
