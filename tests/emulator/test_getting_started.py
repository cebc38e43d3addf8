"""The developer guide's getting-started chapters, call by call, through `emulator serve`: AWS CLI and boto3.

The order of the calls, their operations and their options are the guide's (custom: AWS CLI and SDK for Python;
domain: SDK for Python); names, bucket and role are ours. With `--speed instant` nothing has to be waited for; the hour
until the first automatic training is let pass with `emulator advance`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .account import interactions_csv
from .served import Served, serving

FIELDS = [
    {"name": "USER_ID", "type": "string"},
    {"name": "ITEM_ID", "type": "string"},
    {"name": "TIMESTAMP", "type": "long"},
]


def schema(*fields: dict[str, str]) -> str:
    content = {
        "type": "record",
        "name": "Interactions",
        "namespace": "com.amazonaws.personalize.schema",
        "fields": fields,
        "version": "1.0",
    }
    return json.dumps(content)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("--speed", "instant") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data and the schemas that the chapters have as prerequisites."""
    (tmp_path / "ratings.csv").write_text(interactions_csv(event="Watch"))
    (tmp_path / "MovieRatingSchema.json").write_text(schema(*FIELDS))
    (tmp_path / "domain.json").write_text(schema(*FIELDS[:2], {"name": "EVENT_TYPE", "type": "string"}, FIELDS[2]))
    return tmp_path


COMMAND_LINE = """
prefix=arn:aws:personalize:us-west-2:123456789012
aws s3 mb s3://cli-ratings > /dev/null
aws s3 cp --quiet ratings.csv s3://cli-ratings/ratings.csv
aws personalize create-dataset-group --name CliGroup \\
  --kms-key-arn arn:aws:kms:us-west-2:012345678901:key/1682a1e7-a94d-4d92-bbdf-837d3b62315e \\
  --role-arn arn:aws:iam::012345678901:role/KMS-key-access
aws personalize describe-dataset-group --dataset-group-arn $prefix:dataset-group/CliGroup
aws personalize list-dataset-groups
aws personalize create-schema --name CliSchema --schema file://MovieRatingSchema.json
aws personalize create-dataset --name CliDataset --dataset-group-arn $prefix:dataset-group/CliGroup \\
  --dataset-type Interactions --schema-arn $prefix:schema/CliSchema
aws personalize create-dataset-import-job --job-name CliImport \\
  --dataset-arn $prefix:dataset/CliGroup/INTERACTIONS \\
  --data-source dataLocation=s3://cli-ratings/ratings.csv --role-arn arn:aws:iam::123456789012:role/import
aws personalize describe-dataset-import-job --dataset-import-job-arn $prefix:dataset-import-job/CliImport
aws personalize create-solution --name CliSolution --dataset-group-arn $prefix:dataset-group/CliGroup \\
  --recipe-arn arn:aws:personalize:::recipe/aws-user-personalization-v2 --perform-auto-training \\
  --solution-config "{\\"autoTrainingConfig\\": {\\"schedulingExpression\\": \\"rate(7 days)\\"}}"
aws personalize describe-solution --solution-arn $prefix:solution/CliSolution
personalize-gitops emulator advance 1h --url $AWS_ENDPOINT_URL
aws personalize list-solution-versions --solution-arn $prefix:solution/CliSolution > versions.json
version=$(python -c "import json; print(json.load(open('versions.json'))['solutionVersions'][0]['solutionVersionArn'])")
aws personalize describe-solution-version --solution-version-arn $version
aws personalize get-solution-metrics --solution-version-arn $version
aws personalize create-campaign --name CliCampaign --solution-version-arn $version --min-provisioned-tps 1
aws personalize describe-campaign --campaign-arn $prefix:campaign/CliCampaign
"""


def documents(text: str) -> Iterator[Any]:
    """The JSON documents in a text, one after the other."""
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        found, end = decoder.raw_decode(rest)
        yield found
        rest = rest[end:].lstrip()


