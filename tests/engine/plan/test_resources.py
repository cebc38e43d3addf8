"""Resources: what happens to one declared resource that is not a run."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Lifecycle
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import LiveUpdate
from personalize_gitops.model.reason import Path, ReasonCode, because, service_message
from personalize_gitops.model.resource import Replace
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.engine.plan.contexts import codes, planned
from tests.support.builders import HEAD, document, live, owned

GROUP, VERSION = f"{HEAD}:dataset-group/shop", f"{HEAD}:solution/rank/1"
CAMPAIGN = {"solutionVersion": VERSION, "minProvisionedTPS": 1}
HOME = document("Campaign/home", CAMPAIGN)
RECOMMENDER = {"datasetGroup": GROUP, "recipe": "arn:aws:personalize:::recipe/aws-vod-top-picks"}
RATE = "minRecommendationRequestsPerSecond"
RECREATE = Lifecycle(replace=Replace.RECREATE)


def test_a_missing_object_is_created() -> None:
    """The change carries the wanted members, and the risk of an object that bills."""
    found = planned("Campaign/home", [HOME])

    assert (found.action, codes(found), found.risk) == (Action.CREATE, [ReasonCode.NOT_IN_ACCOUNT], Risk.COST)
    assert found.attributes == CAMPAIGN


def test_an_object_that_bills_nothing_is_created_without_risk() -> None:
    """A dataset group does not bill, so its creation has no risk."""
    assert planned("DatasetGroup/shop", [document("DatasetGroup/shop")]).risk is Risk.NONE


@pytest.mark.parametrize("version", ["latest", "$LATEST"])
def test_a_campaign_waits_for_the_first_version(version: str) -> None:
    """A campaign on the newest version waits if the solution has no version yet, and does not block the plan."""
    campaign = document("Campaign/home", {"solutionVersion": {"solution": "rank", "version": version}})
    rank = document("Solution/rank", {"datasetGroup": GROUP})

    found = planned("Campaign/home", [rank, campaign], [owned("Solution/rank", {"datasetGroup": GROUP})])

    assert found.action is Action.WAIT
    assert found.reasons == (because(ReasonCode.NO_VERSION_YET, member=Path(("solutionVersion",))),)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        pytest.param({}, ReasonCode.PLACE_UNMANAGED, id="unmanaged"),
        pytest.param({PROJECT: "other/prod"}, ReasonCode.PLACE_OWNED_BY_PROJECT, id="another project's"),
        pytest.param({PROJECT: "shop/local", ADDRESS: "Dataset/films"}, ReasonCode.PLACE_OWNED, id="another address's"),
    ],
)
@pytest.mark.parametrize(
    ("address", "attributes"),
    [
        ("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items", "schema": f"{HEAD}:schema/x"}),
        ("EventTracker/items", {"datasetGroup": GROUP}),
    ],
)
def test_an_object_in_the_only_place_blocks_a_creation(
    address: str, attributes: dict[str, Any], tags: dict[str, str], code: ReasonCode
) -> None:
    """A group holds one dataset of each type and one tracker, so an object of another name blocks the creation."""
    there = live(f"{address.split('/')[0]}/films", attributes, tags=tags)

    found = planned(address, [document(address, attributes)], [there])

    assert (found.action, codes(found)) == (Action.BLOCKED, [code])


def test_a_place_that_becomes_free_blocks_nothing() -> None:
    """A tracker that is being deleted or belongs to another group does not block the creation."""
    tracker = document("EventTracker/web", {"datasetGroup": GROUP})
    leaving = live("EventTracker/old", {"datasetGroup": GROUP}, status="DELETE PENDING")
    elsewhere = live("EventTracker/far", {"datasetGroup": f"{GROUP}-2"})

    assert planned("EventTracker/web", [tracker], [leaving, elsewhere]).action is Action.CREATE


@pytest.mark.parametrize(
    ("status", "action", "code"),
    [
        ("CREATE FAILED", Action.RECREATE, ReasonCode.CREATION_FAILED),
        ("DELETE IN_PROGRESS", Action.RECREATE, ReasonCode.BEING_DELETED),
        ("UPDATE FAILED", Action.BLOCKED, ReasonCode.UNCLEAR_STATE),
        ("CREATE IN_PROGRESS", Action.WAIT, ReasonCode.IN_PROGRESS),
    ],
)
def test_the_state_of_an_object_decides_first(status: str, action: Action, code: ReasonCode) -> None:
    """An object that is not ready is not compared, and its recreation has no risk because nothing is lost."""
    found = planned("Campaign/home", [HOME], [owned("Campaign/home", CAMPAIGN, status=status)])

    assert (found.action, codes(found)) == (action, [code])
    assert (found.risk, found.loses) == (Risk.NONE, None)


@pytest.mark.parametrize(
    ("attributes", "update", "expected", "last"),
    [
        pytest.param({}, {"minProvisionedTPS": 1}, Action.WAIT, ReasonCode.IN_PROGRESS, id="to what is declared"),
        pytest.param({}, {"minProvisionedTPS": 3}, Action.UPDATE, ReasonCode.AFTER_CURRENT_UPDATE, id="elsewhere"),
        pytest.param({"minProvisionedTPS": 1}, {}, Action.NONE, None, id="of nothing declared"),
    ],
)
def test_an_update_in_progress_counts_as_done(
    attributes: dict[str, Any], update: dict[str, Any], expected: Action, last: ReasonCode | None
) -> None:
    """An object is compared as it will be after the update; one that changes no declared member is ignored."""
    moving = {**CAMPAIGN, "minProvisionedTPS": 2, **attributes}
    found = owned("Campaign/home", moving, update=LiveUpdate("CREATE IN_PROGRESS", update))

    change = planned("Campaign/home", [HOME], [found])

    assert (change.action, ([None, *codes(change)])[-1]) == (expected, last)


def test_a_difference_is_updated_in_place() -> None:
    """The update sends the declared value, and the change names its risk and its effects."""
    raised = document("Campaign/home", {**CAMPAIGN, "minProvisionedTPS": 3})

    found = planned("Campaign/home", [raised], [owned("Campaign/home", CAMPAIGN)])

    assert (found.action, found.update, found.risk) == (Action.UPDATE, {"minProvisionedTPS": 3}, Risk.COST)
    assert codes(found) == [ReasonCode.FIELDS_DIFFER, Fact.BILLS_THROUGHPUT]


def test_other_tags_are_no_update_of_the_object() -> None:
    """If only tags differ, the change is an update that sends no members."""
    tagged = document("Campaign/home", CAMPAIGN, tags={"team": "blue"})

    found = planned("Campaign/home", [tagged], [owned("Campaign/home", CAMPAIGN)])

    assert (found.action, found.update, codes(found)) == (Action.UPDATE, {}, [ReasonCode.TAGS_DIFFER])


def test_one_immutable_member_replaces_the_object() -> None:
    """If one member is immutable, the successor takes all changes and no update is sent."""
    rank = document("Solution/rank", {"datasetGroup": GROUP, "performHPO": True, "performAutoTraining": False})

    found = planned("Solution/rank", [rank], [owned("Solution/rank", {"datasetGroup": GROUP})])

    immutable = because(
        ReasonCode.IMMUTABLE_FIELDS, fields=(Path(("performHPO",)),), why=Fact.UPDATE_TAKES_TRAINING_SETTINGS
    )
    assert (found.action, found.reasons, found.update) == (Action.SUCCESSOR, (immutable,), None)
    assert [str(field) for field in found.fields] == ["performHPO", "performAutoTraining"]


def test_a_failed_update_is_tried_again_and_named() -> None:
    """The update is sent again, and the plan names the reason of the last failure."""
    failed = LiveUpdate("CREATE FAILED", {"minProvisionedTPS": 1}, failure="no capacity")

    found = planned(
        "Campaign/home", [HOME], [owned("Campaign/home", {**CAMPAIGN, "minProvisionedTPS": 2}, update=failed)]
    )

    assert found.action is Action.UPDATE
    assert found.reasons[-1] == because(ReasonCode.PREVIOUS_UPDATE_FAILED, failure=service_message("no capacity"))


@pytest.mark.parametrize(
    ("declared", "last"),
    [
        ({"recommenderConfig": {RATE: 2}}, ReasonCode.STARTED_AND_STOPPED),
        ({"recommenderConfig": {RATE: 2}, "state": "running"}, ReasonCode.STARTED_FOR_UPDATE),
        ({"state": "running"}, Fact.STARTING_BILLS),
    ],
)
def test_a_stopped_recommender_is_started_for_an_update(declared: dict[str, Any], last: ReasonCode | Fact) -> None:
    """The plan says that the recommender is started, and whether it is stopped again."""
    stopped = owned("Recommender/next", {**RECOMMENDER, "state": "stopped"}, status="INACTIVE")

    found = planned("Recommender/next", [document("Recommender/next", {**RECOMMENDER, **declared})], [stopped])

    assert (found.action, codes(found)[-1]) == (Action.UPDATE, last)


def test_what_depends_on_a_recreated_object_is_recreated() -> None:
    """A filter is recreated with its dataset group, although the filter itself is as declared."""
    shop = document("DatasetGroup/shop", {"domain": "ECOMMERCE"}, lifecycle=RECREATE)
    seen = document("Filter/seen", {"datasetGroup": "shop", "filterExpression": "x"})
    lives = [owned("DatasetGroup/shop"), owned("Filter/seen", {"datasetGroup": GROUP, "filterExpression": "x"})]

    found = planned("Filter/seen", [shop, seen], lives)

    assert (found.action, found.risk) == (Action.RECREATE, Risk.OUTAGE)
    assert found.reasons == (because(ReasonCode.BASE_RECREATED, address=Address("DatasetGroup", "shop")),)
