"""The lock on the command line: exit code 7, `--lock-timeout`, `lock show` and `lock release`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.aws.lock import S3Lock
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.locking import NO_WAIT
from personalize_gitops.model.lock import Lease
from personalize_gitops.state_lock import holding_state
from tests.support.project import Project
from tests.support.shop import write_shop
from tests.support.world import START

PLACE = "s3://locks/shop.lock"
THEIRS = Lease("theirs", "bob@runner", "https://ci.example/runs/7", START, "f" * 64)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SimulatedClock) -> Iterator[str]:
    """The address of an account with the data of the small shop."""
    write_shop(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    emulator = Emulator(clock.now, instant=True)
    emulator.put_bucket("shop", tmp_path / "data")
    emulator.put_bucket("locks")
    with emulator.serve(port=0) as server:
        yield server.url


@pytest.fixture
def project(tmp_path: Path, url: str) -> Project:
    """The small shop on that account, with a lock."""
    path = tmp_path / "manifests" / "shop.yaml"
    there = f"{{region: us-east-1, endpointUrl: '{url}', lock: '{PLACE}'}}"
    path.write_text(path.read_text().replace("{emulator: {state: state, buckets: {shop: ../data}}}", there))
    return Project(tmp_path)


@pytest.fixture
def lock(project: Project, url: str, clock: SimulatedClock) -> S3Lock:
    return connect(clock, region="us-east-1", endpoint_url=url).lock(PLACE)


def test_a_locked_target_is_not_changed(project: Project, lock: S3Lock) -> None:
    """Apply and destroy end with 7, and say who holds the lock; plan does not need it."""
    lock.write(THEIRS, over=None)

    results = [project.run(command, "--auto-approve") for command in ("apply", "destroy")]

    assert [result.code for result in results] == [7, 7]
    for result in results:
        assert result.out == ""
        assert (
            f"Error: locked: {PLACE} is held by bob@runner (https://ci.example/runs/7, plan ffffffffffff)" in result.err
        )
        assert "--lock-timeout" in result.err
        assert "personalize-gitops lock release" in result.err
    assert project.run("plan").code == 2


def test_a_wait_for_a_lock_is_told(project: Project, lock: S3Lock) -> None:
    """With --lock-timeout the apply says for whom it waits and how long, and then ends with 7."""
    lock.write(THEIRS, over=None)

    result = project.run("apply", "--auto-approve", "--lock-timeout", "0.1s")

    assert result.code == 7
    told = "Waiting up to 0s for s3://locks/shop.lock, held by bob@runner (https://ci.example/runs/7)."
    assert result.err.splitlines()[0] == told


def test_an_apply_releases_its_lock(project: Project, lock: S3Lock) -> None:
    """Whether it is refused, fails or succeeds."""
    unasked = project.run("apply")
    after_refusal = lock.read()
    done = project.run("apply", "--auto-approve", "--lock-timeout", "1m")

    assert (unasked.code, after_refusal) == (5, None), unasked.err
    assert (done.code, lock.read()) == (0, None)


def test_a_lock_is_shown(project: Project, lock: S3Lock) -> None:
    """Owner, run, plan and age; or that nobody holds it."""
    free = project.run("lock", "show")
    lock.write(THEIRS, over=None)
    held = project.run("lock", "show")

    assert (free.code, free.out) == (0, f"{PLACE} is not locked.\n")
    assert held.code == 0
    rows = dict(line.split(maxsplit=1) for line in held.out.splitlines()[1:])
    assert rows.pop("age").split()[0].endswith("d")
    assert rows == {
        "owner": "bob@runner",
        "run": "https://ci.example/runs/7",
        "plan": "f" * 64,
        "renewed": "0 times",
    }


def test_what_a_lock_says_is_one_line(project: Project, lock: S3Lock) -> None:
    """Whoever can write the lock moves no cursor of those who look at it, and begins no line of a pipeline."""
    lock.write(replace(THEIRS, owner="bob\x1b[31m\n::error::gone", run="\r::warning::x"), over=None)

    shown = project.run("lock", "show").out

    assert "\x1b" not in shown
    assert not [line for line in shown.splitlines() if line.startswith("::")]


def test_a_lock_is_released(project: Project, lock: S3Lock) -> None:
    """Not without approval; afterwards an apply takes it."""
    lock.write(THEIRS, over=None)

    unasked = project.run("lock", "release")
    released = project.run("lock", "release", "--auto-approve")
    again = project.run("lock", "release", "--auto-approve")

    assert unasked.code == 5
    assert "pass --auto-approve" in unasked.err
    assert (released.code, released.err) == (0, f"Released {PLACE}.\n")
    assert (again.code, again.out) == (0, f"{PLACE} is not locked.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_a_release_asks_and_notices_a_holder_that_lives(project: Project, lock: S3Lock) -> None:
    """A lock that is renewed while the question is open is not released: exit code 5."""
    held = lock.write(THEIRS, over=None)
    terminal, own = os.openpty()
    command = [sys.executable, "-m", "personalize_gitops", "lock", "release"]
    with subprocess.Popen(command, cwd=project.folder, stdin=own, stderr=own, stdout=subprocess.DEVNULL) as running:
        os.close(own)
        told = b""
        while b"Only `yes` is accepted" not in told:
            told += os.read(terminal, 4096)
        lock.write(Lease(**{**THEIRS.to_json(), "renewals": 1}), over=held)
        os.write(terminal, b"yes\n")
        code = running.wait(timeout=60)
    os.close(terminal)

    assert code == 5
    assert [lease.renewals for lease in [lock.read()] if lease] == [1]


def test_a_target_without_a_lock(project: Project) -> None:
    """The message says how to add one."""
    project.edit("shop.yaml", f", lock: '{PLACE}'", "")

    result = project.run("lock", "show")

    assert result.code == 1
    assert result.err == "Error: target local has no lock: add `lock: s3://bucket/key` to it in the project file\n"


@pytest.fixture
def embedded(tmp_path: Path) -> Project:
    """The small shop on the embedded emulator."""
    write_shop(tmp_path)
    return Project(tmp_path)


def test_an_embedded_target_has_a_lock_too(embedded: Project) -> None:
    """A second apply ends with 7 and says who works with the state; with a wait it says so first."""
    state = "manifests/state"
    clock = SimulatedClock(START)
    emulator = Emulator(clock.now, account="000000000000")
    with holding_state(emulator, embedded.folder / state, NO_WAIT, clock.interrupt) as held:
        held.tell("f" * 64)
        refused = embedded.run("apply", "--auto-approve")
        waited = embedded.run("apply", "--auto-approve", "--lock-timeout", "0.1s")
        shown = embedded.run("lock", "show")
        release = embedded.run("lock", "release", "--auto-approve")

    assert (refused.code, waited.code) == (7, 7)
    assert f"Error: locked: {state} is held by " in refused.err
    assert f"(process {os.getpid()}, plan ffffffffffff) for 0 s" in refused.err
    assert waited.err.startswith("Waiting up to 0s for ")
    assert f"plan     {'f' * 64}" in shown.out
    assert (release.code, "until it ends" in release.err) == (1, True)
    assert embedded.run("lock", "show").out == f"{state} is not locked.\n"
    assert embedded.run("apply", "--auto-approve").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_second_apply_of_an_embedded_target_waits(embedded: Project) -> None:
    """It begins when the first ends, however that ends, and continues from its state."""
    with begun(embedded) as first:
        assert first.stderr is not None
        first.stderr.readline()  # a step has begun
        first.send_signal(signal.SIGSTOP)
        with begun(embedded, "--lock-timeout", "1m") as second:
            assert second.stderr is not None
            told = second.stderr.readline()
            first.kill()
            out, err = second.communicate(timeout=60)

    assert told.startswith("Waiting up to 1m for manifests/state, held by ")
    assert f"(process {first.pid})" in told
    assert second.returncode == 0, err
    assert "Applied: " in out
    assert embedded.run("plan").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_signal_ends_the_wait_for_a_lock(project: Project, lock: S3Lock) -> None:
    """Nothing has begun: exit code 8, and the lock stays with its holder."""
    held = lock.write(THEIRS, over=None)
    with begun(project, "--lock-timeout", "10m") as waiting:
        assert waiting.stderr is not None
        waiting.stderr.readline()
        waiting.send_signal(signal.SIGTERM)
        _, err = waiting.communicate(timeout=60)

    assert (waiting.returncode, err) == (8, "Interrupted.\n")
    assert lock.read() == held


@contextmanager
def begun(project: Project, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run an apply in a process of its own, which is killed at the end."""
    command = [sys.executable, "-m", "personalize_gitops", "apply", "--auto-approve", *options]
    with subprocess.Popen(
        command, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()
