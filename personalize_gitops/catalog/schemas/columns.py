"""Whether a schema has the columns its dataset type wants: the checks over the tables of docs/service/1 §8."""

from collections.abc import Iterator
from difflib import get_close_matches

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.problems import Problem, Severity
from personalize_gitops.catalog.schemas.avro import Field, Schema
from personalize_gitops.catalog.schemas.tables import Column, ColumnRules, column_rules

_MOST_EVENT_KINDS = 10  # own columns, EVENT_TYPE, EVENT_VALUE and distinct event types together (docs/service/1 §8.1)
_FEW_EVENT_TYPES = 3


def column_problems(schema: Schema, dataset_type: DatasetType, domain: Domain | None) -> Iterator[Problem]:
    """Missing, misdeclared and too many columns for this dataset type and domain."""
    rules = column_rules(dataset_type, domain)
    if rules is None:
        yield Problem((), f"{dataset_type} datasets belong to custom dataset groups; a schema for one has no domain")
        return
    yield from _missing(schema, rules)
    for index, field in enumerate(schema.fields):
        if field.name in rules.required:
            yield from _departures(field, rules.required[field.name], ("fields", index))
        elif field.name in rules.reserved:
            yield from _departures(field, rules.reserved[field.name], ("fields", index))
        elif field.type == "string" and not (field.categorical or field.textual or field.item_name):
            message = (
                f"{field.name}: neither categorical nor textual, so not used in training; "
                "filters and returned metadata can use it"
            )
            yield Problem(("fields", index), message, Severity.INFO)
    yield from _metadata_problems(schema, rules)
    yield from _doubts(schema, dataset_type)


def _missing(schema: Schema, rules: ColumnRules) -> Iterator[Problem]:
    names = {field.name for field in schema.fields}
    spare = {name.upper(): name for name in names - set(rules.required) - set(rules.reserved)}
    for name, column in rules.required.items():
        if name not in names:
            close = get_close_matches(name, spare, n=1, cutoff=0.8)
            meant = f"; did you mean it by {spare[close[0]]}?" if close else ""
            yield Problem(("fields",), f"{name} is required, {_declared(column)}{meant}")


def _departures(field: Field, column: Column, place: tuple[str | int, ...]) -> Iterator[Problem]:
    """How a known column differs from its row in the table."""
    certain = Severity.WARNING if column.doubtful else Severity.ERROR
    wanted = f"{field.name} is {_declared(column)}"
    if field.types != (column.type,):
        severity = Severity.WARNING if field.type in column.also else certain
        found = " or ".join(field.types) or "no type"
        yield Problem((*place, "type"), f"{wanted}, found {found}", severity)
    if field.nullable and not column.nullable:
        yield Problem((*place, "type"), f"{field.name} cannot be null", certain)
    if column.categorical and not field.categorical:
        yield Problem(place, f"{wanted}: it needs categorical: true", certain)
    if field.categorical and not column.categorical:
        yield Problem((*place, "categorical"), f"{field.name} cannot be categorical", certain)
    if column.textual and not field.textual:
        # The guide demands the attribute of reserved categorical columns only.
        yield Problem(place, f"{wanted}: it should have textual: true", Severity.WARNING)
    if field.textual and not column.textual:
        yield Problem((*place, "textual"), f"{field.name} cannot be textual", certain)


def _declared(column: Column) -> str:
    flags = [flag for flag, is_set in (("categorical", column.categorical), ("textual", column.textual)) if is_set]
    return " ".join([*flags, column.type])


def _metadata_problems(schema: Schema, rules: ColumnRules) -> Iterator[Problem]:
    known = {*rules.required, *rules.reserved}
    own = [field for field in schema.fields if field.name not in known]
    if len(own) > rules.most_metadata:
        message = f"at most {rules.most_metadata} columns of your own are allowed, this schema has {len(own)}"
        yield Problem(("fields",), message)
    if sum(_counts(field, rules) for field in own) >= rules.least_metadata:
        return
    reserved = [field.name for field in schema.fields if field.name in rules.reserved and _counts(field, rules)]
    if "SUBSCRIPTION_MODEL" in reserved:
        return  # the service's default schema for video users has no other column
    kinds = "categorical, textual or numeric" if rules.textual_allowed else "categorical or numeric"
    message = f"at least {rules.least_metadata} {kinds} column of your own is required"
    if reserved:
        doubt = f"{message}; whether {' and '.join(reserved)}, being reserved, counts is not documented"
        yield Problem(("fields",), doubt, Severity.WARNING)
    else:
        yield Problem(("fields",), message)


def _counts(field: Field, rules: ColumnRules) -> bool:
    return field.categorical or field.numeric or (field.textual and rules.textual_allowed)


def _doubts(schema: Schema, dataset_type: DatasetType) -> Iterator[Problem]:
    if dataset_type is DatasetType.ACTIONS:
        for index, field in enumerate(schema.fields):
            if field.name == "ACTION_EXPIRATION_TIMESTAMP":
                message = (
                    "the guide also calls this column EXPIRATION_TIMESTAMP; which one the service reads is unclear"
                )
                yield Problem(("fields", index, "name"), message, Severity.WARNING)
    if dataset_type is DatasetType.INTERACTIONS and "EVENT_TYPE" in schema.field:
        others = ("USER_ID", "ITEM_ID", "TIMESTAMP", "IMPRESSION", "RECOMMENDATION_ID", "EVENT_ATTRIBUTION_SOURCE")
        left = _MOST_EVENT_KINDS - sum(field.name not in others for field in schema.fields)
        if left <= _FEW_EVENT_TYPES:
            message = (
                f"own columns, EVENT_TYPE, EVENT_VALUE and distinct event types may be {_MOST_EVENT_KINDS} together: "
                f"room is left for {max(left, 0)} event types"
            )
            yield Problem(("fields",), message, Severity.WARNING)
