"""What a metric attribution reports: counts and sums over events, in windows of 15 minutes (docs/service/3 §5).

Streamed events are counted as they arrive and reported at the end of the window; an import is reported at its end.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.attributions import Expression, parse_expression
from personalize_gitops.emulator.data.tables import Row, Table
from personalize_gitops.emulator.operations.serving import source_of
from personalize_gitops.emulator.state import cloud_watch
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

REPORT = "report"  # the action of the event at the end of a window

_WINDOW = 900  # seconds
_OLDEST = 14 * 86400  # seconds; CloudWatch gets no older events
_NO_SOURCE = "SOURCE_NAME_UNDEFINED"
_SOURCE, _RECOMMENDATION, _PUT = "EVENT_ATTRIBUTION_SOURCE", "RECOMMENDATION_ID", "PUT"
_HEADER = ("METRIC_NAME", "EVENT_TYPE", "VALUE", "MATH_FUNCTION", _SOURCE, "TIMESTAMP")

Sourced = tuple[Row, str | None]  # an event, and its source if it has one


class Cell(NamedTuple):
    """What one number of a report is about."""

    metric: str
    event_type: str
    function: str
    source: str
    window: int  # its start in epoch seconds


@dataclass(frozen=True)
class _Measure:
    """One metric of an attribution, over rows of certain columns."""

    metric: str
    event_type: str
    function: str
    value: Callable[[Row], float]  # what an event adds


def count_streamed(region: Region, group: str, columns: Sequence[str], events: Iterable[Sourced]) -> None:
    """Count events of a Put call; the first ones of a window schedule its report."""
    attribution = _active(region, group)
    if attribution is None:
        return
    counted = _counted(region, attribution, columns, events)
    attribution, counted = _of_known_sources(region, attribution, counted)
    if not counted:
        return
    waiting = _waiting(attribution)
    if not waiting:
        end = (region.now // _WINDOW + 1) * _WINDOW
        region.events.schedule(end, attribution.number, REPORT)
    for cell, value in counted.items():
        waiting[cell] = waiting.get(cell, 0.0) + value
    region.put(attribution.with_private(counts=[[*cell, value] for cell, value in waiting.items()]))


def report_streamed(region: Region, attribution: Record) -> None:
    """Report the events that were counted since the last report."""
    waiting = _waiting(attribution)
    region.put(attribution.with_private(counts=None))
    _to_cloud_watch(region, waiting)
    if region.settings.streamed_events_are_reported_to_s3:
        _to_s3(region, attribution, _PUT, waiting)


def report_import(region: Region, job: Record, group: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Report the interactions of an import: to CloudWatch if it is incremental, to S3 if the job wants it."""
    attribution = _active(region, group)
    mode, to_s3 = job.fields["importMode"], job.fields.get("publishAttributionMetricsToS3", False)
    if attribution is None or not (to_s3 or mode == "INCREMENTAL"):
        return
    counted = _counted(region, attribution, columns, _with_sources(region, columns, rows))
    attribution, counted = _of_known_sources(region, attribution, counted)
    region.put(attribution)
    if mode == "INCREMENTAL":
        _to_cloud_watch(region, counted)
    if to_s3:
        _to_s3(region, attribution, mode, counted)


def _active(region: Region, group: str) -> Record | None:
    """Return the attribution of a group. It also counts during an update."""
    counting = (ACTIVE, *region.settings.attribution_update_statuses)
    return next((each for each in region.listed("MetricAttribution", group) if each.status in counting), None)


def _waiting(attribution: Record) -> dict[Cell, float]:
    """Return what was counted since the last report."""
    return {Cell(*cell): value for *cell, value in attribution.private.get("counts", ())}


def _of_known_sources(
    region: Region, attribution: Record, counted: dict[Cell, float]
) -> tuple[Record, dict[Cell, float]]:
    """Return an attribution with its new sources, up to the quota, and the numbers of the sources that it has."""
    known = dict.fromkeys(attribution.private.get("sources", ()))
    most = region.settings.limit("event sources of an attribution")
    for cell in counted:
        if len(known) < most:
            known.setdefault(cell.source)
    kept = {cell: value for cell, value in counted.items() if cell.source in known}
    return attribution.with_private(sources=list(known)), kept


