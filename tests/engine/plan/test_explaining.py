"""`explain`: why a resource changes, which line decides, what needs it, and what trains."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.engine.plan.explaining import explain
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.address import Address
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.reports import ExplainReport
from personalize_gitops.render.explain import text
from tests.support.edits import edit
from tests.support.every import write_every
from tests.support.project import Project
from tests.support.world import World


def of(world: World, manifests: Path, address: str) -> Explanation:
    return explain(world.plan(manifests), Address.parse(address))


def told(world: World, manifests: Path, address: str) -> list[str]:
    report = ExplainReport("shop", "local", of(world, manifests, address))
    return [line.replace(f"{manifests}/", "") for line in text(report).splitlines()]


def test_a_replacement_is_explained(world: World, shop: Path) -> None:
    """The member that differs with its line, what depends on the solution, and the training that follows."""
    edit(shop / "shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.4")

    found = told(world, shop, "Solution/home")

    assert found[0] == "Solution/home: successor"
    assert "  declared in shop.yaml:39" in found
    assert "  class of the change: successor" in found
    decided = "  solutionConfig.algorithmHyperParameters.popularity_discount_factor  0.3 → 0.4  (shop.yaml:45)"
    assert found[found.index(decided) :] == [
        decided,
        "Needs:",
        "  Dataset/events  in sync",
        "  DatasetGroup/shop  in sync",
        "  DatasetImportJob/events  in sync",
        "Depends on it:",
        "  Campaign/home  update",
        "  SolutionVersion/home  run",
        "Trains: SolutionVersion/home",
    ]


def test_what_is_in_sync_is_explained(world: World, shop: Path) -> None:
    """Nothing differs and nothing trains; what depends on it is told all the same."""
    found = of(world, shop, "DatasetGroup/shop")

    assert told(world, shop, "DatasetGroup/shop")[0] == "DatasetGroup/shop: in sync"
    assert ([*found.members], found.needs, found.trains) == ([], (), ())
    assert {str(change.address) for change in found.dependents} == {
        *("Dataset/events", "DatasetImportJob/events", "Solution/home", "SolutionVersion/home", "Campaign/home"),
        "Filter/bought",
    }


def test_what_is_new_trains(world: World, tmp_path: Path) -> None:
    """A recommender trains when it is created; a filter does not."""
    manifests = write_every(tmp_path, "Recommender/next", "Filter/fresh")

    assert of(world, manifests, "DatasetGroup/video").trains == (Address("Recommender", "next"),)
    assert of(world, manifests, "DatasetGroup/shop").trains == ()


def test_an_unknown_address_is_told(world: World, shop: Path) -> None:
    """With the nearest one that the plan has."""
    with pytest.raises(InvalidChoice) as error:
        of(world, shop, "Solution/hom")

    assert Address("Solution", "home") in error.value.reason.params["known"]  # type: ignore[operator]


def test_the_command_explains(project: Project) -> None:
    """It exits with 0 and names the addresses that it knows."""
    done = project.run("explain", "DatasetGroup/movielens", "--target", "local")
    unknown = project.run("explain", "DatasetGroup/movielense", "--target", "local")

    assert done.code == 0
    assert done.out.startswith("DatasetGroup/movielens: create\n")
    assert unknown.code == 1
    assert 'did you mean "DatasetGroup/movielens"?' in unknown.err
