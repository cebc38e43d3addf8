"""How often campaigns were asked, from the metrics in CloudWatch (docs/service/3 §12.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from personalize_gitops.aws.answers import Answer, next_page, optional_text, text
from personalize_gitops.aws.calls import Calls

_METRICS = ("GetRecommendations", "GetPersonalizedRanking")
_MOST = 500  # metrics in one call of GetMetricData
_DAY = 86400


def requests(
    cloudwatch: Any, calls: Calls, campaigns: Sequence[str], since: float, until: float
) -> Mapping[str, float]:
    """Return the number of requests between two times, in epoch seconds, by the ARN of each campaign."""
    found = dict.fromkeys(campaigns, 0.0)
    size = _MOST // len(_METRICS)
    for start in range(0, len(campaigns), size):
        some = campaigns[start : start + size]
        queries = {f"m{number}": pair for number, pair in enumerate((arn, name) for arn in some for name in _METRICS)}
        for id_, values in _values(cloudwatch, calls, queries, since, until):
            found[queries[id_][0]] += sum(values)
    return found


def _values(
    cloudwatch: Any, calls: Calls, queries: Mapping[str, tuple[str, str]], since: float, until: float
) -> Iterator[tuple[str, Sequence[float]]]:
    request: dict[str, Any] = {
        "MetricDataQueries": [_query(id_, arn, name) for id_, (arn, name) in queries.items()],
        "StartTime": datetime.fromtimestamp(since, UTC),
        "EndTime": datetime.fromtimestamp(until, UTC),
    }
    while True:
        page, token = calls.once(cloudwatch, "GetMetricData", request, partial(_page, request))
        yield from page
        if not token:
            return
        request["NextToken"] = token


def _query(id_: str, arn: str, name: str) -> Mapping[str, Any]:
    dimensions = [{"Name": "CampaignArn", "Value": arn}]
    metric = {"Namespace": "AWS/Personalize", "MetricName": name, "Dimensions": dimensions}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": _DAY, "Stat": "Sum"}}


def _page(request: Mapping[str, Any], answer: Answer) -> tuple[list[tuple[str, Sequence[float]]], str | None]:
    found = [(text(result, "Id"), result["Values"]) for result in answer["MetricDataResults"]]
    return found, next_page(optional_text(answer, "NextToken"), request.get("NextToken"))