def _with_sources(region: Region, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Sourced]:
    """Yield imported interactions with their sources: as given, or that of their recommendation."""
    source, recommendation = (_reader(columns, name) for name in (_SOURCE, _RECOMMENDATION))
    for row in rows:
        yield row, source(row) or source_of(region, recommendation(row))


def _counted(
    region: Region, attribution: Record, columns: Sequence[str], events: Iterable[Sourced]
) -> dict[Cell, float]:
    """Return the numbers of each metric over events."""
    measures = _measures(region, attribution, columns)
    event_type, timestamp = (_reader(columns, name) for name in ("EVENT_TYPE", "TIMESTAMP"))
    counted: dict[Cell, float] = {}
    for row, source in events:
        for measure in measures.get(event_type(row).lower(), ()):
            window = int(timestamp(row)) // _WINDOW * _WINDOW
            cell = Cell(measure.metric, measure.event_type, measure.function, source or _NO_SOURCE, window)
            counted[cell] = counted.get(cell, 0.0) + measure.value(row)
    return counted


def _measures(region: Region, attribution: Record, columns: Sequence[str]) -> Mapping[str, list[_Measure]]:
    """Return the metrics of an attribution by the type of their events, in lower case."""
    items = region.group_tables(attribution.fields["datasetGroupArn"]).get("ITEMS")
    measures: dict[str, list[_Measure]] = {}
    for metric in attribution.private["metrics"]:
        expression = parse_expression(metric["expression"]) or Expression()
        function = "sum" if expression.dataset else "samplecount"
        measure = _Measure(metric["metricName"], metric["eventType"], function, _value(expression, columns, items))
        measures.setdefault(metric["eventType"].lower(), []).append(measure)
    return measures


def _value(expression: Expression, columns: Sequence[str], items: Table | None) -> Callable[[Row], float]:
    """Return what an event adds to a metric: 1, or the value of a column of the event or of its item."""
    if expression.dataset is None:
        return lambda row: 1.0
    if expression.dataset is DatasetType.INTERACTIONS:
        own = _reader(columns, expression.column)
        return lambda row: _number(own(row))
    if items is None:
        return lambda row: 0.0
    item, of_item, rows = _reader(columns, "ITEM_ID"), _reader(items.columns, expression.column), items.by_id
    return lambda row: _number(of_item(rows.get(item(row), ())))


def _reader(columns: Sequence[str], name: str) -> Callable[[Row], str]:
    """Return a function that reads a column of a row; a null if there is no such column or no row."""
    if name not in columns:
        return lambda row: ""
    index = columns.index(name)
    return lambda row: row[index] if row else ""


def _number(text: str) -> float:
    return float(text) if text else 0.0


def _to_cloud_watch(region: Region, counted: Mapping[Cell, float]) -> None:
    recent = [(cell, value) for cell, value in counted.items() if cell.window > region.now - _OLDEST]
    data = [cloud_watch.Datum(cell.metric, cell.source, cell.window, value) for cell, value in recent]
    if data and region.objects.in_moto:
        cloud_watch.publish(region.account, region.name, data)


def _to_s3(region: Region, attribution: Record, method: str, counted: Mapping[Cell, float]) -> None:
    """Write a report into the folder of an attribution, if it has one and the bucket exists (docs/service/3 §5.4)."""
    output = attribution.fields["metricsOutputConfig"].get("s3DataDestination")
    if output is None or not counted:
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for cell, value in sorted(counted.items()):
        writer.writerow((cell.metric, cell.event_type, value, cell.function, cell.source, cell.window))
    bucket, folder = split_location(output["path"])
    region.objects.put(bucket, _new_key(region, bucket, folder, method), text.getvalue().encode(), region.now)


def _new_key(region: Region, bucket: str, folder: str, method: str) -> str:
    """Return the key of a new report: its time, or the next second without a report."""
    for second in count(int(region.now)):
        key = f"{folder}AggregatedAttributionMetrics - {method} - {second}.csv"
        if not region.objects.read(bucket, key):
            break
    return key
