"""Plans and drift as text for people: sorted, aligned, unchanged resources only counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reports import CheckReport, PlanReport
from personalize_gitops.render import lines
from personalize_gitops.render.lines import Line, escaped, line
from personalize_gitops.render.reasons import FACTS, joined, text
from personalize_gitops.render.style import PLAIN, SYMBOLS, Style, plural, span
from personalize_gitops.render.values import field_lines

_OUTAGE = "outage: unavailable between deletion and creation"
_KEPT = "Kept in the account"
_MOST_NAMED = 10  # addresses in one line
_SYMBOL, _INDENT = 3, " " * 6  # the width of a symbol, and what the lines below it begin with
_NARROWEST = 40  # columns; in fewer, lines are not wrapped
_LEFT_ALONE = "Left alone (`manage` of the document or the target)"
_PRUNE = "`prune: true` deletes undeclared resources, except retained ones; --forget stops managing one"


def plan(value: Plan, style: Style = PLAIN) -> str:
    """Return a plan for a person to review."""
    blocks = [
        _changes(value.pending, style),
        _left_alone(value),
        _kept(value),
        _left_out(value),
        _summary(value, style),
    ]
    return "\n".join(lines.joined(block) for block in blocks if block)


def plan_report(report: PlanReport, style: Style = PLAIN) -> str:
    """Return the plan of a report for a person to review."""
    shown = plan(report.plan, style)
    if not report.preflight:
        return shown
    from personalize_gitops.render.validation import problem_lines  # not at the top: most plans need no role

    return lines.joined([*problem_lines(report.preflight, style), line("")]) + shown


def checked(report: CheckReport, style: Style = PLAIN) -> str:
    """Return whether a saved plan holds, with what is left of it or what moved."""
    if report.moved:
        head = style.paint(f"{report.file} does not hold; plan again.", "bold")
        return lines.joined([head, *(line(f"    {text(reason)}") for reason in report.moved)])
    rows = [line(f"{report.file} holds. Fingerprint {report.fingerprint[:12]}.")]
    if report.plan and report.plan.is_empty:
        rows.append(line("It is already applied."))
    elif report.plan:
        rows += [line(f"Left to apply: {counts(report.plan)}."), *map(line, conditions(report.plan))]
    return lines.joined(rows)


def _changes(changes: Sequence[Change], style: Style) -> list[Line]:
    addresses = _width(str(change.address) for change in changes)
    words = _width(change.action for change in changes)
    return [each for change in changes for each in _change(change, addresses, words, style)]


def _change(change: Change, addresses: int, words: int, style: Style) -> Iterator[Line]:
    symbol = style.of(change.action, f"{SYMBOLS[change.action]:<3}")
    told = f" {change.address!s:<{addresses}}  {change.action:<{words}}  {explained(change)}".rstrip()
    first, *more = _wrapped(f"{' ' * _SYMBOL}{told}", style.width)  # the symbol is painted apart
    yield line(symbol, first[_SYMBOL:])
    yield from map(line, more)
    if change.action is not Action.CREATE:
        yield from (line("      ", each) for each in fields_of(change.fields))
    for loss in losses(change):
        yield line(_INDENT, style.paint(loss, "red"))
    for note in change.notes:
        yield from map(line, _wrapped(f"{_INDENT}{text(note)}", style.width))


def _wrapped(told: str, width: int) -> list[str]:
    """Return a text as lines: one, or as many as it takes within the width of a terminal."""
    if len(told) <= width or width < _NARROWEST:
        return [told]
    return wrap(told, width, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False)


def explained(change: Change) -> str:
    """Return why something changes, and remarks."""
    return "; ".join(filter(None, [joined(change.reasons), *remarks(change)]))


def remarks(change: Change) -> Iterator[str]:
    """Yield remarks that follow the reasons."""
    document = change.document
    if document and change.action in (Action.SUCCESSOR, Action.CREATE) and change.aws_name != document.aws_name:
        yield f"the new one is {change.aws_name}"
    billing = document.kind.bills(document.attributes) if document else None
    if billing and change.risk is Risk.COST and change.action is not Action.UPDATE:
        yield FACTS[billing]


def losses(change: Change) -> Iterator[str]:
    """Yield what the change costs its owner: outages and losses, one a line."""
    if change.action is Action.RECREATE and change.document and change.risk in (Risk.OUTAGE, Risk.DATA_LOSS):
        usual = sum(change.kind.usual(word, change.attributes).total_seconds() for word in ("delete", "create"))
        yield f"{_OUTAGE}{f', usually {span(usual)}' if usual else ''}"
    if change.action is Action.SUCCESSOR:
        stays = change.document.lifecycle.retire_after if change.document else None
        goes = (
            f"the old one stays for {stays}, then the next apply deletes it"
            if stays
            else "the old one is deleted when all references have moved"
        )
        yield f"{goes}, and with it {FACTS[change.loses]}" if change.loses else goes
    elif change.loses and change.risk is Risk.DATA_LOSS:
        yield f"loses {FACTS[change.loses]}"


def fields_of(fields: Sequence[FieldChange]) -> Iterator[str]:
    """Yield field changes with aligned paths; a change of several lines names its path once."""
    paths = _width(str(field) for field in fields)
    for field in fields:
        for number, each in enumerate(field_lines(field)):
            yield f"{str(field) if number == 0 else '':<{paths}}  {each}"


def _left_alone(value: Plan) -> list[Line]:
    """Return the observed and paused resources, with what differs."""
    found = [change for change in value.changes if change.manage is not Manage.FULL]
    addresses = _width(str(change.address) for change in found)
    rows = []
    for change in found:
        rows.append(line(f"    {change.address!s:<{addresses}}  {joined(change.reasons)}"))
        rows += [line("        ", each) for each in fields_of(change.fields)]
    return [line(f"{_LEFT_ALONE}:"), *rows] if rows else []


def _kept(value: Plan) -> list[Line]:
    kept = [change for change in value.changes if change.action is Action.KEEP and change.manage is Manage.FULL]
    rows = _explained([change for change in kept if not change.left_out])
    undeclared = any(change.document is None and not change.left_out for change in kept)
    return [line(f"{_KEPT} ({_PRUNE}):" if undeclared else f"{_KEPT}:"), *rows] if rows else []


def _left_out(value: Plan) -> list[Line]:
    """Return what `--due` or `--heal` leaves out."""
    rows = _explained([change for change in value.changes if change.left_out])
    return [line("Left out:"), *rows] if rows else []


def _explained(changes: Sequence[Change]) -> list[Line]:
    addresses = _width(str(change.address) for change in changes)
    return [line(f"    {change.address!s:<{addresses}}  {joined(change.reasons)}") for change in changes]


def _summary(value: Plan, style: Style) -> list[Line]:
    if value.is_empty:
        rows = [line(f"{counts(value)}.")]
    else:
        rows = [
            style.paint(f"Plan: {counts(value)}. Fingerprint {value.fingerprint[:12]}.", "bold"),
            line(f"For target {value.target}: account {value.account}, {value.region}."),
        ]
    return [*rows, *map(line, conditions(value))]


def conditions(value: Plan) -> Iterator[str]:
    """Yield why apply would not start, and what `--only` and `--exclude` made of the plan."""
    if value.blocked:
        blocked = plural(len(value.blocked), "change")
        yield f"{blocked} blocked: apply changes nothing until this is resolved."
    if value.refusal:
        yield f"Refused: {text(value.refusal)}."
    if value.selection and value.selection.included:
        yield f"Included because the selection needs it: {_some(value.selection.included)}."
    if value.selection:
        left = value.selection.left_out
        yield f"The plan is not complete: {f'it leaves out {_some(left)}' if left else 'nothing else would change'}."


def _some(addresses: Sequence[Address]) -> str:
    """Return addresses in one line; of many, the first and the number of the others."""
    shown, others = addresses[:_MOST_NAMED], len(addresses) - _MOST_NAMED
    return ", ".join([*map(str, shown), *([f"and {others:,} more"] if others > 0 else [])])


def counts(value: Plan) -> str:
    """Return how many changes of each sort there are, without a full stop."""
    in_sync = [f"{value.in_sync} in sync"] if value.in_sync else []
    if value.is_empty:
        none = "No changes in the selected part" if value.selection else "No changes"
        return ". ".join([none, *in_sync])
    left = sum(change.left_out for change in value.changes)
    found = {**value.summary, "keep": value.summary["keep"] - left, "left out": left}
    return ", ".join([*(f"{count} {counted(word)}" for word, count in found.items() if count), *in_sync])


def counted(word: str) -> str:
    """Return a word of the summary as it follows its count: `to create`, `kept`."""
    return {"blocked": "blocked", "keep": "kept", "left out": "left out"}.get(
        word, f"to {'wait for' if word == 'wait' else word}"
    )


def calls(made: Mapping[str, int]) -> str:
    """Return the number of calls by operation, the most frequent first."""
    counted = sorted(made.items(), key=lambda entry: (-entry[1], entry[0]))
    each = ", ".join(f"{count} {operation}" for operation, count in counted)
    return f"{plural(sum(made.values()), 'call')} to read the account: {each}"


def _width(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts), default=0)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows in aligned columns; the first row is the head."""
    cells = [[escaped(cell) for cell in row] for row in rows]
    widths = [_width(column) for column in zip(*cells, strict=True)]
    return lines.joined(
        line("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()) for row in cells
    )
