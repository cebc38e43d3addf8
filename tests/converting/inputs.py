"""Inputs of each format with every key that docs/service/5 lists."""

from __future__ import annotations

import json
from typing import Any

HEAD = {"type": "record", "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
EVENTS = {
    **HEAD,
    "name": "Interactions",
    "fields": [
        {"name": "USER_ID", "type": "string"},
        {"name": "ITEM_ID", "type": "string"},
        {"name": "EVENT_TYPE", "type": "string"},
        {"name": "TIMESTAMP", "type": "long"},
    ],
}
ITEMS = {
    **HEAD,
    "name": "Items",
    "fields": [{"name": "ITEM_ID", "type": "string"}, {"name": "GENRES", "type": "string", "categorical": True}],
}
USERS = {
    **HEAD,
    "name": "Users",
    "fields": [{"name": "USER_ID", "type": "string"}, {"name": "AGE", "type": "int"}],
}
TAGS = [{"tagKey": "team", "tagValue": "discovery"}]
ROLE = "arn:aws:iam::123456789012:role/data"
RECIPE = "arn:aws:personalize:::recipe/"
WEEKLY, MONTHLY = "cron(0 1 ? * SUN *)", "cron(0 1 1 * ? *)"


def _dataset(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "dataset": {"serviceConfig": {"name": name, "tags": TAGS}},
        "schema": {"serviceConfig": {"name": f"{name}-schema", "schema": schema}},
    }


MPE: dict[str, Any] = {
    "tags": [{"tagKey": "cost", "tagValue": "42"}],
    "datasetGroup": {
        "serviceConfig": {"name": "films", "tags": TAGS},
        "workflowConfig": {"schedules": {"import": WEEKLY}, "maxAge": "365 days"},
    },
    "datasets": {
        "serviceConfig": {"importMode": "FULL", "publishAttributionMetricsToS3": True, "tags": TAGS},
        "interactions": _dataset("events", EVENTS),
        "items": _dataset("items", ITEMS),
        "users": _dataset("users", USERS),
    },
    "eventTracker": {"serviceConfig": {"name": "web", "tags": TAGS}},
    "filters": [
        {"serviceConfig": {"name": "drama", "filterExpression": 'INCLUDE ItemID WHERE Items.GENRES IN ("Drama")'}}
    ],
    "solutions": [
        {
            "serviceConfig": {
                "name": "for-you",
                "recipeArn": f"{RECIPE}aws-user-personalization",
                "performHPO": False,
                "eventType": "watch",
                "solutionConfig": {"algorithmHyperParameters": {"hidden_dimension": "64"}},
                "tags": TAGS,
                "solutionVersion": {"trainingMode": "FULL", "tags": TAGS},
            },
            "workflowConfig": {"schedules": {"full": WEEKLY, "update": "cron(0 2 * * ? *)", "maxAge": "7 days"}},
            "campaigns": [
                {
                    "serviceConfig": {
                        "name": "for-you",
                        "minProvisionedTPS": 1,
                        "campaignConfig": {"itemExplorationConfig": {"explorationWeight": "0.3"}},
                        "tags": TAGS,
                    }
                }
            ],
            "batchInferenceJobs": [
                {
                    "serviceConfig": {
                        "filterArn": "arn:aws:personalize:us-east-1:123456789012:filter/drama",
                        "numResults": 10,
                        "batchInferenceJobConfig": {"itemExplorationConfig": {"explorationWeight": "0.3"}},
                        "tags": TAGS,
                    },
                    "workflowConfig": {"schedule": "cron(0 */6 * * ? *)", "maxAge": "1 day"},
                }
            ],
        },
        {
            "serviceConfig": {"name": "fans", "recipeArn": f"{RECIPE}aws-item-affinity"},
            "batchSegmentJobs": [
                {
                    "serviceConfig": {"numResults": 10, "tags": TAGS},
                    "workflowConfig": {"schedule": MONTHLY, "maxAge": "2 months"},
                }
            ],
        },
    ],
}

MPE_DOMAIN: dict[str, Any] = {
    "datasetGroup": {"serviceConfig": {"name": "video", "domain": "VIDEO_ON_DEMAND"}},
    "datasets": {
        "interactions": {
            "dataset": {"serviceConfig": {"name": "watched"}},
            "schema": {"serviceConfig": {"name": "watched", "domain": "VIDEO_ON_DEMAND", "schema": EVENTS}},
        }
    },
    "recommenders": [
        {
            "serviceConfig": {
                "name": "picks",
                "recipeArn": f"{RECIPE}aws-vod-top-picks",
                "recommenderConfig": {"minRecommendationRequestsPerSecond": 1},
                "tags": TAGS,
            }
        }
    ],
}


def _cdkp_dataset(type_: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": type_,
        "schema": {"serviceConfig": {"name": name, "schema": schema}, "schemaVersion": "v1"},
        "dataset": {"serviceConfig": {"name": name, "tags": TAGS}},
        "datasetImportJob": {
            "serviceConfig": {
                "dataSource": {"dataLocation": f"s3://films/{name}.csv"},
                "roleArn": ROLE,
                "importMode": "FULL",
                "jobName": f"{name}-first",
                "tags": TAGS,
            },
            "createNewJob": True,
        },
    }


def _cdkp_job(name: str, switch: str) -> dict[str, Any]:
    places = {
        "jobInput": {"s3DataSource": {"path": f"s3://films/{name}/in/"}},
        "jobOutput": {"s3DataDestination": {"path": f"s3://films/{name}/out/"}},
    }
    return {switch: True, "serviceConfig": {"jobName": name, "roleArn": ROLE, **places}}


CDKP: dict[str, Any] = {
    "datasetGroup": {
        "serviceConfig": {"name": "films", "tags": TAGS},
        "datasets": [_cdkp_dataset("INTERACTIONS", "events", EVENTS), _cdkp_dataset("ITEMS", "items", ITEMS)],
    },
    "filters": [{"serviceConfig": {"name": "drama", "filterExpression": 'EXCLUDE ItemID WHERE Items.GENRES IN ("x")'}}],
    "eventTracker": {"serviceConfig": {"name": "web", "tags": TAGS}},
    "solutions": [
        {
            "serviceConfig": {
                "name": "ranked",
                "recipeArn": f"{RECIPE}aws-hrnn-metadata",
                "performAutoML": False,
                "solutionConfig": {"algorithmHyperParameters": {"bptt": "8"}},
            },
            "solutionVersion": {"createNewSolutionVersion": True, "serviceConfig": {"trainingMode": "FULL"}},
            "campaigns": [
                {"createCampaign": True, "solutionversion": "", "serviceConfig": {"name": "c", "minProvisionedTPS": 1}}
            ],
            "batchInferenceJobs": [_cdkp_job("mail", "createBatchInferenceJob")],
        },
        {
            "serviceConfig": {"name": "fans", "recipeArn": f"{RECIPE}aws-item-affinity", "performAutoTraining": False},
            "solutionVersion": {"createNewSolutionVersion": True, "serviceConfig": {"trainingMode": "FULL"}},
            "batchSegmentJobs": [_cdkp_job("fans", "createBatchSegmentJob")],
        },
    ],
    "recommenders": [
        {"createRecommender": True, "serviceConfig": {"name": "top", "recipeArn": f"{RECIPE}aws-vod-top-picks"}}
    ],
}

ML_OPS: dict[str, Any] = {
    "datasetGroup": {"name": "films"},
    "datasets": {
        "Interactions": {"name": "events", "schema": EVENTS},
        "Items": {"name": "items", "schema": ITEMS},
        "Users": {"name": "users", "schema": USERS},
    },
    "solutions": {
        "userPersonalization": {"name": "for-you", "recipeArn": f"{RECIPE}aws-user-personalization"},
        "sims": {"name": "similar", "recipeArn": f"{RECIPE}aws-sims"},
        "personalizedRanking": {"name": "ranked", "recipeArn": f"{RECIPE}aws-personalized-ranking"},
    },
    "campaigns": {
        "userPersonalizationCampaign": {"name": "for-you", "minProvisionedTPS": 1},
        "simsCampaign": {"name": "similar", "minProvisionedTPS": 2},
        "personalizedRankingCampaign": {"name": "ranked", "minProvisionedTPS": 1},
    },
    "eventTracker": {"name": "web"},
    "filters": [{"name": "drama", "filterExpression": 'INCLUDE ItemID WHERE Items.GENRES IN ("Drama")'}],
}

PARAMETERS = {
    "perform_hpo": "",
    "solution_config": {
        "algorithmHyperParameters": {
            "min_cointeraction_count": "0",
            "popularity_discount_factor": "0.43490596145165816",
        }
    },
}
"""The settings that the documentation of the pipeline API prints for each route."""

CSV = "s3://dongkyl-test/xyz.csv"
INTERACTIONS = {"bucket": CSV, "schema_arn": "arn:aws:personalize:.... /test-event-schema"}
SIDES = {
    "item_bucket": "s3://dongkyl-test/items.csv",
    "item_schema_arn": "arn:aws:personalize:..../item-schema",
    "user_bucket": "s3://dongkyl-test/users.csv",
    "user_schema_arn": "arn:aws:personalize:..../user-schema",
}
PRINTED_USERS = {
    **HEAD,
    "name": "Users",
    "fields": [
        {"name": "USER_ID", "type": "string"},
        {"name": "AGE", "type": "int"},
        {"name": "GENDER", "type": "string", "category": True},
    ],
}

PIPELINE_API: dict[str, dict[str, Any]] = {
    "cleanup.json": {"name": "hmn-movielens"},
    "user-personalization.json": {"name": "movielens", **INTERACTIONS, **PARAMETERS},
    "sims.json": {"name": "movielens", **INTERACTIONS, **PARAMETERS},
    "ranking.json": {"name": "movielens", **INTERACTIONS, **PARAMETERS},
    "hrnn-metadata.json": {"name": "movielens", **INTERACTIONS, **SIDES, **PARAMETERS},
    "metadata-dataset.json": {"name": "movielens", **SIDES, **PARAMETERS},
    "interactions-dataset.json": {
        "name": "movielens",
        **INTERACTIONS,
        "recipe_arn": "arn:aws:personalize:::recipe/aws-sims",
        **PARAMETERS,
    },
    "train-recipe.json": {"name": "movielens", "recipe_arn": "arn:aws:personalize:::recipe/aws-sims", **PARAMETERS},
    "batch-inference.json": {
        "name": "movielens",
        "solution_version_arn": "arn:aws:personalize:ap-northeast-2:776556808198:solution/metadata-hpo/5c699484",
        "input_path": "s3://dongkyl.personalize.batch/input.json",
        "output_path": "s3://dongkyl.personalize.batch/output/",
    },
    "tracking.json": {"name": "hrnn-movielens"},
    "metrics.json": {"name": "hrnn-movielens"},
    "campaigns.json": {},
    "recommend-sims.json": {"campaign_arn": "arn:aws:personalize:...", "item_id": "242", "num_results": 25},
    "recommend-hrnn.json": {"campaign_arn": "arn:aws:personalize:...", "user_id": "dongkyl", "num_results": 25},
    "recommend-ranking.json": {"campaign_arn": "arn:aws:personalize:...", "user_id": "dongkyl", "item_list": "22,34"},
    "schema.json": {"name": "my-schema", "schema": json.dumps(PRINTED_USERS)},
    "put-events.json": {
        "tracking_id": "movielens",
        "session_id": "s-1",
        "event_type": "Click",
        "user_id": "dongkyl",
        "item_id": "242",
    },
}
"""The bodies that the documentation of the pipeline API prints, one for each route."""

PROJECT_CONFIG: dict[str, Any] = {
    "STACK_NAME": "personalize-api",
    "REGION": "us-west-2",
    "RESOURCE_TAGS": {"APLICACION": "personalize-api", "AMBIENTE": "dev", "GROUP": "poc-madness"},
    "USE_ACCOUNT_PERSONALIZE_RESOURCES": True,
}
"""The example that the documentation of the REST API prints."""
