"""How long each transition of each kind usually takes.

The guide has few figures and no guarantees. Medians and ranges are from status polls in AWS's notebooks
(docs/service/7 §2); the other rows are assumed, in the order of magnitude that users report. That is enough to show
progress and to run the emulator. The guide's own samples stop polling after three hours (docs/service/2 §2.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Transition(StrEnum):
    """A transition of a resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    START = "start"  # recommenders
    STOP = "stop"  # recommenders, and a solution version's training


@dataclass(frozen=True)
class Duration:
    """The duration to expect of one transition."""

    typical: timedelta
    longest: timedelta  # after this, something is probably wrong
    source: str  # of the typical figure, or "assumed"
    observed: tuple[timedelta, timedelta] | None = None  # the shortest and the longest that were seen


_ASSUMED = "assumed"


def _seconds(typical: float, longest: float, source: str = _ASSUMED) -> Duration:
    return Duration(timedelta(seconds=typical), timedelta(seconds=longest), source)


def _minutes(typical: float, longest: float, source: str = _ASSUMED) -> Duration:
    return Duration(timedelta(minutes=typical), timedelta(minutes=longest), source)


def _observed(shortest: float, median: float, seen: float, longest: float, source: str) -> Duration:
    """Return the duration of observations in minutes; `seen` is the longest of them."""
    range_ = (timedelta(minutes=shortest), timedelta(minutes=seen))
    return Duration(timedelta(minutes=median), timedelta(minutes=longest), source, range_)


_AT_ONCE = _seconds(0, 0, "docs/service/2 §2.2: a schema has no status")

DURATIONS: Mapping[tuple[str, Transition], Duration] = MappingProxyType(
    {
        # docs/service/2 §13.2: 72 minutes, illustrative
        ("DatasetGroup", Transition.CREATE): _observed(0.1, 0.5, 1, 10, "docs/service/7 §2 row 16"),
        ("DatasetGroup", Transition.DELETE): _minutes(1, 10),
        ("Schema", Transition.CREATE): _AT_ONCE,
        ("Schema", Transition.DELETE): _AT_ONCE,
        ("Dataset", Transition.CREATE): _seconds(30, 600),
        ("Dataset", Transition.UPDATE): _minutes(1, 15),
        ("Dataset", Transition.DELETE): _minutes(2, 20),
        # docs/service/2 §13.2: 14 minutes in sample timestamps; before 2021 imports took 15 minutes
        ("DatasetImportJob", Transition.CREATE): _observed(2, 4, 7, 180, "docs/service/7 §2 row 1"),
        ("DatasetExportJob", Transition.CREATE): _minutes(10, 180),
        ("Solution", Transition.CREATE): _minutes(1, 10),
        ("Solution", Transition.UPDATE): _minutes(3, 20, "docs/service/2 §13.2: a few minutes"),
        ("Solution", Transition.DELETE): _minutes(2, 20),
        # Medians from 31 to 42.5 minutes by recipe; docs/service/2 §13.2: tens of minutes to hours
        ("SolutionVersion", Transition.CREATE): _observed(10, 35, 57, 600, "docs/service/7 §2 rows 2 to 6"),
        ("SolutionVersion", Transition.STOP): _minutes(3, 30),
        # docs/service/1 §3.3: minutes, may exceed an hour
        ("Campaign", Transition.CREATE): _observed(7, 9, 12, 75, "docs/service/7 §2 row 11"),
        ("Campaign", Transition.UPDATE): _observed(12, 14, 16, 75, "docs/service/7 §2 row 12"),
        ("Campaign", Transition.DELETE): _minutes(3, 20),
        # Over all use cases; docs/service/2 §13.2: 23 minutes in sample timestamps
        ("Recommender", Transition.CREATE): _observed(22, 45, 66, 180, "docs/service/7 §2 rows 7 to 9"),
        ("Recommender", Transition.UPDATE): _observed(11, 15, 16, 180, "docs/service/7 §2 row 10"),
        ("Recommender", Transition.DELETE): _minutes(3, 20),
        ("Recommender", Transition.START): _minutes(10, 60),
        ("Recommender", Transition.STOP): _minutes(3, 20),
        # The first filter with CurrentItem takes minutes, up to 15 with a KMS key.
        ("Filter", Transition.CREATE): _observed(0.5, 1.5, 3, 15, "docs/service/7 §2 row 15; 3 §4.1 for the longest"),
        ("Filter", Transition.DELETE): _minutes(1, 10),
        ("EventTracker", Transition.CREATE): _seconds(30, 600),
        ("EventTracker", Transition.DELETE): _minutes(1, 10),
        ("MetricAttribution", Transition.CREATE): _minutes(1, 10),
        ("MetricAttribution", Transition.UPDATE): _minutes(1, 10),
        ("MetricAttribution", Transition.DELETE): _minutes(1, 10),
        ("BatchInferenceJob", Transition.CREATE): _observed(13, 26, 35, 600, "docs/service/7 §2 row 13"),
        ("BatchSegmentJob", Transition.CREATE): _observed(8, 8, 8, 600, "docs/service/7 §2 row 14"),
        ("DataDeletionJob", Transition.CREATE): _minutes(
            60, 1440, "assumed; longest: docs/service/2 §3.13, up to a day"
        ),
    }
)

RECOMMENDER_CREATIONS: Mapping[str, Duration] = MappingProxyType(
    {
        "aws-vod-more-like-x": _observed(22, 42, 66, 180, "docs/service/7 §2 row 7"),
        "aws-vod-top-picks": _observed(22, 61, 65, 180, "docs/service/7 §2 row 8"),
        "aws-ecomm-recommended-for-you": _observed(57, 58, 59, 180, "docs/service/7 §2 row 9"),
        "aws-ecomm-customers-who-viewed-x-also-viewed": _observed(31, 32.5, 34, 180, "docs/service/7 §2 row 9"),
    }
)
"""How long the creation of a recommender takes, by the name of its use case, where that was observed."""


def usual_duration(kind: str, transition: Transition) -> Duration | None:
    """Return the duration of a transition, or None if the kind has no such transition."""
    return DURATIONS.get((kind, transition))
