"""Values of requests and cells of data, in the forms that filters compare (docs/service/3 §4.4 and §4.5)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from personalize_gitops.filters.syntax import Action, FilterExpression, Parameter
from personalize_gitops.filters.text import parameters
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Reason, Verbatim, because

Cell = str | int | float | bool | Decimal | None
Row = Mapping[str, Cell]  # by column, with the names and types of the schema

_VALUE = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^",]*?))\s*(?:,|$)')

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")  # of JSON, with a limited exponent


class FilterValueError(ValueError):
    """The filterValues of a request do not fit its filter. Carries the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.about)
        self.reason = reason


def read_values(text: str) -> tuple[str, ...]:
    r"""Return the values in one entry of filterValues: comedy and drama for `"\"comedy\",\"drama\""`.

    Each value is in quotes of its own; a comma inside quotes belongs to the value. How numbers are quoted is not
    documented, so values without quotes are accepted too.

    Raises:
        FilterValueError: if the text is not a list of such values.
    """
    values: list[str] = []
    position = 0
    while position < len(text) or not values:
        match = _VALUE.match(text, position)
        if match is None:
            raise FilterValueError(because(FilterCode.UNSEPARATED_VALUES, found=Verbatim(text[position:])))
        value = match["bare"] if match["quoted"] is None else match["quoted"]
        if match["quoted"] is None and not value:
            raise FilterValueError(because(FilterCode.EMPTY_VALUE, values=Verbatim(text), character=position + 1))
        values.append(value)
        position = match.end()
    if text.rstrip().endswith(","):
        raise FilterValueError(because(FilterCode.VALUE_AFTER_COMMA, values=Verbatim(text)))
    return tuple(values)


def missing_values(tree: FilterExpression, given: Mapping[str, str]) -> frozenset[str]:
    """Return the parameters of every INCLUDE that a request does not fill (docs/service/3 §4.5)."""
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
    """Return the entries of filterValues without a parameter; the answer of the service to them is not documented."""
    return frozenset(given.keys() - parameters(tree))


def cell(row: Row | None, name: str) -> str | Decimal | None:
    """Return one cell of a row: a string, a number, or None where there is nothing to compare.

    The name is looked up in its own case first, then in any, because AWS's samples vary (docs/service/3 §4.2). A
    boolean is None: filters ignore such columns (docs/service/1 §7.6).
    """
    if row is None:
        return None
    found = row.get(name)
    if isinstance(found, str):  # most cells, and this is asked for every candidate
        return found
    if name not in row:
        folded = name.casefold()
        found = next((row[known] for known in row if known.casefold() == folded), None)
    match found:
        case None | bool():
            return None
        case str(text):
            return text
        case number:
            value = number if isinstance(number, Decimal) else Decimal(str(number))
            return value if value.is_finite() else None


def categories(value: str | Decimal | None) -> frozenset[str]:
    """Return the values of a cell: `|` separates several categories (docs/service/1 §9)."""
    match value:
        case None:
            return frozenset()
        case str():
            return frozenset(value.split("|"))
        case _:
            return frozenset([same_number(value)])


def number(text: str) -> Decimal | None:
    """Return the number in a text, or None."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def same_number(value: Decimal) -> str:
    """Return one text for all texts of a number, so that a list finds 5, 5.0 and 5e0 alike."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
