"""The filter of a request, by the name of its document or object, and its values (docs/service/3 §4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from personalize_gitops.asking.find import ready
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.filters.parse import FilterSyntaxError, parse
from personalize_gitops.filters.text import parameters
from personalize_gitops.filters.values import missing_values
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.model.recommendations import Question
from personalize_gitops.model.status import Condition

OPTION, VALUE = "--filter", "--value"


def filtered(question: Question, plan: Plan, snapshot: Snapshot, group: str) -> dict[str, Any]:
    """Return the members of a request for its filter. Raises InvalidChoice for one that does not exist or fit."""
    if question.filter is None:
        if question.values:
            raise InvalidChoice(VALUE, "", because(AskCode.WITHOUT_FILTER))
        return {}
    live = _found(question.filter, plan, snapshot, group)
    _check(live, question.values)
    values = {name: _on_wire(given) for name, given in question.values.items()}
    return {"filterArn": live.arn, **({"filterValues": values} if values else {})}


def _found(name: str, plan: Plan, snapshot: Snapshot, group: str) -> Live:
    """Return the filter of a document, else the object of a name in the dataset group."""
    address = Address("Filter", name)
    if any(change.address == address for change in plan.changes):
        return ready(address, plan, ("Filter",), OPTION)
    there = {live.name: live for live in snapshot.in_group(group, "Filter") if live.condition is Condition.READY}
    if name not in there:
        declared = {change.address.name for change in plan.changes if change.address.kind_name == "Filter"}
        known = tuple(map(Verbatim, sorted(declared | there.keys())))
        raise InvalidChoice(OPTION, name, because(AskCode.UNKNOWN_FILTER, name=Verbatim(name), known=known))
    return there[name]


def _check(live: Live, given: Mapping[str, Sequence[str]]) -> None:
    """Raise InvalidChoice if parameters of an INCLUDE have no value, or values no parameter."""
    try:
        tree = parse(str(live.attributes.get("filterExpression", "")))
    except FilterSyntaxError:
        return  # the service has accepted it, so the service judges the values too
    if missing := missing_values(tree, dict.fromkeys(given, "")):
        reason = because(AskCode.VALUES_MISSING, parameters=tuple(map(Verbatim, sorted(missing))))
        raise InvalidChoice(OPTION, live.name, reason)
    known = parameters(tree)
    for name in sorted(given.keys() - known):
        names = tuple(map(Verbatim, sorted(known)))
        raise InvalidChoice(VALUE, name, because(AskCode.UNKNOWN_VALUE, parameter=Verbatim(name), known=names))


def _on_wire(values: Sequence[str]) -> str:
    """Return the values of a parameter, each in quotes; one that is given in quotes stays as it is."""
    return ",".join(value if value.startswith('"') else f'"{value}"' for value in values)
