"""Text for people who read it under pressure: sorted, aligned, quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from personalize_gitops.model.diagnostics import Problem
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.plan import Action, Change, Plan, Risk
from personalize_gitops.render.style import PLAIN, SYMBOLS, Style, plural, span
from personalize_gitops.render.values import lines

_RISKS = {
    Risk.OUTAGE: "outage: nothing answers under this ARN from the deletion until it is back",
    Risk.DATA_LOSS: "loses {loses}",
    Risk.COST: "{costs}",
}


def plan(value: Plan, style: Style = PLAIN) -> str:
    """A plan as a person reviews it."""
    shown = value.pending
    widest = max((len(str(change.address)) for change in shown), default=0)
    words = max((len(_word(change)) for change in shown), default=0)
    text = [line for change in shown for line in _change(change, widest, words, style)]
    kept = [change for change in value.changes if change.action is Action.KEEP]
    if kept:
        text += (
            ["Kept, though no longer declared (the target does not prune):"]
            if not shown
            else [
                "",
                "Kept, though no longer declared (the target does not prune):",
            ]
        )
        text += [f"    {change.address}  {change.aws_name}" for change in kept]
    if text:
        text.append("")
    text.append(_summary(value, style))
    return "\n".join(text) + "\n"


def _word(change: Change) -> str:
    return change.action.value


def _change(change: Change, widest: int, words: int, style: Style) -> Iterator[str]:
    symbol = style.of(change.action, f"{SYMBOLS[change.action]:<3}")
    yield f"{symbol} {change.address!s:<{widest}}  {_word(change):<{words}}  {change.reason}".rstrip()
    if change.action in (Action.SUCCESSOR, Action.CREATE) and change.document:
        if change.aws_name != change.document.aws_name:
            yield f"      as {change.aws_name}"
    if change.action is not Action.CREATE:
        paths = max((len(str(field)) for field in change.fields), default=0)
        for field in change.fields:
            for number, line in enumerate(lines(field)):
                yield f"      {str(field) if number == 0 else '':<{paths}}  {line}"
    if note := _note(change):
        yield f"      {style.paint(note, 'red' if change.risk in (Risk.OUTAGE, Risk.DATA_LOSS) else 'yellow')}"


def _note(change: Change) -> str:
    """What the change costs its owner."""
    kind = change.document.kind if change.document else change.live.kind if change.live else None
    notes = (
        [_RISKS[change.risk].format(loses=change.loses, costs=kind.costs if kind else "")]
        if change.risk in _RISKS
        else []
    )
    if change.action is Action.SUCCESSOR and change.loses:
        notes.append(f"the old one goes once everything has moved, and with it {change.loses}")
    if (
        change.action is Action.RECREATE
        and kind
        and (usual := sum((t.total_seconds() for w, t in kind.takes.items() if w in ("create", "delete")), 0.0))
    ):
        notes.append(f"usually {span(usual)}")
    return "; ".join(note for note in notes if note)


def _summary(value: Plan, style: Style) -> str:
    in_sync = f"{value.in_sync} in sync"
    if value.is_empty:
        return f"No changes. {in_sync}." if value.in_sync else "No changes."
    counted = [f"{count} {_counted(word)}" for word, count in value.summary.items() if count]
    text = style.paint(f"Plan: {', '.join([*counted, in_sync])}. Fingerprint {value.fingerprint}.", "bold")
    if value.blocked:
        text += f"\n{plural(len(value.blocked), 'change')} blocked: apply does nothing until that is resolved."
    return text


def _counted(word: str) -> str:
    return {"blocked": "blocked", "keep": "kept"}.get(word, f"to {'wait for' if word == 'wait' else word}")


def drift(found: Sequence[Drift], project: str, in_sync: int, style: Style = PLAIN) -> str:
    """Drift as a person reads it: declared → found."""
    if not found:
        return f"No drift. {in_sync} as declared.\n"
    widest = max(len(str(item.address)) for item in found)
    words = max(len(item.finding) for item in found)
    text = []
    for item in found:
        text.append(f"{item.address!s:<{widest}}  {item.finding:<{words}}  {item.reason}".rstrip())
        paths = max((len(str(field)) for field in item.fields), default=0)
        for field in item.fields:
            for number, line in enumerate(lines(field)):
                text.append(f"    {str(field) if number == 0 else '':<{paths}}  {line}")
    counted = [f"{len(list(items))} {finding}" for finding, items in groupby(sorted(item.finding for item in found))]
    text += ["", style.paint(f"Drift in {project}: {', '.join(counted)}; {in_sync} as declared.", "bold")]
    return "\n".join(text) + "\n"


def problems(found: Sequence[Problem], style: Style = PLAIN) -> str:
    """Problems in manifests: place, document, fact, remedy."""
    places = [str(problem.source) for problem in found]
    subjects = [problem.subject if problem.subject != problem.source.file else "" for problem in found]
    place_width, subject_width = _width(places), _width(subjects)
    text = []
    for problem, place, subject in zip(found, places, subjects, strict=True):
        head = f"{place:<{place_width}}  {subject:<{subject_width}}  " if subject_width else f"{place:<{place_width}}  "
        code = f" [{problem.code}]" if problem.code else ""
        text.append(f"{head}{style.paint(problem.message, 'red')}{code}")
        if problem.suggestion:
            text.append(f"{' ' * len(head)}{problem.suggestion}")
    files = len({problem.source.file for problem in found})
    text.append(f"{plural(len(found), 'problem')} in {plural(files, 'file')}. Nothing was changed.")
    return "\n".join(text) + "\n"


def _width(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts), default=0)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in aligned columns, the first row as the head."""
    widths = [_width(column) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )
