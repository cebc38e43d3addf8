"""A schema: the Avro record that describes the rows of a dataset. Immutable, and without tags or status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from personalize_gitops.catalog.datasets import dataset_type_of_record
from personalize_gitops.catalog.schemas import Field, SchemaSyntaxError, migration, parse, replacement_problems
from personalize_gitops.catalog.schemas import Schema as Avro
from personalize_gitops.kinds.types import JsonObject, most_per_region, typical
from personalize_gitops.model.problem_codes import SchemaCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.resource import Attributes, Compare, JsonText, Replace, Resource
from personalize_gitops.model.validation import invalid

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
    """The service limits the characters of the text (docs/service/4 §2)."""
    if (found := len(json.dumps(schema))) > _MAX_TEXT:
        raise invalid(because(SchemaCode.SCHEMA_TOO_LONG, found=found, most=_MAX_TEXT))
    return schema


def _read(before: Attributes, after: Attributes) -> tuple[Avro, Avro]:
    return parse(before["schema"]), parse(after["schema"])


class Schema(Resource):
    """Described in docs/service/2 §3.2 and 4 §2.2."""

    takes = typical("Schema")
    most_per_region: ClassVar[int | None] = most_per_region("Schema")
    replace: ClassVar[Replace] = Replace.SUCCESSOR
    fixed: ClassVar[str] = "a schema never changes"  # docs/service/2 §3.2
    taggable: ClassVar[bool] = False

    schema_: Annotated[JsonObject, AfterValidator(_short_enough), JsonText, Compare(_by_meaning)]
    domain: Literal["ECOMMERCE", "VIDEO_ON_DEMAND"] | None = None

    @classmethod
    def why_no_successor(cls, before: Attributes, after: Attributes) -> str:
        """A dataset moves only to a schema that keeps every field and adds nullable ones (docs/service/3 §3.3)."""
        if before.get("domain") != after.get("domain"):
            return "a dataset cannot move to the schema of another domain"
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError as error:
            return str(error)
        kind = dataset_type_of_record(new.name)
        if kind is None:
            return f'"{new.name}" is not the record of a dataset type'
        return "; ".join(problem.message for problem in replacement_problems(old, new, kind))

    @classmethod
    def way_out(cls, before: Attributes, after: Attributes) -> Sequence[str]:
        """The same columns by a way the service takes (docs/service/3 §3.3)."""
        if not cls.why_no_successor(before, after):
            return ()
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError:
            return ()
        return migration(old, new, other_domain=before.get("domain") != after.get("domain"))

    @classmethod
    def news(cls, before: Attributes, after: Attributes) -> str:
        """Added columns are left out of training by what was made before them (docs/service/3 §3.3)."""
        try:
            old, new = _read(before, after)
        except SchemaSyntaxError:
            return ""
        added = ", ".join(field.name for field in new.fields if field.name not in old.field)
        return (
            added and f"{added}: filters can use it once imported; existing recommenders and solutions train without it"
        )
