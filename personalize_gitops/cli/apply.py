"""`apply`: carry out what the plan shows."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import tell
from personalize_gitops.errors import StalePlan, UsageError
from personalize_gitops.model.address import Address

if TYPE_CHECKING:
    from personalize_gitops.model.plan import Choices
    from personalize_gitops.model.reports import PlanReport


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
    from personalize_gitops.model.reports import PlanReport
    from personalize_gitops.session import open_session

    saved = _read(options.plan) if options.plan else None
    if saved and (options.adopt or options.forget):
        raise UsageError(f"{options.plan} records what to adopt and forget; pass --adopt and --forget to `plan`")
    choices = saved.choices if saved else Choices(adopt=options.adopt, forget=frozenset(options.forget))
    target = options.target or (saved.target if saved else None)
    with open_session(options.manifests, target, changes=True, wait=shared.lock_wait(options)) as session:
        plan = shared.plan_of(session, options, choices, at=saved.made_at if saved else None)
        if saved and plan.is_empty:
            tell(f"{options.plan} is already applied.")
        elif saved:
            _check(options.plan, saved, PlanReport(plan, choices))
        return execute(plan, session, options)


# The members that tell a damaged plan file from a file that is none; they stand at its beginning and its end.
_ONLY_IN_PLANS = (b'"madeAt": ', b'"seal": ')


@dataclass(frozen=True)
class _Saved:
    """A plan file."""

    content: Mapping[str, Any]
    made_at: float
    target: str
    choices: Choices


def _read(path: Path) -> _Saved:
    """Return a plan file. Raises UsageError for a file that is none, StalePlan for one that was edited."""
    import json

    from personalize_gitops.model.plan import Choices
    from personalize_gitops.render.json import seal_of
    from personalize_gitops.render.json import written as as_written

    edited = StalePlan(f"{path} was edited after it was written; plan again")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        plan = json.loads(written)
        forget = frozenset(Address.parse(address) for address in plan["forget"])
        choices = Choices(bool(plan["destroy"]), bool(plan["adopt"]), forget)
        saved = _Saved(plan, float(plan["madeAt"]), str(plan["target"]["name"]), choices)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if any(member in written for member in _ONLY_IN_PLANS):
            raise edited from error
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
    if written != as_written(plan).encode(errors="replace") or plan.get("seal") != seal_of(plan):
        raise edited
    return saved


def _check(path: Path, saved: _Saved, report: PlanReport) -> None:
    """Raise StalePlan unless the plan made now is the saved one, member by member."""
    import json

    from personalize_gitops.render.json import plan

    now = json.loads(plan(report))
    ignored = {"calls", "seal"}  # reading the account may take other calls now
    different = sorted(key for key in {*now, *saved.content} - ignored if now.get(key) != saved.content.get(key))
    if not different:
        return
    changes = {change["address"]: change for change in now["changes"]}
    before = {change.get("address"): change for change in saved.content.get("changes", ())}
    moved = sorted(str(address) for address in {*changes, *before} if changes.get(address) != before.get(address))
    what = ", ".join(moved or different)
    raise StalePlan(f"{path} was made from other manifests or another state of the account: {what} differs; plan again")
