"""`plan`: what would change, and why."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, Views, show, tell
from personalize_gitops.errors import UsageError

CHANGES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `plan`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    shared.add_ownership(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the plan to a file, for `apply FILE`")
    parser.add_argument("--destroy", action="store_true", help="plan what `destroy` would do")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even when there are changes")


def run(options: argparse.Namespace) -> int:
    """0 when nothing would change, 2 when something would."""
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import next_command, planned, too_many
    from personalize_gitops.manifest import load
    from personalize_gitops.model.plan import Asked
    from personalize_gitops.render import json, text

    if options.destroy and (options.adopt or options.forget):
        raise UsageError("--destroy takes down all that is owned; --adopt and --forget have no place in it")
    asked = Asked(options.destroy, options.adopt, frozenset(options.forget))
    loaded = load(options.manifests, options.target)
    with connected(loaded) as connection:
        plan = planned(loaded, connection, options, asked)
        calls = connection.cloud.calls
    views: Views = {
        "text": lambda style: text.plan(plan, style),
        "json": lambda _: json.plan(plan, TOOL, asked, calls=calls),
    }
    show(views, options)
    if options.out:
        shown = argparse.Namespace(output=[("json", options.out)], color="never")
        show(views, shown)
    if plan.is_empty:
        return 0
    if why := too_many(plan, loaded.target.limits):
        tell(f"Apply would be refused: {why}.")
    elif plan.applyable:
        tell(f"Next: {next_command(_next(options), options)}")
    return 0 if options.exit_zero else CHANGES


def _next(options: argparse.Namespace) -> list[str]:
    """The command that carries out what was planned."""
    if options.out:
        return ["apply", str(options.out)]
    if options.destroy:
        return ["destroy"]
    forget = [word for address in options.forget for word in ("--forget", str(address))]
    return ["apply", *(["--adopt"] if options.adopt else []), *forget]
