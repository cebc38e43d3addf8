"""`apply`: carry out what the plan shows."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import tell
from personalize_gitops.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `apply`."""
    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLANFILE", help="a file of `plan --out`, applied if it still holds"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "apply")
    shared.add_apply(parser)
    shared.add_choices(parser)


def run(options: argparse.Namespace) -> int:
    """Apply the plan. Return 0 if everything is as declared afterwards, else the exit code of the failure."""
    if options.plan:
        return _apply_saved(options)
    from personalize_gitops.cli.execution import execute
    from personalize_gitops.session import open_session

    choices = shared.choices_of(options)
    with open_session(*shared.where(options), changes=True, wait=shared.lock_wait(options)) as session:
        return execute(shared.plan_of(session, options, choices), session, options)


def _apply_saved(options: argparse.Namespace) -> int:
    """Apply a plan file if it holds. The file is the approval."""
    from personalize_gitops.cli.execution import execute
    from personalize_gitops.cli.saved_plan import check, read, stale
    from personalize_gitops.model.reports import PlanReport
    from personalize_gitops.session import open_session

    if chosen := shared.as_options(shared.choices_of(options)):
        raise UsageError(f"{options.plan} records its choices; pass {chosen[0]} to `plan`")
    saved = read(options.plan)
    options.auto_approve = True
    with open_session(*shared.where(options, saved.target), changes=True, wait=shared.lock_wait(options)) as session:
        manifests = session.loaded.desired.digest
        if saved.manifests != manifests:
            raise stale(options.plan, "the manifests differ")
        plan = shared.plan_of(session, options, saved.choices, resumed=saved.resumed)
        check(options.plan, saved, PlanReport(plan, saved.choices, manifests))
        if plan.is_empty:
            tell(f"{options.plan} is already applied.")
        return execute(plan, session, options)