LIVE = """
prefix=arn:aws:personalize:us-west-2:123456789012
runtime="aws personalize-runtime get-recommendations --campaign-arn $prefix:campaign/CliCampaign --user-id u1"
aws personalize create-filter --name CliFilter --dataset-group-arn $prefix:dataset-group/CliGroup \\
  --filter-expression 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")' > /dev/null
ask() { $runtime --num-results 5 --filter-arn $prefix:filter/CliFilter --query itemList[].itemId --output json; }
ask
tracking=$(aws personalize create-event-tracker --name CliTracker --dataset-group-arn $prefix:dataset-group/CliGroup \\
  --query trackingId --output text)
first=$($runtime --num-results 1 --filter-arn $prefix:filter/CliFilter --query itemList[0].itemId --output text)
cat > events.json << END
[{"sentAt": $(date +%s), "eventType": "click", "properties": "{\\"itemId\\": \\"$first\\"}"}]
END
aws personalize-events put-events --tracking-id $tracking --user-id u1 --session-id session1 \\
  --event-list file://events.json
personalize-gitops emulator advance 1h --url $AWS_ENDPOINT_URL > /dev/null
ask
"""

TEARDOWN = """
prefix=arn:aws:personalize:us-west-2:123456789012
for kind in campaign filter; do
  aws personalize delete-$kind --$kind-arn $prefix:$kind/Cli${kind^}
done
tracker=$(aws personalize list-event-trackers --dataset-group-arn $prefix:dataset-group/CliGroup \\
  --query eventTrackers[0].eventTrackerArn --output text)
aws personalize delete-event-tracker --event-tracker-arn $tracker
aws personalize delete-solution --solution-arn $prefix:solution/CliSolution
aws personalize delete-dataset --dataset-arn $prefix:dataset/CliGroup/INTERACTIONS
aws personalize delete-schema --schema-arn $prefix:schema/CliSchema
aws personalize delete-dataset-group --dataset-group-arn $prefix:dataset-group/CliGroup
aws personalize list-dataset-groups --query "length(datasetGroups[?name=='CliGroup'])"
aws s3 rb --force s3://cli-ratings > /dev/null
"""


def test_custom_with_the_aws_cli(served: Served, folder: Path) -> None:
    """The unmodified AWS CLI creates everything from a dataset group to a campaign."""
    answers = list(documents(served.shell(COMMAND_LINE, folder)))

    described = {key: value for answer in answers for key, value in answer.items() if isinstance(value, dict)}
    assert [described[key]["status"] for key in ("datasetGroup", "datasetImportJob", "solution", "campaign")] == [
        "ACTIVE"
    ] * 4
    assert described["solutionVersion"]["trainingType"] == "AUTOMATIC"
    assert described["solution"]["solutionConfig"] == {
        "algorithmHyperParameters": {"apply_recency_bias": "true"},
        "autoTrainingConfig": {"schedulingExpression": "rate(7 days)"},
        "featureTransformationParameters": {},
    }
    assert sorted(described["metrics"]) == [
        "coverage",
        "mean_reciprocal_rank_at_25",
        *(f"normalized_discounted_cumulative_gain_at_{size}" for size in (10, 25, 5)),
        *(f"precision_at_{size}" for size in (10, 25, 5)),
    ]


@pytest.mark.slow
def test_a_second_deployment_with_the_aws_cli(folder: Path) -> None:
    """The CLI asks with a filter, sends an event and tears down; then everything goes again under the same names.

    The item of the event is among the recommendations before it, and no longer among those after it.
    """
    (folder / "domain.json").replace(folder / "MovieRatingSchema.json")  # filters need the types of events
    with serving("--speed", "instant") as served:
        for _ in range(2):
            served.shell(COMMAND_LINE, folder)
            before, after = documents(served.shell(LIVE, folder))

            assert (len(before), len(after)) == (5, 5)
            assert before[0] not in after
            assert served.shell(TEARDOWN, folder).split() == ["0"]


PYTHON = """
import json, time, boto3

personalizeRt = boto3.client("personalize-runtime")
personalize = boto3.client("personalize")
s3 = boto3.client("s3")
s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
s3.upload_file("ratings.csv", BUCKET, "data/ratings.csv")
ROLE = "arn:aws:iam::123456789012:role/import"


def awaited(describe, key):
    limit = time.time() + 3 * 60 * 60
    while time.time() < limit:
        status = describe()[key]["status"]
        if status in ("ACTIVE", "CREATE FAILED"):
            return status
        time.sleep(60)


def moved_by_an_event(group, **target):  # whether the list of a new visitor is another one after an event
    def ids():
        answer = personalizeRt.get_recommendations(userId="visitor", **target)
        return [item["itemId"] for item in answer["itemList"]]

    tracker = personalize.create_event_tracker(name="py-" + group.split("/")[1], datasetGroupArn=group)
    before = ids()
    boto3.client("personalize-events").put_events(
        trackingId=tracker["trackingId"],
        userId="visitor",
        sessionId="session",
        eventList=[{"eventType": "Watch", "itemId": before[-1], "sentAt": time.time()}],
    )
    return ids() != before
"""

