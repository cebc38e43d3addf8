"""Which writes are looked for, by finding."""

from __future__ import annotations

import pytest

from personalize_gitops.engine.drift.who import sought
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.who import Sought, WriteEvent
from tests.support.builders import HEAD, change, document, plan


def operations(address: str, finding: Finding, *fields: str) -> tuple[str, ...]:
    """The operations that can explain a finding about some members."""
    changes = tuple(FieldChange(tuple(field.split(".")), 1, 2) for field in fields)
    item = Drift(Address.parse(address), finding, (), "arn:x", changes)
    found = sought(item, plan(), KINDS)
    return found.operations if found else ()


@pytest.mark.parametrize(
    ("address", "finding", "fields", "expected"),
    [
        ("Campaign/home", Finding.CHANGED, ["minProvisionedTPS"], ("UpdateCampaign",)),
        ("Campaign/home", Finding.CHANGED, ["tags.team"], ("TagResource", "UntagResource")),
        ("MetricAttribution/m", Finding.CHANGED, ["metrics"], ("UpdateMetricAttribution", "CreateMetricAttribution")),
        ("Recommender/r", Finding.CHANGED, ["state"], ("StartRecommender", "StopRecommender")),
        ("Filter/f", Finding.CHANGED, ["filterExpression"], ("CreateFilter",)),
        ("Campaign/home", Finding.FAILED_UPDATE, [], ("UpdateCampaign",)),
        ("Campaign/home", Finding.MISSING, [], ("DeleteCampaign",)),
        ("Campaign/home", Finding.ORPHAN_COST, [], ("CreateCampaign",)),
        ("SolutionVersion/v", Finding.FAILED, [], ("CreateSolutionVersion",)),
        ("Campaign/home", Finding.UNAPPLIED, ["minProvisionedTPS"], ()),
        ("SolutionVersion/v", Finding.AUTO_TRAINING, [], ()),
    ],
)
def test_the_operations(address: str, finding: Finding, fields: list[str], expected: tuple[str, ...]) -> None:
    """Updates and tagging for what differs, the deletion of what is missing, none for what nobody changed outside."""
    assert operations(address, finding, *fields) == expected


@pytest.mark.parametrize(
    ("address", "attributes", "ending"),
    [
        ("Campaign/home", {}, ":campaign/home-prod"),
        ("Filter/f", {"datasetGroup": f"{HEAD}:dataset-group/shop"}, ":filter/f-prod"),
        (
            "Dataset/d",
            {"datasetGroup": f"{HEAD}:dataset-group/shop", "datasetType": "Items"},
            ":dataset/shop/ITEMS",
        ),
        ("Dataset/d", {"datasetType": "Items"}, ""),
    ],
)
def test_a_missing_object_is_known_by_the_end_of_its_arn(address: str, attributes: dict[str, str], ending: str) -> None:
    """The plan has its name, and the ARN of its dataset group unless that is missing too."""
    missing = change(document(address), Action.CREATE, aws_name=f"{address.rpartition('/')[2]}-prod")
    found = sought(
        Drift(missing.address, Finding.MISSING, ()),
        plan(change(document(address), Action.CREATE, aws_name=missing.aws_name, attributes=attributes)),
        KINDS,
    )

    assert found
    assert found.ending == ending


def test_an_event_is_about_an_object() -> None:
    """By its whole ARN, or by the end of an ARN; never by a name alone."""
    event = WriteEvent("DeleteCampaign", 1.0, "ann", frozenset({f"{HEAD}:campaign/home", "home"}))

    assert Sought((), f"{HEAD}:campaign/home").is_in(event)
    assert not Sought((), f"{HEAD}:campaign/hom").is_in(event)
    assert Sought((), None, ":campaign/home").is_in(event)
    assert not Sought((), None, "").is_in(event)
