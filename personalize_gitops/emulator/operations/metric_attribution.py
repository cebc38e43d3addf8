"""MetricAttribution: metrics on the effect of recommendations; one in a dataset group (docs/service/3 §5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.catalog.rules.attributions import event_type_problems, metric_problems, report_problems
from personalize_gitops.emulator.errors import Refusal, already_exists, invalid
from personalize_gitops.emulator.operations.attribution_reports import REPORT, report_streamed
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.crud import check_active
from personalize_gitops.emulator.service.kind import Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import schedule_statuses
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.service.paging import slice_page
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

Metric = Mapping[str, Any]


class MetricAttribution(Kind):
    """A metric attribution. Describe does not show its metrics, so they are private values of the record."""

    name = "MetricAttribution"
    arn_path = "metric-attribution"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a second one in a group, a group without the column EVENT_TYPE, and invalid metrics."""
        group = request["datasetGroupArn"]
        if not region.settings.second_of_its_kind_is_a_limit:
            for other in region.listed(self.name, group):
                raise already_exists(other.arn)
        refuse_first(region.settings, event_type_problems(known_group(region, group)))
        refuse_first(region.settings, report_problems(request))
        _check_metrics(region, group, request["metrics"])

    def role_of(self, request: Request) -> str | None:
        """Return the role, which is part of the output configuration."""
        role: str = request["metricsOutputConfig"]["roleArn"]
        return role

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Move the metrics to the private values."""
        return record.with_fields(metrics=None).with_private(metrics=request["metrics"])

    def handle_event(self, region: Region, record: Record, event: Event) -> None:
        """Report what was counted in a window of time."""
        if event.action == REPORT:
            report_streamed(region, record)


def update_metric_attribution(region: Region, request: Request) -> Response:
    """Remove metrics, then add others, and replace the output configuration (docs/service/3 §5.3)."""
    if "metricAttributionArn" not in request:
        raise invalid("metricAttributionArn is required.")
    record = region.find("MetricAttribution", request["metricAttributionArn"])
    check_active(region, operations()["UpdateMetricAttribution"], "metricAttributionArn", record)
    metrics = {metric["metricName"]: metric for metric in record.private["metrics"]}
    for name in request.get("removeMetrics", ()):
        if name not in metrics:
            raise Refusal("ResourceNotFoundException", f"Metric {name} of {record.arn} does not exist.")
        del metrics[name]
    before = {} if region.settings.metrics_can_be_swapped else {m["metricName"] for m in record.private["metrics"]}
    for metric in request.get("addMetrics", ()):
        if metric["metricName"] in metrics or metric["metricName"] in before:
            raise Refusal("ResourceAlreadyExistsException", f"Metric {metric['metricName']} already exists.")
        metrics[metric["metricName"]] = metric
    _check_metrics(region, record.fields["datasetGroupArn"], list(metrics.values()))
    refuse_first(region.settings, report_problems(request))
    output = request.get("metricsOutputConfig", record.fields["metricsOutputConfig"])
    changed = record.with_fields(metricsOutputConfig=output).with_private(metrics=list(metrics.values()))
    statuses = (*region.settings.attribution_update_statuses, ACTIVE)
    schedule_statuses(region, changed, Transition.UPDATE, statuses)
    return {"metricAttributionArn": record.arn}


def list_metrics(region: Region, request: Request) -> Response:
    """Return one page of the metrics of an attribution."""
    if "metricAttributionArn" not in request:
        raise invalid("metricAttributionArn is required.")
    record = region.get(request["metricAttributionArn"])
    if record is None or record.kind != "MetricAttribution":
        # The operation declares no ResourceNotFoundException (docs/service/4 §1.5).
        raise invalid(f"Resource Arn {request['metricAttributionArn']} does not exist.")
    return slice_page("ListMetricAttributionMetrics", request, "metrics", record.private["metrics"])


def _check_metrics(region: Region, group: str, metrics: Sequence[Metric]) -> None:
    """Refuse duplicate names, too many metrics, and expressions over columns that are missing or not numeric."""
    refuse_first(region.settings, metric_problems(metrics, known_group(region, group)))
    most = region.settings.limit("metrics of an attribution")
    if len(metrics) > most:
        raise invalid(f"A metric attribution can have {most} metrics, not {len(metrics)}.")


MetricAttribution.operations = {
    "UpdateMetricAttribution": update_metric_attribution,
    "ListMetricAttributionMetrics": list_metrics,
}
