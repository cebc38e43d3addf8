"""State machines and preconditions in tables: one row each, with its source."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .account import INTERACTIONS, RECIPE
from .estate import Estate
from .refusals import refusal

COMING = ("CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE")
FAILING = (*COMING[:2], "CREATE FAILED")
GOING = ("DELETE PENDING", "DELETE IN_PROGRESS", "gone")
OWN_WORDS = ("PENDING", "IN_PROGRESS", "COMPLETED")

# What starts, the kind whose status is watched, the member that tells, the statuses one after the other, and where
# that is written.
MACHINES: list[tuple[str, str, str, tuple[str, ...], str]] = [
    ("CreateDatasetGroup", "DatasetGroup", "status", COMING, "docs/service/4 §4.1"),
    ("CreateDataset", "Dataset", "status", COMING, "docs/service/4 §4.1"),
    ("CreateDatasetImportJob", "DatasetImportJob", "status", COMING, "docs/service/4 §4.1"),
    ("CreateDatasetExportJob", "DatasetExportJob", "status", COMING, "docs/service/4 §4.1"),
    ("CreateEventTracker", "EventTracker", "status", COMING, "docs/service/4 §4.1"),
    ("CreateFilter", "Filter", "status", COMING, "docs/service/4 §4.1 (in practice)"),
    ("CreateMetricAttribution", "MetricAttribution", "status", COMING, "docs/service/4 §4.1 (in practice)"),
    ("CreateSolution", "Solution", "status", COMING, "docs/service/4 §4.1"),
    ("CreateSolutionVersion", "SolutionVersion", "status", COMING, "docs/service/4 §4.4"),
    ("CreateCampaign", "Campaign", "status", COMING, "docs/service/4 §4.1"),
    ("CreateRecommender", "Recommender", "status", COMING, "docs/service/4 §4.3"),
    ("CreateBatchInferenceJob", "BatchInferenceJob", "status", COMING, "docs/service/4 §4.1 (with the prefix)"),
    ("CreateBatchSegmentJob", "BatchSegmentJob", "status", COMING, "docs/service/4 §4.1 (with the prefix)"),
    ("CreateDataDeletionJob", "DataDeletionJob", "status", OWN_WORDS, "docs/service/4 §4.1"),
    ("UpdateCampaign", "Campaign", "latestCampaignUpdate", COMING, "docs/service/4 §4.2"),
    ("UpdateCampaign", "Campaign", "status", ("ACTIVE",), "docs/service/4 §4.2"),
    ("UpdateDataset", "Dataset", "latestDatasetUpdate", COMING, "docs/service/4 §4.2"),
    ("UpdateDataset", "Dataset", "status", ("ACTIVE",), "docs/service/4 §4.2"),
    ("UpdateSolution", "Solution", "latestSolutionUpdate", COMING, "docs/service/4 §4.2"),
    ("UpdateSolution", "Solution", "status", ("ACTIVE",), "docs/service/4 §4.2"),
    ("UpdateRecommender", "Recommender", "latestRecommenderUpdate", COMING, "docs/service/4 §4.2"),
    ("UpdateRecommender", "Recommender", "status", ("ACTIVE",), "docs/service/4 §4.2"),
    (
        "UpdateMetricAttribution",
        "MetricAttribution",
        "status",
        ("UPDATE PENDING", "UPDATE IN_PROGRESS", "ACTIVE"),
        "docs/service/4 §1.2 (the words are assumed)",
    ),
    (
        "StopRecommender",
        "Recommender",
        "status",
        ("STOP PENDING", "STOP IN_PROGRESS", "INACTIVE"),
        "docs/service/4 §4.3",
    ),
    ("StartRecommender", "stopped", "status", ("START PENDING", "START IN_PROGRESS", "ACTIVE"), "docs/service/4 §4.3"),
    ("StopSolutionVersionCreation", "SolutionVersion", "status", ("CREATE STOPPED",), "docs/service/4 §4.4"),
    ("DeleteDatasetGroup", "DatasetGroup", "status", GOING, "docs/service/4 §4.1"),
    ("DeleteDataset", "Dataset", "status", GOING, "docs/service/4 §4.1"),
    ("DeleteEventTracker", "EventTracker", "status", GOING, "docs/service/4 §4.1"),
    ("DeleteFilter", "Filter", "status", GOING, "docs/service/4 §4.1 (in practice)"),
    ("DeleteMetricAttribution", "MetricAttribution", "status", GOING, "docs/service/4 §4.1 (in practice)"),
    ("DeleteSolution", "Solution", "status", GOING, "docs/service/4 §4.1"),
    ("DeleteCampaign", "Campaign", "status", GOING, "docs/service/4 §4.1"),
    ("DeleteRecommender", "Recommender", "status", GOING, "docs/service/4 §4.3"),
]


def answered(estate: Estate, name: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The response to a call that must succeed."""
    response = estate.respond(name, request)
    assert response.status == 200, response.body
    return dict(json.loads(response.body))


