"""The schema rules of docs/service/1 §7 and §8, a row each."""

from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.schemas import parse, schema_problems
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import SchemaCode
from personalize_gitops.model.reason import Path, because
from personalize_gitops.render.reasons import text

VIDEO, SHOP = Domain.VIDEO_ON_DEMAND, Domain.ECOMMERCE
Row = tuple[str, Any, dict[str, Any]]


def column(text: str) -> dict[str, Any]:
    """A field from its short form: name, types (? for null), then cat or txt."""
    name, type_, *flags = text.split()
    field: dict[str, Any] = {"name": name, "type": ["null", type_.rstrip("?")] if type_.endswith("?") else type_}
    return field | {{"cat": "categorical", "txt": "textual"}[flag]: True for flag in flags}


def schema(name: str, /, *columns: str | dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "type": "record",
        "name": name,
        "namespace": "com.amazonaws.personalize.schema",
        "fields": [column(each) if isinstance(each, str) else each for each in columns],
        "version": "1.0",
    } | others


def interactions(*columns: str) -> dict[str, Any]:
    return schema("Interactions", "USER_ID string", "ITEM_ID string", "TIMESTAMP long", *columns)


def items(*columns: str | dict[str, Any], **others: Any) -> dict[str, Any]:
    return schema("Items", "ITEM_ID string", "GENRES string? cat", *columns, **others)


def found(problems: tuple[Problem[Path], ...], severity: Severity) -> list[Problem[Path]]:
    return [problem for problem in problems if problem.severity is severity]


VALID: dict[str, tuple[dict[str, Any], Domain | None]] = {
    "§3 minimal custom interactions": (interactions(), None),
    "§8.1 all reserved columns": (
        interactions(
            "EVENT_TYPE string",
            "EVENT_VALUE float?",
            "IMPRESSION string?",
            "RECOMMENDATION_ID string?",
            "EVENT_ATTRIBUTION_SOURCE string?",
        ),
        None,
    ),
    "§8.6 default interactions, video": (interactions("EVENT_TYPE string"), VIDEO),
    "§8.6 default interactions, shop": (interactions("EVENT_TYPE string"), SHOP),
    "§8.6 default users, video": (schema("Users", "USER_ID string", "SUBSCRIPTION_MODEL string cat"), VIDEO),
    "§8.6 default users, shop": (schema("Users", "USER_ID string", "MEMBERSHIP_STATUS string cat"), SHOP),
    "§8.6 default items, video": (
        schema(
            "Items",
            "ITEM_ID string",
            {"name": "GENRES", "type": ["string"], "categorical": True},
            "CREATION_TIMESTAMP long",
        ),
        VIDEO,
    ),
    "§8.6 default items, shop": (schema("Items", "ITEM_ID string", "PRICE float", "CATEGORY_L1 string cat"), SHOP),
    "§8.6 custom interactions": (interactions("LOCATION string cat", "DEVICE string? cat", "IMPRESSION string"), None),
    "§8.6 custom users": (schema("Users", "USER_ID string", "AGE int", "GENDER string cat"), None),
    "§8.6 custom items": (items("CREATION_TIMESTAMP long", "DESCRIPTION string? txt"), None),
    "§8.6 custom actions": (
        schema(
            "Actions",
            "ACTION_ID string",
            "VALUE long?",
            "MEMBERSHIP_LEVEL string? cat",
            "CREATION_TIMESTAMP long",
            "REPEAT_FREQUENCY long?",
        ),
        None,
    ),
    "§8.6 action interactions": (
        schema("ActionInteractions", "USER_ID string", "ACTION_ID string", "EVENT_TYPE string", "TIMESTAMP long"),
        None,
    ),
    "§17.5 a price may be null": (
        schema("Items", "ITEM_ID string", "CREATION_TIMESTAMP long", "GENRES string cat", "PRICE float?"),
        VIDEO,
    ),
    "docs/service/2 §14: a title for semantic-similarity": (
        items({"name": "TITLE", "type": "string", "itemName": True}, "ABOUT string txt"),
        None,
    ),
}


@pytest.mark.parametrize(("document", "domain"), VALID.values(), ids=VALID)
def test_valid(document: dict[str, Any], domain: Domain | None) -> None:
    """The guide's own schemas, and what its tables allow, have no problems at all."""
    assert schema_problems(document, None, domain) == ()


