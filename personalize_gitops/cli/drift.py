"""`drift`: how the account differs from the manifests."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.cli import notices
from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, tell
from personalize_gitops.errors import UsageError
from personalize_gitops.render.formats import formats_of

if TYPE_CHECKING:
    from personalize_gitops.model.drift import Drift, Finding
    from personalize_gitops.model.plan import Plan
    from personalize_gitops.session import Session

DRIFT = 2
_UNREAD = 1  # an error: what could not be read may have drifted
_FAILING = "changed,missing,failed,failed-update"  # a text, so that `--help` need not load the model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `drift`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "drift")
    parser.add_argument(
        "--fail-on",
        type=findings,
        default=_FAILING,
        metavar="CLASS,…",
        help=f"classes of findings that exit with 2 (default: {_FAILING})",
    )
    parser.add_argument(
        "--since",
        type=Path,
        metavar="FILE",
        help="compare with an earlier check, from `--output json=FILE`: what is new, ongoing or resolved",
    )
    parser.add_argument(
        "--accept",
        type=shared.address,
        nargs="+",
        action="extend",
        metavar="ADDR",
        help="write the values of the account into the manifest or the patch of the target; repeatable",
    )
    parser.add_argument("--who", action="store_true", help="ask CloudTrail who made the last change, and when")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there is drift")


def findings(given: str) -> frozenset[Finding]:
    """Return the classes in `changed,missing`. Raises ArgumentTypeError for anything else."""
    from personalize_gitops.model.drift import Finding
    from personalize_gitops.model.nearest import nearest

    known = [finding.value for finding in Finding]
    words = [word.strip() for word in given.split(",") if word.strip()]
    for word in words:
        if word not in known:
            near = nearest(word, known)
            hint = f'did you mean "{near}"?' if near else f"expected {', '.join(known)}"
            raise argparse.ArgumentTypeError(f'unknown class "{word}"; {hint}')
    if not words:
        raise argparse.ArgumentTypeError("no class given; --exit-zero lets every check pass")
    return frozenset(map(Finding, words))


def run(options: argparse.Namespace) -> int:
    """Show or accept the drift. Return 2 if a finding fails the check, else 1 if not everything was read, else 0."""
    from personalize_gitops.cli.former import check_same_target, read_former
    from personalize_gitops.engine.drift.history import compared
    from personalize_gitops.engine.drift.muting import mute
    from personalize_gitops.manifest.baseline import load_baseline
    from personalize_gitops.model.reports import DriftReport
    from personalize_gitops.session import open_session

    former = read_former(options.since) if options.since else None
    with open_session(*shared.where(options)) as session:
        loaded = session.loaded
        baseline = load_baseline(loaded.folder, loaded.project.spec.targets)
        plan, found = session.check(use_cache=not options.no_cache, trust_timestamps=options.trust_timestamps)
        shared.tell_calls(session, options)
        if options.accept:
            return _accept(session, plan, found, options)
        if former:
            check_same_target(former, plan, options.since)
        at = plan.time.made_at
        history = compared(found, former, at)
        kept, muted = mute(history.found, baseline, plan.target, at)
        if options.who:
            kept = session.with_writers(plan, kept)
        report = DriftReport(
            plan,
            kept,
            options.fail_on,
            shared.repeated(options),
            checked_at=at,
            muted=muted,
            resolved=history.resolved,
            unresolved=history.unresolved,
            since=former.checked_at if former else None,
        )
        show(report, options)
        notices.of_drift(session, report)
    if report.failed and not options.exit_zero:
        return DRIFT
    return 0 if report.complete else _UNREAD


def _accept(session: Session, plan: Plan, found: tuple[Drift, ...], options: argparse.Namespace) -> int:
    """Write the values of the account into the manifests, and show what was written."""
    from personalize_gitops.engine.drift.accept import live_values
    from personalize_gitops.manifest.accepting import accept
    from personalize_gitops.model.reports import AcceptReport

    formats = formats_of(AcceptReport.document)
    if unsupported := [format_ for format_, _ in options.output or () if format_ not in formats]:
        raise UsageError(f"--accept has no output as {unsupported[0]}: expected {' or '.join(formats)}")
    written = accept(options.manifests, session.loaded, live_values(plan, found, tuple(options.accept)))
    show(AcceptReport(plan, written), options)
    tell(f"Next: {shared.next_command(['plan'], options)}, which shows what still differs")
    return 0