def told(estate: Estate, kind: str, arn: str, member: str) -> str:
    """The status in a member of the Describe response of a kind."""
    noun = f"{kind[0].lower()}{kind[1:]}"
    response = estate.respond(f"Describe{kind}", {f"{noun}Arn": arn})
    content = json.loads(response.body)
    if response.status != 200:
        return "gone"
    found = content[noun][member]
    return str(found if isinstance(found, str) else found["status"])


def walked(estate: Estate, kind: str, arn: str, member: str) -> tuple[str, ...]:
    """All statuses of the next two hours, in order."""
    seen = [told(estate, kind, arn, member)]
    clock = estate.account.clock
    until = clock.time + 7200
    while (moment := estate.account.emulator.next_event_at()) is not None and moment <= until:
        clock.time = moment
        seen.append(told(estate, kind, arn, member))
    return tuple(dict.fromkeys(seen))


@pytest.mark.parametrize(
    ("operation", "kind", "member", "statuses", "source"),
    [pytest.param(*row, id=f"{row[0]}-{row[2]}") for row in MACHINES],
)
def test_statuses(
    estate: Estate, operation: str, kind: str, member: str, statuses: tuple[str, ...], source: str
) -> None:
    """A resource goes through exactly these statuses."""
    request = estate.request(operation)
    kind = "Recommender" if kind == "stopped" else kind
    answer = answered(estate, operation, request)

    arn = next((value for key, value in (*answer.items(), *request.items()) if key == _arn_member(kind)), "")

    assert walked(estate, kind, arn, member) == statuses, source


@pytest.mark.parametrize(
    ("operation", "kind"), [(row[0], row[1]) for row in MACHINES if row[0].startswith("Create") and row[3] == COMING]
)
def test_failing_creations(estate: Estate, operation: str, kind: str) -> None:
    """Every creation can fail at its end, with the reason if its shape has one (docs/service/4 §4.1)."""
    estate.account.emulator.faults.fail(operation, "no capacity")

    arn = answered(estate, operation, estate.request(operation))[_arn_member(kind)]

    assert walked(estate, kind, arn, "status") == FAILING


def test_stopping_while_it_runs(estate: Estate) -> None:
    """A training in progress goes through CREATE STOPPING (docs/service/4 §4.4)."""
    request = estate.request("StopSolutionVersionCreation")
    estate.account.clock.pass_time(minutes=10)

    answered(estate, "StopSolutionVersionCreation", request)

    arn = request["solutionVersionArn"]
    assert walked(estate, "SolutionVersion", arn, "status") == ("CREATE STOPPING", "CREATE STOPPED")


def _arn_member(kind: str) -> str:
    return f"{kind[0].lower()}{kind[1:]}Arn"


def begun(operation: str) -> Callable[[Estate], None]:
    """Start a call before the refused one."""

    def begin(estate: Estate) -> None:
        answered(estate, operation, {**estate.request(operation)})

    return begin


def nothing(estate: Estate) -> None:
    """The resources of the estate are the reason."""


def pending_group(estate: Estate) -> None:
    """A group that is not ACTIVE yet."""
    answered(estate, "CreateDatasetGroup", {"name": "pending"})


def pending_solution(estate: Estate) -> None:
    """A solution that is not ACTIVE yet."""
    answered(estate, "CreateSolution", {"name": "pending", "datasetGroupArn": estate.group, "recipeArn": RECIPE})


def training(estate: Estate) -> None:
    """A version in training, with its ARN in the request."""
    estate.training = answered(estate, "CreateSolutionVersion", {"solutionArn": estate.solution})["solutionVersionArn"]


def pending_filter(estate: Estate) -> None:
    """A filter that is not ACTIVE yet."""
    answered(estate, "CreateFilter", {**estate.request("CreateFilter"), "name": "pending"})


def filtered_batch(estate: Estate) -> None:
    """A batch job that uses the filter."""
    answered(
        estate, "CreateBatchInferenceJob", {**estate.request("CreateBatchInferenceJob"), "filterArn": estate.filter}
    )


def sibling(arn: str, name: str) -> str:
    """The ARN of a resource of the same kind with another name."""
    return f"{arn.rpartition('/')[0]}/{name}"


def going_solution(estate: Estate) -> None:
    """A solution with a version, during its deletion."""
    answered(estate, "DeleteSolution", {"solutionArn": estate.segmenting.rpartition("/")[0]})


def moving_campaign(estate: Estate) -> None:
    """A campaign during an update to a version of another solution."""
    other = estate.account.version(estate.account.solution(estate.group, "other"))
    answered(estate, "UpdateCampaign", {"campaignArn": estate.campaign, "solutionVersionArn": other})


