"""Annotations for GitHub: errors, warnings and notices at the lines of the manifests, and the summary of the job.

A step shows ten annotations of each kind. Changed lines come first, and the last annotation says how many more there
are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from personalize_gitops.model.action import SUMMARY as WORDS
from personalize_gitops.model.action import Action, Risk, gravest
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.events import Failed
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.problem import Problem, Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reports import ApplyReport, DriftReport, PlanReport, Report
from personalize_gitops.render import drifts, entries, events, reasons
from personalize_gitops.render.entries import Entry, of_change
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style

SUMMARY = 1_000_000  # bytes; GitHub refuses a summary of a step that has more than 1 MiB

_MOST = 10  # annotations of a kind that a step shows
_MORE = f"GitHub shows {_MOST} of a kind; the text output has all of them"
_KINDS = ("error", "warning", "notice")
_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_COUNTED = [word for word in WORDS if word not in ("wait", "keep")]
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPES_OF_PROPERTIES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


@dataclass(frozen=True)
class Annotation:
    """One annotation."""

    kind: str
    title: str
    message: Sequence[str]  # lines
    source: Source | None = None
    changed: bool = True  # the source is a line whose value differs


def plan(report: PlanReport, style: Style = PLAIN) -> str:
    """Return a plan: blocked changes are errors, changes with a risk are warnings, all others notices.

    What roles, buckets and keys lack has its own severity.
    """
    value = report.plan
    refused = [Annotation("error", "Refused", [reasons.text(value.refusal)])] if value.refusal else []
    lacking = map(_of_problem, report.preflight)
    changes = (_of_entry(_kind(change), of_change(change)) for change in value.pending)
    return _written([*refused, *lacking, *changes], style)


def _kind(change: Change) -> str:
    if change.action is Action.BLOCKED:
        return "error"
    return "notice" if change.risk is Risk.NONE else "warning"


def _of_entry(kind: str, entry: Entry) -> Annotation:
    title, message = f"{entry.address}: {entry.word}", [entry.sentence, *entry.notes]
    return Annotation(kind, title, message, entry.source, entry.changed)


def drift(report: DriftReport, style: Style = PLAIN) -> str:
    """Return drift: what fails the check is at least a warning, and only that can be an error."""
    found = drifts.in_order(report)
    return _written([_of_entry(_kind_of(item, report), entries.of_finding(item, report)) for item in found], style)


def _kind_of(item: Drift, report: DriftReport) -> str:
    kind = _SEVERITIES[item.severity]
    if report.fails(item):
        return kind if kind != "notice" else "warning"
    return kind if kind != "error" else "warning"


def applied(report: ApplyReport, style: Style = PLAIN) -> str:
    """Return what failed in an apply, as errors."""
    sources = {change.address: change.source for change in report.plan.changes}
    failed = [event for event in report.ends if isinstance(event, Failed)]
    return _written([_failure(event, sources.get(event.step.id.address)) for event in failed], style)


def _failure(event: Failed, source: Source | None) -> Annotation:
    return Annotation("error", f"{event.step.id.address}: failed", [events.message(event)], source)


def validation(report: ValidationReport, style: Style = PLAIN) -> str:
    """Return the problems in manifests, at their places."""
    return _written([_of_problem(problem) for problem in report.problems], style)


def _of_problem(problem: Problem[Source]) -> Annotation:
    remedy = [reasons.text(problem.suggestion)] if problem.suggestion else []
    message = [reasons.message(problem), *remedy]
    title = f"{problem.subject} [{problem.check}]" if problem.check else problem.subject
    return Annotation(_SEVERITIES[problem.severity], title, message, problem.place)


def _written(found: Iterable[Annotation], style: Style) -> str:
    ordered = sorted(found, key=lambda each: 0 if each.changed else 1 if each.source else 2)
    return joined(each for kind in _KINDS for each in _of_kind(kind, [a for a in ordered if a.kind == kind], style))


def _of_kind(kind: str, found: Sequence[Annotation], style: Style) -> Iterator[Line]:
    shown = found if len(found) <= _MOST else found[: _MOST - 1]
    yield from (_command(each, style) for each in shown)
    if more := len(found) - len(shown):
        yield _command(Annotation(kind, f"{more} more", [_MORE]), style)


def _command(each: Annotation, style: Style) -> Line:
    """Return an annotation as a command of GitHub. Texts are escaped twice: as a line, and for the command."""
    named = {**(_place(each.source, style) if each.source else {}), "title": each.title}
    properties = ",".join(f"{name}={_escaped(line(value), _ESCAPES_OF_PROPERTIES)}" for name, value in named.items())
    message = _escaped("\n".join(line(part) for part in each.message if part), _ESCAPES)
    return Line(f"::{each.kind} {properties}::{message}")


def _place(source: Source, style: Style) -> dict[str, str]:
    columns = {"col": str(source.column), "endColumn": str(source.end)} if source.end else {}
    return {"file": style.path(source.file), "line": str(source.line), **columns}


def _escaped(value: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in value)


def outputs(report: Report) -> str:
    """Return the outputs of a step, as lines `name=value`: what later steps of a workflow decide by."""
    match report:
        case PlanReport(plan=value) | ApplyReport(plan=value):
            found = _outputs_of(value)
        case DriftReport():
            found = {"drift": sum(map(report.fails, report.drift))}
        case _:
            found = {}
    return joined(line(f"{name}={value}") for name, value in found.items())


def _outputs_of(value: Plan) -> dict[str, object]:
    counts = {word if word == Action.BLOCKED else f"to_{word}": value.summary[word] for word in _COUNTED}
    risk = gravest(change.risk for change in value.pending)
    applyable = str(value.applyable).lower()
    return {
        "changes": len(value.pending),
        **counts,
        "applyable": applyable,
        "risk": risk,
        "fingerprint": value.fingerprint,
    }


def summary(report: Report, style: Style, room: int) -> str:
    """Return the summary of the job in Markdown; empty for a report that its annotations show whole."""
    from personalize_gitops.render import md

    write: dict[str, Callable[..., str]] = {"plan": md.plan, "drift": md.drift, "apply": md.applied}
    return write[report.document](report, style, room) if report.document in write else ""
