"""Runs: when a declared run is due, and which run of the account counts as it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, RunPolicy
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support import builders
from tests.support.builders import HEAD
from tests.support.texts import notes_of, reason_of
from tests.support.world import change_of

GROUP, DATASET, SOLUTION = f"{HEAD}:dataset-group/g", f"{HEAD}:dataset/g/INTERACTIONS", f"{HEAD}:solution/s"
ROLE = "arn:aws:iam::123456789012:role/data"
DAY = 86400.0
NOW = 100 * DAY
READ = "s3://in/rows.csv"
FEED = "DatasetImportJob/feed"
RUNS = [name for name, kind in KINDS.items() if kind.is_run]


def to(path: str) -> dict[str, Any]:
    return {"s3DataDestination": {"path": path}}


BATCH = {
    "solutionVersion": f"{SOLUTION}/00000001",
    "jobInput": {"s3DataSource": {"path": READ}},
    "jobOutput": to("s3://out/"),
    "roleArn": ROLE,
}
SPECS: dict[str, dict[str, Any]] = {
    "Dataset": {"schema": f"{HEAD}:schema/x", "datasetGroup": GROUP, "datasetType": "Interactions"},
    "Solution": {"datasetGroup": GROUP, "performAutoTraining": True},
    "DatasetImportJob": {"dataset": "d", "dataSource": {"dataLocation": READ}, "roleArn": ROLE},
    "DatasetExportJob": {"dataset": "d", "jobOutput": to("s3://out/"), "roleArn": ROLE},
    "DataDeletionJob": {"datasetGroup": GROUP, "dataSource": {"dataLocation": READ}, "roleArn": ROLE},
    "SolutionVersion": {"solution": "s"},
    "BatchInferenceJob": BATCH,
    "BatchSegmentJob": BATCH,
    "Campaign": {"solutionVersion": "it"},
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "DatasetImportJob": {"publishAttributionMetricsToS3": True},
    "DatasetExportJob": {"ingestionMode": "ALL"},
    "DataDeletionJob": {"roleArn": f"{ROLE}-2"},
    "SolutionVersion": {"trainingMode": "UPDATE"},
    "BatchInferenceJob": {"numResults": 7},
    "BatchSegmentJob": {"numResults": 7},
}


def document(address: str, *, when: Iterable[str] = ("config",), every: str | None = None, **spec: Any) -> Document:
    """A document with the least its kind asks for, and what makes it due."""
    policy = RunPolicy.model_validate({"when": list(when), "every": every})
    return builders.document(address, {**SPECS[address.split("/")[0]], **spec}, run=policy)


def standing(arn: str, address: str, changed: float = NOW - 50 * DAY, **more: Any) -> Live:
    """An object of ours that is not a run."""
    at = Address.parse(address)
    tags = {PROJECT: "shop/local", ADDRESS: address}
    return Live(KINDS[at.kind_name], arn, at.name, "ACTIVE", SPECS[at.kind_name], tags, changed - 60, changed, **more)


PLACES = [document("Dataset/d"), document("Solution/s")]
STANDING = [standing(DATASET, "Dataset/d"), standing(SOLUTION, "Solution/s")]


def plan_of(documents: Iterable[Document], lives: Iterable[Live] = STANDING, data: str = "first") -> Plan:
    account = builders.snapshot(*lives, taken_at=NOW, inputs={READ: data})
    return make_plan(PlanContext(builders.desired(*PLACES, *documents), account))


def ran(plan: Plan, address: str, ended: float = NOW - DAY, status: str = "ACTIVE", **more: Any) -> Live:
    """The object that carrying out a run has left, as a list tells of it."""
    change = change_of(plan, address)
    kind = KINDS[change.address.kind_name]
    arn = f"{SOLUTION}/0000000a" if kind.kind_name() == "SolutionVersion" else f"{HEAD}:job/{change.aws_name}"
    return Live(kind, arn, change.aws_name, status, created=ended - 600, updated=ended, **more)


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize(
    ("when", "every", "edit", "days_ago", "expected"),
    [
        pytest.param(["config"], None, "", 1, Action.NONE, id="nothing changed"),
        pytest.param(["config"], None, "", 40, Action.NONE, id="nothing changed for long"),
        pytest.param(["config"], None, "config", 1, Action.RUN, id="config changed"),
        pytest.param(["config"], None, "data", 1, Action.NONE, id="data changed, does not count"),
        pytest.param(["data"], None, "config", 1, Action.NONE, id="config changed, does not count"),
        pytest.param(["data"], None, "data", 1, Action.RUN, id="data changed"),
        pytest.param(["config", "data"], None, "config", 1, Action.RUN, id="both count, config changed"),
        pytest.param(["config", "data"], None, "data", 1, Action.RUN, id="both count, data changed"),
        pytest.param(["config", "data"], None, "", 1, Action.NONE, id="both count, nothing changed"),
        pytest.param([], None, "config", 1, Action.NONE, id="nothing counts"),
        pytest.param(["config"], "7d", "", 6, Action.NONE, id="time not over"),
        pytest.param(["config"], "7d", "", 8, Action.RUN, id="time over"),
        pytest.param([], "12h", "", 1, Action.RUN, id="only time counts"),
        pytest.param(["config"], "7d", "config", 1, Action.RUN, id="time not over, config changed"),
    ],
)
def test_what_makes_it_due(
    kind: str, when: list[str], every: str | None, edit: str, days_ago: int, expected: Action
) -> None:
    """`run: {when, every}` means the same for every kind of run."""
    feeding, address = document(FEED, when=["data"]), f"{kind}/it"
    before = plan_of([feeding, document(address, when=when, every=every)])
    lives = [ran(before, FEED), ran(before, address, NOW - days_ago * DAY)]
    wanted = document(address, when=when, every=every, **(OTHERWISE[kind] if edit == "config" else {}))

    plan = plan_of([feeding, wanted], [*STANDING, *lives], "second" if edit == "data" else "first")

    assert change_of(plan, address).action is expected


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CREATE PENDING", Action.WAIT),
        ("CREATE IN_PROGRESS", Action.WAIT),
        ("IN_PROGRESS", Action.WAIT),
        ("ACTIVE", Action.NONE),
        ("COMPLETED", Action.NONE),
        ("CREATE FAILED", Action.RUN),
        ("FAILED", Action.RUN),
        ("CREATE STOPPED", Action.RUN),
    ],
)
def test_what_became_of_it_counts(kind: str, status: str, expected: Action) -> None:
    """What is under way is waited for, what has ended well stays, anything else is run again under the next name."""
    address = f"{kind}/it"
    before = plan_of([document(address)])

    change = change_of(plan_of([document(address)], [*STANDING, ran(before, address, status=status)]), address)

    first = change_of(before, address).aws_name
    assert (change.action, change.aws_name) == (expected, f"{first}-2" if expected is Action.RUN else first)


@pytest.mark.parametrize("kind", RUNS)
def test_what_it_costs_its_owner(kind: str) -> None:
    """Trainings and batch jobs bill, a data deletion takes rows for good; a first import takes nothing."""
    change = change_of(plan_of([document(f"{kind}/it")]), f"{kind}/it")

    costs, loses = bool(KINDS[kind].billing), bool(KINDS[kind].loses)
    assert change.risk is (Risk.DATA_LOSS if loses else Risk.COST if costs else Risk.NONE)
    assert change.loses == KINDS[kind].loses


def test_a_data_deletion_says_what_is_lost_for_good() -> None:
    """A plan with a data deletion names the loss, as one with the deletion of a dataset does."""
    change = change_of(plan_of([document("DataDeletionJob/it")]), "DataDeletionJob/it")

    assert (change.risk, change.loses) == (Risk.DATA_LOSS, Fact.LOSES_USERS)


def test_nothing_that_reads_the_data_runs_beside_a_data_deletion() -> None:
    """Removal is not guaranteed while trainings, imports or batch jobs run (docs/service/3 §3.4)."""
    reading = [
        document("SolutionVersion/it"),
        document("BatchInferenceJob/it", solutionVersion="it"),
        document("BatchSegmentJob/it", solutionVersion="it"),
        document("DatasetExportJob/it"),
    ]
    leavers = document("DataDeletionJob/leavers")

    needs = plan_of([document(FEED), leavers, *reading]).needs

    beside = [str(one.address) for one in (*reading, PLACES[1]) if leavers.address not in needs[one.address]]
    assert beside == []
    assert Address.parse(FEED) in needs[leavers.address]


INCREMENTAL, TRAINING = "DatasetImportJob/more", "SolutionVersion/it"


def more(**spec: Any) -> Document:
    return document(INCREMENTAL, **{"importMode": "INCREMENTAL", **spec})


def imported(ended: float = NOW - DAY, status: str = "ACTIVE", **attributes: Any) -> Live:
    """Somebody's import of the dataset, read in detail."""
    told = {"dataset": DATASET, "importMode": "FULL", **attributes}
    return Live(
        KINDS["DatasetImportJob"], f"{HEAD}:dataset-import-job/x", "x", status, told, created=ended, updated=ended
    )


