"""Whatever is declared and however it is edited: apply leaves nothing to do, harms nobody, and serves throughout.

A project is drawn beside objects of others with similar names. Then it is edited, planned and applied, again and
again. An edit that the manifests or the plan refuse is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Event, Failed, Skipped, Waiting
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.status import Condition
from personalize_gitops.model.steps import StepId
from tests.support.drafts import Draft, edited
from tests.support.every import NEEDS, write_data_of_every
from tests.support.strangers import make_strangers
from tests.support.texts import reason_of
from tests.support.world import START, World, emulated

OURS = "every/local"
SLEEPS = [0.0, 3600.0, 3 * 86400.0, 31 * 86400.0]  # seconds between two applies
DONE_LATER = "there is no successful version yet"


@contextmanager
def made_up_account() -> Iterator[tuple[World, Path]]:
    """An account in which others have things of similar names, and a folder for manifests."""
    clock = SimulatedClock(START)
    with TemporaryDirectory() as folder, Emulator(clock.now).started() as emulator:
        manifests = Path(folder) / "manifests"
        manifests.mkdir()
        write_data_of_every(Path(folder) / "data")
        emulator.put_bucket("every", Path(folder) / "data")
        world = World(emulator, clock, emulated(clock))
        make_strangers(world)
        yield world, manifests


def everything(world: World) -> dict[str, Live]:
    """Every object of the account with all its members and tags, but for what the service makes by itself."""
    found = [live for kind in world.kinds.values() for live in world.cloud.list(kind) if not live.service_made]
    described = [(live, world.cloud.describe(live.kind, live.arn)) for live in found]
    return {
        live.arn: Live(**{**vars(live), "tags": world.cloud.tags(live.arn) if live.kind.taggable else {}})
        for _, live in described
        if live
    }


def kept(plan: Plan) -> set[tuple[str, float]]:
    """What a plan has to leave in its place: everything its documents protect."""
    return {
        (change.live.arn, change.live.created)
        for change in plan.changes
        if change.live and change.document and change.document.lifecycle.protect
    }


def is_to_serve(change: Change) -> bool:
    """Whether a change is about a campaign that is there and is not said to go."""
    if change.address.kind_name != "Campaign" or change.live is None or change.live.condition is not Condition.READY:
        return False
    return change.action not in (Action.RECREATE, Action.DELETE)


def why_not_serving(world: World, campaign: Live) -> str:
    """What keeps a campaign from answering; empty when it answers."""
    live = world.cloud.describe(campaign.kind, campaign.arn)
    if live is None or live.status != "ACTIVE":
        return f"{campaign.name} is {live.status if live else 'gone'}"
    version = str(live.attributes["solutionVersion"])
    solution = world.cloud.describe(world.kinds["Solution"], version.rpartition("/")[0])
    if solution is None or solution.status != "ACTIVE":
        return f"the solution of {campaign.name} is {solution.status if solution else 'gone'}"
    if version.endswith("$LATEST"):
        return ""
    trained = world.cloud.describe(world.kinds["SolutionVersion"], version)
    return "" if trained and trained.status == "ACTIVE" else f"{campaign.name} has no trained version"


def turns(events: Iterable[Event]) -> Iterator[Event]:
    """The events at which something is otherwise than before: all but those that say the same again."""
    statuses: dict[StepId, Reason] = {}
    for event in events:
        if not isinstance(event, Waiting) or statuses.get(event.step.id) != event.state:
            yield event
        if isinstance(event, Waiting):
            statuses[event.step.id] = event.state


def unfinished(plan: Plan) -> list[str]:
    """What there is to do still. A campaign may wait for an automatic training that no apply brings about."""
    return [
        f"{change.address} {change.action}: {reason_of(change)}"
        for change in plan.pending
        if change.action is not Action.BLOCKED and DONE_LATER not in reason_of(change)
    ]


def carried_out(world: World, manifests: Path) -> bool:
    """Whether the plan could be applied; if so, it was, and everything promised held."""
    try:
        load(manifests)
    except ManifestError as error:
        note(f"refused: {error}")
        return False
    plan = world.plan(manifests)
    for change in plan.pending:
        note(f"  {change.address} {change.action} {change.aws_name}: {reason_of(change)}")
    if not plan.applyable:
        return False
    before = everything(world)
    serving = [change.live for change in plan.changes if change.live and is_to_serve(change)]

    for event in turns(apply(to_steps(plan), world.cloud, world.clock, world.pool)):
        assert not isinstance(event, Failed | Skipped), f"{event.step.id}: {event}"
        for campaign in serving:
            assert not why_not_serving(world, campaign), event

    after = everything(world)
    assert unfinished(world.plan(manifests)) == []
    touched = {change.live.arn for change in plan.pending if change.live}
    for arn, live in before.items():
        if live.owner == OURS or (not live.kind.taggable and (arn in touched or live.name != "items-2")):
            continue
        if live.kind.is_run:
            continue  # history, which goes with what it belongs to
        assert after.get(arn) == live
    assert kept(plan) <= {(live.arn, live.created) for live in after.values()}
    return True


def converge(data: st.DataObject, edits: int) -> None:
    """One project's life."""
    with made_up_account() as (world, manifests):
        draft = Draft(prune=data.draw(st.booleans()))
        for address in data.draw(st.lists(st.sampled_from(sorted(NEEDS)), min_size=1, max_size=4, unique=True)):
            draft.add(address)
        draft.write(manifests)
        note(f"begin with {', '.join(draft.documents)}, prune {draft.prune}")
        assert carried_out(world, manifests)
        for _ in range(edits):
            world.clock.sleep(data.draw(st.sampled_from(SLEEPS)))
            changed, what = edited(draft, lambda options: data.draw(st.sampled_from(options)))
            note(what)
            changed.write(manifests)
            if carried_out(world, manifests):
                draft = changed
            else:
                draft.write(manifests)


common = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(common, max_examples=10, derandomize=True)
@given(st.data())
def test_whatever_is_edited_converges(data: st.DataObject) -> None:
    """After each apply nothing is left to do, nothing of others or protected changed, and campaigns always answered."""
    converge(data, 3)


@pytest.mark.slow
@settings(common, max_examples=150)
@given(st.data())
def test_whatever_is_edited_converges_for_long(data: st.DataObject) -> None:
    """The same, many more times and with more edits."""
    converge(data, 12)
