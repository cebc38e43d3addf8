"""A forge on loopback, and a clock whose pauses are recorded instead of waited for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.forge.github import GitHub
from personalize_gitops.forge.gitlab import GitLab
from personalize_gitops.forge.port import Forge
from tests.support.forge import TOKEN, FakeForge


class RecordingClock(SimulatedClock):
    """Pauses end at once, and do not pass time."""

    def __init__(self) -> None:
        super().__init__(1_000_000.0)
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with FakeForge().served() as fake:
        yield fake


@pytest.fixture
def clock() -> RecordingClock:
    return RecordingClock()


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest, fake: FakeForge, clock: RecordingClock) -> Forge:
    """The same repository through both adapters."""
    if request.param == "github":
        return GitHub(fake.url, "acme/shop", TOKEN, clock)
    return GitLab(fake.url, "42", TOKEN, clock)
