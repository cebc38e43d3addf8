"""Kinds with members that only the service knows."""

from __future__ import annotations

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.extension import extended
from personalize_gitops.model.members import is_mutable, members
from personalize_gitops.model.wire import from_wire, to_wire

SOLUTION = KINDS["Solution"]
ADDED = {("budget",): True, ("limit",): False, ("solutionConfig", "mood"): True, ("solutionConfig", "tone"): False}


def test_members_are_added_at_their_places() -> None:
    """Beside those of the kind, which stays as it is, and with the marks of all."""
    kind = extended(SOLUTION, ADDED)
    inner = members(kind)["solutionConfig"].structure
    assert inner

    assert members(kind).keys() - members(SOLUTION).keys() == {"budget", "limit"}
    assert {"mood", "tone", "eventsConfig"} <= members(inner).keys()
    assert "budget" not in members(SOLUTION)
    assert (kind.kind_name(), kind.__doc__) == ("Solution", SOLUTION.__doc__)
    assert [is_mutable(kind, path) for path in ADDED] == [True, False, True, False]
    assert is_mutable(kind, ("solutionConfig", "eventsConfig"))
    assert members(kind)["recipe"] == members(SOLUTION)["recipe"]


def test_values_are_sent_and_read_as_they_are() -> None:
    """A member of a list's elements too."""
    kind = extended(KINDS["MetricAttribution"], {("metrics", "unit"): True, ("scope",): True})
    metric = {"eventType": "watch", "metricName": "sum", "expression": "SAMPLECOUNT()", "unit": {"of": ["EUR"]}}
    spec = {"datasetGroup": "shop", "metrics": [metric], "scope": 3, "metricsOutputConfig": {"roleArn": ROLE}}

    attributes = kind.model_validate(spec).model_dump(by_alias=True, exclude_unset=True)

    assert attributes == spec
    assert to_wire(kind, attributes)["scope"] == 3
    assert from_wire(kind, {"scope": 3, "metrics": [metric]}) == {"scope": 3, "metrics": [metric]}


ROLE = "arn:aws:iam::111122223333:role/personalize"
