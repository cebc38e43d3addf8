"""Random filters and metric attributions, some of them wrong in a way or two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.agreement import COLUMNS, Draft, Group

_OPERATORS = ("IN ({})", "NOT IN ({})", "= {}", "< {}", "< {} ", "IN ($A)", "< $A")
_VALUES = ('"watch"', "5", "1.5", '"a", "b"')
_FOLDERS = ("s3://shop/reports/", "s3://shop/reports/", "s3://shop/reports", "http://shop/reports/", "s3://a/")
_PLACES = ("Interactions", "Items", "Users", "CurrentUser")


@st.composite
def filters(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return up to two filters; most conditions are on columns that the group has."""
    return [
        Draft("Filter", f"f{number}", {"datasetGroup": "g", "filterExpression": draw(_expressions(group))})
        for number in range(draw(st.integers(1, 2)))
    ]


@st.composite
def _expressions(draw: st.DrawFn, group: Group) -> str:
    start = draw(st.sampled_from(["INCLUDE", "EXCLUDE", "include", "DROP"] if draw(st.booleans()) else ["EXCLUDE"]))
    target = draw(st.sampled_from(["ItemID", "ItemID", "ItemID", "UserID", "ActionID"]))
    conditions = draw(st.lists(_conditions(group), min_size=1, max_size=2))
    joint = draw(st.sampled_from([" AND ", " OR "]))
    return f"{start} {target} WHERE {joint.join(conditions)}"


@st.composite
def _conditions(draw: st.DrawFn, group: Group) -> str:
    own = [(type_, name) for type_, columns in group.columns.items() for name in columns if not name.endswith("_ID")]
    known = draw(st.integers(0, 4)) > 0
    if own and known:
        place, column = draw(st.sampled_from(own))
    else:
        place, column = draw(st.sampled_from(_PLACES)), draw(st.sampled_from([*COLUMNS]))
    if COLUMNS[column]["type"] == "string" and draw(st.integers(0, 4)):
        return f'{place}.{column} IN ("watch", "buy")'
    if draw(st.integers(0, 4)):
        return f"{place}.{column} > {draw(st.integers(0, 9))}"
    return f"{place}.{column} {draw(st.sampled_from(_OPERATORS)).format(draw(st.sampled_from(_VALUES)))}"


@st.composite
def attributions(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a metric attribution with up to three metrics."""
    sums = st.sampled_from([f"SUM({type_}.{name})" for type_, columns in group.columns.items() for name in columns])
    wrong = st.sampled_from(["SUM(Items.NONE)", "COUNT()", "SUM(PRICE)"])
    counts = st.sampled_from(["SAMPLECOUNT()", "SAMPLECOUNT()", "SAMPLECOUNT()", "samplecount()"])
    metric = st.fixed_dictionaries(
        {
            "eventType": st.sampled_from(["watch", "buy"]),
            "metricName": st.sampled_from(["first", "second", "third"]),
            "expression": st.one_of(counts, counts, sums, wrong),
        }
    )
    output: dict[str, Any] = {"roleArn": "arn:aws:iam::123456789012:role/data"}
    if draw(st.booleans()):
        output["s3DataDestination"] = {"path": draw(st.sampled_from(_FOLDERS))}
    metrics = draw(st.lists(metric, min_size=1, max_size=2))
    spec = {"datasetGroup": "g", "metrics": metrics, "metricsOutputConfig": output}
    return [Draft("MetricAttribution", "m", spec)]
