"""`status`: every declared or owned resource, its live state, age, ARN and failure reason."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, style_for
from personalize_gitops.errors import UsageError

if TYPE_CHECKING:
    from personalize_gitops.model.reports import StatusReport
    from personalize_gitops.session import Session

INTERVAL = 15.0  # seconds between two looks of --watch
UNHEALTHY = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `status`."""
    parser.add_argument(
        "--exit-code", action="store_true", help="exit with 2 if a resource is missing, failed or stopped"
    )
    parser.add_argument(
        "--watch", action="store_true", help="look again until nothing is in progress, and print what changes"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "status")


def run(options: argparse.Namespace) -> int:
    """Show the live state. Return 0, or with `--exit-code` 2 if something is not healthy."""
    from personalize_gitops.render.status import is_healthy, rows
    from personalize_gitops.session import open_session

    if options.watch and options.output:
        raise UsageError("--watch prints text: it excludes --output")
    with open_session(*shared.where(options)) as session:
        report = _report(session, options)
        if options.watch:
            report = _watched(session, report, options)
    show(report, options)
    return UNHEALTHY if options.exit_code and not all(map(is_healthy, rows(report))) else 0


def _report(session: Session, options: argparse.Namespace) -> StatusReport:
    from personalize_gitops.asking.outputs import tracking_ids
    from personalize_gitops.model.reports import StatusReport

    plan = shared.plan_of(session, options)
    at = session.connection
    return StatusReport(plan, max(at.clock.now(), at.cloud.now), tracking_ids(plan, at.cloud.runtime))


def _watched(session: Session, report: StatusReport, options: argparse.Namespace) -> StatusReport:
    """Look until nothing is in progress, and print each change of a state. Return the last report."""
    from personalize_gitops.render.status import changes, in_progress

    while in_progress(report):
        session.connection.clock.sleep(INTERVAL)
        before, report = report, _report(session, options)
        sys.stdout.write(changes(before, report, style_for(options)))
        sys.stdout.flush()
    return report
