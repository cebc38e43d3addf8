"""Plan files: read one, and check that it still holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personalize_gitops.errors import StalePlan, UsageError
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Choices, PlanTime
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.render.json import plan as rendered
from personalize_gitops.render.json import seal_of

# The members that tell a damaged plan file from a file that is none; they stand at its beginning and its end.
_ONLY_IN_PLANS = (b'"madeAt": ', b'"seal": ')


@dataclass(frozen=True)
class SavedPlan:
    """A plan file."""

    content: Mapping[str, Any]
    time: PlanTime
    target: str
    choices: Choices


def read(path: Path) -> SavedPlan:
    """Return a plan file. Raises UsageError for a file that is none, StalePlan for one that was edited."""
    edited = StalePlan(f"{path} was edited after it was written; plan again")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        content = json.loads(written)
        saved = _parsed(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if any(member in written for member in _ONLY_IN_PLANS):
            raise edited from error
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
    canonical = (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode(errors="replace")
    if written != canonical or content.get("seal") != seal_of(content):
        raise edited
    return saved


def _parsed(content: Mapping[str, Any]) -> SavedPlan:
    """Return the plan in the content of a file. Raises one of several errors for content that is no plan."""
    named = {
        option: frozenset(Address.parse(address) for address in content[option])
        for option in ("forget", "rerun", "replace", "only", "exclude")
    }
    choices = Choices(destroy=bool(content["destroy"]), adopt=bool(content["adopt"]), **named)
    time = PlanTime(float(content["madeAt"]), float(content["accountTime"]))
    return SavedPlan(content, time, str(content["target"]["name"]), choices)


def check(path: Path, saved: SavedPlan, report: PlanReport) -> None:
    """Raise StalePlan unless the plan made now is the saved one, member by member."""
    now = json.loads(rendered(report))
    ignored = {"calls", "seal"}  # reading the account may take other calls now
    different = sorted(key for key in {*now, *saved.content} - ignored if now.get(key) != saved.content.get(key))
    if not different:
        return
    changes = {change["address"]: change for change in now["changes"]}
    before = {change.get("address"): change for change in saved.content.get("changes", ())}
    moved = sorted(str(address) for address in {*changes, *before} if changes.get(address) != before.get(address))
    what = ", ".join(moved or different)
    raise StalePlan(f"{path} was made from other manifests or another state of the account: {what} differs; plan again")
