"""Reading an account with few calls, and never believing what was not asked when something is to be done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.observe.cache import Cache, from_json
from personalize_gitops.engine.observe.confirm import confirm
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.errors import AccessDenied
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.members import mutable_members, switch_of
from personalize_gitops.model.tags import ADDRESS, FINGERPRINT, PROJECT
from tests.support.every import ROLE, apply_every, file_of, write_every
from tests.support.large import apply_large
from tests.support.shop import apply_shop, stock_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions, kept


def test_a_large_account_is_read_with_few_calls(world: World, tmp_path: Path) -> None:
    """Five groups: one call for each kind, and 125 the first time, 60 with a cache, 5 when update times are trusted."""
    manifests = apply_large(world, tmp_path)

    cold, cache, first = world.look(manifests)
    warm, cache, second = world.look(manifests, kept(cache))
    trusted, _, third = world.look(manifests, kept(cache, trusting=True))

    assert [actions(plan) for plan in (cold, warm, trusted)] == [{}, {}, {}]
    assert cold.in_sync == 5 * (1 + 1 + 6 + 1 + 8 + 4 * (1 + 4 + 1))
    assert sum(first.values()) <= 125 + len(KINDS), first
    assert sum(second.values()) <= 60 + len(KINDS), second
    assert sum(third.values()) <= 5 + len(KINDS), third


EDITED: dict[str, dict[str, Any]] = {
    "Campaign/home": {"minProvisionedTPS": 3},
    "Recommender/next": {"recommenderConfig": {"minRecommendationRequestsPerSecond": 4}},
    "Solution/home": {"performAutoTraining": True},
    "MetricAttribution/clicks": {"metricsOutputConfig": {"roleArn": "arn:aws:iam::123456789012:role/other"}},
}
"""A change in the account, for each kind that can be changed."""


def test_no_kind_that_can_be_changed_is_left_out() -> None:
    """A kind that gets an update, or a switch, needs an edit here; a dataset's is a schema, which has to be made."""
    mutable = {name for name, kind in KINDS.items() if mutable_members(kind) or switch_of(kind)}

    assert {address.split("/")[0] for address in EDITED} == mutable - {"Dataset"}


@pytest.mark.parametrize("address", EDITED)
def test_the_cache_hides_no_change(world: World, tmp_path: Path, address: str) -> None:
    """What can be changed is read again, however well it is known."""
    manifests = apply_every(world, tmp_path, address)
    _, cache, _ = world.look(manifests)
    kind, name = address.split("/")
    (live,) = [live for live in world.cloud.list(KINDS[kind]) if live.name == name]
    found = world.cloud.describe(KINDS[kind], live.arn)
    assert found
    world.cloud.update(replace(found, tags=world.cloud.tags(found.arn) if found.kind.taggable else {}), EDITED[address])
    world.clock.sleep(7200)

    plan, _, _ = world.look(manifests, kept(cache))

    assert actions(plan) == {address: Action.UPDATE}


def test_the_cache_hides_no_other_schema(world: World, tmp_path: Path) -> None:
    """A dataset that was moved to another schema is found on it."""
    manifests = write_every(tmp_path, "Dataset/items")
    world.apply(manifests)
    _, cache, _ = world.look(manifests)
    (schema,) = (live for live in world.cloud.list(KINDS["Schema"]) if live.name == "items")
    known = world.cloud.describe(KINDS["Schema"], schema.arn)
    (dataset,) = world.cloud.list(KINDS["Dataset"])
    assert known
    record = dict(known.attributes["schema"])
    record["fields"] = [*record["fields"], {"name": "SIZE", "type": ["null", "int"]}]
    other = world.cloud.create(KINDS["Schema"], "other", {"schema": record}, {})
    world.cloud.update(replace(dataset, tags=world.cloud.tags(dataset.arn)), {"schema": other})
    world.clock.sleep(7200)

    plan, _, _ = world.look(manifests, kept(cache))

    assert "Dataset/items" in actions(plan)


