"""The events that a training uses (docs/service/2 §8.5)."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import below, error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import Remedy, SolutionCode, ValueCode
from personalize_gitops.model.reason import Path, Verbatim, because

_THRESHOLD = ("solutionConfig", "eventValueThreshold")
_EVENTS = ("solutionConfig", "eventsConfig")
_LIST = "eventParametersList"


def event_problems(recipe: Recipe | None, request: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of the event type, the threshold and the events configuration of a request."""
    config = request.get("solutionConfig") or {}
    events = config.get("eventsConfig") or {}
    listed = events.get(_LIST) or ()
    yield from _threshold_problems(request, config.get("eventValueThreshold"))
    yield from events_config_problems(recipe, events, *_EVENTS)
    if listed and "eventType" in request:
        yield warning(Check.PG413, because(SolutionCode.EVENTS_SELECTED_TWICE), "eventType")
    used = [*_columns_used(request, listed)]
    columns = group.columns(DatasetType.INTERACTIONS) if used else None
    if columns is not None:
        for place, column in used:
            if column not in columns:
                yield error(Check.PG411, because(SolutionCode.EVENT_COLUMN_NEEDED, column=Verbatim(column)), *place)


def events_config_problems(recipe: Recipe | None, events: Mapping[str, Any], *place: str) -> Iterator[Problem[Path]]:
    """Yield an events configuration at a place that the recipe does not take."""
    if events and recipe and not recipe.takes_events_config:
        reason = because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))
        yield error(Check.PG413, reason, *place, suggestion=because(Remedy.REMOVE_IT))
        return
    yield from below(Path((*place, _LIST)), _listed_problems(events.get(_LIST) or ()))


def _listed_problems(listed: Sequence[Mapping[str, Any]]) -> Iterator[Problem[Path]]:
    """Yield entries without an event type, or with that of an earlier one; neither is documented."""
    names = [entry.get("eventType") for entry in listed]
    for index, name in enumerate(names):
        if name is None:
            yield warning(Check.PG413, because(SolutionCode.EVENT_WITHOUT_TYPE), index)
        elif name in names[:index]:
            reason = because(SolutionCode.EVENT_LISTED_TWICE, event_type=Verbatim(name))
            yield warning(Check.PG413, reason, index, "eventType")


def _threshold_problems(request: Mapping[str, Any], threshold: str | None) -> Iterator[Problem[Path]]:
    if threshold is None:
        return
    if not _is_number(threshold):
        reason = because(ValueCode.OUT_OF_RANGE, found=Verbatim(threshold), whole=False, exclusive=False)
        yield error(Check.PG412, reason, *_THRESHOLD)
    if "eventType" not in request:
        # The guide's text has it with an event type only, its example without one (docs/service/2 §8.5).
        yield warning(Check.PG412, because(SolutionCode.THRESHOLD_WITHOUT_TYPE), *_THRESHOLD)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _columns_used(request: Mapping[str, Any], listed: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the members that select events, each with the column that it needs."""
    if "eventType" in request:
        yield ("eventType",), "EVENT_TYPE"
    if (request.get("solutionConfig") or {}).get("eventValueThreshold") is not None:
        yield _THRESHOLD, "EVENT_VALUE"
    for index, entry in enumerate(listed):
        for member, column in (("eventType", "EVENT_TYPE"), ("eventValueThreshold", "EVENT_VALUE")):
            if entry.get(member) is not None:
                yield (*_EVENTS, _LIST, index, member), column
