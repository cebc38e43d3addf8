"""The cinema that `recommend` and `metrics` ask."""

from __future__ import annotations

import pytest

from tests.support.cinema import applied_cinema
from tests.support.project import Project

KEPT = "lifecycle: {retireAfter: 7d}\nspec:"


@pytest.fixture(scope="session")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Campaigns and a recommender; `for-you` is trained twice, and the solution of `similar` replaced and kept."""
    project = applied_cinema(tmp_path_factory.mktemp("cinema"))
    text = (project.manifests / "similar.yaml").read_text()
    project.write("similar.yaml", text.replace("spec:", KEPT, 1).replace("0.3", "0.5"))
    applied = project.run("apply", "--auto-approve", "--rerun", "SolutionVersion/for-you")
    assert applied.code == 0, applied.err
    return project