ERRORS: list[tuple[str, dict[str, Any], Domain | None, tuple[str | int, ...], str]] = [
    ("§7.1", items(type="enum"), None, ("type",), '"record"'),
    ("§7.2", items(name="Movies"), None, ("name",), 'found "Movies"'),
    ("§7.3", items("A array"), None, ("fields", 2, "type"), "nested types are not supported"),
    ("§7.3", items({"name": "A", "type": {"type": "map", "values": "int"}}), None, ("fields", 2, "type"), "nested"),
    ("§7.3", items("A text"), None, ("fields", 2, "type"), 'unknown type "text"'),
    ("§7.3", items("A null"), None, ("fields", 2, "type"), "a type besides null"),
    ("§7.3", items({"name": "A", "type": []}), None, ("fields", 2, "type"), "a type besides null"),
    ("§7.3", items({"name": "A", "type": ["int", "int"]}), None, ("fields", 2, "type"), "lists a type twice"),
    ("§7.4", interactions("EVENT_TYPE string?"), None, ("fields", 3, "type"), "EVENT_TYPE cannot be null"),
    ("§7.4", schema("Items", "ITEM_ID string?", "A int"), None, ("fields", 0, "type"), "ITEM_ID cannot be null"),
    ("§7.5", items("A int cat"), None, ("fields", 2, "categorical"), "only string columns"),
    ("§7.5", items("A float txt"), None, ("fields", 2, "textual"), "only string columns"),
    ("§7.5", interactions("EVENT_TYPE string cat"), None, ("fields", 3, "categorical"), "cannot be categorical"),
    ("§7.5", interactions("IMPRESSION string? txt"), None, ("fields", 3, "textual"), "cannot be textual"),
    ("§7.5", schema("Users", "USER_ID string", "SUBSCRIPTION_MODEL string"), VIDEO, ("fields", 1), "categorical: true"),
    ("§7.5", schema("Users", "USER_ID string", "AGE int", "BIO string txt"), None, ("fields", 2, "textual"), "Items"),
    ("§7.7", items("GENRES_FIELD_1 int", "GENRESFIELD1 int"), None, ("fields", 3, "name"), "collides with"),
    ("§7.7", items("A int", "A int"), None, ("fields", 3, "name"), "duplicate column A"),
    ("§7.7", items("1ST int"), None, ("fields", 2, "name"), "invalid column name"),
    ("§7.10", items("A string txt", "B string txt"), None, ("fields", 3, "textual"), "can have one textual column"),
    (
        "§7.12",
        interactions("EVENT_VALUE double?"),
        None,
        ("fields", 3, "type"),
        "EVENT_VALUE must be float, found double",
    ),
    (
        "§8.1",
        schema("Interactions", "USER_ID string", "TIMESTAMP long"),
        None,
        ("fields",),
        "column ITEM_ID is missing",
    ),
    ("§8.1", interactions(), VIDEO, ("fields",), "column EVENT_TYPE is missing"),
    ("§8.1", interactions(), SHOP, ("fields",), "column EVENT_TYPE is missing"),
    ("§8.1", interactions(*(f"C{n} int" for n in range(6))), None, ("fields",), "at most 5 columns of your own"),
    ("§8.2", schema("Users", "USER_ID string"), None, ("fields",), "at least 1 categorical or numeric"),
    ("§8.2", schema("Users", "USER_ID string", "BIO string"), None, ("fields",), "at least 1"),
    ("§8.2", schema("Users", "USER_ID string", *(f"C{n} int" for n in range(26))), None, ("fields",), "at most 25"),
    ("§8.3", schema("Items", "ITEM_ID string"), None, ("fields",), "at least 1 categorical, textual or numeric"),
    ("§8.3", schema("Items", "ITEM_ID string", "GENRES string cat"), VIDEO, ("fields",), "CREATION_TIMESTAMP"),
    (
        "§8.3",
        schema("Items", "ITEM_ID string", "PRICE float"),
        SHOP,
        ("fields",),
        "column CATEGORY_L1 is missing: expected categorical string",
    ),
    ("§8.3", items(*(f"C{n} int" for n in range(100))), None, ("fields",), "at most 100 columns"),
    ("§8.4", schema("Actions", "ACTION_ID string"), None, ("fields",), "at least 1"),
    ("§8.4", schema("Actions", "ACTION_ID string", "A int"), SHOP, (), "custom dataset groups"),
    ("§8.5", schema("ActionInteractions", "USER_ID string"), None, ("fields",), "column TIMESTAMP is missing"),
]


@pytest.mark.parametrize(("rule", "document", "domain", "path", "message"), ERRORS)
def test_error(
    rule: str, document: dict[str, Any], domain: Domain | None, path: tuple[str | int, ...], message: str
) -> None:
    """A broken rule is an error at its place in the JSON."""
    errors = found(schema_problems(document, None, domain), Severity.ERROR)

    assert any(problem.place == path and message in text(problem.reason) for problem in errors), (rule, errors)


