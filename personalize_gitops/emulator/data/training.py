"""Training: whether the rows suffice (docs/service/2 §7.1), and the tuned hyperparameters.

The functions take `tables`, the tables of the dataset group by dataset type, and `fields`, the fields of the solution
version or recommender that is trained.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe, RecipeType, find_recipe
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.settings import Settings


def check_data(settings: Settings, tables: Mapping[str, Table], fields: Mapping[str, Any]) -> None:
    """Raise CreationFailed if the group lacks datasets or rows that the recipe needs."""
    recipe = find_recipe(fields["recipeArn"])
    required = recipe.required_datasets if recipe else (DatasetType.INTERACTIONS,)
    missing = [str(type_) for type_ in required if type_.arn_spelling not in tables]
    if missing:
        raise CreationFailed(f"Create failed. The dataset group has no dataset of type {', '.join(missing)}.")
    if DatasetType.INTERACTIONS in required:
        table = tables["INTERACTIONS"]
        _check_interactions(settings, table, fields)
        for event_type in recipe.needs_events if recipe else ():
            _check_events(settings, table, event_type)


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
    numbers = {
        entry["name"]: (entry["minValue"] + entry["maxValue"]) / 2
        for list_ in ("integerHyperParameterRanges", "continuousHyperParameterRanges")
        for entry in ranges.get(list_, ())
    }
    integers = {entry["name"] for entry in ranges.get("integerHyperParameterRanges", ())}
    chosen = {name: str(int(value) if name in integers else value) for name, value in numbers.items()}
    return chosen | {entry["name"]: entry["values"][0] for entry in ranges.get("categoricalHyperParameterRanges", ())}


def _check_interactions(settings: Settings, table: Table, fields: Mapping[str, Any]) -> None:
    all_users = table.column("USER_ID")
    users = list(_users_trained_on(table, all_users, fields))
    fewest = settings.limit("interactions to train")
    if len(users) < fewest:
        types = tuple(_thresholds(fields))
        after = f" after filtering by event type: {', '.join(types)}" if types else ""
        raise CreationFailed(f"Dataset has fewer than {fewest} interactions{after}")
    active = sum(count >= 2 for count in Counter(users).values())
    fewest_users = settings.limit("users with two interactions to train")
    share = settings.limit("percent of users with two interactions to train") / 100
    if active < max(fewest_users, share * len(set(all_users))):
        raise CreationFailed(
            f"Create failed. Dataset has fewer than {fewest_users} users with at least 2 interactions each."
        )


def _check_events(settings: Settings, table: Table, event_type: str) -> None:
    """Check that a use case has as many events of a type as a training needs interactions (docs/service/1 §12)."""
    fewest = settings.limit("interactions to train")
    if table.column("EVENT_TYPE").count(event_type) < fewest:
        raise CreationFailed(
            f"Dataset has fewer than {fewest} interactions after filtering by event type: {event_type}"
        )


def _users_trained_on(table: Table, users: list[str], fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the user of each interaction that the training uses (docs/service/2 §8.5)."""
    thresholds = _thresholds(fields)
    if not thresholds:
        yield from users
        return
    types, values = table.column("EVENT_TYPE"), table.column("EVENT_VALUE")
    for user, type_, value in zip(users, types, values, strict=True):
        if type_ in thresholds:
            threshold = thresholds[type_]
            if threshold is None or (value and float(value) >= threshold):
                yield user


def _thresholds(fields: Mapping[str, Any]) -> Mapping[str, float | None]:
    """Return the event types that the training uses, each with the least EVENT_VALUE; empty if it uses all."""
    config = fields.get("solutionConfig", {})
    listed = config.get("eventsConfig", {}).get("eventParametersList", ())
    if listed:
        return {entry["eventType"]: entry.get("eventValueThreshold") for entry in listed if "eventType" in entry}
    if "eventType" in fields:
        threshold = config.get("eventValueThreshold")
        return {fields["eventType"]: None if threshold is None else float(threshold)}
    return {}
