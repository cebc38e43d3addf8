"""How the results change when one filter takes the place of another: fewer, more, the same or others."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import Enum

from personalize_gitops.filters.evaluate import COMPARE
from personalize_gitops.filters.normal import normal
from personalize_gitops.filters.syntax import (
    Action,
    Clause,
    Condition,
    Expression,
    FilterExpression,
    Number,
    Operator,
    Parameter,
    Text,
    Values,
)
from personalize_gitops.filters.text import is_event_type

_ANY_EVENT = Text("*")


class Relation(Enum):
    """What passes the new filter, compared with the old one."""

    SAME = "same"  # for every request
    NARROWER = "narrower"  # nothing else than before
    WIDER = "wider"  # everything that did before
    DIFFERENT = "different"  # none of these, as far as the expressions show


def relation(before: FilterExpression, after: FilterExpression) -> Relation:
    """Return the relation of a filter to an earlier one.

    It is shown for every data and every request that both filters accept. An AND and OR in one clause, and INCLUDE with
    IF, are compared as a whole, because their meaning is not documented (docs/service/3 §4.2, §4.6).
    """
    old, new = normal(before), normal(after)
    match _is_within(new, old), _is_within(old, new):
        case True, True:
            return Relation.SAME
        case True, False:
            return Relation.NARROWER
        case False, True:
            return Relation.WIDER
        case _:
            return Relation.DIFFERENT


def _is_within(inner: FilterExpression, outer: FilterExpression) -> bool:
    """Return whether everything that passes `inner` passes `outer`."""
    if inner.expressions[0].target is not outer.expressions[0].target:
        return False
    kept, also_kept = _of(inner, Action.INCLUDE), _of(outer, Action.INCLUDE)
    removed, also_removed = _of(inner, Action.EXCLUDE), _of(outer, Action.EXCLUDE)
    return _keeps_within(kept, also_kept) and _all_within(also_removed, removed)


def _of(tree: FilterExpression, action: Action) -> list[Expression]:
    return [expression for expression in tree.expressions if expression.action is action]


def _keeps_within(inner: list[Expression], outer: list[Expression]) -> bool:
    """Return whether what some INCLUDEs keep is within what others keep; none keep everything."""
    if inner == outer:
        return True
    # A request must fill the parameters of every INCLUDE, so other parameters are another contract with applications.
    if _parameters(inner) != _parameters(outer) or any(each.only_if for each in (*inner, *outer)):
        return False
    return not outer or (bool(inner) and _all_within(inner, outer))


def _all_within(inner: Collection[Expression], outer: Collection[Expression]) -> bool:
    return all(any(_matches_within(one, other) for other in outer) for one in inner)


def _matches_within(inner: Expression, outer: Expression) -> bool:
    """Return whether what `inner` matches, `outer` matches. Without its parameters an EXCLUDE matches nothing."""
    if not _parameters([outer]) <= _parameters([inner]) or not _implies(inner.where, outer.where):
        return False
    return outer.only_if is None or (inner.only_if is not None and _implies(inner.only_if, outer.only_if))


def _parameters(expressions: Collection[Expression]) -> frozenset[str]:
    literals = (literal for each in expressions for condition in each.conditions for literal in condition.literals)
    return frozenset(literal.name for literal in literals if isinstance(literal, Parameter))


def _implies(one: Clause, other: Clause) -> bool:
    if one == other:
        return True
    if one.is_mixed or other.is_mixed:
        return False
    return all(any(_all_implied(have, wanted) for wanted in other.alternatives) for have in one.alternatives)


def _all_implied(have: Collection[Condition], wanted: Collection[Condition]) -> bool:
    return all(any(_implied(condition, by) for by in have) for condition in wanted)


def _implied(condition: Condition, by: Condition) -> bool:
    """Return whether a condition holds wherever another one does."""
    if condition == by:
        return True
    if condition.subject != by.subject:
        return False
    match by.operand, condition.operand:
        case Values(have), Values(wanted):
            return _list_implied(condition, frozenset(wanted), by, frozenset(have))
        case Number() as have, Number() as wanted:
            # Between the numbers that they name, conditions do not change, so one point of each interval decides.
            return all(
                COMPARE[condition.operator](point, wanted.value)
                for point in _points(have.value, wanted.value)
                if COMPARE[by.operator](point, have.value)
            )
        case _:
            return False


def _list_implied(condition: Condition, wanted: frozenset[object], by: Condition, have: frozenset[object]) -> bool:
    match by.operator, condition.operator:
        case Operator.IN, Operator.IN:
            return have <= wanted or (is_event_type(condition.subject) and _ANY_EVENT in wanted)
        case Operator.NOT_IN, Operator.NOT_IN:
            return wanted <= have
        case _:
            return False


def _points(one: Decimal, other: Decimal) -> Iterator[Decimal]:
    """Yield a number below, at, between and above two numbers."""
    low, high = sorted((one, other))
    yield from (low - 1, low, (low + high) / 2, high, high + 1)
