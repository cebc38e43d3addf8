"""Parsing filters: the guide's examples, the messages, and any text."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from personalize_gitops.filters import FilterExpression, FilterSyntaxError, canonical, parse
from personalize_gitops.filters.syntax import (
    Action,
    Clause,
    Condition,
    Connective,
    Dataset,
    DatasetField,
    Expression,
    ItemField,
    Number,
    Operator,
    Parameter,
    Target,
    Text,
    UserField,
    Values,
)
from personalize_gitops.render.reasons import full_text

from .examples import GUIDE
from .trees import filters


@pytest.mark.parametrize(("text", "expected"), GUIDE.values(), ids=GUIDE)
def test_examples_of_the_guide(text: str, expected: str) -> None:
    """Every example of docs/service/3 §4.9 is parsed and has the expected canonical text."""
    assert canonical(parse(text)) == expected


def test_tree() -> None:
    """The tree has the target, the conditions with their fields, operators and values, and the users."""
    text = 'EXCLUDE ItemID WHERE Items.GENRE IN ($G) OR Items.PRICE >= -1.50 IF CurrentUser.TIER = "gold"'

    genre = Condition(DatasetField(Dataset.ITEMS, "GENRE"), Operator.IN, Values((Parameter("G"),)))
    price = Condition(DatasetField(Dataset.ITEMS, "PRICE"), Operator.AT_LEAST, Number("-1.5"))
    tier = Condition(UserField("TIER"), Operator.EQUAL, Text("gold"))
    where = Clause((genre, price), (Connective.OR,))
    assert parse(text) == FilterExpression((Expression(Action.EXCLUDE, Target.ITEM, where, Clause((tier,))),))


def test_positions() -> None:
    """Every part has the position of its text."""
    text = 'INCLUDE ItemID WHERE Items.A IN ("x", $Y) AND Items.B < CurrentItem.C | EXCLUDE ItemID WHERE Items.D = 1'
    tree = parse(text)
    first, second = tree.expressions
    in_list, less = first.where.conditions
    assert isinstance(in_list.operand, Values)

    def of(
        node: Expression | Condition | Values | Text | Number | Parameter | DatasetField | UserField | ItemField,
    ) -> str:
        return text[node.start : node.end]

    assert [of(first), of(second)] == text.split(" | ")
    assert [of(in_list), of(less)] == ['Items.A IN ("x", $Y)', "Items.B < CurrentItem.C"]
    assert [of(in_list.subject), of(in_list.operand)] == ["Items.A", '("x", $Y)']
    assert [of(member) for member in in_list.operand.members] == ['"x"', "$Y"]
    assert [of(literal) for literal in second.where.conditions[0].literals] == ["1"]
    assert isinstance(less.operand, ItemField)
    assert of(less.operand) == "CurrentItem.C"


@pytest.mark.parametrize(
    ("tail", "number"),
    [("1", "1"), ("007", "7"), ("7.50", "7.5"), ("-0", "0"), ("-0.0", "0"), ("0.10", "0.1"), ("100", "100")],
)
def test_numbers(tail: str, number: str) -> None:
    """Numbers lose superfluous zeros, and no other digit."""
    (literal,) = parse(f"INCLUDE ItemID WHERE Items.PRICE = {tail}").literals()

    assert literal == Number(number)
    assert Number(number).value == Decimal(tail)


@pytest.mark.parametrize("name", ["Include", "Exclude", "WHERE", "and", "Or", "If", "IN", "Not"])
def test_a_field_named_like_a_keyword(name: str) -> None:
    """The name of a field follows its dot directly (docs/service/4 §9)."""
    (expression,) = parse(f'INCLUDE ItemID WHERE Items.{name} IN ("x")').expressions

    (condition,) = expression.where.conditions
    assert isinstance(condition.subject, DatasetField)
    assert condition.subject.name == name


MESSAGES = {
    # docs/service/6 §2, row by row
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase","click"': (
        "column 68: expected ',' or ')', found the end of the expression"
    ),
    "EXCLUDE ItemID WERE Items.A = 1": "column 16: expected WHERE, found 'WERE'; did you mean \"WHERE\"?",
    "EXCLUDE ItemID WHERE Items. IN ($GENRE)": "column 29: expected a field name, found 'IN'",
    "EXCLUDE ItemID WHERE Items.PRICE => 10": (
        "column 35: expected \"value\", a number, $PARAMETER or CurrentItem.FIELD, found '>'"
    ),
    'EXCLUDE ItemID WHERE Items.GENRE IN ("Comedy)': "column 38: closing quote is missing",
    "EXCLUDE ItemID WHERE Items.A = 1 IF CurrentUser.B > 1 IF CurrentUser.C > 1": (
        "column 55: expected AND, '|' or the end of the expression, found 'IF'; "
        "use IF once, at the end of the expression"
    ),
    # other mistakes
    "": "column 1: expected INCLUDE or EXCLUDE, found the end of the expression",
    "EXCLUD ItemID": "column 1: expected INCLUDE or EXCLUDE, found 'EXCLUD'; did you mean \"EXCLUDE\"?",
    "INCLUDE ItemsID WHERE": (
        "column 9: expected ItemID, ActionID or UserID, found 'ItemsID'; did you mean \"ItemID\"?"
    ),
    "INCLUDE ItemID WHERE Item.A = 1": (
        "column 22: expected a field of Interactions, Items, Users, Action_Interactions, Actions or CurrentUser, "
        "found 'Item'; did you mean \"Items\"?"
    ),
    "INCLUDE ItemID WHERE (Items.A = 1)": (
        "column 22: expected a field of Interactions, Items, Users, Action_Interactions, Actions or CurrentUser, "
        "found '('; remove the parentheses: conditions cannot be grouped"
    ),
    "INCLUDE ItemID WHERE Items IN (1)": "column 28: expected '.' and a field name, found 'IN'",
    "INCLUDE ItemID WHERE Items.A IS NULL": "column 30: expected IN, NOT IN or one of = != < <= > >=, found 'IS'",
    "INCLUDE ItemID WHERE Items.A NOT (1)": "column 34: expected IN, found '('",
    "INCLUDE ItemID WHERE Items.A IN $B": "column 33: expected '(' or CurrentItem, found '$B'",
    "INCLUDE ItemID WHERE Items.A IN ()": "column 34: expected \"value\", a number or $PARAMETER, found ')'",
    "INCLUDE ItemID WHERE Items.A IN (B)": "column 34: expected \"value\", a number or $PARAMETER, found 'B'",
    "INCLUDE ItemID WHERE Items.A IN ($)": "column 34: expected \"value\", a number or $PARAMETER, found '$'",
    "INCLUDE ItemID WHERE Items.A > ($B": "column 35: expected ')', found the end of the expression",
    "INCLUDE ItemID WHERE Items.A IN (“b”)": (
        'column 34: expected "value", a number or $PARAMETER, found \'“\'; use straight quotes: "value"'
    ),
    "INCLUDE ItemID WHERE Items.A IN ('say \"b\"')": (
        "column 34: a value cannot contain quotes: how to escape them is not documented"
    ),
    'INCLUDE ItemID WHERE Items.A IN ("b\\")': (
        "column 34: a value cannot contain quotes: how to escape them is not documented"
    ),
    "INCLUDE ItemID WHERE Items.A = 1 ORR Items.B = 1": (
        "column 34: expected AND, OR, IF, '|' or the end of the expression, found 'ORR'; did you mean \"OR\"?"
    ),
    "INCLUDE ItemID WHERE Items.A = 1 |": "column 35: expected INCLUDE or EXCLUDE, found the end of the expression",
    "INCLUDE ItemID WHERE Items.A = 1 || EXCLUDE ItemID WHERE Items.B = 1": (
        "column 35: expected INCLUDE or EXCLUDE, found '|'"
    ),
    "INCLUDE ItemID WHERE Items.A = 1 AND": (
        "column 37: expected a field of Interactions, Items, Users, Action_Interactions, Actions or CurrentUser, "
        "found the end of the expression"
    ),
}


@pytest.mark.parametrize(("text", "message"), MESSAGES.items())
def test_messages(text: str, message: str) -> None:
    """A text that cannot be parsed is refused with the column, what is expected there, and what is found."""
    with pytest.raises(FilterSyntaxError) as refusal:
        parse(text)

    problem = refusal.value.problem
    assert f"column {problem.place.start + 1}: {full_text(problem.reason, problem.suggestion)}" == message
    assert 0 <= problem.place.start <= problem.place.end <= len(text)


@settings(deadline=None)
@given(filters)
def test_canonical_text_says_the_same(tree: FilterExpression) -> None:
    """Parsing the canonical text of any tree returns that tree."""
    text = canonical(tree)

    assert parse(text) == tree
    assert canonical(parse(text)) == text


WORDS = ["INCLUDE", "EXCLUDE", "ItemID", "UserID", "WHERE", "Items", ".", "GENRE", "IN", "NOT", "(", ")", '"a"', "'"]
WORDS += ['"', "5", "-1.5", "$P", ",", "|", "IF", "AND", "OR", "CurrentUser", "<", "=", "*", "€"]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@example("INCLUDE ItemID WHERE Items.A = 1 " * 500)
@example("(" * 10_000)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text is parsed, or refused at a place within it."""
    try:
        end = parse(text).end
    except FilterSyntaxError as refusal:
        end = refusal.problem.place.end

    assert end <= len(text)
