"""Lifecycles: the statuses of every kind over time, in the order of docs/service/4 §4."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator import Emulator

from .account import ITEMS, RECIPE, ROLE, Account, avro, interactions_csv
from .clock import Clock
from .refusals import refusal

Begin = Callable[[Account], str]


def _group(account: Account) -> str:
    return str(account.personalize.create_dataset_group(name="g")["datasetGroupArn"])


def _dataset(account: Account) -> str:
    group, schema = account.group(), account.schema()
    created = account.personalize.create_dataset(
        name="d", schemaArn=schema, datasetGroupArn=group, datasetType="Interactions"
    )
    return str(created["datasetArn"])


def _import(account: Account) -> str:
    return account.start_import(account.dataset(account.group()), interactions_csv())


def _tracker(account: Account) -> str:
    return str(account.personalize.create_event_tracker(name="t", datasetGroupArn=account.group())["eventTrackerArn"])


def _filter(account: Account) -> str:
    group = account.group()
    account.dataset(group)
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
    created = account.personalize.create_filter(name="f", datasetGroupArn=group, filterExpression=expression)
    return str(created["filterArn"])


def _solution(account: Account) -> str:
    created = account.personalize.create_solution(
        name="s", datasetGroupArn=account.group(), recipeArn=RECIPE, performAutoTraining=False
    )
    return str(created["solutionArn"])


def _version(account: Account) -> str:
    solution = account.solution(account.filled_group())
    return str(account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"])


def _campaign(account: Account) -> str:
    version = account.version(account.solution(account.filled_group()))
    return str(account.personalize.create_campaign(name="c", solutionVersionArn=version)["campaignArn"])


def _export(account: Account) -> str:
    account.emulator.put_bucket("out")
    created = account.personalize.create_dataset_export_job(
        jobName="e",
        datasetArn=account.dataset(account.group()),
        roleArn=ROLE,
        jobOutput={"s3DataDestination": {"path": "s3://out/"}},
    )
    return str(created["datasetExportJobArn"])


def _attribution(account: Account) -> str:
    group = account.group()
    account.dataset(group)
    created = account.personalize.create_metric_attribution(
        name="m",
        datasetGroupArn=group,
        metrics=[{"eventType": "watch", "metricName": "watched", "expression": "SAMPLECOUNT()"}],
        metricsOutputConfig={"roleArn": ROLE},
    )
    return str(created["metricAttributionArn"])


BEGINNINGS = {
    "DatasetGroup": _group,
    "Dataset": _dataset,
    "DatasetImportJob": _import,
    "DatasetExportJob": _export,
    "EventTracker": _tracker,
    "Filter": _filter,
    "MetricAttribution": _attribution,
    "Solution": _solution,
    "SolutionVersion": _version,
    "Campaign": _campaign,
}
DELETES = {
    "DatasetGroup": "delete_dataset_group",
    "Dataset": "delete_dataset",
    "EventTracker": "delete_event_tracker",
    "Filter": "delete_filter",
    "MetricAttribution": "delete_metric_attribution",
    "Solution": "delete_solution",
    "Campaign": "delete_campaign",
}


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS)
def test_creation(account: Account, begin: Begin) -> None:
    """A creation is pending, then in progress, then ACTIVE, each at its own time."""
    arn = begin(account)

    seen = [account.status(arn)]
    while (moment := account.emulator.next_event_at()) is not None and seen[-1] != "ACTIVE":
        account.clock.time = moment
        seen.append(account.status(arn))

    assert list(dict.fromkeys(seen)) == ["CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE"]


@pytest.mark.parametrize("kind", DELETES)
def test_deletion(account: Account, kind: str) -> None:
    """A deletion is pending, then in progress, then the resource is not found."""
    arn = BEGINNINGS[kind](account)
    account.settle()

    getattr(account.personalize, DELETES[kind])(**{f"{kind[0].lower()}{kind[1:]}Arn": arn})
    pending = account.status(arn)
    account.clock.pass_time(seconds=20)
    in_progress = account.status(arn)
    account.settle()

    assert (pending, in_progress) == ("DELETE PENDING", "DELETE IN_PROGRESS")
    assert refusal(account.status, arn=arn) == ("ResourceNotFound", f"Resource Arn {arn} does not exist.")


@pytest.mark.parametrize("kind", DELETES)
def test_nothing_in_the_making_is_deleted(account: Account, kind: str) -> None:
    """Only ACTIVE and failed resources can be deleted (docs/service/3 §3.5)."""
    arn = BEGINNINGS[kind](account)
    delete = getattr(account.personalize, DELETES[kind])

    code, message = refusal(delete, **{f"{kind[0].lower()}{kind[1:]}Arn": arn})

    assert code == "ResourceInUse"
    assert "CREATE PENDING" in message


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_failure(account: Account, kind: str) -> None:
    """A creation with a fault ends CREATE FAILED, with the reason if the shape of Describe has one."""
    account.emulator.faults.fail(f"Create{kind}", "the disk is full")
    arn = BEGINNINGS[kind](account)

    account.clock.pass_time(hours=1)

    assert account.status(arn) == "CREATE FAILED"


def test_reason_of_a_failure(account: Account) -> None:
    """Describe and List both show why a group failed."""
    account.emulator.faults.fail("DatasetGroup", "the disk is full")
    arn = _group(account)
    account.settle()

    described = account.personalize.describe_dataset_group(datasetGroupArn=arn)["datasetGroup"]
    (listed,) = account.personalize.list_dataset_groups()["datasetGroups"]

    assert described["failureReason"] == listed["failureReason"] == "the disk is full"


def test_timestamps(account: Account) -> None:
    """The creation time stays; the time of the last update changes with the status."""
    begun = account.clock.time
    arn = _group(account)

    account.settle()
    described = account.personalize.describe_dataset_group(datasetGroupArn=arn)["datasetGroup"]

    assert described["creationDateTime"].timestamp() == begun
    assert described["lastUpdatedDateTime"].timestamp() == begun + 30


@pytest.mark.parametrize(("wait", "seen"), [(0, "CREATE STOPPED"), (20, "CREATE STOPPING")])
def test_stopping_a_training(account: Account, wait: float, seen: str) -> None:
    """A pending training stops at once, a running one after a delay, and neither goes on (docs/service/4 §4.4)."""
    arn = _version(account)
    account.clock.pass_time(minutes=wait)

    account.personalize.stop_solution_version_creation(solutionVersionArn=arn)
    first = account.status(arn)
    account.clock.pass_time(hours=2)

    assert (first, account.status(arn)) == (seen, "CREATE STOPPED")
    stop = account.personalize.stop_solution_version_creation
    assert refusal(stop, solutionVersionArn=arn)[0] == "ResourceInUse"


def test_recommender(account: Account) -> None:
    """A recommender can be stopped and started, and deleted in either state (docs/service/4 §4.3)."""
    group = account.group(domain="VIDEO_ON_DEMAND")
    account.imported(account.dataset(group, domain="VIDEO_ON_DEMAND"), interactions_csv(event="Watch"))
    recipe = "arn:aws:personalize:::recipe/aws-vod-most-popular"
    request = {"name": "r", "datasetGroupArn": group, "recipeArn": recipe}
    arn = account.personalize.create_recommender(**request)["recommenderArn"]
    account.train()
    seen = [account.status(arn)]

    for act in (account.personalize.stop_recommender, account.personalize.start_recommender):
        act(recommenderArn=arn)
        seen.append(account.status(arn))
        account.settle()
        seen.append(account.status(arn))

    assert seen == ["ACTIVE", "STOP PENDING", "INACTIVE", "START PENDING", "ACTIVE"]
    assert refusal(account.personalize.start_recommender, recommenderArn=arn)[0] == "ResourceInUse"


def test_schemas_have_no_status(account: Account) -> None:
    """A schema is created and deleted at once."""
    arn = account.schema(text=avro("Items", "ITEM_ID", {"name": "PRICE", "type": "float"}))

    described = account.personalize.describe_schema(schemaArn=arn)["schema"]
    account.personalize.delete_schema(schemaArn=arn)

    assert "status" not in described
    assert refusal(account.personalize.describe_schema, schemaArn=arn)[0] == "ResourceNotFound"


def test_updates_of_datasets(account: Account) -> None:
    """A dataset stays ACTIVE with its old schema until the update is done (docs/service/2 §2.3)."""
    arn = account.dataset(account.group(), "Items", ITEMS)
    wider = account.schema(
        "wider",
        avro(
            "Items",
            "ITEM_ID",
            {"name": "GENRES", "type": ["null", "string"], "categorical": True},
            {"name": "PRICE", "type": "float"},
            {"name": "YEAR", "type": ["null", "int"]},
        ),
    )

    account.personalize.update_dataset(datasetArn=arn, schemaArn=wider)
    during = account.personalize.describe_dataset(datasetArn=arn)["dataset"]
    account.settle()
    after = account.personalize.describe_dataset(datasetArn=arn)["dataset"]

    assert (during["status"], during["latestDatasetUpdate"]["status"]) == ("ACTIVE", "CREATE PENDING")
    assert during["schemaArn"] != wider
    assert (after["schemaArn"], after["latestDatasetUpdate"]["status"]) == (wider, "ACTIVE")


def test_no_time_at_all(clock: Clock) -> None:
    """With `instant`, a transition is done at the next call, and its work is done as usual."""
    durations = {(kind, transition): timedelta(0) for kind in BEGINNINGS for transition in Transition}
    with Emulator(clock.now, durations=durations).started() as emulator:
        account = Account(emulator, clock)
        group = account.personalize.create_dataset_group(name="g")["datasetGroupArn"]

        dataset = account.personalize.create_dataset(
            name="d", schemaArn=account.schema(), datasetGroupArn=group, datasetType="Interactions"
        )["datasetArn"]
        job = account.start_import(dataset, interactions_csv())

        assert [account.status(arn) for arn in (group, dataset, job)] == ["ACTIVE"] * 3


def test_what_a_job_needs_goes_away(account: Account) -> None:
    """A job whose solution version is deleted while it runs fails; other resources are not affected."""
    solution = account.solution(account.filled_group())
    job = account.personalize.create_batch_inference_job(
        jobName="j",
        solutionVersionArn=account.version(solution),
        roleArn=ROLE,
        jobInput={"s3DataSource": {"path": "s3://bucket-shop-data/data.csv"}},
        jobOutput={"s3DataDestination": {"path": "s3://bucket-shop-data/out/"}},
    )["batchInferenceJobArn"]
    account.personalize.delete_solution(solutionArn=solution)

    account.clock.pass_time(hours=1)

    assert account.status(job) == "CREATE FAILED"
