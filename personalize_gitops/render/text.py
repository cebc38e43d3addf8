"""Text for people who read it under pressure: sorted, aligned, quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Source
from personalize_gitops.render.reasons import message
from personalize_gitops.render.reasons import text as sentence
from personalize_gitops.render.style import PLAIN, SYMBOLS, Style, plural, span
from personalize_gitops.render.values import lines

_OUTAGE = "outage: nothing answers under this ARN from the deletion until it is back"
_KEPT = "Kept in the account"
_PRUNE = "`prune: true` on the target deletes what is no longer declared, --forget lets go of it"


def plan(value: Plan, style: Style = PLAIN) -> str:
    """A plan as a person reviews it."""
    blocks = [_changes(value.pending, style), _kept(value), _summary(value, style)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _changes(changes: Sequence[Change], style: Style) -> list[str]:
    addresses = _width(str(change.address) for change in changes)
    words = _width(change.action for change in changes)
    return [line for change in changes for line in _change(change, addresses, words, style)]


def _change(change: Change, addresses: int, words: int, style: Style) -> Iterator[str]:
    symbol = style.of(change.action, f"{SYMBOLS[change.action]:<3}")
    reason = "; ".join([change.reason, *_remarks(change)])
    yield f"{symbol} {change.address!s:<{addresses}}  {change.action:<{words}}  {reason}".rstrip()
    if change.action is not Action.CREATE:
        yield from (f"      {line}" for line in _fields(change.fields))
    for loss in _losses(change):
        yield f"      {style.paint(loss, 'red')}"
    yield from (f"      {note}" for note in change.notes)


def _remarks(change: Change) -> Iterator[str]:
    """What there is to know beside the reason, in a few words."""
    document = change.document
    if document and change.action in (Action.SUCCESSOR, Action.CREATE) and change.aws_name != document.aws_name:
        yield f"the new one is {change.aws_name}"
    if document and change.risk is Risk.COST and change.action is not Action.UPDATE:
        yield document.kind.bills(document.attributes)


def _losses(change: Change) -> Iterator[str]:
    """What the change takes from its owner, each worth a line of its own."""
    if change.action is Action.RECREATE and change.document and change.risk in (Risk.OUTAGE, Risk.DATA_LOSS):
        takes = change.document.kind.takes
        usual = sum(takes[word].total_seconds() for word in ("create", "delete") if word in takes)
        yield f"{_OUTAGE}{f', usually {span(usual)}' if usual else ''}"
    if change.action is Action.SUCCESSOR:
        stays = change.document.lifecycle.retire_after if change.document else None
        goes = f"an apply after {stays} deletes the old one" if stays else "the old one goes once everything has moved"
        yield f"{goes}, and with it {change.loses}" if change.loses else goes
    elif change.loses and change.risk is Risk.DATA_LOSS:
        yield f"loses {change.loses}"


def _fields(fields: Sequence[FieldChange]) -> Iterator[str]:
    """Field changes, their paths aligned; a change of several lines names its path once."""
    paths = _width(str(field) for field in fields)
    for field in fields:
        for number, line in enumerate(lines(field)):
            yield f"{str(field) if number == 0 else '':<{paths}}  {line}"


def _kept(value: Plan) -> list[str]:
    kept = [change for change in value.changes if change.action is Action.KEEP]
    addresses = _width(str(change.address) for change in kept)
    rows = [f"    {change.address!s:<{addresses}}  {change.reason}" for change in kept]
    undeclared = any(change.document is None for change in kept)
    return [f"{_KEPT} ({_PRUNE}):" if undeclared else f"{_KEPT}:", *rows] if rows else []


def _summary(value: Plan, style: Style) -> list[str]:
    in_sync = [f"{value.in_sync} in sync"] if value.in_sync else []
    if value.is_empty:
        return [" ".join(["No changes.", *(f"{text}." for text in in_sync)])]
    counted = [f"{count} {_counted(word)}" for word, count in value.summary.items() if count]
    text = [
        style.paint(f"Plan: {', '.join([*counted, *in_sync])}. Fingerprint {value.fingerprint}.", "bold"),
        f"For target {value.target}: account {value.account}, {value.region}.",
    ]
    if value.blocked:
        text.append(f"{plural(len(value.blocked), 'change')} blocked: apply does nothing until that is resolved.")
    return text


def _counted(word: str) -> str:
    return {"blocked": "blocked", "keep": "kept"}.get(word, f"to {'wait for' if word == 'wait' else word}")


def calls(made: Mapping[str, int]) -> str:
    """How many calls were made, the most frequent first."""
    counted = sorted(made.items(), key=lambda entry: (-entry[1], entry[0]))
    each = ", ".join(f"{count} {operation}" for operation, count in counted)
    return f"{plural(sum(made.values()), 'call')} to read the account: {each}"


def drift(found: Sequence[Drift], project: str, in_sync: int, style: Style = PLAIN) -> str:
    """Drift as a person reads it: declared → found."""
    if not found:
        return f"No drift. {in_sync} as declared.\n"
    widest = max(len(str(item.address)) for item in found)
    words = max(len(item.finding) for item in found)
    text = []
    for item in found:
        text.append(f"{item.address!s:<{widest}}  {item.finding:<{words}}  {item.reason}".rstrip())
        text += [f"    {line}" for line in _fields(item.fields)]
    counted = [f"{len(list(items))} {finding}" for finding, items in groupby(sorted(item.finding for item in found))]
    text += ["", style.paint(f"Drift in {project}: {', '.join(counted)}; {in_sync} as declared.", "bold")]
    return "\n".join(text) + "\n"


def problems(found: Sequence[Problem[Source]], style: Style = PLAIN) -> str:
    """The problems of invalid manifests, and how many there are."""
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    counted = f"{plural(len(errors), 'problem')} in {plural(len({error.place.file for error in errors}), 'file')}"
    more = len(found) - len(errors)
    warned = f", {plural(more, 'warning')}" if more else ""
    return f"{listed(found, style)}{counted}{warned}. Nothing was changed.\n"


def listed(found: Sequence[Problem[Source]], style: Style = PLAIN) -> str:
    """Problems and warnings: place, document, fact, and the remedy on a line of its own."""
    places = [str(problem.place) for problem in found]
    subjects = [problem.subject if problem.subject != problem.place.file else "" for problem in found]
    place_width, subject_width = _width(places), _width(subjects)
    lines = []
    for problem, place, subject in zip(found, places, subjects, strict=True):
        head = f"{place:<{place_width}}  {subject:<{subject_width}}  " if subject_width else f"{place:<{place_width}}  "
        check = f" [{problem.check}]" if problem.check else ""
        lines.append(f"{head}{_marked(problem, style)}{check}")
        if problem.suggestion:
            lines.append(f"{' ' * len(head)}{sentence(problem.suggestion)}")
    return "".join(f"{line}\n" for line in lines)


def _marked(problem: Problem[Source], style: Style) -> str:
    """The message of an error in red, of anything else in yellow and after its severity."""
    if problem.severity is Severity.ERROR:
        return style.paint(message(problem), "red")
    return style.paint(f"{problem.severity}: {message(problem)}", "yellow")


def valid(documents: int, targets: Sequence[str], warnings: int) -> str:
    """The result for manifests without errors."""
    names = f"{'target' if len(targets) == 1 else 'targets'} {', '.join(targets)}"
    warned = f" {plural(warnings, 'warning')}." if warnings else ""
    return f"Valid: {plural(documents, 'document')}, for {names}.{warned}\n"


def _width(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts), default=0)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in aligned columns, the first row as the head."""
    widths = [_width(column) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )
