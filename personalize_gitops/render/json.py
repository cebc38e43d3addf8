"""JSON for machines: documented, versioned, stable. `formatVersion` is "1.0"; minor versions only add."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum
from typing import Any

from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.events import Done, Event, Failed, Left, NotBegun, Skipped
from personalize_gitops.model.plan import Asked, Change, Plan, plain
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Path, Reason, Source
from personalize_gitops.render.reasons import message, text

FORMAT_VERSION = "1.0"


def plan(value: Plan, tool: str, asked: Asked, *, calls: Mapping[str, int]) -> str:
    """A plan, what was asked of it, and the calls it took; unchanged resources are counted, not listed."""
    changes = [_change(change) for change in value.changes if change.action is not Action.NONE]
    forget = sorted(str(address) for address in asked.forget)
    head = {**plan_head(value, tool), "destroy": asked.destroy, "adopt": asked.adopt, "forget": forget}
    return _text({**head, "changes": changes, "fingerprint": value.fingerprint, "calls": _counted(calls)})


def _counted(calls: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"operation": operation, "count": count} for operation, count in sorted(calls.items())]


def plan_head(value: Plan, tool: str) -> dict[str, Any]:
    """What a plan is of, and what it comes to."""
    return {
        "tool": tool,
        "project": value.project,
        "target": {"name": value.target, "account": value.account, "region": value.region},
        "applyable": value.applyable,
        "summary": {**value.summary, "unchanged": value.in_sync},
    }


def _change(change: Change) -> dict[str, Any]:
    source = change.source
    return {
        "address": str(change.address),
        "kind": change.address.kind,
        "name": change.address.name,
        "awsName": change.aws_name,
        "action": change.action.summary,
        "actions": list(change.actions),
        "reason": change.reason,
        "risk": change.risk,
        "class": change.change_class,
        "loses": change.loses or None,
        "notes": list(change.notes),
        "fields": [_field(field) for field in change.fields],
        "arn": change.live.arn if change.live and change.action is not Action.RUN else None,
        "source": {"file": source.file, "line": source.line} if source else None,
    }


def _field(field: FieldChange) -> dict[str, Any]:
    return {"path": str(field), "before": plain(field.before), "after": plain(field.after)}


def drift(found: Sequence[Drift], project: str, in_sync: int, tool: str) -> str:
    """Drift; `before` is as declared, `after` as found."""
    items = [
        {
            "address": str(item.address),
            "finding": item.finding,
            "reason": item.reason,
            "arn": item.arn,
            "fields": [_field(field) for field in item.fields],
        }
        for item in found
    ]
    return _text({"tool": tool, "project": project, "asDeclared": in_sync, "drift": items})


def problems(found: Sequence[Problem[Source]], tool: str) -> str:
    """Problems in manifests, warnings included; the manifests are valid if none is an error."""
    valid = all(problem.severity is not Severity.ERROR for problem in found)
    return _text({"tool": tool, "valid": valid, "problems": [_problem(problem) for problem in found]})


def _problem(problem: Problem[Source]) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "subject": problem.subject,
        "field": str(problem.field) or None,
        "message": message(problem),
        "suggestion": text(problem.suggestion) if problem.suggestion else None,
        "code": problem.check or None,
        "reason": _reason(problem.reason),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """The code of a reason, its parameters, and its sentence."""
    params = {name: _param(value) for name, value in reason.params.items()}
    return {"code": reason.code, "params": params, "text": text(reason)}


def _param(value: Any) -> Any:
    """A parameter as JSON: text, a number, true or false, a reason, or a list of these."""
    match value:
        case Reason():
            return _reason(value)
        case Enum():
            return value.value
        case timedelta():
            return value.total_seconds()
        case bool() | int() | float():
            return value
        case tuple() if not isinstance(value, Path):
            return [_param(one) for one in value]
        case _:
            return str(value)


def applied(value: Plan, events: Sequence[Event], seconds: float, simulated: bool, tool: str) -> str:
    """What an apply did: the end of every step, in the order in which they came."""
    ends = [_end(event) for event in events if isinstance(event, Done | Failed | Skipped | Left | NotBegun)]
    return _text({**plan_head(value, tool), "seconds": round(seconds, 3), "simulated": simulated, "steps": ends})


def _end(event: Event) -> dict[str, Any]:
    step = event.step
    head = {"address": str(step.id.address), "verb": step.id.verb, "awsName": step.id.aws_name}
    match event:
        case Done(elapsed=elapsed, arn=arn):
            return {**head, "end": "done", "seconds": round(elapsed, 3), "arn": arn}
        case Failed(elapsed=elapsed, reason=reason):
            return {**head, "end": "failed", "seconds": round(elapsed, 3), "reason": reason}
        case Skipped(because=because):
            return {**head, "end": "skipped", "because": str(because.id.address)}
        case Left(cause=cause, status=status):
            return {**head, "end": "in progress", "cause": cause, "status": status}
        case _:
            return {**head, "end": "not begun"}


def status(rows: Sequence[Mapping[str, Any]], project: str, tool: str) -> str:
    """The live state of every resource."""
    return _text({"tool": tool, "project": project, "resources": list(rows)})


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps({"formatVersion": FORMAT_VERSION, **content}, indent=2, ensure_ascii=False) + "\n"