@pytest.mark.parametrize(
    ("lives", "expected"),
    [
        pytest.param([], Action.BLOCKED, id="nothing was imported"),
        pytest.param([imported()], Action.RUN, id="a full import"),
        pytest.param([imported(status="CREATE FAILED")], Action.BLOCKED, id="a failed one"),
        pytest.param([imported(status="CREATE IN_PROGRESS")], Action.BLOCKED, id="one that runs"),
        pytest.param([imported(importMode="INCREMENTAL")], Action.BLOCKED, id="an incremental one"),
        pytest.param([imported(dataset=f"{DATASET}-2")], Action.BLOCKED, id="one of another dataset"),
        pytest.param([imported(NOW - 60 * DAY)], Action.BLOCKED, id="one of an earlier dataset of that name"),
    ],
)
def test_an_incremental_import_wants_a_full_one(lives: list[Live], expected: Action) -> None:
    """What the service would refuse blocks the plan, and the plan says what is missing (docs/service/2 §7.2)."""
    change = change_of(plan_of([more()], [*STANDING, *lives]), INCREMENTAL)

    assert change.action is expected
    if expected is Action.BLOCKED:
        why = "a FULL import of its dataset must succeed first, and none is declared"
        assert reason_of(change) == f"never ran; {why}"


def test_an_incremental_import_comes_after_the_full_one() -> None:
    """With a full import of the same dataset declared it waits for that; one of another dataset is no help."""
    plan = plan_of([more(), document(FEED)])
    elsewhere = plan_of([more(), document(FEED, dataset=f"{DATASET}-2")])

    assert change_of(plan, INCREMENTAL).action is Action.RUN
    assert plan.needs[Address.parse(INCREMENTAL)] == {Address("Dataset", "d"), Address.parse(FEED)}
    assert plan.needs[Address.parse(FEED)] == {Address("Dataset", "d")}
    assert change_of(elsewhere, INCREMENTAL).action is Action.BLOCKED


