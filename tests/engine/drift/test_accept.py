"""What is accepted: the live values of what differs, in the spelling of the service, with addresses for ARNs."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.drift.accept import ACCEPTABLE, live_values
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.acceptance import LiveValue
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.problem_codes import AcceptCode
from personalize_gitops.model.reason import Path
from tests.support.builders import HEAD, change, document, owned, plan

HOME, NEXT = "SolutionVersion/home", "SolutionVersion/next"


def accepted(address: str, declared: dict[str, Any], found: dict[str, Any], field: FieldChange) -> LiveValue:
    """The value that is accepted for one difference of a resource."""
    resource = change(document(address, declared), Action.UPDATE, live=owned(address, found))
    other = change(
        document(NEXT, {"solution": "home"}), Action.NONE, live=owned(NEXT, {"solution": f"{HEAD}:solution/home"})
    )
    at = Address.parse(address)
    (value,) = live_values(plan(resource, other), (Drift(at, Finding.CHANGED, (), fields=(field,)),), (at, at))
    return value


@pytest.mark.parametrize(
    ("declared", "found", "path", "expected"),
    [
        (
            {"solutionConfig": {"algorithmHyperParameters": {"bptt": "32"}}},
            {"solutionConfig": {"algorithmHyperParameters": {"bptt": "0.30", "more": "1"}}},
            ("solutionConfig", "algorithmHyperParameters", "bptt"),
            "0.30",
        ),
        ({"eventType": "watch"}, {}, ("eventType",), ABSENT),
        ({"performAutoTraining": True}, {"performAutoTraining": False}, ("performAutoTraining",), False),
    ],
)
def test_the_value_of_the_service(
    declared: dict[str, Any], found: dict[str, Any], path: tuple[str, ...], expected: Any
) -> None:
    """The service's own value, not the comparable form of it; other members are left out."""
    value = accepted(
        "Solution/home", declared, found, FieldChange(path, "declared", ABSENT if expected is ABSENT else 0)
    )

    assert value == LiveValue(Address("Solution", "home"), Path(("spec", *path)), expected)


def test_dataset_types_as_declared() -> None:
    """The service returns them in upper case; the path is that of the document."""
    columns = {"solutionConfig": {"trainingDataConfig": {"includedDatasetColumns": {"Items": ["A"]}}}}
    found = {"solutionConfig": {"trainingDataConfig": {"includedDatasetColumns": {"ITEMS": ["A", "B"]}}}}
    path = ("solutionConfig", "trainingDataConfig", "includedDatasetColumns")

    value = accepted("Solution/home", columns, found, FieldChange((*path, "ITEMS"), ["A"], ["A", "B"]))

    assert (value.path, value.value) == (Path(("spec", *path, "Items")), ["A", "B"])


def test_a_list_that_is_compared_by_name() -> None:
    """The whole list, as the service returns it."""
    metrics = [{"metricName": "a", "eventType": "x", "expression": "SAMPLECOUNT()"}]

    value = accepted(
        "MetricAttribution/m", {"metrics": []}, {"metrics": metrics}, FieldChange(("metrics", "a"), ABSENT, {})
    )

    assert (value.path, value.value) == (Path(("spec", "metrics")), metrics)


def test_a_reference() -> None:
    """The ARN of a declared resource becomes its address; any other stays."""
    arn = owned(NEXT, {"solution": f"{HEAD}:solution/home"}).arn
    field = FieldChange(("solutionVersion",), "home", arn)

    assert accepted(
        "Campaign/home", {"solutionVersion": "home"}, {"solutionVersion": arn}, field
    ).value == Address.parse(NEXT)
    other = accepted("Campaign/home", {"solutionVersion": "home"}, {"solutionVersion": f"{HEAD}:x"}, field)
    assert other.value == f"{HEAD}:x"


def test_a_tag_of_ours() -> None:
    """Protection that somebody removed from the object is not a value of the manifest's tags."""
    field = FieldChange(("tags", "personalize-gitops:protect"), "true", ABSENT)

    with pytest.raises(InvalidChoice) as refused:
        accepted("DatasetGroup/shop", {}, {}, field)

    assert refused.value.reason.code is AcceptCode.OWN_TAG


@pytest.mark.parametrize("finding", [finding for finding in Finding if finding not in ACCEPTABLE])
def test_other_findings_are_not_accepted(finding: Finding) -> None:
    """What is missing, undeclared or not applied yet has no value that a manifest could declare."""
    at = Address("DatasetGroup", "shop")

    with pytest.raises(InvalidChoice) as refused:
        live_values(plan(), (Drift(at, finding, ()),), (at,))

    assert refused.value.reason.code is AcceptCode.NOT_ACCEPTABLE
