"""How long each transition of each kind usually takes.

The guide has few figures and no guarantees, so most rows are assumed, in the order of magnitude that users report. That
is enough to show progress and to run the emulator. The guide's own samples stop polling after three hours
(docs/service/2 §2.7).
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


_ASSUMED = "assumed"


def _seconds(typical: float, longest: float, source: str = _ASSUMED) -> Duration:
    return Duration(timedelta(seconds=typical), timedelta(seconds=longest), source)


def _minutes(typical: float, longest: float, source: str = _ASSUMED) -> Duration:
    return Duration(timedelta(minutes=typical), timedelta(minutes=longest), source)


_AT_ONCE = _seconds(0, 0, "docs/service/2 §2.2: a schema has no status")

DURATIONS: Mapping[tuple[str, Transition], Duration] = MappingProxyType(
    {
        ("DatasetGroup", Transition.CREATE): _minutes(1, 10),  # docs/service/2 §13.2: 72 minutes, illustrative
        ("DatasetGroup", Transition.DELETE): _minutes(1, 10),
        ("Schema", Transition.CREATE): _AT_ONCE,
        ("Schema", Transition.DELETE): _AT_ONCE,
        ("Dataset", Transition.CREATE): _seconds(30, 600),
        ("Dataset", Transition.UPDATE): _minutes(1, 15),
        ("Dataset", Transition.DELETE): _minutes(2, 20),
        ("DatasetImportJob", Transition.CREATE): _minutes(14, 180, "docs/service/2 §13.2: sample timestamps"),
        ("DatasetExportJob", Transition.CREATE): _minutes(10, 180),
        ("Solution", Transition.CREATE): _minutes(1, 10),
        ("Solution", Transition.UPDATE): _minutes(3, 20, "docs/service/2 §13.2: a few minutes"),
        ("Solution", Transition.DELETE): _minutes(2, 20),
        ("SolutionVersion", Transition.CREATE): _minutes(
            50, 600, "assumed; docs/service/2 §13.2: tens of minutes to hours"
        ),
        ("SolutionVersion", Transition.STOP): _minutes(3, 30),
        ("Campaign", Transition.CREATE): _minutes(12, 75, "assumed; docs/service/1 §3.3: minutes, may exceed an hour"),
        ("Campaign", Transition.UPDATE): _minutes(10, 75),
        ("Campaign", Transition.DELETE): _minutes(3, 20),
        ("Recommender", Transition.CREATE): _minutes(23, 180, "docs/service/2 §13.2: sample timestamps"),
        ("Recommender", Transition.UPDATE): _minutes(15, 180),
        ("Recommender", Transition.DELETE): _minutes(3, 20),
        ("Recommender", Transition.START): _minutes(10, 60),
        ("Recommender", Transition.STOP): _minutes(3, 20),
        # The first filter with CurrentItem takes minutes, up to 15 with a KMS key.
        ("Filter", Transition.CREATE): _seconds(30, 900, "assumed; longest: docs/service/3 §4.1"),
        ("Filter", Transition.DELETE): _minutes(1, 10),
        ("EventTracker", Transition.CREATE): _seconds(30, 600),
        ("EventTracker", Transition.DELETE): _minutes(1, 10),
        ("MetricAttribution", Transition.CREATE): _minutes(1, 10),
        ("MetricAttribution", Transition.UPDATE): _minutes(1, 10),
        ("MetricAttribution", Transition.DELETE): _minutes(1, 10),
        ("BatchInferenceJob", Transition.CREATE): _minutes(30, 600),
        ("BatchSegmentJob", Transition.CREATE): _minutes(30, 600),
        ("DataDeletionJob", Transition.CREATE): _minutes(
            60, 1440, "assumed; longest: docs/service/2 §3.13, up to a day"
        ),
    }
)


def usual_duration(kind: str, transition: Transition) -> Duration | None:
    """Return the duration of a transition, or None if the kind has no such transition."""
    return DURATIONS.get((kind, transition))