def test_an_incremental_import_counts_on_a_full_one_only_if_it_runs() -> None:
    """A declared full import that is blocked itself is no base."""
    plan = plan_of([more(dataSource={"dataLocation": "s3://in/new.csv"}), document(FEED, when=["data"])], data="")

    assert [str(change.address) for change in plan.blocked] == [FEED, INCREMENTAL]


def test_an_incremental_import_that_has_run_is_left_alone() -> None:
    """One that succeeded wants nothing any more."""
    done = ran(plan_of([more()]), INCREMENTAL)

    assert change_of(plan_of([more()], [*STANDING, done]), INCREMENTAL).action is Action.NONE


def trained(mode: str = "FULL", status: str = "ACTIVE", solution: str = SOLUTION, *, by_itself: bool = False) -> Live:
    """A version as a list tells of it: without its solution, and without a name when the service made it."""
    kind, told = KINDS["SolutionVersion"], {"trainingMode": mode}
    arn, name = f"{solution}/0000000b", "" if by_itself else "x"
    return Live(kind, arn, name, status, told, created=NOW - DAY, updated=NOW - DAY, service_made=by_itself)


@pytest.mark.parametrize(
    ("lives", "expected"),
    [
        pytest.param([], Action.BLOCKED, id="nothing was trained"),
        pytest.param([trained()], Action.RUN, id="a full training"),
        pytest.param([trained(by_itself=True)], Action.RUN, id="an automatic one"),
        pytest.param([trained(status="CREATE FAILED")], Action.BLOCKED, id="a failed one"),
        pytest.param([trained("UPDATE")], Action.BLOCKED, id="an update"),
        pytest.param([trained(solution=f"{SOLUTION}-2")], Action.BLOCKED, id="one of another solution"),
    ],
)
def test_an_updating_training_wants_a_full_one(lives: list[Live], expected: Action) -> None:
    """UPDATE is refused without an ACTIVE version that was trained FULL (docs/service/4 §4.6)."""
    change = change_of(plan_of([document(TRAINING, trainingMode="UPDATE")], [*STANDING, *lives]), TRAINING)

    assert change.action is expected
    if expected is Action.BLOCKED:
        why = "a FULL training of its solution must succeed first, and none is declared"
        assert reason_of(change) == f"never ran; {why}"


def test_an_updating_training_comes_after_the_full_one() -> None:
    """Declared together, the full one is first, whatever their names."""
    full = document("SolutionVersion/zoo")
    plan = plan_of([document(TRAINING, trainingMode="UPDATE"), full])

    assert change_of(plan, TRAINING).action is Action.RUN
    assert full.address in plan.needs[Address.parse(TRAINING)]


