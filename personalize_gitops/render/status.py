"""The live state of every resource of a plan."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Manage
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reference import Newest
from personalize_gitops.model.reports import StatusReport
from personalize_gitops.model.status import Condition
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style, span
from personalize_gitops.render.text import table

_ALONE = {Manage.FULL: "", Manage.OBSERVE: "observed", Manage.PAUSED: "paused"}
HEAD = ("Resource", "Status", "Age", "AWS name", "Remark")
_ASKED = ("Campaign/", "Recommender/")  # applications call them by their ARN
_UNUSABLE = frozenset({Condition.FAILED, Condition.STOPPED, Condition.DELETING, Condition.UNSURE, None})


def rows(report: StatusReport) -> list[dict[str, Any]]:
    """Return a row for each resource, declared or owned."""
    absent = {change.address for change in report.plan.changes if change.live is None}
    return [
        {
            "address": str(change.address),
            "status": _status(change, absent),
            "condition": live.condition if live and not _is_due(change, absent) else None,
            "ageSeconds": round(report.now - live.created) if live else None,
            "awsName": live.name if live else change.aws_name,
            "arn": live.arn if live else None,
            "trackingId": report.tracking_ids.get(change.address),
            "update": live.update.status if live and live.update else None,
            "manage": change.manage,
            "failure": ((live.update.failure if live.update else "") or live.failure) or None if live else None,
        }
        for change in report.plan.changes
        for live in [change.live]
    ]


def _status(change: Change, absent: Container[Address]) -> str:
    """Return the service's status; DUE for a run whose last success is out of date."""
    if _is_due(change, absent):
        return "DUE"
    return (change.live.status or "ACTIVE") if change.live else "ABSENT"


def _is_due(change: Change, absent: Container[Address]) -> bool:
    """Return whether a run is due; not while a resource that it needs does not exist, as after a destroy."""
    if change.action is not Action.RUN or change.live is None or change.live.condition is not Condition.READY:
        return False
    return not (change.document and any(needed in absent for needed in _needed(change.document)))


def _needed(document: Document) -> Iterator[Address | str]:
    for reference in document.references.values():
        yield reference.of if isinstance(reference, Newest) else reference


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


def is_healthy(row: Mapping[str, Any]) -> bool:
    """Return whether nothing needs attention: the resource is there, or on its way, and its last update succeeded."""
    return row["status"] == "DUE" or not (row["condition"] in _UNUSABLE or row["failure"])


def in_progress(report: StatusReport) -> bool:
    """Return whether any resource is in a transition."""
    moving = (Condition.PENDING, Condition.DELETING)
    return any(change.live is not None and change.live.condition in moving for change in report.plan.changes)


def changes(before: StatusReport, after: StatusReport, style: Style = PLAIN) -> str:
    """Return a line for each resource whose state or update differs between two reports."""
    known = {row["address"]: _state(row) for row in rows(before)}
    moved = [row for row in rows(after) if known.get(row["address"]) != _state(row)]
    return joined(line(style.paint(row["address"], "bold"), f"  {_state(row)}") for row in moved)


def _state(row: Mapping[str, Any]) -> str:
    remark = _remark(row)
    return f"{row['status']} ({remark})" if remark else str(row["status"])


def _remark(row: Mapping[str, Any]) -> str:
    update = f"update {row['update']}" if row["update"] and row["update"] != "ACTIVE" else ""
    tracking = f"tracking id {row['trackingId']}" if row["trackingId"] else ""
    asked = row["arn"] if is_ready(row) and row["address"].startswith(_ASKED) else ""
    return "; ".join(filter(None, [_ALONE[row["manage"]], row["failure"] or update or tracking or asked]))