def test_the_cache_hides_no_tag(world: World, shop: Path) -> None:
    """Tags are asked for every time, of what is known by heart as well."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("kind: Filter\n", "kind: Filter\ntags: {team: blue}\n"))
    world.apply(shop)
    _, cache, _ = world.look(shop)
    (live,) = world.cloud.list(KINDS["Filter"])
    world.tag_by_hand(live.arn, {"team": "red"})

    plan, _, _ = world.look(shop, kept(cache, trusting=True))

    assert actions(plan) == {"Filter/bought": Action.UPDATE}


def test_a_stopped_recommender_is_found(world: World, tmp_path: Path) -> None:
    """Its state is in every list entry, so that even trusted update times hide nothing."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    _, cache, _ = world.look(manifests)
    (live,) = world.cloud.list(KINDS["Recommender"])
    world.cloud.stop(replace(live, tags=world.cloud.tags(live.arn)))
    world.clock.sleep(7200)

    plan, _, _ = world.look(manifests, kept(cache, trusting=True))

    assert actions(plan) == {"Recommender/next": Action.UPDATE}


def test_what_is_made_again_under_its_name_is_read_again(world: World, shop: Path) -> None:
    """The same ARN made at another moment is another object, whatever the cache holds."""
    _, cache, _ = world.look(shop)
    (live,) = world.cloud.list(KINDS["Filter"])
    tags, group = world.cloud.tags(live.arn), world.cloud.list(KINDS["DatasetGroup"])[0].arn
    world.cloud.delete(replace(live, tags=tags))
    world.clock.sleep(7200)
    theirs = {"datasetGroup": group, "filterExpression": 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")'}
    world.cloud.create(KINDS["Filter"], live.name, theirs, tags)
    world.clock.sleep(7200)

    plan, _, _ = world.look(shop, kept(cache, trusting=True))

    assert actions(plan) == {"Filter/bought": Action.RECREATE}


def test_without_the_index_each_is_asked_for_its_tags(world: World, shop: Path) -> None:
    """A caller who may not use the tagging API gets the same plan with more calls."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("minProvisionedTPS: 1", "minProvisionedTPS: 2"))
    with_index, _, few = world.look(shop)
    world.emulator.faults.refuse("GetResources", "AccessDeniedException", "not authorized")

    without, _, many = world.look(shop)

    assert without.fingerprint == with_index.fingerprint
    assert many["ListTagsForResource"] > few["ListTagsForResource"]


def test_a_lagging_index_starts_nothing_twice(world: World, tmp_path: Path) -> None:
    """An index that shows none of our tags yet makes us ask, not train again or take our own for a stranger's."""
    manifests = apply_shop(world, tmp_path)
    world.emulator.faults.lag("GetResources", seconds=1e9)

    plan, _, _ = world.look(manifests)

    assert actions(plan) == {}


def test_a_lagging_index_makes_no_second_successor(world: World, shop: Path) -> None:
    """A successor the index does not show yet is found by its name and asked for its tags."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("factor: 0.3", "factor: 0.5"))
    world.carry_out(world.plan(shop), wait=False)
    world.clock.sleep(600)
    world.emulator.faults.lag("GetResources", seconds=3000)

    plan, _, _ = world.look(shop)

    assert plan.applyable
    assert "Solution/home" not in {str(change.address) for change in plan.pending if "create" in change.actions}


def test_a_lagging_index_leaves_nothing_of_a_destroy(world: World, shop: Path) -> None:
    """What was made a moment ago is taken down, billing campaign and all, although the index does not know it yet."""
    world.emulator.faults.lag("GetResources", seconds=300_000, times=50)

    plan = world.destroy_plan(shop)

    deleted = {address for address, action in actions(plan).items() if action is Action.DELETE}
    assert deleted == {
        "Campaign/home",
        "Solution/home",
        "Filter/bought",
        "Dataset/events",
        "Schema/events",
        "DatasetGroup/shop",
    }


def test_an_untagged_object_is_not_deleted_for_what_a_lagging_index_says(world: World, shop: Path) -> None:
    """A filter whose tags were taken away stays, although an index that lags still says it is ours."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(
        text[: text.index("---\nkind: Filter")].replace("    local: {", "    local: {prune: true, ")
    )
    (live,) = world.cloud.list(KINDS["Filter"])
    desired = load(shop).desired
    seen = observe(world.cloud, world.clock, desired, world.pool)
    assert PROJECT in next(found.tags for found in seen.objects if found.arn == live.arn)
    world.cloud._personalize.untag_resource(resourceArn=live.arn, tagKeys=[PROJECT, ADDRESS])

    plan = world.plan(shop)
    from_old_index, _ = confirm(lambda seen: make_plan(PlanContext(desired, seen)), seen, world.cloud, world.pool)

    assert actions(plan) == actions(from_old_index) == {}


