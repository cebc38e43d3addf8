"""`plan`: what would change, and why."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, Views, show, tell

CHANGES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `plan`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the plan to a file, for `apply FILE`")
    parser.add_argument("--destroy", action="store_true", help="plan what `destroy` would do")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even when there are changes")


def run(options: argparse.Namespace) -> int:
    """0 when nothing would change, 2 when something would."""
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import next_command, planned
    from personalize_gitops.manifest import load
    from personalize_gitops.render import json, text

    loaded = load(options.manifests, options.target)
    with connected(loaded) as connection:
        plan = planned(loaded, connection, options, destroy=options.destroy)
        calls = connection.cloud.calls
    views: Views = {
        "text": lambda style: text.plan(plan, style),
        "json": lambda _: json.plan(plan, TOOL, destroy=options.destroy, calls=calls),
    }
    show(views, options)
    if options.out:
        shown = argparse.Namespace(output=[("json", options.out)], color="never")
        show(views, shown)
    if plan.is_empty:
        return 0
    if plan.applyable:
        command = ["apply", str(options.out)] if options.out else ["destroy" if options.destroy else "apply"]
        tell(f"Next: {next_command(command, options)}")
    return 0 if options.exit_zero else CHANGES
