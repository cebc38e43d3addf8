"""`status`: every declared or owned resource, its live state, age and failure reason."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `status`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "status")


def run(options: argparse.Namespace) -> int:
    """Show the live state. Always return 0; `drift` returns a code for differences."""
    from personalize_gitops.model.reports import StatusReport
    from personalize_gitops.session import open_session

    with open_session(options.manifests, options.target) as session:
        plan = shared.plan_of(session, options)
        at = session.connection
        report = StatusReport(plan, max(at.clock.now(), at.cloud.now))
    show(report, options)
    return 0
