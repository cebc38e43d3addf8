"""A plan of many changes."""

from __future__ import annotations

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Change
from tests.render.plans import change, live

_GRAVE = (
    (Action.BLOCKED, Risk.NONE),
    (Action.RECREATE, Risk.OUTAGE),
    (Action.RECREATE, Risk.DATA_LOSS),
    (Action.CREATE, Risk.COST),
)
_VALUES = [f"value-{number}" for number in range(12)]


def changes_of(count: int, risky: int = 4) -> list[Change]:
    """Return updates with two changed fields each; the first `risky` changes are blocked or carry a risk in turn."""
    return [
        _change(number, *(_GRAVE[number % 4] if number < risky else (Action.UPDATE, Risk.NONE)))
        for number in range(count)
    ]


def _change(number: int, action: Action, risk: Risk) -> Change:
    name = f"resource-{number:04}"
    fields = (
        FieldChange(("solutionConfig", "list"), _VALUES, [*_VALUES[1:], "new"]),
        FieldChange(("minProvisionedTPS",), 1, number),
    )
    found = None if action is Action.CREATE else live("Campaign", name)
    return change("Campaign", name, action, "two fields differ", live=found, fields=fields, risk=risk)


def missing(found: list[Change], shown: str) -> list[str]:
    """Return the blocked and risky changes that an output does not name."""
    grave = [each for each in found if each.risk is not Risk.NONE or each.action is Action.BLOCKED]
    assert grave
    return [str(each.address) for each in grave if str(each.address) not in shown]
