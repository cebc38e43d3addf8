"""Which candidates pass a filter: docs/service/3 §4.6.

    allowed = (union of the active INCLUDEs, or everything if none is active) - union of the active EXCLUDEs

An expression is active if its conditions after IF hold for the current user and the request fills its parameters.
An INCLUDE that is inactive because of its IF restricts nothing: the guide explains IF as "only when".
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from personalize_gitops.filters.syntax import (
    Action,
    Clause,
    Condition,
    Dataset,
    DatasetField,
    Expression,
    FilterExpression,
    ItemField,
    Number,
    Operator,
    Parameter,
    Text,
    UserField,
)
from personalize_gitops.filters.values import (
    FilterValueError,
    Row,
    categories,
    cell,
    missing_values,
    number,
    read_values,
    same_number,
)
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Verbatim, because

INTERACTIONS_SEEN = 100  # of each user and event type (docs/service/3 §4.6, adjustable)
ACTION_INTERACTIONS_SEEN = 300

COMPARE: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.MORE: gt,
    Operator.AT_LEAST: ge,
}
Test = Callable[[str], bool]  # of the id of a candidate


@dataclass(frozen=True)
class Event:
    """One interaction: its subject, type and time."""

    subject: str  # the id of the item or action; of the user, where users are filtered
    type: str
    timestamp: float


@dataclass(frozen=True)
class View:
    """The data that one request can use."""

    rows: Mapping[str, Row] = field(default_factory=dict)  # the candidates' attributes, by id
    event_types: Mapping[str, Collection[str]] = field(default_factory=dict)  # by candidate; see `seen`
    user: Row | None = None  # attributes of the current user
    item: Row | None = None  # attributes of the current item
    values: Mapping[str, str] = field(default_factory=dict)  # filterValues of the request


def seen(events: Iterable[Event], most: int = INTERACTIONS_SEEN) -> dict[str, frozenset[str]]:
    """Return the event types by subject, of the newest `most` events of each type of one user."""
    by_type: dict[str, list[Event]] = {}
    for event in events:
        by_type.setdefault(event.type.casefold(), []).append(event)
    types: dict[str, set[str]] = {}
    for same in by_type.values():
        for event in sorted(same, key=lambda event: event.timestamp, reverse=True)[:most]:
            types.setdefault(event.subject, set()).add(event.type)
    return {subject: frozenset(of_subject) for subject, of_subject in types.items()}


def evaluate(tree: FilterExpression, candidates: Iterable[str], view: View) -> tuple[str, ...]:
    """Return the candidates that pass the filter, in the given order. FilterValueError as in `passing`."""
    return tuple(filter(passing(tree, view), candidates))


def passing(tree: FilterExpression, view: View) -> Test:
    """Return the filter as a test of one candidate.

    Raises:
        FilterValueError: if the request does not fill a parameter of an INCLUDE, or fills any in an invalid form.
    """
    missing = missing_values(tree, view.values)
    if missing:
        names = tuple(Verbatim(name) for name in sorted(missing))
        raise FilterValueError(because(FilterCode.UNFILLED_PARAMETERS, parameters=names))
    active = [expression for expression in tree.expressions if _is_active(expression, view)]
    included = [_clause(each.where, view) for each in active if each.action is Action.INCLUDE]
    excluded = [_clause(each.where, view) for each in active if each.action is Action.EXCLUDE]
    keeps, drops = _any_of(included), _any_of(excluded)
    if not excluded:
        return keeps if included else lambda _: True
    if not included:
        return lambda candidate: not drops(candidate)
    return lambda candidate: keeps(candidate) and not drops(candidate)


def _is_active(expression: Expression, view: View) -> bool:
    # An EXCLUDE with an unfilled parameter does not apply "that part". Which part of an AND is open: here, all of it.
    given = all(
        literal.name in view.values
        for condition in expression.conditions
        for literal in condition.literals
        if isinstance(literal, Parameter)
    )
    return given and (expression.only_if is None or _clause(expression.only_if, view)(""))


def _clause(clause: Clause, view: View) -> Test:
    return _any_of([_all_of([_test(condition, view) for condition in group]) for group in clause.alternatives])


def _any_of(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda candidate: any(test(candidate) for test in tests)


def _all_of(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda candidate: all(test(candidate) for test in tests)


def _test(condition: Condition, view: View) -> Test:
    """Return the condition as a test of one candidate. Values that do not depend on the candidate are computed once."""
    subject = condition.subject
    if isinstance(subject, DatasetField) and subject.dataset.of_events:
        return _event_test(condition, subject.dataset, view)
    matches = _list_matcher(condition, view) if condition.operator.of_lists else _matcher(condition, view)
    match subject:
        case UserField(name):
            of_user = matches(cell(view.user, name))
            return lambda _: of_user
        case ItemField(name):
            of_item = matches(cell(view.item, name))
            return lambda _: of_item
        case DatasetField(_, name):
            row_of = view.rows.get
            return lambda candidate: matches(cell(row_of(candidate), name))


def _event_test(condition: Condition, dataset: Dataset, view: View) -> Test:
    """Return the test for an event of a listed type, in any case (docs/service/3 §4.4)."""

    def folded(event_type: str) -> str:
        # The guide spells action events both NOT_TAKEN and Not Taken (docs/service/1 §8.5).
        plain = event_type.replace("_", " ") if dataset is Dataset.ACTION_INTERACTIONS else event_type
        return plain.casefold()

    wanted = {folded(text) for text in _texts(condition, view)}
    negative = condition.operator in (Operator.NOT_IN, Operator.NOT_EQUAL)

    def test(candidate: str) -> bool:
        types = view.event_types.get(candidate, ())
        found = bool(types) if "*" in wanted else any(folded(event_type) in wanted for event_type in types)
        return found != negative

    return test


def _list_matcher(condition: Condition, view: View) -> Callable[[str | Decimal | None], bool]:
    """Return the test of a list: IN needs a shared category, NOT IN none, so a missing value satisfies it."""
    if isinstance(condition.operand, ItemField):
        wanted = categories(cell(view.item, condition.operand.name))
    else:
        wanted = frozenset(_texts(condition, view))
    numbers = frozenset(same_number(value) for value in map(number, wanted) if value is not None)
    negative = condition.operator is Operator.NOT_IN

    def matches(value: str | Decimal | None) -> bool:
        if isinstance(value, str) and "|" not in value:  # most cells, and this is asked for every candidate
            return (value in wanted) != negative
        found = not categories(value).isdisjoint(numbers if isinstance(value, Decimal) else wanted)
        return found != negative

    return matches


def _matcher(condition: Condition, view: View) -> Callable[[str | Decimal | None], bool]:
    """Return the test of a comparison: of two numbers by value, of strings by equality, of a missing value false."""
    operator = condition.operator
    other = _other_side(condition, view)
    as_number = other if isinstance(other, Decimal) else number(other) if other is not None else None
    if operator.of_order and as_number is None and any(isinstance(each, Parameter) for each in condition.literals):
        name, value = Verbatim(condition.subject.name), Verbatim(other)
        raise FilterValueError(because(FilterCode.NOT_A_NUMBER, field=name, operator=operator, found=value))

    def matches(value: str | Decimal | None) -> bool:
        if value is None or other is None:
            return False
        if isinstance(value, Decimal):
            return as_number is not None and COMPARE[operator](value, as_number)
        if operator.of_order:
            return False
        text = same_number(other) if isinstance(other, Decimal) else other
        return (text in categories(value) or text == value) == (operator is Operator.EQUAL)

    return matches


def _other_side(condition: Condition, view: View) -> str | Decimal | None:
    match condition.operand:
        case ItemField(name):
            return cell(view.item, name)
        case Number() as literal:
            return literal.value
        case _:
            texts = _texts(condition, view)
            if len(texts) > 1:
                values = tuple(map(Verbatim, texts))
                raise FilterValueError(because(FilterCode.SEVERAL_VALUES, operator=condition.operator, found=values))
            return texts[0]


def _texts(condition: Condition, view: View) -> tuple[str, ...]:
    """Return the values on the right side, with the values of parameters."""
    texts: list[str] = []
    for literal in condition.literals:
        match literal:
            case Text(value):
                texts.append(value)
            case Number(text):
                texts.append(text)
            case Parameter(name):
                texts += read_values(view.values[name])
    return tuple(texts)
