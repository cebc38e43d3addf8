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
    from personalize_gitops.model.plan import Choices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `apply`."""
    parser.add_argument(
        "plan", type=Path, nargs="?", metavar="PLANFILE", help="a file of `plan --out`, applied if it still holds"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "apply")
    shared.add_apply(parser)
    shared.add_ownership(parser)


def run(options: argparse.Namespace) -> int:
    """Apply the plan. Return 0 if everything is as declared afterwards, else the exit code of the failure."""
    from personalize_gitops.cli.execution import execute
    from personalize_gitops.model.plan import Choices
    from personalize_gitops.session import open_session

    saved = _read(options.plan) if options.plan else None
    if saved and (options.adopt or options.forget):
        raise UsageError(f"{options.plan} records what to adopt and forget; pass --adopt and --forget to `plan`")
    choices = saved.choices if saved else Choices(adopt=options.adopt, forget=frozenset(options.forget))
    target = options.target or (saved.target if saved else None)
    with open_session(options.manifests, target, changes=True) as session:
        plan = shared.plan_of(session, options, choices)
        if saved and plan.fingerprint != saved.fingerprint:
            raise StalePlan(
                f"{options.plan} was made from other manifests or another state of the account "
                f"({saved.fingerprint}, now {plan.fingerprint}); plan again"
            )
        return execute(plan, session, options, choices)


@dataclass(frozen=True)
class _Saved:
    """The content of a plan file that apply uses."""

    fingerprint: str
    target: str
    choices: Choices


def _read(path: Path) -> _Saved:
    import json

    from personalize_gitops.model.plan import Choices

    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        forget = frozenset(Address.parse(address) for address in plan["forget"])
        choices = Choices(bool(plan["destroy"]), bool(plan["adopt"]), forget)
        return _Saved(str(plan["fingerprint"]), str(plan["target"]["name"]), choices)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
