"""What the journeys start from."""

from __future__ import annotations

import pytest

from tests.support.project import Project
from tests.support.world import World


@pytest.fixture
def applied(stocked: World, project: Project) -> World:
    """The whole example, applied."""
    stocked.apply(project.manifests)
    return stocked


@pytest.fixture
def stocked(world: World, project: Project) -> World:
    """An account that holds the data and nothing else."""
    world.put_data(project.folder / "data" / "movielens")
    return world
