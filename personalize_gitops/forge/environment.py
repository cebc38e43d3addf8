"""Where a command runs: the repository, pull request, commit and run, from the variables that the pipeline sets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from personalize_gitops.errors import CredentialsError, UsageError

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

_QUEUE = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]{1,10})-[0-9a-f]+")


class Kind(StrEnum):
    """The forges."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True)
class Place:
    """A repository on a forge, and what the pipeline is about. Empty and None where the pipeline does not say."""

    kind: Kind
    api_url: str
    repository: str  # owner/name, or the id of a GitLab project
    token: str = field(repr=False)
    pull_request: int | None = None
    head: str = ""
    base: str = ""
    run: str = ""
    run_url: str = ""
    ref: str = ""  # the branch or the tag
    branch: str = ""  # of the fork that another workflow ran for, as owner:branch
    queued: int | None = None  # the pull request in the merge queue that the pipeline runs for
    token_of_job: bool = False  # GitLab's CI_JOB_TOKEN, which is sent in another header


@dataclass(frozen=True)
class Overrides:
    """What the command line says instead of the pipeline."""

    kind: Kind | None = None
    api_url: str | None = None
    repository: str | None = None
    pull_request: int | None = None
    head: str | None = None
    base: str | None = None
    run: str | None = None


def place_of(environ: Mapping[str, str], overrides: Overrides) -> Place:
    """Return where a command runs. Raises UsageError or CredentialsError for what is missing or invalid."""
    kind = overrides.kind or _kind(environ)
    found = _github(environ) if kind is Kind.GITHUB else _gitlab(environ)
    chosen = {name: value for name, value in vars(overrides).items() if value is not None}
    if "run" in chosen:
        chosen["run_url"] = ""
    place = replace(found, **chosen)
    _check(place)
    return place


def _kind(environ: Mapping[str, str]) -> Kind:
    if environ.get("GITHUB_REPOSITORY"):
        return Kind.GITHUB
    if environ.get("CI_API_V4_URL"):
        return Kind.GITLAB
    raise UsageError("neither GITHUB_REPOSITORY nor CI_API_V4_URL is set: pass --forge github or --forge gitlab")


def _github(environ: Mapping[str, str]) -> Place:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    about, other = _object(event, "pull_request"), _object(event, "workflow_run")
    repository, run = environ.get("GITHUB_REPOSITORY", ""), environ.get("GITHUB_RUN_ID", "")
    server = environ.get("GITHUB_SERVER_URL", "https://github.com")
    number = about.get("number")
    return Place(
        kind=Kind.GITHUB,
        api_url=environ.get("GITHUB_API_URL", "https://api.github.com"),
        repository=repository,
        token=environ.get("GITHUB_TOKEN", ""),
        pull_request=number if isinstance(number, int) else None,
        # GITHUB_SHA of a pull request is a merge commit that exists only for the run.
        head=_text(_object(about, "head"), "sha") or _text(other, "head_sha") or environ.get("GITHUB_SHA", ""),
        base=_text(_object(about, "base"), "sha"),
        run=run,
        run_url=f"{server}/{repository}/actions/runs/{run}" if run else "",
        ref=environ.get("GITHUB_REF_NAME", ""),
        branch=_branch(other),
        queued=_queued(_text(_object(event, "merge_group"), "head_ref")),
    )


def _queued(ref: str) -> int | None:
    """Return the pull request of a branch of the merge queue; GitHub tells it nowhere else."""
    found = _QUEUE.fullmatch(ref)
    return int(found[1]) if found else None


def _branch(run: Mapping[str, Any]) -> str:
    """Return the branch that a run of another workflow was for, as owner:branch."""
    owner = _text(_object(_object(run, "head_repository"), "owner"), "login")
    return f"{owner}:{_text(run, 'head_branch')}" if owner else ""


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _event(path: str) -> dict[str, Any]:
    """Return the event that started a workflow on GitHub; empty without one."""
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"GITHUB_EVENT_PATH {path} cannot be read as JSON") from error
    return event if isinstance(event, dict) else {}


def _gitlab(environ: Mapping[str, str]) -> Place:
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    own = environ.get("GITLAB_TOKEN", "")
    return Place(
        kind=Kind.GITLAB,
        api_url=environ.get("CI_API_V4_URL", "https://gitlab.com/api/v4"),
        repository=environ.get("CI_PROJECT_ID", ""),
        token=own or environ.get("CI_JOB_TOKEN", ""),
        pull_request=int(number) if number.isascii() and number.isdigit() else None,
        # Set only where CI_COMMIT_SHA is the commit of a merge that exists only for the pipeline.
        head=environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", ""),
        base=environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
        run=environ.get("CI_PIPELINE_ID", ""),
        run_url=environ.get("CI_PIPELINE_URL", ""),
        ref=environ.get("CI_COMMIT_BRANCH", ""),
        token_of_job=not own,
    )


def _check(place: Place) -> None:
    github = place.kind is Kind.GITHUB
    if not place.repository:
        raise UsageError(f"{'GITHUB_REPOSITORY' if github else 'CI_PROJECT_ID'} is not set: pass --repository")
    if github and place.repository.count("/") != 1:
        raise UsageError(f'invalid repository "{place.repository}": expected owner/name')
    for name, commit in {"--commit": place.head, "--base": place.base}.items():
        if commit and not _COMMIT.fullmatch(commit):
            raise UsageError(f'invalid {name} "{commit}": expected the full hash of a commit')
    if place.run and not (place.run.isascii() and place.run.isdigit() and len(place.run) <= 20):
        raise UsageError(f'invalid --run "{place.run}": expected the id of a run')
    if not place.token:
        name = "GITHUB_TOKEN" if github else "GITLAB_TOKEN"
        raise CredentialsError(f"no token: set {name}; it is read from the environment only")
