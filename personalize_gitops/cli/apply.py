"""`apply`: carry out what the plan shows."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.errors import StalePlan, UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `apply`."""
    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLANFILE", help="a file of `plan --out`, applied if still true"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    shared.add_apply(parser)


def run(options: argparse.Namespace) -> int:
    """0 when everything is as declared afterwards."""
    from personalize_gitops.cli.applying import carry_out
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import planned
    from personalize_gitops.manifest import load

    saved = _read(options.plan) if options.plan else None
    loaded = load(options.manifests, options.target or (saved.target if saved else None))
    with connected(loaded, changes=True) as connection:
        plan = planned(loaded, connection, options, destroy=bool(saved and saved.destroy))
        if saved and plan.fingerprint != saved.fingerprint:
            raise StalePlan(
                f"{options.plan} was made from other manifests or another state of the account "
                f"({saved.fingerprint}, now {plan.fingerprint}); plan again"
            )
        return carry_out(plan, connection, options, most_deletes=loaded.target.limits.max_deletes)


@dataclass(frozen=True)
class _Saved:
    """What a plan file says the plan was."""

    fingerprint: str
    target: str
    destroy: bool


def _read(path: Path) -> _Saved:
    import json

    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        return _Saved(str(plan["fingerprint"]), str(plan["target"]["name"]), bool(plan["destroy"]))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
