"""Quotas on the number of objects: the plan says what exceeds one before anything is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import QuotaExceeded
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.events import Failed, Waiting
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.render.reasons import text as sentence
from tests.support.edits import edit
from tests.support.every import apply_every, file_of, stock_every
from tests.support.shop import apply_shop
from tests.support.texts import reason_of
from tests.support.world import START, World, actions, change_of, emulated

NOT_FREE = Reason(ReasonCode.QUOTA_NOT_FREE_YET)
FULL = "so there is no room for a successor"
FIRST = f"{FULL}; recreated instead; to avoid the outage, delete another one or raise the quota"

OVER = (
    "12 filters, 2 more than the 10 that dataset group shop may hold by default; "
    "delete some or raise the quota in Service Quotas"
)


def fill(world: World, manifests: Path, kind: str, count: int) -> None:
    """Somebody else's objects like the one there is, so that its group holds `count`."""
    lives = world.snapshot(manifests).of_kind(kind)
    for number in range(count - len(lives)):
        world.cloud.create(lives[0].kind, f"other-{number}", lives[0].attributes, {})
    world.clock.sleep(86400)


def names(world: World, manifests: Path, kind: str) -> list[str]:
    return sorted(live.name for live in world.snapshot(manifests).of_kind(kind) if not live.name.startswith("other"))


def test_a_full_group_recreates_a_solution_with_its_campaigns(world: World, tmp_path: Path) -> None:
    """An eleventh solution is refused, so the solution goes first; its campaign, by default, does not let it."""
    manifests = apply_shop(world, tmp_path)
    fill(world, manifests, "Solution", 10)
    edit(manifests / "shop.yaml", "factor: 0.3", "factor: 0.5")
    solution = world.snapshot(manifests).of_kind("Solution")[0]
    with pytest.raises(QuotaExceeded, match="More than 10 resources with ACTIVE status"):
        world.cloud.create(solution.kind, "home-2", solution.attributes, {})

    plan = world.plan(manifests)

    made_anew, kept = change_of(plan, "Solution/home"), change_of(plan, "Campaign/home")
    why = (
        "algorithmHyperParameters.popularity_discount_factor cannot be updated in place: "
        "an update only changes automatic training, incremental updates and events; "
        f"its dataset group holds 10 solutions, the default quota, {FIRST}"
    )
    assert reason_of(made_anew) == f"{why}; Campaign/home uses it and is blocked"
    assert kept.action is Action.BLOCKED
    assert reason_of(kept) == (
        "it depends on Solution/home, which is recreated; "
        "set `lifecycle: {replace: recreate}` to delete and recreate it too"
    )

    edit(manifests / "shop.yaml", "minProvisionedTPS: 1}\n", "minProvisionedTPS: 1}\nlifecycle: {replace: recreate}\n")
    plan = world.plan(manifests)
    made_anew = change_of(plan, "Solution/home")
    assert (made_anew.risk, made_anew.loses) == (Risk.DATA_LOSS, Fact.LOSES_VERSIONS)
    assert actions(plan) == {
        "Solution/home": Action.RECREATE,
        "SolutionVersion/home": Action.RUN,
        "Campaign/home": Action.RECREATE,
    }
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    assert names(world, manifests, "Solution") == ["home"]


def test_room_that_was_made_lets_a_successor_come(world: World, tmp_path: Path) -> None:
    """With one solution less in the group the same edit takes nothing away first."""
    manifests = apply_shop(world, tmp_path)
    fill(world, manifests, "Solution", 9)
    edit(manifests / "shop.yaml", "factor: 0.3", "factor: 0.5")

    assert actions(world.plan(manifests))["Solution/home"] is Action.SUCCESSOR
    world.apply(manifests)
    assert names(world, manifests, "Solution") == ["home-2"]


def test_what_the_plan_makes_beside_it_takes_room_too(world: World, tmp_path: Path) -> None:
    """The tenth place goes to what is declared anew, which leaves none for a successor."""
    manifests = apply_shop(world, tmp_path)
    text = (manifests / "shop.yaml").read_text()
    start = text.index("kind: Solution\n")
    solution = text[start : text.index("---", start)]
    (manifests / "more.yaml").write_text(solution.replace("name: home", "name: zoo"))
    fill(world, manifests, "Solution", 9)
    edit(manifests / "shop.yaml", "factor: 0.3", "factor: 0.5")
    edit(manifests / "shop.yaml", "minProvisionedTPS: 1}\n", "minProvisionedTPS: 1}\nlifecycle: {replace: recreate}\n")

    plan = world.plan(manifests)

    assert actions(plan)["Solution/zoo"] is Action.CREATE
    assert actions(plan)["Solution/home"] is Action.RECREATE
    assert "holds 9 solutions and this plan adds 1; the default quota is 10" in (
        reason_of(change_of(plan, "Solution/home"))
    )
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


