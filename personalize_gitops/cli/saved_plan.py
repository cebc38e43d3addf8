"""Plan files: read one, and check that it still holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personalize_gitops.engine.plan.continuing import moved
from personalize_gitops.errors import PlanEdited, StalePlan, UsageError
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Choices, PlanTime, Resumed, Scope
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.render.json import plan as rendered
from personalize_gitops.render.json import seal_of
from personalize_gitops.render.json import written as as_written
from personalize_gitops.render.reasons import joined

# The members that tell a damaged plan file from any other file; they stand at its beginning and its end.
_ONLY_IN_PLANS = (b'"madeAt": ', b'"seal": ')


@dataclass(frozen=True)
class SavedPlan:
    """A plan file."""

    content: Mapping[str, Any]
    resumed: Resumed
    target: str
    manifests: str  # a digest of everything that was declared
    choices: Choices


def read(path: Path) -> SavedPlan:
    """Return a plan file. Raises UsageError for any other file, PlanEdited for one that was edited."""
    edited = PlanEdited(f"{path} was edited after it was written; plan again")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        content = json.loads(written)
        saved = _parsed(content)
        is_whole = written == as_written(content).encode(errors="replace") and content.get("seal") == seal_of(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if any(member in written for member in _ONLY_IN_PLANS):
            raise edited from error
        raise UsageError(f"{path} is not a plan of `plan --out`") from error
    if not is_whole:
        raise edited
    return saved


def _parsed(content: Mapping[str, Any]) -> SavedPlan:
    """Return the plan in a file. Raises KeyError, TypeError, ValueError or AttributeError for other content."""
    named = {
        option: frozenset(Address.parse(address) for address in content[option])
        for option in ("forget", "rerun", "replace", "only", "exclude")
    }
    scope = Scope(content["scope"])
    choices = Choices(destroy=bool(content["destroy"]), adopt=bool(content["adopt"]), scope=scope, group="", **named)
    return SavedPlan(content, resumed(content), str(content["target"]["name"]), str(content["manifests"]), choices)


def resumed(content: Mapping[str, Any]) -> Resumed:
    """Return what planning again has to know of the content of a plan file."""
    part = [change["address"] for change in content["changes"] if change["action"] != Action.KEEP.summary]
    time = PlanTime(float(content["madeAt"]), float(content["accountTime"]))
    return Resumed(time, frozenset() if content["complete"] else frozenset(map(Address.parse, part)))


def check(path: Path, saved: SavedPlan, report: PlanReport) -> None:
    """Raise StalePlan unless the plan made now is the saved one, or what an interrupted apply has left of it."""
    if different := differing(saved, report):
        raise stale(path, joined(different))


def differing(saved: SavedPlan, report: PlanReport) -> tuple[Reason, ...]:
    """Return what differs between a saved plan and the plan made now; empty if the saved one holds."""
    now = json.loads(rendered(report))
    try:
        return moved(saved.content, now, report.plan)
    except (ValueError, KeyError, TypeError, AttributeError):  # changes without the members of a change
        return (Reason(ReasonCode.PLAN_EDITED),)


def stale(path: Path, what: str) -> StalePlan:
    """Return the error for a plan file that does not hold."""
    return StalePlan(f"{path} was made from other manifests or another state of the account: {what}; plan again")
