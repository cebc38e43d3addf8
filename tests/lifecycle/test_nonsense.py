"""Something else than AWS answers during an apply: nothing is bought twice, and what is in progress is told."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.model.events import Begun, Event, Failed, exit_code
from tests.support.project import Project
from tests.support.proxy import Answer, Request, proxied
from tests.support.shop import write_shop
from tests.support.texts import reason_of
from tests.support.world import START, World, actions

PAGE = Answer(200, b"<!DOCTYPE html><html><body><p>Log in to the network</body></html>", {"Content-Type": "text/html"})


class Portal:
    """A captive portal; while it is closed, it answers every request to Personalize with its page."""

    def __init__(self) -> None:
        self.is_closed: Callable[[], bool] = lambda: False
        self.shown = 0

    def __call__(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.service != "personalize" or not self.is_closed():
            return forward()
        self.shown += 1
        return PAGE


@pytest.fixture
def portal() -> Portal:
    return Portal()


@contextmanager
def behind(portal: Portal, folder: Path, clock: SimulatedClock) -> Iterator[tuple[Emulator, str, Path]]:
    """The shop, and an account over HTTP behind a portal, with its URL."""
    manifests, emulator = write_shop(folder), Emulator(clock.now)
    emulator.put_bucket("shop", folder / "data")
    with emulator.serve(port=0) as server, proxied(server.url, portal) as url:
        yield emulator, url, manifests


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")


def is_training(event: Event) -> bool:
    return isinstance(event, Begun) and event.step.kind.kind_name() == "SolutionVersion"


@pytest.mark.parametrize("minutes", [5, 60])
def test_a_portal_during_a_training(tmp_path: Path, portal: Portal, minutes: int) -> None:
    """One that is closed for minutes fails nothing; an hour ends the wait, and says that the state is unknown."""
    clock, events = SimulatedClock(START), list[Event]()
    with behind(portal, tmp_path, clock) as (emulator, url, manifests):
        world = World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=url))
        for event in apply(to_steps(world.plan(manifests)), world.cloud, clock, world.pool):
            events.append(event)
            if is_training(event):
                opens = clock.now() + 60 * minutes
                portal.is_closed = lambda: clock.now() < opens  # noqa: B023  there is one training

        failed = [reason_of(event) for event in events if isinstance(event, Failed)]
        assert portal.shown > 8
        assert exit_code(events) == (0 if minutes == 5 else 10)
        assert len(failed) == (0 if minutes == 5 else 1)
        assert all("so its state is unknown" in why and "the answer makes no sense" in why for why in failed)
        clock.sleep(3600)
        world.apply(manifests)
        assert emulator.answered["CreateSolutionVersion"] == 1
        assert actions(world.plan(manifests)) == {}


def served(url: str, folder: Path) -> Project:
    """Let the target of the shop be at a URL."""
    project = Project(folder)
    there = f"{{region: us-east-1, endpointUrl: '{url}'}}"
    project.edit("shop.yaml", "{emulator: {state: state, buckets: {shop: ../data}}}", there)
    return project


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_command_behind_a_portal_can_be_stopped(tmp_path: Path, portal: Portal) -> None:
    """The command tells what is in progress, has the exit code of an interruption, and shows no traceback."""
    with behind(portal, tmp_path, SimulatedClock(START)) as (_, url, _):
        project = served(url, tmp_path)
        command = [sys.executable, "-m", "personalize_gitops", "apply", "--auto-approve"]
        with subprocess.Popen(command, cwd=project.folder, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            while "creating: CREATE" not in running.stderr.readline():
                assert running.poll() is None
            portal.is_closed = lambda: True
            running.send_signal(signal.SIGTERM)
            _, err = running.communicate(timeout=60)

    assert running.returncode == 8
    assert "DatasetGroup/shop" in err
    assert "it continues in the account" in err
    assert "Traceback" not in err


@pytest.mark.slow
@pytest.mark.parametrize("command", [["plan"], ["status"], ["apply", "--auto-approve"]], ids=" ".join)
def test_a_command_behind_a_closed_portal(tmp_path: Path, portal: Portal, command: list[str]) -> None:
    """What cannot be read is an error in one sentence, with the name of the call and exit code 1."""
    portal.is_closed = lambda: True
    with behind(portal, tmp_path, SimulatedClock(START)) as (_, url, _):
        result = served(url, tmp_path).run(*command)

    assert result.code == 1
    assert result.err.splitlines()[-1].startswith("Error: List")
    assert "the answer makes no sense; is something else than AWS answering?" in result.err
    assert "Traceback" not in result.err