def test_a_raised_quota_is_not_held_against_a_successor(tmp_path: Path) -> None:
    """A group with more than the default may hold more than that; how many, the service will say."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, quotas={"Solution": 20}).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        manifests = apply_shop(world, tmp_path)
        fill(world, manifests, "Solution", 11)
        edit(manifests / "shop.yaml", "factor: 0.3", "factor: 0.5")

        world.apply(manifests)

        assert actions(world.plan(manifests)) == {}
        assert names(world, manifests, "Solution") == ["home-2"]


@pytest.mark.parametrize(
    ("address", "before", "after", "most"),
    [
        ("Filter/fresh", 'IN ("like")', 'IN ("watch")', 10),
        ("Recommender/next", "aws-vod-top-picks", "aws-vod-most-popular", 5),
    ],
)
def test_who_asked_for_a_successor_is_not_given_an_outage(
    world: World, tmp_path: Path, address: str, before: str, after: str, most: int
) -> None:
    """A document that says `replace: successor` is blocked where there is no room; the way out it is told is one."""
    kind, name = address.split("/")
    manifests = stock_every(world, tmp_path, address)
    path = file_of(manifests, address)
    path.write_text(f"{path.read_text()}\nlifecycle: {{replace: successor}}\n")
    world.apply(manifests)
    fill(world, manifests, kind, most)
    edit(path, before, after)

    plan = world.plan(manifests)

    assert actions(plan) == {address: Action.BLOCKED}
    assert f"holds {most} {kind.lower()}s, the default quota, {FULL}; delete another one or raise the quota" in (
        reason_of(change_of(plan, address))
    )
    edit(path, "replace: successor", "replace: recreate")
    assert actions(world.plan(manifests)) == {address: Action.RECREATE}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    assert names(world, manifests, kind) == [name]


def test_an_endpoint_is_not_deleted_for_want_of_room(world: World, tmp_path: Path) -> None:
    """A project that lets recommenders have successors has not said that their endpoints may go."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    fill(world, manifests, "Recommender", 5)
    edit(file_of(manifests, "Recommender/next"), "aws-vod-top-picks", "aws-vod-most-popular")
    edit(manifests / "project.yaml", "Recommender: recreate", "Recommender: successor")

    assert actions(world.plan(manifests)) == {"Recommender/next": Action.BLOCKED}


def more(path: Path, address: str, count: int) -> None:
    """Declare further resources like the one at an address in a file."""
    text = path.read_text()
    kind, name = address.split("/")
    start = text.index(f"kind: {kind}\nname: {name}\n")
    document = text[start:].split("\n---")[0]
    copies = [document.replace(f"name: {name}\n", f"name: more-{number}\n", 1) for number in range(count)]
    (path.parent / "more.yaml").write_text("\n---\n".join(copies))


def test_filters_beyond_the_quota_are_in_the_plan(world: World, tmp_path: Path) -> None:
    """The plan notes two filters too many; the service creates ten and refuses two, until the quota is raised."""
    manifests = apply_shop(world, tmp_path)
    more(manifests / "shop.yaml", "Filter/bought", 11)

    plan = world.plan(manifests)
    refused = [event for event in world.carry_out(plan) if isinstance(event, Failed)]

    notes = [sentence(note) for change in plan.changes for note in change.notes]
    assert notes == [OVER]
    assert plan.applyable
    assert len(refused) == 2
    assert len(world.snapshot(manifests).of_kind("Filter")) == 10


@pytest.mark.parametrize("campaigns", [False, True])
def test_a_deletion_of_the_plan_frees_the_quota(world: World, tmp_path: Path, campaigns: bool) -> None:
    """In a full group, a pruned solution goes before the new one comes, after its campaign and its version."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    edit(path, "{emulator:", "{prune: true, limits: {maxDeletes: 9}, emulator:")
    fill(world, manifests, "Solution", 10)
    start, end = path.read_text().index("kind: Solution\n"), path.read_text().index("---\nkind: Filter")
    gone = path.read_text()[start:end]
    new = gone if campaigns else gone[: gone.index("---")]
    edit(path, gone, new.replace("home", "anew"))

    plan = world.plan(manifests)
    events = world.carry_out(plan)

    assert actions(plan)["Solution/home"] is Action.DELETE
    assert [reason_of(event) for event in events if isinstance(event, Failed)] == []
    said = [str(event.step.id) for event in events if isinstance(event, Waiting) and event.state == NOT_FREE]
    assert set(said) == {"create Solution/anew"}
    assert actions(world.plan(manifests)) == {}


def test_a_deletion_that_fails_frees_nothing(world: World, tmp_path: Path) -> None:
    """The creation that waited for it fails with the words of the service."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    edit(path, "{emulator:", "{prune: true, emulator:")
    fill(world, manifests, "Filter", 10)
    edit(path, "name: bought", "name: liked")
    world.emulator.faults.refuse("DeleteFilter", "InvalidInputException", "not now")

    failed = [reason_of(event) for event in world.carry_out(world.plan(manifests)) if isinstance(event, Failed)]

    assert failed[0] == "DeleteFilter: not now"
    assert failed[1].startswith("CreateFilter: More than 10 resources with ACTIVE status")


def test_a_group_with_more_than_the_default_has_no_note(tmp_path: Path) -> None:
    """A group that holds eleven filters has a raised quota, so the plan for a twelfth has no note and succeeds."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, quotas={"Filter": 12}).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        manifests = apply_shop(world, tmp_path)
        fill(world, manifests, "Filter", 11)
        more(manifests / "shop.yaml", "Filter/bought", 1)

        assert [note for change in world.plan(manifests).changes for note in change.notes] == []
        world.apply(manifests)


def test_recommenders_beyond_the_quota_are_blocked(world: World, tmp_path: Path) -> None:
    """A sixth recommender is blocked, because its quota cannot be raised; the service refuses it too."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    fill(world, manifests, "Recommender", 5)
    more(file_of(manifests, "Recommender/next"), "Recommender/next", 1)

    plan = world.plan(manifests)

    assert actions(plan) == {"Recommender/more-0": Action.BLOCKED}
    assert reason_of(change_of(plan, "Recommender/more-0")).endswith(
        "6 recommenders, 1 more than the 5 that dataset group video may hold; "
        "this quota cannot be raised, so declare or keep fewer"
    )
    existing = world.snapshot(manifests).of_kind("Recommender")[0]
    with pytest.raises(QuotaExceeded):
        world.cloud.create(existing.kind, "more-0", existing.attributes, {})
