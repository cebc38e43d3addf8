"""`lock`: show who holds the lock of a target, and release one whose apply does not run any more."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import tell
from personalize_gitops.errors import Refused

if TYPE_CHECKING:
    from personalize_gitops.model.lock import StoredLock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a subcommand for each action."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="show who holds the lock")
    release = actions.add_parser("release", help="remove the lock of an apply that does not run any more")
    release.add_argument("--auto-approve", action="store_true", help="do not ask for approval")
    for command in (show, release):
        shared.add_manifests(command)


def run(options: argparse.Namespace) -> int:
    """Show or release the lock. Return 0, also if nobody holds it."""
    from personalize_gitops.clock import SystemClock
    from personalize_gitops.render.lock import held, not_held
    from personalize_gitops.session import open_lock

    lock = open_lock(*shared.where(options))
    lease = lock.read()
    if lease is None:
        sys.stdout.write(not_held(lock.place))
        return 0
    sys.stdout.write(held(lock.place, lease, SystemClock().now()))
    sys.stdout.flush()
    if options.action == "release":
        _confirm(lock, options)
        if not lock.delete(lease):
            raise Refused(f"{lock.place} was renewed meanwhile, so its holder still runs; nothing was released")
        tell(f"Released {lock.place}.")
    return 0


def _confirm(lock: StoredLock, options: argparse.Namespace) -> None:
    """Ask for approval. Raises Refused without a terminal."""
    if options.auto_approve:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("cannot prompt for approval: not a terminal; pass --auto-approve")
    tell(f"Release {lock.place}? An apply that still holds it stops. Only `yes` is accepted:")
    if sys.stdin.readline().strip() != "yes":
        raise Refused("not approved; nothing was released")
