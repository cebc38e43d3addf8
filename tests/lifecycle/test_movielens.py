"""The example on the real MovieLens 100K, where `make demo` has downloaded it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.world import World, actions

DATA = Path(__file__).parents[2] / "data" / "movielens"


@pytest.mark.movielens
@pytest.mark.skipif(not DATA.is_dir(), reason="`make demo` downloads it")
def test_the_example_runs_on_the_real_data(world: World, project: Project) -> None:
    """100,000 ratings are imported, trained on and deployed; then nothing is due but for one more row."""
    data = project.folder / "data" / "movielens"
    shutil.rmtree(data)
    shutil.copytree(DATA, data)
    world.put_data(data)

    world.apply(project.manifests)

    assert actions(world.plan(project.manifests)) == {}
    with (data / "users.csv").open("a") as file:
        file.write("9999,30,F,engineer\n")
    world.put_data(data)
    assert set(actions(world.plan(project.manifests))) == {
        "DatasetImportJob/users",
        "SolutionVersion/for-you",
        "Campaign/for-you",
    }
