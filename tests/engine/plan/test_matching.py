"""Matching: which live object belongs to which document."""

from __future__ import annotations

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Lifecycle
from personalize_gitops.model.names import next_name, ordinal
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import ADDRESS, NAME, PROJECT
from tests.support.builders import desired, document, live, schema, snapshot


def test_another_documents_schema_is_not_a_successor_of_this_one() -> None:
    """`events-2` that a document declares is its own, not what `events` has become, and is never deleted for it."""
    asked = desired(document("Schema/events", schema("A")), document("Schema/events-2", schema("B")))

    plan = make_plan(PlanContext(asked, snapshot(live("Schema/events-2", schema("B")))))

    assert {str(change.address): (change.action, change.aws_name) for change in plan.changes} == {
        "Schema/events": (Action.CREATE, "events"),
        "Schema/events-2": (Action.NONE, "events-2"),
    }


def test_a_successors_name_is_not_one_that_is_declared() -> None:
    """The successor of `events` keeps clear of a document named `events-2`, even before that one exists."""
    adopted = document("Schema/events", schema("A", "C"), lifecycle=Lifecycle(adopt=True))
    asked = desired(adopted, document("Schema/events-2", schema("B")))

    plan = make_plan(PlanContext(asked, snapshot(live("Schema/events", schema("A")))))

    assert [change.aws_name for change in plan.changes] == ["events-3", "events-2"]


def test_the_successor_that_fits_stands_for_the_document() -> None:
    """Of two of ours under one address the one that is as declared is kept, the other one goes."""
    tags = {PROJECT: "shop/local", ADDRESS: "DatasetGroup/shop"}
    first = live("DatasetGroup/shop", tags={**tags, NAME: "shop"}, created=1.0)
    second = live("DatasetGroup/shop-2", {"domain": "ECOMMERCE"}, tags={**tags, NAME: "shop-2"}, created=2.0)

    plan = make_plan(
        PlanContext(desired(document("DatasetGroup/shop", {"domain": "ECOMMERCE"})), snapshot(first, second))
    )

    assert [(change.action, change.aws_name) for change in plan.changes] == [
        (Action.DELETE, "shop"),
        (Action.NONE, "shop-2"),
    ]


def test_a_line_of_names_goes_on() -> None:
    """Successors are numbered from 2 on, gaps are not filled, long names are cut to what AWS takes."""
    assert next_name("rank", []) == "rank"
    assert next_name("rank", ["rank", "rank-4", "ranking-7"]) == "rank-5"
    assert next_name("x" * 63, ["x" * 63]) == "x" * 61 + "-2"
    assert ordinal("x" * 63, "x" * 61 + "-2") == 2
    assert ordinal("rank", "rank-02") == 0


def test_long_names_are_found_by_their_line() -> None:
    """The index of names finds a successor although its name was cut."""
    long = "x" * 63
    first, tenth = live(f"Schema/{long}", schema("A")), live(f"Schema/{'x' * 60}-10", schema("B"), created=2.0)

    found = snapshot(first, tenth).line("Schema", long)

    assert [each.name for each in found] == [long, "x" * 60 + "-10"]
    assert all(each.condition is Condition.READY for each in found)
