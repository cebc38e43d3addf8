"""`metrics`: the offline metrics of a model, beside those of the version before or of another address."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show

_ONE = "Campaign/name, Recommender/name or SolutionVersion/name"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `metrics`."""
    parser.add_argument("address", type=shared.address, metavar="ADDR", help=_ONE)
    parser.add_argument(
        "--against", type=shared.address, metavar="ADDR", help="compare with this one (default: the version before)"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "metrics")


def run(options: argparse.Namespace) -> int:
    """Show the metrics. Always return 0."""
    from personalize_gitops.asking.metrics import measure
    from personalize_gitops.session import open_session

    with open_session(*shared.where(options)) as session:
        plan, snapshot = shared.read(session, options)
        runtime = session.connection.cloud.runtime
        report = measure(options.address, options.against, plan, snapshot, runtime)
    show(report, options)
    return 0
