"""`apply`: carry out what the plan shows."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.errors import StalePlan, UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `apply`."""
    from personalize_gitops.cli import applying

    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLANFILE", help="a file of `plan --out`, applied if still true"
    )
    shared.add_manifests(parser)
    shared.add_output(parser)
    applying.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0 when everything is as declared afterwards."""
    from personalize_gitops.cli.applying import carry_out
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import planned
    from personalize_gitops.manifest import load

    expected = _fingerprint(options.plan) if options.plan else None
    loaded = load(options.manifests, options.target)
    with connected(loaded, changes=True) as connection:
        plan = planned(loaded, connection)
        if expected and plan.fingerprint != expected:
            raise StalePlan(
                f"{options.plan} was made from other manifests or another state of the account "
                f"({expected}, now {plan.fingerprint}); plan again"
            )
        return carry_out(plan, connection, options)


def _fingerprint(path: Path) -> str:
    import json

    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["fingerprint"])
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
