"""`plan`: what would change, and why."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.cli import notices
from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, tell, write
from personalize_gitops.errors import UsageError

if TYPE_CHECKING:
    from personalize_gitops.model.plan import Choices

CHANGES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `plan`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "plan")
    shared.add_choices(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the plan to a file, for `apply FILE`")
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="say whether a file of `plan --out` still holds: exit 0, or 6 if not"
    )
    parser.add_argument("--destroy", action="store_true", help="plan what `destroy` would do")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are changes")


def run(options: argparse.Namespace) -> int:
    """Show the plan. Return 0 if nothing would change, 2 if something would."""
    if options.check:
        from personalize_gitops.cli.plan_check import check

        return check(options)
    from personalize_gitops.model.problem import Severity
    from personalize_gitops.model.reports import PlanReport
    from personalize_gitops.render.formats import Format
    from personalize_gitops.render.validation import warnings_hint
    from personalize_gitops.session import open_session

    choices = shared.choices_of(options)
    if others := shared.as_options(choices) if options.destroy else []:
        raise UsageError(f"--destroy deletes everything that is owned: it excludes {others[0]}")
    with open_session(*shared.where(options)) as session:
        plan = shared.plan_of(session, options, choices)
        following = shared.next_command(_next(options, choices), options)
        found = session.before(plan)
        calls = session.connection.cloud.calls
        report = PlanReport(plan, choices, session.loaded.desired.digest, calls, following, found)
        show(report, options)
        if options.out:
            without_calls = replace(report, calls={}, preflight=())  # they may be others when it is applied
            write(without_calls, Format.JSON, options.out)
            notices.of_saved_plan(session, plan)
    if warnings := sum(problem.severity is Severity.WARNING for problem in session.loaded.warnings):
        tell(warnings_hint(warnings))
    if plan.is_empty:
        return 0
    if plan.applyable:
        tell(f"Next: {following}")
    return 0 if options.exit_zero else CHANGES


def _next(options: argparse.Namespace, choices: Choices) -> list[str]:
    """Return the command that carries out the plan."""
    if options.out:
        return ["apply", str(options.out)]
    if options.destroy:
        return ["destroy"]
    return ["apply", *shared.as_options(choices)]
