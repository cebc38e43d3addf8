"""`graph`: what depends on what, for a drawing program."""

from __future__ import annotations

import argparse
import sys

from personalize_gitops.cli import options as shared
from personalize_gitops.render.formats import formats_of, render_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `graph`."""
    formats = {str(each): each for each in formats_of("graph")}
    parser.add_argument(
        "--format", choices=formats, default="mermaid", help="the language of the drawing (default: mermaid)"
    )
    parser.add_argument("--live", action="store_true", help="read the account, and color each resource by its state")
    shared.add_manifests(parser)
    shared.add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Print the graph of the declared resources. Return 0."""
    from personalize_gitops.manifest import load
    from personalize_gitops.model.graph import graph_of
    from personalize_gitops.model.reports import GraphReport

    loaded, plan = load(*shared.where(options)), None
    if options.live:
        from personalize_gitops.session import session_of

        with session_of(loaded) as session:
            plan = shared.plan_of(session, options)
    format_ = next(each for each in formats_of("graph") if each == options.format)
    sys.stdout.write(render_report(GraphReport(graph_of(loaded.desired, plan)), format_))
    return 0
