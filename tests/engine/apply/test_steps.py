"""Steps: which calls a change takes, and which steps each of them needs first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.plan.policy import lifted
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, DeclaredChange, Plan, UndeclaredChange
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.model.tags import ADDRESS, KEYS, NAME, PROJECT, PROTECT, SUCCEEDED, TAGS
from tests.support.builders import ACCOUNT, HEAD, REGION, change, desired, document, owned

GROUP = f"{HEAD}:dataset-group/shop"
CONFIG = {"recommenderConfig": {"minRecommendationRequestsPerSecond": 2}}


def steps_of(*changes: Change) -> Mapping[str, Step]:
    """Return the steps of a plan with these changes, by their text."""
    documents = {found.address: found.document for found in changes if isinstance(found, DeclaredChange)}
    needs = desired(*documents.values()).needs
    steps = to_steps(Plan("shop", "local", ACCOUNT, REGION, changes, needs))
    found = {str(step.id): step for step in steps}
    assert len(found) == len(steps)
    return found


def undeclared(live: Live, action: Action) -> UndeclaredChange:
    address = Address(live.kind.kind_name(), live.name)
    return UndeclaredChange(address=address, kind=live.kind, action=action, aws_name=live.name, live=live)


def needs(step: Step) -> set[str]:
    return {str(id_) for id_ in step.needs}


def order(steps: Mapping[str, Step]) -> list[str]:
    """Return the steps in an order in which each comes after those it needs."""
    done: list[str] = []
    while len(done) < len(steps):
        ready = [text for text, step in steps.items() if text not in done and needs(step) <= {*done}]
        assert ready, "the steps wait for each other"
        done += sorted(ready)
    return done


SHOP = document("DatasetGroup/shop")
SOLUTION = document("Solution/rank", {"datasetGroup": "shop"})
VERSION = document("SolutionVersion/rank", {"solution": "rank"})
CAMPAIGN = document("Campaign/home", {"solutionVersion": "rank"})
RANK = owned("Solution/rank", {"datasetGroup": GROUP})
HOME = owned("Campaign/home", {"solutionVersion": f"{RANK.arn}/1"})


def test_an_object_is_created_after_what_it_refers_to() -> None:
    """A step waits for the steps of the resources that its document refers to, and for no other."""
    steps = steps_of(*(change(one, Action.CREATE) for one in (SOLUTION, SHOP)), change(VERSION, Action.RUN))

    assert order(steps) == ["create DatasetGroup/shop", "create Solution/rank", "create SolutionVersion/rank"]
    assert needs(steps["create SolutionVersion/rank"]) == {"create Solution/rank"}


def test_what_is_in_sync_needs_no_step() -> None:
    """Unchanged, kept and blocked resources have no steps; waiting has one if there is an object to wait for."""
    kept = undeclared(owned("Filter/old"), Action.KEEP)

    assert steps_of(change(SHOP, Action.NONE), kept, change(SOLUTION, Action.BLOCKED)) == {}
    assert steps_of(change(CAMPAIGN, Action.WAIT)) == {}
    assert [*steps_of(change(CAMPAIGN, Action.WAIT, live=HOME))] == ["wait Campaign/home"]


def successor(of: Document, live: Live, **fields: Any) -> DeclaredChange:
    return change(of, Action.SUCCESSOR, live=live, aws_name=f"{live.name}-2", **fields)


def test_a_successor_is_created_before_the_old_object_is_deleted() -> None:
    """The old solution is deleted after the new one was created and trained and the campaign has moved to it."""
    steps = steps_of(
        successor(SOLUTION, RANK),
        change(VERSION, Action.RUN),
        change(CAMPAIGN, Action.UPDATE, live=HOME, update={"solutionVersion": Unknown(VERSION.address)}),
    )

    assert order(steps) == [
        "create Solution/rank",
        "create SolutionVersion/rank",
        "update Campaign/home",
        "delete Solution/rank",
    ]
    assert needs(steps["delete Solution/rank"]) == {*order(steps)[:3]}
    assert (steps["create Solution/rank"].id.aws_name, steps["delete Solution/rank"].id.aws_name) == ("rank-2", "rank")
    assert steps["create Solution/rank"].live is None
    assert steps["delete Solution/rank"].live == RANK


def test_a_retired_object_is_not_deleted_by_its_replacement() -> None:
    """With `retireAfter` a later plan deletes the old object, so this one only creates."""
    retiring = document("Solution/rank", SOLUTION.attributes, lifecycle=Lifecycle(retireAfter="7d"))

    assert [*steps_of(successor(retiring, RANK))] == ["create Solution/rank"]


def test_an_object_replaced_earlier_waits_for_its_users() -> None:
    """The deletion of a replaced object waits for the change of its address and of everything that depends on it."""
    steps = steps_of(
        change(
            SOLUTION, Action.UPDATE, live=owned("Solution/rank", name="rank-2"), update={"performAutoTraining": True}
        ),
        change(SOLUTION, Action.DELETE, live=RANK),
        change(CAMPAIGN, Action.UPDATE, live=HOME, update={"solutionVersion": f"{RANK.arn}-2/1"}),
    )

    assert needs(steps["delete Solution/rank"]) == {"update Solution/rank", "update Campaign/home"}


def test_a_recreated_object_is_deleted_first() -> None:
    """The name must be free before the object is created under it, and users are deleted before what they refer to."""
    steps = steps_of(
        change(SOLUTION, Action.RECREATE, live=RANK),
        change(VERSION, Action.RUN),
        change(CAMPAIGN, Action.RECREATE, live=HOME),
    )

    assert order(steps) == [
        "delete Campaign/home",
        "delete Solution/rank",
        "create Solution/rank",
        "create SolutionVersion/rank",
        "create Campaign/home",
    ]


def test_an_earlier_run_prevents_no_deletion() -> None:
    """The object of a due run is an earlier run, which is deleted with its solution."""
    earlier = owned("SolutionVersion/rank", {"solution": RANK.arn}, arn=f"{RANK.arn}/1")

    steps = steps_of(change(SOLUTION, Action.RECREATE, live=RANK), change(VERSION, Action.RUN, live=earlier))

    assert needs(steps["delete Solution/rank"]) == set()


def test_a_move_away_from_a_schema_is_recorded_first() -> None:
    """Before a dataset moves, a tag records the schema that it leaves, in front of those that it left earlier."""
    schema, dataset = owned("Schema/items"), document("Dataset/items", {"schema": "items"})
    attributes = {"datasetGroup": GROUP, "datasetType": "Items", "schema": schema.arn}
    found = owned("Dataset/items", attributes, tags={SUCCEEDED: "d c b a"})

    steps = steps_of(
        successor(document("Schema/items"), schema),
        change(dataset, Action.UPDATE, live=found, update={"schema": Unknown(Address("Schema", "items"))}),
    )

    assert order(steps) == ["create Schema/items", "tag Dataset/items", "update Dataset/items", "delete Schema/items"]
    assert steps["tag Dataset/items"].tags == {SUCCEEDED: "items d c b"}


@pytest.mark.parametrize(
    ("state", "update", "expected"),
    [
        pytest.param("running", CONFIG, ["update"], id="running"),
        pytest.param("stopped", CONFIG, ["start", "update", "stop", "tag"], id="stopped"),
        pytest.param("stopped", {**CONFIG, "state": "running"}, ["start", "update"], id="stopped, to run"),
        pytest.param("running", {**CONFIG, "state": "stopped"}, ["update", "stop", "tag"], id="running, to be stopped"),
        pytest.param("stopped", {"state": "running"}, ["start", "tag"], id="only to run"),
        pytest.param("running", {"state": "stopped"}, ["stop", "tag"], id="only to be stopped"),
        pytest.param("stopped", {}, ["tag"], id="other tags"),
    ],
)
def test_a_stopped_object_is_started_for_an_update(state: str, update: dict[str, Any], expected: list[str]) -> None:
    """The recommender runs during the update, and ends in the declared state or, without one, in its earlier state."""
    found = owned("Recommender/next", {"state": state})

    steps = steps_of(change(document("Recommender/next"), Action.UPDATE, live=found, update=update))

    assert order(steps) == [f"{verb} Recommender/next" for verb in expected]
    assert all(step.attributes == (update if step.id.verb is Verb.UPDATE else {}) for step in steps.values())


@pytest.mark.parametrize("action", [Action.CREATE, Action.SUCCESSOR, Action.RECREATE])
def test_an_object_declared_as_stopped_is_created_and_stopped(action: Action) -> None:
    """The service creates recommenders running, so each creation is followed by a stop of the new object."""
    live = None if action is Action.CREATE else owned("Recommender/next", {"state": "running"})

    steps = steps_of(change(document("Recommender/next", {"state": "stopped"}), action, live=live))

    assert needs(steps["stop Recommender/next"]) == {"create Recommender/next"}
    assert steps["stop Recommender/next"].live is None


def test_a_change_of_tags_sends_no_update() -> None:
    """Tags are set and removed without an update, and the record of declared keys is removed with the last of them."""
    live = owned("Filter/seen", tags={"team": "blue", KEYS: "xxxxx"})
    fields = (FieldChange((TAGS, "team"), "blue", ABSENT),)

    steps = steps_of(change(document("Filter/seen"), Action.UPDATE, live=live, fields=fields, update={}))

    assert [*steps] == ["tag Filter/seen"]
    assert steps["tag Filter/seen"].untags == {"team", KEYS}
    assert steps["tag Filter/seen"].tags.keys().isdisjoint({"team", KEYS})


def test_an_adoption_sets_our_tags() -> None:
    """An adopted object gets the tags that record its owner and address, and no other call is made."""
    steps = steps_of(change(document("Filter/seen"), Action.ADOPT, live=owned("Filter/seen", tags={PROJECT: ""})))

    tags = steps["tag Filter/seen"].tags
    assert (tags[PROJECT], tags[ADDRESS]) == ("shop/local", "Filter/seen")


def test_an_ignored_tag_is_only_set_on_create() -> None:
    """A new object gets every declared tag; later changes leave the ignored tags out."""
    seen = document("Filter/seen", tags={"team": "blue", "cost": "7"}, lifecycle=Lifecycle(ignore=["tags.team"]))

    created = steps_of(change(seen, Action.CREATE))["create Filter/seen"]
    tagged = steps_of(change(seen, Action.UPDATE, live=owned("Filter/seen"), update={}))["tag Filter/seen"]

    assert created.tags.keys() - tagged.tags.keys() == {"team"}
    assert tagged.tags["cost"] == "7"


def test_a_kind_without_tags_is_never_tagged() -> None:
    """The creation of a schema sends no tags."""
    assert steps_of(change(document("Schema/items"), Action.CREATE))["create Schema/items"].tags == {}


def test_forgetting_removes_our_tags_and_no_other() -> None:
    """Only our tags are removed, in one step; tags that other people set stay."""
    live = owned("Filter/seen", tags={"team": "blue"})

    steps = steps_of(undeclared(live, Action.FORGET))

    assert [*steps] == ["forget Filter/seen"]
    assert steps["forget Filter/seen"].untags == {PROJECT, ADDRESS, NAME}
    assert steps["forget Filter/seen"].tags == {}


TRAINED = owned("SolutionVersion/rank", {"solution": RANK.arn}, arn=f"{RANK.arn}/1", tags={PROTECT: "true"})


def test_lifting_a_protection_provides_nothing() -> None:
    """A campaign waits for the new training, not for the tag that an earlier version loses, and that waits for none."""
    training = change(VERSION, Action.RUN)
    campaign = change(CAMPAIGN, Action.CREATE, attributes={"solutionVersion": Unknown(VERSION.address)})

    steps = steps_of(campaign, training, lifted(VERSION, TRAINED))

    assert steps["unprotect SolutionVersion/rank"].untags == {PROTECT}
    assert steps["unprotect SolutionVersion/rank"].tags == {}
    assert needs(steps["unprotect SolutionVersion/rank"]) == set()
    assert needs(steps["create Campaign/home"]) == {"create SolutionVersion/rank"}


@pytest.mark.parametrize(
    ("action", "first"),
    [(Action.DELETE, set()), (Action.RECREATE, set()), (Action.SUCCESSOR, {"create Solution/rank"})],
)
def test_a_training_is_stopped_before_the_deletion(action: Action, first: set[str]) -> None:
    """At once, or when the successor exists; the deletion waits for it, and a new training does not."""
    solution = change(SOLUTION, action, live=RANK, stops=(TRAINED,), aws_name="rank-2")

    steps = steps_of(solution, *([] if action is Action.DELETE else [change(VERSION, Action.RUN)]))

    assert needs(steps["cancel SolutionVersion/rank"]) == first
    assert "cancel SolutionVersion/rank" in needs(steps["delete Solution/rank"])
    assert action is Action.DELETE or needs(steps["create SolutionVersion/rank"]) == {"create Solution/rank"}


@pytest.mark.parametrize(
    ("recipe", "minutes"), [("aws-vod-top-picks", 61), ("aws-vod-more-like-x", 42), ("aws-vod-most-popular", 45)]
)
def test_how_long_a_recommender_takes(recipe: str, minutes: float) -> None:
    """The use case decides how long a creation is expected to take; one that was not observed takes the usual time."""
    wanted = {"recipe": f"arn:aws:personalize:::recipe/{recipe}"}
    created = change(document("Recommender/r", wanted), Action.CREATE, attributes=wanted)

    step = steps_of(created)["create Recommender/r"]

    assert step.expected == minutes * 60
