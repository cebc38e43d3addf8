"""The form of filterValues in requests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.filters import parse
from personalize_gitops.filters.values import FilterValueError, missing_values, read_values, unknown_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('"comedy","drama"', ("comedy", "drama")),
        ('"horror", "comedy"', ("horror", "comedy")),
        ('"value1, value2"', ("value1, value2",)),
        ("100", ("100",)),
        (" 1 , 2 ", ("1", "2")),
        ('""', ("",)),
        ('"it\'s"', ("it's",)),
    ],
)
def test_read_values(text: str, values: tuple[str, ...]) -> None:
    """Values are in quotes, separated by commas; numbers can be without quotes."""
    assert read_values(text) == values


@pytest.mark.parametrize("text", ["", " ", ",", '"a', '"a" "b"', '"a",', '"a",,"b"', 'a"b"'])
def test_unreadable_values(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(FilterValueError):
        read_values(text)


@settings(deadline=None)
@given(st.lists(st.text().filter(lambda text: '"' not in text), min_size=1))
def test_any_values_survive_the_wire(values: list[str]) -> None:
    """Values in the form of requests are read unchanged."""
    assert read_values(",".join(f'"{value}"' for value in values)) == tuple(values)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text is read or refused, without another exception."""
    try:
        values = read_values(text)
    except FilterValueError:
        return

    assert values


def test_missing_and_unknown() -> None:
    """Only an INCLUDE requires values for its parameters, and names are case-sensitive."""
    tree = parse("INCLUDE ItemID WHERE Items.A IN ($X) IF CurrentUser.B = $Y | EXCLUDE ItemID WHERE Items.A IN ($Z)")

    assert missing_values(tree, {"x": '"1"', "Y": '"1"'}) == {"X"}
    assert unknown_values(tree, {"x": '"1"', "Y": '"1"', "Z": '"1"'}) == {"x"}
