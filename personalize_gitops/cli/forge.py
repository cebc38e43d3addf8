"""`forge`: comments, drift issues and approved plans on GitHub and GitLab, for pipelines."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.cli.output import tell
from personalize_gitops.errors import ForgeError, UsageError

if TYPE_CHECKING:
    from personalize_gitops.forge.artifact import ArchivedFile
    from personalize_gitops.forge.drift_issue import Check
    from personalize_gitops.forge.environment import Place
    from personalize_gitops.forge.github import GitHub
    from personalize_gitops.forge.marker import Marker, State
    from personalize_gitops.forge.port import Forge, PullRequest

LABEL = "personalize-drift"
_DRIFT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a subcommand for each action."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    comment = actions.add_parser("comment", help="write the one comment about a target into a pull request")
    comment.add_argument("--body", type=Path, required=True, metavar="FILE", help="the text, from `--output md=FILE`")
    comment.add_argument("--plan", type=Path, required=True, metavar="FILE", help="the plan, from `--output json=FILE`")
    comment.add_argument(
        "--about",
        choices=("plan", "apply"),
        default="plan",
        help="the plan, or what became of its apply (default: plan)",
    )
    comment.add_argument(
        "--exit-code", type=int, metavar="CODE", help="exit code of `apply`; one that ended is not repeated"
    )
    comment.add_argument("--pull-request", type=int, metavar="NUMBER", help="default: the one of the pipeline")
    comment.add_argument("--base", metavar="SHA", help="commit that it is merged into (default: the pipeline's)")
    fork = actions.add_parser("fork", help="comment on the plan that the pipeline of a fork made")
    fork.add_argument("--plan", type=Path, required=True, metavar="FILE", help="its JSON; it is checked and escaped")
    issue = actions.add_parser("drift-issue", help="open, update, reopen or close the drift issue of a target")
    issue.add_argument("--target", required=True, metavar="NAME", help="target that was checked")
    issue.add_argument("--exit-code", type=int, required=True, metavar="CODE", help="exit code of `drift`")
    issue.add_argument("--drift", type=Path, metavar="FILE", help="what it found, from `--output json=FILE`")
    issue.add_argument("--body", type=Path, metavar="FILE", help="the text, from `--output md=FILE`")
    issue.add_argument("--label", default=LABEL, metavar="NAME", help=f"label of drift issues (default: {LABEL})")
    artifact = actions.add_parser("artifact", help="download the plan that was approved in a merged pull request")
    artifact.add_argument("--name", required=True, help="name of the artifact; on GitLab, of the job")
    artifact.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for its files")
    artifact.add_argument("--target", metavar="NAME", help="target of the plan; not needed with --run")
    artifact.add_argument(
        "--latest", action="store_true", help="the newest of all runs on the branch; none is no error"
    )
    dispatch = actions.add_parser("dispatch", help="start a workflow on GitHub, such as one that continues an apply")
    dispatch.add_argument("--workflow", required=True, metavar="FILE", help="its file in .github/workflows")
    dispatch.add_argument("--input", action="append", default=[], type=_input, metavar="NAME=VALUE", help="repeatable")
    for command in (issue, artifact):
        command.add_argument("--project", metavar="NAME", help="project, if several have such a target")
    for command in (comment, fork, issue, artifact, dispatch):
        _add_place(command)


def _input(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f'invalid input "{given}": expected NAME=VALUE')
    return name, value


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forge", choices=("github", "gitlab"), help="default: the one that runs the pipeline")
    parser.add_argument("--api-url", metavar="URL", help="address of the REST API (default: the pipeline's)")
    parser.add_argument("--repository", metavar="NAME", help="owner/name, or the id of a GitLab project")
    parser.add_argument("--commit", metavar="SHA", help="commit that was planned or checked (default: the pipeline's)")
    parser.add_argument("--run", metavar="ID", help="run or pipeline (default: this one)")


def run(options: argparse.Namespace) -> int:
    """Carry out an action. Return 0, also if there was nothing to do."""
    place = _place(options)
    forge = _forge(place)
    _ACTIONS[options.action](forge, place, options)
    return 0


def _place(options: argparse.Namespace) -> Place:
    from personalize_gitops.forge.environment import Kind, Overrides, place_of

    overrides = Overrides(
        kind=Kind(options.forge) if options.forge else None,
        api_url=options.api_url,
        repository=options.repository,
        pull_request=getattr(options, "pull_request", None),
        head=options.commit,
        base=getattr(options, "base", None),
        run=options.run,
    )
    return place_of(os.environ, overrides)


def _forge(place: Place) -> Forge:
    from personalize_gitops.clock import SystemClock
    from personalize_gitops.forge.environment import Kind
    from personalize_gitops.forge.github import GitHub
    from personalize_gitops.forge.gitlab import GitLab

    clock = SystemClock()
    if place.kind is Kind.GITHUB:
        return GitHub(place.api_url, place.repository, place.token, clock)
    return GitLab(place.api_url, place.repository, place.token, clock, of_job=place.token_of_job)


def _comment(forge: Forge, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.forge.documents import read_plan, read_text
    from personalize_gitops.forge.marker import Marker, Purpose, State
    from personalize_gitops.forge.publish import publish_comment, publish_index, publish_label
    from personalize_gitops.render import forge as texts

    plan, text = read_plan(options.plan), read_text(options.body)
    purpose = Purpose(options.about)
    number = _pull_request(forge, place, merged=purpose is Purpose.APPLY)
    state = State.DONE if purpose is Purpose.APPLY and options.exit_code == 0 else State.NONE
    marker = Marker(purpose, plan.project, plan.target, plan.fingerprint, place.head, place.base, place.run, state)
    published = publish_comment(forge, number, marker, text, texts.CUT)
    tell(texts.comment_told(published.done, published.url))
    if purpose is Purpose.PLAN:
        publish_label(forge, number, plan.target, plan.outlook)
        publish_index(
            forge,
            number,
            plan.project,
            lambda found: texts.index((each.marker.target, each.comment.url, each.summary) for each in found),
            texts.CUT,
        )


def _pull_request(forge: Forge, place: Place, *, merged: bool) -> int:
    """Return the number of the pull request: the pipeline's, or the one that brought the commit."""
    if place.pull_request is not None:
        return place.pull_request
    found = forge.merged_pull_request(place.head, place.ref) if merged and place.head else None
    if found is None:
        raise UsageError("the pipeline does not run for a pull request: pass --pull-request")
    return found.number


