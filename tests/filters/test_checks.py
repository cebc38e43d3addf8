"""Filters that can be parsed and that the service refuses."""

import pytest
from hypothesis import given, settings

from personalize_gitops.filters import Dataset, FieldType, FilterExpression, check, parse, too_many_fields
from personalize_gitops.model.problem import Problem, Severity, Span, use_instead
from personalize_gitops.model.problem_codes import FilterCode, Remedy
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.render.reasons import full_text
from personalize_gitops.render.reasons import text as sentence

from .examples import GUIDE
from .trees import filters

FIELDS = {
    "INTERACTIONS": {"USER_ID": FieldType.STRING, "EVENT_TYPE": FieldType.STRING, "DEVICE": FieldType.STRING},
    "Items": {
        "ITEM_ID": FieldType.STRING,
        "GENRE": FieldType.STRING,
        "PRICE": FieldType.NUMBER,
        "IN_STOCK": FieldType.BOOLEAN,
        "DESCRIPTION": FieldType.TEXT,
    },
    "Users": {"USER_ID": FieldType.STRING, "AGE": FieldType.NUMBER, "TIER": FieldType.STRING},
    "Actions": {"ACTION_ID": FieldType.STRING, "VALUE": FieldType.NUMBER, "REPEAT_FREQUENCY": FieldType.NUMBER},
    "Action_Interactions": {"EVENT_TYPE": FieldType.STRING},
}


def problems(text: str, severity: Severity) -> list[Problem[Span]]:
    return [problem for problem in check(parse(text), FIELDS) if problem.severity is severity]


def at(problem: Problem[Span], text: str) -> str:
    return text[problem.place.start : problem.place.end]


@pytest.mark.parametrize("name", GUIDE)
def test_examples_of_the_guide_have_no_errors(name: str) -> None:
    """No example of the guide is an error."""
    assert [each for each in check(parse(GUIDE[name][0])) if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    "text",
    [
        'INCLUDE ItemID WHERE Items.GENRE IN ("a", "b") AND Items.PRICE < 5',
        "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
        "EXCLUDE ItemID WHERE Items.GENRE IN ($G) IF CurrentUser.AGE > 18 AND CurrentUser.TIER = $TIER",
        'INCLUDE ItemID WHERE items.genre IN ("a") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
        'INCLUDE ActionID WHERE Actions.VALUE > 5 | EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken")',
        "INCLUDE UserID WHERE Users.AGE >= 18",
        'INCLUDE ItemID WHERE Items.GENRE IN ("$5", "$9 deals")',
    ],
)
def test_nothing_to_say(text: str) -> None:
    """A filter within the rules, with fields that exist, has no problems."""
    assert check(parse(text), FIELDS) == ()


# docs/service/3 §4.10, row by row: the filter, the text the problem is at, the reason named.
ERRORS = [
    ("INCLUDE ItemID WHERE Items.GENRE NOT IN ($GENRE)", "$GENRE", "NOT IN does not accept"),
    ("EXCLUDE ItemID WHERE Items.GENRE IN ($G) IF CurrentUser.TIER NOT IN ($T)", "$T", "NOT IN does not accept"),
    ('EXCLUDE ItemID WHERE Items.IN_STOCK IN ("True")', "Items.IN_STOCK", "is boolean"),
    (
        'INCLUDE ItemID WHERE Items.GENRE IN ("a") AND Interactions.EVENT_TYPE IN ("click")',
        "Interactions.EVENT_TYPE",
        "one dataset, here Items",
    ),
    ('EXCLUDE ItemID WHERE Interactions.DEVICE IN ("phone")', "Interactions.DEVICE", "use only EVENT_TYPE"),
    ('EXCLUDE ItemID WHERE Items.DESCRIPTION IN ("x")', "Items.DESCRIPTION", "is textual"),
    ("EXCLUDE ItemID WHERE CurrentUser.AGE > 18", "CurrentUser.AGE", "only after IF"),
    ("EXCLUDE ItemID WHERE Items.PRICE > 1 IF Items.PRICE > 5", "Items.PRICE", "must be on CurrentUser"),
    (
        "EXCLUDE ItemID WHERE Items.PRICE > 1 IF CurrentUser.AGE > 5 OR CurrentUser.AGE < 2",
        "CurrentUser.AGE > 5 OR CurrentUser.AGE < 2",
        "AND only",
    ),
    ("INCLUDE ItemID WHERE Items.GENRE IN ($A, $B)", "$B", "accepts one parameter"),
    ('INCLUDE ItemID WHERE Items.GENRE IN ("*")', '"*"', "EVENT_TYPE only"),
    ("EXCLUDE ActionID WHERE Actions.REPEAT_FREQUENCY > 3", "Actions.REPEAT_FREQUENCY", "applies"),
    ('INCLUDE ItemID WHERE Items.MOOD IN ("x")', "MOOD", "no field MOOD"),
    (
        'INCLUDE ItemID WHERE Items.GENRE IN ("a") | EXCLUDE UserID WHERE Users.AGE > 5',
        "EXCLUDE UserID WHERE Users.AGE > 5",
        "the same target",
    ),
    # docs/service/3 §4.3 and §4.4
    ("INCLUDE ItemID WHERE Users.AGE > 5", "Users.AGE", "Items or Interactions, not Users"),
    ('INCLUDE ActionID WHERE Interactions.EVENT_TYPE IN ("a")', "Interactions.EVENT_TYPE", "not Interactions"),
    ("INCLUDE UserID WHERE Users.AGE > CurrentItem.PRICE", "CurrentItem.PRICE", "ItemID only"),
    ("INCLUDE ItemID WHERE CurrentItem.PRICE > 5", "CurrentItem.PRICE", "on the right"),
    ("INCLUDE ItemID WHERE Items.GENRE > 5", "Items.GENRE > 5", "which > cannot compare"),
    ("INCLUDE ItemID WHERE Interactions.EVENT_TYPE < 5", "Interactions.EVENT_TYPE < 5", "which < cannot compare"),
    ("INCLUDE ItemID WHERE Items.PRICE < CurrentItem.GENRE", "Items.PRICE < CurrentItem.GENRE", "is a number"),
    ("INCLUDE ItemID WHERE Items.PRICE < CurrentItem.COST", "COST", "no field COST"),
    ("EXCLUDE ItemID WHERE Items.PRICE < 5 IF CurrentUser.AGES > 5", "AGES", 'did you mean "AGE"?'),
    # docs/service/3 §4.1 and §4.8
    (f"INCLUDE ItemID WHERE Items.PRICE < ${'P' * 51}", f"${'P' * 51}", "50 characters"),
]


