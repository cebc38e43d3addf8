"""What the service refuses in a filter that can be parsed: docs/service/3 §4.3 to §4.5, §4.8 and §4.10.

Points that the guide leaves open are warnings. One pass reports every problem, in the order of the text.
"""

import re
from collections.abc import Iterator, Mapping

from personalize_gitops.filters.field_checks import FieldType, field_problems
from personalize_gitops.filters.syntax import (
    Condition,
    Connective,
    Dataset,
    DatasetField,
    Expression,
    FilterExpression,
    ItemField,
    Operator,
    Parameter,
    Target,
    Text,
    UserField,
    Values,
)
from personalize_gitops.filters.text import fields_used, is_event_type, parameters
from personalize_gitops.model.problem import Problem, Severity, Span, did_you_mean, use_instead, use_one_of
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Reason, Verbatim, because

MOST_CHARACTERS = 2_500  # of an expression, from the service model (docs/service/3 §4.8)
MOST_FIELDS = 5  # distinct in one filter (docs/service/3 §4.8)
MOST_FIELDS_OF_GROUP = 10  # distinct over all filters of a dataset group (docs/service/3 §4.8)
MOST_PARAMETERS = 25  # filterValues of one request, from the service model (docs/service/3 §4.1)
MOST_PARAMETER_NAME = 50  # characters of a key of filterValues (docs/service/3 §4.1)

# The datasets that each target can use: docs/service/3 §4.3, first table.
DATASETS_OF: Mapping[Target, tuple[Dataset, Dataset]] = {
    Target.ITEM: (Dataset.ITEMS, Dataset.INTERACTIONS),
    Target.ACTION: (Dataset.ACTIONS, Dataset.ACTION_INTERACTIONS),
    Target.USER: (Dataset.USERS, Dataset.INTERACTIONS),
}
_ACTION_EVENTS = ("TAKEN", "NOT_TAKEN", "VIEWED")  # docs/service/1 §8.5
_PARAMETER = re.compile(r"\$[A-Za-z_]\w*", re.ASCII)  # the name of a parameter, and not a price such as $5
_IDS = {Dataset.ITEMS: "ITEM_ID", Dataset.USERS: "USER_ID", Dataset.ACTIONS: "ACTION_ID"}
# Fields that the service applies itself. The expiration has two names in the guide, which mentions only the first one
# here (docs/service/1 §8.4), so the second is a warning.
_SERVICE_FIELDS = {
    "ACTION_EXPIRATION_TIMESTAMP": Severity.ERROR,
    "EXPIRATION_TIMESTAMP": Severity.WARNING,
    "REPEAT_FREQUENCY": Severity.ERROR,
}


def check(
    tree: FilterExpression, fields: Mapping[str, Mapping[str, FieldType]] | None = None
) -> tuple[Problem[Span], ...]:
    """Return every problem of a filter.

    `fields` are the columns of the dataset group by dataset and name, in any case. Without them, whether fields exist
    and which types they have is not checked.
    """
    problems = [
        *_whole_problems(tree),
        *(problem for expression in tree.expressions for problem in _expression_problems(expression)),
        *_literal_problems(tree),
        *(problem for condition in tree.conditions() for problem in field_problems(condition, fields)),
    ]
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.place))


def too_many_fields(*trees: FilterExpression) -> Reason | None:
    """Return why one dataset group cannot have all of these filters, or None if it can."""
    used = len(fields_used(*trees))
    if used <= MOST_FIELDS_OF_GROUP:
        return None
    return because(FilterCode.TOO_MANY_FIELDS_OF_GROUP, found=used, most=MOST_FIELDS_OF_GROUP)


def _whole_problems(tree: FilterExpression) -> Iterator[Problem[Span]]:
    if tree.end > MOST_CHARACTERS:
        reason = because(FilterCode.FILTER_TOO_LONG, found=tree.end, most=MOST_CHARACTERS)
        yield Problem(reason, Span(MOST_CHARACTERS, tree.end))
    first = tree.expressions[0]
    for expression in tree.expressions[1:]:
        if expression.target is not first.target:
            reason = because(FilterCode.TWO_TARGETS, first=first.target, found=expression.target)
            yield Problem(reason, expression.span)
    yield from _number_of_fields(tree)
    yield from _parameter_problems(tree)


