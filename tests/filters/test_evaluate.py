"""Which candidates pass a filter, by example and by set algebra."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.filters import FilterExpression, parse
from personalize_gitops.filters.evaluate import Event, View, evaluate, seen
from personalize_gitops.filters.values import FilterValueError
from personalize_gitops.render.reasons import text

from .trees import filters

SHOP = View(
    rows={
        "hat": {"GENRE": "wear|sun", "PRICE": 10, "STUDIO": "a"},
        "tie": {"GENRE": "wear", "PRICE": 20.0, "STUDIO": "b"},
        "pan": {"GENRE": "Cook", "PRICE": 30, "STUDIO": None},
        "odd": {},
    },
    event_types={"hat": {"Click"}, "tie": {"buy", "click"}},
    user={"AGE": 20, "TIER": "gold"},
    item={"GENRE": "sun|sea", "PRICE": 25},
    values={"G": '"wear","none"', "P": "20", "Q": '"20"', "E": '"CLICK"', "T": '"gold"'},
)
ALL = ("hat", "tie", "pan", "odd", "new")


def kept(text: str, view: View = SHOP) -> str:
    return " ".join(evaluate(parse(text), ALL, view))


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        # strings, exactly; categories one by one; nothing is in no list
        ('Items.GENRE IN ("wear")', "hat tie"),
        ('Items.GENRE IN ("WEAR")', ""),
        ('Items.GENRE IN ("wear|sun")', ""),
        ('Items.GENRE IN ("sun", "Cook")', "hat pan"),
        ('Items.GENRE NOT IN ("sun")', "tie pan odd new"),
        ('items.genre IN ("sun")', "hat"),
        ("Items.GENRE IN ($G)", "hat tie"),
        ('Items.GENRE = "sun"', "hat"),
        ('Items.GENRE != "sun"', "tie pan"),
        ("Items.GENRE > 5", ""),
        ("Items.GENRE = 5", ""),
        # numbers, by value
        ("Items.PRICE = 20", "tie"),
        ("Items.PRICE != 20", "hat pan"),
        ("Items.PRICE < 20", "hat"),
        ("Items.PRICE <= 20.0", "hat tie"),
        ("Items.PRICE > 20", "pan"),
        ("Items.PRICE >= ($P)", "tie pan"),
        ("Items.PRICE >= $Q", "tie pan"),
        ('Items.PRICE IN ("20.0", 30)', "tie pan"),
        ('Items.PRICE = "twenty"', ""),
        # the current item
        ("Items.PRICE < CurrentItem.PRICE", "hat tie"),
        ("Items.GENRE IN CurrentItem.GENRE", "hat"),
        ("Items.PRICE < CurrentItem.WEIGHT", ""),
        ("CurrentItem.PRICE = 25", "hat tie pan odd new"),
        # events, in any case
        ('Interactions.EVENT_TYPE IN ("click")', "hat tie"),
        ("Interactions.EVENT_TYPE IN ($E)", "hat tie"),
        ('Interactions.EVENT_TYPE IN ("BUY", "x")', "tie"),
        ('Interactions.EVENT_TYPE NOT IN ("buy")', "hat pan odd new"),
        ('Interactions.EVENT_TYPE IN ("*")', "hat tie"),
        ('Interactions.EVENT_TYPE NOT IN ("*")', "pan odd new"),
        # AND binds tighter than OR
        ('Items.PRICE = 30 OR Items.GENRE IN ("wear") AND Items.PRICE = 10', "hat pan"),
        ('Items.PRICE = 10 AND Items.GENRE IN ("wear") OR Items.PRICE = 30', "hat pan"),
    ],
)
def test_conditions(where: str, matches: str) -> None:
    """INCLUDE keeps what a condition matches, EXCLUDE the rest, both in the order of the candidates."""
    rest = " ".join(candidate for candidate in ALL if candidate not in matches.split())

    assert kept(f"INCLUDE ItemID WHERE {where}") == matches
    assert kept(f"EXCLUDE ItemID WHERE {where}") == rest


WEAR, CHEAP = 'ItemID WHERE Items.GENRE IN ("wear")', "ItemID WHERE Items.PRICE < 15"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"INCLUDE {WEAR} | INCLUDE ItemID WHERE Items.PRICE = 30", "hat tie pan"),
        (f"EXCLUDE {WEAR} | EXCLUDE ItemID WHERE Items.PRICE = 30", "odd new"),
        (f"INCLUDE {WEAR} | EXCLUDE {CHEAP}", "tie"),
        (f"EXCLUDE {CHEAP} | INCLUDE {WEAR}", "tie"),
    ],
)
def test_expressions_are_united_and_subtracted(text: str, expected: str) -> None:
    """EXCLUDEs are subtracted from the union of INCLUDEs, in any order (docs/service/3 §4.6)."""
    assert kept(text) == expected


@pytest.mark.parametrize(
    ("tests", "holds"),
    [
        ("CurrentUser.AGE > 18", True),
        ("CurrentUser.AGE > 18 AND CurrentUser.AGE < 20", False),
        ('CurrentUser.TIER = "gold"', True),
        ("CurrentUser.TIER = $T", True),
        ('CurrentUser.TIER IN ("silver")', False),
        ("CurrentUser.HEIGHT > 1", False),
    ],
)
def test_if(tests: str, holds: bool) -> None:
    """An expression whose IF does not hold for the user restricts nothing."""
    assert kept(f"INCLUDE {WEAR} IF {tests}") == ("hat tie" if holds else " ".join(ALL))
    assert kept(f"EXCLUDE {WEAR} IF {tests}") == ("pan odd new" if holds else " ".join(ALL))


def test_without_user_no_if_holds() -> None:
    """Without a user in the request, no IF holds."""
    assert kept(f"EXCLUDE {WEAR} IF CurrentUser.AGE > 1", View(rows=SHOP.rows)) == " ".join(ALL)


def test_exclude_without_its_value_is_not_applied() -> None:
    """An EXCLUDE with an unfilled parameter does not apply; the other expressions do."""
    assert kept(f"EXCLUDE ItemID WHERE Items.GENRE IN ($X) AND Items.PRICE > 1 | EXCLUDE {WEAR}") == "pan odd new"


def test_include_needs_its_values() -> None:
    """An INCLUDE with unfilled parameters is refused, with their names."""
    with pytest.raises(FilterValueError) as refusal:
        kept(f"EXCLUDE {WEAR} | INCLUDE ItemID WHERE Items.GENRE IN ($X) IF CurrentUser.AGE = $Y")

    assert text(refusal.value.reason) == "no value for $X, $Y"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("Items.PRICE > $G", "> accepts one value, found wear, none"),
        ("Items.PRICE > $T", 'PRICE > requires a number, found "gold"'),
    ],
)
def test_values_that_do_not_fit(where: str, reason: str) -> None:
    """A comparison accepts one value, and < or > only a number."""
    with pytest.raises(FilterValueError) as refusal:
        kept(f"INCLUDE ItemID WHERE {where}")

    assert text(refusal.value.reason) == reason


def test_action_events_ignore_underscores() -> None:
    """NOT_TAKEN and Not Taken are the same event type of actions."""
    view = View(event_types={"call": {"Not Taken"}, "mail": {"Taken"}})
    tree = parse('EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("NOT_TAKEN")')

    assert evaluate(tree, ("call", "mail"), view) == ("mail",)


def test_booleans_and_numbers_that_are_none_are_nothing() -> None:
    """Filters ignore boolean columns, and no condition holds for not-a-number."""
    view = View(rows={"a": {"X": True}, "b": {"X": float("nan")}})

    assert evaluate(parse("INCLUDE ItemID WHERE Items.X >= 0"), ("a", "b"), view) == ()
    assert evaluate(parse('INCLUDE ItemID WHERE Items.X IN ("True")'), ("a", "b"), view) == ()


def test_window() -> None:
    """A filter uses the newest hundred events of each type, in any case of the type."""
    clicks = [Event(f"item{number}", "click" if number % 2 else "Click", number) for number in range(101)]
    old = Event("oldest", "buy", -1)

    types = seen([*clicks, old])

    assert "item0" not in types
    assert types["item1"] == {"click"}
    assert types["item100"] == {"Click"}
    assert types["oldest"] == {"buy"}
    assert set(seen(clicks, most=1)) == {"item100"}


ROWS = {
    f"{genre or 'none'}-{price}": {"GENRE": genre, "PRICE": price}
    for genre, price in product([None, "a", "b", "a|b"], [None, 1, 2, 3])
}
EVENTS = {name: {"click"} for name in list(ROWS)[::3]} | {name: {"buy", "click"} for name in list(ROWS)[::5]}
# conditions and the ids they match, worked out without the evaluator
MATCHES = {
    'Items.GENRE IN ("a")': {name for name, row in ROWS.items() if "a" in str(row["GENRE"])},
    'Items.GENRE NOT IN ("a")': {name for name, row in ROWS.items() if "a" not in str(row["GENRE"])},
    "Items.PRICE > 1": {name for name in ROWS if name.endswith(("2", "3"))},
    "Items.PRICE != 2": {name for name in ROWS if name.endswith(("1", "3"))},
    'Interactions.EVENT_TYPE IN ("BUY")': {name for name, types in EVENTS.items() if "buy" in types},
    'Interactions.EVENT_TYPE IN ("*")': set(EVENTS),
}
parts = st.tuples(
    st.sampled_from(["INCLUDE", "EXCLUDE"]),
    st.lists(st.lists(st.sampled_from(sorted(MATCHES)), min_size=1, max_size=2), min_size=1, max_size=3),
    st.sampled_from([None, 17, 18]),
)


@settings(deadline=None)
@given(st.lists(parts, min_size=1, max_size=4))
def test_against_set_algebra(expressions: list[tuple[str, list[list[str]], int | None]]) -> None:
    """Any combination gives the union of the INCLUDEs less the union of the EXCLUDEs."""
    texts: list[str] = []
    included: list[set[str]] = []
    excluded: list[set[str]] = []
    for action, groups, age in expressions:
        where = " OR ".join(" AND ".join(group) for group in groups)
        texts.append(f"{action} ItemID WHERE {where}" + (f" IF CurrentUser.AGE > {age}" if age else ""))
        matched = set.union(*(set.intersection(*(MATCHES[condition] for condition in group)) for group in groups))
        if age != 18:
            (included if action == "INCLUDE" else excluded).append(matched)
    expected = (set.union(*included) if included else set(ROWS)) - set().union(*excluded)
    view = View(rows=ROWS, event_types=EVENTS, user={"AGE": 18})

    assert set(evaluate(parse(" | ".join(texts)), ROWS, view)) == expected


@settings(deadline=None)
@given(filters, st.dictionaries(st.text(max_size=3), st.text(max_size=6), max_size=3))
def test_any_tree_can_be_evaluated(tree: FilterExpression, values: dict[str, str]) -> None:
    """Evaluation accepts any tree: it returns candidates or refuses the values."""
    view = View(SHOP.rows, SHOP.event_types, SHOP.user, SHOP.item, {"a": '"1"', "0": "2", **values})

    try:
        left = evaluate(tree, ALL, view)
    except FilterValueError:
        return

    assert set(left) <= set(ALL)
