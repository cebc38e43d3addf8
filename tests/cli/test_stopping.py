"""Signals and deadlines: a command stops soon, in order, and tells what continues in the account."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.project import Project
from tests.support.proxy import Answer, Request, proxied
from tests.support.shop import write_shop
from tests.support.world import START

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

STOPS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 60  # seconds after which a test gives up


class Held(SimulatedClock):
    """The clock of an account; while it is held, no request is answered."""

    def __init__(self) -> None:
        super().__init__(START)
        self.free, self.asked = Event(), Event()
        self.free.set()

    def now(self) -> float:
        if not self.free.is_set():
            self.asked.set()
            self.free.wait(PATIENCE)
        return super().now()

    def hold(self) -> None:
        """Answer nothing from now on, and return when a request waits."""
        self.asked.clear()
        self.free.clear()
        assert self.asked.wait(PATIENCE)


@pytest.fixture
def account() -> Held:
    """The clock of the account."""
    return Held()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: Held) -> Iterator[Project]:
    """The small shop, and an account reached over HTTP in which no time passes: what begins never ends."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    manifests = write_shop(tmp_path)
    emulator = Emulator(account.now)
    emulator.put_bucket("shop", tmp_path / "data")
    with emulator.serve(port=0) as server:
        path = manifests / "shop.yaml"
        there = f"{{region: us-east-1, endpointUrl: '{server.url}'}}"
        path.write_text(path.read_text().replace("{emulator: {state: state, buckets: {shop: ../data}}}", there))
        yield Project(tmp_path)
        account.free.set()


@contextmanager
def started(project: Project, *arguments: str, ignoring: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Start a command; with `ignoring` as a shell's `&` does, which lets it ignore SIGINT."""
    command = [sys.executable, "-m", "personalize_gitops", *arguments]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ignoring else None
    try:
        process = subprocess.Popen(
            command, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        if ignoring:
            signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> None:
    """Read stderr until a line has these words. Fails the test if none has."""
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if words in line:
            return
    pytest.fail(f"{words!r} is not in {told}")


@pytest.mark.parametrize("ignoring", [False, True], ids=["in the foreground", "in the background"])
@pytest.mark.parametrize("stop", STOPS)
def test_a_signal_ends_an_apply_in_order(served: Project, stop: signal.Signals, ignoring: bool) -> None:
    """SIGINT and SIGTERM end a wait: exit code 8, with what is in progress and the command that continues."""
    with started(served, "apply", "--auto-approve", ignoring=ignoring) as running:
        read_until(running, "creating: CREATE")
        running.send_signal(stop)
        out, err = running.communicate(timeout=PATIENCE)

    told = err.splitlines()
    assert running.returncode == 8, err
    assert told[0].startswith("Stopping; no other step begins. In progress: DatasetGroup/shop (creating).")
    assert any("DatasetGroup/shop" in line and "it continues in the account" in line for line in told)
    assert told[-1] == "Next: personalize-gitops apply"
    assert "1 in progress, 6 not begun" in out


@pytest.mark.parametrize("stop", ["signal", "deadline"])
def test_an_apply_does_not_await_what_it_reads(served: Project, account: Held, stop: str) -> None:
    """A poll of a dead endpoint delays neither a signal nor a deadline."""
    with started(served, "apply", "--auto-approve", "--deadline", "10s" if stop == "deadline" else "1h") as running:
        read_until(running, "creating: CREATE")
        account.hold()
        if stop == "signal":
            running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=PATIENCE)

    assert running.returncode == (8 if stop == "signal" else 9), err
    assert "DatasetGroup/shop        still CREATE PENDING; it continues in the account" in err
    assert "1 in progress, 6 not begun" in out
    assert not account.free.is_set()


def test_a_second_signal_ends_an_apply_at_once(served: Project) -> None:
    """The first signal awaits the answer to a creation; the second does not: exit code 8, no traceback."""
    asked, free = Event(), Event()

    def hold(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.operation == "CreateDatasetGroup":
            asked.set()
            free.wait(PATIENCE)
        return forward()

    url = re.findall("http[^']*", (served.manifests / "shop.yaml").read_text())[0]
    with proxied(url, hold) as proxy:
        served.edit("shop.yaml", url, proxy)
        with started(served, "apply", "--auto-approve") as running:
            assert asked.wait(PATIENCE)
            running.send_signal(signal.SIGTERM)
            read_until(running, "A second signal stops at once.")
            assert running.poll() is None
            running.send_signal(signal.SIGTERM)
            _, err = running.communicate(timeout=PATIENCE)
            free.set()

    assert running.returncode == 8
    assert err.splitlines()[-1].startswith("Stopped at once. In progress in the account: ")


@pytest.mark.parametrize("command", [["plan"], ["apply", "--auto-approve"], ["status"]], ids=" ".join)
def test_a_signal_ends_a_command_that_reads(served: Project, account: Held, command: list[str]) -> None:
    """Nothing has begun: the command ends although no request is answered."""
    account.free.clear()
    with started(served, *command) as running:
        assert account.asked.wait(PATIENCE)
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=PATIENCE)

    assert (running.returncode, err) == (8, "Interrupted.\n")


def test_a_signal_keeps_the_state_of_an_embedded_account(project: Project) -> None:
    """SIGTERM to an apply in simulated time, even twice: the next one continues, and nothing is doubled."""
    with started(project, "apply", "--auto-approve", ignoring=True) as running:
        read_until(running, "creating")
        for _ in range(2):
            running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=PATIENCE)

    assert running.returncode == 8, err
    assert project.run("apply", "--auto-approve").code == 0
    assert project.run("plan").code == 0


@pytest.mark.parametrize("given", ["0s", "5s", "9.9s"])
def test_a_deadline_too_short_to_do_anything_is_refused(project: Project, given: str) -> None:
    """The message names the option and the shortest deadline."""
    result = project.run("apply", "--auto-approve", "--deadline", given)

    assert result.code == 1
    assert f"argument --deadline: {given} is too short: the shortest deadline is 10s" in result.err


def test_a_deadline_in_seconds(project: Project) -> None:
    """`--deadline 90s` ends after that time with exit code 9, and says how to continue."""
    result = project.run("apply", "--auto-approve", "--deadline", "90s")

    assert result.code == 9
    assert "Deadline reached." in result.out
    assert result.err.splitlines()[-1] == "Next: personalize-gitops apply"
