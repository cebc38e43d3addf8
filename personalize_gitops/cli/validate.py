"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show
from personalize_gitops.errors import ManifestError

if TYPE_CHECKING:
    from personalize_gitops.checking import DataReport
    from personalize_gitops.manifest.load import Loaded
    from personalize_gitops.model.problem import Problem
    from personalize_gitops.model.reason import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`. Without a target, it checks every target."""
    shared.add_manifests(parser)
    shared.add_output(parser, "validation")
    parser.add_argument("--data", action="store_true", help="also read the data files of imports and batch jobs")
    parser.add_argument("--all", action="store_true", help="list each of many problems of one sort")


def run(options: argparse.Namespace) -> int:
    """Return 0 if the manifests and the data files are valid, with or without warnings, else 3.

    Raises ManifestError if the manifests are not.
    """
    from personalize_gitops.manifest.baseline import load_baseline
    from personalize_gitops.manifest.excerpts import lines_of
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.problem import ValidationReport, in_reading_order

    loaded = [load(options.manifests, options.target)] if options.target else load_all(options.manifests)
    load_baseline(loaded[0].folder, loaded[0].project.spec.targets)
    checked = _data_of(loaded) if options.data else []
    warnings = [warning for each in loaded for warning in each.warnings]
    problems = in_reading_order([*warnings, *(problem for each, of in checked for problem in each.told(of.problems))])
    report = ValidationReport(
        problems,
        len(loaded[0].desired.documents),
        tuple(each.target_name for each in loaded),
        lines_of(filter(_is_in_a_manifest, problems), options.manifests),
        tuple(dict.fromkeys(summary for _, of in checked for summary in of.summaries)),
        options.all,
    )
    show(report, options)
    return 0 if report.valid else ManifestError.exit_code


def _is_in_a_manifest(problem: Problem[Source]) -> bool:
    """Return whether the line of a problem is shown: a row of a data file can have data of people."""
    return problem.place.file.endswith((".yaml", ".yml"))


def _data_of(loaded: list[Loaded]) -> list[tuple[Loaded, DataReport]]:
    from personalize_gitops.cli.data_check import check_targets

    return check_targets(loaded)
