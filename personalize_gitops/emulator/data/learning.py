"""From tables and the fields of a solution version or recommender to what a model is trained on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.catalog.recipes import find_recipe
from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.models import (
    ANY_EVENT,
    Columns,
    Configuration,
    EventRule,
    Feature,
    Objective,
    TrainingData,
    Use,
)

_NOT_METADATA = frozenset(
    [
        "USER_ID",
        "ITEM_ID",
        "ACTION_ID",
        "TIMESTAMP",
        "CREATION_TIMESTAMP",
        "EVENT_TYPE",
        "EVENT_VALUE",
        "IMPRESSION",
        "RECOMMENDATION_ID",
        "EVENT_ATTRIBUTION_SOURCE",
    ]
)
_ALWAYS = _NOT_METADATA | {"VALUE", "ACTION_EXPIRATION_TIMESTAMP", "EXPIRATION_TIMESTAMP"}

Features = Mapping[str, Sequence[Sequence[str]]]  # by dataset type: a column and a `Use`


def features_of(schemas: Mapping[str, Schema]) -> Features:
    """Return the metadata columns that trainings use. Others, such as boolean ones, never are (docs/service/2 §8.2)."""
    return {type_: [list(pair) for pair in _features(schema)] for type_, schema in schemas.items()}


def configuration_of(fields: Mapping[str, Any]) -> Configuration:
    """Return the configuration of a training, with the defaults of the recipe."""
    recipe = find_recipe(fields["recipeArn"])
    config = fields.get("solutionConfig", {})
    defaults = {each.name: each.default_text for each in recipe.parameters} if recipe else {}
    given = {**config.get("featureTransformationParameters", {}), **config.get("algorithmHyperParameters", {})}
    tuned = (fields.get("tunedHPOParams") or {}).get("algorithmHyperParameters", {})
    objective = config.get("optimizationObjective", {})
    return Configuration(
        fields["recipeArn"].rpartition("/")[2],
        {**defaults, **given, **tuned},
        tuple(_rules(fields, config)),
        Objective(objective["itemAttribute"], objective.get("objectiveSensitivity", "OFF"))
        if "itemAttribute" in objective
        else None,
        (recipe.removes_event if recipe else None) or "",
    )


def training_data(tables: Mapping[str, Table], features: Features, fields: Mapping[str, Any]) -> TrainingData:
    """Return the rows to train on, without the columns that the configuration leaves out."""
    used = _column_choice(fields)

    def columns(type_: str) -> Columns:
        return columns_of(tables[type_], lambda name: used(type_, name)) if type_ in tables else {}

    def metadata(type_: str) -> tuple[Feature, ...]:
        return tuple(Feature(name, Use(use)) for name, use in features.get(type_, ()) if used(type_, name))

    return TrainingData(
        interactions=columns("INTERACTIONS"),
        items=columns("ITEMS"),
        users=columns("USERS"),
        actions=columns("ACTIONS"),
        action_interactions=columns("ACTION_INTERACTIONS"),
        item_features=metadata("ITEMS"),
        user_features=metadata("USERS"),
        context_features=metadata("INTERACTIONS"),
    )


def columns_of(table: Table, used: Callable[[str], bool] = lambda _: True) -> Columns:
    """Return the rows of a table by column."""
    rows = table.rows
    return {name: rows.column(index) for index, name in enumerate(table.columns) if used(name)}


def _features(schema: Schema) -> Iterator[tuple[str, str]]:
    for field in schema.fields:
        use = _use(field)
        if use is not None and field.name not in _NOT_METADATA:
            yield field.name, use.value


def _use(field: Field) -> Use | None:
    if field.textual:
        return Use.TEXTUAL
    if field.numeric:
        return Use.NUMERIC
    return Use.CATEGORICAL if field.categorical else None


def _column_choice(fields: Mapping[str, Any]) -> Callable[[str, str], bool]:
    """Return whether a dataset type and column is trained on (docs/service/2 §8.2)."""
    config = {**fields.get("solutionConfig", {}), **fields.get("recommenderConfig", {})}.get("trainingDataConfig", {})
    excluded = {type_.upper(): names for type_, names in config.get("excludedDatasetColumns", {}).items()}
    included = {type_.upper(): names for type_, names in config.get("includedDatasetColumns", {}).items()}

    def used(type_: str, name: str) -> bool:
        chosen = type_ not in included or name in included[type_]
        return name in _ALWAYS or (chosen and name not in excluded.get(type_, ()))

    return used


def _rules(fields: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[EventRule]:
    """Yield the event types to learn from (docs/service/2 §8.5)."""
    listed = config.get("eventsConfig", {}).get("eventParametersList", ())
    if listed:
        for each in listed:
            yield EventRule(each.get("eventType", ""), each.get("eventValueThreshold"), each.get("weight", 1.0))
        return
    threshold = config.get("eventValueThreshold")
    if "eventType" in fields or threshold is not None:
        yield EventRule(fields.get("eventType", ANY_EVENT), None if threshold is None else float(threshold))
