"""An account that nobody manages, from import over adoption to the same account made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.importing import import_into
from personalize_gitops.manifest.formatting import format_folder
from personalize_gitops.model.action import QUIET, Action
from personalize_gitops.model.reports import ImportReport
from personalize_gitops.render.importing import text
from tests.support.accounts import PROJECT, Maker, settings
from tests.support.every import NEEDS, apply_every
from tests.support.picks import Picks
from tests.support.world import START, World, actions, emulated

common = configured(deadline=None, suppress_health_check=list(HealthCheck))


def imported(world: World, folder: Path, project: str = PROJECT, *groups: str, explicit: bool = False) -> ImportReport:
    """Import the account into `folder/imported`, which has nothing but a project before."""
    manifests = folder / "imported"
    manifests.mkdir(exist_ok=True)
    if not (manifests / "project.yaml").exists():
        (manifests / "project.yaml").write_text(project)
    return import_into(world.session(manifests), manifests, frozenset(groups), explicit=explicit)


def comes_back(world: World, folder: Path, *, explicit: bool = False) -> None:
    """Import, adopt, destroy and apply: the account is the same, and no plan does anything else.

    The imported files are as `fmt` writes them.
    """
    world.emulator.answered.clear()
    report = imported(world, folder, explicit=explicit)
    manifests, told = folder / "imported", text(report)
    assert all(call.startswith(("Describe", "Get", "List")) for call in world.emulator.answered)
    assert format_folder(manifests, write=False).changed == ()
    made = settings(world, manifests)

    adopting = world.plan(manifests, adopt=True)
    assert {*actions(adopting).values()} <= {Action.ADOPT}, told
    world.carry_out(adopting)
    assert actions(world.plan(manifests)) == {}, told
    assert settings(world, manifests) == made

    world.carry_out(world.destroy_plan(manifests))
    assert settings(world, manifests) == {}
    world.apply(manifests)
    world.apply(manifests)
    assert settings(world, manifests) == made, told
    assert {change.action for change in world.plan(manifests).changes} <= QUIET


@pytest.mark.parametrize("explicit", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_kind_comes_back(world: World, tmp_path: Path, explicit: bool) -> None:
    """Objects of every kind are imported, adopted, destroyed and made again, with their settings and tags."""
    manifests = apply_every(world, tmp_path, *NEEDS)
    for live in world.snapshot(manifests).objects:
        if live.tags:
            world.untag_by_hand(live.arn, [*live.tags])

    comes_back(world, tmp_path, explicit=explicit)


def test_a_campaign_on_an_older_version_stays_on_it(world: World, tmp_path: Path) -> None:
    """Its document names that version by ARN, the report says so, and neither adoption nor a later plan moves it."""
    manifests = apply_every(world, tmp_path, "Campaign/home")
    campaign, solution = world.only(manifests, "Campaign"), world.only(manifests, "Solution")
    client = boto3.client("personalize", region_name="us-east-1")
    client.create_solution_version(solutionArn=solution.arn, name="newer")
    world.clock.sleep(7200)
    for live in world.snapshot(manifests).objects:
        if live.tags:
            world.untag_by_hand(live.arn, [*live.tags])

    told = text(imported(world, tmp_path))

    folder, version = tmp_path / "imported", campaign.attributes["solutionVersion"]
    assert f"Campaign/home: solutionVersion is an ARN, because no document declares it: {version}\n" in told
    adopting = world.plan(folder, adopt=True)
    assert {*actions(adopting).values()} == {Action.ADOPT}
    world.carry_out(adopting)
    assert actions(world.plan(folder)) == {}
    found = client.describe_campaign(campaignArn=campaign.arn)["campaign"]
    assert (found["solutionVersionArn"], found.get("latestCampaignUpdate")) == (version, None)


def account_of(number: Callable[[int], int]) -> None:
    clock = SimulatedClock(START)
    with Emulator(clock.now).started() as emulator, TemporaryDirectory() as folder:
        world = World(emulator, clock, emulated(clock))
        Maker(world, Picks(number)).account(Path(folder))
        comes_back(world, Path(folder))


@configured(common, max_examples=2, derandomize=True)
@given(st.data())
def test_random_accounts_come_back(data: st.DataObject) -> None:
    """The same for random accounts: names, settings and tags."""
    account_of(lambda below: data.draw(st.integers(0, below - 1)))


@pytest.mark.slow
@configured(common, max_examples=1_000)
@given(st.data())
def test_many_random_accounts_come_back(data: st.DataObject) -> None:
    """The same for a thousand accounts."""
    account_of(lambda below: data.draw(st.integers(0, below - 1)))
