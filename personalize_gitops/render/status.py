"""The live state of every resource of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reports import StatusReport
from personalize_gitops.model.status import Condition
from personalize_gitops.render.lines import Line, joined
from personalize_gitops.render.style import PLAIN, Style, span
from personalize_gitops.render.text import table

_ALONE = {Manage.FULL: "", Manage.OBSERVE: "observed", Manage.PAUSED: "paused"}
HEAD = ("Resource", "Status", "Age", "AWS name", "Remark")


def rows(report: StatusReport) -> list[dict[str, Any]]:
    """Return a row for each resource, declared or owned."""
    return [
        {
            "address": str(change.address),
            "status": _status(change),
            "condition": live.condition if live and not _is_due(change) else None,
            "ageSeconds": round(report.now - live.created) if live else None,
            "awsName": live.name if live else change.aws_name,
            "arn": live.arn if live else None,
            "update": live.update.status if live and live.update else None,
            "manage": change.manage,
            "failure": ((live.update.failure if live.update else "") or live.failure) or None if live else None,
        }
        for change in report.plan.changes
        for live in [change.live]
    ]


def _status(change: Change) -> str:
    """Return the service's status; DUE for a run whose last success is out of date."""
    if _is_due(change):
        return "DUE"
    return (change.live.status or "ACTIVE") if change.live else "ABSENT"


def _is_due(change: Change) -> bool:
    return change.action is Action.RUN and change.live is not None and change.live.condition is Condition.READY


def text(report: StatusReport, style: Style = PLAIN) -> str:
    """Return the live state of every resource as a table."""
    found = rows(report)
    if not found:
        return "Nothing is declared, and nothing is owned.\n"
    return table([(*map(str.upper, HEAD[:-1]), ""), *map(cells, found)]) + joined(
        [Line(), style.paint(ready(found), "bold")]
    )


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a row below `HEAD`."""
    age = span(row["ageSeconds"]) if row["ageSeconds"] is not None else ""
    return row["address"], row["status"], age, row["awsName"], _remark(row)


def is_ready(row: Mapping[str, Any]) -> bool:
    """Return whether the resource of a row can be used."""
    return bool(row["condition"] == Condition.READY)


def ready(found: Sequence[Mapping[str, Any]]) -> str:
    """Return how many resources are ready."""
    return f"{sum(map(is_ready, found))} of {len(found)} ready."


def _remark(row: Mapping[str, Any]) -> str:
    update = f"update {row['update']}" if row["update"] and row["update"] != "ACTIVE" else ""
    return "; ".join(filter(None, [_ALONE[row["manage"]], row["failure"] or update]))
