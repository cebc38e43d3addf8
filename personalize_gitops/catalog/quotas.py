"""Limits on resources and data: docs/service/3 §13.1 to §13.4.

These are the defaults. An account can have higher values for adjustable quotas; Service Quotas has the values that
apply.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """The scope in which a quota counts."""

    REGION = "region"
    DATASET_GROUP = "dataset group"
    FILTER = "filter"
    DATASET = "dataset"
    IMPORT_JOB = "import job"
    USER = "user"
    CALL = "call"
    ATTRIBUTION = "metric attribution"
    TRAINING = "training"
    TARGET = "campaign or recommender"


class Counted(StrEnum):
    """Which resources of a kind a quota counts."""

    EXISTING = "existing"  # everything that is not deleted: the guide names no status
    ACTIVE = "active"
    PENDING = "pending or running"


class Bound(StrEnum):
    """Whether a quota is a maximum or a minimum."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True)
class Quota:
    """One limit of the service."""

    name: str
    default: int
    scope: Scope
    source: str
    adjustable: bool = False
    bound: Bound = Bound.AT_MOST
    kind: str | None = None  # the kind of resource that it counts; None if it counts something else
    counted: Counted = Counted.EXISTING


def _of_region(name: str, kind: str, default: int, counted: Counted, *, adjustable: bool = False) -> Quota:
    return Quota(name, default, Scope.REGION, "docs/service/3 §13.1", adjustable, kind=kind, counted=counted)


def _of_group(
    name: str, kind: str, default: int, counted: Counted = Counted.EXISTING, *, adjustable: bool = False
) -> Quota:
    return Quota(name, default, Scope.DATASET_GROUP, "docs/service/3 §13.2", adjustable, kind=kind, counted=counted)


def _of_data(name: str, default: int, scope: Scope, *, adjustable: bool = False, bound: Bound = Bound.AT_MOST) -> Quota:
    return Quota(name, default, scope, "docs/service/3 §13.4", adjustable, bound)


_GIGABYTE = 1024**3

