"""Markdown for reviewers: what is at risk first, then the changes by action, with diffs and links to the manifests.

A comment of GitHub holds 65,536 characters. A report that is longer takes a shorter form, which still names every
resource at risk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

from personalize_gitops.model.events import Done
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reports import ApplyReport, CheckReport, DriftReport, PlanReport, StatusReport
from personalize_gitops.render import diffs, drifts, entries, events, preflight, text
from personalize_gitops.render.entries import Entry, Group
from personalize_gitops.render.gfm import code, details, element, fence, html, link, prose, table
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.reasons import text as text_of
from personalize_gitops.render.status import HEAD, cells, is_ready, ready, rows
from personalize_gitops.render.style import PLAIN, Style

COMMENT = 65_536 - 1_536  # bytes, which are at least as many as characters; the rest is for a marker of the comment

_AROUND = 4_096  # bytes that are enough for what is around the names of the shortest form


class Form(IntEnum):
    """How much a report shows; each form is shorter than the one before."""

    ALL = 0  # every value, as a unified diff
    FIELDS = 1  # what changed in each field
    LINES = 2  # one line for each resource
    COUNTS = 3  # counts, and what is at risk with its reasons
    NAMES = 4  # counts, and the names of what is at risk


_SHORTENED = {
    Form.FIELDS: "Long values are shortened here.",
    Form.LINES: "Fields and values are left out here.",
    Form.COUNTS: "Resources without a risk are only counted here.",
    Form.NAMES: "Reasons are left out, and resources without a risk are only counted.",
}

_MOST_MOVED = {Form.ALL: 100, Form.FIELDS: 50, Form.LINES: 20, Form.COUNTS: 10, Form.NAMES: 5}
"""How many reasons a form shows why an approved plan does not hold."""


def plan(report: PlanReport, style: Style = PLAIN, most: int = COMMENT) -> str:
    """Return a plan as a comment on a pull request, in the longest form that has at most so many bytes."""
    return _longest(lambda form, room: _plan(report, style, form, room), most)


def _longest(write: Callable[[Form, int], Iterable[Line]], most: int) -> str:
    """Return the longest form that fits. The shortest one fits because it counts the names it has no room for."""
    longer = (_within(write(form, most), most) for form in Form if form is not Form.NAMES)
    return next((found for found in longer if found is not None), None) or joined(write(Form.NAMES, most))


def _within(lines: Iterable[Line], most: int) -> str | None:
    """Return lines as a text; None, without reading all of them, if it is too long."""
    found = []
    for each in lines:
        found.append(each)
        most -= _size(each) + 1
        if most < 0:
            return None
    return joined(found)


def _size(written: str) -> int:
    return len(written.encode())


def _plan(report: PlanReport, style: Style, form: Form, most: int) -> Iterator[Line]:
    value = report.plan
    yield from _head("Plan for", value, f"{text.counts(value)}.", fingerprint=True)
    yield from _blocks(prose(each) for each in text.conditions(value))
    many = form > Form.FIELDS
    yield from preflight.counted(report.preflight) if many else preflight.findings(report.preflight, style)
    at_risk = [group for group in (entries.blocked(value), *entries.risky(value)) if group.entries]
    if at_risk:
        yield from _blocks(["### Blocked and at risk" if value.blocked else "### At risk"])
        yield from _at_risk(at_risk, style, form, most - _AROUND)
    if form <= Form.LINES:
        yield from _groups(entries.by_action(value), style, form)
    by_hand = value.applyable and not style.base  # a pipeline has its own next step, and its own paths
    yield from _foot(form, report.next_command if by_hand else "", "Next, once this is approved:")


def _head(title: str, value: Plan, counts: str, *, fingerprint: bool = False) -> Iterator[Line]:
    account = f"Account {code(value.account)}, {code(value.region)}."
    made = f" Fingerprint {code(value.fingerprint[:12])}." if fingerprint else ""
    yield from _blocks(
        [f"## {title} {code(value.project)}, target {code(value.target)}", f"**{prose(counts)}** {account}{made}"]
    )


def _blocks(blocks: Iterable[str]) -> Iterator[Line]:
    for block in blocks:
        yield from (line(block), line())


def _at_risk(groups: Sequence[Group], style: Style, form: Form, room: int) -> Iterator[Line]:
    """Yield what is blocked or at risk: a line for each resource, in the shortest form their names."""
    for group in groups:
        if form is Form.NAMES:
            names = _named([entry.address for entry in group.entries], room)
            room -= _size(names)
            yield line(f"- **{group.title}** ({len(group.entries)}): {names}")
        else:
            yield from (
                line(f"- **{group.title}**: {_bullet(entry, entry.harm, group, style)}") for entry in group.entries
            )
    yield line()
    for entry in groups[0].entries:
        if entry.notes and form <= Form.FIELDS and groups[0].title == "Blocked":
            yield from _details(entry, groups[0], style, form)


def _named(addresses: Sequence[object], room: int) -> str:
    """Return names as long as there is room, and how many more there are."""
    shown: list[str] = []
    for address in addresses:
        name = code(str(address))
        room -= _size(name) + 2
        if room < 0:
            more = len(addresses) - len(shown)
            return ", ".join([*shown, f"**and {more} more, which do not fit here**"])
        shown.append(name)
    return ", ".join(shown)


def _groups(groups: Iterable[Group], style: Style, form: Form) -> Iterator[Line]:
    for group in groups:
        yield from _blocks([f"### {prose(group.title)}"])
        short = [entry for entry in group.entries if form is Form.LINES or not entry.has_details]
        yield from (line(f"- {_bullet(entry, entry.sentence, group, style)}") for entry in short)
        if short:
            yield line()
        for entry in group.entries:
            if entry not in short:
                yield from _details(entry, group, style, form)


def _bullet(entry: Entry, sentence: str, group: Group, style: Style) -> str:
    where = f" ({link(entry.source, style)})" if entry.source else ""
    said = f": {prose(sentence)}" if sentence else ""
    return f"{code(str(entry.address))}{_word(entry, group)}{said}{where}"


def _word(entry: Entry, group: Group) -> str:
    return "" if entry.word == group.word else f" {entry.word}"


def _details(entry: Entry, group: Group, style: Style, form: Form) -> Iterator[Line]:
    said = f": {html(entry.sentence)}" if entry.sentence else ""
    yield from details(f"{element(str(entry.address))}{_word(entry, group)}{said}", _content(entry, style, form))


def _content(entry: Entry, style: Style, form: Form) -> Iterator[Line]:
    if entry.source:
        yield from _blocks([link(entry.source, style)])
    if entry.fields:
        yield from fence("diff", (diffs.in_full if form is Form.ALL else diffs.in_short)(entry.fields))
    if entry.notes:
        yield from fence("text", entry.notes)


def _foot(form: Form, command: str = "", before: str = "") -> Iterator[Line]:
    if form in _SHORTENED:
        yield from _blocks([f"_{_SHORTENED[form]} The text output has everything._"])
    if command:
        yield line(f"{before} {code(command)}")


def checked(report: CheckReport, style: Style = PLAIN, most: int = COMMENT) -> str:
    """Return whether an approved plan still holds: what has moved since, and the plan made now."""
    return _longest(lambda form, room: _checked(report, style, form, room), most)


def _checked(report: CheckReport, style: Style, form: Form, most: int) -> Iterator[Line]:
    approved = f"The approved plan {code(report.fingerprint[:12])}" if report.fingerprint else "The approved plan"
    if report.holds:
        yield from _blocks([f"**{approved} still holds.**"])
        return
    yield from _blocks([f"**{approved} does not hold any more, and nothing was changed.** What has moved since:"])
    shown = report.moved[: _MOST_MOVED[form]]
    yield from (line(f"- {prose(text_of(reason))}") for reason in shown)
    if more := len(report.moved) - len(shown):
        yield line(f"- and {more} more")
    yield line()
    if report.plan:
        yield from _plan(PlanReport(report.plan), style, form, most - sum(_size(text_of(each)) for each in shown))
        yield from _blocks(["To apply this instead, open a pull request: it is planned again there."])


def drift(report: DriftReport, style: Style = PLAIN, most: int = COMMENT) -> str:
    """Return drift as the text of an issue or comment: declared values before, found values after."""
    return _longest(lambda form, room: _drift(report, style, form, room), most)


def _drift(report: DriftReport, style: Style, form: Form, room: int) -> Iterator[Line]:
    groups = list(entries.by_finding(report))
    yield from _head("Drift in", report.plan, f"{drifts.counts(report)}.")
    if form <= Form.LINES:
        yield from _blocks(prose(each) for each in drifts.remarks(report))
    if form <= Form.LINES:
        yield from _groups(groups, style, form)
    elif groups:
        yield from _at_risk(groups, style, Form.NAMES, room - _AROUND)
    yield from _foot(form)


def status(report: StatusReport, style: Style = PLAIN, most: int = COMMENT) -> str:
    """Return the live state of every resource as a table."""
    return _longest(lambda form, _: _status(report, form), most)


def _status(report: StatusReport, form: Form) -> Iterator[Line]:
    found = rows(report)
    yield from _head("Status of", report.plan, ready(found))
    if form > Form.LINES:
        found = [row for row in found if not is_ready(row)]
    if found and form is not Form.NAMES:
        yield from table(HEAD, [_cells(cells(row)) for row in found])
        yield line()
    yield from _foot(form if form > Form.LINES else Form.ALL)


def _cells(texts: Sequence[str]) -> list[str]:
    """Return the cells of a row that begins with a name."""
    return [code(texts[0]), *map(prose, texts[1:])]


def applied(report: ApplyReport, style: Style = PLAIN, most: int = COMMENT) -> str:
    """Return what an apply did: what failed first, then every step in a table."""
    return _longest(lambda form, _: _applied(report, form), most)


def _applied(report: ApplyReport, form: Form) -> Iterator[Line]:
    summary, *remarks = events.summary(report).splitlines() or ["Nothing to apply."]
    yield from _head("Apply to", report.plan, summary)
    yield from _blocks(prose(remark.strip()) for remark in remarks)
    ends = [event for event in report.ends if form <= Form.LINES or not isinstance(event, Done)]
    if ends and form is not Form.NAMES:
        steps = table(["Resource", "End"], [_cells([str(end.step.id.address), events.message(end)]) for end in ends])
        yield from details(f"{len(ends)} of {len(report.ends)} steps", steps)
    yield from _foot(form if form > Form.LINES else Form.ALL)
