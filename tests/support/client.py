"""The program as a process of its own, on a served emulator; a proxy kills it at one of its changing calls."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import ScaledClock, SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.dispatch import changes_state
from personalize_gitops.engine.apply.record import record
from personalize_gitops.manifest import load
from tests.support.every import write_every
from tests.support.killing import Moment
from tests.support.proxy import UNAVAILABLE, Answer, Request, proxied
from tests.support.world import World

PROJECT = """
kind: Project
name: every
spec:
  targets:
    served: {{region: us-east-1, endpointUrl: "{url}"}}
"""

SPEED = 3000.0
"""Emulated seconds for each real one: a training takes a second, and the program polls every two."""

_GENERATED = re.compile(":solution/[^/]+/|:event-tracker/")

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@dataclass
class Death:
    """A proxy's rule that kills a process at its changing call number `at`, before or after the call."""

    at: int
    moment: Moment
    process: subprocess.Popen[str] | None = None
    calls: list[str] = field(default_factory=list)  # the changing calls so far
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        if not request.operation or not changes_state(request.operation):
            return forward()
        with self._lock:  # one change after the other, so that none overtakes the death
            is_last = len(self.calls) == self.at
            self.calls.append(request.operation)
            if is_last and self.moment == "before":
                return self._kill()
            answer = forward()
            return self._kill() if is_last else answer

    def _kill(self) -> Answer:
        assert self.process
        self.process.kill()
        self.process.wait()
        return UNAVAILABLE  # nobody is there to read it


@dataclass(frozen=True)
class Installation:
    """A served emulator whose time flies, and a project folder."""

    emulator: Emulator
    url: str
    manifests: Path

    def start(self, url: str) -> subprocess.Popen[str]:
        """Start `apply`."""
        self.declare(url)
        command = [sys.executable, "-m", "personalize_gitops", "apply", "--auto-approve"]
        environment = {**os.environ, **CREDENTIALS}
        out = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.manifests.parent, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True
        )

    def prepare(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Apply in this process, without waiting."""
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        clock = SimulatedClock(self.emulator.now())
        self.declare(self.url)
        world = World(self.emulator, clock, connect(clock, region="us-east-1", endpoint_url=self.url))
        plan = world.plan(self.manifests)
        record(plan, load(self.manifests).desired, world.carry_out(plan), world.cloud)

    def declare(self, url: str) -> None:
        """Write the project with its target."""
        (self.manifests / "project.yaml").write_text(PROJECT.format(url=url))

    def apply(self) -> str:
        """Run `apply` to its end and return its output. Fails the test unless it succeeds."""
        with self.start(self.url) as process:
            output, _ = process.communicate()
        assert process.returncode == 0, output
        return output

    def apply_and_die(self, death: Death) -> int:
        """Run `apply` with a proxy that kills it, and return its exit code; 0 if it made fewer calls."""
        with proxied(self.url, death) as url, self.start(url) as death.process:
            death.process.communicate()
        return int(death.process.returncode)

    def resources(self) -> list[Any]:
        """Return kind, members and tags of every resource, without times; ARNs with a generated id are names."""
        self.emulator.catch_up()
        region = self.emulator.region("us-east-1")
        records = [*region.records()]
        names = {record.arn: record.fields["name"] for record in records if _GENERATED.search(record.arn)}

        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                kept = sorted(key for key in value if not key.endswith("DateTime") and key != "trackingId")
                return {key: plain(value[key]) for key in kept}
            return names.get(value, value) if isinstance(value, str) else value

        return sorted(
            [record.kind, str(plain(dict(record.fields))), str(sorted(region.tags.get(record.arn, {}).items()))]
            for record in records
        )


@contextmanager
def installed(folder: Path, *addresses: str, **settings: Any) -> Iterator[Installation]:
    """Write documents of `tests.support.every`, and serve an empty emulator."""
    clock = ScaledClock(SPEED)
    emulator = Emulator(clock.now, **settings)
    manifests = write_every(folder, *addresses)
    emulator.put_bucket("every", folder / "data")
    with emulator.serve(port=0, advance=clock.advance) as server:
        yield Installation(emulator, server.url, manifests)
