"""The example from the first apply to an empty account, in simulated time."""

from __future__ import annotations

import pytest

from personalize_gitops.model.plan import Action, Risk
from tests.project import Project
from tests.world import World, actions


@pytest.fixture
def applied(world: World, project: Project) -> World:
    """The whole example, applied."""
    world.put_data(project.folder / "data" / "movielens")
    world.apply(project.manifests)
    return world


def test_a_second_plan_is_empty(applied: World, project: Project) -> None:
    """What apply has made is what the manifests ask for."""
    plan = applied.plan(project.manifests)

    assert actions(plan) == {}
    assert plan.in_sync == 22


def test_hours_pass_at_once(world: World, project: Project) -> None:
    """A training of fifty minutes and everything around it is a journey of more than an hour on the clock only."""
    world.put_data(project.folder / "data" / "movielens")
    begun = world.clock.now()

    world.apply(project.manifests)

    assert world.clock.now() - begun > 3600


def test_a_filter_expression_recreates_the_filter(applied: World, project: Project) -> None:
    """A filter cannot change in place: it is deleted and made again under its name, which is an outage."""
    project.edit("filters.yaml", '"watch", "like"', '"like"')

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Filter/not-seen": Action.RECREATE}
    assert plan.pending[0].risk is Risk.OUTAGE
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_throughput_is_updated_in_place(applied: World, project: Project) -> None:
    """minProvisionedTPS is one call away."""
    project.edit("for-you.yaml", "minProvisionedTPS: ${tps}", "minProvisionedTPS: 3")

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Campaign/for-you": Action.UPDATE}
    assert [(str(field), field.before, field.after) for field in plan.pending[0].fields] == [("minProvisionedTPS", 1, 3)]
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_a_hyperparameter_makes_a_successor(applied: World, project: Project) -> None:
    """A new solution is trained beside the old one, the campaign moves to it, and only then the old one goes."""
    project.edit("similar.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.5")

    plan = applied.plan(project.manifests)

    assert actions(plan) == {
        "Solution/similar": Action.SUCCESSOR,
        "SolutionVersion/similar": Action.RUN,
        "Campaign/similar": Action.UPDATE,
    }
    events = applied.apply(project.manifests)
    done = [str(event.step.id) for event in events if type(event).__name__ == "Done"]
    assert done == [
        "create Solution/similar",
        "create SolutionVersion/similar",
        "update Campaign/similar",
        "delete Solution/similar",
    ]
    assert actions(applied.plan(project.manifests)) == {}


def test_a_changed_row_is_imported_and_trained_on(applied: World, project: Project) -> None:
    """A new row brings a new import; the training that asked for it follows, its campaign moves, the others stay."""
    data = project.folder / "data" / "movielens"
    with (data / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")
    applied.put_data(data)

    plan = applied.plan(project.manifests)

    assert actions(plan) == {
        "DatasetImportJob/interactions": Action.RUN,
        "SolutionVersion/for-you": Action.RUN,
        "Campaign/for-you": Action.UPDATE,
    }
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_what_is_no_longer_declared_is_reported(applied: World, project: Project) -> None:
    """Without prune a removed document leaves its object alone, and the plan says so."""
    (project.manifests / "filters.yaml").unlink()

    plan = applied.plan(project.manifests)

    assert plan.is_empty
    assert [str(change.address) for change in plan.changes if change.action is Action.KEEP] == [
        "Filter/by-genre",
        "Filter/not-seen",
    ]


def test_what_is_no_longer_declared_is_deleted_with_prune(applied: World, project: Project) -> None:
    """With prune on the target a removed document takes its object along."""
    (project.manifests / "filters.yaml").unlink()
    project.edit("project.yaml", "    local:  ", "    local:\n      prune: true  ")

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Filter/by-genre": Action.DELETE, "Filter/not-seen": Action.DELETE}
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_destroy_leaves_nothing(applied: World, project: Project) -> None:
    """Everything the project owns goes, what is built on before what it is built on; jobs are history and stay."""
    applied.carry_out(applied.destroy_plan(project.manifests))

    left = [live for live in applied.snapshot(project.manifests).lives if not live.kind.is_run]

    assert left == []
