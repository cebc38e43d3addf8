"""Which objects get no document, and why."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.importing.choosing import Choosing
from personalize_gitops.model.live import Live
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.tags import PROJECT
from tests.support.builders import HEAD, live, snapshot

DATASET = f"{HEAD}:dataset/g/ITEMS"
FULL = {"dataset": DATASET, "dataSource": {"dataLocation": "s3://in/a.csv"}}
GROUP = live("DatasetGroup/g")


def why(found: Live, *others: Live) -> str | None:
    reason = Choosing(snapshot(found, *others), frozenset({"shop/local"}), frozenset()).obstacle(found)
    return reason.code if reason else None


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (GROUP, None),
        (live("DatasetGroup/g", tags={PROJECT: "shop/local"}), None),
        (live("DatasetGroup/g", tags={PROJECT: "other/local"}), ImportCode.OWNED_BY_PROJECT),
        (live("DatasetGroup/g", status="CREATE PENDING"), None),
        (live("DatasetGroup/g", status="CREATE FAILED"), ImportCode.NEVER_USABLE),
        (live("DatasetGroup/g", status="DELETE PENDING"), ImportCode.BEING_DELETED),
        (live("DatasetGroup/g", status="UPDATE FAILED"), ImportCode.UNCLEAR),
        (live("Recommender/r", status="INACTIVE"), None),
        (live("SolutionVersion/v", status="CREATE PENDING"), ImportCode.NOT_FINISHED),
        (live("SolutionVersion/v", status="CREATE STOPPED"), ImportCode.NOT_FINISHED),
        (live("SolutionVersion/v", service_made=True), ImportCode.SERVICE_MADE),
        (live("DataDeletionJob/d"), ImportCode.NOT_REPEATABLE),
    ],
)
def test_the_state_and_the_owner_decide(found: Live, code: str | None) -> None:
    """What belongs to others, is not usable or must not be repeated gets no document."""
    assert why(found) == code


def job(name: str, created: float, **members: Any) -> Live:
    return live(f"DatasetImportJob/{name}", {**FULL, **members}, created=created)


@pytest.mark.parametrize(
    ("newer", "code"),
    [
        (job("new", 2.0), ImportCode.SUPERSEDED),
        (job("new", 2.0, importMode="FULL", dataSource={"dataLocation": "s3://in/b.csv"}), ImportCode.SUPERSEDED),
        (job("new", 2.0, importMode="INCREMENTAL"), None),
        (job("new", 2.0, dataset=f"{HEAD}:dataset/g/USERS"), None),
        (live("DatasetImportJob/new", FULL, created=2.0, status="CREATE FAILED"), None),
    ],
    ids=["same inputs", "full", "incremental", "other dataset", "failed"],
)
def test_a_newer_run_supersedes_an_older_one(newer: Live, code: str | None) -> None:
    """A newer success with the same inputs, or a newer full import of the dataset, is the one to document."""
    assert why(job("old", 1.0), newer) == code
    assert why(newer, job("old", 1.0)) in {None, ImportCode.NEVER_USABLE}


def test_chosen_groups_come_with_their_schemas() -> None:
    """A schema is in no group; those of the datasets in a chosen group belong to it."""
    schema, other = live("Schema/items"), live("Schema/other")
    dataset = live("Dataset/d", {"datasetGroup": GROUP.arn, "datasetType": "Items", "schema": schema.arn})
    found = snapshot(GROUP, live("DatasetGroup/films"), schema, other, dataset)

    assert [*Choosing(found, frozenset(), frozenset({"g"})).chosen] == [GROUP, schema, dataset]
    assert Choosing(found, frozenset(), frozenset()).chosen == found.objects
