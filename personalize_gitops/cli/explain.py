"""`explain`: why one resource changes, what it needs, and what depends on it."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain`."""
    parser.add_argument("address", type=shared.address, metavar="ADDR", help="Kind/name of the resource")
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "explain")


def run(options: argparse.Namespace) -> int:
    """Show the explanation. Always return 0."""
    from personalize_gitops.engine.plan.explaining import explain
    from personalize_gitops.model.reports import ExplainReport
    from personalize_gitops.session import open_session

    with open_session(*shared.where(options)) as session:
        plan = shared.plan_of(session, options)
    show(ExplainReport(plan.project, plan.target, explain(plan, options.address)), options)
    return 0