@pytest.mark.parametrize(("text", "place", "reason"), ERRORS)
def test_errors(text: str, place: str, reason: str) -> None:
    """What the guide forbids is an error at its place, with the reason and the remedy."""
    found = problems(text, Severity.ERROR)

    assert any(at(each, text) == place and reason in full_text(each.reason, each.suggestion) for each in found), found


WARNINGS = [
    ('INCLUDE ActionID WHERE Action.VALUE IN ("x")', "Action.VALUE", "the dataset is Actions", "Actions.VALUE"),
    ('INCLUDE ItemID WHERE Items.GENRE IN ("$GENRE")', '"$GENRE"', "in quotes is a value", "$GENRE"),
    (
        "INCLUDE ItemID WHERE Items.PRICE > 1 AND Items.PRICE < 5 OR Items.PRICE = 9",
        "Items.PRICE > 1 AND Items.PRICE < 5 OR Items.PRICE = 9",
        "binds tighter",
        None,
    ),
    ('INCLUDE ItemID WHERE Items.GENRE IN ($A, "b")', '($A, "b")', "and other values", None),
    ("INCLUDE ItemID WHERE Items.PRICE > $Price AND Items.PRICE < $PRICE", "$PRICE", "case-sensitive", "$Price"),
    ('INCLUDE ItemID WHERE Items.ITEM_ID IN ("7")', "Items.ITEM_ID", "not documented", None),
    ('INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("*")', '"*"', "Interactions only", None),
    ('INCLUDE ActionID WHERE Actions.EXPIRATION_TIMESTAMP IN ("1")', "Actions.EXPIRATION_TIMESTAMP", "applies", None),
    ("INCLUDE ItemID WHERE Items.GENRE NOT IN CurrentItem.GENRE", "CurrentItem.GENRE", "not documented", None),
    (
        "EXCLUDE UserID WHERE Users.AGE > 5 IF CurrentUser.AGE > 5",
        "CurrentUser.AGE > 5",
        "ItemID and ActionID only",
        None,
    ),
    (
        "EXCLUDE ItemID WHERE Items.PRICE > 5 IF CurrentUser.AGE > CurrentItem.PRICE",
        "CurrentUser.AGE > CurrentItem.PRICE",
        "not documented",
        None,
    ),
    ('INCLUDE ItemID WHERE Items.GENRE = "a"', 'Items.GENRE = "a"', "uses = for numbers only", "IN"),
    ('INCLUDE ItemID WHERE Items.GENRE != "a"', 'Items.GENRE != "a"', "uses != for numbers only", "NOT IN"),
    ("INCLUDE ItemID WHERE Items.PRICE IN (5)", "Items.PRICE IN (5)", "for strings only", None),
    ('INCLUDE ItemID WHERE Items.PRICE > "5"', '"5"', "> compares numbers", "5"),
    ('INCLUDE ItemID WHERE Items.PRICE = "x"', '"x"', "is a string", None),
    ("INCLUDE ItemID WHERE Items.GENRE IN (5)", "5", "is a number", '"5"'),
]


@pytest.mark.parametrize(("text", "place", "reason", "suggestion"), WARNINGS)
def test_warnings(text: str, place: str, reason: str, suggestion: str | None) -> None:
    """What the guide leaves open is a warning, with what to write instead where that is clear."""
    found = problems(text, Severity.WARNING)

    assert any(
        at(each, text) == place
        and reason in sentence(each.reason)
        and each.suggestion == (use_instead(suggestion) if suggestion else None)
        for each in found
    ), found


