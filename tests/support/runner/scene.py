"""A team's repository with the pipelines, its forge, and emulated accounts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.edits import edit
from tests.support.forge import FakeForge
from tests.support.movies import write_data
from tests.support.project import Project, Result
from tests.support.runner.codebuild import CodeBuild
from tests.support.runner.github import ROOT, GitHub, Run
from tests.support.runner.gitlab import GitLab
from tests.support.runner.shell import Shell, shell
from tests.support.shop import MANIFESTS

PIPELINES = ROOT / "docs" / "pipelines"
TARGETS = ("staging", "prod")
ACCOUNT = "000000000000"
REGION = "us-east-1"
PROJECT = """kind: Project
name: shop
spec:
  targets:
{targets}"""
TARGET = "    {name}: {{emulator: {{state: {state}, buckets: {{shop: {data}}}}}}}\n"


@dataclass
class Team:
    """A clone of the repository, in which the team edits, and pull requests on the forge."""

    folder: Path
    forge: FakeForge
    shell: Shell
    github: GitHub
    gitlab: GitLab
    codebuild: CodeBuild

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def git(self, *arguments: str) -> str:
        """Run Git in the clone."""
        command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *arguments]
        done = subprocess.run(command, cwd=self.clone, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def edit(self, before: str, after: str) -> None:
        """Replace a text in the manifests."""
        edit(self.clone / "manifests" / "shop.yaml", before, after)

    def commit(self) -> str:
        """Commit everything and push the branch."""
        self.git("commit", "-qam", "Edit")
        self.git("push", "-q", "origin", "HEAD")
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, before: str, after: str) -> str:
        """Begin a branch at main with one edit."""
        self.git("checkout", "-q", "-B", name, "main")
        self.edit(before, after)
        return self.commit()

    def pull_request(self, number: int, head: str, repository: str = "acme/shop") -> Run:
        """Run the workflow for a commit that was pushed to a pull request; it checks out the merge with main."""
        self.git("checkout", "-q", "--detach", "main")
        self.git("merge", "-q", "--no-ff", "--no-edit", head)
        merge = self.git("rev-parse", "HEAD")
        self.git("push", "-q", "-f", "origin", f"HEAD:refs/heads/pull-{number}")
        about = {
            "number": number,
            "head": {"sha": head, "repo": {"full_name": repository}},
            "base": {"sha": self.git("rev-parse", "main")},
        }
        return self.github.run("pull-request.yml", "pull_request", {"pull_request": about}, merge)

    def merge(self, number: int, head: str) -> str:
        """Merge a pull request into main, and return the commit."""
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-ff", "--no-edit", head)
        self.git("push", "-q", "origin", "main")
        commit = self.git("rev-parse", "HEAD")
        self.forge.merged[commit] = {"number": number, "head": head}
        return commit

    def program(self, *arguments: str) -> Result:
        """Run the program in the clone."""
        return Project(self.clone).run(*arguments)

    def account(self, target: str, later: float = 7200) -> AbstractContextManager[Any]:
        """Return a context with a client of the emulated account of a target, some seconds later."""
        return by_hand(self.folder / "accounts" / target, later)


@contextmanager
def by_hand(state: Path, later: float = 7200) -> Iterator[Any]:
    """Open a saved account some seconds later, and let a colleague edit it with boto3."""
    clock = SimulatedClock(0.0)
    emulator = Emulator(clock.now, account=ACCOUNT)
    with emulator.started(), emulator.keeping(state):
        clock.sleep(emulator.lived_until - clock.now() + later)
        personalize = boto3.client("personalize", region_name=REGION)
        yield personalize
        clock.sleep(3600)
        personalize.list_dataset_groups()  # an account has lived until its last call
        emulator.save_changes()


@contextmanager
def team(folder: Path) -> Iterator[Team]:
    """Make the repository, with main pushed and nothing applied yet."""
    remote, clone = folder / "remote", folder / "clone"
    for each in (remote, clone):
        subprocess.run(["git", "init", "-q", "-b", "main", *(["--bare"] if each == remote else []), each], check=True)
    _write(folder, clone)
    environments = {
        f"{target}{suffix}": {"AWS_ROLE": f"arn:aws:iam::{ACCOUNT}:role/personalize-{role}", "AWS_REGION": REGION}
        for target in TARGETS
        for suffix, role in (("", "apply"), ("-plan", "plan"))
    }
    with FakeForge(page=100).served() as forge, shell(folder) as program:
        github = GitHub(folder, remote, forge, program, environments)
        gitlab = GitLab(folder, remote, forge, program, PIPELINES / "gitlab" / "personalize.gitlab-ci.yml")
        found = Team(folder, forge, program, github, gitlab, CodeBuild(folder, remote, program))
        found.git("remote", "add", "origin", str(remote))
        found.git("add", ".")
        found.git("commit", "-qm", "Begin")
        found.git("push", "-q", "origin", "main")
        yield found


def _write(folder: Path, clone: Path) -> None:
    shutil.copytree(PIPELINES / "github", folder / "workflows")
    write_data(folder / "data")
    (clone / "manifests").mkdir()
    documents = MANIFESTS.split("---\n", 1)[1]
    places = {target: folder / "accounts" / target for target in TARGETS} | {"local": Path("../state")}
    targets = "".join(TARGET.format(name=name, state=at, data=folder / "data") for name, at in places.items())
    (clone / "manifests" / "shop.yaml").write_text(f"{PROJECT.format(targets=targets)}---\n{documents}")