_ALL = (
    _of_region("active schemas", "Schema", 500, Counted.ACTIVE),
    _of_region("active dataset groups", "DatasetGroup", 5, Counted.ACTIVE, adjustable=True),
    _of_region("pending dataset import jobs", "DatasetImportJob", 5, Counted.PENDING),
    _of_region("pending batch inference jobs", "BatchInferenceJob", 5, Counted.PENDING, adjustable=True),
    _of_region("pending batch segment jobs", "BatchSegmentJob", 5, Counted.PENDING),
    _of_region("pending solution versions", "SolutionVersion", 20, Counted.PENDING, adjustable=True),
    # The guide's text says 15 a region, its table 5 a dataset group: both hold here (docs/service/3 §15, row 2).
    _of_region("recommenders of a region", "Recommender", 15, Counted.EXISTING),
    _of_group("active solutions", "Solution", 10, Counted.ACTIVE, adjustable=True),
    _of_group("active campaigns", "Campaign", 5, Counted.ACTIVE, adjustable=True),
    _of_group("recommenders", "Recommender", 5),
    _of_group("filters", "Filter", 10, adjustable=True),
    _of_group("pending data deletion jobs", "DataDeletionJob", 5, Counted.PENDING, adjustable=True),
    _of_group("event trackers", "EventTracker", 1),
    _of_group("metric attributions", "MetricAttribution", 1),
    # Without a kind: there is one of each type, and the ARN of a second one collides (docs/service/2 §2.1).
    Quota("datasets of each type", 1, Scope.DATASET_GROUP, "docs/service/3 §13.2"),
    Quota("distinct fields over all filters", 10, Scope.DATASET_GROUP, "docs/service/3 §13.2"),
    Quota("distinct fields of a filter", 5, Scope.FILTER, "docs/service/3 §13.2"),
    _of_data("interactions to train", 1_000, Scope.TRAINING, bound=Bound.AT_LEAST),
    _of_data("users with two interactions to train", 25, Scope.TRAINING, bound=Bound.AT_LEAST),
    _of_data("percent of users with two interactions to train", 1, Scope.TRAINING, bound=Bound.AT_LEAST),
    _of_data("interactions considered", 500_000_000, Scope.TRAINING, adjustable=True),
    _of_data("interactions considered by v2 recipes", 3_000_000_000, Scope.TRAINING),
    _of_data("items considered", 750_000, Scope.TRAINING),
    _of_data("items considered by v2 recipes", 5_000_000, Scope.TRAINING),
    _of_data("actions considered", 1_000, Scope.TRAINING),
    _of_data("action interactions considered", 500_000_000, Scope.TRAINING),
    _of_data("event types and own columns of interactions", 10, Scope.DATASET),
    _of_data("own columns of interactions", 5, Scope.DATASET),
    _of_data("own columns of users", 25, Scope.DATASET),
    _of_data("own columns of items", 100, Scope.DATASET),
    _of_data("textual columns of items", 1, Scope.DATASET),
    _of_data("own columns of actions", 10, Scope.DATASET),
    _of_data("own columns of action interactions", 5, Scope.DATASET),
    _of_data("characters of a categorical value or impression", 1_000, Scope.DATASET),
    _of_data("characters of a text", 20_000, Scope.DATASET),
    _of_data("characters of a Chinese or Japanese text", 7_000, Scope.DATASET),
    _of_data("characters of an id", 256, Scope.DATASET),
    _of_data("records of an interactions import", 1_000, Scope.IMPORT_JOB, bound=Bound.AT_LEAST),
    _of_data("bytes of a full import", 100 * _GIGABYTE, Scope.IMPORT_JOB),
    _of_data("bytes of an incremental import", _GIGABYTE, Scope.IMPORT_JOB, adjustable=True),
    _of_data("item interactions a filter sees of each event type", 100, Scope.USER, adjustable=True),
    # Marked adjustable in the table, absent from the guide's list of adjustable quotas.
    _of_data("action interactions a filter sees of each event type", 300, Scope.USER, adjustable=True),
    _of_data("events of a call", 10, Scope.CALL),
    _of_data("items, users or actions of a call", 10, Scope.CALL),
    _of_data("bytes of an event", 10 * 1024, Scope.CALL),
    Quota("calls a second of PutEvents", 1_000, Scope.DATASET_GROUP, "docs/service/3 §13.2", adjustable=True),
    Quota(
        "calls a second of PutActionInteractions", 1_000, Scope.DATASET_GROUP, "docs/service/3 §13.2", adjustable=True
    ),
    Quota("calls a second of PutItems", 10, Scope.DATASET_GROUP, "docs/service/3 §13.2"),
    Quota("calls a second of PutUsers", 10, Scope.DATASET_GROUP, "docs/service/3 §13.2"),
    Quota("calls a second of PutActions", 10, Scope.DATASET_GROUP, "docs/service/3 §13.2"),
    Quota("calls a second of GetRecommendations", 500, Scope.TARGET, "docs/service/3 §13.3"),
    Quota("calls a second of GetPersonalizedRanking", 500, Scope.TARGET, "docs/service/3 §13.3"),
    Quota("calls a second of GetActionRecommendations", 500, Scope.TARGET, "docs/service/3 §13.3"),
    Quota("calls a second of the runtime", 2_500, Scope.REGION, "docs/service/3 §13.3"),
    _of_data("metrics of an attribution", 10, Scope.ATTRIBUTION),
    _of_data("event sources of an attribution", 100, Scope.ATTRIBUTION),
)

QUOTAS: Mapping[str, Quota] = MappingProxyType({quota.name: quota for quota in _ALL})


def quotas_on(kind: str) -> tuple[Quota, ...]:
    """Return the quotas that count the resources of a kind."""
    return tuple(quota for quota in _ALL if quota.kind == kind)
