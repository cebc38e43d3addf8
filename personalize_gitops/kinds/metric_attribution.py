"""A metric attribution: the events that reports on the impact of recommendations sum up. At most one a group."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, Text256, most_per_group, typical
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Most, OnRemove, Resource
from personalize_gitops.model.structure import (
    Attributes,
    Compare,
    InTwoUpdates,
    ListedBy,
    Mutable,
    Note,
    Ref,
    Structure,
)


class Metric(Structure):
    """One metric of the reports: an expression over the events of one type."""

    event_type: Text256
    metric_name: Text256
    expression: Text256


class MetricsOutputConfig(Structure):
    """The location of the reports."""

    s3_data_destination: S3Data | None = None
    role_arn: RoleArn


def _by_name(metrics: Any) -> Any:
    """Return the metrics sorted by name, because their order does not count."""
    return sorted(metrics, key=lambda metric: str(metric["metricName"]))


def _adds_metric(before: Any, after: Any) -> bool:
    """Return whether a change adds a metric name."""
    return bool(_named(after).keys() - _named(before).keys())


def _changes_metric(before: Any, after: Any) -> bool:
    """Return whether a metric keeps its name and changes its event type or expression (docs/service/3 §5.3)."""
    earlier = _named(before)
    return any(earlier.get(name, metric) != metric for name, metric in _named(after).items())


def _named(metrics: Any) -> dict[str, Any]:
    """Return the metrics by name; empty if there are none."""
    return {metric["metricName"]: metric for metric in metrics} if isinstance(metrics, list) else {}


class MetricAttribution(Resource):
    """Described in docs/service/3 §5 and 4 §2.12."""

    durations = typical("MetricAttribution")
    most_per_group: ClassVar[Most | None] = most_per_group("MetricAttribution")
    one_per_group: ClassVar[bool] = True
    on_remove: ClassVar[OnRemove] = OnRemove.RETAIN
    loses: ClassVar[Fact | None] = Fact.LOSES_METRICS
    immutable: ClassVar[Fact | None] = Fact.UPDATE_TAKES_METRICS  # docs/service/3 §5.3
    no_successor: ClassVar[Fact | None] = Fact.ONE_ATTRIBUTION_PER_GROUP
    taggable: ClassVar[bool] = False
    after: ClassVar = ("Dataset",)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    metrics: Annotated[
        list[Metric],
        Field(max_length=10),
        Compare(_by_name),
        Mutable,
        ListedBy("ListMetricAttributionMetrics"),
        InTwoUpdates,
        # docs/service/3 §5.2
        Note(Fact.CLOUDWATCH_BILLS, Risk.COST, when=_adds_metric),
        Note(
            Fact.METRIC_PAUSES,
            Risk.OUTAGE,
            when=_changes_metric,
        ),
    ]
    metrics_output_config: Annotated[MetricsOutputConfig, Mutable]

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Return the update request, which removes and adds metrics by name.

        An existing name cannot be added (docs/service/4 §1.2). So one update removes a changed metric, and the next
        adds it.
        """
        existing = {metric["metricName"]: metric for metric in before["metrics"]}
        wanted = {metric["metricName"]: metric for metric in after.get("metrics", before["metrics"])}
        request = super().update_request(before, {key: value for key, value in after.items() if key != "metrics"})
        removed = sorted(name for name in existing if existing[name] != wanted.get(name))
        added = [metric for name, metric in sorted(wanted.items()) if name not in existing]
        if removed:
            request["removeMetrics"] = removed
        if added:
            request["addMetrics"] = added
        return request
