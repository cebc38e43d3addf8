"""Metrics in the emulated CloudWatch, which moto holds while the emulator is connected to it. They are not saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_NAMESPACE = "AWS/Personalize"
_SOURCE = "EventAttributionSource"  # the name of the dimension is not documented


@dataclass(frozen=True)
class Datum:
    """The value of a metric in one window, for one source of events."""

    metric: str
    source: str
    window: int  # its start in epoch seconds
    value: float


def publish(account: str, region: str, data: Iterable[Datum]) -> None:
    """Put values into the CloudWatch of a region."""
    from moto.cloudwatch.models import cloudwatch_backends

    cloudwatch_backends[account][region].put_metric_data(
        _NAMESPACE,
        [
            {
                "MetricName": datum.metric,
                "Dimensions": [{"Name": _SOURCE, "Value": datum.source}],
                "Timestamp": datetime.fromtimestamp(datum.window, UTC).replace(tzinfo=None),
                "Value": datum.value,
                "Unit": "None",
            }
            for datum in data
        ],
    )