def _number_of_fields(tree: FilterExpression) -> Iterator[Problem[Span]]:
    used = len(fields_used(tree))
    if used <= MOST_FIELDS:
        return
    subjects = [condition.subject for condition in tree.conditions()]
    of_datasets = {(each.dataset, each.name.upper()) for each in subjects if isinstance(each, DatasetField)}
    if len(of_datasets) > MOST_FIELDS:
        yield Problem(because(FilterCode.TOO_MANY_FIELDS, found=used, most=MOST_FIELDS), tree.span)
    else:
        # Whether fields of the current user and item count is not documented.
        reason = because(FilterCode.MAYBE_TOO_MANY_FIELDS, found=used, most=MOST_FIELDS)
        yield Problem(reason, tree.span, Severity.WARNING)


def _parameter_problems(tree: FilterExpression) -> Iterator[Problem[Span]]:
    names = parameters(tree)
    if len(names) > MOST_PARAMETERS:
        yield Problem(because(FilterCode.TOO_MANY_PARAMETERS, found=len(names), most=MOST_PARAMETERS), tree.span)
    by_fold: dict[str, str] = {}
    for literal in tree.literals():
        if not isinstance(literal, Parameter):
            continue
        if len(literal.name) > MOST_PARAMETER_NAME:
            reason = because(FilterCode.LONG_PARAMETER_NAME, found=len(literal.name), most=MOST_PARAMETER_NAME)
            yield Problem(reason, literal.span)
        earlier = by_fold.setdefault(literal.name.casefold(), literal.name)
        if earlier != literal.name:
            reason = because(
                FilterCode.PARAMETERS_DIFFER_IN_CASE, parameter=Verbatim(literal.name), other=Verbatim(earlier)
            )
            yield Problem(reason, literal.span, Severity.WARNING, use_instead(f"${earlier}"))


def _expression_problems(expression: Expression) -> Iterator[Problem[Span]]:
    first = expression.where.conditions[0].subject
    for condition in expression.where.conditions:
        yield from _where_problems(condition, expression.target)
        subject = condition.subject
        if isinstance(first, DatasetField) and isinstance(subject, DatasetField) and subject.dataset != first.dataset:
            reason = because(FilterCode.TWO_DATASETS, first=first.dataset, found=subject.dataset)
            yield Problem(reason, subject.span)
    if expression.where.is_mixed:
        yield Problem(because(FilterCode.AND_WITH_OR), expression.where.span, Severity.WARNING)
    yield from _if_problems(expression)


def _where_problems(condition: Condition, target: Target) -> Iterator[Problem[Span]]:
    subject = condition.subject
    match subject:
        case UserField():
            yield Problem(because(FilterCode.USER_BEFORE_IF), subject.span)
        case ItemField():
            yield Problem(because(FilterCode.ITEM_ON_THE_LEFT), subject.span)
        case DatasetField(dataset) if dataset not in DATASETS_OF[target]:
            reason = because(FilterCode.WRONG_DATASET, target=target, expected=DATASETS_OF[target], found=dataset)
            yield Problem(reason, subject.span)
        case DatasetField():
            yield from _subject_problems(subject)
    if isinstance(condition.operand, ItemField) and target is not Target.ITEM:
        yield Problem(because(FilterCode.ITEM_WITHOUT_ITEMS, target=target), condition.operand.span)
    yield from _not_in_problems(condition)


def _subject_problems(subject: DatasetField) -> Iterator[Problem[Span]]:
    name, dataset = subject.name.upper(), subject.dataset
    written = Verbatim(subject.name)
    if subject.alias:
        reason = because(FilterCode.DATASET_ALIAS, found=Verbatim(subject.alias), dataset=dataset)
        yield Problem(reason, subject.span, Severity.WARNING, use_instead(f"{dataset}.{subject.name}"))
    if dataset.of_events and name != "EVENT_TYPE":
        yield Problem(because(FilterCode.NOT_EVENT_TYPE, field=written, dataset=dataset), subject.span)
    elif dataset is Dataset.ACTIONS and name in _SERVICE_FIELDS:
        yield Problem(because(FilterCode.APPLIED_BY_SERVICE, field=written), subject.span, _SERVICE_FIELDS[name])
    elif name == _IDS.get(dataset):
        yield Problem(because(FilterCode.FILTER_ON_ID, field=written), subject.span, Severity.WARNING)


