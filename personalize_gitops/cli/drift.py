"""`drift`: what changed in the account behind the manifests' back."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, show, tell

DRIFT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even when there is drift")


def run(options: argparse.Namespace) -> int:
    """0 when the account is as declared, 2 when not."""
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import next_command, planned
    from personalize_gitops.engine.drift import drift
    from personalize_gitops.manifest import load
    from personalize_gitops.render import json, text

    loaded = load(options.manifests, options.target)
    with connected(loaded) as connection:
        plan = planned(loaded, connection, options)
    found = drift(plan)
    show(
        {
            "text": lambda style: text.drift(found, plan.project, plan.in_sync, style),
            "json": lambda _: json.drift(found, plan.project, plan.in_sync, TOOL),
        },
        options,
    )
    if found:
        tell(f"Next: {next_command(['plan'], options)}, which says what an apply would do about it")
    return DRIFT if found and not options.exit_zero else 0
