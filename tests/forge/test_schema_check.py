"""The check of a fork's document agrees with a library of JSON Schema, on what the shipped schemas use."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it comes with moto, without types

from personalize_gitops.forge.schema_check import first_error
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.render.formats import Format, render_report
from tests.render.plans import EVERYTHING

SCHEMA = json.loads(files("personalize_gitops.schemas").joinpath("plan.json").read_text())
KNOWN = {
    *("$schema", "title", "description", "$defs", "$ref"),
    *("type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "anyOf"),
}
PLAN: dict[str, Any] = json.loads(render_report(PlanReport(EVERYTHING), Format.JSON))

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from([*PLAN, "x"]), inner)),
    max_leaves=4,
)


def keywords(schema: Any) -> set[str]:
    """Every keyword in a schema and in those inside it."""
    inside = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", [])]
    inside += [schema["items"]] if "items" in schema else []
    return set(schema).union(*map(keywords, inside))


def test_it_knows_every_keyword_of_the_schema() -> None:
    """A keyword that it did not know would not be checked."""
    assert keywords(SCHEMA) <= KNOWN


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [at, *(place for key, item in items for place in places(item, (*at, key)))]


def replaced(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = replaced(copy[at[0]], at[1:], new)
    return copy


@given(st.sampled_from(places(PLAN)), JSON)
def test_it_agrees_with_a_library(place: tuple[Any, ...], value: Any) -> None:
    """One value of a plan, replaced by any other, is refused by both or by neither."""
    document = replaced(PLAN, place, value)

    assert (first_error(document, SCHEMA) is None) == Draft202012Validator(SCHEMA).is_valid(document)


@pytest.mark.parametrize("member", sorted(SCHEMA["required"]))
def test_every_member_is_required(member: str) -> None:
    """The place names what is missing."""
    assert first_error({name: value for name, value in PLAN.items() if name != member}, SCHEMA) == member
    assert first_error(PLAN, SCHEMA) is None
