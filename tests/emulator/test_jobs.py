"""Exports, deletions and batch jobs: what they read, write and refuse."""

import json
from typing import Any

import pytest

from .account import ITEMS, RECIPE, ROLE, Account, client, interactions_csv
from .refusals import refusal

SEGMENTS = "arn:aws:personalize:::recipe/aws-item-affinity"
BY_ATTRIBUTE = "arn:aws:personalize:::recipe/aws-item-attribute-affinity"
TRENDING = "arn:aws:personalize:::recipe/aws-trending-now"
SIMILAR = "arn:aws:personalize:::recipe/aws-similar-items"
RANKING = "arn:aws:personalize:::recipe/aws-personalized-ranking"


def lines_of(account: Account, key: str) -> list[dict[str, Any]]:
    text = account.s3.get_object(Bucket="out", Key=key)["Body"].read().decode()
    return [json.loads(line) for line in text.splitlines()]


def batch(account: Account, kind: str, recipe: str, lines: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    """The output of a finished batch job for these input lines."""
    version = more.pop("version", None) or account.version(account.solution(account.filled_group(), recipeArn=recipe))
    account.emulator.put_bucket("ask", {"ask.json": "\n".join(map(json.dumps, lines))})
    account.emulator.put_bucket("out")
    create = getattr(account.personalize, f"create_batch_{kind}_job")
    created = create(**job_request(version), **more)
    account.clock.pass_time(hours=1)
    assert account.status(next(iter(created.values()))) == "ACTIVE"
    return lines_of(account, "done/ask.json.out")


def job_request(version: str) -> dict[str, Any]:
    return {
        "jobName": "job",
        "solutionVersionArn": version,
        "roleArn": ROLE,
        "jobInput": {"s3DataSource": {"path": "s3://ask/ask.json"}},
        "jobOutput": {"s3DataDestination": {"path": "s3://out/done/"}},
    }


def test_batch_inference(account: Account) -> None:
    """The result of a line is items with descending scores; an invalid line has an error."""
    answers = batch(account, "inference", RECIPE, [{"userId": "u1"}, {"itemId": "i1"}], numResults=3)

    scores = answers[0]["output"]["scores"]
    assert answers[0]["input"] == {"userId": "u1"}
    assert (len(answers[0]["output"]["recommendedItems"]), scores) == (3, sorted(scores, reverse=True))
    assert answers[1]["error"].startswith("User error")


def test_similar_items_and_rankings(account: Account) -> None:
    """Related items exclude the item itself; a ranking keeps all given items, unknown ones last."""
    version = account.version(account.solution(account.filled_group(), recipeArn=RANKING))
    (ranked,) = batch(account, "inference", RANKING, [{"userId": "u1", "itemList": ["x", "i1"]}], version=version)
    group = account.personalize.list_dataset_groups()["datasetGroups"][0]["datasetGroupArn"]
    other = account.version(account.solution(group, "similar", recipeArn=SIMILAR))
    account.personalize.create_batch_inference_job(**{**job_request(other), "jobName": "other"})
    account.emulator.put_bucket("ask", {"ask.json": json.dumps({"itemId": "i1"})})
    account.clock.pass_time(hours=1)
    account.status(other)

    (similar,) = lines_of(account, "done/ask.json.out")

    assert ranked["output"]["recommendedItems"] == ["i1", "x"]
    assert "i1" not in similar["output"]["recommendedItems"]
    assert "scores" not in similar["output"]


def test_filtered_batches(account: Account) -> None:
    """The filter of a job applies to every line, with the parameters of the line."""
    group = account.filled_group()
    version = account.version(account.solution(group))
    expression = "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPES)"
    chosen = account.personalize.create_filter(name="f", datasetGroupArn=group, filterExpression=expression)
    account.settle()
    ask = {"userId": "u1", "filterValues": {"TYPES": '"watch"'}}

    (answer,) = batch(account, "inference", RECIPE, [ask], version=version, filterArn=chosen["filterArn"])

    watched = {f"i{number % 37}" for number in range(1200) if number % 60 == 1}
    assert watched.isdisjoint(answer["output"]["recommendedItems"])
    assert answer["output"]["recommendedItems"]


def test_batch_segments(account: Account) -> None:
    """The result for an item is the users who are likely to interact with it."""
    (answer,) = batch(account, "segment", SEGMENTS, [{"itemId": "i1"}], numResults=5)

    assert answer["input"] == {"itemId": "i1"}
    assert len(answer["output"]["recommendedUsers"]) == 5


def test_segments_by_attributes(account: Account) -> None:
    """Several attributes select the items that have all of them (docs/service/2 §12)."""
    group = account.filled_group()
    account.imported(account.dataset(group, "Items", ITEMS), "ITEM_ID,GENRES,PRICE\ni1,A|B,1\ni2,A,1\n", "items")
    version = account.version(account.solution(group, recipeArn=BY_ATTRIBUTE))
    ask = 'ITEMS.genres = "A" AND ITEMS.genres = "B"'

    (answer,) = batch(account, "segment", BY_ATTRIBUTE, [{"itemAttributes": ask}], version=version)

    assert answer["itemAttributes"] == ask
    assert set(answer["output"]["recommendedUsers"]) <= {f"u{n % 60}" for n in range(1200) if n % 37 == 1}


@pytest.mark.parametrize(
    ("kind", "recipe", "change", "words"),
    [
        ("inference", TRENDING, {}, "does not support batch inference"),  # docs/service/2 §11.1
        ("segment", RECIPE, {}, "does not support batch segment"),  # docs/service/2 §12
        (
            "inference",
            RECIPE,
            {"batchInferenceJobMode": "THEME_GENERATION"},
            "THEME_GENERATION",
        ),  # docs/service/2 §11.3
        ("inference", RECIPE, {"jobOutput": {"s3DataDestination": {"path": "s3://out"}}}, "Invalid S3 output path"),
        ("inference", RECIPE, {"numResults": 501}, "numResults"),
    ],
)
def test_refused_batches(account: Account, kind: str, recipe: str, change: dict[str, Any], words: str) -> None:
    """A job with an unsuitable recipe or an invalid path is refused."""
    version = account.version(account.solution(account.filled_group(), recipeArn=recipe))
    create = getattr(account.personalize, f"create_batch_{kind}_job")

    code, message = refusal(create, **{**job_request(version), **change})

    assert (code, words in message) == ("InvalidInput", True), message


def test_batches_without_input(account: Account) -> None:
    """A job without input fails."""
    version = account.version(account.solution(account.filled_group()))
    created = account.personalize.create_batch_inference_job(**job_request(version))
    account.clock.pass_time(hours=1)

    shown = account.personalize.describe_batch_inference_job(batchInferenceJobArn=created["batchInferenceJobArn"])

    assert shown["batchInferenceJob"]["failureReason"] == "Invalid S3 input path."


def test_deleting_users(account: Account) -> None:
    """A deletion job has its own statuses, removes rows of users, and is listed newest first (docs/service/3 §3.4)."""
    group = account.filled_group()
    account.emulator.put_bucket("users", {"a.csv": "USER_ID\nu1\nnobody\n", "deep/b.csv": "USER_ID\nu2\n"})
    arns = [
        account.personalize.create_data_deletion_job(
            jobName=name, datasetGroupArn=group, roleArn=ROLE, dataSource={"dataLocation": "s3://users/"}
        )["dataDeletionJobArn"]
        for name in ("one", "two")
    ]
    begun = account.status(arns[0])
    account.clock.pass_time(hours=2)

    shown = account.personalize.describe_data_deletion_job(dataDeletionJobArn=arns[0])["dataDeletionJob"]

    (table,) = account.emulator.region("us-east-1").tables.values()
    listed = account.personalize.list_data_deletion_jobs(datasetGroupArn=group)["dataDeletionJobs"]
    assert (begun, shown["status"], shown["numDeleted"]) == ("PENDING", "COMPLETED", 2)
    assert {"u1", "u2"}.isdisjoint(table.column("USER_ID"))
    assert [job["dataDeletionJobArn"] for job in listed] == arns[::-1]


EXPORTED = {
    "BULK": ["i1,A,1", "i2,A,1", "i1,A,2", "i2,A,3"],
    "PUT": ["i1,B,5", "i1,C,6"],
    "ALL": ["i1,C,6", "i2,A,3"],
}


@pytest.mark.parametrize(("mode", "rows"), EXPORTED.items())
def test_exports_of_items(account: Account, mode: str, rows: list[str]) -> None:
    """An export of one part has every row of an id, equal rows once; that of both has the newest row of each id."""
    dataset = account.dataset(account.group(), "Items", ITEMS)
    account.imported(dataset, "ITEM_ID,GENRES,PRICE\ni1,A,1\ni2,A,1\ni1,A,2\ni1,A,1\n", "full")
    account.imported(dataset, "ITEM_ID,GENRES,PRICE\ni2,A,3\n", "more", mode="INCREMENTAL")
    for genre, price in (("B", 5), ("C", 6), ("C", 6)):
        properties = json.dumps({"genres": genre, "price": price})
        client("personalize-events").put_items(datasetArn=dataset, items=[{"itemId": "i1", "properties": properties}])

    assert exported(account, dataset, mode)[1:] == rows


def exported(account: Account, dataset: str, mode: str) -> list[str]:
    """The lines of an export, with its header."""
    account.emulator.put_bucket("out")
    created = account.personalize.create_dataset_export_job(
        jobName="export",
        datasetArn=dataset,
        ingestionMode=mode,
        roleArn=ROLE,
        jobOutput={"s3DataDestination": {"path": "s3://out/folder/"}},
    )
    account.settle()

    assert account.status(created["datasetExportJobArn"]) == "ACTIVE"
    body = account.s3.get_object(Bucket="out", Key="folder/export.csv")["Body"].read().decode()
    return list(body.splitlines())


@pytest.mark.parametrize(("mode", "rows"), [("BULK", 1200), ("PUT", 0), ("ALL", 1200)])
def test_exports(account: Account, mode: str, rows: int) -> None:
    """An export writes bulk rows, put rows, or both, with a header."""
    group = account.group()
    dataset = account.dataset(group)
    account.imported(dataset, interactions_csv())

    header, *written = exported(account, dataset, mode)

    assert (header, len(written)) == ("USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE", rows)
