"""A metric attribution: what is counted when recommendations are acted upon; one in a group (docs/service/3 §5)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.catalog.schemas import parse
from personalize_gitops.emulator.errors import Refusal, already_exists, invalid
from personalize_gitops.emulator.service.crud import check_ready
from personalize_gitops.emulator.service.kind import Answer, Kind, Request
from personalize_gitops.emulator.service.lifecycle import plan_statuses
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.service.paging import DEFAULT_SIZE, filters_of, position, token_for
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

_EXPRESSION = re.compile(r"\s*(?:SAMPLECOUNT\s*\(\s*\)|SUM\s*\(\s*(Items|Interactions)\s*\.\s*(\w+)\s*\))\s*", re.I)

Metric = Mapping[str, Any]


class MetricAttribution(Kind):
    """Its metrics are listed, not described."""

    name = "MetricAttribution"
    arn_path = "metric-attribution"

    def check(self, region: Region, request: Request) -> None:
        """One in a group, over columns the group has."""
        group = request["datasetGroupArn"]
        if not region.settings.second_of_its_kind_is_a_limit:
            for other in region.listed(self.name, group):
                raise already_exists(other.arn)
        interactions = region.group_datasets(group).get("INTERACTIONS")
        if interactions is None or "EVENT_TYPE" not in parse(region.schema_text(interactions)).field:
            raise invalid("A metric attribution needs an Interactions dataset with the column EVENT_TYPE.")
        _check_metrics(region, group, request["metrics"])

    def role_of(self, request: Request) -> str | None:
        """It is part of the output."""
        role: str = request["metricsOutputConfig"]["roleArn"]
        return role

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The metrics are kept beside what Describe shows."""
        return record.showing(metrics=None).knowing(metrics=request["metrics"])


def update_metric_attribution(region: Region, request: Request) -> Answer:
    """Remove metrics by name, then add others under free names; replace the output (docs/service/3 §5.3)."""
    if "metricAttributionArn" not in request:
        raise invalid("metricAttributionArn is required.")
    record = region.find("MetricAttribution", request["metricAttributionArn"])
    check_ready(region, operations()["UpdateMetricAttribution"], "metricAttributionArn", record)
    kept = {metric["metricName"]: metric for metric in record.private["metrics"]}
    for name in request.get("removeMetrics", ()):
        if name not in kept:
            raise Refusal("ResourceNotFoundException", f"Metric {name} of {record.arn} does not exist.")
        del kept[name]
    before = {} if region.settings.metrics_can_be_swapped else {m["metricName"] for m in record.private["metrics"]}
    for metric in request.get("addMetrics", ()):
        if metric["metricName"] in kept or metric["metricName"] in before:
            raise Refusal("ResourceAlreadyExistsException", f"Metric {metric['metricName']} already exists.")
        kept[metric["metricName"]] = metric
    _check_metrics(region, record.fields["datasetGroupArn"], list(kept.values()))
    output = request.get("metricsOutputConfig", record.fields["metricsOutputConfig"])
    region.put(record.showing(metricsOutputConfig=output).knowing(metrics=list(kept.values())))
    statuses = (*region.settings.attribution_update_statuses, ACTIVE)
    plan_statuses(region, region.find("MetricAttribution", record.arn), Transition.UPDATE, statuses)
    return {"metricAttributionArn": record.arn}


def list_metrics(region: Region, request: Request) -> Answer:
    """One page of the metrics of an attribution."""
    if "metricAttributionArn" not in request:
        raise invalid("metricAttributionArn is required.")
    record = region.get(request["metricAttributionArn"])
    if record is None or record.kind != "MetricAttribution":
        # The operation declares no ResourceNotFoundException (docs/service/4 §1.5).
        raise invalid(f"Resource Arn {request['metricAttributionArn']} does not exist.")
    metrics: list[Metric] = record.private["metrics"]
    size, filters = request.get("maxResults") or DEFAULT_SIZE, filters_of(request)
    operation = "ListMetricAttributionMetrics"
    start = position(operation, filters, request["nextToken"]) if "nextToken" in request else 0
    answer: dict[str, Any] = {"metrics": metrics[start : start + size]}
    if start + size < len(metrics):
        answer["nextToken"] = token_for(operation, filters, start + size)
    return answer


def _check_metrics(region: Region, group: str, metrics: Iterable[Metric]) -> None:
    names = [metric["metricName"] for metric in metrics]
    if len(set(names)) < len(names):
        raise invalid(f"Metric names must differ: {', '.join(names)}.")
    most = region.settings.limit("metrics of an attribution")
    if len(names) > most:
        raise invalid(f"A metric attribution can have {most} metrics, not {len(names)}.")
    datasets = region.group_datasets(group)
    for metric in metrics:
        found = _EXPRESSION.fullmatch(metric["expression"])
        if found is None:
            raise invalid(f"Invalid expression {metric['expression']}; use SUM(Dataset.COLUMN) or SAMPLECOUNT().")
        if found[1] is None:
            continue
        dataset = datasets.get(found[1].upper())
        field = parse(region.schema_text(dataset)).field.get(found[2]) if dataset else None
        if field is None or not field.numeric:
            raise invalid(f"Invalid expression {metric['expression']}; {found[2]} is no numeric column of {found[1]}.")


MetricAttribution.operations = {
    "UpdateMetricAttribution": update_metric_attribution,
    "ListMetricAttributionMetrics": list_metrics,
}