WARNINGS: list[tuple[str, dict[str, Any], Domain | None, tuple[str | int, ...], str]] = [
    ("§7.1", items(namespace="com.amazon.personalize.schema"), None, ("namespace",), "usually"),
    ("§7.1", items(version="1.1"), None, ("version",), '"1.0"'),
    ("§7.2", items(name="items"), None, ("name",), 'expected "Interactions", "Items"'),
    ("§7.3", items({"name": "A", "type": ["int", "long"]}), None, ("fields", 2, "type"), "choice between int and long"),
    ("§7.5", items("A string cat txt"), None, ("fields", 2), "at the same time is not documented"),
    (
        "§7.5",
        items({"name": "A", "type": "string", "categorial": True}),
        None,
        ("fields", 2, "categorial"),
        "no documented meaning",
    ),
    ("§7.6", items("IN_STOCK boolean"), None, ("fields", 2, "type"), "neither in training nor in filters"),
    ("§7.7", items(f"{'A' * 151} int"), None, ("fields", 2, "name"), "more than 150 characters"),
    (
        "§8.1",
        interactions("EVENT_TYPE string", *(f"C{n} int" for n in range(6))),
        None,
        ("fields",),
        "leaves 3 event types",
    ),
    (
        "§8.3",
        schema("Items", "ITEM_ID string", "CREATION_TIMESTAMP long"),
        None,
        ("fields",),
        "the reserved CREATION_TIMESTAMP counts",
    ),
    (
        "§8.3",
        schema("Items", "ITEM_ID string", "PRICE float", "CATEGORY_L1 string cat", "PRODUCT_DESCRIPTION string?"),
        SHOP,
        ("fields", 3),
        "should have textual",
    ),
    (
        "§8.4",
        schema("Actions", "ACTION_ID string", "A int", "TYPE int"),
        None,
        ("fields", 2, "type"),
        "TYPE must be string",
    ),
    (
        "§17.3",
        schema("Actions", "ACTION_ID string", "A int", "ACTION_EXPIRATION_TIMESTAMP long?"),
        None,
        ("fields", 2, "name"),
        "two names for this column",
    ),
    (
        "§17.4",
        schema("Items", "ITEM_ID string", "PRICE float", "CATEGORY_L1 string cat", "CREATION_TIMESTAMP float"),
        SHOP,
        ("fields", 3, "type"),
        "must be long",
    ),
]


@pytest.mark.parametrize(("rule", "document", "domain", "path", "message"), WARNINGS)
def test_warning(
    rule: str, document: dict[str, Any], domain: Domain | None, path: tuple[str | int, ...], message: str
) -> None:
    """A likely mistake or a doubtful rule is a warning."""
    warnings = found(schema_problems(document, None, domain), Severity.WARNING)

    assert any(problem.place == path and message in text(problem.reason) for problem in warnings), (rule, warnings)


def test_plain_strings_are_worth_knowing() -> None:
    """A string column without attributes is fine, but not trained on (docs/service/1 §7.5)."""
    (problem,) = schema_problems(items("TITLE string"))

    assert (problem.severity, problem.place) == (Severity.INFO, ("fields", 2))
    assert problem.reason.code is SchemaCode.UNTRAINED_COLUMN


def test_record_must_fit_the_dataset() -> None:
    """A schema for users does not serve an Items dataset."""
    users = schema("Users", "USER_ID string", "AGE int")

    errors = found(schema_problems(users, DatasetType.ITEMS), Severity.ERROR)

    assert errors[0].place == ("name",)
    assert text(errors[0].reason).endswith('named after its dataset type: expected "Items", found "Users"')


def test_both_record_names_of_action_interactions() -> None:
    """The guide's record name and the dataset type's own spelling are accepted."""
    document = schema(
        "Action_Interactions", "USER_ID string", "ACTION_ID string", "EVENT_TYPE string", "TIMESTAMP long"
    )

    assert schema_problems(document, DatasetType.ACTION_INTERACTIONS) == ()


def test_misspelt_required_column() -> None:
    """A missing column says which existing one was probably meant."""
    (problem,) = found(schema_problems(schema("Users", "user_id string", "AGE int")), Severity.ERROR)

    assert text(problem.reason) == "column USER_ID is missing: expected string"
    assert problem.suggestion is not None
    assert text(problem.suggestion) == "rename column user_id to USER_ID"


def test_text_that_is_no_schema() -> None:
    """Text that cannot be read gives a problem, not an error."""
    (problem,) = schema_problems("{]")

    assert problem.reason.code is SchemaCode.SCHEMA_NOT_JSON


def test_text_too_long() -> None:
    """The service takes 20,000 characters of schema (docs/service/1 §7.11)."""
    (problem, *_) = schema_problems(" " * 20_001)

    assert problem.reason == because(SchemaCode.SCHEMA_TOO_LONG, found=20_001, most=20_000)


def test_schema_already_read() -> None:
    """A schema read before is checked as it is."""
    assert schema_problems(parse(interactions()), DatasetType.INTERACTIONS) == ()
