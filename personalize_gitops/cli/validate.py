"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`. Without a target every target is checked."""
    shared.add_manifests(parser)
    shared.add_output(parser, "validation")


def run(options: argparse.Namespace) -> int:
    """Return 0 if the manifests are valid. Raises ManifestError if not."""
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.reports import ValidationReport

    loaded = [load(options.manifests, options.target)] if options.target else load_all(options.manifests)
    targets = tuple(each.target_name for each in loaded)
    show(ValidationReport((), len(loaded[0].desired.documents), targets), options)
    return 0