def _not_in_problems(condition: Condition) -> Iterator[Problem[Span]]:
    if condition.operator is not Operator.NOT_IN:
        return
    if isinstance(condition.operand, ItemField):
        yield Problem(because(FilterCode.NOT_IN_WITH_ITEM), condition.operand.span, Severity.WARNING)
    for literal in condition.literals:
        if isinstance(literal, Parameter):
            reason = because(FilterCode.NOT_IN_WITH_PARAMETER, parameter=Verbatim(literal.name))
            remedy = use_instead(f"IN (${literal.name})")
            yield Problem(reason, literal.span, suggestion=remedy)


def _if_problems(expression: Expression) -> Iterator[Problem[Span]]:
    clause = expression.only_if
    if clause is None:
        return
    if expression.target is Target.USER:
        yield Problem(because(FilterCode.IF_FOR_USERS), clause.span, Severity.WARNING)
    if Connective.OR in clause.connectives:
        yield Problem(because(FilterCode.OR_AFTER_IF), clause.span)
    for condition in clause.conditions:
        if not isinstance(condition.subject, UserField):
            yield Problem(because(FilterCode.IF_WITHOUT_USER), condition.subject.span)
        if isinstance(condition.operand, ItemField):
            yield Problem(because(FilterCode.USER_WITH_ITEM), condition.span, Severity.WARNING)
        yield from _not_in_problems(condition)


def _literal_problems(tree: FilterExpression) -> Iterator[Problem[Span]]:
    for condition in tree.conditions():
        yield from _list_problems(condition)
        for literal in condition.literals:
            if not isinstance(literal, Text):
                continue
            if _PARAMETER.fullmatch(literal.value):
                reason = because(FilterCode.QUOTED_PARAMETER, found=Verbatim(literal.value))
                yield Problem(reason, literal.span, Severity.WARNING, use_instead(literal.value))
            if literal.value == "*":
                yield from _asterisk_problems(condition, literal)
            else:
                yield from _action_event_problems(condition, literal)


def _action_event_problems(condition: Condition, literal: Text) -> Iterator[Problem[Span]]:
    """Yield a type that action interactions cannot have; the guide spells the three in several ways."""
    subject = condition.subject
    if not isinstance(subject, DatasetField) or subject.dataset is not Dataset.ACTION_INTERACTIONS:
        return
    if literal.value.upper().replace(" ", "_") not in _ACTION_EVENTS:
        remedy = did_you_mean(literal.value.upper(), _ACTION_EVENTS) or use_one_of(_ACTION_EVENTS)
        reason = because(FilterCode.UNKNOWN_ACTION_EVENT, found=Verbatim(literal.value))
        yield Problem(reason, literal.span, Severity.WARNING, remedy)


def _list_problems(condition: Condition) -> Iterator[Problem[Span]]:
    if not isinstance(condition.operand, Values):
        return
    members = condition.operand.members
    placeholders = [member for member in members if isinstance(member, Parameter)]
    for extra in placeholders[1:]:
        reason = because(FilterCode.SECOND_PARAMETER, parameter=Verbatim(extra.name))
        yield Problem(reason, extra.span, suggestion=use_instead(f"(${placeholders[0].name})"))
    if len(placeholders) == 1 and len(members) > 1:
        reason = because(FilterCode.PARAMETER_AMONG_VALUES, parameter=Verbatim(placeholders[0].name))
        yield Problem(reason, condition.operand.span, Severity.WARNING)


def _asterisk_problems(condition: Condition, literal: Text) -> Iterator[Problem[Span]]:
    subject = condition.subject
    if not is_event_type(subject):
        yield Problem(because(FilterCode.ASTERISK_OUTSIDE_EVENTS), literal.span)
    elif isinstance(subject, DatasetField) and subject.dataset is Dataset.ACTION_INTERACTIONS:
        yield Problem(because(FilterCode.ASTERISK_FOR_ACTIONS), literal.span, Severity.WARNING)
