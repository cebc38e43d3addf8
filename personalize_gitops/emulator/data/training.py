"""Training: whether the data suffice (docs/service/2 §7.1), and what comes out of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe, RecipeType, find_recipe
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_AT_SIZES = (5, 10, 25)


def check_data(region: Region, version: Record) -> None:
    """Fail a training whose group lacks data."""
    recipe = find_recipe(version.fields["recipeArn"])
    datasets = region.group_datasets(version.fields["datasetGroupArn"])
    required = recipe.required_datasets if recipe else (DatasetType.INTERACTIONS,)
    missing = [str(type_) for type_ in required if type_.arn_spelling not in datasets]
    if missing:
        raise CreationFailed(f"Create failed. The dataset group has no dataset of type {', '.join(missing)}.")
    if DatasetType.INTERACTIONS in required:
        table = region.tables.get(datasets["INTERACTIONS"].arn)
        _check_interactions(region, table, version)
        for event_type in recipe.needs_events if recipe else ():
            _check_events(region, table, event_type)


def newest_interaction_arrival(region: Region, group: str, recipe: Recipe | None) -> float:
    """When interactions last arrived; for Next-Best-Action those with actions count (docs/service/2 §5)."""
    acts = recipe is not None and recipe.type is RecipeType.PERSONALIZED_ACTIONS
    dataset = region.group_datasets(group).get("ACTION_INTERACTIONS" if acts else "INTERACTIONS")
    table = region.tables.get(dataset.arn) if dataset else None
    return table.changed_at if table else float("-inf")


def metrics(version: Record) -> Mapping[str, float]:
    """Offline metrics under the guide's keys (docs/service/2 §9); the numbers are drawn from the version's ARN."""
    recipe = find_recipe(version.fields["recipeArn"])
    names = ["coverage", *_metric_names(recipe)]
    if "optimizationObjective" in version.fields.get("solutionConfig", {}):
        names.append("average_rewards_at_k")
    return {name: _drawn(version.arn, name) for name in names}


def tuned(version: Record) -> Mapping[str, str] | None:
    """What hyperparameter optimisation chose: the middle of every range."""
    if not version.fields.get("performHPO"):
        return None
    ranges = version.fields["solutionConfig"].get("hpoConfig", {}).get("algorithmHyperParameterRanges", {})
    numbers = {
        entry["name"]: (entry["minValue"] + entry["maxValue"]) / 2
        for kind in ("integerHyperParameterRanges", "continuousHyperParameterRanges")
        for entry in ranges.get(kind, ())
    }
    whole = {entry["name"] for entry in ranges.get("integerHyperParameterRanges", ())}
    chosen = {name: str(int(value) if name in whole else value) for name, value in numbers.items()}
    return chosen | {entry["name"]: entry["values"][0] for entry in ranges.get("categoricalHyperParameterRanges", ())}


def _check_interactions(region: Region, table: Table | None, version: Record) -> None:
    settings = region.settings
    all_users = table.column("USER_ID") if table else []
    users = list(_chosen_users(table, all_users, version.fields)) if table else []
    fewest = settings.limit("interactions to train")
    if len(users) < fewest:
        types = _event_types(version.fields)
        after = f" after filtering by event type: {', '.join(types)}" if types else ""
        raise CreationFailed(f"Dataset has fewer than {fewest} interactions{after}")
    active = sum(count >= 2 for count in Counter(users).values())
    fewest_users = settings.limit("users with two interactions to train")
    share = settings.limit("percent of users with two interactions to train") / 100
    if active < max(fewest_users, share * len(set(all_users))):
        raise CreationFailed(
            f"Create failed. Dataset has fewer than {fewest_users} users with at least 2 interactions each."
        )


def _check_events(region: Region, table: Table | None, event_type: str) -> None:
    """A use case needs as many events of its type as a training needs interactions (docs/service/1 §12)."""
    fewest = region.settings.limit("interactions to train")
    if (table.column("EVENT_TYPE").count(event_type) if table else 0) < fewest:
        raise CreationFailed(
            f"Dataset has fewer than {fewest} interactions after filtering by event type: {event_type}"
        )


def _chosen_users(table: Table, users: list[str], configured: Mapping[str, Any]) -> Iterator[str]:
    """The user of every interaction that is trained on (docs/service/2 §8.5)."""
    thresholds = _thresholds(configured)
    if not thresholds:
        yield from users
        return
    types, values = table.column("EVENT_TYPE"), table.column("EVENT_VALUE")
    for user, type_, value in zip(users, types, values, strict=True):
        if type_ in thresholds:
            threshold = thresholds[type_]
            if threshold is None or (value and float(value) >= threshold):
                yield user


def _thresholds(configured: Mapping[str, Any]) -> Mapping[str, float | None]:
    config = configured.get("solutionConfig", {})
    listed = config.get("eventsConfig", {}).get("eventParametersList", ())
    if listed:
        return {entry["eventType"]: entry.get("eventValueThreshold") for entry in listed if "eventType" in entry}
    if "eventType" in configured:
        threshold = config.get("eventValueThreshold")
        return {configured["eventType"]: None if threshold is None else float(threshold)}
    return {}


def _event_types(configured: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_thresholds(configured))


def _metric_names(recipe: Recipe | None) -> list[str]:
    discounted = [f"normalized_discounted_cumulative_gain_at_{size}" for size in _AT_SIZES]
    match recipe.type if recipe else None:
        case RecipeType.PERSONALIZED_ACTIONS:
            return [*discounted, "precision", "recall"]
        case RecipeType.USER_SEGMENTATION:
            # The guide names these measures but prints no keys for them (docs/service/2 §9.2).
            return ["hit_at_k", "recall_at_k"]
        case _:
            return ["mean_reciprocal_rank_at_25", *discounted, *(f"precision_at_{size}" for size in _AT_SIZES)]


def _drawn(arn: str, name: str) -> float:
    number = int.from_bytes(sha256(f"{arn}/{name}".encode()).digest()[:4], "big")
    return round(0.01 + 0.3 * number / 2**32, 4)
