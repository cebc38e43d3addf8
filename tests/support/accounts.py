"""Accounts that nobody manages: objects of random settings, made through boto3 as people make them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.live import Live, arn_tail
from personalize_gitops.model.members import references
from personalize_gitops.model.tags import PREFIX
from tests.support.drafts import Pick
from tests.support.every import ROLE, write_data_of_every
from tests.support.world import World

PROJECT = """
kind: Project
name: imported
spec:
  targets: {local: {emulator: {state: state}}}
"""
RECIPES = "arn:aws:personalize:::recipe"
_STRING = {"type": "string"}
_COLUMNS: Mapping[str, list[dict[str, Any]]] = {
    "Interactions": [
        {"name": "USER_ID", **_STRING},
        {"name": "ITEM_ID", **_STRING},
        {"name": "EVENT_TYPE", **_STRING},
        {"name": "EVENT_VALUE", "type": ["null", "float"]},
        {"name": "TIMESTAMP", "type": "long"},
    ],
    "Items": [
        {"name": "ITEM_ID", **_STRING},
        {"name": "TITLE", **_STRING},
        {"name": "GENRES", "type": ["null", "string"], "categorical": True},
        {"name": "YEAR", "type": ["null", "int"]},
    ],
}
_TAGS: list[dict[str, str]] = [{}, {}, {"team": "discovery"}, {"cost center": "42", "note": "a: b - c", "on": "no"}]


@dataclass
class Maker:
    """Makes objects; `pick` chooses their settings."""

    world: World
    pick: Pick

    def __post_init__(self) -> None:
        self.client: Any = boto3.client("personalize", region_name="us-east-1")

    def account(self, folder: Path) -> None:
        """Make a few dataset groups with what belongs to them; their data is in the bucket `every`."""
        write_data_of_every(folder / "data")
        self.world.put_data(folder / "data", "every")
        for name in self.pick([["shop"], ["shop", "shop_2"]]):
            self._custom_group(name)
        if self.pick([True, False]):
            self._video_group()
        self.world.clock.sleep(86_400.0)

    def make(self, kind: str, **request: Any) -> str:
        """Make an object with tags of their choice, and wait until it is done."""
        if kind not in ("Schema", "MetricAttribution"):
            request["tags"] = [{"tagKey": key, "tagValue": value} for key, value in self.pick(_TAGS).items()]
        words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)
        answer = getattr(self.client, f"create{words}")(**request)
        self.world.clock.sleep(7200.0)
        return str(answer[f"{kind[0].lower()}{kind[1:]}Arn"])

    def _dataset(self, group: str, kind: str, name: str, **domain: str) -> str:
        avro = {"type": "record", "name": kind, "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
        text = json.dumps({**avro, "fields": _COLUMNS[kind]})
        schema = self.make("Schema", name=f"{name}-schema", schema=text, **domain)
        return self.make("Dataset", name=name, schemaArn=schema, datasetGroupArn=group, datasetType=kind)

    def _import(self, dataset: str, job: str, file: str, mode: str) -> None:
        data = {"dataLocation": f"s3://every/{file}.csv"}
        self.make("DatasetImportJob", jobName=job, datasetArn=dataset, dataSource=data, roleArn=ROLE, importMode=mode)

    def _custom_group(self, name: str) -> None:
        group = self.make("DatasetGroup", name=name)
        events = self._dataset(group, "Interactions", f"{name}-events")
        for number, mode in enumerate(self.pick([["FULL"], ["FULL", "FULL"], ["FULL", "INCREMENTAL"]])):
            self._import(events, f"{name}-job-{number}", "interactions", mode)
        if self.pick([True, False]):
            self._import(self._dataset(group, "Items", f"{name}-items"), f"{name}-items-2024", "items", "FULL")
        for number in range(self.pick([0, 1, 2])):
            value = self.pick(["like", "watch"])
            expression = f'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("{value}")'
            self.make("Filter", name=f"{name}-{number}", datasetGroupArn=group, filterExpression=expression)
        if self.pick([True, False]):
            self.make("EventTracker", name=f"{name}-web", datasetGroupArn=group)
        if self.pick([True, False]):
            metric = {"eventType": "watch", "metricName": "watched", "expression": "SAMPLECOUNT()"}
            config = {"roleArn": ROLE}
            self.make(
                "MetricAttribution",
                name=f"{name}-clicks",
                datasetGroupArn=group,
                metrics=[metric],
                metricsOutputConfig=config,
            )
        for number in range(self.pick([1, 2])):
            self._solution(group, f"{name}-home-{number}")

    def _solution(self, group: str, name: str) -> None:
        recipe, parameters = self.pick(
            [
                ("aws-similar-items", {}),
                ("aws-similar-items", {"popularity_discount_factor": "0.3"}),
                ("aws-user-personalization", {"hidden_dimension": "100", "recency_mask": "true"}),
                ("aws-user-personalization-v2", {}),
            ]
        )
        config: dict[str, Any] = {"algorithmHyperParameters": parameters} if parameters else {}
        if recipe.endswith("-v2") and self.pick([True, False]):
            config["eventsConfig"] = {"eventParametersList": [{"eventType": "watch", "weight": 0.5}]}
        automatic = self.pick([True, False, False])
        if automatic and self.pick([True, False]):
            config["autoTrainingConfig"] = {"schedulingExpression": "rate(3 days)"}
        arn = self.make(
            "Solution",
            name=name,
            datasetGroupArn=group,
            recipeArn=f"{RECIPES}/{recipe}",
            performAutoTraining=automatic,
            **({"solutionConfig": config} if config else {}),
        )
        names = self.pick([[f"{name}-v1"], [""], [f"{name}-v1", ""]])
        versions = [
            self.make("SolutionVersion", solutionArn=arn, **({"name": version} if version else {})) for version in names
        ]
        newest = self.client.describe_solution_version(solutionVersionArn=versions[-1])["solutionVersion"]
        if newest["status"] == "CREATE FAILED":  # too few events of the type
            return
        config = self.pick(
            [{}, {"itemExplorationConfig": {"explorationWeight": "0.5"}}]
            if recipe == "aws-user-personalization"
            else [{}]
        )
        follows = self.pick([True, False])
        version = f"{arn}/$LATEST" if follows else versions[-1]
        config = {**config, "syncWithLatestSolutionVersion": True} if follows else config
        tps = self.pick([1, 3])
        self.make("Campaign", name=name, solutionVersionArn=version, minProvisionedTPS=tps, campaignConfig=config)

    def _video_group(self) -> None:
        domain = {"domain": "VIDEO_ON_DEMAND"}
        group = self.make("DatasetGroup", name="video", **domain)
        self._import(self._dataset(group, "Interactions", "video-events", **domain), "video-job", "watched", "FULL")
        config = self.pick([{}, {"recommenderConfig": {"minRecommendationRequestsPerSecond": 2}}])
        recommender = self.make(
            "Recommender", name="next", datasetGroupArn=group, recipeArn=f"{RECIPES}/aws-vod-top-picks", **config
        )
        if self.pick([True, False]):
            self.client.stop_recommender(recommenderArn=recommender)


def settings(world: World, manifests: Path) -> dict[str, Any]:
    """Return the settings and the tags of every object that stays, by kind and name.

    ARNs come without generated ids, and what an answer omits has its default.
    """
    objects = world.session(manifests).observe(whole=True).objects
    return {
        f"{live.kind.kind_name()}/{live.name}": (_settings(live), _tags(live))
        for live in objects
        if not live.kind.is_run
    }


def _settings(live: Live) -> dict[str, Any]:
    named = {member.alias for member in references(live.kind)}
    return {
        member: _without_version(arn_tail(value)) if member in named else value
        for member, value in comparable(live.kind, with_defaults(live.kind, live.attributes)).items()
    }


def _without_version(tail: str) -> str:
    return "/".join(tail.split("/")[:2]) if tail.startswith("solution/") else tail


def _tags(live: Live) -> dict[str, str]:
    return {key: value for key, value in live.tags.items() if not key.startswith(PREFIX)}