def test_what_is_forgotten_is_forgotten_whole(world: World, tmp_path: Path) -> None:
    """A successor made a moment ago is let go as well, although the index does not say yet that it is ours."""
    manifests = apply_every(world, tmp_path, "Solution/home")
    world.clock.sleep(24 * 3600)
    path = file_of(manifests, "Solution/home")
    path.write_text(f"{path.read_text().replace('dimension: 100', 'dimension: 101')}lifecycle: {{retireAfter: 7d}}\n")
    world.carry_out(world.plan(manifests), wait=False)
    world.clock.sleep(600)
    path.unlink()
    world.emulator.faults.lag("GetResources", seconds=3000)

    plan = world.plan(manifests, forget="Solution/home")

    assert sorted(change.aws_name for change in plan.pending) == ["home", "home-2"]


def test_nothing_moves_to_a_version_that_only_its_tags_tell_of(world: World, shop: Path) -> None:
    """Somebody's training that was given the tags of ours is not what the campaign is to serve."""
    (solution,), (ours,) = world.cloud.list(KINDS["Solution"]), world.cloud.list(KINDS["SolutionVersion"])
    tags = world.cloud.tags(ours.arn)
    world.cloud.create(KINDS["SolutionVersion"], "theirs", {"solution": solution.arn}, tags)
    world.clock.sleep(24 * 3600)
    world.untag_by_hand(ours.arn, [*tags])

    assert actions(world.plan(shop)) == {}


