"""What a campaign or recommender is asked, its answer, and the metrics of a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Click:
    """An event of a user or session with an item."""

    event_type: str
    item: str
    value: float | None = None


@dataclass(frozen=True)
class Question:
    """A request for recommendations, with logical names; the events are recorded before it."""

    user: str | None = None
    item: str | None = None
    items: tuple[str, ...] = ()  # to rank
    filter: str | None = None  # the name of a document or of an object
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of the filter, by parameter
    count: int | None = None  # None: the default of the service
    events: tuple[Click, ...] = ()
    session: str | None = None


@dataclass(frozen=True)
class Recommended:
    """One result: an item or an action."""

    id: str
    score: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # of the Items dataset, by name
    remarks: tuple[str, ...] = ()  # why the item is there, in the words of the service


@dataclass(frozen=True)
class Answer:
    """The results, the best first."""

    recommendation_id: str
    results: tuple[Recommended, ...]


@dataclass(frozen=True)
class Measured:
    """A solution version or recommender with its metrics."""

    arn: str
    name: str
    recipe: str  # "" if it is not known
    created: float  # epoch seconds
    metrics: Mapping[str, float]
