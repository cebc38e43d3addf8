"""The example from the first apply to an empty account, in simulated time."""

from __future__ import annotations

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.events import Done
from tests.support.project import Project
from tests.support.texts import reason_of
from tests.support.world import World, actions


def test_a_second_plan_is_empty(applied: World, project: Project) -> None:
    """What apply has made is what the manifests ask for."""
    plan = applied.plan(project.manifests)

    assert actions(plan) == {}
    assert plan.in_sync == 22


def test_time_passes_at_once(stocked: World, project: Project) -> None:
    """Imports, trainings and campaigns take three quarters of an hour, on the clock only."""
    begun = stocked.clock.now()

    stocked.apply(project.manifests)

    assert stocked.clock.now() - begun > 45 * 60


def test_a_filter_expression_recreates_the_filter(applied: World, project: Project) -> None:
    """A filter cannot be updated in place: it is deleted and made again under its name, which is an outage."""
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
    assert [(str(field), field.before, field.after) for field in plan.pending[0].fields] == [
        ("minProvisionedTPS", 1, 3)
    ]
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
    done = [str(event.step.id) for event in events if isinstance(event, Done)]
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

    left = [live for live in applied.snapshot(project.manifests).objects if not live.kind.is_run]

    assert left == []


def test_a_nullable_column_moves_the_dataset_to_a_successor_schema(applied: World, project: Project) -> None:
    """Schemas never change: a second one is made, the dataset moves to it, the first one goes."""
    project.edit(
        "schemas/items.avsc",
        '"YEAR", "type": ["null", "int"]}',
        '"YEAR", "type": ["null", "int"]},\n    {"name": "RUNTIME", "type": ["null", "int"]}',
    )

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Schema/items": Action.SUCCESSOR, "Dataset/items": Action.UPDATE}
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}
    assert [live.name for live in applied.snapshot(project.manifests).of_kind("Schema")] == [
        "interactions",
        "users",
        "items-2",
    ]


def test_a_column_that_must_be_filled_blocks_the_plan(applied: World, project: Project) -> None:
    """No dataset can move to a schema with another required column, so nothing is begun, and the plan says why."""
    project.edit("schemas/items.avsc", '{"name": "TITLE", "type": "string"}', '{"name": "NAME", "type": "string"}')

    plan = applied.plan(project.manifests)

    assert not plan.applyable
    assert "TITLE must stay" in reason_of(plan.blocked[0])


def test_a_column_of_the_interactions_blocks_the_plan(applied: World, project: Project) -> None:
    """The schema of interactions can never be exchanged (docs/service/3 §3.3)."""
    project.edit(
        "schemas/interactions.avsc",
        '{"name": "TIMESTAMP"',
        '{"name": "DEVICE", "type": ["null", "string"]},\n    {"name": "TIMESTAMP"',
    )

    plan = applied.plan(project.manifests)

    assert [str(change.address) for change in plan.blocked] == ["Schema/interactions"]


def test_a_tag_is_set_in_place(applied: World, project: Project) -> None:
    """The project's tags reach everything that takes tags, by one call each."""
    project.edit("project.yaml", "tags: {team: discovery}", "tags: {team: discovery, stage: beta}")

    plan = applied.plan(project.manifests)

    assert set(actions(plan).values()) == {Action.UPDATE}
    assert "Schema/items" not in actions(plan)
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_an_automatic_schedule_is_updated_in_place(applied: World, project: Project) -> None:
    """UpdateSolution takes the schedule of automatic training and nothing is trained anew by us."""
    project.edit(
        "popular.yaml",
        "performAutoTraining: false",
        "performAutoTraining: true\n  solutionConfig:\n    autoTrainingConfig: {schedulingExpression: rate(3 days)}",
    )

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Solution/popular": Action.UPDATE}
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}