def _fork(forge: Forge, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.forge.documents import read_fork
    from personalize_gitops.forge.marker import Marker, Purpose
    from personalize_gitops.forge.publish import publish_comment
    from personalize_gitops.render import forge as texts
    from personalize_gitops.render.fork import plan

    content = read_fork(options.plan)
    number = _github(forge).open_pull_request(place.branch, place.head) if place.branch else None
    if number is None:
        tell(texts.NO_PULL_REQUEST)
        return
    marker = Marker(
        Purpose.FORK, content["project"], content["target"]["name"], content["fingerprint"], place.head, run=place.run
    )
    published = publish_comment(forge, number, marker, plan(content), texts.CUT)
    tell(texts.comment_told(published.done, published.url))


def _dispatch(forge: Forge, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.render import forge as texts

    github = _github(forge)
    _check_ref(place)
    github.dispatch(options.workflow, place.ref, dict(options.input))
    tell(texts.dispatched(options.workflow, place.ref))


def _check_ref(place: Place) -> None:
    if not place.ref:
        raise UsageError("GITHUB_REF_NAME is not set: it is the branch of the workflow")


def _github(forge: Forge) -> GitHub:
    from personalize_gitops.forge.github import GitHub

    if not isinstance(forge, GitHub):
        raise UsageError("this action is for GitHub only")
    return forge


def _drift_issue(forge: Forge, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.forge.marker import State
    from personalize_gitops.forge.publish import publish_drift
    from personalize_gitops.render import forge as texts

    check = _ended(place, options) if options.exit_code in (0, _DRIFT) else None
    check = check or _failed(forge, place, options)
    if check is None:
        tell(texts.issue_told(options.target, "", "", failed=True))
        return
    published = publish_drift(forge, check, options.label, texts.CUT)
    failed = check.marker.state is State.UNKNOWN
    tell(texts.issue_told(options.target, published.done, published.url, failed=failed))


def _ended(place: Place, options: argparse.Namespace) -> Check | None:
    """Return what a check found that ended; None if it found no drift because it could not read everything."""
    from personalize_gitops.forge.documents import read_drift, read_text
    from personalize_gitops.forge.drift_issue import Check
    from personalize_gitops.forge.marker import State
    from personalize_gitops.render import forge as texts

    if options.drift is None or options.body is None:
        raise UsageError("a check that ended with 0 or 2 has written --drift and --body")
    found, text = read_drift(options.drift), read_text(options.body)
    if found.target and found.target != options.target:
        raise UsageError(f"{options.drift} is of target {found.target}, not of {options.target}")
    title = texts.drift_title(found.project, options.target)
    if options.exit_code == _DRIFT or found.failed:  # with --exit-zero, drift exits with 0
        marker = _marker(place, options, found.project, State.DRIFT, found.digest)
        return Check(marker, title, text, texts.duplicate(place.run_url))
    marker = _marker(place, options, found.project, State.CLEAN)
    return Check(marker, title, note=texts.resolved(place.run_url)) if found.complete else None


def _failed(forge: Forge, place: Place, options: argparse.Namespace) -> Check | None:
    """Return the note that a target could not be checked; None if it has no drift issue."""
    from personalize_gitops.forge.drift_issue import Check, project_of
    from personalize_gitops.forge.marker import State
    from personalize_gitops.render import forge as texts

    project = options.project or project_of(forge.issues(options.label), forge.author(), options.target)
    marker = _marker(place, options, project, State.UNKNOWN)
    return Check(marker, "", note=texts.not_checked(place.run_url)) if project else None


def _marker(place: Place, options: argparse.Namespace, project: str, state: State, digest: str = "") -> Marker:
    from personalize_gitops.forge.marker import Marker, Purpose

    return Marker(Purpose.DRIFT, project, options.target, digest, place.head, "", place.run, state)


def _artifact(forge: Forge, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.forge import artifact

    if options.latest:
        _latest(_github(forge), place, options)
        return
    marker = None if options.run else _approved(forge, place, options)
    identity = marker.run if marker else options.run
    archive = forge.artifact(identity, options.name, marker.head if marker else "")
    if archive is None:
        of_commit = f" of commit {marker.head[:12]}" if marker else ""
        raise ForgeError(f"run {identity} has no artifact {options.name}{of_commit}, or it has expired: plan again")
    files = artifact.files_of(archive)
    plan = artifact.plan_in(files, marker.plan) if marker else None
    artifact.unpack(files, options.out)
    _print_paths([plan] if plan else files, options.out)


def _latest(github: GitHub, place: Place, options: argparse.Namespace) -> None:
    from personalize_gitops.forge import artifact

    _check_ref(place)
    archive = github.latest_artifact(place.ref, options.name)
    files = artifact.files_of(archive) if archive else []
    artifact.unpack(files, options.out)
    _print_paths(files, options.out)


def _print_paths(files: Sequence[ArchivedFile], folder: Path) -> None:
    for file in files:
        sys.stdout.write(f"{folder / file.name}\n")


def _approved(forge: Forge, place: Place, options: argparse.Namespace) -> Marker:
    """Return the marker of the plan that was approved in the pull request which brought the commit."""
    from personalize_gitops.forge import artifact, comment

    if not (options.target and place.head):
        raise UsageError("pass --target and --commit, whose approved plan is downloaded, or --run")
    pull_request = _github(forge).pull_request(place.queued) if place.queued else _merged(forge, place)
    found = comment.marked(forge.comments(pull_request.number), forge.author())
    return artifact.approved(found, pull_request, options.target, options.project or "")


def _merged(forge: Forge, place: Place) -> PullRequest:
    found = forge.merged_pull_request(place.head, place.ref)
    if found is None:
        into = f" into {place.ref}" if place.ref else ""
        raise ForgeError(f"commit {place.head[:12]} was not merged{into} by a pull request: pass --run")
    return found


_ACTIONS = {
    "comment": _comment,
    "fork": _fork,
    "drift-issue": _drift_issue,
    "artifact": _artifact,
    "dispatch": _dispatch,
}
