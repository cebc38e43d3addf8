"""A team's repository with the workflows, and its forge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.runner.scene import Team, team


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Team]:
    """The repository, with nothing applied yet."""
    with team(tmp_path) as found:
        yield found
