"""What the files of the pipelines promise, as far as it can be read from them."""

from __future__ import annotations

import json
import re
import shlex
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from personalize_gitops.span import seconds_in_sum
from tests.pipelines.reading import STEPS
from tests.support.project import Project
from tests.support.runner.github import ROOT, read_yaml
from tests.support.runner.gitlab import read as gitlab_jobs
from tests.support.runner.scene import PIPELINES
from tests.support.served import served

WORKFLOWS = sorted((PIPELINES / "github").glob("*.yml"))
ACTION = ROOT / "action.yml"
USES = re.compile(r"uses: (\S+)@(\S+)(?: # (.*))?$", re.MULTILINE)


def steps_of(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in read_yaml(workflow)["jobs"].values() for step in job["steps"]]


def test_every_step_of_the_action_runs_in_a_test() -> None:
    """The steps that tests have seen are those that there are; the workflows have no shell of their own."""
    written = [step["name"] for step in read_yaml(ACTION)["runs"]["steps"]]

    assert {step for steps in STEPS.values() for step in steps} == set(written)
    assert not [step for workflow in WORKFLOWS for step in steps_of(workflow) if "run" in step]


def test_actions_are_pinned() -> None:
    """By the hash of a commit, with the version beside it; one action has one pin. The team fills in that of ours."""
    found = {use for file in (ACTION, *WORKFLOWS) for use in USES.findall(file.read_text())}
    foreign = {name: (commit, version) for name, commit, version in found if name != "acme/personalize-gitops"}

    assert len(foreign) == len(found) - 1
    assert {commit for name, commit, _ in found if name not in foreign} == {"0" * 40}
    for commit, version in foreign.values():
        assert re.fullmatch(r"[0-9a-f]{40}", commit)
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version)


def test_inputs_reach_a_shell_only_through_its_environment() -> None:
    """A script has no expression in it, so that no name or branch becomes a command."""
    assert not [step for step in read_yaml(ACTION)["runs"]["steps"] if "${{" in step.get("run", "")]


@pytest.mark.parametrize("name", ["apply.yml", "runs.yml"])
def test_a_deadline_ends_before_the_session_and_the_job(name: str) -> None:
    """An apply that is cut off would not be continued. A session of an OIDC role lasts at most 12 hours."""
    [job] = read_yaml(PIPELINES / "github" / name)["jobs"].values()
    given = {key: value for step in job["steps"] for key, value in step["with"].items()}
    deadline, session = seconds_in_sum(given["deadline"]), int(given["role-duration-seconds"])

    assert deadline + 1800 <= session <= 12 * 3600
    assert deadline + 1800 <= job["timeout-minutes"] * 60 <= 6 * 3600
    assert given["continue"] == name


def test_a_deadline_ends_before_the_job_on_gitlab_and_in_codebuild() -> None:
    """There too."""
    jobs = gitlab_jobs(PIPELINES / "gitlab" / "personalize.gitlab-ci.yml")
    for name in ("personalize-apply", "personalize-runs"):
        [deadline] = re.findall(r"--deadline (\S+)", "\n".join(jobs[name]["script"]))
        assert seconds_in_sum(deadline) + 900 <= seconds_in_sum(jobs[name]["timeout"])
    template = (PIPELINES / "codebuild" / "template.yml").read_text()
    deadlines = re.findall(r"Name: DEADLINE, Value: (\w+)", template)
    minutes = [int(found) for found in re.findall(r"TimeoutInMinutes: (\d+)", template) if int(found) > 60]
    assert len(deadlines) == len(minutes) == 2
    assert max(map(seconds_in_sum, deadlines)) + 3600 <= min(minutes) * 60 <= 36 * 3600


def test_the_image_on_gitlab_can_install_from_git() -> None:
    """The program is on no index; the slim images of Python have no git."""
    job = gitlab_jobs(PIPELINES / "gitlab" / "personalize.gitlab-ci.yml")["personalize-plan"]

    assert "git+https" in (PIPELINES / "gitlab" / "personalize.gitlab-ci.yml").read_text()
    assert re.fullmatch(r"python:\d\.\d+", job["image"])


def test_only_plans_are_cancelled() -> None:
    """Applies and runs of a target wait for each other, however many there are."""
    for workflow in WORKFLOWS:
        content = read_yaml(workflow)
        for at in (content, *content["jobs"].values()):
            cancels = at.get("concurrency", {}).get("cancel-in-progress", False)
            assert not cancels or workflow.stem in ("pull-request", "fork")
    groups = [read_yaml(PIPELINES / "github" / name)["jobs"] for name in ("apply.yml", "runs.yml")]
    assert [next(iter(jobs.values()))["concurrency"] for jobs in groups] == [
        {"group": "personalize-${{ matrix.target }}", "cancel-in-progress": False, "queue": "max"}
    ] * 2


