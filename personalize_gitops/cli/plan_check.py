"""`plan --check`: whether a saved plan still holds. Nothing is changed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show
from personalize_gitops.cli.saved_plan import SavedPlan, differing, read
from personalize_gitops.errors import InvalidChoice, PlanEdited, StalePlan, UsageError
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.model.reports import CheckReport, PlanReport
from personalize_gitops.render.formats import formats_of
from personalize_gitops.session import Session, open_session


def check(options: argparse.Namespace) -> int:
    """Show whether the plan file holds. Return 0 if it does, else the exit code of a stale plan."""
    if refused := next(_refused(options), None):
        raise UsageError(
            f"--check compares {options.check} with a plan that has the same choices; it excludes {refused}"
        )
    report = _report(options)
    show(report, options)
    return 0 if report.holds else StalePlan.exit_code


def _refused(options: argparse.Namespace) -> Iterator[str]:
    """Yield the options that do not go with `--check`."""
    yield from (option for option in ("--out", "--destroy", "--exit-zero") if getattr(options, _member(option)))
    yield from shared.as_options(shared.choices_of(options))[:1]
    formats = formats_of(CheckReport.document)
    yield from (f"--output {format_}" for format_, _ in options.output or () if format_ not in formats)


def _member(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


def _report(options: argparse.Namespace) -> CheckReport:
    try:
        saved = read(options.check)
    except PlanEdited:
        return CheckReport(str(options.check), moved=(Reason(ReasonCode.PLAN_EDITED),))
    with open_session(*shared.where(options, saved.target)) as session:
        return _compared(saved, session, options)


def _compared(saved: SavedPlan, session: Session, options: argparse.Namespace) -> CheckReport:
    """Return what differs between a saved plan and the one made now. Other manifests may not allow its choices."""
    file, fingerprint = str(options.check), str(saved.content["fingerprint"])
    manifests = session.loaded.desired.digest
    try:
        plan = shared.plan_of(session, options, saved.choices, resumed=saved.resumed)
    except InvalidChoice:
        if saved.manifests == manifests:
            raise
        return CheckReport(file, fingerprint, (Reason(ReasonCode.MANIFESTS_DIFFER),))
    return CheckReport(file, fingerprint, differing(saved, PlanReport(plan, saved.choices, manifests)), plan)
