"""What the service refuses in a filter that reads well: docs/service/3 §4.3 to §4.5, §4.8 and §4.10.

Points the guide leaves open are warnings. All problems are reported at once, in the order of the text.
"""

from collections.abc import Iterator, Mapping

from personalize_gitops.filters.field_checks import FieldType, field_problems
from personalize_gitops.filters.problems import Problem, Severity
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
from personalize_gitops.filters.text import fields_used, parameters

MOST_CHARACTERS = 2_500  # of an expression, from the service model (docs/service/3 §4.8)
MOST_FIELDS = 5  # distinct in one filter (docs/service/3 §4.8)
MOST_FIELDS_OF_GROUP = 10  # distinct over all filters of a dataset group (docs/service/3 §4.8)
MOST_PARAMETERS = 25  # filterValues of one request, from the service model (docs/service/3 §4.1)
MOST_PARAMETER_NAME = 50  # characters of a key of filterValues (docs/service/3 §4.1)

# docs/service/3 §4.3, first table: what each target may look at.
DATASETS_OF: Mapping[Target, tuple[Dataset, Dataset]] = {
    Target.ITEM: (Dataset.ITEMS, Dataset.INTERACTIONS),
    Target.ACTION: (Dataset.ACTIONS, Dataset.ACTION_INTERACTIONS),
    Target.USER: (Dataset.USERS, Dataset.INTERACTIONS),
}
_IDS = {Dataset.ITEMS: "ITEM_ID", Dataset.USERS: "USER_ID", Dataset.ACTIONS: "ACTION_ID"}
# The service applies these by itself. The expiry column has two names in the guide, which names only the first one here
# (docs/service/1 §8.4), so the second is a warning.
_SERVICE_FIELDS = {
    "ACTION_EXPIRATION_TIMESTAMP": Severity.ERROR,
    "EXPIRATION_TIMESTAMP": Severity.WARNING,
    "REPEAT_FREQUENCY": Severity.ERROR,
}


def check(tree: FilterExpression, fields: Mapping[str, Mapping[str, FieldType]] | None = None) -> tuple[Problem, ...]:
    """Everything that speaks against a filter.

    `fields` are the columns of the dataset group by dataset and name; without them nothing is said about what exists
    and what type it has. Case makes no difference in either.
    """
    problems = [
        *_whole_problems(tree),
        *(problem for expression in tree.expressions for problem in _expression_problems(expression)),
        *_literal_problems(tree),
        *(problem for condition in tree.conditions() for problem in field_problems(condition, fields)),
    ]
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.start, problem.end)))


def too_many_fields(*trees: FilterExpression) -> str | None:
    """Why these filters cannot be in one dataset group together, or None."""
    used = len(fields_used(*trees))
    if used <= MOST_FIELDS_OF_GROUP:
        return None
    return f"all filters of a dataset group may use {MOST_FIELDS_OF_GROUP} distinct fields together, these use {used}"


def _whole_problems(tree: FilterExpression) -> Iterator[Problem]:
    if tree.end > MOST_CHARACTERS:
        yield Problem(MOST_CHARACTERS, tree.end, f"a filter may have {MOST_CHARACTERS:,} characters, not {tree.end:,}")
    first = tree.expressions[0]
    for expression in tree.expressions[1:]:
        if expression.target is not first.target:
            message = f"all expressions of a filter have one target: {first.target} before, {expression.target} here"
            yield Problem(expression.start, expression.end, message)
    used = fields_used(tree)
    if len(used) > MOST_FIELDS:
        plain = {
            (c.subject.dataset, c.subject.name.upper())
            for c in tree.conditions()
            if isinstance(c.subject, DatasetField)
        }
        message = f"a filter may use {MOST_FIELDS} distinct fields, this one uses {len(used)}"
        # Whether fields of the current user and item count is not documented.
        doubtful = len(plain) <= MOST_FIELDS
        note = " if those of CurrentUser and CurrentItem count" if doubtful else ""
        severity = Severity.WARNING if doubtful else Severity.ERROR
        yield Problem(tree.start, tree.end, message + note, severity=severity)
    yield from _parameter_problems(tree)


def _parameter_problems(tree: FilterExpression) -> Iterator[Problem]:
    names = sorted(parameters(tree))
    if len(names) > MOST_PARAMETERS:
        message = f"a request can fill {MOST_PARAMETERS} parameters, this filter has {len(names)}"
        yield Problem(tree.start, tree.end, message)
    by_fold: dict[str, str] = {}
    for literal in tree.literals():
        if not isinstance(literal, Parameter):
            continue
        if len(literal.name) > MOST_PARAMETER_NAME:
            message = f"the name of a parameter may have {MOST_PARAMETER_NAME} characters, not {len(literal.name)}"
            yield Problem(literal.start, literal.end, message)
        earlier = by_fold.setdefault(literal.name.casefold(), literal.name)
        if earlier != literal.name:
            message = f"${literal.name} and ${earlier} are two parameters: their names are case-sensitive"
            yield Problem(literal.start, literal.end, message, f"${earlier}", Severity.WARNING)


def _expression_problems(expression: Expression) -> Iterator[Problem]:
    first = expression.where.conditions[0].subject
    for condition in expression.where.conditions:
        yield from _where_problems(condition, expression.target)
        subject = condition.subject
        if isinstance(first, DatasetField) and isinstance(subject, DatasetField) and subject.dataset != first.dataset:
            message = (
                f"all conditions of an expression look at the dataset of the first, {first.dataset}; "
                f"put {subject.dataset} into an expression of its own, joined by |"
            )
            yield Problem(subject.start, subject.end, message)
    if len(set(expression.where.connectives)) > 1:
        message = "whether AND or OR binds tighter is not documented; read here as AND before OR"
        yield Problem(expression.where.start, expression.where.end, message, severity=Severity.WARNING)
    yield from _if_problems(expression)