@pytest.mark.parametrize("every", [None, "1h"])
def test_a_full_import_says_what_it_overwrites(every: str | None) -> None:
    """Rows of any earlier import of the dataset, its own and those of other documents, whatever makes it due."""
    address = "DatasetImportJob/it"
    other = ran(plan_of([document(FEED)]), FEED)
    own = ran(plan_of([document(address)]), address)
    lives = [*STANDING, own if every else other]

    change = change_of(plan_of([document(FEED), document(address, every=every)], lives), address)

    assert reason_of(change).endswith("; overwrites the rows of earlier imports")
    assert change.risk is Risk.DATA_LOSS


def test_a_full_import_names_what_had_added_to_the_rows() -> None:
    """An incremental import that is done adds nothing to the rows of the next full one, so somebody has to."""
    before = plan_of([document(FEED), more()])
    lives = [*STANDING, ran(before, FEED), ran(before, INCREMENTAL)]
    elsewhere = document("DatasetImportJob/far", importMode="INCREMENTAL", dataset=f"{DATASET}-2")
    fresh = document("DatasetImportJob/fresh", importMode="INCREMENTAL")

    plan = plan_of([document(FEED, roleArn=f"{ROLE}-2"), more(), elsewhere, fresh], lives)

    assert notes_of(change_of(plan, FEED)) == (
        f"{INCREMENTAL}: its rows are overwritten and it does not run again; include them in this import, or rename it",
    )
    assert change_of(plan, INCREMENTAL).action is Action.NONE


@pytest.mark.parametrize(
    ("spec", "lives"),
    [
        pytest.param({}, [], id="there are none"),
        pytest.param({}, [imported(NOW - 60 * DAY)], id="they went with the earlier dataset"),
        pytest.param({}, [imported(dataset=f"{DATASET}-2")], id="they are of another dataset"),
        pytest.param({"importMode": "INCREMENTAL"}, [imported()], id="it adds to them"),
    ],
)
def test_an_import_that_overwrites_nothing_does_not_say_so(spec: dict[str, Any], lives: list[Live]) -> None:
    """A warning that is always there is read by nobody."""
    change = change_of(plan_of([document("DatasetImportJob/it", **spec)], [*STANDING, *lives]), "DatasetImportJob/it")

    assert (change.action, reason_of(change), change.risk) == (Action.RUN, "never ran", Risk.NONE)


def automatic(id_: str, days_ago: float, status: str = "ACTIVE", solution: str = SOLUTION) -> Live:
    """A version that the service has trained by itself; a list gives it no name."""
    began = NOW - days_ago * DAY
    version = KINDS["SolutionVersion"]
    return Live(version, f"{solution}/{id_}", "", status, created=began, updated=began + 3000, service_made=True)


def decided(documents: Iterable[Document], lives: Iterable[Live], data: str = "first") -> tuple[Action, str]:
    """What becomes of the training, and the object it is about."""
    change = change_of(plan_of(documents, lives, data), TRAINING)
    return change.action, change.aws_name if change.action in (Action.NONE, Action.WAIT) else ""


@pytest.mark.parametrize(
    ("made", "every", "expected"),
    [
        pytest.param([], None, (Action.RUN, ""), id="there is none"),
        pytest.param([automatic("a", 3)], None, (Action.NONE, "a"), id="one stands in"),
        pytest.param([automatic("a", 9), automatic("b", 2)], None, (Action.NONE, "a"), id="the oldest stays"),
        pytest.param([automatic("a", 9), automatic("b", 2)], "7d", (Action.NONE, "b"), id="the oldest in time"),
        pytest.param([automatic("a", 9)], "7d", (Action.RUN, ""), id="all too old"),
        pytest.param([automatic("a", 0, "CREATE PENDING")], None, (Action.WAIT, "a"), id="one is under way"),
        pytest.param(
            [automatic("a", 3), automatic("b", 0, "CREATE IN_PROGRESS")], None, (Action.NONE, "a"), id="one is enough"
        ),
        pytest.param(
            [automatic("a", 9), automatic("b", 0, "CREATE IN_PROGRESS")], "7d", (Action.WAIT, "b"), id="the next comes"
        ),
        pytest.param([automatic("a", 3, "CREATE FAILED")], None, (Action.RUN, ""), id="it failed"),
        pytest.param([automatic("a", 3, "CREATE STOPPED")], None, (Action.RUN, ""), id="it was stopped"),
        pytest.param([automatic("a", 51)], None, (Action.RUN, ""), id="older than the solution's last change"),
        pytest.param([automatic("a", 3, solution=f"{SOLUTION}-2")], None, (Action.RUN, ""), id="of another solution"),
    ],
)
def test_an_automatic_training_stands_in(made: list[Live], every: str | None, expected: tuple[Action, str]) -> None:
    """What the service trained by itself from the same need not be paid again."""
    assert decided([document(TRAINING, every=every)], [*STANDING, *made]) == expected


