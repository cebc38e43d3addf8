"""The checks of campaigns, recommenders and the filters of a group: what each says, and where it is silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.agreement import Draft, Group

from .test_solutions import found

EVENTS = ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE")
SHOP = Group(None, {"Interactions": EVENTS, "Items": ("ITEM_ID", "TITLE", "GENRES", "PRICE")})
BARE = Group(None, {"Interactions": EVENTS})
VIDEO = Group("VIDEO_ON_DEMAND", {"Interactions": EVENTS})
V1, V2, SIMILAR = "aws-user-personalization", "aws-user-personalization-v2", "aws-similar-items"
EXPLORES = {"itemExplorationConfig": {"explorationWeight": "0.5"}}
METADATA = {"enableMetadataWithRecommendations": True}
IN_CONFIG = "campaignConfig."
EXPLORATION = f"{IN_CONFIG}itemExplorationConfig"


def solution(recipe: str, group: str = "g", **spec: Any) -> Draft:
    return Draft("Solution", "s", {"datasetGroup": group, "recipe": recipe, "performAutoTraining": False, **spec})


def campaign(config: dict[str, Any], **spec: Any) -> Draft:
    return Draft(
        "Campaign", "c", {"solutionVersion": {"solution": "s", "version": "latest"}, "campaignConfig": config, **spec}
    )


def job(kind: str, **spec: Any) -> Draft:
    paths = {
        "jobInput": {"s3DataSource": {"path": "s3://shop/ask/"}},
        "jobOutput": {"s3DataDestination": {"path": "s3://shop/answers/"}},
    }
    role, version = "arn:aws:iam::123456789012:role/data", {"solution": "s", "version": "latest"}
    return Draft(kind, "j", {"solutionVersion": version, "roleArn": role, **paths, **spec})


def recommender(recipe: str, config: dict[str, Any] | None = None, group: str = "g") -> Draft:
    return Draft("Recommender", "r", {"datasetGroup": group, "recipe": recipe, "recommenderConfig": config or {}})


CAMPAIGNS: list[tuple[Group, str, dict[str, Any], list[str]]] = [
    (
        SHOP,
        "aws-item-affinity",
        EXPLORES,
        ["PG501 error solutionVersion: aws-item-affinity has no real-time recommendations: use a BatchSegmentJob"],
    ),
    (SHOP, V2, EXPLORES, [f"PG502 error {EXPLORATION}: {V2} manages exploration by itself (remove it)"]),
    (SHOP, SIMILAR, EXPLORES, [f"PG502 error {EXPLORATION}: {SIMILAR} does not explore (remove it)"]),
    (
        SHOP,
        V1,
        {"itemExplorationConfig": {"explorationWait": "0.5"}},
        [
            (
                f"PG503 error {EXPLORATION}.explorationWait: exploration has no such setting "
                '(did you mean "explorationWeight"?)'
            )
        ],
    ),
    (
        SHOP,
        V1,
        {"itemExplorationConfig": {"explorationWeight": "2"}},
        [f"PG503 error {EXPLORATION}.explorationWeight: expected a number from 0 to 1, found 2"],
    ),
    (
        BARE,
        SIMILAR,
        METADATA,
        [
            (
                f"PG504 error {IN_CONFIG}enableMetadataWithRecommendations: "
                "item metadata needs an Items dataset, which the dataset group does not have"
            )
        ],
    ),
    (SHOP, SIMILAR, METADATA, []),
    (
        SHOP,
        V2,
        {"rankingInfluence": {"POPULARITY": 0.5}},
        [f"PG505 error {IN_CONFIG}rankingInfluence: {V2} does not support it (remove it)"],
    ),
]


@pytest.mark.parametrize(("group", "recipe", "config", "told"), CAMPAIGNS)
def test_campaigns(tmp_path: Path, group: Group, recipe: str, config: dict[str, Any], told: list[str]) -> None:
    """What the recipe of a campaign does not take is an error at the member, with the remedy."""
    assert found(tmp_path, *group.drafts, solution(recipe), campaign(config)) == told


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (EXPLORES, f"PG502 error {{}}itemExplorationConfig: {V2} manages exploration by itself (remove it)"),
        (
            {"rankingInfluence": {"POPULARITY": 0.5}},
            f"PG505 error {{}}rankingInfluence: {V2} does not support it (remove it)",
        ),
    ],
)
def test_batch_inference_is_configured_like_a_campaign(tmp_path: Path, config: dict[str, Any], told: str) -> None:
    """What the recipe of a batch inference job does not take is an error at the member, too."""
    asks = job("BatchInferenceJob", batchInferenceJobConfig=config)

    assert found(tmp_path, *SHOP.drafts, solution(V2), asks) == [told.format("batchInferenceJobConfig.")]


def test_a_throughput_above_the_quota(tmp_path: Path) -> None:
    """A throughput that is billed but not answered is a warning: the quota may be another one in the account."""
    assert found(tmp_path, *BARE.drafts, solution(V2), campaign({}, minProvisionedTPS=501)) == [
        "PG508 warning minProvisionedTPS: 501 requests a second are billed, and the service answers 500 by default"
    ]


RECOMMENDERS: list[tuple[Group, Draft, list[str]]] = [
    (
        VIDEO,
        recommender(V2),
        [
            (
                f"PG506 error recipe: {V2} is a recipe for solutions, not a use case for recommenders "
                "(use aws-vod-because-you-watched-x, aws-vod-more-like-x, aws-vod-most-popular, aws-vod-trending-now "
                "or aws-vod-top-picks)"
            )
        ],
    ),
    (
        BARE,
        recommender("aws-vod-top-picks"),
        [
            (
                "PG507 error datasetGroup: the dataset group has no domain: use a domain-specific dataset group for "
                "recommenders, or a solution"
            )
        ],
    ),
    (
        VIDEO,
        recommender("aws-vod-more-like-x"),
        ["PG415 error recipe: aws-vod-more-like-x trains on the dataset Items, which the dataset group does not have"],
    ),
    (
        Group("VIDEO_ON_DEMAND", {}),
        recommender("aws-vod-top-picks", METADATA),
        [
            (
                "PG415 warning recipe: aws-vod-top-picks trains on the dataset Interactions, "
                "and no dataset of the group is declared"
            ),
            (
                "PG504 warning recommenderConfig.enableMetadataWithRecommendations: item metadata needs an Items "
                "dataset, and no dataset of the group is declared"
            ),
        ],
    ),
    (
        VIDEO,
        recommender("aws-vod-top-picks", {"trainingDataConfig": {"excludedDatasetColumns": {"Items": ["PRICE"]}}}),
        [
            (
                "PG414 error recommenderConfig.trainingDataConfig.excludedDatasetColumns.Items: "
                "the dataset group has no dataset of type Items"
            )
        ],
    ),
]


@pytest.mark.parametrize(("group", "draft", "told"), RECOMMENDERS)
def test_recommenders(tmp_path: Path, group: Group, draft: Draft, told: list[str]) -> None:
    """A recipe or configuration that the service refuses, or that cannot train in the group, is told once."""
    assert found(tmp_path, *group.drafts, draft) == told


def test_what_is_not_known_is_not_told(tmp_path: Path) -> None:
    """Nothing is said of a group that is declared elsewhere, nor of a version that is given by its ARN."""
    arn = "arn:aws:personalize:us-east-1:123456789012"
    elsewhere = recommender("aws-vod-more-like-x", METADATA, f"{arn}:dataset-group/video")
    by_arn = Draft("Campaign", "c", {"solutionVersion": f"{arn}:solution/s/1", "campaignConfig": EXPLORES})

    assert found(tmp_path, elsewhere, by_arn) == []


@pytest.mark.parametrize("named_by", ["Filter", "MetricAttribution"])
def test_event_types_in_another_case(tmp_path: Path, named_by: str) -> None:
    """A use case that needs Watch is told what names watch: only the data shows which is right."""
    role = "arn:aws:iam::123456789012:role/data"
    watched = {"eventType": "watch", "metricName": "watched", "expression": "SAMPLECOUNT()"}
    spec: dict[str, Any] = {"filterExpression": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'}
    if named_by == "MetricAttribution":
        spec = {"metrics": [watched], "metricsOutputConfig": {"roleArn": role}}
    names = Draft(named_by, "n", {"datasetGroup": "g", **spec})

    lines = found(tmp_path, *VIDEO.drafts, names, recommender("aws-vod-most-popular"))

    assert [line for line in lines if line.startswith("PG509")] == [
        (
            "PG509 warning recipe: aws-vod-most-popular needs 1,000 interactions of type Watch, "
            f"but {named_by}/n names watch: check the case in the data"
        )
    ]


LIKED = 'WHERE Interactions.EVENT_TYPE IN ("like")'
CHEAPER = "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE"


@pytest.mark.parametrize(
    ("kind", "recipe", "expression", "told"),
    [
        ("BatchInferenceJob", V2, CHEAPER, f"{V2} has no CurrentItem: only related-items recipes have one"),
        ("BatchInferenceJob", V2, f"INCLUDE UserID {LIKED}", f"{V2} takes filters of ItemID, not of UserID"),
        (
            "BatchSegmentJob",
            "aws-item-affinity",
            f"INCLUDE ItemID {LIKED}",
            "aws-item-affinity takes filters of UserID, not of ItemID",
        ),
        (
            "BatchSegmentJob",
            "aws-item-attribute-affinity",
            f"INCLUDE UserID {LIKED}",
            "aws-item-attribute-affinity takes no filters that use Interactions",
        ),
        ("BatchInferenceJob", SIMILAR, CHEAPER, ""),
        ("BatchSegmentJob", "aws-item-affinity", f"INCLUDE UserID {LIKED}", ""),
    ],
)
def test_filters_of_jobs(tmp_path: Path, kind: str, recipe: str, expression: str, told: str) -> None:
    """A filter that the recipe of a job does not take is an error at the job, and a warning at the filter."""
    used = Draft("Filter", "f", {"datasetGroup": "g", "filterExpression": expression})

    lines = found(tmp_path, *SHOP.drafts, solution(recipe), used, job(kind, filter="f"))

    unused = (
        f"PG313 warning filterExpression: no solution or recommender of the dataset group can use the filter: {told}"
    )
    assert lines == ([unused, f"PG312 error filter: {told}"] if told else [])


def test_a_filter_that_one_of_several_recipes_takes(tmp_path: Path) -> None:
    """A filter is right where one recipe of its group can use it."""
    other = Draft("Solution", "o", {"datasetGroup": "g", "recipe": SIMILAR, "performAutoTraining": False})
    used = Draft("Filter", "f", {"datasetGroup": "g", "filterExpression": CHEAPER})

    assert found(tmp_path, *SHOP.drafts, solution(V2), other, used) == []
    assert found(tmp_path, *SHOP.drafts, used) == []


def test_a_misspelled_event_type(tmp_path: Path) -> None:
    """A type that nothing in the group names, but that is like one, is a warning with the likely one."""
    used = Draft(
        "Filter",
        "f",
        {
            "datasetGroup": "g",
            "filterExpression": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchse", "view")',
        },
    )

    assert found(tmp_path, *SHOP.drafts, solution(V2, eventType="purchase"), used) == [
        (
            "PG314 warning filterExpression: no solution, metric or use case of the dataset group has the event type "
            '"purchse" (did you mean "purchase"?)'
        )
    ]
