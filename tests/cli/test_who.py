"""`drift --who`: the actor and the time of the last write of each finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.render.test_json import SCHEMAS
from tests.support.project import Project
from tests.support.proxy import Answer, Request, error, proxied
from tests.support.world import START, World

MANIFESTS = """\
kind: Project
name: shop
spec: {targets: {prod: {region: us-east-1, endpointUrl: "URL"}}}
---
kind: DatasetGroup
name: shop
spec: {}
tags: {team: web}
---
kind: DatasetGroup
name: films
spec: {}
"""
ACTOR = "arn:aws:sts::123456789012:assumed-role/console/ann"


@dataclass
class Account:
    """Two groups, applied to a served account, one of which a colleague tagged and one of which she deleted."""

    project: Project
    url: str

    def declare(self, url: str) -> None:
        """Write the manifests for an endpoint."""
        self.project.write("shop.yaml", MANIFESTS.replace("URL", url))


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The account after the changes."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    clock = SimulatedClock(START)
    emulator = Emulator(clock.now)
    with emulator.serve(port=0) as server:
        found = Account(Project(tmp_path), server.url)
        found.declare(server.url)
        World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=server.url)).apply(
            tmp_path / "manifests"
        )
        ann = colleague(server.url)
        groups = {group["name"]: group["datasetGroupArn"] for group in ann.list_dataset_groups()["datasetGroups"]}
        ann.tag_resource(resourceArn=groups["shop"], tags=[{"tagKey": "team", "tagValue": "search"}])
        ann.delete_dataset_group(datasetGroupArn=groups["films"])
        clock.sleep(3600)
        yield found


def colleague(url: str) -> Any:
    """A client of somebody who has assumed a role."""
    sts: Any = boto3.client("sts", region_name="us-east-1", endpoint_url=url)
    keys = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/console", RoleSessionName="ann")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="us-east-1")
    return session.client("personalize", endpoint_url=url)


def test_who_changed_and_who_deleted(account: Account) -> None:
    """Each finding has the ARN of the caller, the time and the operation; the document fits its schema."""
    outputs = ("--output", "text", "--output", "json=drift.json")
    result = account.project.run("drift", "--who", "--no-cache", *outputs)

    assert result.code == 2
    assert f"; TagResource by {ACTOR} at 2025-06-15 15:" in result.out
    assert f"declared, not in the account; DeleteDatasetGroup by {ACTOR} at 2025-06-15 15:" in result.out
    written = (account.project.folder / "drift.json").read_text()
    document = json.loads(written)
    jsonschema.Draft202012Validator(SCHEMAS["drift"]).validate(document)
    who = {item["address"]: item["who"] for item in document["drift"]}
    assert {address: (found["actor"], found["event"]) for address, found in who.items()} == {
        "DatasetGroup/films": (ACTOR, "DeleteDatasetGroup"),
        "DatasetGroup/shop": (ACTOR, "TagResource"),
    }
    assert who["DatasetGroup/shop"]["at"].startswith("2025-06-15T15:")
    assert "AKIA" not in written + result.out
    assert "ASIA" not in written + result.out


def test_without_the_permission_the_check_is_as_good(account: Account) -> None:
    """The findings say why the actor is unknown; the exit code and everything else are the same."""

    def refusing(request: Request, forward: Callable[[], Answer]) -> Answer:
        denied = error("AccessDeniedException", "ann is not authorized to perform: cloudtrail:LookupEvents")
        return denied if request.operation == "LookupEvents" else forward()

    with proxied(account.url, refusing) as url:
        account.declare(url)
        result = account.project.run("drift", "--who", "--no-cache")

    assert result.code == 2
    assert result.out.count("actor unknown: LookupEvents: ann is not authorized to perform: cloudtrail:Look") == 2


def test_nobody_is_asked_without_the_option(account: Account) -> None:
    """A drift check makes no call of CloudTrail unless it is asked who."""
    asked: list[str] = []

    def noted(request: Request, forward: Callable[[], Answer]) -> Answer:
        asked.append(request.operation)
        return forward()

    with proxied(account.url, noted) as url:
        account.declare(url)
        document = json.loads(account.project.run("drift", "--output", "json", "--no-cache").out)

    assert {item["who"] for item in document["drift"]} == {None}
    assert "LookupEvents" not in asked
