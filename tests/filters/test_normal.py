"""The normal form of a filter, and whether one filter is narrower or wider than another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.filters import canonical, normal, parse
from personalize_gitops.filters.evaluate import View, passing
from personalize_gitops.filters.relation import Relation, relation
from personalize_gitops.filters.values import Row

SAME = {
    "order of expressions": (
        'INCLUDE ItemID WHERE Items.A IN ("x") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy") | INCLUDE ItemID WHERE Items.A IN ("x")',
    ),
    "order of conditions": (
        'INCLUDE ItemID WHERE Items.A IN ("x") AND Items.B > 1',
        'INCLUDE ItemID WHERE Items.B > 1 AND Items.A IN ("x")',
    ),
    "order of alternatives": (
        "INCLUDE ItemID WHERE Items.A > 1 OR Items.B > 1 OR Items.C > 1",
        "INCLUDE ItemID WHERE Items.C > 1 OR Items.A > 1 OR Items.B > 1",
    ),
    "order after IF": (
        "EXCLUDE ItemID WHERE Items.A > 1 IF CurrentUser.A > 1 AND CurrentUser.B > 1",
        "EXCLUDE ItemID WHERE Items.A > 1 IF CurrentUser.B > 1 AND CurrentUser.A > 1",
    ),
    "order of values": ('INCLUDE ItemID WHERE Items.A IN ("x", "y")', 'INCLUDE ItemID WHERE Items.A IN ("y", "x")'),
    "a value twice": ('INCLUDE ItemID WHERE Items.A IN ("x", "x")', 'INCLUDE ItemID WHERE Items.A IN ("x")'),
    "a condition twice": ("INCLUDE ItemID WHERE Items.A > 1 AND Items.A > 1", "INCLUDE ItemID WHERE Items.A > 1"),
    "case of event types": (
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Buy")',
        'exclude itemid where interactions.EVENT_TYPE in ("buy")',
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_filters_with_one_meaning_have_one_normal_form(one: str, other: str) -> None:
    """The order of parts does not count where it does not matter, nor does the case of event types."""
    assert canonical(normal(parse(one))) == canonical(normal(parse(other)))
    assert relation(parse(one), parse(other)) is Relation.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "INCLUDE ItemID WHERE Items.A > 1 AND Items.B > 1 OR Items.C > 1",
            "INCLUDE ItemID WHERE Items.C > 1 OR Items.A > 1 AND Items.B > 1",
        ),
        ('INCLUDE ItemID WHERE Items.A IN ("x")', 'INCLUDE ItemID WHERE Items.A IN ("X")'),
    ],
)
def test_what_may_differ_stays_apart(one: str, other: str) -> None:
    """AND and OR in one clause keep their order, because which binds tighter is not documented; so does case."""
    assert normal(parse(one)) != normal(parse(other))
    assert relation(parse(one), parse(other)) is Relation.DIFFERENT


RELATIONS = [
    ('INCLUDE ItemID WHERE Items.A IN ("x", "y")', 'INCLUDE ItemID WHERE Items.A IN ("x")', Relation.NARROWER),
    ('INCLUDE ItemID WHERE Items.A IN ("x")', 'INCLUDE ItemID WHERE Items.A IN ("y")', Relation.DIFFERENT),
    ('EXCLUDE ItemID WHERE Items.A IN ("x", "y")', 'EXCLUDE ItemID WHERE Items.A IN ("x")', Relation.WIDER),
    ('EXCLUDE ItemID WHERE Items.A NOT IN ("x")', 'EXCLUDE ItemID WHERE Items.A NOT IN ("x", "y")', Relation.WIDER),
    ("INCLUDE ItemID WHERE Items.A < 5", "INCLUDE ItemID WHERE Items.A <= 5", Relation.WIDER),
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A = 6", Relation.NARROWER),
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A != 5", Relation.WIDER),
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A < 5", Relation.DIFFERENT),
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A > 5 AND Items.B > 1", Relation.NARROWER),
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A > 5 OR Items.B > 1", Relation.WIDER),
    ("INCLUDE ItemID WHERE Items.A > 5", "EXCLUDE ItemID WHERE Items.A > 5", Relation.DIFFERENT),
    (
        'INCLUDE ItemID WHERE Items.A IN ("x")',
        'INCLUDE ItemID WHERE Items.A IN ("x") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
        Relation.NARROWER,
    ),
    (
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
        Relation.NARROWER,
    ),
    (
        "EXCLUDE ItemID WHERE Items.A > 5",
        "EXCLUDE ItemID WHERE Items.A > 5 IF CurrentUser.B > 1",
        Relation.WIDER,
    ),
    (
        "EXCLUDE ItemID WHERE Items.A > 5 IF CurrentUser.B > 18",
        "EXCLUDE ItemID WHERE Items.A > 5 IF CurrentUser.B > 12",
        Relation.NARROWER,
    ),
    # A request without the parameter is not filtered by its EXCLUDE.
    ("EXCLUDE ItemID WHERE Items.A > 5", "EXCLUDE ItemID WHERE Items.A > 5 AND Items.B > $B", Relation.WIDER),
    # Requests have to fill other parameters.
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A > 5 AND Items.B > $B", Relation.DIFFERENT),
    ("INCLUDE ItemID WHERE Items.A IN ($A)", "INCLUDE ItemID WHERE Items.A IN ($GENRE)", Relation.DIFFERENT),
    # What an INCLUDE without its users keeps is not documented.
    ("INCLUDE ItemID WHERE Items.A > 5", "INCLUDE ItemID WHERE Items.A > 5 IF CurrentUser.B > 1", Relation.DIFFERENT),
    ("INCLUDE UserID WHERE Users.A > 5", "INCLUDE ItemID WHERE Items.A > 5", Relation.DIFFERENT),
]


@pytest.mark.parametrize(("before", "after", "expected"), RELATIONS)
def test_relations(before: str, after: str, expected: Relation) -> None:
    """A filter is narrower or wider than another if its results are among those of the other, or the reverse."""
    opposite = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}

    assert relation(parse(before), parse(after)) is expected
    assert relation(parse(after), parse(before)) is opposite.get(expected, expected)


_CONDITIONS = st.sampled_from(
    (
        *(f"Items.A {sign} {number}" for sign in ("=", "!=", "<", "<=", ">", ">=") for number in (1, 2)),
        *(f"Items.G {word} ({values})" for word in ("IN", "NOT IN") for values in ('"x"', '"y"', '"x", "y"')),
        "Items.A < $P",
    )
)
_CLAUSES = st.tuples(st.sampled_from((" AND ", " OR ")), st.lists(_CONDITIONS, min_size=1, max_size=2)).map(
    lambda drawn: drawn[0].join(drawn[1])
)
_EXPRESSIONS = st.builds(
    "{} ItemID WHERE {}{}".format,
    st.sampled_from(("INCLUDE", "EXCLUDE")),
    _CLAUSES,
    st.sampled_from(("", "", " IF CurrentUser.B > 1", " IF CurrentUser.B > 2")),
)
_FILTERS = st.lists(_EXPRESSIONS, min_size=1, max_size=2).map(" | ".join)
_ROWS: Mapping[str, Row] = {
    f"{number} {genre}": {"A": number, "G": genre}
    for number in (0, 1, 1.5, 2, 3, None)
    for genre in ("x", "y", "x|y", "z", None)
}


def results(text: str, user: Row, values: Mapping[str, str]) -> Sequence[str]:
    view = View(rows=_ROWS, user=user, values=values)
    return [*filter(passing(parse(text), view), _ROWS)]


@settings(deadline=None, max_examples=150)
@given(_FILTERS, _FILTERS, st.sampled_from((1, 2, 3)))
def test_no_result_contradicts_the_relation(before: str, after: str, age: int) -> None:
    """What evaluation lets pass agrees with the relation, for all data; the normal form has the same results."""
    user, values = {"B": age}, {"P": "1.5"}
    old, new = ({*results(text, user, values)} for text in (before, after))

    match relation(parse(before), parse(after)):
        case Relation.SAME:
            assert new == old
        case Relation.NARROWER:
            assert new <= old
        case Relation.WIDER:
            assert new >= old
    assert {*results(canonical(normal(parse(before))), user, values)} == old
