"""What the live service answered where the guide is silent or says otherwise (docs/service/4 §9)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from personalize_gitops.emulator import Emulator

from .account import INTERACTIONS, RECIPE_V2, ROLE, Account, client, interactions_csv
from .clock import Clock

USER_PERSONALIZATION = "arn:aws:personalize:::recipe/aws-user-personalization"


@pytest.mark.parametrize("domain", [None, "ECOMMERCE"])
def test_recipes_are_sorted_and_an_empty_page_follows(account: Account, domain: str | None) -> None:
    """A client that stops at a page without a token reads one page more."""
    request = {"domain": domain} if domain else {}

    first = account.personalize.list_recipes(**request)
    last = account.personalize.list_recipes(**request, nextToken=first["nextToken"])

    names = [recipe["name"] for recipe in first["recipes"]]
    assert names == sorted(names)
    assert names
    assert (last["recipes"], "nextToken" in last) == ([], False)


def test_every_page_of_recipes_once(account: Account) -> None:
    """Pages of any size show every recipe once."""
    pages = account.personalize.get_paginator("list_recipes").paginate(PaginationConfig={"PageSize": 7})

    names = [recipe["name"] for page in pages for recipe in page["recipes"]]

    assert names == [recipe["name"] for recipe in account.personalize.list_recipes()["recipes"]]


def test_a_solution_is_shown_as_given(account: Account) -> None:
    """Without the defaults of its recipe; one of version 2 shows them, as the guide does (docs/service/1 §11.6)."""
    group = account.group()
    given = {"algorithmHyperParameters": {"bptt": "20"}}
    arns = [
        account.solution(group, "given", recipeArn=USER_PERSONALIZATION, solutionConfig=given),
        account.solution(group, "nothing", recipeArn=USER_PERSONALIZATION),
        account.solution(group, "second", recipeArn=RECIPE_V2),
    ]

    shown = [account.personalize.describe_solution(solutionArn=arn)["solution"]["solutionConfig"] for arn in arns]

    assert shown[:2] == [given, {}]
    assert shown[2]["algorithmHyperParameters"] == {"apply_recency_bias": "true"}


def test_a_version_without_a_name_is_named_by_its_arn(account: Account) -> None:
    """The name is `<solution>/<id>`; a given one stays."""
    solution = account.solution(account.filled_group())
    arns = [account.version(solution), account.version(solution, name="spring")]

    describe = account.personalize.describe_solution_version
    names = [describe(solutionVersionArn=arn)["solutionVersion"]["name"] for arn in arns]

    assert names == [f"rank/{arns[0].rpartition('/')[2]}", "spring"]


@pytest.mark.parametrize("config", [{}, {"hpoConfig": {"hpoResourceConfig": {"maxNumberOfTrainingJobs": "4"}}}])
def test_tuning_needs_no_ranges(account: Account, config: dict[str, object]) -> None:
    """`performHPO` alone, or with the number of jobs, is accepted."""
    arn = account.solution(account.group(), recipeArn=USER_PERSONALIZATION, performHPO=True, solutionConfig=config)

    assert account.status(arn) == "ACTIVE"


def test_a_schema_with_the_number_1_as_its_version(account: Account) -> None:
    """It is accepted, and can be imported into."""
    text = json.dumps({**json.loads(INTERACTIONS), "version": 1})

    assert account.imported(account.dataset(account.group(), text=text), interactions_csv())["status"] == "ACTIVE"


def test_a_second_deployment_under_the_same_names(account: Account) -> None:
    """A deleted dataset takes its import jobs along: the same names can be used again."""
    for _ in range(2):
        group = account.group()
        dataset = account.dataset(group)
        assert account.imported(dataset, interactions_csv())["status"] == "ACTIVE"
        account.personalize.delete_dataset(datasetArn=dataset)
        account.settle()
        assert account.personalize.list_dataset_import_jobs()["datasetImportJobs"] == []
        for schema in account.personalize.list_schemas()["schemas"]:
            account.personalize.delete_schema(schemaArn=schema["schemaArn"])
        account.personalize.delete_dataset_group(datasetGroupArn=group)
        account.settle()


def test_policies_of_aws_can_be_attached(account: Account) -> None:
    """The guide tells its readers to attach them (docs/service/1 §5); an invented one is not found."""
    iam = client("iam")
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
    names = ["service-role/AmazonPersonalizeFullAccess", "AmazonS3FullAccess"]

    for name in names:
        iam.attach_role_policy(RoleName="reader", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.attach_role_policy(RoleName="reader", PolicyArn="arn:aws:iam::aws:policy/Invented")

    found = iam.list_attached_role_policies(RoleName="reader")["AttachedPolicies"]
    assert {policy["PolicyArn"].partition("policy/")[2] for policy in found} == set(names)


def test_objects_are_dated_by_the_emulator(account: Account) -> None:
    """Programs compare the dates of objects with those of jobs."""
    client("s3").create_bucket(Bucket="dated")
    client("s3").put_object(Bucket="dated", Key="data.csv", Body=b"")

    (found,) = client("s3").list_objects_v2(Bucket="dated")["Contents"]

    assert found["LastModified"].timestamp() == pytest.approx(account.clock.now(), abs=1)


def test_objects_that_are_there_before_the_start_are_dated() -> None:
    """A bucket that is created before clients are connected has emulated dates too."""
    clock = Clock()
    emulator = Emulator(clock.now)
    emulator.put_bucket("dated", {"data.csv": ""})
    with emulator.started():
        found = client("s3").head_object(Bucket="dated", Key="data.csv")

    assert found["LastModified"].timestamp() == pytest.approx(clock.now(), abs=1)


def test_dates_of_objects_are_saved(tmp_path: Path) -> None:
    """A program that imports what is newer than its last import does not import it again after a restart."""
    clock, s3 = Clock(), client("s3")
    dates: list[datetime] = []
    for _ in range(2):
        with Emulator(clock.now).started() as emulator, emulator.keeping(tmp_path):
            if not dates:
                s3.create_bucket(Bucket="dated")
                s3.put_object(Bucket="dated", Key="data.csv", Body=b"")
            dates.append(s3.head_object(Bucket="dated", Key="data.csv")["LastModified"])
            clock.pass_time(hours=1)

    assert dates[0] == dates[1]


def test_results_of_jobs_are_dated_by_the_end_of_the_job(account: Account) -> None:
    """Also when the first request after it comes later."""
    dataset = account.dataset(account.group())
    account.imported(dataset, interactions_csv())
    account.emulator.put_bucket("exported")
    output = {"s3DataDestination": {"path": "s3://exported/"}}
    arn = account.personalize.create_dataset_export_job(
        jobName="all", datasetArn=dataset, roleArn=ROLE, jobOutput=output
    )["datasetExportJobArn"]
    account.clock.pass_time(hours=5)

    job = account.personalize.describe_dataset_export_job(datasetExportJobArn=arn)["datasetExportJob"]
    found = client("s3").list_objects_v2(Bucket="exported")["Contents"]

    assert {each["LastModified"] for each in found} == {job["lastUpdatedDateTime"].replace(microsecond=0)}


def test_the_date_of_an_answer_is_real() -> None:
    """SDKs for JavaScript take another date for a wrong clock, and sign with it; every answer has a request id."""
    with Emulator(Clock().now).serve(port=0) as server:
        personalize = client("personalize", server.url)
        headers = personalize.list_schemas()["ResponseMetadata"]["HTTPHeaders"]
        with pytest.raises(personalize.exceptions.ResourceNotFoundException) as refused:
            personalize.describe_schema(schemaArn="arn:aws:personalize:us-east-1:123456789012:schema/no")

    assert abs((parsedate_to_datetime(headers["date"]) - datetime.now(UTC)).total_seconds()) < 600
    assert headers["x-amzn-requestid"] != refused.value.response["ResponseMetadata"]["RequestId"] != ""


def test_request_ids_of_the_data_plane() -> None:
    """Answers and refusals of the runtime and of events have one too, each its own."""
    with Emulator(Clock().now).serve(port=0) as server:
        events, runtime = client("personalize-events", server.url), client("personalize-runtime", server.url)
        account = "arn:aws:personalize:us-east-1:123456789012"
        answers: list[Any] = []
        calls: list[tuple[Any, dict[str, Any]]] = [
            (runtime.get_recommendations, {"campaignArn": f"{account}:campaign/no", "userId": "u1"}),
            (runtime.get_personalized_ranking, {"campaignArn": "no", "userId": "u1", "inputList": []}),
            (events.put_events, {"trackingId": "no", "sessionId": "s", "eventList": [{"eventType": "e", "sentAt": 1}]}),
            (events.put_items, {"datasetArn": f"{account}:dataset/no/ITEMS", "items": [{"itemId": "i"}]}),
        ]
        for call, request in calls:
            with pytest.raises(ClientError) as refused:
                call(**request)
            answers.append(refused.value.response["ResponseMetadata"])

    assert len({answer["RequestId"] for answer in answers} - {""}) == len(answers)
    assert all("x-amzn-requestid" in answer["HTTPHeaders"] for answer in answers)


def test_motos_reset_removes_what_personalize_has() -> None:
    """Test suites for several services reset all of them with one request."""
    with Emulator(Clock().now).serve(port=0) as server:
        personalize = client("personalize", server.url)
        personalize.create_schema(name="interactions", schema=INTERACTIONS)

        with urlopen(Request(f"{server.url}/moto-api/reset", method="POST")) as answer:  # noqa: S310
            assert answer.status == 200

        assert personalize.list_schemas()["schemas"] == []
        assert personalize.create_schema(name="interactions", schema=INTERACTIONS)
