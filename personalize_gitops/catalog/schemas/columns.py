"""Whether a schema has the columns that its dataset type requires: the tables of docs/service/1 §8."""

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.schemas.avro import Field, Schema
from personalize_gitops.catalog.schemas.tables import Column, ColumnRules, column_rules
from personalize_gitops.model.nearest import nearest
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import Remedy, SchemaCode
from personalize_gitops.model.reason import Path, Verbatim, because

_MOST_EVENT_KINDS = 10  # own columns, EVENT_TYPE, EVENT_VALUE and distinct event types together (docs/service/1 §8.1)
_FEW_EVENT_TYPES = 3
_FIELDS = Path(("fields",))
# Columns of interactions that leave the number of event types as it is.
_NOT_COUNTED = ("USER_ID", "ITEM_ID", "TIMESTAMP", "IMPRESSION", "RECOMMENDATION_ID", "EVENT_ATTRIBUTION_SOURCE")


def column_problems(schema: Schema, dataset_type: DatasetType, domain: Domain | None) -> Iterator[Problem[Path]]:
    """Yield the problems of missing, wrongly declared and too many columns for a dataset type and domain."""
    rules = column_rules(dataset_type, domain)
    if rules is None:
        yield Problem(because(SchemaCode.DOMAIN_WITHOUT_DATASET_TYPE, type=dataset_type), Path())
        return
    yield from _missing(schema, rules)
    for index, field in enumerate(schema.fields):
        place = _FIELDS / index
        if field.name in rules.required:
            yield from _departures(field, rules.required[field.name], place)
        elif field.name in rules.reserved:
            yield from _departures(field, rules.reserved[field.name], place)
        elif field.type == "string" and not (field.categorical or field.textual or field.item_name):
            reason = because(SchemaCode.UNTRAINED_COLUMN, column=Verbatim(field.name))
            yield Problem(reason, place, Severity.INFO)
    yield from _metadata_problems(schema, rules)
    yield from _doubts(schema, dataset_type)


def room_for_event_types(interactions: Schema) -> int:
    """Return how many distinct event types the rows can have beside the columns (docs/service/1 §8.1)."""
    return max(_MOST_EVENT_KINDS - sum(field.name not in _NOT_COUNTED for field in interactions.fields), 0)


def _missing(schema: Schema, rules: ColumnRules) -> Iterator[Problem[Path]]:
    own = [name for name in schema.field if name not in rules.required and name not in rules.reserved]
    for name, column in rules.required.items():
        if name not in schema.field:
            reason = because(
                SchemaCode.MISSING_COLUMN,
                column=Verbatim(name),
                type=Verbatim(column.type),
                categorical=column.categorical,
                textual=column.textual,
            )
            near = nearest(name, own, cutoff=0.8)
            remedy = because(Remedy.RENAME_COLUMN, column=Verbatim(near), to=Verbatim(name)) if near else None
            yield Problem(reason, _FIELDS, suggestion=remedy)


def _departures(field: Field, column: Column, place: Path) -> Iterator[Problem[Path]]:
    """Yield the differences between a required or reserved column and its declaration in the tables."""
    certain = Severity.WARNING if column.doubtful else Severity.ERROR
    name = Verbatim(field.name)
    if field.types != (column.type,):
        reason = because(
            SchemaCode.WRONG_COLUMN_TYPE,
            column=name,
            expected=Verbatim(column.type),
            found=tuple(map(Verbatim, field.types)),
        )
        yield Problem(reason, place / "type", Severity.WARNING if field.type in column.also else certain)
    if field.nullable and not column.nullable:
        yield Problem(because(SchemaCode.NULLABLE_COLUMN, column=name), place / "type", certain)
    if column.categorical and not field.categorical:
        yield Problem(because(SchemaCode.CATEGORICAL_REQUIRED, column=name), place, certain)
    if field.categorical and not column.categorical:
        yield Problem(because(SchemaCode.CATEGORICAL_FORBIDDEN, column=name), place / "categorical", certain)
    if column.textual and not field.textual:
        # A warning, because the guide demands the attribute only of reserved categorical columns.
        yield Problem(because(SchemaCode.TEXTUAL_EXPECTED, column=name), place, Severity.WARNING)
    if field.textual and not column.textual:
        yield Problem(because(SchemaCode.TEXTUAL_FORBIDDEN, column=name), place / "textual", certain)


def _metadata_problems(schema: Schema, rules: ColumnRules) -> Iterator[Problem[Path]]:
    known = {*rules.required, *rules.reserved}
    own = [field for field in schema.fields if field.name not in known]
    if len(own) > rules.most_metadata:
        yield Problem(because(SchemaCode.TOO_MANY_COLUMNS, found=len(own), most=rules.most_metadata), _FIELDS)
    if sum(_counts(field, rules) for field in own) >= rules.least_metadata:
        return
    reserved = [field.name for field in schema.fields if field.name in rules.reserved and _counts(field, rules)]
    if "SUBSCRIPTION_MODEL" in reserved:
        return  # the service's default schema for video users has no other column
    least, textual = rules.least_metadata, rules.textual_allowed
    if reserved:
        columns = tuple(map(Verbatim, reserved))
        reason = because(SchemaCode.MAYBE_TOO_FEW_COLUMNS, least=least, textual=textual, reserved=columns)
        yield Problem(reason, _FIELDS, Severity.WARNING)
    else:
        yield Problem(because(SchemaCode.TOO_FEW_COLUMNS, least=least, textual=textual), _FIELDS)


def _counts(field: Field, rules: ColumnRules) -> bool:
    """Return whether a column counts as metadata."""
    return field.categorical or field.numeric or (field.textual and rules.textual_allowed)


def _doubts(schema: Schema, dataset_type: DatasetType) -> Iterator[Problem[Path]]:
    if dataset_type is DatasetType.ACTIONS:
        for index, field in enumerate(schema.fields):
            if field.name == "ACTION_EXPIRATION_TIMESTAMP":
                reason = because(SchemaCode.TWO_EXPIRATION_NAMES, column=Verbatim(field.name))
                yield Problem(reason, _FIELDS / index / "name", Severity.WARNING)
    if dataset_type is DatasetType.INTERACTIONS and "EVENT_TYPE" in schema.field:
        left = room_for_event_types(schema)
        if left <= _FEW_EVENT_TYPES:
            reason = because(SchemaCode.FEW_EVENT_TYPES, left=left, most=_MOST_EVENT_KINDS)
            yield Problem(reason, _FIELDS, Severity.WARNING)
