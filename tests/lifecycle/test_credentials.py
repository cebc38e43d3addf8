"""Credentials that expire during an apply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeGuard

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Connection, Inline
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import CredentialsError
from personalize_gitops.locking import NO_WAIT, holding
from personalize_gitops.manifest import load
from personalize_gitops.model.events import Cause, Event, Failed, Left, NotBegun, Waiting, exit_code
from personalize_gitops.model.reason import ReasonCode
from personalize_gitops.render.reasons import text
from personalize_gitops.session import Session
from tests.support.credentials import Expired, Profile
from tests.support.project import Project
from tests.support.proxy import proxied
from tests.support.shop import write_shop
from tests.support.world import START, World, actions

FILTER = """
kind: Filter
name: {name}
spec: {{datasetGroup: shop, filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("{name}")}}
"""

React = Callable[[Event], None]


@contextmanager
def reached_with_a_profile(tmp_path: Path, expired: Expired) -> Iterator[tuple[World, Path]]:
    """The small shop and an account over HTTP, reached with the profile `deploy`."""
    clock = SimulatedClock(START)
    manifests = write_shop(tmp_path)
    emulator = Emulator(clock.now)
    emulator.put_bucket("shop", tmp_path / "data")
    with emulator.serve(port=0) as server, proxied(server.url, expired) as url:
        yield World(emulator, clock, connect(clock, profile="deploy", region="us-east-1", endpoint_url=url)), manifests


def run(world: World, manifests: Path, react: React, *, wait: bool = True) -> list[Event]:
    """Apply, and let something happen after each event."""
    events: list[Event] = []
    try:
        for event in apply(to_steps(world.plan(manifests)), world.cloud, world.clock, world.pool, wait=wait):
            events.append(event)
            react(event)
    except CredentialsError:
        assert Cause.CREDENTIALS in {event.cause for event in events if isinstance(event, Left | NotBegun)}
    return events


def is_training(event: Event) -> bool:
    return isinstance(event, Waiting) and str(event.step.id.address) == "SolutionVersion/home"


def is_without_credentials(event: Event) -> TypeGuard[Waiting]:
    return isinstance(event, Waiting) and event.state.code is ReasonCode.CREDENTIALS_EXPIRED


def test_credentials_renewed_before_they_are_missed(tmp_path: Path, profile: Profile) -> None:
    """Keys that a file gets during a wait are used when the old ones have expired: nothing is told, nothing lost."""
    expired = Expired()

    def renew(event: Event) -> None:
        if is_training(event):
            profile.write("AKIANEW")
            expired.keys.add("AKIAOLD")

    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        events = run(world, manifests, renew)

        assert exit_code(events) == 0
        assert not any(map(is_without_credentials, events))
        assert actions(world.plan(manifests)) == {}


def test_renewed_credentials_are_waited_for(tmp_path: Path, profile: Profile) -> None:
    """Expired credentials are told with the limit of the wait, and the apply continues with renewed ones."""
    expired = Expired()
    told: list[str] = []

    def react(event: Event) -> None:
        if is_without_credentials(event):
            told.append(text(event.state))
            profile.write("AKIANEW")
        elif is_training(event):
            expired.keys.add("AKIAOLD")

    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        events = run(world, manifests, react)

        assert exit_code(events) == 0
        assert told[0].startswith("waits up to 10m for renewed credentials (DescribeSolutionVersion: The sec")
        assert len(world.snapshot(manifests).of_kind("SolutionVersion")) == 1


def test_credentials_that_nobody_renews_end_an_apply(tmp_path: Path, profile: Profile) -> None:
    """After the limit the apply ends with 4: the training is told as in progress, and nothing has failed."""
    expired = Expired()

    def expire(event: Event) -> None:
        if is_training(event) and not is_without_credentials(event):
            expired.keys.add("AKIAOLD")

    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        events = run(world, manifests, expire)
        waited = [event.at for event in events if is_without_credentials(event)]

        assert exit_code(events) == 4
        assert [str(event.step.id.address) for event in events if isinstance(event, Left)] == ["SolutionVersion/home"]
        assert not [event for event in events if isinstance(event, Failed)]
        assert 480 < waited[-1] - waited[0] <= 600
        expired.keys.clear()
        world.apply(manifests)
        assert len(world.snapshot(manifests).of_kind("SolutionVersion")) == 1


@pytest.mark.parametrize("renewed_after", [400.0, None], ids=["renewed", "not renewed"])
def test_a_lock_that_cannot_be_renewed_is_not_lost(
    tmp_path: Path, profile: Profile, renewed_after: float | None
) -> None:
    """The wait for credentials outlasts the lease; nobody took the lock, so the apply goes on, or ends with 4."""
    expired, events, expiry = Expired(), list[Event](), list[float]()

    def react(event: Event) -> None:
        if is_training(event) and not expiry:
            expiry.append(event.at)
            expired.keys.add("AKIAOLD")
        elif renewed_after is not None and expiry and event.at > expiry[0] + renewed_after:
            profile.write("AKIANEW")

    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        world.emulator.put_bucket("locks")
        with holding(world.cloud.lock("s3://locks/shop"), world.clock, NO_WAIT, world.clock.now()) as held:
            world.cloud.guard(held.check)
            locked = Connection(world.cloud, world.clock, Inline(), simulated=True, held=held)
            session = Session(load(manifests), locked)
            with suppress(CredentialsError):
                for event in session.apply(session.plan()):
                    events.append(event)
                    react(event)

    assert exit_code(events) == (4 if renewed_after is None else 0)
    waited = [event.at for event in events if is_without_credentials(event)]
    assert waited[-1] - waited[0] > 300


def test_credentials_are_waited_for_while_many_runs_are_in_progress(tmp_path: Path, profile: Profile) -> None:
    """Also where one list shows all of them: no run is left because the list was refused."""
    expired, told = Expired(), list[Event]()

    def react(event: Event) -> None:
        if is_without_credentials(event):
            told.append(event)
            profile.write("AKIANEW")
        elif isinstance(event, Waiting) and event.step.kind.kind_name() == "Filter":
            expired.keys.add("AKIAOLD")

    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        for name in "abcd":
            (manifests / f"{name}.yaml").write_text(FILTER.format(name=name))

        assert exit_code(run(world, manifests, react)) == 0
        assert told
        assert actions(world.plan(manifests)) == {}


def test_without_waiting_expired_credentials_end_an_apply_at_once(tmp_path: Path, profile: Profile) -> None:
    """`--no-wait` does not wait for credentials either."""
    expired = Expired()
    with reached_with_a_profile(tmp_path, expired) as (world, manifests):
        plan = world.plan(manifests)
        expired.keys.add("AKIAOLD")
        before = world.clock.now()

        with pytest.raises(CredentialsError):
            world.carry_out(plan, wait=False)

        assert world.clock.now() == before


def expire(manifests: Path, *operations: str) -> None:
    """Let the embedded account refuse the next call of each operation."""
    emulator = Emulator(SimulatedClock(START).now, account="000000000000")
    with emulator.keeping(manifests / "state"):
        for operation in operations:
            emulator.faults.expire(operation)


def test_an_apply_without_credentials_ends_in_order(tmp_path: Path) -> None:
    """Exit code 4 with the usual summary, what is in progress, and the command that continues."""
    manifests = write_shop(tmp_path)
    project = Project(tmp_path)
    expire(manifests, "DescribeDatasetImportJob")

    result = project.run("apply", "--auto-approve", "--target", "local")
    again = project.run("apply", "--auto-approve", "--target", "local")

    assert result.code == 4
    told = result.err.splitlines()
    assert any(line.endswith("still creating; it continues in the account") for line in told)
    assert told[-2:] == [
        "Error: DescribeDatasetImportJob: The security token included in the request is expired",
        "Next: personalize-gitops apply --target local",
    ]
    assert "2 in progress" in result.out
    assert result.out.rstrip().endswith("the next apply waits for them.")
    assert again.code == 0


@pytest.mark.parametrize(("command", "operation"), [("destroy", "UntagResource"), ("apply", "TagResource")])
def test_a_record_that_credentials_do_not_permit_changes_no_exit_code(
    tmp_path: Path, command: str, operation: str
) -> None:
    """The records on a dataset group are written around the steps: without them the command still does its work."""
    manifests = write_shop(tmp_path)
    project = Project(tmp_path)
    assert project.run("apply", "--auto-approve").code == 0
    project.write("filter.yaml", FILTER.format(name="extra"))
    expire(manifests, operation)

    result = project.run(command, "--auto-approve")

    assert (result.code, "Error" in result.err) == (0, False)
    assert "Applied: " in result.out


def test_a_destruction_without_credentials_ends_in_order(tmp_path: Path) -> None:
    """Credentials that expire before its first call: exit code 4, with what was not begun."""
    manifests = write_shop(tmp_path)
    project = Project(tmp_path)
    assert project.run("apply", "--auto-approve").code == 0
    expire(manifests, "UntagResource", "DeleteCampaign", "DeleteFilter")

    result = project.run("destroy", "--auto-approve")

    assert result.code == 4
    assert "not begun" in result.out
    assert result.err.splitlines()[-1] == "Next: personalize-gitops destroy"
