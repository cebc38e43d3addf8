"""What a plan or a drift report says about one resource, for the formats with markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reports import DriftReport
from personalize_gitops.render import drifts
from personalize_gitops.render.reasons import text
from personalize_gitops.render.text import counted, explained, losses

RISKS = {Risk.DATA_LOSS: "Data loss", Risk.OUTAGE: "Outage", Risk.COST: "Cost"}
"""The risks, the gravest first, with their titles."""


@dataclass(frozen=True)
class Entry:
    """One resource: what happens to it or was found, and why."""

    address: Address
    word: str  # the action or the finding
    sentence: str
    harm: str = ""  # what it costs its owner; part of the sentence
    fields: Sequence[FieldChange] = ()
    notes: Sequence[str] = ()
    source: Source | None = None  # the line of the first field that differs, else of the document
    changed: bool = False  # the source is a line whose value differs, or a new document
    risk: Risk = Risk.NONE

    @property
    def has_details(self) -> bool:
        """Whether there is more to show than one line."""
        return bool(self.fields or self.notes)


@dataclass(frozen=True)
class Group:
    """Entries with one title."""

    title: str
    entries: Sequence[Entry]
    word: str = ""  # of entries whose word the title says already


def of_change(change: Change) -> Entry:
    """Return what a plan says about a resource."""
    is_new = change.action is Action.CREATE
    costs = "; ".join(losses(change))
    return Entry(
        change.address,
        change.action,
        "; ".join(filter(None, [explained(change), costs])),
        costs.removeprefix("outage: ") or explained(change),
        () if is_new else change.fields,
        [text(note) for note in change.notes],
        change.place,
        is_new or bool(change.fields),
        change.risk,
    )


def risky(plan: Plan) -> Iterator[Group]:
    """Yield the changes that put something at risk, the gravest risk first."""
    for risk, title in RISKS.items():
        found = [change for change in plan.pending if change.risk is risk and change.action is not Action.BLOCKED]
        if found:
            yield Group(title, [of_change(change) for change in found])


def blocked(plan: Plan) -> Group:
    """Return the changes that prevent an apply."""
    return Group("Blocked", [of_change(change) for change in plan.blocked], Action.BLOCKED)


def by_action(plan: Plan) -> Iterator[Group]:
    """Yield the changes of each action but the blocked ones, and the resources that are kept."""
    full = [change for change in plan.changes if change.manage is Manage.FULL and not change.left_out]
    for word in plan.summary:
        found = [change for change in full if change.action.summary == word and change.action is not Action.BLOCKED]
        if found:
            yield Group(f"{len(found)} {counted(word)}", [of_change(change) for change in found], word)
    if left := [change for change in plan.changes if change.left_out]:
        yield Group(f"{len(left)} left out", [of_change(change) for change in left], Action.KEEP)
    if alone := [change for change in plan.changes if change.manage is not Manage.FULL]:
        yield Group(f"{len(alone)} left alone (`manage`)", [of_change(change) for change in alone], Action.KEEP)


def by_finding(report: DriftReport) -> Iterator[Group]:
    """Yield the findings of each class, those that fail the check first."""
    found = drifts.in_order(report)
    for finding in dict.fromkeys(item.finding for item in found):
        own = [item for item in found if item.finding is finding]
        yield Group(f"{len(own)} {finding} ({own[0].severity})", [of_finding(item, report) for item in own], finding)


def of_finding(item: Drift, report: DriftReport) -> Entry:
    """Return what a check says about a resource."""
    return Entry(
        item.address,
        item.finding,
        drifts.explained(item),
        fields=item.fields,
        notes=[f"Next: {report.command(item)}"],
        source=item.source,
        changed=report.fails(item),
    )
