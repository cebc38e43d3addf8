"""A metric attribution: which events are added up for reports on what recommendations brought. One to a group."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, Text256, typical
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Resource
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
    """One number of the reports: events of a type, added up by an expression."""

    event_type: Text256
    metric_name: Text256
    expression: Text256


class MetricsOutputConfig(Structure):
    """Where the reports go."""

    s3_data_destination: S3Data | None = None
    role_arn: RoleArn


def _by_name(metrics: Any) -> Any:
    """The order of metrics means nothing."""
    return sorted(metrics, key=lambda metric: str(metric["metricName"]))


def _one_more(before: Any, after: Any) -> bool:
    return bool(_named(after).keys() - _named(before).keys())


def _one_changes(before: Any, after: Any) -> bool:
    """Whether a metric keeps its name and not its meaning (docs/service/3 §5.3)."""
    earlier = _named(before)
    return any(earlier.get(name, metric) != metric for name, metric in _named(after).items())


def _named(metrics: Any) -> dict[str, Any]:
    return {metric["metricName"]: metric for metric in metrics} if isinstance(metrics, list) else {}


class MetricAttribution(Resource):
    """Described in docs/service/3 §5 and 4 §2.12."""

    durations = typical("MetricAttribution")
    one_per_group: ClassVar[bool] = True
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
        Note(Fact.CLOUDWATCH_BILLS, Risk.COST, when=_one_more),
        Note(
            Fact.METRIC_PAUSES,
            Risk.OUTAGE,
            when=_one_changes,
        ),
    ]
    metrics_output_config: Annotated[MetricsOutputConfig, Mutable]

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Metrics are removed and added by name.

        An existing name cannot be added (docs/service/4 §1.2), so one update removes a changed metric and the next adds
        it.
        """
        have = {metric["metricName"]: metric for metric in before["metrics"]}
        want = {metric["metricName"]: metric for metric in after.get("metrics", before["metrics"])}
        request = super().update_request(before, {key: value for key, value in after.items() if key != "metrics"})
        removed = sorted(name for name in have if have[name] != want.get(name))
        added = [metric for name, metric in sorted(want.items()) if name not in have]
        if removed:
            request["removeMetrics"] = removed
        if added:
            request["addMetrics"] = added
        return request
