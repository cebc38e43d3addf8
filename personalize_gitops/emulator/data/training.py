"""Training: whether the rows suffice (docs/service/2 §7.1), and the tuned hyperparameters.

The functions take `tables`, the tables of the dataset group by dataset type, and `fields`, the fields of the solution
version or recommender that is trained.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe, RecipeType, find_recipe
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.needs import data_problems
from personalize_gitops.catalog.schemas import room_for_event_types
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.models import ANY_EVENT
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import text as sentence

_MOST_NAMED = 5  # event types in a failure

Interaction = tuple[str, ...]
"""The user, item, time and event type of an interaction."""


def check_data(settings: Settings, tables: Mapping[str, Table], fields: Mapping[str, Any], group: Group) -> None:
    """Raise CreationFailed if the group lacks datasets, columns or rows that the recipe needs."""
    recipe = find_recipe(fields["recipeArn"])
    required = recipe.required_datasets if recipe else (DatasetType.INTERACTIONS,)
    for problem in data_problems(recipe, group) if recipe else ():
        if problem.severity is Severity.ERROR or not group.schemas:
            raise CreationFailed(f"Create failed. {sentence(problem.reason)}.")
    if DatasetType.INTERACTIONS in required:
        table = tables["INTERACTIONS"]
        _check_interactions(settings, table, fields)
        for event_type in recipe.needs_events if recipe else ():
            _check_events(settings, table, event_type)
        _check_event_types(settings, table, group)


def last_arrival(tables: Mapping[str, Table], recipe: Recipe | None) -> float:
    """Return when interactions last arrived, or -inf; for Next-Best-Action, action interactions (docs/service/2 §5)."""
    acts = recipe is not None and recipe.type is RecipeType.PERSONALIZED_ACTIONS
    table = tables.get("ACTION_INTERACTIONS" if acts else "INTERACTIONS")
    return table.changed_at if table else float("-inf")


def tuned_parameters(fields: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the result of hyperparameter optimization: the middle of every range. None if there was none."""
    if not fields.get("performHPO"):
        return None
    ranges = fields["solutionConfig"].get("hpoConfig", {}).get("algorithmHyperParameterRanges", {})
    recipe = find_recipe(fields["recipeArn"])
    chosen = {}
    for list_ in ("integerHyperParameterRanges", "continuousHyperParameterRanges"):
        for entry in ranges.get(list_, ()):
            value = _middle(entry, recipe)
            chosen[entry["name"]] = str(int(value) if list_.startswith("integer") else value)
    chosen |= {e["name"]: e["values"][0] for e in ranges.get("categoricalHyperParameterRanges", ()) if e.get("values")}
    return chosen


def _middle(entry: Mapping[str, Any], recipe: Recipe | None) -> float:
    """Return the middle of a range; a bound that is not given is that of the recipe. The name has a prefix."""
    parameter = recipe.parameter.get(str(entry["name"]).rpartition(".")[2]) if recipe else None
    own = (parameter.minimum, parameter.maximum) if parameter else (None, None)
    low, high = (entry.get(name, bound) for name, bound in zip(("minValue", "maxValue"), own, strict=True))
    return float((low or 0) + (high or 0)) / 2


def _check_interactions(settings: Settings, table: Table, fields: Mapping[str, Any]) -> None:
    fewest = settings.limit("interactions to train")
    if not _has_unique(_rows_trained_on(table, fields), fewest):
        types = tuple(type_ for type_ in _thresholds(fields) if type_ != ANY_EVENT)
        after = f" after filtering by event type: {', '.join(types)}{_types_found(table)}" if types else ""
        raise CreationFailed(f"Dataset has fewer than {fewest} interactions{after}")
    active = sum(count >= 2 for count in Counter(map(itemgetter(0), _rows_trained_on(table, fields))).values())
    fewest_users = settings.limit("users with two interactions to train")
    share = settings.limit("percent of users with two interactions to train") / 100
    if active < max(fewest_users, share * len(set(table.column("USER_ID")))):
        raise CreationFailed(
            f"Create failed. Dataset has fewer than {fewest_users} users with at least 2 interactions each."
        )


def _has_unique(rows: Iterable[Interaction], fewest: int) -> bool:
    """Return whether enough interactions differ; those of one user, item, time and type count once.

    The guide counts unique interactions and does not say what makes them so (docs/service/3 §13.4).
    """
    seen: set[Interaction] = set()
    for row in rows:
        seen.add(row)
        if len(seen) >= fewest:
            return True
    return len(seen) >= fewest


def _check_event_types(settings: Settings, table: Table, group: Group) -> None:
    """Check that own columns and event types together are not too many (docs/service/1 §8.1)."""
    schema = group.schemas.get(DatasetType.INTERACTIONS)
    if schema is None or not settings.too_many_event_types_fail or "EVENT_TYPE" not in schema.field:
        return
    types, most = len(set(table.column("EVENT_TYPE"))), room_for_event_types(schema)
    if types > most:
        raise CreationFailed(
            f"Create failed. The Interactions dataset has {types} event types; its columns leave room for {most}."
        )


def _check_events(settings: Settings, table: Table, event_type: str) -> None:
    """Check that a use case has as many events of a type as a training needs interactions (docs/service/1 §12)."""
    fewest = settings.limit("interactions to train")
    if table.column("EVENT_TYPE").count(event_type) < fewest:
        after = f"after filtering by event type: {event_type}{_types_found(table)}"
        raise CreationFailed(f"Dataset has fewer than {fewest} interactions {after}")


def _types_found(table: Table) -> str:
    """Return what a failure adds about the event types of the data, the most frequent first. The service does not."""
    found = [name for name, _ in Counter(filter(None, table.column("EVENT_TYPE"))).most_common()]
    if not found:
        return "; the data has no event types"
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f"; the data has {', '.join(found[:_MOST_NAMED])}{more}"


def _rows_trained_on(table: Table, fields: Mapping[str, Any]) -> Iterator[Interaction]:
    """Return each interaction that the training uses (docs/service/2 §8.5)."""
    types = table.column("EVENT_TYPE")
    rows = zip(*map(table.column, ("USER_ID", "ITEM_ID", "TIMESTAMP")), types, strict=True)
    thresholds = _thresholds(fields)
    return _of_types(rows, types, table.column("EVENT_VALUE"), thresholds) if thresholds else rows


def _of_types(
    rows: Iterable[Interaction], types: Iterable[str], values: Iterable[str], thresholds: Mapping[str, float | None]
) -> Iterator[Interaction]:
    """Yield the interactions of the types that the training uses, whose value is not too low."""
    of_any = thresholds.get(ANY_EVENT)
    for row, type_, value in zip(rows, types, values, strict=True):
        if type_ in thresholds or ANY_EVENT in thresholds:
            threshold = thresholds.get(type_, of_any)
            if threshold is None or (value and float(value) >= threshold):
                yield row


def _thresholds(fields: Mapping[str, Any]) -> Mapping[str, float | None]:
    """Return the event types that the training uses, each with the least EVENT_VALUE; empty if it uses all."""
    config = fields.get("solutionConfig", {})
    listed = config.get("eventsConfig", {}).get("eventParametersList", ())
    if listed:
        return {entry["eventType"]: entry.get("eventValueThreshold") for entry in listed if "eventType" in entry}
    threshold = config.get("eventValueThreshold")
    if "eventType" in fields or threshold is not None:
        return {fields.get("eventType", ANY_EVENT): None if threshold is None else float(threshold)}
    return {}
