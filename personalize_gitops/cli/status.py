"""`status`: every declared resource, its live state, age and failure reason."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `status`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)


def run(options: argparse.Namespace) -> int:
    """0 whatever the state is; `drift` judges, this only tells."""
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import planned
    from personalize_gitops.manifest import load
    from personalize_gitops.render import json, status

    loaded = load(options.manifests, options.target)
    with connected(loaded) as connection:
        plan = planned(loaded, connection, options)
        now = max(connection.clock.now(), connection.cloud.now)
    rows = status.rows(plan, now)
    show(
        {"text": lambda style: status.text(rows, style), "json": lambda _: json.status(rows, plan.project, TOOL)},
        options,
    )
    return 0
