"""The syntax tree of a filter: frozen values that know their position in the text.

Comparisons ignore positions, so two trees are equal when they have the same meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from personalize_gitops.model.problem import Span


class Action(StrEnum):
    """Whether an expression keeps or removes what it matches."""

    INCLUDE = "INCLUDE"
    EXCLUDE = "EXCLUDE"


class Target(StrEnum):
    """What a filter selects."""

    ITEM = "ItemID"
    ACTION = "ActionID"
    USER = "UserID"


class Dataset(StrEnum):
    """The datasets that a condition can use, as the guide spells them (docs/service/3 §4.2)."""

    INTERACTIONS = "Interactions"
    ITEMS = "Items"
    USERS = "Users"
    ACTION_INTERACTIONS = "Action_Interactions"
    ACTIONS = "Actions"

    @property
    def of_events(self) -> bool:
        """Whether its rows are events, of which a filter can use only the type."""
        return self in (Dataset.INTERACTIONS, Dataset.ACTION_INTERACTIONS)


class Operator(StrEnum):
    """The operator of a condition."""

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
        """Whether the right side is a list or a field of the current item."""
        return self in (Operator.IN, Operator.NOT_IN)

    @property
    def of_order(self) -> bool:
        """Whether it orders, which only numbers can be."""
        return self in (Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST)


class Connective(StrEnum):
    """The word that joins two conditions."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a filter and its position: `text[start:end]`."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def span(self) -> Span:
        """The characters of the text that the part was parsed from."""
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Text(Node):
    """A quoted value; `*` is any event type."""

    value: str


@dataclass(frozen=True)
class Number(Node):
    """A number as text without superfluous zeros, so that no digit is lost."""

    text: str

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.text)


@dataclass(frozen=True)
class Parameter(Node):
    """A parameter `$name`, which the request fills."""

    name: str


@dataclass(frozen=True)
class DatasetField(Node):
    """`Items.PRICE`: a field of what is filtered, or of the events of the user."""

    dataset: Dataset
    name: str
    alias: str | None = field(default=None, compare=False)  # the name in the text, where it is not that of the dataset


@dataclass(frozen=True)
class UserField(Node):
    """`CurrentUser.AGE`: a field of the user of the request."""

    name: str


@dataclass(frozen=True)
class ItemField(Node):
    """`CurrentItem.PRICE`: a field of the item of the request."""

    name: str


@dataclass(frozen=True)
class Values(Node):
    """The list in parentheses after IN or NOT IN."""

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
        """The values and parameters on the right side; none where it is a field of the current item."""
        match self.operand:
            case Values(members):
                return members
            case ItemField():
                return ()
            case single:
                return (single,)


@dataclass(frozen=True)
class Clause(Node):
    """Conditions joined by AND and OR, in the order of the text; `connectives` is one shorter."""

    conditions: tuple[Condition, ...]
    connectives: tuple[Connective, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Whether both connectives are used, of which it is not documented which binds tighter."""
        return len(set(self.connectives)) > 1

    @property
    def alternatives(self) -> tuple[tuple[Condition, ...], ...]:
        """The conditions as an OR of ANDs.

        Which of the two binds tighter is not documented; AND does here, as in most languages (docs/service/3 §4.2).
        The checks warn where both are used.
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
    """One INCLUDE or EXCLUDE with its conditions and, after IF, the users that it applies to."""

    action: Action
    target: Target
    where: Clause
    only_if: Clause | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions after WHERE and after IF."""
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
        """The values and parameters of all conditions."""
        for condition in self.conditions():
            yield from condition.literals
