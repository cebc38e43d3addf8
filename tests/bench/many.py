"""Ten thousand resources: as manifests, as what is desired, and as the account that has them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.builders import ACCOUNT, REGION

GROUPS, IN_A_GROUP = 1_000, 10

_PROJECT = """
kind: Project
name: shops
spec:
  targets: {local: {emulator: {state: state}}}
"""
_SCHEMA_AND_GROUP = """
---
kind: Schema
name: events-NUMBER
spec:
  schema:
    type: record
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {name: USER_ID, type: string}
      - {name: ITEM_ID, type: string}
      - {name: EVENT_TYPE, type: string}
      - {name: EVENT_VALUE, type: ["null", float]}
      - {name: TIMESTAMP, type: long}
---
kind: DatasetGroup
name: shop-NUMBER
spec: {}
"""
_DATA = """
---
kind: Dataset
name: events-NUMBER
spec: {datasetGroup: shop-NUMBER, datasetType: Interactions, schema: events-NUMBER}
---
kind: DatasetImportJob
name: events-NUMBER
spec:
  dataset: events-NUMBER
  dataSource:
    dataLocation: s3://shop/interactions.csv
  roleArn: arn:aws:iam::123456789012:role/data
---
kind: EventTracker
name: events-NUMBER
spec: {datasetGroup: shop-NUMBER}
"""
_MODELS = """
---
kind: Solution
name: home-NUMBER
spec:
  datasetGroup: shop-NUMBER
  recipe: aws-similar-items
  performAutoTraining: false
  solutionConfig: {algorithmHyperParameters: {popularity_discount_factor: 0.3}}
---
kind: SolutionVersion
name: home-NUMBER
spec: {solution: home-NUMBER}
---
kind: Campaign
name: home-NUMBER
spec: {solutionVersion: home-NUMBER, minProvisionedTPS: 1}
---
kind: Filter
name: bought-NUMBER
spec:
  datasetGroup: shop-NUMBER
  filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")
---
kind: Filter
name: seen-NUMBER
spec:
  datasetGroup: shop-NUMBER
  filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "like")
"""


def write_manifests(folder: Path, groups: int = GROUPS) -> None:
    """One file for each dataset group, ten documents in each."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "project.yaml").write_text(_PROJECT)
    for number in range(groups):
        text = (_SCHEMA_AND_GROUP + _DATA + _MODELS).replace("NUMBER", str(number))
        (folder / f"shop-{number}.yaml").write_text(text)


def account_of(desired: Desired) -> Snapshot:
    """The account after everything desired was applied."""
    empty = Snapshot(ACCOUNT, REGION, taken_at=1_000_000)
    changes = {change.address: change for change in make_plan(PlanContext(desired, empty)).changes}
    arns: dict[Address, str] = {}
    lives = []
    for address in TopologicalSorter(desired.needs).static_order():
        live = _made(changes[address], desired.owner, arns)
        arns[address] = live.arn
        lives.append(live)
    return replace(empty, objects=tuple(lives))


def _made(change: Change, project: str, arns: Mapping[Address, str]) -> Live:
    """The object a change has led to."""
    assert change.document
    kind = change.document.kind
    attributes = {name: _known(value, arns) for name, value in (change.attributes or {}).items()}
    if kind.kind() == "SolutionVersion":
        arn = f"{attributes['solution']}/1a2b3c4d"
    else:
        arn = f"arn:aws:personalize:{REGION}:{ACCOUNT}:{kind.arn_tail(change.aws_name, attributes)}"
    tags = {**change.document.tags, PROJECT: project, ADDRESS: str(change.address)} if kind.taggable else {}
    return Live(kind, arn, change.aws_name, "ACTIVE", attributes, tags, created=len(arns))


def _known(value: Any, arns: Mapping[Address, str]) -> Any:
    return arns[value.address] + value.ending if isinstance(value, Unknown) else value
