"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show

if TYPE_CHECKING:
    from personalize_gitops.manifest import Loaded
    from personalize_gitops.model.problem import Problem
    from personalize_gitops.model.reason import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`. Without a target, it checks every target."""
    shared.add_manifests(parser)
    shared.add_output(parser, "validation")
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
    """Return 0 if the manifests are valid, with or without warnings. Raises ManifestError if they are not."""
    from personalize_gitops.errors import ManifestError
    from personalize_gitops.manifest.baseline import load_baseline
    from personalize_gitops.manifest.excerpts import lines_of
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.problem import Severity, ValidationReport, in_reading_order

    folder, target, variables = shared.where(options)
    loaded = [load(folder, target, variables)] if target else load_all(folder, variables)
    load_baseline(loaded[0].folder, loaded[0].project.spec.targets)
    online = [problem for each in loaded for problem in _online(each)] if options.online else []
    warnings = in_reading_order([*(warning for each in loaded for warning in each.warnings), *online])
    if any(problem.severity is Severity.ERROR for problem in warnings):
        raise ManifestError(warnings)
    targets = tuple(each.target_name for each in loaded)
    lines = lines_of(warnings, options.manifests)
    show(ValidationReport(warnings, len(loaded[0].desired.documents), targets, lines, options.all), options)
    return 0
