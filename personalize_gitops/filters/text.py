"""What a filter contains: its canonical text, its parameters, and the fields it uses."""

from personalize_gitops.filters.syntax import (
    Clause,
    Condition,
    Connective,
    Dataset,
    DatasetField,
    Expression,
    FilterExpression,
    ItemField,
    Number,
    Parameter,
    Subject,
    Text,
    UserField,
    Values,
)


def canonical(tree: FilterExpression) -> str:
    """Return the text of a filter: keywords in upper case, double quotes, single spaces.

    Fields keep their case: whether the service distinguishes `genre` from `GENRE` is not documented. Values and
    parameters keep theirs because they are case-sensitive. Expressions keep their order.
    """
    return " | ".join(map(expression_text, tree.expressions))


def parameters(tree: FilterExpression) -> frozenset[str]:
    """Return the names of the parameters, without `$`."""
    return frozenset(literal.name for literal in tree.literals() if isinstance(literal, Parameter))


def event_types(tree: FilterExpression, dataset: Dataset = Dataset.INTERACTIONS) -> tuple[Text, ...]:
    """Return the types of events that a filter names, without `*`."""
    subjects = [condition for condition in tree.conditions() if is_event_type(condition.subject)]
    literals = [
        literal
        for condition in subjects
        if isinstance(condition.subject, DatasetField) and condition.subject.dataset is dataset
        for literal in condition.literals
    ]
    return tuple(literal for literal in literals if isinstance(literal, Text) and literal.value != "*")


def fields_used(*trees: FilterExpression) -> frozenset[tuple[Dataset, str]]:
    """Return the distinct dataset fields that count towards the quotas (docs/service/3 §4.8).

    How the service counts is not documented. Here, a field of the current user counts as one of Users, a field of the
    current item as one of Items, and names are compared in any case.
    """
    used = set()
    for tree in trees:
        for condition in tree.conditions():
            used.add(_counted(condition.subject))
            if isinstance(condition.operand, ItemField):
                used.add(_counted(condition.operand))
    return frozenset(used)


def uses_current_item(tree: FilterExpression) -> bool:
    """Return whether the filter uses the current item. Only related-items recipes apply it (docs/service/3 §4.3)."""
    return any(isinstance(side, ItemField) for each in tree.conditions() for side in (each.subject, each.operand))


def uses_current_user(tree: FilterExpression) -> bool:
    """Return whether the filter uses the current user, so that a request must name one (docs/service/3 §4.6)."""
    return any(
        isinstance(subject, UserField) or (isinstance(subject, DatasetField) and subject.dataset.of_events)
        for subject in (condition.subject for condition in tree.conditions())
    )


def is_event_type(subject: Subject) -> bool:
    """Return whether a field is the type of events."""
    return isinstance(subject, DatasetField) and subject.dataset.of_events and subject.name.upper() == "EVENT_TYPE"


def _counted(subject: Subject) -> tuple[Dataset, str]:
    match subject:
        case UserField(name):
            return Dataset.USERS, name.upper()
        case ItemField(name):
            return Dataset.ITEMS, name.upper()
        case DatasetField(dataset, name):
            return dataset, name.upper()


def expression_text(expression: Expression) -> str:
    """Return the canonical text of one expression."""
    start = f"{expression.action} {expression.target} WHERE {_clause(expression.where)}"
    return f"{start} IF {_clause(expression.only_if)}" if expression.only_if else start


def _clause(clause: Clause) -> str:
    parts = [condition_text(clause.conditions[0])]
    for connective, condition in zip(clause.connectives, clause.conditions[1:], strict=True):
        parts.append(f"{Connective(connective)} {condition_text(condition)}")
    return " ".join(parts)


def condition_text(condition: Condition) -> str:
    """Return the canonical text of one condition."""
    return f"{shown(condition.subject)} {condition.operator} {shown(condition.operand)}"


def shown(part: Subject | Values | Text | Number | Parameter) -> str:
    """Return one side of a condition as text."""
    match part:
        case DatasetField(dataset, name):
            return f"{dataset}.{name}"
        case UserField(name):
            return f"CurrentUser.{name}"
        case ItemField(name):
            return f"CurrentItem.{name}"
        case Values(members):
            return f"({', '.join(shown(member) for member in members)})"
        case Text(value):
            return f'"{value}"'
        case Number(text):
            return text
        case Parameter(name):
            return f"${name}"
