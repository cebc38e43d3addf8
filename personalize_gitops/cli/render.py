"""`render`: the documents of a target as they are planned."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `render`."""
    shared.add_manifests(parser)
    shared.add_output(parser, "render")


def run(options: argparse.Namespace) -> int:
    """Print the documents with the patches and variables of the target. Return 0."""
    from personalize_gitops.manifest import load
    from personalize_gitops.model.reports import RenderReport

    loaded = load(*shared.where(options))
    show(RenderReport(loaded.project.name, loaded.target_name, (*loaded.desired.documents.values(),)), options)
    return 0