def test_an_automatic_training_under_way_is_named() -> None:
    """The plan says whose training it waits for."""
    plan = plan_of([document(TRAINING)], [*STANDING, automatic("a", 0, "CREATE IN_PROGRESS")])

    assert (
        reason_of(change_of(plan, TRAINING))
        == "the service started the same training automatically: status is CREATE IN_PROGRESS"
    )


@pytest.mark.parametrize("mode", ["FULL", "UPDATE"])
def test_only_full_trainings_are_stood_in_for(mode: str) -> None:
    """An UPDATE trains something else (docs/service/2 §3.9)."""
    action, _ = decided([document(TRAINING, trainingMode=mode)], [*STANDING, automatic("a", 3)])

    assert action is (Action.NONE if mode == "FULL" else Action.RUN)


@pytest.mark.parametrize(
    ("when", "imported_days_ago", "data", "expected"),
    [
        (["config", "data"], 4, "first", Action.NONE),
        (["config", "data"], 2, "first", Action.RUN),
        (["config", "data"], 4, "second", Action.RUN),
        (["config"], 2, "first", Action.NONE),
        (["config"], 4, "second", Action.NONE),
    ],
)
def test_data_that_counts_has_to_be_older(when: list[str], imported_days_ago: int, data: str, expected: Action) -> None:
    """Where the data counts, an import after the automatic training, or one of this plan, makes that one useless."""
    feeding = document(FEED, when=["data"])
    imported_ = ran(plan_of([feeding]), FEED, NOW - imported_days_ago * DAY)

    action, _ = decided([feeding, document(TRAINING, when=when)], [*STANDING, imported_, automatic("a", 3)], data)

    assert action is expected


@pytest.mark.parametrize(
    "solution",
    [
        pytest.param(standing(SOLUTION, "Solution/s", NOW - 2 * DAY), id="it changed"),
        pytest.param(
            standing(SOLUTION, "Solution/s", update=LiveUpdate("ACTIVE", {}, updated=NOW - 2 * DAY)),
            id="only its update's time tells",
        ),
        pytest.param(
            standing(SOLUTION, "Solution/s", update=LiveUpdate("CREATE PENDING", {}, updated=NOW)), id="it is changing"
        ),
    ],
)
def test_a_solution_that_changed_since_was_not_trained_like_this(solution: Live) -> None:
    """An update may change what a training makes of the data."""
    assert decided([document(TRAINING)], [STANDING[0], solution, automatic("a", 3)]) == (Action.RUN, "")


def test_a_solution_this_plan_changes_is_trained_anew() -> None:
    """What was trained before an update of this plan does not stand in for what is wanted after it."""
    edited = document("Solution/s", performIncrementalUpdate=True)

    assert decided([edited, document(TRAINING)], [*STANDING, automatic("a", 3)]) == (Action.RUN, "")


@pytest.mark.parametrize(
    ("status", "expected"),
    [("ACTIVE", Action.NONE), ("CREATE FAILED", Action.RUN), ("CREATE IN_PROGRESS", Action.WAIT)],
)
def test_own_attempts_win(status: str, expected: Action) -> None:
    """Once there is an attempt of the document's own, nothing stands in for it."""
    own = ran(plan_of([document(TRAINING)]), TRAINING, status=status)

    change = change_of(plan_of([document(TRAINING)], [*STANDING, own, automatic("a", 3)]), TRAINING)

    assert change.action is expected
    assert change.live == own


def test_what_stands_in_is_what_references_mean() -> None:
    """A campaign pinned to the document serves the automatic version."""
    plan = plan_of([document(TRAINING), document("Campaign/c")], [*STANDING, automatic("a", 3)])

    attributes = change_of(plan, "Campaign/c").attributes
    assert attributes is not None
    assert attributes["solutionVersion"] == f"{SOLUTION}/a"


def test_a_training_of_an_undeclared_solution_is_stood_in_for() -> None:
    """The solution may be given by its ARN; one that cannot be seen proves nothing."""
    pinned = document(TRAINING, solution=f"{SOLUTION}-2")
    theirs = standing(f"{SOLUTION}-2", "Solution/theirs")
    made = automatic("a", 3, solution=f"{SOLUTION}-2")

    assert decided([pinned], [*STANDING, theirs, made]) == (Action.NONE, "a")
    assert decided([pinned], [*STANDING, made]) == (Action.RUN, "")