def _where_problems(condition: Condition, target: Target) -> Iterator[Problem]:
    subject = condition.subject
    match subject:
        case UserField():
            message = "CurrentUser can be asked about only after IF, at the end of the expression"
            yield Problem(subject.start, subject.end, message)
        case ItemField():
            message = "CurrentItem can stand only on the right of a comparison"
            yield Problem(subject.start, subject.end, message)
        case DatasetField(dataset) if dataset not in DATASETS_OF[target]:
            allowed = " or ".join(DATASETS_OF[target])
            yield Problem(subject.start, subject.end, f"{target} filters look at {allowed}, not at {dataset}")
        case DatasetField():
            yield from _subject_problems(subject)
    if isinstance(condition.operand, ItemField) and target is not Target.ITEM:
        message = f"CurrentItem works with ItemID only, not with {target}"
        yield Problem(condition.operand.start, condition.operand.end, message)
    yield from _not_in_problems(condition)


def _subject_problems(subject: DatasetField) -> Iterator[Problem]:
    name, dataset = subject.name.upper(), subject.dataset
    if subject.alias:
        message = f"the dataset is called {dataset}; the guide writes {subject.alias} once, probably by mistake"
        yield Problem(subject.start, subject.end, message, f"{dataset}.{subject.name}", Severity.WARNING)
    if dataset.of_events and name != "EVENT_TYPE":
        message = f"of {dataset}, only EVENT_TYPE can be filtered on, not {subject.name}"
        yield Problem(subject.start, subject.end, message)
    elif dataset is Dataset.ACTIONS and name in _SERVICE_FIELDS:
        message = f"the service applies {subject.name} by itself; it cannot be filtered on"
        yield Problem(subject.start, subject.end, message, severity=_SERVICE_FIELDS[name])
    elif name == _IDS.get(dataset):
        message = f"whether {subject.name} can be filtered on is not documented"
        yield Problem(subject.start, subject.end, message, severity=Severity.WARNING)


def _not_in_problems(condition: Condition) -> Iterator[Problem]:
    if condition.operator is not Operator.NOT_IN:
        return
    if isinstance(condition.operand, ItemField):
        message = "NOT IN with a field of CurrentItem is not documented; use IN and the opposite of INCLUDE or EXCLUDE"
        yield Problem(condition.operand.start, condition.operand.end, message, severity=Severity.WARNING)
    for literal in condition.literals:
        if isinstance(literal, Parameter):
            message = f"${literal.name}: NOT IN takes no parameters; use IN and the opposite of INCLUDE or EXCLUDE"
            yield Problem(literal.start, literal.end, message, f"IN (${literal.name})")


def _if_problems(expression: Expression) -> Iterator[Problem]:
    clause = expression.only_if
    if clause is None:
        return
    if expression.target is Target.USER:
        message = "IF is documented for items and actions only, not for users"
        yield Problem(clause.start, clause.end, message, severity=Severity.WARNING)
    if Connective.OR in clause.connectives:
        message = "conditions after IF can be joined by AND only; write one expression for each alternative"
        yield Problem(clause.start, clause.end, message)
    for condition in clause.conditions:
        subject = condition.subject
        if not isinstance(subject, UserField):
            yield Problem(subject.start, subject.end, "after IF, only fields of CurrentUser can be asked about")
        if isinstance(condition.operand, ItemField):
            message = "comparing CurrentUser with CurrentItem is not documented"
            yield Problem(condition.start, condition.end, message, severity=Severity.WARNING)
        yield from _not_in_problems(condition)


def _literal_problems(tree: FilterExpression) -> Iterator[Problem]:
    for condition in tree.conditions():
        yield from _list_problems(condition)
        for literal in condition.literals:
            if not isinstance(literal, Text):
                continue
            if literal.value.startswith("$"):
                message = f'"{literal.value}" in quotes is a value, not a parameter'
                yield Problem(literal.start, literal.end, message, literal.value, Severity.WARNING)
            if literal.value == "*":
                yield from _asterisk_problems(condition, literal)


def _list_problems(condition: Condition) -> Iterator[Problem]:
    if not isinstance(condition.operand, Values):
        return
    placeholders = [member for member in condition.operand.members if isinstance(member, Parameter)]
    for extra in placeholders[1:]:
        message = f"a list takes one parameter, which can carry several values; ${extra.name} is one too many"
        yield Problem(extra.start, extra.end, message, f"(${placeholders[0].name})")
    if len(placeholders) == 1 and len(condition.operand.members) > 1:
        message = f"${placeholders[0].name} beside other values in one list is not documented"
        yield Problem(condition.operand.start, condition.operand.end, message, severity=Severity.WARNING)


def _asterisk_problems(condition: Condition, literal: Text) -> Iterator[Problem]:
    subject = condition.subject
    if not (isinstance(subject, DatasetField) and subject.dataset.of_events and subject.name.upper() == "EVENT_TYPE"):
        message = '"*" stands for any event type, so it works with EVENT_TYPE only'
        yield Problem(literal.start, literal.end, message)
    elif subject.dataset is Dataset.ACTION_INTERACTIONS:
        message = '"*" is documented for the event types of Interactions only'
        yield Problem(literal.start, literal.end, message, severity=Severity.WARNING)
