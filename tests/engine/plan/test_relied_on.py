"""The objects that a plan relies on: if one of them is another object by now, a saved plan is stale."""

from __future__ import annotations

import pytest

from personalize_gitops.engine.plan.relied_on import relying
from personalize_gitops.model.action import QUIET, Action
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import DeclaredChange
from tests.support.builders import HEAD, change, document, live, owned, snapshot

GROUP = owned("DatasetGroup/shop", created=1.0)
RANK = owned("Solution/rank", {"datasetGroup": GROUP.arn}, created=2.0)
VERSION = live("SolutionVersion/rank", {"solution": RANK.arn}, arn=f"{RANK.arn}/1", created=3.0)
CAMPAIGN = live("Campaign/theirs", {"solutionVersion": VERSION.arn}, created=4.0)
OTHER = owned("Filter/seen", {"datasetGroup": GROUP.arn}, created=5.0)
ACCOUNT = snapshot(GROUP, RANK, VERSION, CAMPAIGN, OTHER)


def names(*changes: DeclaredChange, lives: tuple[Live, ...] = ()) -> set[str]:
    """Return the ARNs of the objects that changes rely on, without their common beginning."""
    found = relying(changes, snapshot(*ACCOUNT.objects, *lives))
    return {arn.removeprefix(f"{HEAD}:") for one in found for arn, _ in one.relies_on}


def rank(action: Action, found: Live | None = RANK) -> DeclaredChange:
    return change(document("Solution/rank"), action, live=found, attributes={"datasetGroup": GROUP.arn})


def test_an_object_is_identified_by_its_arn_and_creation_time() -> None:
    """An object that is created again under the same name has the same ARN, so the creation time counts as well."""
    (found,) = relying([rank(Action.UPDATE)], ACCOUNT)

    assert found.relies_on.keys() == {(GROUP.arn, 1.0), (RANK.arn, 2.0)}


def test_a_creation_relies_on_what_it_refers_to() -> None:
    """The object of a change does not exist yet, but those that it refers to do."""
    assert names(rank(Action.CREATE, None)) == {"dataset-group/shop"}


@pytest.mark.parametrize("action", sorted(QUIET))
def test_a_change_that_does_nothing_relies_on_nothing(action: Action) -> None:
    """Objects of unchanged and kept resources may change without making the plan stale."""
    assert names(rank(action)) == set()


@pytest.mark.parametrize("action", [Action.DELETE, Action.RECREATE, Action.SUCCESSOR])
def test_a_deletion_relies_on_what_it_deletes_along_and_on_what_uses_the_object(action: Action) -> None:
    """A version that was trained since the plan would be deleted without review, so the versions count too."""
    assert names(rank(action)) == {"dataset-group/shop", "solution/rank", "solution/rank/1", "campaign/theirs"}


def test_a_run_whose_reference_was_not_read_counts_for_a_deletion() -> None:
    """A list does not show the dataset of an import, so every import that was only listed may belong to the dataset."""
    attributes = {"datasetGroup": GROUP.arn, "datasetType": "Items"}
    items = owned("Dataset/items", attributes)
    listed = live("DatasetImportJob/listed")
    elsewhere = live("DatasetImportJob/read", {"dataset": f"{HEAD}:dataset/far/ITEMS"}, described=True)
    deleting = change(document("Dataset/items", attributes), Action.DELETE, live=items, attributes={})

    found = names(deleting, lives=(items, listed, elsewhere))

    assert found == {"dataset/shop/ITEMS", "dataset-import-job/listed"}
