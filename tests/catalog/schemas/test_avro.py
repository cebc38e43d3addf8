"""Schemas are parsed leniently and compared by meaning."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.catalog.schemas import SchemaSyntaxError, canonical, parse
from personalize_gitops.render.reasons import text

ITEMS: dict[str, Any] = {
    "type": "record",
    "name": "Items",
    "namespace": "com.amazonaws.personalize.schema",
    "fields": [
        {"name": "ITEM_ID", "type": "string"},
        {"name": "GENRES", "type": ["null", "string"], "categorical": True},
        {"name": "PRICE", "type": ["float", "null"]},
    ],
    "version": "1.0",
}


def changed(index: int, **attributes: Any) -> dict[str, Any]:
    fields = [dict(field) for field in ITEMS["fields"]]
    fields[index] |= attributes
    return {**ITEMS, "fields": fields}


def test_reads_text_and_values_alike() -> None:
    """The JSON text and its value are the same schema."""
    assert parse(json.dumps(ITEMS)) == parse(ITEMS)


def test_fields() -> None:
    """A field knows its type without null, and whether null was among its types."""
    item_id, genres, price = parse(ITEMS).fields

    assert (item_id.type, item_id.nullable, item_id.categorical) == ("string", False, False)
    assert (genres.type, genres.nullable, genres.categorical) == ("string", True, True)
    assert (price.type, price.nullable, price.numeric) == ("float", True, True)


def test_field_by_name() -> None:
    """A schema finds its fields by name."""
    assert parse(ITEMS).field["PRICE"].numeric


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(dict(reversed(ITEMS.items())), id="order of members"),
        pytest.param(changed(0, type=["string"]), id="list of one type"),
        pytest.param(changed(1, type=["string", "null"]), id="order of a union"),
        pytest.param(changed(0, categorical=False), id="false attribute"),
        pytest.param(changed(0, textual=False, doc=False), id="false attributes of any name"),
    ],
)
def test_same_meaning(other: dict[str, Any]) -> None:
    """Schemas that are equal by docs/service/1 §19 item 5 have the same canonical value."""
    assert canonical(parse(other)) == canonical(parse(ITEMS))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({**ITEMS, "fields": ITEMS["fields"][::-1]}, id="order of fields"),
        pytest.param(changed(0, type="int"), id="type"),
        pytest.param(changed(0, type=["null", "string"]), id="nullability"),
        pytest.param(changed(1, categorical=False), id="categorical"),
        pytest.param(changed(0, textual=True), id="textual"),
        pytest.param(changed(0, itemName=True), id="item name"),
        pytest.param(changed(0, doc="the id"), id="other attribute"),
        pytest.param(changed(0, name="ID"), id="name of a field"),
        pytest.param({**ITEMS, "name": "Users"}, id="name"),
        pytest.param({**ITEMS, "namespace": "movies"}, id="namespace"),
        pytest.param({**ITEMS, "version": "2.0"}, id="version"),
    ],
)
def test_other_meaning(other: dict[str, Any]) -> None:
    """Any other difference makes another schema, also the order of fields, which CSV headers follow."""
    assert canonical(parse(other)) != canonical(parse(ITEMS))


@pytest.mark.parametrize("indent", [None, 2])
def test_whitespace_means_nothing(indent: int | None) -> None:
    """White space does not count."""
    assert hash(canonical(parse(json.dumps(ITEMS, indent=indent)))) == hash(canonical(parse(ITEMS)))


@pytest.mark.parametrize(
    ("source", "path", "message"),
    [
        ("{", (), "invalid JSON"),
        ("[]", (), "found a list"),
        ("3", (), "found 3"),
        ("null", (), "found nothing"),
        ({**ITEMS, "name": None}, ("name",), "name of the record"),
        ({**ITEMS, "version": True}, ("version",), "expected text, found true"),
        ({"type": "record", "name": "Items"}, ("fields",), "list of fields"),
        ({**ITEMS, "fields": {"ITEM_ID": "string"}}, ("fields",), "list of fields"),
        ({**ITEMS, "fields": ["ITEM_ID"]}, ("fields", 0), 'found "ITEM_ID"'),
        ({**ITEMS, "fields": [{"type": "string"}]}, ("fields", 0, "name"), "name of the field"),
        (changed(2, type=None), ("fields", 2, "type"), "expected a type"),
        (changed(2, type=["null", 3]), ("fields", 2, "type", 1), "found 3"),
        (changed(1, categorical="true"), ("fields", 1, "categorical"), 'expected true or false, found "true"'),
        (changed(1, textual={}), ("fields", 1, "textual"), "found a mapping"),
        ({**ITEMS, "type": True}, ("type",), "found true"),
    ],
)
def test_not_a_schema(source: Any, path: tuple[str | int, ...], message: str) -> None:
    """A value without the shape of a schema is refused with the place and the reason."""
    with pytest.raises(SchemaSyntaxError) as refusal:
        parse(source)

    (problem,) = refusal.value.problems
    assert problem.place == path
    assert message in text(problem.reason)


@pytest.mark.parametrize("version", [1, 1.0])
def test_the_version_may_be_a_number(version: float) -> None:
    """The service accepted a number (docs/service/4 §9); it means the same as its text."""
    assert parse({**ITEMS, "version": version}) == parse({**ITEMS, "version": str(version)})


def test_all_shape_problems_at_once() -> None:
    """All problems of the shape are reported together."""
    with pytest.raises(SchemaSyntaxError) as refusal:
        parse({"version": [], "fields": [3, {"name": 4}]})

    assert [problem.place for problem in refusal.value.problems] == [
        ("name",),
        ("version",),
        ("fields", 0),
        ("fields", 1, "name"),
        ("fields", 1, "type"),
    ]


def test_deep_nesting_is_refused() -> None:
    """A text that is nested too deeply is refused."""
    with pytest.raises(SchemaSyntaxError):
        parse("[" * 100_000)


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["name", "type", "fields", "categorical", "x"]), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused(value: Any) -> None:
    """Any JSON is parsed or refused, without another exception, and means the same each time."""
    try:
        schema = parse(json.dumps(value))
    except SchemaSyntaxError:
        return

    assert {canonical(schema)} == {canonical(parse(json.dumps(value)))}
