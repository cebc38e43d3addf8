"""Objects of earlier names, as the planner sees them and as the plan has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from personalize_gitops.engine.drift import drift
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.engine.plan.renaming import as_renamed, earlier_names
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Lifecycle, Manage
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.tags import ADDRESS, PROJECT, PROTECT, TAGS
from tests.support.builders import desired, document, owned, snapshot

GROUP = document("DatasetGroup/new", renamed_from=Address("DatasetGroup", "old"))
OLD = owned("DatasetGroup/old", created=1.0)


def context(*lives: Any, **project: Any) -> PlanContext:
    return PlanContext(desired(GROUP, **project), snapshot(*lives))


def test_the_earlier_names_of_a_document() -> None:
    """With an earlier project, each of its names was also one of that project; an untaggable kind has none."""
    both = desired(GROUP, renamed_from="before")

    assert [f"{owner}: {address}" for owner, address in earlier_names(GROUP, both)] == [
        "shop/local: DatasetGroup/old",
        "before/local: DatasetGroup/new",
        "before/local: DatasetGroup/old",
    ]
    assert [*earlier_names(document("Schema/s"), both)] == []


def test_the_planner_sees_the_new_tags_and_the_plan_has_the_earlier_ones() -> None:
    """A step checks the owner that the account has, so the object of a change is as it was read."""
    seen = as_renamed(context(OLD))
    (change,) = make_plan(context(OLD)).changes

    assert seen.snapshot.objects[0].tags[ADDRESS] == "DatasetGroup/new"
    assert seen.as_found == {OLD.arn: OLD}
    assert (change.action, change.live, change.aws_name) == (Action.UPDATE, OLD, "old")


def test_without_an_object_of_the_earlier_name_nothing_is_renamed() -> None:
    """The context is the same one, and the document is created."""
    given = context()

    assert as_renamed(given) is given
    assert [change.action for change in make_plan(given).changes] == [Action.CREATE]


def test_objects_of_other_projects_stay() -> None:
    """Only the earlier project counts, and only addresses that are declared."""
    theirs = replace(OLD, tags={**OLD.tags, PROJECT: "theirs/local"})
    undeclared = owned("DatasetGroup/other", tags={PROJECT: "before/local"})

    assert as_renamed(context(theirs, undeclared, renamed_from="before")).as_found == {}


def test_an_object_under_each_name_is_a_clash() -> None:
    """An object and its successor are none: an apply was interrupted between their tags."""
    other = owned("DatasetGroup/new", created=2.0)
    successor = owned("DatasetGroup/new", name="old-2", created=2.0)

    assert as_renamed(context(OLD, other)).clashes.keys() == {GROUP.address}
    assert as_renamed(context(OLD, successor)).clashes == {}


@pytest.mark.parametrize(("manage", "fields"), [(Manage.OBSERVE, [(TAGS, ADDRESS)]), (Manage.PAUSED, [])])
def test_an_object_that_is_left_alone_keeps_its_tags(manage: Manage, fields: list[tuple[str, str]]) -> None:
    """Observed, its earlier address is shown as a difference that is not applied; paused, nothing is compared."""
    group = replace(GROUP, lifecycle=Lifecycle(manage=manage))

    plan = make_plan(PlanContext(desired(group), snapshot(OLD)))

    (change,) = plan.changes
    assert (change.action, change.live, [field.path for field in change.fields]) == (Action.KEEP, OLD, fields)
    assert [found.finding for found in drift(plan)] == [Finding.UNAPPLIED for _ in fields]


def test_a_protected_object_is_renamed() -> None:
    """Its protection moves with it: only the address differs."""
    group = replace(GROUP, lifecycle=Lifecycle(protect=True))
    protected = replace(OLD, tags={**OLD.tags, PROTECT: "true"})

    (change,) = make_plan(PlanContext(desired(group), snapshot(protected))).changes

    assert (change.action, [field.path for field in change.fields]) == (Action.UPDATE, [(TAGS, ADDRESS)])


def test_a_protection_that_is_lifted_first_renames_nothing_else() -> None:
    """A replaced object whose protection is lifted gets no other tags; it is known by its earlier address."""
    document_ = replace(document("Solution/new"), renamed_from=Address("Solution", "old"))
    old = owned("Solution/old", created=1.0)
    protected = replace(old, tags={**old.tags, PROTECT: "true"})
    successor = owned("Solution/old", name="old-2", created=2.0)

    plan = make_plan(PlanContext(desired(document_), snapshot(protected, successor)))

    found = {change.aws_name: [field.path for field in change.fields] for change in plan.changes}
    assert found == {"old": [(TAGS, PROTECT)], "old-2": [(TAGS, ADDRESS)]}