Request = Callable[[Estate], dict[str, Any]]

# What is called, what stands in the way, what of the smallest valid request is different, the error, and where it is
# written.
OBSTACLES: list[tuple[str, Callable[[Estate], None], Request, str, str]] = [
    (
        "CreateDataset",
        pending_group,
        lambda e: {"datasetGroupArn": sibling(e.group, "pending")},
        "ResourceInUseException",
        "docs/service/4 §4.5",
    ),
    (
        "CreateEventTracker",
        pending_group,
        lambda e: {"datasetGroupArn": sibling(e.group, "pending")},
        "ResourceInUseException",
        "docs/service/4 §4.5",
    ),
    (
        "CreateSolution",
        pending_group,
        lambda e: {"datasetGroupArn": sibling(e.group, "pending")},
        "ResourceInUseException",
        "docs/service/4 §4.5",
    ),
    (
        "CreateFilter",
        pending_group,
        lambda e: {"datasetGroupArn": sibling(e.group, "pending")},
        "InvalidInputException",
        "docs/service/4 §4.6",
    ),
    (
        "CreateSolutionVersion",
        pending_solution,
        lambda e: {"solutionArn": sibling(e.solution, "pending")},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateCampaign",
        training,
        lambda e: {"solutionVersionArn": e.training},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateBatchInferenceJob",
        training,
        lambda e: {"solutionVersionArn": e.training},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateBatchInferenceJob",
        pending_filter,
        lambda e: {"filterArn": sibling(e.filter, "pending")},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateDatasetImportJob",
        begun("UpdateDataset"),
        lambda e: {"datasetArn": e.items},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateDataset",
        nothing,
        lambda e: {"datasetGroupArn": e.group},
        "ResourceAlreadyExistsException",
        "docs/service/2 §2.1",
    ),
    (
        "CreateDataset",
        nothing,
        lambda e: {"datasetGroupArn": e.domain, "datasetType": "Actions"},
        "InvalidInputException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateRecommender",
        nothing,
        lambda e: {"datasetGroupArn": e.group},
        "InvalidInputException",
        "docs/service/4 §4.6",
    ),
    (
        "CreateEventTracker",
        nothing,
        lambda e: {"datasetGroupArn": e.group},
        "ResourceAlreadyExistsException",
        "docs/service/2 §3.6",
    ),
    (
        "CreateMetricAttribution",
        nothing,
        lambda e: {"datasetGroupArn": e.group},
        "ResourceAlreadyExistsException",
        "docs/service/3 §5.2",
    ),
    (
        "CreateMetricAttribution",
        nothing,
        lambda e: {"datasetGroupArn": e.empty},
        "InvalidInputException",
        "docs/service/3 §5.2",
    ),
    (
        "CreateDatasetImportJob",
        nothing,
        lambda e: {"jobName": "made"},
        "ResourceAlreadyExistsException",
        "docs/service/4 §1.3",
    ),
    (
        "CreateBatchSegmentJob",
        nothing,
        lambda e: {"solutionVersionArn": e.version},
        "InvalidInputException",
        "docs/service/2 §3.12",
    ),
    (
        "CreateBatchInferenceJob",
        nothing,
        lambda e: {"solutionVersionArn": e.segmenting},
        "InvalidInputException",
        "docs/service/2 §3.11",
    ),
    (
        "CreateCampaign",
        nothing,
        lambda e: {"solutionVersionArn": e.segmenting},
        "InvalidInputException",
        "docs/service/2 §3.12",
    ),
    (
        "CreateDatasetExportJob",
        nothing,
        lambda e: {"datasetArn": e.actions},
        "InvalidInputException",
        "docs/service/3 §3.2",
    ),
    (
        "UpdateDataset",
        nothing,
        lambda e: {"datasetArn": e.interactions},
        "InvalidInputException",
        "docs/service/3 §3.3",
    ),
    ("UpdateDataset", begun("UpdateDataset"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
    ("UpdateCampaign", begun("UpdateCampaign"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
    ("UpdateSolution", begun("UpdateSolution"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
    (
        "UpdateRecommender",
        nothing,
        lambda e: {"recommenderArn": e.stopped},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "UpdateMetricAttribution",
        begun("UpdateMetricAttribution"),
        lambda e: {},
        "ResourceInUseException",
        "docs/service/4 §4.6",
    ),
    (
        "StartRecommender",
        nothing,
        lambda e: {"recommenderArn": e.recommender},
        "ResourceInUseException",
        "docs/service/4 §4.3",
    ),
    (
        "StopRecommender",
        nothing,
        lambda e: {"recommenderArn": e.stopped},
        "ResourceInUseException",
        "docs/service/4 §4.3",
    ),
    (
        "StopSolutionVersionCreation",
        nothing,
        lambda e: {"solutionVersionArn": e.version},
        "ResourceInUseException",
        "docs/service/4 §4.4",
    ),
    (
        "GetSolutionMetrics",
        training,
        lambda e: {"solutionVersionArn": e.training},
        "ResourceInUseException",
        "docs/service/4 §1.4",
    ),
    (
        "DeleteDatasetGroup",
        nothing,
        lambda e: {"datasetGroupArn": e.group},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    ("DeleteDatasetGroup", begun("CreateDataset"), lambda e: {}, "ResourceInUseException", "docs/service/3 §3.5"),
    ("DeleteDatasetGroup", begun("CreateEventTracker"), lambda e: {}, "ResourceInUseException", "docs/service/3 §3.5"),
    ("DeleteDatasetGroup", begun("DeleteDatasetGroup"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
    (
        "DeleteDataset",
        begun("CreateDatasetImportJob"),
        lambda e: {"datasetArn": e.interactions},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    ("DeleteDataset", training, lambda e: {}, "ResourceInUseException", "docs/service/3 §3.5"),
    (
        "DeleteDataset",
        begun("CreateRecommender"),
        lambda e: {"datasetArn": sibling(e.interactions, "X").replace("shop/X", "films/INTERACTIONS")},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    ("DeleteSchema", begun("CreateDataset"), lambda e: {}, "ResourceInUseException", "docs/service/3 §3.5"),
    (
        "DeleteSchema",
        begun("UpdateDataset"),
        lambda e: {"schemaArn": e.schema},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    ("DeleteFilter", filtered_batch, lambda e: {}, "ResourceInUseException", "docs/service/3 §3.5"),
    (
        "DeleteSolution",
        nothing,
        lambda e: {"solutionArn": e.solution},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    (
        "DeleteSolution",
        pending_solution,
        lambda e: {"solutionArn": sibling(e.solution, "pending")},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    (
        "DeleteSolution",
        moving_campaign,
        lambda e: {"solutionArn": sibling(e.solution, "other")},
        "ResourceInUseException",
        "docs/service/3 §3.5",
    ),
    (
        "CreateCampaign",
        going_solution,
        lambda e: {"solutionVersionArn": f"{e.segmenting.rpartition('/')[0]}/$LATEST"},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    (
        "CreateBatchSegmentJob",
        going_solution,
        lambda e: {},
        "ResourceInUseException",
        "docs/service/2 §6.1",
    ),
    ("DeleteCampaign", begun("UpdateCampaign"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
    ("DeleteRecommender", begun("StopRecommender"), lambda e: {}, "ResourceInUseException", "docs/service/4 §4.6"),
]


@pytest.mark.parametrize(
    ("operation", "obstacle", "changed", "code", "source"),
    [pytest.param(*row, id=f"{row[0]}-{number}") for number, row in enumerate(OBSTACLES)],
)
def test_obstacles(
    estate: Estate, operation: str, obstacle: Callable[[Estate], None], changed: Request, code: str, source: str
) -> None:
    """The call is refused with this error, and succeeds without the reason."""
    request = estate.request(operation)
    obstacle(estate)

    response = estate.respond(operation, {**request, **changed(estate)})

    assert (response.status, json.loads(response.body)["__type"]) == (400, code), source


def test_what_a_delete_takes_along(estate: Estate) -> None:
    """A solution is deleted with its versions, a resource with its tags, a campaign alone (docs/service/4 §1.3)."""
    account = estate.account
    account.personalize.tag_resource(resourceArn=estate.version, tags=[{"tagKey": "a", "tagValue": "b"}])
    account.personalize.delete_campaign(campaignArn=estate.campaign)
    account.settle()
    left = told(estate, "SolutionVersion", estate.version, "status")

    account.personalize.delete_solution(solutionArn=estate.solution)
    account.settle()

    assert (left, told(estate, "SolutionVersion", estate.version, "status")) == ("ACTIVE", "gone")
    assert refusal(account.personalize.list_tags_for_resource, resourceArn=estate.version)[0] == "ResourceNotFound"


def test_names_are_free_again(estate: Estate) -> None:
    """The name of a deleted resource can be used again; jobs cannot be deleted (docs/service/4 §1.3)."""
    account = estate.account
    account.personalize.delete_filter(filterArn=estate.filter)
    account.personalize.delete_schema(schemaArn=estate.unused)
    account.settle()

    again = account.personalize.create_filter(**{**estate.request("CreateFilter"), "name": "f"})["filterArn"]
    schema = account.personalize.create_schema(name="unused", schema=INTERACTIONS)["schemaArn"]

    assert (again, schema) == (estate.filter, estate.unused)