def test_a_denied_tag_list_stops_what_relies_on_it(world: World, shop: Path) -> None:
    """When something is to be done and an object may not be asked for its tags, nothing is planned."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text.replace("minProvisionedTPS: 1", "minProvisionedTPS: 2"))
    world.emulator.faults.deny("ListTagsForResource", times=50)

    with pytest.raises(AccessDenied):
        world.plan(shop)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"version": "1", "known": {"arn": {"kind": "Nothing"}}}', '{"version": "0"}']
)
def test_a_cache_that_cannot_be_read_is_empty(text: str) -> None:
    """Nothing a file holds can do more than cost calls."""
    assert from_json(text, "1", KINDS, trusting=False) == Cache()


def test_what_is_remembered_says_the_same_from_disk(world: World, shop: Path) -> None:
    """A cache survives being written and read; what has gone from the account is forgotten. Jobs never go."""
    _, cache, _ = world.look(shop)
    assert kept(cache) == cache
    assert any(live.kind is KINDS["Filter"] for live in cache.known.values())
    world.carry_out(world.destroy_plan(shop))

    _, after, _ = world.look(shop, cache)

    assert {live.kind for live in after.known.values()} <= {KINDS["DatasetImportJob"]}


def test_the_time_of_an_update_survives_on_disk() -> None:
    """Whether an automatic training is from before an update is told by that time, from memory as well."""
    update = LiveUpdate("ACTIVE", {"performAutoTraining": True}, updated=50.0)
    live = Live(KINDS["Solution"], "arn", "home", "ACTIVE", created=1.0, updated=1.0, update=update, described=True)

    assert kept(Cache({"arn": live})) == Cache({"arn": live})


def test_what_the_service_made_stays_so_from_memory() -> None:
    """A version that was read once is still told by its list to be an automatic one."""
    known = Live(KINDS["SolutionVersion"], "arn", "", "ACTIVE", created=1.0, described=True)
    cache = kept(Cache({"arn": known}))

    recalled = cache.recall(Live(known.kind, "arn", "", "ACTIVE", created=1.0, service_made=True))

    assert recalled
    assert recalled.service_made


def test_a_strangers_import_is_read_before_it_is_overwritten(world: World, tmp_path: Path) -> None:
    """A list does not tell which dataset an import filled: those of others are read when one of ours is due."""
    manifests = stock_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    text = path.read_text()
    path.write_text(
        text[: text.index("kind: DatasetImportJob")] + "kind: EventTracker\nname: web\nspec: {datasetGroup: shop}\n"
    )
    world.apply(manifests)
    (dataset,) = world.cloud.list(KINDS["Dataset"])
    job = {"dataset": dataset.arn, "dataSource": {"dataLocation": "s3://shop/interactions.csv"}, "roleArn": ROLE}
    world.cloud.create(KINDS["DatasetImportJob"], "theirs", job, {})
    world.clock.sleep(7200)
    path.write_text(text)

    plan, cache, _ = world.look(manifests)
    again, _, calls = world.look(manifests, kept(cache))

    reasons = {str(change.address): reason_of(change) for change in plan.pending}
    assert reasons["DatasetImportJob/events"] == "never ran; overwrites the rows of earlier imports"
    assert again.fingerprint == plan.fingerprint
    assert "DescribeDatasetImportJob" not in calls


def test_what_an_object_is_to_leave_is_read(world: World, tmp_path: Path) -> None:
    """A dataset cannot move to a schema without its columns, although the schema it leaves is no longer declared."""
    manifests = write_every(tmp_path, "Dataset/items")
    world.apply(manifests)
    old, dataset = file_of(manifests, "Schema/items"), file_of(manifests, "Dataset/items")
    less = old.read_text().replace('{name: YEAR, type: ["null", int]}', "").replace("name: items", "name: movies", 1)
    old.write_text(less)
    dataset.write_text(dataset.read_text().replace("schema: items", "schema: movies"))

    plan, _, _ = world.look(manifests)

    assert actions(plan)["Dataset/items"] is Action.BLOCKED


def test_a_schema_of_a_domain_that_is_left_is_read(world: World, tmp_path: Path) -> None:
    """A list tells the domain of a schema and nothing more, which is no reading of it."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    old, dataset = file_of(manifests, "Schema/video-events"), file_of(manifests, "Dataset/video-events")
    old.write_text(old.read_text().replace("name: video-events", "name: watched", 1))
    dataset.write_text(dataset.read_text().replace("schema: video-events", "schema: watched"))

    plan, _, _ = world.look(manifests)

    assert actions(plan)["Dataset/video-events"] is Action.BLOCKED


def test_a_version_is_not_called_after_a_document_of_another_kind(world: World, shop: Path) -> None:
    """Tags copied from a campaign do not tell the name of a training."""
    (solution,) = world.cloud.list(KINDS["Solution"])
    tags = {PROJECT: "shop/local", ADDRESS: "Campaign/home", FINGERPRINT: "0123abcd"}
    arn = world.cloud.create(KINDS["SolutionVersion"], "theirs", {"solution": solution.arn}, tags)

    (found,) = (live for live in world.snapshot(shop).objects if live.arn == arn)

    assert found.name == "theirs"