def test_workflows_name_each_other() -> None:
    """The comment on a fork's plan follows the workflow for pull requests, and each branch filter is main."""
    content = {workflow.stem: read_yaml(workflow) for workflow in WORKFLOWS}

    assert content["fork"]["on"]["workflow_run"]["workflows"] == [content["pull-request"]["name"]]
    assert content["apply"]["on"]["push"]["branches"] == ["main"]
    assert all(each["permissions"] == {} for each in content.values())  # jobs ask for what they need


def actions_in(policy: str) -> list[str]:
    statements = json.loads((PIPELINES / "aws" / policy).read_text())["Statement"]
    lists = (each["Action"] if isinstance(each["Action"], list) else [each["Action"]] for each in statements)
    return [action for actions in lists for action in actions]


def allowed(policy: str, action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in actions_in(policy))


def operations() -> list[str]:
    model = botocore.session.get_session().get_service_model("personalize")
    return [f"personalize:{name}" for name in model.operation_names]


def test_the_plan_role_only_reads() -> None:
    """Of the operations of Personalize it may describe and list, and nothing else."""
    reading = [each for each in operations() if allowed("plan-policy.json", each)]

    assert all(re.match(r"personalize:(Describe|List)[A-Z]", each) for each in reading)
    assert {each for each in actions_in("plan-policy.json") if "*" in each} == {
        "personalize:Describe*",
        "personalize:List*",
    }


def test_the_apply_role_may_do_what_an_apply_does() -> None:
    """Every operation that creates, updates, deletes, starts, stops or tags; GetSolutionMetrics is not called."""
    refused = [each for each in operations() if not allowed("apply-policy.json", each)]

    assert refused == ["personalize:GetSolutionMetrics"]
    assert set(actions_in("plan-policy.json")) <= set(actions_in("apply-policy.json"))


def test_the_roles_may_make_the_calls_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever plan and drift ask an account for, the plan role may; apply also calls what only its role may."""
    with served(tmp_path, monkeypatch) as at:
        at.project.write("group.yaml", "kind: DatasetGroup\nname: shop\nspec: {}\n")
        codes = [at.project.run(command).code for command in ("plan", "drift", "status")]
        reading = {_action(name) for name in at.emulator.answered}
        codes.append(at.project.run("apply", "--auto-approve").code)
        all_calls = {_action(name) for name in at.emulator.answered}

    assert codes == [2, 2, 0, 0]
    assert [each for each in reading if not allowed("plan-policy.json", each)] == []
    assert [each for each in all_calls if not allowed("apply-policy.json", each)] == []
    assert [each for each in all_calls if not allowed("plan-policy.json", each)] == ["personalize:CreateDatasetGroup"]


def _action(operation: str) -> str:
    return f"{'tag' if operation == 'GetResources' else 'personalize'}:{operation}"


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_role_is_bound(forge: str) -> None:
    """The apply role to an environment or to main, the plan role to this repository; both to the audience of AWS."""
    for role in ("plan", "apply"):
        [statement] = json.loads((PIPELINES / forge / f"{role}-trust.json").read_text())["Statement"]
        conditions = {name: value for each in statement["Condition"].values() for name, value in each.items()}
        provider = statement["Principal"]["Federated"].partition("oidc-provider/")[2]
        assert conditions[f"{provider}:aud"] == "sts.amazonaws.com"
        assert "acme/shop" in conditions[f"{provider}:sub"]
        assert role == "plan" or "*" not in conditions[f"{provider}:sub"]


def test_a_hook_for_pre_commit(tmp_path: Path) -> None:
    """It checks the manifests of a repository, and fails if they are invalid."""
    [hook] = read_yaml(ROOT / ".pre-commit-hooks.yaml")
    project = Project(tmp_path)
    project.write("project.yaml", "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}}\n")
    words = shlex.split(hook["entry"])

    valid = project.run(*words[1:]).code
    project.write("broken.yaml", "kind: Filte\n")

    assert words[0] == "personalize-gitops"
    assert (valid, project.run(*words[1:]).code) == (0, 3)
    assert not hook["pass_filenames"]
    assert re.search(hook["files"], "manifests/targets/prod/a.yaml")
