"""The table leaves out no member of any kind, and no action."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path as File
from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.plan import Change
from personalize_gitops.model.resource import Resource
from tests.cases.case import CASES, plan_of
from tests.support.members import Path, declarable, edited


def run_for(change: Change) -> Iterator[Path]:
    """The one member in which a run is not like the one before, and because of which it runs again."""
    found = {path for field in change.fields for path in edited(KINDS[change.address.kind_name], field)}
    if change.action is Action.RUN and len(found) == 1:
        yield from found


@cache
def changes() -> tuple[Change, ...]:
    """Every change of every plan in the table."""
    return tuple(change for case in CASES for change in plan_of(case).changes)


SHOWN_BY = {
    Action.CREATE: "declare one in tests/cases/everything-first/manifests",
    Action.RUN: "declare one in tests/cases/everything-first/manifests",
    Action.NONE: "add one to tests/cases/everything-in-sync/live.yaml",
    Action.WAIT: "add one to tests/cases/everything-under-way/live.yaml",
    Action.RECREATE: "add one to tests/cases/everything-failed/live.yaml",
    Action.UPDATE: "add one to tests/cases/everything-tags/live.yaml",
    Action.BLOCKED: "add one to tests/cases/everything-unowned/live.yaml",
    Action.DELETE: "add one to tests/cases/undeclared-is-pruned/live.yaml",
}
"""How to show what every kind has to show; `make cases` then writes the plans."""


def not_changed(kind: type[Resource], left_out: set[Path]) -> str:
    """The failure for members that no case changes, with the case of the kind that changes most."""
    name = kind.kind_name()

    def fields(case: File) -> int:
        return sum(len(change.fields) for change in plan_of(case).changes if change.address.kind_name == name)

    most = max(CASES, key=fields)
    remedy = f"edit tests/cases/{most.name}" if fields(most) else "add a case of the kind to tests/cases"
    members = ", ".join(sorted(".".join(path) for path in left_out))
    return f"no case changes {members}: {remedy}, then `make cases`"


def not_shown(actions: set[Action]) -> str:
    return "; ".join(f"no case shows {action}: {SHOWN_BY[action]}, then `make cases`" for action in sorted(actions))


def kinds(*, runs: bool) -> list[Any]:
    return [pytest.param(kind, id=kind.kind_name()) for kind in KINDS.values() if kind.is_run is runs]


@pytest.mark.parametrize("kind", kinds(runs=False))
def test_every_member_is_edited(kind: type[Resource]) -> None:
    """For every member a manifest can declare, some case changes it and shows what the plan makes of that."""
    mine = [change for change in changes() if change.address.kind_name == kind.kind_name()]

    shown = {path for change in mine for field in change.fields for path in edited(kind, field)}

    left_out = set(declarable(kind)) - shown
    assert not left_out, not_changed(kind, left_out)


@pytest.mark.parametrize("kind", kinds(runs=True))
def test_every_member_of_a_run_runs_it_again(kind: type[Resource]) -> None:
    """For every member of a run, some case changes nothing else, and the plan runs it again."""
    shown = {path for change in changes() if change.address.kind_name == kind.kind_name() for path in run_for(change)}

    left_out = set(declarable(kind)) - shown
    assert not left_out, not_changed(kind, left_out)


@pytest.mark.parametrize("kind", kinds(runs=False))
def test_every_life_is_shown(kind: type[Resource]) -> None:
    """Each kind is created, left alone, made again after a failure and, where it can be, waited for and deleted."""
    shown = {change.action for change in changes() if change.address.kind_name == kind.kind_name()}

    lives = {Action.CREATE, Action.NONE, Action.BLOCKED}
    if kind is not KINDS["Schema"]:  # it has no status: once it is there, it is ready
        lives |= {Action.WAIT, Action.RECREATE}
    if kind.taggable:  # what is pruned carries our tag
        lives |= {Action.UPDATE, Action.DELETE}
    assert not lives - shown, not_shown(lives - shown)


@pytest.mark.parametrize("kind", kinds(runs=True))
def test_every_run_is_shown(kind: type[Resource]) -> None:
    """Each kind of run is run, waited for, and left alone once it is done."""
    shown = {change.action for change in changes() if change.address.kind_name == kind.kind_name()}

    lives = {Action.RUN, Action.WAIT, Action.NONE}
    assert not lives - shown, not_shown(lives - shown)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_shown(action: Action) -> None:
    """There is no action that the table does not show."""
    assert action in {change.action for change in changes()}
