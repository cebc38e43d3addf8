"""Notify the channels of a target. What fails is a warning, and changes no exit code."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from personalize_gitops.cli.output import tell

if TYPE_CHECKING:
    from personalize_gitops.model.notice import Item, Notice, Occurrence
    from personalize_gitops.model.plan import Plan
    from personalize_gitops.model.reports import ApplyReport, DriftReport
    from personalize_gitops.session import Session


def of_apply(session: Session, report: ApplyReport) -> None:
    """Tell that an apply has made its changes, or that steps failed. One that is still in progress is not told."""
    if not session.loaded.target.notify:
        return
    from personalize_gitops.model.events import Done, Failed, exit_code
    from personalize_gitops.model.notice import Item, Occurrence

    failed = tuple(
        Item(str(event.step.id.address), f"{event.step.id.verb} failed", (event.reason,))
        for event in report.events
        if isinstance(event, Failed)
    )
    if failed:
        _notify(session, Occurrence.FAILED, report.plan, failed, Counter(failed=len(failed), done=report.done))
    elif report.done and exit_code(report.events) == 0:
        done = tuple(
            Item(str(event.step.id.address), event.step.id.verb) for event in report.events if isinstance(event, Done)
        )
        _notify(session, Occurrence.APPLIED, report.plan, done, Counter(done=report.done))


def of_drift(session: Session, report: DriftReport) -> None:
    """Tell what is new and what is resolved since an earlier check, of the findings that fail a check."""
    if not session.loaded.target.notify or report.since is None:
        return
    from personalize_gitops.model.drift import State
    from personalize_gitops.model.notice import Item, Occurrence

    new = tuple(
        Item(str(one.address), one.finding, one.reasons)
        for one in report.drift
        if one.state is State.NEW and report.fails(one)
    )
    gone = tuple(
        Item(one.address, one.finding) for one in report.resolved if one.finding in report.fail_on and not one.muted
    )
    for occurrence, items in ((Occurrence.DRIFT, new), (Occurrence.RESOLVED, gone)):
        if items:
            _notify(session, occurrence, report.plan, items, Counter(item.word for item in items))


def of_saved_plan(session: Session, plan: Plan) -> None:
    """Tell that a saved plan waits for approval, in a pipeline. A pull request shows its plan itself."""
    if not session.loaded.target.notify or plan.is_empty or not plan.applyable or not _is_after_merge():
        return
    from personalize_gitops.model.notice import Item, Occurrence

    items = tuple(Item(str(change.address), change.action, change.reasons) for change in plan.pending)
    _notify(session, Occurrence.WAITING, plan, items, Counter({k: n for k, n in plan.summary.items() if n}))


def _is_after_merge() -> bool:
    """Return whether this runs in a pipeline that is not the check of a pull request."""
    of_pull_request = os.environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request")
    of_pull_request = of_pull_request or bool(os.environ.get("CI_MERGE_REQUEST_IID"))
    is_pipeline = os.environ.get("CI", "") not in ("", "false") or "CODEBUILD_BUILD_ID" in os.environ
    return is_pipeline and not of_pull_request


def _notify(session: Session, occurrence: Occurrence, plan: Plan, items: Sequence[Item], counts: Counter[str]) -> None:
    from personalize_gitops.model.notice import Notice, Occurrence

    _send(
        session,
        Notice(
            occurrence,
            plan.project,
            plan.target,
            plan.account,
            plan.region,
            tuple(items),
            counts,
            "" if occurrence in (Occurrence.DRIFT, Occurrence.RESOLVED) else plan.fingerprint,
            _link(),
        ),
    )


def _send(session: Session, notice: Notice) -> None:
    from personalize_gitops.notify.deliver import deliver
    from personalize_gitops.render.notices import message, undelivered

    for failure in deliver(session.connection.channels(), message(notice)):
        tell(undelivered(failure.label, failure.why))


def _link() -> str:
    """Return the address of the run of the pipeline; empty outside of GitHub and GitLab."""
    given = os.environ.get
    if given("GITHUB_RUN_ID"):
        return f"{given('GITHUB_SERVER_URL')}/{given('GITHUB_REPOSITORY')}/actions/runs/{given('GITHUB_RUN_ID')}"
    return given("CI_PIPELINE_URL", "")