CUSTOM = """
recipes = [recipe["name"] for recipe in personalize.list_recipes()["recipes"]]
schema_arn = personalize.create_schema(name="py-schema", schema=open("MovieRatingSchema.json").read())["schemaArn"]
group = personalize.create_dataset_group(name="py-group")["datasetGroupArn"]
described = personalize.describe_dataset_group(datasetGroupArn=group)["datasetGroup"]
dataset = personalize.create_dataset(
    name="py-interactions", schemaArn=schema_arn, datasetGroupArn=group, datasetType="Interactions"
)["datasetArn"]
job = personalize.create_dataset_import_job(
    jobName="py-import",
    datasetArn=dataset,
    dataSource={"dataLocation": f"s3://{BUCKET}/data/ratings.csv"},
    roleArn=ROLE,
    importMode="FULL",
)["datasetImportJobArn"]
imported = awaited(lambda: personalize.describe_dataset_import_job(datasetImportJobArn=job), "datasetImportJob")
solution = personalize.create_solution(
    name="py-solution", recipeArn="arn:aws:personalize:::recipe/aws-user-personalization-v2", datasetGroupArn=group
)["solutionArn"]
version = personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
trained = awaited(lambda: personalize.describe_solution_version(solutionVersionArn=version), "solutionVersion")
campaign = personalize.create_campaign(name="py-campaign", solutionVersionArn=version)["campaignArn"]
deployed = personalize.describe_campaign(campaignArn=campaign)["campaign"]["status"]
answer = personalizeRt.get_recommendations(campaignArn=campaign, userId="u1", numResults=10)["itemList"]
moved = moved_by_an_event(group, campaignArn=campaign)
told = ["aws-user-personalization-v2" in recipes, described["name"], imported, trained, deployed, len(answer), moved]
print(json.dumps(told))
"""

DOMAIN = """
schema_arn = personalize.create_schema(
    name="domain-schema", schema=open("domain.json").read(), domain="VIDEO_ON_DEMAND"
)["schemaArn"]
group = personalize.create_dataset_group(name="domain-group", domain="VIDEO_ON_DEMAND")["datasetGroupArn"]
described = personalize.describe_dataset_group(datasetGroupArn=group)["datasetGroup"]
dataset = personalize.create_dataset(
    name="domain-interactions", schemaArn=schema_arn, datasetGroupArn=group, datasetType="INTERACTIONS"
)["datasetArn"]
job = personalize.create_dataset_import_job(
    jobName="domain-import",
    datasetArn=dataset,
    dataSource={"dataLocation": f"s3://{BUCKET}/data/ratings.csv"},
    roleArn=ROLE,
)["datasetImportJobArn"]
imported = awaited(lambda: personalize.describe_dataset_import_job(datasetImportJobArn=job), "datasetImportJob")
recommender = personalize.create_recommender(
    name="domain-top-picks", recipeArn="arn:aws:personalize:::recipe/aws-vod-top-picks", datasetGroupArn=group
)["recommenderArn"]
made = awaited(lambda: personalize.describe_recommender(recommenderArn=recommender), "recommender")
answer = personalizeRt.get_recommendations(recommenderArn=recommender, userId="u1")["itemList"]
moved = moved_by_an_event(group, recommenderArn=recommender)
print(json.dumps([described["domain"], imported, made, len(answer), moved]))
"""


@pytest.mark.parametrize(
    ("script", "bucket", "told"),
    [
        pytest.param(CUSTOM, "custom-ratings", [True, "py-group", *["ACTIVE"] * 3, 10, True], id="custom"),
        pytest.param(DOMAIN, "domain-ratings", ["VIDEO_ON_DEMAND", *["ACTIVE"] * 2, 17, True], id="domain"),
    ],
)
def test_with_boto3(served: Served, folder: Path, script: str, bucket: str, told: list[object]) -> None:
    """The steps in Python succeed, up to recommendations and an event; top picks are what a user has not watched."""
    (folder / "steps.py").write_text(f"BUCKET = '{bucket}'\n{PYTHON}{script}")

    printed = served.shell(f"{sys.executable} steps.py", folder)

    assert json.loads(printed) == told
