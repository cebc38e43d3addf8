"""A schema: the Avro record that describes the rows of a dataset. Immutable, and without tags or status."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from personalize_gitops.catalog.datasets import dataset_type_of_record
from personalize_gitops.catalog.schemas import Field, SchemaSyntaxError, migration, parse, replacement_problems
from personalize_gitops.catalog.schemas import Schema as Avro
from personalize_gitops.kinds.types import JsonObject, invalid, most_per_region, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import Evolving, Replace
from personalize_gitops.model.structure import Attributes, Compare, JsonText

_MAX_TEXT = 20_000


def _by_meaning(schema: Any) -> Any:
    """White space, member order and the order of a union mean nothing; field order does (docs/service/1 §19 item 5)."""
    try:
        parsed = parse(schema)
    except SchemaSyntaxError:
        return schema  # a live schema our reading does not cover still equals itself
    head = {"type": parsed.type, "name": parsed.name, "namespace": parsed.namespace, "version": parsed.version}
    return {**head, **dict(parsed.attributes), "fields": [_described(field) for field in parsed.fields]}


def _described(field: Field) -> str:
    """All that counts of a column, in one line: `RUNTIME int | null`."""
    types = " | ".join([*sorted(set(field.types)), *(["null"] if field.nullable else [])])
    flags = {"categorical": field.categorical, "textual": field.textual, "itemName": field.item_name}
    marks = [flag for flag, on in flags.items() if on]
    return " ".join([field.name, types, *marks, *(f"{name}={value}" for name, value in field.attributes)])


def _short_enough(schema: dict[str, Any]) -> dict[str, Any]:
    """The service counts the characters of the text (docs/service/4 §2)."""
    if len(json.dumps(schema)) > _MAX_TEXT:
        raise invalid(f"longer than the {_MAX_TEXT:,} characters the service takes")
    return schema


def _read(before: Attributes, after: Attributes) -> tuple[Avro, Avro]:
    return parse(before["schema"]), parse(after["schema"])


class Schema(Evolving):
    """Described in docs/service/2 §3.2 and 4 §2.2."""

    durations = typical("Schema")
    most_per_region: ClassVar[int | None] = most_per_region("Schema")
    replace: ClassVar[Replace] = Replace.SUCCESSOR
    immutable: ClassVar[Fact | None] = Fact.SCHEMA_IS_FIXED  # docs/service/2 §3.2
    taggable: ClassVar[bool] = False

    schema_: Annotated[JsonObject, AfterValidator(_short_enough), JsonText, Compare(_by_meaning)]
    domain: Literal["ECOMMERCE", "VIDEO_ON_DEMAND"] | None = None

    @classmethod
    def successor_obstacles(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """A dataset moves only to a schema that keeps every field and adds nullable ones (docs/service/3 §3.3)."""
        if before.get("domain") != after.get("domain"):
            return (Reason(ReasonCode.OTHER_DOMAIN),)
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError as error:
            return (because(ReasonCode.SERVICE_MESSAGE, text=Verbatim(error)),)
        kind = dataset_type_of_record(new.name)
        if kind is None:
            return (because(ReasonCode.NOT_A_DATASET_RECORD, name=Verbatim(new.name)),)
        problems = replacement_problems(old, new, kind)
        return tuple(because(ReasonCode.SERVICE_MESSAGE, text=Verbatim(problem.message)) for problem in problems)

    @classmethod
    def ways_around(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """The steps to the same columns that the service accepts (docs/service/3 §3.3)."""
        if not cls.successor_obstacles(before, after):
            return ()
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError:
            return ()
        steps = migration(old, new, other_domain=before.get("domain") != after.get("domain"))
        return tuple(because(ReasonCode.SERVICE_MESSAGE, text=Verbatim(step)) for step in steps)

    @classmethod
    def added(cls, before: Attributes, after: Attributes) -> Reason | None:
        """Return the added columns: what was trained before does not use them (docs/service/3 §3.3)."""
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError:
            return None
        columns = tuple(Verbatim(field.name) for field in new.fields if field.name not in old.field)
        return because(ReasonCode.COLUMNS_ADDED, columns=columns) if columns else None
