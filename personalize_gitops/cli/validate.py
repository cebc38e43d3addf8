"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`. Without a target, it checks every target."""
    shared.add_manifests(parser)
    shared.add_output(parser, "validation")
    parser.add_argument("--all", action="store_true", help="list each of many problems of one sort")


def run(options: argparse.Namespace) -> int:
    """Return 0 if the manifests are valid, with or without warnings. Raises ManifestError if they are not."""
    from personalize_gitops.manifest.baseline import load_baseline
    from personalize_gitops.manifest.excerpts import lines_of
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.problem import ValidationReport, in_reading_order

    folder, target, variables = shared.where(options)
    loaded = [load(folder, target, variables)] if target else load_all(folder, variables)
    load_baseline(loaded[0].folder, loaded[0].project.spec.targets)
    warnings = in_reading_order(warning for each in loaded for warning in each.warnings)
    targets = tuple(each.target_name for each in loaded)
    lines = lines_of(warnings, options.manifests)
    show(ValidationReport(warnings, len(loaded[0].desired.documents), targets, lines, options.all), options)
    return 0
