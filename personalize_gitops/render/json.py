"""JSON for machines: documented, versioned, stable. `formatVersion` is "1.0"; minor versions only add."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from personalize_gitops import __version__
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.digest import digest, plain
from personalize_gitops.model.drift import Drift, Known, Muted
from personalize_gitops.model.events import Begun, Done, Event, Failed, Left, Skipped
from personalize_gitops.model.plan import Change, Choices, Plan, Selection
from personalize_gitops.model.problem import DataSummary, Problem, ValidationReport
from personalize_gitops.model.reason import Path, Reason, Source
from personalize_gitops.model.reports import ApplyReport, CheckReport, DriftReport, PlanReport, StatusReport
from personalize_gitops.model.steps import Step
from personalize_gitops.model.who import Who
from personalize_gitops.render import reasons
from personalize_gitops.render.lines import OLD_COMMAND, is_invisible
from personalize_gitops.render.status import rows
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.validation import page_of
from personalize_gitops.render.values import sides

FORMAT_VERSION = "1.0"

TOOL = f"personalize-gitops {__version__}"


def plan(report: PlanReport, _: Style = PLAIN) -> str:
    """Return a plan, the choices it was made with, and the calls it took. Unchanged resources are only counted."""
    value, choices = report.plan, report.choices
    changes = [_change(change) for change in value.changes if change.action is not Action.NONE]
    head = {**head_of(value), "madeAt": value.time.made_at, "accountTime": value.time.account}
    head |= {"manifests": report.manifests, **_chosen(choices)}
    content = {
        **head,
        **_selection(value),
        "refusal": reason_of(value.refusal) if value.refusal else None,
        "changes": changes,
        "fingerprint": value.fingerprint,
        "preflight": [_problem(each) for each in report.preflight],
        "calls": _counted(report.calls),
    }
    return _text({**content, "seal": seal_of(content)})


def checked(report: CheckReport, _: Style = PLAIN) -> str:
    """Return whether a saved plan holds, with the number of changes that are left of it."""
    content = {"tool": TOOL, "file": report.file, "fingerprint": report.fingerprint or None, "holds": report.holds}
    left = len(report.plan.pending) if report.plan and report.holds else None
    applyable = report.holds and report.plan is not None and report.plan.applyable
    moved = [reason_of(reason) for reason in report.moved]
    return _text({**content, "applyable": applyable, "left": left, "moved": moved})


def _selection(value: Plan) -> dict[str, Any]:
    """Return whether a plan is complete, what was included because it is needed, and what was left out."""
    selection = value.selection or Selection((), ())
    return {
        "complete": value.selection is None,
        "included": [str(address) for address in selection.included],
        "leftOut": [str(address) for address in selection.left_out],
    }


def _chosen(choices: Choices) -> dict[str, Any]:
    """Return the choices of a plan, the addresses sorted."""
    named = {
        "forget": choices.forget,
        "rerun": choices.rerun,
        "replace": choices.replace,
        "only": choices.only,
        "exclude": choices.exclude,
    }
    addresses = {option: sorted(map(str, chosen)) for option, chosen in named.items()}
    return {"destroy": choices.destroy, "scope": choices.scope, "adopt": choices.adopt, **addresses}


def seal_of(content: Mapping[str, Any]) -> str:
    """Return a digest of the members of a plan document. A file with another seal was edited by hand."""
    return digest({key: value for key, value in content.items() if key not in ("seal", "formatVersion")}, 64)


def _counted(calls: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"operation": operation, "count": count} for operation, count in sorted(calls.items())]


def head_of(value: Plan) -> dict[str, Any]:
    """Return the project, target and account of a plan, and its summary."""
    return {
        **_target_of(value),
        "applyable": value.applyable,
        "summary": {**value.summary, "unchanged": value.in_sync},
    }


def _target_of(value: Plan) -> dict[str, Any]:
    target = {"name": value.target, "account": value.account, "region": value.region}
    return {"tool": TOOL, "project": value.project, "target": target}


def _place(source: Source | None) -> dict[str, Any] | None:
    return {"file": source.file, "line": source.line} if source else None


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": str(change.address),
        "kind": change.address.kind_name,
        "name": change.address.name,
        "awsName": change.aws_name,
        "action": change.action.summary,
        "actions": list(change.actions),
        "reasons": [reason_of(reason) for reason in change.reasons],
        "manage": change.manage,
        "risk": change.risk,
        "class": change.change_class,
        "loses": reasons.FACTS[change.loses] if change.loses else None,
        "notes": [reasons.text(note) for note in change.notes],
        "fields": [_field(field) for field in change.fields],
        "arn": change.live.arn if change.live and change.action is not Action.RUN else None,
        "created": change.live.created if change.live and change.action is not Action.RUN else None,
        "reliesOn": [{"arn": arn, "created": created} for arn, created in sorted(change.relies_on)],
        "source": _place(change.source),
    }


def reason_of(reason: Reason) -> dict[str, Any]:
    """Return a reason: its code and parameters for machines, its sentence for people."""
    params = {name: _param(value) for name, value in reason.params.items()}
    return {"code": reason.code, "params": params, "text": reasons.text(reason).strip()}


def _param(value: Any) -> Any:
    match value:
        case Reason():
            return reason_of(value)
        case timedelta():
            return value.total_seconds()
        case Path() | Address() | Source():
            return str(value)
        case tuple():
            return [_param(one) for one in value]
        case _:
            return value


def _field(field: FieldChange) -> dict[str, Any]:
    before, after = sides(field)
    return {"path": str(field), "before": plain(before), "after": plain(after)}


def drift(report: DriftReport, _: Style = PLAIN) -> str:
    """Return drift; `before` is as declared, `after` as found."""
    value = report.plan
    observed, paused = (list(map(str, value.left_alone(each))) for each in (Manage.OBSERVE, Manage.PAUSED))
    content = {
        **_target_of(value),
        "checkedAt": moment(report.checked_at),
        "failOn": sorted(report.fail_on),
        "failed": report.failed,
        "asDeclared": value.in_sync,
        "observed": observed,
        "paused": paused,
        "present": list(report.present),
        "since": None if report.since is None else moment(report.since),
        "drift": [_finding(item, report) for item in report.drift],
        "muted": [_muted(each, report) for each in report.muted],
        "resolved": [_known(known) for known in report.resolved],
        "unresolved": [_known(known) for known in report.unresolved],
    }
    return _text(content)


def _known(known: Known) -> dict[str, Any]:
    return {
        "address": known.address,
        "finding": known.finding,
        "firstSeen": moment(known.first_seen),
        "muted": known.muted,
    }


def _muted(each: Muted, report: DriftReport) -> dict[str, Any]:
    seen = each.drift.first_seen
    return {
        "address": str(each.drift.address),
        "finding": each.drift.finding,
        "arn": each.drift.arn,
        "fields": [_field(field) for field in each.drift.fields],
        "firstSeen": moment(report.checked_at if seen is None else seen),
        "reason": each.entry.reason,
        "ends": moment(each.entry.ends),
        "source": _place(each.entry.source),
    }


def _finding(item: Drift, report: DriftReport) -> dict[str, Any]:
    return {
        "address": str(item.address),
        "finding": item.finding,
        "severity": item.severity,
        "fails": report.fails(item),
        "reasons": [reason_of(reason) for reason in item.reasons],
        "arn": item.arn,
        "fields": [_field(field) for field in item.fields],
        "source": _place(item.source),
        "state": item.state,
        "firstSeen": moment(report.checked_at if item.first_seen is None else item.first_seen),
        "billsSince": None if item.bills_since is None else moment(item.bills_since),
        "who": _who(item.who) if item.who else None,
        "next": report.command(item),
    }


def _who(who: Who) -> dict[str, Any]:
    return {
        "actor": who.actor,
        "at": None if who.at is None else moment(who.at),
        "event": who.event,
        "reason": reason_of(who.reason) if who.reason else None,
    }


def validation(report: ValidationReport, _: Style = PLAIN) -> str:
    """Return the problems in manifests, warnings included. The manifests are valid if none is an error."""
    problems = [_problem(each) for each in report.problems]
    data = [_data(each) for each in report.data]
    return _text({"tool": TOOL, "valid": report.valid, "problems": problems, "data": data})


def _data(data: DataSummary) -> dict[str, Any]:
    return {"dataset": str(data.dataset), "rows": data.rows, "eventTypes": dict(data.event_types)}


def _problem(problem: Problem[Source]) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "endColumn": problem.place.end,
        "subject": problem.subject,
        "field": str(problem.field) or None,
        "message": reasons.message(problem),
        "suggestion": reasons.text(problem.suggestion) if problem.suggestion else None,
        "code": problem.check,
        "page": page_of(problem) or None,
        "reason": reason_of(problem.reason),
    }


def applied(report: ApplyReport, _: Style = PLAIN) -> str:
    """Return what an apply did: the end of every step, in order of time."""
    begun = {event.step.id: event.at for event in report.events if isinstance(event, Begun)}
    took = {
        "begunAt": moment(report.begun),
        "endedAt": moment(report.begun + report.seconds),
        "seconds": round(report.seconds, 3),
        "simulated": report.simulated,
        "done": report.done,
        "total": len(report.ends),
    }
    ends = [_end(event, begun.get(event.step.id)) for event in report.ends]
    return _text({**head_of(report.plan), **took, "steps": ends})


def moment(at: float) -> str:
    """Return epoch seconds as a time in ISO 8601, in UTC: `2026-11-29T13:00:00.000Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def named(step: Step) -> dict[str, Any]:
    """Return what a step does, and to which object."""
    return {"address": str(step.id.address), "verb": step.id.verb, "awsName": step.id.aws_name}


def _end(event: Event, begun: float | None) -> dict[str, Any]:
    step = event.step
    times = {"begunAt": None if begun is None else moment(begun), "endedAt": moment(event.at)}
    head = {**named(step), **times, "expectedSeconds": step.expected}
    match event:
        case Done(elapsed=elapsed, arn=arn):
            return {**head, "end": "done", "seconds": round(elapsed, 3), "arn": arn}
        case Failed(elapsed=elapsed, reason=reason):
            return {**head, "end": "failed", "seconds": round(elapsed, 3), "reasons": [reason_of(reason)]}
        case Skipped(because=because):
            return {**head, "end": "skipped", "because": str(because.id.address)}
        case Left(cause=cause, state=state):
            return {**head, "end": "in progress", "cause": cause, "status": reasons.text(state) if state else ""}
        case _:
            return {**head, "end": "not begun"}


def status(report: StatusReport, _: Style = PLAIN) -> str:
    """Return the live state of every resource."""
    return _text({"tool": TOOL, "project": report.plan.project, "resources": rows(report)})


def error_document(error: str, message: str, exit_code: int) -> str:
    """Return an error that ended a command."""
    return _text({"tool": TOOL, "error": {"type": error, "message": message, "exitCode": exit_code}})


def _text(content: Mapping[str, Any]) -> str:
    return written({"formatVersion": FORMAT_VERSION, **content})


def written(content: Mapping[str, Any], indent: int | None = 2) -> str:
    """Return a JSON document as it is written; characters that the lines of text output escape are escaped here too."""
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    return OLD_COMMAND.sub(r"#\\u0023", _UNUSUAL.sub(_escaped, text)) + "\n"


_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if is_invisible(found[0]) else found[0]
