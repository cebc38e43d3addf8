"""Values of requests and cells of data, in the forms filters compare (docs/service/3 §4.4 and §4.5)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from personalize_gitops.filters.syntax import Action, FilterExpression, Parameter
from personalize_gitops.filters.text import parameters

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]  # columns as the schema names and types them

_VALUE = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^",]*?))\s*(?:,|$)')

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")  # as JSON writes one; no endless exponents


class FilterValueError(ValueError):
    """A request's filterValues do not fit its filter."""


def read_values(text: str) -> tuple[str, ...]:
    r"""The values in one entry of filterValues: `"\"comedy\",\"drama\""` is comedy and drama.

    Each value stands in quotes of its own; a comma inside the quotes belongs to the value. How numbers are quoted is
    not documented, so values without quotes are taken as well.
    """
    values: list[str] = []
    position = 0
    while position < len(text) or not values:
        match = _VALUE.match(text, position)
        if match is None:
            raise FilterValueError(f"expected values in quotes, separated by commas, found {text[position:]}")
        value = match["bare"] if match["quoted"] is None else match["quoted"]
        if match["quoted"] is None and not value:
            raise FilterValueError(f"expected a value at position {position + 1} of {text!r}")
        values.append(value)
        position = match.end()
    if text.rstrip().endswith(","):
        raise FilterValueError(f"expected a value after the last comma of {text!r}")
    return tuple(values)


def missing_values(tree: FilterExpression, given: Mapping[str, str]) -> frozenset[str]:
    """The parameters a request has to fill and does not: those of every INCLUDE (docs/service/3 §4.5)."""
    needed = {
        literal.name
        for expression in tree.expressions
        if expression.action is Action.INCLUDE
        for condition in expression.conditions
        for literal in condition.literals
        if isinstance(literal, Parameter)
    }
    return frozenset(needed - given.keys())


def unknown_values(tree: FilterExpression, given: Mapping[str, str]) -> frozenset[str]:
    """The entries of filterValues the filter has no parameter for; what the service does then is not documented."""
    return frozenset(given.keys() - parameters(tree))


def cell(row: Row | None, name: str) -> str | Decimal | None:
    """One cell of a row: a string, a number, or None where there is nothing to compare.

    The name is looked up as written first, then in any case, because AWS's samples vary (docs/service/3 §4.2). Booleans
    count as nothing: filters ignore such columns (docs/service/1 §7.6).
    """
    if row is None:
        return None
    if name not in row:
        folded = name.casefold()
        name = next((known for known in row if known.casefold() == folded), name)
    match row.get(name):
        case None | bool():
            return None
        case str(text):
            return text
        case number:
            value = Decimal(str(number))
            return value if value.is_finite() else None


def categories(value: str | Decimal | None) -> frozenset[str]:
    """The values a cell holds: `|` separates several categories (docs/service/1 §9)."""
    match value:
        case None:
            return frozenset()
        case str():
            return frozenset(value.split("|"))
        case _:
            return frozenset([same_number(value)])


def number(text: str) -> Decimal | None:
    """The number `text` stands for, or None."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def same_number(value: Decimal) -> str:
    """One spelling for all spellings of a number, so that 5, 5.0 and 5e0 are found in one list."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
