"""Recommenders, which need a domain group, and metric attributions."""

from typing import Any

import pytest

from .account import ROLE, Account, client, interactions_csv
from .refusals import refusal

VIDEO = "VIDEO_ON_DEMAND"
TOP_PICKS = "arn:aws:personalize:::recipe/aws-vod-top-picks"
MOST_POPULAR = "arn:aws:personalize:::recipe/aws-vod-most-popular"
COUNT = {"eventType": "watch", "metricName": "watched", "expression": "SAMPLECOUNT()"}


def video_group(account: Account, event: str = "Watch") -> str:
    group = account.group("videos", domain=VIDEO)
    account.imported(account.dataset(group, domain=VIDEO), interactions_csv(event=event), "videos")
    return group


def recommender(account: Account, group: str, recipe: str = TOP_PICKS, **more: Any) -> str:
    created = account.personalize.create_recommender(name="r", datasetGroupArn=group, recipeArn=recipe, **more)
    account.train()
    return str(created["recommenderArn"])


def shown(account: Account, arn: str) -> dict[str, Any]:
    return dict(account.personalize.describe_recommender(recommenderArn=arn)["recommender"])


def test_recommenders(account: Account) -> None:
    """An unset configuration is shown as empty, and metrics are shown when it is ACTIVE (docs/service/2 §3.7)."""
    found = shown(account, recommender(account, video_group(account)))

    assert (found["status"], found["recommenderConfig"]) == ("ACTIVE", {})
    assert "coverage" in found["modelMetrics"]


def test_use_cases_need_their_events(account: Account) -> None:
    """A use case without enough events of its type fails, and the failure names those that the data has."""
    found = shown(account, recommender(account, video_group(account, "watch"), MOST_POPULAR))

    assert found["status"] == "CREATE FAILED"
    assert found["failureReason"] == (  # docs/service/2 §7.5
        "Dataset has fewer than 1000 interactions after filtering by event type: Watch; the data has watch"
    )


def test_updates_of_recommenders(account: Account) -> None:
    """The old configuration stays until the update is done; an equal one is refused (docs/service/4 §9)."""
    arn = recommender(account, video_group(account))
    wanted = {"minRecommendationRequestsPerSecond": 2}

    account.personalize.update_recommender(recommenderArn=arn, recommenderConfig=wanted)
    during = shown(account, arn)
    account.settle()
    after = shown(account, arn)
    again = refusal(account.personalize.update_recommender, recommenderArn=arn, recommenderConfig=wanted)

    assert again[0] == "InvalidInput"
    assert (during["status"], during["recommenderConfig"]) == ("ACTIVE", {})
    assert during["latestRecommenderUpdate"]["status"] == "CREATE PENDING"
    assert after["recommenderConfig"] == wanted
    assert shown(account, arn) == after


def test_where_recommenders_belong(account: Account) -> None:
    """A custom group cannot have recommenders, and a domain group only those of its domain."""
    create = account.personalize.create_recommender
    custom, video = account.group(), account.group("videos", domain=VIDEO)
    other = "arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you"

    found = [
        refusal(create, name="r", datasetGroupArn=custom, recipeArn=TOP_PICKS),
        refusal(create, name="r", datasetGroupArn=video, recipeArn=other),
    ]

    assert [code for code, _ in found] == ["InvalidInput", "InvalidInput"]
    assert "use a domain-specific dataset group" in found[0][1]


def test_a_recommender_holds_its_group(account: Account) -> None:
    """A group with a recommender cannot be deleted; a stopped recommender can (docs/service/4 §4.3)."""
    group = video_group(account)
    arn = recommender(account, group)
    blocked = refusal(account.personalize.delete_dataset_group, datasetGroupArn=group)
    account.personalize.stop_recommender(recommenderArn=arn)
    account.settle()

    account.personalize.delete_recommender(recommenderArn=arn)
    account.settle()

    assert (blocked[0], arn in blocked[1]) == ("ResourceInUse", True)
    assert account.personalize.list_recommenders()["recommenders"] == []


def attribution(account: Account) -> str:
    group = account.group()
    account.dataset(group)
    created = account.personalize.create_metric_attribution(
        name="m", datasetGroupArn=group, metrics=[COUNT], metricsOutputConfig={"roleArn": ROLE}
    )
    account.settle()
    return str(created["metricAttributionArn"])


def test_metrics_of_attributions(account: Account) -> None:
    """An update removes metrics by name before it adds others; they have a list of their own (docs/service/3 §5.3)."""
    arn = attribution(account)
    other = {**COUNT, "metricName": "other"}

    account.personalize.update_metric_attribution(
        metricAttributionArn=arn, addMetrics=[other, {**COUNT, "eventType": "buy"}], removeMetrics=["watched"]
    )
    account.settle()

    page = account.personalize.list_metric_attribution_metrics(metricAttributionArn=arn, maxResults=1)
    rest = account.personalize.list_metric_attribution_metrics(metricAttributionArn=arn, nextToken=page["nextToken"])
    described = account.personalize.describe_metric_attribution(metricAttributionArn=arn)["metricAttribution"]
    assert page["metrics"] + rest["metrics"] == [other, {**COUNT, "eventType": "buy"}]
    assert (described["status"], "metrics" in described) == ("ACTIVE", False)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"addMetrics": [COUNT]}, "ResourceAlreadyExists"),
        ({"removeMetrics": ["none"]}, "ResourceNotFound"),
        ({"addMetrics": [{**COUNT, "metricName": "x", "expression": "SUM(Items.PRICE)"}]}, "InvalidInput"),
        ({"addMetrics": [{**COUNT, "metricName": "x", "expression": "MEAN(1)"}]}, "InvalidInput"),
    ],
)
def test_refused_metrics(account: Account, request_: dict[str, Any], code: str) -> None:
    """A metric with a name in use, an unknown name to remove, and an invalid expression are refused."""
    update = account.personalize.update_metric_attribution

    assert refusal(update, metricAttributionArn=attribution(account), **request_)[0] == code


def test_a_week_without_data(account: Account) -> None:
    """A recommender whose dataset was deleted keeps its model at the weekly training, and answers."""
    group = video_group(account)
    arn = recommender(account, group)
    (dataset,) = account.personalize.list_datasets(datasetGroupArn=group)["datasets"]
    account.personalize.delete_dataset(datasetArn=dataset["datasetArn"])
    account.clock.pass_time(days=8)

    assert shown(account, arn)["status"] == "ACTIVE"
    assert client("personalize-runtime").get_recommendations(recommenderArn=arn, userId="u1")["itemList"]
