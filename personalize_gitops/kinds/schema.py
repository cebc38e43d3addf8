"""A schema: the Avro record that describes the rows of a dataset. Schemas are immutable and have no tags or status."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from personalize_gitops.catalog.datasets import dataset_type_of_record
from personalize_gitops.catalog.schemas import Field, SchemaSyntaxError, migration, parse, replacement_problems
from personalize_gitops.catalog.schemas import Schema as Avro
from personalize_gitops.catalog.schemas.checks import MOST_TEXT
from personalize_gitops.kinds.types import JsonObject, most_per_region, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import Evolving, Most, Replace
from personalize_gitops.model.structure import Attributes, Compare, JsonText
from personalize_gitops.model.validation import invalid


def _by_meaning(schema: Any) -> Any:
    """Return a comparable form of a schema; the schema itself if it cannot be parsed.

    White space, member order and the order of a union do not count; field order does (docs/service/1 §19 item 5).
    """
    try:
        parsed = parse(schema)
    except SchemaSyntaxError:
        return schema
    head = {"type": parsed.type, "name": parsed.name, "namespace": parsed.namespace, "version": parsed.version}
    return {**head, **dict(parsed.attributes), "fields": [_column_text(field) for field in parsed.fields]}


def _column_text(field: Field) -> str:
    """Return the comparable form of a column, such as `RUNTIME int | null`."""
    types = " | ".join([*sorted(set(field.types)), *(["null"] if field.nullable else [])])
    flags = {"categorical": field.categorical, "textual": field.textual, "itemName": field.item_name}
    marks = [flag for flag, on in flags.items() if on]
    return " ".join([field.name, types, *marks, *(f"{name}={value}" for name, value in field.attributes)])


def _short_enough(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema. Raises `invalid` if its JSON text exceeds the service's limit (docs/service/4 §2)."""
    if (found := len(json.dumps(schema))) > MOST_TEXT:
        raise invalid(because(ValueCode.TEXT_TOO_LONG, found=found, most=MOST_TEXT))
    return schema


def _parsed(before: Attributes, after: Attributes) -> tuple[Avro, Avro]:
    """Return both schemas parsed. Raises SchemaSyntaxError if one of them is invalid."""
    return parse(before["schema"]), parse(after["schema"])


class Schema(Evolving):
    """Described in docs/service/2 §3.2 and 4 §2.2."""

    durations = typical("Schema")
    most_per_region: ClassVar[Most | None] = most_per_region("Schema")
    replace: ClassVar[Replace] = Replace.SUCCESSOR
    immutable: ClassVar[Fact | None] = Fact.SCHEMA_IS_FIXED  # docs/service/2 §3.2
    taggable: ClassVar[bool] = False

    schema_: Annotated[JsonObject, AfterValidator(_short_enough), JsonText, Compare(_by_meaning)]
    domain: Literal["ECOMMERCE", "VIDEO_ON_DEMAND"] | None = None

    @classmethod
    def successor_obstacles(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """Return why datasets cannot move to the new schema; empty if they can.

        The new schema must keep every field and add only nullable ones (docs/service/3 §3.3).
        """
        if before.get("domain") != after.get("domain"):
            return (Reason(ReasonCode.OTHER_DOMAIN),)
        try:
            old, new = _parsed(before, after)
        except SchemaSyntaxError as error:
            return tuple(problem.reason for problem in error.problems)
        kind = dataset_type_of_record(new.name)
        if kind is None:
            return (because(ReasonCode.NOT_A_DATASET_RECORD, name=Verbatim(new.name)),)
        return tuple(problem.reason for problem in replacement_problems(old, new, kind))

    @classmethod
    def ways_around(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """Return the steps that lead to the new columns where datasets cannot move (docs/service/3 §3.3).

        Empty if datasets can move or a schema is invalid.
        """
        if not cls.successor_obstacles(before, after):
            return ()
        try:
            old, new = _parsed(before, after)
        except SchemaSyntaxError:
            return ()
        return migration(old, new, other_domain=before.get("domain") != after.get("domain"))

    @classmethod
    def added(cls, before: Attributes, after: Attributes) -> Reason | None:
        """Return the added columns; None if there are none or a schema is invalid.

        Existing solution versions and recommenders do not use them (docs/service/3 §3.3).
        """
        try:
            old, new = _parsed(before, after)
        except SchemaSyntaxError:
            return None
        columns = tuple(Verbatim(field.name) for field in new.fields if field.name not in old.field)
        return because(ReasonCode.COLUMNS_ADDED, columns=columns) if columns else None
