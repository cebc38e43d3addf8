"""A metric attribution: which events are added up for reports on what recommendations brought. One to a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, Text256, typical
from personalize_gitops.model.resource import Attributes, Compare, Mutable, Ref, Resource, Structure


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


class MetricAttribution(Resource):
    """Described in reference 3 §5 and 4 §2.12."""

    takes = typical("MetricAttribution")
    one_per_group: ClassVar[bool] = True
    loses: ClassVar[str] = "its metrics and where they are reported"
    taggable: ClassVar[bool] = False
    after: ClassVar = ("Dataset",)
    read_apart: ClassVar[Mapping[str, str]] = {"metrics": "ListMetricAttributionMetrics"}

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    metrics: Annotated[list[Metric], Field(max_length=10), Compare(_by_name), Mutable]
    metrics_output_config: Annotated[MetricsOutputConfig, Mutable]

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Metrics are removed and added by name.

        A name that is there cannot be added (reference 4 §1.2), so a metric that changes is removed by one update and
        added by the next.
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

    @classmethod
    def is_updated(cls, now: Attributes, wanted: Attributes) -> bool:
        """Whether every metric is as wanted."""
        return "metrics" not in wanted or _by_name(now["metrics"]) == _by_name(wanted["metrics"])

    @classmethod
    def why_no_successor(cls, before: Attributes, after: Attributes) -> str:
        """There is no second one to move to."""
        return "a dataset group holds one metric attribution"
