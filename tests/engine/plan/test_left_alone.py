"""Resources that are observed or paused: kept in any state, usable by others if they exist."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, Lifecycle, Manage
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import ReasonCode, because
from tests.engine.plan.contexts import codes, planned
from tests.support.builders import HEAD, desired, document, live, owned, snapshot

OBSERVED, PAUSED = Lifecycle(manage=Manage.OBSERVE), Lifecycle(manage=Manage.PAUSED)
RANK = owned("Solution/rank", {"performHPO": False})
VERSION = f"{RANK.arn}/1"
TRAINED = live("SolutionVersion/rank-0ff1ce00", {"solution": RANK.arn}, arn=VERSION)
TRAINING = {"solution": "rank"}


@pytest.mark.parametrize(
    "status", ["ACTIVE", "CREATE FAILED", "DELETE IN_PROGRESS", "CREATE IN_PROGRESS", "ODD FAILED"]
)
@pytest.mark.parametrize("lifecycle", [OBSERVED, PAUSED])
def test_every_state_is_kept(status: str, lifecycle: Lifecycle) -> None:
    """Nothing is created again, waited for or blocked because of a state."""
    declared = document("Campaign/home", {"minProvisionedTPS": 2}, lifecycle=lifecycle)

    found = planned("Campaign/home", [declared], [owned("Campaign/home", {"minProvisionedTPS": 1}, status=status)])

    assert (found.action, found.manage) == (Action.KEEP, lifecycle.manage)
    assert bool(found.fields) is (lifecycle is OBSERVED)


def under(manage: Manage, lives: list[Live], *documents: Document, destroy: bool = False) -> dict[str, Change]:
    """Return the changes for a target with this setting, by address."""
    make = make_destroy_plan if destroy else make_plan
    plan = make(PlanContext(desired(*documents, manage=manage), snapshot(*lives)))
    return {str(change.address): change for change in plan.changes}


def test_the_document_decides_before_the_target() -> None:
    """A document without a setting has the target's; its own holds even if it permits more."""
    documents = [
        document("DatasetGroup/a"),
        document("DatasetGroup/b", lifecycle=Lifecycle(manage=Manage.FULL)),
        document("DatasetGroup/c", lifecycle=PAUSED),
    ]

    found = under(Manage.OBSERVE, [], *documents)

    assert [(change.action, change.manage) for change in found.values()] == [
        (Action.KEEP, Manage.OBSERVE),
        (Action.CREATE, Manage.FULL),
        (Action.KEEP, Manage.PAUSED),
    ]


@pytest.mark.parametrize(
    ("kind", "member", "base"),
    [
        ("SolutionVersion", "solution", "Solution/base"),
        ("DatasetImportJob", "dataset", "Dataset/base"),
        ("DataDeletionJob", "datasetGroup", "DatasetGroup/base"),
    ],
)
def test_a_run_is_no_less_restricted_than_what_it_changes(kind: str, member: str, base: str) -> None:
    """A training, an import and a deletion job do not start for an observed or paused resource."""
    run = document(f"{kind}/run", {member: "base"}, lifecycle=Lifecycle(manage=Manage.FULL))

    assert desired(run, document(base, lifecycle=PAUSED)).manage_of(run) is Manage.PAUSED
    assert desired(run, document(base)).manage_of(run) is Manage.FULL
    export = document("DatasetExportJob/run", {"dataset": "base"})
    assert desired(export, document("Dataset/base", lifecycle=PAUSED)).manage_of(export) is Manage.FULL


@pytest.mark.parametrize("lifecycle", [OBSERVED, PAUSED])
def test_others_use_the_newest_success_of_a_run(lifecycle: Lifecycle) -> None:
    """A campaign on a version whose training is left alone is created, although the training is due."""
    documents = [
        document("Solution/rank", {"performHPO": False}),
        document("SolutionVersion/rank", TRAINING, lifecycle=lifecycle),
        document("Campaign/home", {"solutionVersion": "rank"}),
    ]

    found = planned("Campaign/home", documents, [RANK, TRAINED])

    assert (found.action, found.attributes["solutionVersion"]) == (Action.CREATE, VERSION)


@pytest.mark.parametrize("status", [None, "CREATE IN_PROGRESS", "CREATE FAILED"])
@pytest.mark.parametrize("lifecycle", [OBSERVED, PAUSED])
def test_a_run_without_a_success_blocks_what_needs_it(status: str | None, lifecycle: Lifecycle) -> None:
    """Neither a missing nor an unfinished nor a failed training can be deployed, and none is started."""
    documents = [
        document("Solution/rank", {"performHPO": False}),
        document("SolutionVersion/rank", TRAINING, lifecycle=lifecycle),
        document("Campaign/home", {"solutionVersion": "rank"}),
    ]
    fields: dict[str, Any] = {"arn": VERSION, "status": status}
    runs = [live("SolutionVersion/rank-0ff1ce00", {"solution": RANK.arn}, **fields)] if status else []

    found = planned("Campaign/home", documents, [RANK, *runs])

    needed = because(ReasonCode.NEEDS_MISSING, address=documents[1].address, manage=lifecycle.manage or Manage.FULL)
    assert (found.action, found.reasons) == (Action.BLOCKED, (needed,))


def test_an_observed_resource_ignores_references_that_lead_to_nothing() -> None:
    """A member that refers to a missing observed resource is not compared."""
    group = document("DatasetGroup/shop", lifecycle=OBSERVED)
    tracker = document("EventTracker/web", {"datasetGroup": "shop"}, lifecycle=OBSERVED)

    found = planned("EventTracker/web", [group, tracker], [owned("EventTracker/web", {"datasetGroup": f"{HEAD}:x"})])

    assert (codes(found), found.fields) == ([ReasonCode.OBSERVED], ())


@pytest.mark.parametrize("destroy", [False, True])
def test_an_observed_target_deletes_nothing(destroy: bool) -> None:
    """Undeclared objects stay, on prune and on destroy; so do declared objects without tags."""
    schema = document("Schema/items", {"schema": {}})
    lives = [owned("Filter/old"), live("Schema/items", {"schema": {}})]

    found = under(Manage.OBSERVE, lives, schema, destroy=destroy)

    assert {change.action for change in found.values()} == {Action.KEEP}
    assert found["Filter/old"].manage is Manage.OBSERVE


def test_an_observed_run_keeps_what_it_is_deleted_with() -> None:
    """The deletion of a solution is blocked while the document of its version is observed."""
    version = document("SolutionVersion/rank", TRAINING, lifecycle=OBSERVED)
    documents = [document("Solution/rank", {"performHPO": False}), version]

    found = under(Manage.FULL, [RANK, TRAINED], *documents, destroy=True)

    assert codes(found["Solution/rank"])[-1] is ReasonCode.RUN_LEFT_ALONE
