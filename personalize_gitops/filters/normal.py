"""The normal form of a filter, which is the same for filters that differ only in the order of their parts."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from personalize_gitops.filters.syntax import (
    Clause,
    Condition,
    Connective,
    Expression,
    FilterExpression,
    Text,
    Values,
)
from personalize_gitops.filters.text import condition_text, expression_text, is_event_type, shown

T = TypeVar("T")


def normal(tree: FilterExpression) -> FilterExpression:
    """Return the filter with its parts sorted, each once, and its event types in lower case.

    The order of expressions does not matter (docs/service/3 §4.6), nor that of values in a list, nor that of conditions
    joined by one connective. Where AND and OR meet, conditions keep their order: which binds tighter is not documented.
    Event types ignore case (docs/service/3 §4.4).
    """
    return FilterExpression(_sorted(map(_expression, tree.expressions), expression_text))


def _expression(expression: Expression) -> Expression:
    only_if = _clause(expression.only_if) if expression.only_if else None
    return replace(expression, where=_clause(expression.where), only_if=only_if)


def _clause(clause: Clause) -> Clause:
    conditions = tuple(map(_condition, clause.conditions))
    if clause.is_mixed:
        return Clause(conditions, clause.connectives)
    ordered = _sorted(conditions, condition_text)
    joined_by = clause.connectives[0] if clause.connectives else Connective.AND
    return Clause(ordered, (joined_by,) * (len(ordered) - 1))


def _condition(condition: Condition) -> Condition:
    if not isinstance(condition.operand, Values):
        return condition
    members = condition.operand.members
    if is_event_type(condition.subject):
        members = tuple(Text(each.value.casefold()) if isinstance(each, Text) else each for each in members)
    return replace(condition, operand=Values(_sorted(members, shown)))


def _sorted(parts: Iterable[T], text: Callable[[T], str]) -> tuple[T, ...]:
    return tuple(sorted(dict.fromkeys(parts), key=text))