@pytest.mark.parametrize(
    ("name", "remedy"), [("nottaken", 'did you mean "NOT_TAKEN"?'), ("bought", "use TAKEN, NOT_TAKEN or VIEWED")]
)
def test_the_types_of_action_interactions(name: str, remedy: str) -> None:
    """Action interactions have three types (docs/service/1 §8.5); another one is a warning."""
    (problem,) = check(parse(f'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("{name}")'))

    assert problem.severity is Severity.WARNING
    assert full_text(problem.reason, problem.suggestion) == f'"{name}" is not a type of action interactions; {remedy}'


def test_strings_of_the_user_compare_by_equality() -> None:
    """CurrentUser.MEMBERSHIP = $PREMIUM is in the guide, so it is not a warning."""
    assert check(parse("EXCLUDE ItemID WHERE Items.PRICE > 5 IF CurrentUser.TIER = $PREMIUM"), FIELDS) == ()


def test_without_fields_nothing_is_said_of_them() -> None:
    """Without the schemas, fields and types are not checked."""
    assert check(parse('INCLUDE ItemID WHERE Items.MOOD IN ("x") AND Items.LIGHT > 5')) == ()


def test_missing_dataset() -> None:
    """A condition on a dataset that the group does not have is an error."""
    (problem,) = check(parse("INCLUDE UserID WHERE Users.AGE > 5"), {"Items": {}})

    assert problem.reason == because(FilterCode.MISSING_DATASET, dataset=Dataset.USERS)


def test_everything_at_once_in_order() -> None:
    """All problems are reported together, in the order of the text."""
    text = (
        'EXCLUDE ItemID WHERE Items.GENRES NOT IN ($G) AND Users.AGE > 5 | EXCLUDE ItemID WHERE Items.IN_STOCK IN ("*")'
    )

    found = problems(text, Severity.ERROR)

    assert [at(each, text) for each in found] == [
        "GENRES",
        "$G",
        "Users.AGE",
        "Users.AGE",
        "Items.IN_STOCK",
        '"*"',
    ]
    assert [each.suggestion for each in found[:2]] == [
        because(Remedy.DID_YOU_MEAN, candidate=Verbatim("GENRE")),
        use_instead("IN ($G)"),
    ]


def test_length() -> None:
    """A filter can have at most 2,500 characters."""
    genres = ", ".join(['"drama"'] * 300)

    (problem,) = problems(f"INCLUDE ItemID WHERE Items.GENRE IN ({genres})", Severity.ERROR)

    assert sentence(problem.reason).startswith("expected an expression of at most 2,500 characters")


def conditions(count: int) -> str:
    return "INCLUDE ItemID WHERE " + " AND ".join(f"Items.F{number} > 1" for number in range(count))


def test_fields_of_one_filter() -> None:
    """Five distinct fields are allowed, a sixth is not."""
    assert check(parse(conditions(5))) == ()
    assert [each.reason for each in check(parse(conditions(6)))] == [
        because(FilterCode.TOO_MANY_FIELDS, found=6, most=5)
    ]


def test_fields_of_the_current_user_may_count() -> None:
    """A sixth field that is one of the current user is a warning: whether it counts is not documented."""
    (problem,) = check(parse(f"{conditions(5)} IF CurrentUser.AGE > 1"))

    assert problem.severity is Severity.WARNING
    assert problem.reason == because(FilterCode.MAYBE_TOO_MANY_FIELDS, found=6, most=5)


def test_fields_of_a_dataset_group() -> None:
    """All filters of a dataset group can use ten distinct fields, counted once each."""
    five, other = parse(conditions(5)), parse(conditions(5).replace("F", "G"))
    one_more = parse("INCLUDE ItemID WHERE Items.H > 1")

    assert too_many_fields(five, other, five) is None
    assert too_many_fields(five, other, one_more) == because(FilterCode.TOO_MANY_FIELDS_OF_GROUP, found=11, most=10)


def test_parameters_of_one_filter() -> None:
    """A request can fill 25 parameters, so a filter cannot have more."""
    many = " OR ".join(f"Items.PRICE = $P{number}" for number in range(26))

    (problem, *_) = problems(f"INCLUDE ItemID WHERE {many}", Severity.ERROR)

    assert problem.reason == because(FilterCode.TOO_MANY_PARAMETERS, found=26, most=25)


@settings(deadline=None)
@given(filters)
def test_any_tree_can_be_checked(tree: FilterExpression) -> None:
    """Checking accepts any tree."""
    check(tree, FIELDS)


@pytest.mark.parametrize(
    ("avro_type", "textual", "field_type"),
    [
        ("string", False, FieldType.STRING),
        ("string", True, FieldType.TEXT),
        ("boolean", False, FieldType.BOOLEAN),
        ("long", False, FieldType.NUMBER),
        ("float", False, FieldType.NUMBER),
    ],
)
def test_field_types(avro_type: str, textual: bool, field_type: FieldType) -> None:
    """The declaration of a column decides its field type."""
    assert FieldType.of(avro_type, textual=textual) is field_type
