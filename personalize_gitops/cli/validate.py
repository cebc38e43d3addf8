"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
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
    parser.add_argument(
        "--online",
        action="store_true",
        help="also check roles, buckets, keys and quotas in the accounts of the targets; needs credentials",
    )


def _online(loaded: Loaded) -> Iterator[Problem[Source]]:
    """Yield what the account of a target lacks: permissions, and quotas for what would be created."""
    if loaded.target.emulator is not None:
        return
    from personalize_gitops.model.problem import Problem, Severity
    from personalize_gitops.model.reason import ReasonCode
    from personalize_gitops.session import session_of

    with session_of(loaded) as session:
        yield from session.preflight(loaded.desired.documents.values())
        for change in session.plan().changes:
            over = [reason for reason in (*change.reasons, *change.notes) if reason.code is ReasonCode.OVER_QUOTA]
            if change.document:
                source, subject = change.document.source, str(change.address)
                yield from (Problem(reason, source, Severity.WARNING, subject=subject) for reason in over)


def run(options: argparse.Namespace) -> int:
    """Return 0 if the manifests and the data files are valid, with or without warnings, else 3.

    Raises ManifestError if the manifests are not.
    """
    from personalize_gitops.manifest.baseline import load_baseline
    from personalize_gitops.manifest.excerpts import lines_of
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.problem import ValidationReport, in_reading_order

    folder, target, variables = shared.where(options)
    loaded = [load(folder, target, variables)] if target else load_all(folder, variables)
    load_baseline(loaded[0].folder, loaded[0].project.spec.targets)
    checked = _data_of(loaded) if options.data else []
    problems = [warning for each in loaded for warning in each.warnings]
    problems += (problem for each, of in checked for problem in each.told(of.problems))
    if options.online:
        problems += (problem for each in loaded for problem in each.told(_online(each)))
    found = in_reading_order(problems)
    report = ValidationReport(
        found,
        len(loaded[0].desired.documents),
        tuple(each.target_name for each in loaded),
        lines_of(filter(_is_in_a_manifest, found), options.manifests),
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
