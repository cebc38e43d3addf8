"""A runner for GitHub's workflows, with the actions that ours use, beside a forge on loopback."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support.forge import TOKEN, FakeForge
from tests.support.runner.expressions import Expressions, text
from tests.support.runner.shell import Shell

ROOT = Path(__file__).parents[3]
PROGRAM = "acme/personalize-gitops"

NEEDED = {
    ("POST", "comments"): "pull-requests",
    ("PATCH", "comments"): "pull-requests",
    ("POST", "labels"): "pull-requests",
    ("DELETE", "labels"): "pull-requests",
    ("POST", "issues"): "issues",
    ("PATCH", "issues"): "issues",
    ("POST", "dispatches"): "actions",
}
"""The permission to write that a call of the API needs: the first that fits."""

Json = dict[str, Any]


def read_yaml(path: Path) -> Any:
    """Return a YAML 1.2 document; `on` is a string there."""
    return YAML(typ="safe").load(path)


@dataclass
class Job:
    """One job that ran, or was skipped."""

    name: str
    target: str = ""
    result: str = "skipped"
    log: str = ""
    code: int = 0  # the exit code of the last step that failed
    steps: list[str] = field(default_factory=list)  # the names of those that ran
    roles: list[Json] = field(default_factory=list)  # what credentials were asked for
    granted: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # permissions to write that calls have needed


@dataclass
class Run:
    """One run of a workflow."""

    id: str
    jobs: list[Job] = field(default_factory=list)

    def job(self, name: str, target: str = "") -> Job:
        [found] = [job for job in self.jobs if job.name == name and job.target in (target, "")]
        return found


@dataclass
class GitHub:
    """A repository with workflows. `environments` has the variables of each."""

    folder: Path
    remote: Path
    forge: FakeForge
    shell: Shell
    environments: Mapping[str, Mapping[str, str]]
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(101))
    denied: bool = False  # AWS gives no role

    def run(
        self, workflow: str, event: str, payload: Json, commit: str, inputs: Mapping[str, str] | None = None
    ) -> Run:
        """Run a workflow of `.github/workflows` at a commit."""
        content = read_yaml(self.folder / "workflows" / workflow)
        assert event in content["on"], f"{workflow} does not run for {event}"
        run = Run(str(next(self.ids)))
        at = Scene(self, content, run, event, payload, commit, inputs or {})
        for key, job in content["jobs"].items():
            run.jobs += at.jobs(key, job)
        return run


@dataclass
class Scene:
    """What the jobs of a run have in common."""

    github: GitHub
    workflow: Json
    run: Run
    event: str
    payload: Json
    commit: str
    inputs: Mapping[str, str]

    def contexts(self) -> Json:
        about = {
            "event": self.payload,
            "event_name": self.event,
            "repository": "acme/shop",
            "run_id": self.run.id,
            "sha": self.commit,
            "token": TOKEN,
        }
        return {"github": about, "inputs": dict(self.inputs)}

    def jobs(self, key: str, content: Json) -> Iterator[Job]:
        """Yield the jobs of a matrix, one after the other."""
        needed = [content["needs"]] if isinstance(content.get("needs"), str) else content.get("needs", [])
        ready = all(job.result == "success" for job in self.run.jobs if job.name in needed)
        expressions = Expressions(self.contexts(), _status(not ready))
        if not expressions.holds(content.get("if", "success()")):
            yield Job(key)
            return
        targets = expressions.filled(content.get("strategy", {}).get("matrix", {}).get("target", [""]))
        for target in targets:
            yield _Running(self, key, content, target).ended()


class _Running:
    """A job while it runs."""

    def __init__(self, scene: Scene, key: str, content: Json, target: str) -> None:
        self.scene, self.content = scene, content
        granted: dict[str, str] = content.get("permissions") or scene.workflow["permissions"]
        self.job = Job(key, target, granted=granted)
        self.folder = scene.github.folder / f"{scene.run.id}-{key}-{target}"
        self.workspace, self.temp = self.folder / "workspace", self.folder / "temp"
        self.workspace.mkdir(parents=True)
        self.temp.mkdir()
        self.contexts = {**scene.contexts(), "matrix": {"target": target}, "runner": {"temp": str(self.temp)}}
        self.contexts["vars"] = self._variables()
        self.environ = self._environ()

    def _variables(self) -> Mapping[str, str]:
        environment = self.content.get("environment")
        if environment is None:
            return {}
        name = environment["name"] if isinstance(environment, dict) else environment
        return self.scene.github.environments[Expressions(self.contexts).filled(name)]

    def _environ(self) -> dict[str, str]:
        scene, forge = self.scene, self.scene.github.forge
        (self.folder / "event.json").write_text(json.dumps(scene.payload))
        (self.folder / "bin").mkdir()
        python = self.folder / "bin" / "python3"  # `python3 -m venv DIR`, without the installation
        installed = (
            f'mkdir -p "$3/bin"\nln -s "{scene.github.shell.program}" "$3/bin/pgo"\nln -s /bin/true "$3/bin/pip"\n'
        )
        python.write_text(f"#!/bin/sh -e\n{installed}")
        python.chmod(0o755)
        return {
            "PATH": f"{python.parent}:{os.environ['PATH']}",
            "HOME": str(self.temp),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": forge.url,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_EVENT_NAME": scene.event,
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_RUN_ID": scene.run.id,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": scene.commit,
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
        }

    def ended(self) -> Job:
        """Run the steps, and return the job."""
        before = len(self.scene.github.forge.requests)
        succeeded = self._steps(self.content["steps"], self.contexts, "bash -e {0}", {})
        self.job.result = "success" if succeeded else "failure"
        for method, path in self.scene.github.forge.requests[before:]:
            needs = [needed for (verb, word), needed in NEEDED.items() if verb == method and word in path.split("/")]
            self.job.used |= {*needs[:1]}
        return self.job

    def _steps(self, steps: list[Json], contexts: Json, shell: str, outputs: dict[str, Json]) -> bool:
        """Run steps, collect their outputs by id, and return whether all succeeded."""
        failed = False
        for step in steps:
            expressions = Expressions({**contexts, "steps": outputs}, _status(failed))
            if not expressions.holds(step.get("if", "success()")):
                continue
            self.job.steps.append(step.get("name") or step["uses"].partition("@")[0])
            succeeded, found = self._step(step, expressions, shell)
            outputs[step.get("id", "")] = {"outputs": found}
            failed = failed or not succeeded
        return not failed

    def _step(self, step: Json, expressions: Expressions, shell: str) -> tuple[bool, Json]:
        environ = {name: text(expressions.filled(value)) for name, value in step.get("env", {}).items()}
        if "run" in step:
            return self._script(step["run"], environ, shell)
        given = {name: text(expressions.filled(value)) for name, value in step.get("with", {}).items()}
        action, _, commit = step["uses"].partition("@")
        assert len(commit) == 40, f"{step['uses']} is not pinned"
        return _ACTIONS[action](self, given)

    def _script(self, script: str, environ: Mapping[str, str], shell: str) -> tuple[bool, Json]:
        assert "${{" not in script, "an expression in a script can inject commands"
        path, output = self.folder / "script.sh", self.folder / "output"
        path.write_text(script)
        output.write_text("")
        command = shell.format(path).split()
        code, log = self.scene.github.shell.run(command, {**self.environ, **environ}, self.workspace)
        self.job.log += log
        self.job.code = code or self.job.code
        return code == 0, dict(line.split("=", 1) for line in output.read_text().splitlines())

    def checkout(self, given: Json) -> tuple[bool, Json]:
        commit = given.get("ref") or self.scene.commit
        assert given["persist-credentials"] == "false"
        for command in (["clone", "-q", self.scene.github.remote, "."], ["checkout", "-q", commit]):
            subprocess.run(["git", *command], cwd=self.workspace, check=True, capture_output=True)
        return True, {}

    def credentials(self, given: Json) -> tuple[bool, Json]:
        if self.scene.github.denied:
            return False, {}
        assert self.job.granted["id-token"] == "write"
        self.job.used.add("id-token")
        assert given["role-to-assume"].startswith("arn:aws:iam::")
        self.job.roles.append(given)
        self.environ |= {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": given["aws-region"]}
        return True, {}

    def upload(self, given: Json) -> tuple[bool, Json]:
        at = Path(given["path"])
        found = [at] if at.is_file() else sorted(path for path in at.rglob("*") if path.is_file())
        files = {str(path.relative_to(at)) if at.is_dir() else path.name: path.read_text() for path in found}
        commit = self.scene.payload.get("pull_request", {}).get("head", {}).get("sha", self.scene.commit)
        self.scene.github.forge.upload(self.scene.run.id, given["name"], files, commit)
        return bool(files), {}

    def program(self, given: Json) -> tuple[bool, Json]:
        """Run the steps of action.yml."""
        action = read_yaml(ROOT / "action.yml")
        assert given.keys() <= action["inputs"].keys()
        contexts = {**self.contexts, "inputs": {}}
        defaults = {name: each.get("default") for name, each in action["inputs"].items()}
        filled = {name: text(Expressions(contexts).filled(value)) for name, value in {**defaults, **given}.items()}
        outputs: dict[str, Json] = {}
        self.environ["GITHUB_ACTION_PATH"] = str(ROOT)
        shell = "bash --noprofile --norc -e -o pipefail {0}"
        succeeded = self._steps(action["runs"]["steps"], {**contexts, "inputs": filled}, shell, outputs)
        steps = Expressions({"steps": {**{name: {} for name in _ids(action)}, **outputs}})
        return succeeded, {name: steps.filled(each["value"]) for name, each in action["outputs"].items()}


def _ids(action: Json) -> Iterator[str]:
    return (step["id"] for step in action["runs"]["steps"] if "id" in step)


_ACTIONS = {
    "actions/checkout": _Running.checkout,
    "actions/upload-artifact": _Running.upload,
    "aws-actions/configure-aws-credentials": _Running.credentials,
    PROGRAM: _Running.program,
}


def _status(failed: bool) -> dict[str, Any]:
    return {
        "success": lambda: not failed,
        "failure": lambda: failed,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
