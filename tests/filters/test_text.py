"""The canonical text of a filter, its parameters and its fields."""

import pytest

from personalize_gitops.filters import (
    Dataset,
    canonical,
    fields_used,
    parameters,
    parse,
    uses_current_item,
    uses_current_user,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INCLUDE ItemID WHERE Items.A > ($V)", "include itemid where ITEMS.A>$V"),
        ("INCLUDE ItemID WHERE Items.A IN ('x','y')", 'INCLUDE ItemID\n  WHERE Items.A IN ( "x", "y" )'),
        ("INCLUDE ItemID WHERE Items.A = 5.0", "INCLUDE ItemID WHERE Items.A = 05"),
        (
            "INCLUDE ItemID WHERE Items.A IN ($V) IF currentuser.B = 1",
            "INCLUDE ItemID WHERE Items.A IN ($V) IF CurrentUser.B = 1",
        ),
    ],
)
def test_same(one: str, other: str) -> None:
    """The case of keywords, the sort of quotes, spaces and superfluous zeros do not count."""
    assert canonical(parse(one)) == canonical(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('INCLUDE ItemID WHERE Items.A IN ("x")', 'INCLUDE ItemID WHERE Items.A IN ("X")'),
        ("INCLUDE ItemID WHERE Items.A IN ($V)", "INCLUDE ItemID WHERE Items.A IN ($v)"),
        ('INCLUDE ItemID WHERE Items.A IN ("5")', "INCLUDE ItemID WHERE Items.A IN (5)"),
        ("INCLUDE ItemID WHERE Items.A = 1", "INCLUDE ItemID WHERE Items.a = 1"),
    ],
)
def test_different(one: str, other: str) -> None:
    """The case of values, parameters and fields counts, and a string differs from a number."""
    assert canonical(parse(one)) != canonical(parse(other))


def test_parameters() -> None:
    """Parameters are found in all conditions, once each, without their sign."""
    text = "INCLUDE ItemID WHERE Items.A IN ($X) AND Items.B > ($Y) IF CurrentUser.C = $X"

    assert parameters(parse(text)) == {"X", "Y"}


def test_fields_used() -> None:
    """Fields count once in any case; those of user and item count as fields of their datasets."""
    text = "INCLUDE ItemID WHERE Items.A IN CurrentItem.a AND Items.B < CurrentItem.C IF CurrentUser.D = 1"

    assert fields_used(parse(text)) == {
        (Dataset.ITEMS, "A"),
        (Dataset.ITEMS, "B"),
        (Dataset.ITEMS, "C"),
        (Dataset.USERS, "D"),
    }


@pytest.mark.parametrize(
    ("text", "item", "user"),
    [
        ("INCLUDE ItemID WHERE Items.A = 1", False, False),
        ("INCLUDE ItemID WHERE Items.A = CurrentItem.A", True, False),
        ("INCLUDE ItemID WHERE Items.A = 1 IF CurrentUser.A = 1", False, True),
        ('INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("a")', False, True),
    ],
)
def test_what_a_request_must_bring(text: str, item: bool, user: bool) -> None:
    """A filter on the current item, the current user or their events requires them in the request."""
    assert (uses_current_item(parse(text)), uses_current_user(parse(text))) == (item, user)
