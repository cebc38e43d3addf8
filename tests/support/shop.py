"""The smallest complete project: one dataset group, dataset, import, solution, training, campaign and filter."""

from __future__ import annotations

from pathlib import Path

from tests.support.movies import write_data
from tests.support.world import World

MANIFESTS = """
kind: Project
name: shop
spec:
  targets:
    local: {emulator: {state: state, buckets: {shop: ../data}}}
---
kind: DatasetGroup
name: shop
spec: {}
---
kind: Schema
name: events
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
kind: Dataset
name: events
spec: {datasetGroup: shop, datasetType: Interactions, schema: events}
---
kind: DatasetImportJob
name: events
spec:
  dataset: events
  dataSource: {dataLocation: s3://shop/interactions.csv}
  roleArn: arn:aws:iam::123456789012:role/data
run: {when: [config, data]}
---
kind: Solution
name: home
spec:
  datasetGroup: shop
  recipe: aws-similar-items
  performAutoTraining: false
  solutionConfig: {algorithmHyperParameters: {popularity_discount_factor: 0.3}}
---
kind: SolutionVersion
name: home
spec: {solution: home}
run: {when: [config, data]}
---
kind: Campaign
name: home
spec: {solutionVersion: home, minProvisionedTPS: 1}
---
kind: Filter
name: bought
spec:
  datasetGroup: shop
  filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")
"""


def write_shop(folder: Path) -> Path:
    """Write the manifests in one file, and the data beside their folder. Returns the folder of the manifests."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "shop.yaml").write_text(MANIFESTS)
    write_data(folder / "data")
    return manifests


def stock_shop(world: World, folder: Path) -> Path:
    """Write the project and upload its data. Returns the folder of the manifests."""
    manifests = write_shop(folder)
    world.put_data(folder / "data", "shop")
    return manifests


def apply_shop(world: World, folder: Path) -> Path:
    """Write the project and apply it. Returns the folder of the manifests."""
    manifests = stock_shop(world, folder)
    world.apply(manifests)
    return manifests
