"""The syntax tree of a filter: frozen values, each knowing where in the text it stands.

Positions do not take part in comparisons, so two trees are equal when they say the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Action(StrEnum):
    """What an expression does with what it matches."""

    INCLUDE = "INCLUDE"
    EXCLUDE = "EXCLUDE"


class Target(StrEnum):
    """What is filtered."""

    ITEM = "ItemID"
    ACTION = "ActionID"
    USER = "UserID"


class Dataset(StrEnum):
    """The datasets a condition may look at, in the spelling of the guide (docs/service/3 §4.2)."""

    INTERACTIONS = "Interactions"
    ITEMS = "Items"
    USERS = "Users"
    ACTION_INTERACTIONS = "Action_Interactions"
    ACTIONS = "Actions"

    @property
    def of_events(self) -> bool:
        """Whether its rows are events, of which a filter sees only the type."""
        return self in (Dataset.INTERACTIONS, Dataset.ACTION_INTERACTIONS)


class Operator(StrEnum):
    """How a condition compares."""

    IN = "IN"
    NOT_IN = "NOT IN"
    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def of_lists(self) -> bool:
        """Whether a list, or a field of the current item, stands on the right."""
        return self in (Operator.IN, Operator.NOT_IN)

    @property
    def of_order(self) -> bool:
        """Whether it asks for more or less, which only numbers can be."""
        return self in (Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST)


class Connective(StrEnum):
    """How two neighbouring conditions are joined."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of the text: `text[start:end]`."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Text(Node):
    """A quoted value. The asterisk that stands for any event type is the value `*`."""

    value: str


@dataclass(frozen=True)
class Number(Node):
    """A number, kept as text without superfluous zeros so that no digit is lost."""

    text: str

    @property
    def value(self) -> Decimal:
        """The number itself."""
        return Decimal(self.text)


@dataclass(frozen=True)
class Parameter(Node):
    """A placeholder `$name`, filled by the request."""

    name: str


@dataclass(frozen=True)
class DatasetField(Node):
    """`Items.PRICE`: a field of the thing being filtered, or of the user's events."""

    dataset: Dataset
    name: str
    alias: str | None = field(default=None, compare=False)  # the dataset as written, where that is no name of its own


@dataclass(frozen=True)
class UserField(Node):
    """`CurrentUser.AGE`: a field of the user who asks."""

    name: str


@dataclass(frozen=True)
class ItemField(Node):
    """`CurrentItem.PRICE`: a field of the item the request is about."""

    name: str


@dataclass(frozen=True)
class Values(Node):
    """The parenthesised list after IN or NOT IN."""

    members: tuple[Text | Number | Parameter, ...]


Subject = DatasetField | UserField | ItemField
Operand = Values | Text | Number | Parameter | ItemField


@dataclass(frozen=True)
class Condition(Node):
    """One comparison."""

    subject: Subject
    operator: Operator
    operand: Operand

    @property
    def literals(self) -> tuple[Text | Number | Parameter, ...]:
        """The values and placeholders on the right; none where a field of the current item stands there."""
        match self.operand:
            case Values(members):
                return members
            case ItemField():
                return ()
            case single:
                return (single,)


@dataclass(frozen=True)
class Clause(Node):
    """Conditions joined by AND and OR, in the order written; `connectives` is one shorter."""

    conditions: tuple[Condition, ...]
    connectives: tuple[Connective, ...] = ()

    @property
    def alternatives(self) -> tuple[tuple[Condition, ...], ...]:
        """The conditions as an OR of ANDs.

        Which of the two binds tighter is not documented; AND does here, as in every language one knows from
        elsewhere (docs/service/3 §4.2). The checks warn where both are used.
        """
        groups: list[list[Condition]] = [[self.conditions[0]]]
        for connective, condition in zip(self.connectives, self.conditions[1:], strict=True):
            if connective is Connective.AND:
                groups[-1].append(condition)
            else:
                groups.append([condition])
        return tuple(tuple(group) for group in groups)


@dataclass(frozen=True)
class Expression(Node):
    """One INCLUDE or EXCLUDE, with what it looks for and, after IF, for which users it holds."""

    action: Action
    target: Target
    where: Clause
    only_if: Clause | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, after WHERE and after IF."""
        return (*self.where.conditions, *(self.only_if.conditions if self.only_if else ()))


@dataclass(frozen=True)
class FilterExpression(Node):
    """A whole filter: expressions joined by `|`."""

    expressions: tuple[Expression, ...]

    def conditions(self) -> Iterator[Condition]:
        """The conditions of all expressions."""
        for expression in self.expressions:
            yield from expression.conditions

    def literals(self) -> Iterator[Text | Number | Parameter]:
        """The values and placeholders of all conditions."""
        for condition in self.conditions():
            yield from condition.literals
