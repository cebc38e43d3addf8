"""A runner for the jobs of GitLab, beside a forge on loopback."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import SequenceNode

from tests.support.forge import TOKEN, FakeForge
from tests.support.runner.shell import Shell, path_with

Json = dict[str, Any]

_COMPARED = re.compile(r'\$(\w+) == (?:"([^"]*)"|\$(\w+))')


@dataclass
class Job:
    """One job that ran."""

    name: str
    code: int
    log: str
    token: str  # what was in the file of the identity token
    content: Json


@dataclass
class Pipeline:
    """One pipeline and its jobs by name."""

    id: str
    jobs: dict[str, Job] = field(default_factory=dict)


@dataclass
class GitLab:
    """A project with the jobs of one file."""

    folder: Path
    remote: Path
    forge: FakeForge
    shell: Shell
    file: Path
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(501))

    def run(self, source: str, commit: str, **variables: str) -> Pipeline:
        """Run the jobs whose rules select them, with those that are started by hand."""
        jobs = read(self.file)
        pipeline = Pipeline(str(next(self.ids)))
        given = {"CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main", **variables}
        for name, content in jobs.items():
            if any(_holds(rule["if"], given) for rule in content["rules"]):
                for target in _targets(content):
                    full = f"{name}: [{target}]" if target else name
                    pipeline.jobs[full] = self._job(full, content, target, pipeline.id, commit, given)
        return pipeline

    def _job(self, name: str, content: Json, target: str, pipeline: str, commit: str, given: Mapping[str, str]) -> Job:
        folder = self.folder / f"{pipeline}-{next(self.ids)}"
        project = folder / "project"
        project.mkdir(parents=True)
        for command in (["clone", "-q", self.remote, "."], ["checkout", "-q", commit]):
            subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)
        token = folder / "aws-token"
        environ = {
            **self._environ(folder, pipeline, commit),
            **given,
            **content.get("variables", {}),
            **({"TARGET": target} if target else {}),
            **dict.fromkeys(content.get("id_tokens", {}), "signed"),
        }
        if "AWS_WEB_IDENTITY_TOKEN_FILE" in environ:
            environ["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(token)
        self._from_cache(content, target, project)
        script = folder / "script.sh"
        script.write_text("\n".join([*content["before_script"], *content["script"]]))
        code, log = self.shell.run(["bash", "-eo", "pipefail", str(script)], environ, project)
        self._keep(name, content, pipeline, project, commit)
        self._into_cache(content, target, project)
        return Job(name, code, log, token.read_text() if token.exists() else "", content)

    def _environ(self, folder: Path, pipeline: str, commit: str) -> dict[str, str]:
        return {
            "PATH": path_with(folder / "bin", self.shell.program),
            "HOME": str(folder),
            "CI": "true",
            "CI_API_V4_URL": self.forge.url,
            "CI_COMMIT_SHA": commit,
            "CI_PIPELINE_ID": pipeline,
            "CI_PIPELINE_URL": f"https://gitlab.example/acme/shop/-/pipelines/{pipeline}",
            "CI_PROJECT_DIR": str(folder / "project"),
            "CI_PROJECT_ID": "42",
            "CI_PROJECT_URL": "https://gitlab.example/acme/shop",
            "GITLAB_TOKEN": TOKEN,
            "PERSONALIZE_GITOPS": "personalize-gitops",
        }

    def _cached(self, content: Json, target: str, project: Path) -> Iterator[tuple[Path, Path]]:
        cache = content.get("cache", {"paths": []})
        for path in cache["paths"]:
            yield self.folder / "cache" / cache["key"].replace("$TARGET", target) / path, project / path

    def _from_cache(self, content: Json, target: str, project: Path) -> None:
        for kept, path in self._cached(content, target, project):
            if kept.exists():
                shutil.copy(kept, path)

    def _into_cache(self, content: Json, target: str, project: Path) -> None:
        for kept, path in self._cached(content, target, project):
            if path.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, kept)

    def _keep(self, name: str, content: Json, pipeline: str, project: Path, commit: str) -> None:
        paths = [project / path for path in content.get("artifacts", {}).get("paths", [])]
        files = {path.name: path.read_text() for path in paths if path.exists()}
        if files:
            self.forge.upload(pipeline, name, files, commit)


def read(file: Path) -> dict[str, Json]:
    """Return the jobs of a file that can run, with what they extend and refer to."""
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("!reference", _reference)
    content = yaml.load(file)
    found = {name: _extended(each, content) for name, each in content.items() if name.startswith("personalize-")}
    return {name: _resolved(each, content) for name, each in found.items()}


class _Reference(list[str]):
    """The path of a value elsewhere in the file."""


def _reference(constructor: Any, node: SequenceNode) -> _Reference:
    return _Reference(constructor.construct_sequence(node))


def _extended(job: Json, content: Json) -> Json:
    return {**_extended(content[job["extends"]], content), **job} if "extends" in job else job


def _resolved(job: Json, content: Json) -> Json:
    lines: list[str] = []
    for each in job["before_script"]:
        lines += content[each[0]][each[1]] if isinstance(each, _Reference) else [each]
    return {**job, "before_script": lines}


def _targets(content: Json) -> list[str]:
    matrix = content.get("parallel", {}).get("matrix", [{"TARGET": [""]}])
    return [target for entry in matrix for target in entry["TARGET"]]


def _holds(condition: str, given: Mapping[str, str]) -> bool:
    """Return whether a rule selects a job: comparisons that are joined by &&."""
    for part in condition.split(" && "):
        found = _COMPARED.fullmatch(part)
        assert found is not None, part
        left, literal, right = found.groups()
        if given.get(left) != (given.get(right) if right else literal):
            return False
    return True
