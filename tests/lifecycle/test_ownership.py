"""The plan never touches what the project does not own."""

from __future__ import annotations

from personalize_gitops.model.action import Action
from personalize_gitops.model.tags import ADDRESS, PROJECT
from personalize_gitops.render import text
from tests.support.project import Project
from tests.support.texts import reason_of
from tests.support.world import World, actions

GROUP = "kind: DatasetGroup\nname: movielens\nspec: {}\n"


def make_group(world: World, tags: dict[str, str], name: str = "movielens") -> str:
    """A dataset group somebody else has made."""
    kind = world.kinds["DatasetGroup"]
    arn = world.cloud.create(kind, name, {}, tags)
    world.clock.sleep(600)
    return arn


def only_the_group(project: Project, more: str = "") -> None:
    for path in project.manifests.rglob("*.yaml"):
        if path.name != "project.yaml":
            path.unlink()
    project.write("group.yaml", GROUP + more)


def test_an_untagged_namesake_blocks_the_plan(world: World, project: Project) -> None:
    """What nobody's tag is on is not ours just because of its name; the plan says how to take it over."""
    make_group(world, {})
    only_the_group(project)

    plan = world.plan(project.manifests)

    assert actions(plan) == {"DatasetGroup/movielens": Action.BLOCKED}
    assert "adopt: true" in reason_of(plan.blocked[0])


def test_another_projects_namesake_blocks_the_plan(world: World, project: Project) -> None:
    """What carries another project's tag is never taken over, not even when told to adopt."""
    make_group(world, {PROJECT: "other", ADDRESS: "DatasetGroup/movielens"})
    only_the_group(project, "lifecycle: {adopt: true}\n")

    plan = world.plan(project.manifests)

    assert actions(plan) == {"DatasetGroup/movielens": Action.BLOCKED}
    assert "project other" in reason_of(plan.blocked[0])


def test_adoption_tags_the_object_and_nothing_else(world: World, project: Project) -> None:
    """With lifecycle.adopt an untagged namesake becomes ours by its tags; afterwards the plan is empty."""
    arn = make_group(world, {"owner": "ada"})
    only_the_group(project, "lifecycle: {adopt: true}\n")

    plan = world.plan(project.manifests)

    assert actions(plan) == {"DatasetGroup/movielens": Action.ADOPT}
    world.apply(project.manifests)
    assert actions(world.plan(project.manifests)) == {}
    assert {"owner": "ada", PROJECT: "movielens/local"}.items() <= world.cloud.tags(arn).items()


def test_others_are_left_alone_by_prune_and_destroy(world: World, project: Project) -> None:
    """Neither prune nor destroy so much as mentions what does not carry the project's tag."""
    make_group(world, {}, "nobodys")
    make_group(world, {PROJECT: "other", ADDRESS: "DatasetGroup/theirs"}, "theirs")
    only_the_group(project)
    project.edit("project.yaml", "    local:  ", "    local:\n      prune: true  ")
    world.apply(project.manifests)

    assert actions(world.plan(project.manifests)) == {}
    assert [str(change.address) for change in world.destroy_plan(project.manifests).changes] == [
        "DatasetGroup/movielens"
    ]


def test_protection_blocks_deletion(applied: World, project: Project) -> None:
    """lifecycle.protect keeps destroy from touching anything at all."""
    project.edit(
        "popular.yaml",
        "name: popular\nspec:\n  solutionVersion",
        "name: popular\nlifecycle: {protect: true}\nspec:\n  solutionVersion",
    )

    plan = applied.destroy_plan(project.manifests)

    assert not plan.applyable
    assert "Campaign/popular" in {str(change.address) for change in plan.blocked}


def test_protection_blocks_replacement(applied: World, project: Project) -> None:
    """lifecycle.protect keeps a filter from being made anew."""
    project.edit("filters.yaml", "name: not-seen\n", "name: not-seen\nlifecycle: {protect: true}\n")
    project.edit("filters.yaml", '"watch", "like"', '"like"')

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Filter/not-seen": Action.BLOCKED}


def test_what_others_still_use_is_not_deleted(applied: World, project: Project) -> None:
    """A campaign somebody made on our solution keeps destroy from deleting the solution, and is named."""
    snapshot = applied.snapshot(project.manifests)
    version = snapshot.of_kind("SolutionVersion")[0].arn
    kind = snapshot.of_kind("Campaign")[0].kind
    applied.cloud.create(kind, "experiment", {"solutionVersion": version}, {})
    applied.clock.sleep(3600)

    plan = applied.destroy_plan(project.manifests)

    assert [reason_of(change) for change in plan.blocked] == [
        "destroy; Campaign/experiment uses it and stays; delete Campaign/experiment first"
    ]


def test_ignored_members_are_somebody_elses(applied: World, project: Project) -> None:
    """A member under lifecycle.ignore is neither compared nor changed."""
    project.edit(
        "for-you.yaml",
        "minProvisionedTPS: ${tps}",
        "minProvisionedTPS: 7\nlifecycle: {ignore: [spec.minProvisionedTPS]}",
    )

    assert actions(applied.plan(project.manifests)) == {}


def test_an_endpoint_is_not_replaced_unasked(applied: World, project: Project) -> None:
    """A dataset cannot change its type; replacing it would lose its data, so the plan is blocked and says so."""
    project.edit(
        "data.yaml",
        "kind: DatasetGroup\nname: movielens\nspec: {}",
        "kind: DatasetGroup\nname: movielens\nspec: {domain: VIDEO_ON_DEMAND}",
    )
    for name in ("interactions", "items", "users"):
        project.edit(
            "data.yaml",
            f"  schema: {{file: schemas/{name}.avsc}}",
            f"  schema: {{file: schemas/{name}.avsc}}\n  domain: VIDEO_ON_DEMAND",
        )
    project.edit(
        "schemas/items.avsc",
        '["null", "string"], "categorical": true}',
        '"string", "categorical": true},\n    {"name": "CREATION_TIMESTAMP", "type": "long"}',
    )

    plan = applied.plan(project.manifests)

    blocked = {str(change.address): change for change in plan.blocked}
    assert "domain cannot be updated in place" in reason_of(blocked["DatasetGroup/movielens"])
    assert "datasets, streamed events, trained versions" in text.plan(plan)
