"""`apply`: carry out what the plan shows."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.errors import StalePlan, UsageError
from personalize_gitops.model.address import Address

if TYPE_CHECKING:
    from personalize_gitops.model.plan import Asked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `apply`."""
    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLANFILE", help="a file of `plan --out`, applied if still true"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    shared.add_apply(parser)
    shared.add_ownership(parser)


def run(options: argparse.Namespace) -> int:
    """0 when everything is as declared afterwards."""
    from personalize_gitops.cli.applying import carry_out
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import planned
    from personalize_gitops.manifest import load
    from personalize_gitops.model.plan import Asked

    saved = _read(options.plan) if options.plan else None
    if saved and (options.adopt or options.forget):
        raise UsageError(f"{options.plan} says what is adopted and forgotten; --adopt and --forget are for `plan`")
    asked = saved.asked if saved else Asked(adopt=options.adopt, forget=frozenset(options.forget))
    loaded = load(options.manifests, options.target or (saved.target if saved else None))
    with connected(loaded, changes=True) as connection:
        plan = planned(loaded, connection, options, asked)
        if saved and plan.fingerprint != saved.fingerprint:
            raise StalePlan(
                f"{options.plan} was made from other manifests or another state of the account "
                f"({saved.fingerprint}, now {plan.fingerprint}); plan again"
            )
        return carry_out(plan, connection, options, loaded.target.limits)


@dataclass(frozen=True)
class _Saved:
    """What a plan file says the plan was."""

    fingerprint: str
    target: str
    asked: Asked


def _read(path: Path) -> _Saved:
    import json

    from personalize_gitops.model.plan import Asked

    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        forget = frozenset(Address.parse(address) for address in plan["forget"])
        asked = Asked(bool(plan["destroy"]), bool(plan["adopt"]), forget)
        return _Saved(str(plan["fingerprint"]), str(plan["target"]["name"]), asked)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
