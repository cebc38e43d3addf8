"""What models are trained on and asked. Plain values: importing this module loads no library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Columns = Mapping[str, Sequence[str]]
"""A table by column; "" is null. All columns have the same length."""


class Use(StrEnum):
    """How a metadata column is read."""

    CATEGORICAL = "categorical"  # several categories in one value are joined with `|`
    TEXTUAL = "textual"
    NUMERIC = "numeric"


@dataclass(frozen=True)
class Feature:
    """A metadata column that a model can learn from."""

    column: str
    use: Use


@dataclass(frozen=True)
class TrainingData:
    """The rows of one dataset group as they were when the training began, without excluded columns."""

    interactions: Columns = field(default_factory=dict)
    items: Columns = field(default_factory=dict)
    users: Columns = field(default_factory=dict)
    actions: Columns = field(default_factory=dict)
    action_interactions: Columns = field(default_factory=dict)
    item_features: tuple[Feature, ...] = ()
    user_features: tuple[Feature, ...] = ()
    context_features: tuple[Feature, ...] = ()  # columns of the interactions, such as the device


ANY_EVENT = "*"
"""The type of a rule for the events that have no rule of their own."""


@dataclass(frozen=True)
class EventRule:
    """One event type to learn from, or ANY_EVENT. Types compare without case."""

    type: str
    threshold: float | None = None  # the least EVENT_VALUE that counts
    weight: float = 1.0  # only the ratio to the other weights matters


@dataclass(frozen=True)
class Objective:
    """A numeric item column whose higher values are favoured (docs/service/2 §8.4)."""

    column: str
    sensitivity: str  # OFF, LOW, MEDIUM or HIGH


@dataclass(frozen=True)
class Configuration:
    """What a solution version or recommender says about its training."""

    recipe: str  # its name, such as aws-user-personalization
    parameters: Mapping[str, str] = field(default_factory=dict)  # by name; a missing one has the recipe's default
    events: tuple[EventRule, ...] = ()  # the event types to learn from; empty for all
    objective: Objective | None = None
    removes: str = ""  # items with this event of the user are left out before any filter; "" for none

    def number(self, name: str, default: float) -> float:
        """Return a numeric parameter; the default where the recipe does not have it."""
        return float(self.parameters.get(name, default))

    def flag(self, name: str) -> bool:
        """Return a boolean parameter; True where the recipe does not have it."""
        return self.parameters.get(name, "true").lower() == "true"


@dataclass(frozen=True)
class Event:
    """One interaction that is newer than the training, of the user or session that asks."""

    item: str  # the id of the item; of the action, where actions are asked for
    type: str
    time: float  # epoch seconds
    value: float | None = None


@dataclass(frozen=True)
class Exploration:
    """How much of an answer is for items with few interactions (docs/service/2 §8.6)."""

    weight: float = 0.3
    age_cut_off: float = 30.0  # the greatest age of an explored item, in days before the newest interaction


@dataclass(frozen=True)
class Question:
    """One request to a model. Every family reads the members that it has a use for."""

    user: str | None = None  # or a session; unknown ones are answered with what is popular
    item: str | None = None  # related items: the item they relate to; segments: the item that users would like
    attributes: tuple[tuple[str, str], ...] = ()  # segments: columns and values that the items have, all of them
    events: Sequence[Event] = ()  # newer than the training, oldest first
    context: Mapping[str, str] = field(default_factory=dict)  # contextual metadata by column
    among: Sequence[str] | None = None  # the ids to rank; others are not in the answer, unknown ones come last
    exploration: Exploration | None = None  # None explores nothing
    influence: Mapping[str, float] = field(default_factory=dict)  # POPULARITY and FRESHNESS, from 0 to 1
    now: float | None = None  # epoch seconds; without it, no action has expired and none waits to be repeated
