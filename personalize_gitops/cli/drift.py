"""`drift`: how the account differs from the manifests."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, tell

DRIFT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `drift`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "drift")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there is drift")


def run(options: argparse.Namespace) -> int:
    """Show the drift. Return 0 if the account is as declared, 2 if not."""
    from personalize_gitops.engine.drift import drift
    from personalize_gitops.model.reports import DriftReport
    from personalize_gitops.session import open_session

    with open_session(options.manifests, options.target) as session:
        plan = shared.plan_of(session, options)
    found = drift(plan)
    following = shared.next_command(["plan"], options) if found else ""
    show(DriftReport(plan, found, following), options)
    if found:
        tell(f"Next: {following}, which shows what an apply would do about it")
    return DRIFT if found and not options.exit_zero else 0
