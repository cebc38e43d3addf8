"""A project with at least one document of every kind, from which a test writes the part it needs."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.movies import write_data
from tests.support.world import World

PROJECT = """
kind: Project
name: every
spec:
  defaults: {replace: {Recommender: recreate, Campaign: recreate, MetricAttribution: recreate}}
  targets:
    local: {emulator: {state: state, buckets: {every: ../data}}}
"""

ROLE = "arn:aws:iam::123456789012:role/data"
FIELDS = """
      - {name: USER_ID, type: string}
      - {name: ITEM_ID, type: string}
      - {name: EVENT_TYPE, type: string}
      - {name: EVENT_VALUE, type: ["null", float]}
      - {name: TIMESTAMP, type: long}"""
AVRO = "namespace: com.amazonaws.personalize.schema, version: '1.0', type: record"

DOCUMENTS = {
    "DatasetGroup/shop": "spec: {}",
    "DatasetGroup/video": "spec: {domain: VIDEO_ON_DEMAND}",
    "Schema/events": f"""
spec:
  schema:
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: '1.0'
    type: record
    fields:{FIELDS}""",
    "Schema/video-events": f"""
spec:
  domain: VIDEO_ON_DEMAND
  schema:
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: '1.0'
    type: record
    fields:{FIELDS}""",
    "Schema/items": f"""
spec:
  schema:
    {{name: Items, {AVRO}, fields: [
      {{name: ITEM_ID, type: string}}, {{name: TITLE, type: string}},
      {{name: GENRES, type: ["null", string], categorical: true}}, {{name: YEAR, type: ["null", int]}}]}}""",
    "Schema/actions": f"""
spec:
  schema:
    {{name: Actions, {AVRO}, fields: [{{name: ACTION_ID, type: string}}, {{name: VALUE, type: ["null", long]}},
      {{name: CATEGORY, type: string, categorical: true}}]}}""",
    "Schema/taken": f"""
spec:
  schema:
    {{name: ActionInteractions, {AVRO}, fields: [{{name: USER_ID, type: string}}, {{name: ACTION_ID, type: string}},
      {{name: EVENT_TYPE, type: string}}, {{name: TIMESTAMP, type: long}}]}}""",
    "Dataset/events": "spec: {datasetGroup: shop, datasetType: Interactions, schema: events}",
    "Dataset/video-events": "spec: {datasetGroup: video, datasetType: Interactions, schema: video-events}",
    "Dataset/items": "spec: {datasetGroup: shop, datasetType: Items, schema: items}",
    "Dataset/actions": "spec: {datasetGroup: shop, datasetType: Actions, schema: actions}",
    "Dataset/taken": "spec: {datasetGroup: shop, datasetType: action_interactions, schema: taken}",
    "DatasetImportJob/events": f"""
spec: {{dataset: events, dataSource: {{dataLocation: "s3://every/interactions.csv"}}, roleArn: {ROLE}}}""",
    "DatasetImportJob/items": f"""
spec: {{dataset: items, dataSource: {{dataLocation: "s3://every/items.csv"}}, roleArn: {ROLE}}}""",
    "DatasetImportJob/video-events": f"""
spec: {{dataset: video-events, dataSource: {{dataLocation: "s3://every/watched.csv"}}, roleArn: {ROLE}}}""",
    "DataDeletionJob/leavers": f"""
spec: {{datasetGroup: shop, dataSource: {{dataLocation: "s3://every/leavers.csv"}}, roleArn: {ROLE}}}""",
    "DatasetExportJob/events": f"""
spec:
  dataset: events
  ingestionMode: ALL
  roleArn: {ROLE}
  jobOutput: {{s3DataDestination: {{path: "s3://every/export/"}}}}""",
    "EventTracker/web": "spec: {datasetGroup: shop}",
    "MetricAttribution/clicks": f"""
spec:
  datasetGroup: shop
  metrics:
    - {{eventType: watch, metricName: watched, expression: SAMPLECOUNT()}}
    - {{eventType: like, metricName: liked, expression: SAMPLECOUNT()}}
  metricsOutputConfig: {{roleArn: {ROLE}}}""",
    "Filter/fresh": """
spec: {datasetGroup: shop, filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")'}""",
    "Solution/home": """
spec:
  datasetGroup: shop
  recipe: aws-user-personalization
  performAutoTraining: false
  solutionConfig: {algorithmHyperParameters: {hidden_dimension: 100}}""",
    "SolutionVersion/home": "spec: {solution: home, trainingMode: FULL}",
    "Campaign/home": "spec: {solutionVersion: home, minProvisionedTPS: 1}",
    "Recommender/next": """
spec:
  datasetGroup: video
  recipe: aws-vod-top-picks
  recommenderConfig: {minRecommendationRequestsPerSecond: 1}
  state: running""",
    "Solution/lookalikes": """
spec: {datasetGroup: shop, recipe: aws-item-affinity, performAutoTraining: false}""",
    "SolutionVersion/lookalikes": "spec: {solution: lookalikes}",
    "BatchInferenceJob/mail": f"""
spec:
  solutionVersion: home
  numResults: 10
  roleArn: {ROLE}
  jobInput: {{s3DataSource: {{path: "s3://every/ask/people.json"}}}}
  jobOutput: {{s3DataDestination: {{path: "s3://every/answers/"}}}}""",
    "BatchSegmentJob/fans": f"""
spec:
  solutionVersion: lookalikes
  roleArn: {ROLE}
  jobInput: {{s3DataSource: {{path: "s3://every/ask/movies.json"}}}}
  jobOutput: {{s3DataDestination: {{path: "s3://every/fans/"}}}}""",
}

SHOP = ("DatasetGroup/shop", "Schema/events", "Dataset/events")
TRAINED = (*SHOP, "DatasetImportJob/events", "Solution/home", "SolutionVersion/home")
VIDEO = ("DatasetGroup/video", "Schema/video-events", "Dataset/video-events", "DatasetImportJob/video-events")

NEEDS = {
    "DatasetGroup/shop": (),
    "Schema/items": ("DatasetGroup/shop", "Dataset/items"),
    "Dataset/items": ("DatasetGroup/shop", "Schema/items"),
    "Dataset/actions": ("DatasetGroup/shop", "Schema/actions"),
    "Dataset/taken": ("DatasetGroup/shop", "Schema/taken"),
    "DatasetImportJob/events": SHOP,
    "DataDeletionJob/leavers": (*SHOP, "DatasetImportJob/events"),
    "DatasetExportJob/events": (*SHOP, "DatasetImportJob/events"),
    "EventTracker/web": SHOP,
    "MetricAttribution/clicks": SHOP,
    "Filter/fresh": SHOP,
    "Solution/home": (*SHOP, "DatasetImportJob/events"),
    "SolutionVersion/home": TRAINED[:-1],
    "Campaign/home": TRAINED,
    "Recommender/next": VIDEO,
    "BatchInferenceJob/mail": TRAINED,
    "Solution/lookalikes": (*SHOP, "DatasetImportJob/events"),
    "SolutionVersion/lookalikes": (*SHOP, "DatasetImportJob/events", "Solution/lookalikes"),
    "BatchSegmentJob/fans": (*SHOP, "DatasetImportJob/events", "Solution/lookalikes", "SolutionVersion/lookalikes"),
}
"""The resources that each resource requires."""


def write_every(folder: Path, *addresses: str) -> Path:
    """Write the manifests of resources and what they need, one file each. Returns the folder of the manifests."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "project.yaml").write_text(PROJECT)
    for needed in dict.fromkeys(needed for address in addresses for needed in (*NEEDS[address], address)):
        write_document(manifests, needed)
    write_data_of_every(folder / "data")
    return manifests


def write_document(manifests: Path, address: str) -> None:
    """Write the manifest of one resource."""
    kind, name = address.split("/")
    file_of(manifests, address).write_text(f"kind: {kind}\nname: {name}\n{DOCUMENTS[address].strip()}\n")


def stock_every(world: World, folder: Path, *addresses: str) -> Path:
    """Write resources and what they need, and upload their data. Returns the folder of the manifests."""
    manifests = write_every(folder, *addresses)
    world.put_data(folder / "data", "every")
    return manifests


def apply_every(world: World, folder: Path, *addresses: str) -> Path:
    """Write resources and what they need, and apply them. Returns the folder of the manifests."""
    manifests = stock_every(world, folder, *addresses)
    world.apply(manifests)
    return manifests


def write_data_of_every(data: Path) -> None:
    """Write the files that the documents read from S3."""
    write_data(data)
    (data / "watched.csv").write_text(re.sub(",(watch|like),", ",Watch,", (data / "interactions.csv").read_text()))
    (data / "leavers.csv").write_text("USER_ID\np1\n")
    (data / "ask").mkdir()
    (data / "ask" / "people.json").write_text('{"userId": "p2"}\n')
    (data / "ask" / "movies.json").write_text('{"itemId": "m2"}\n')


def file_of(manifests: Path, address: str) -> Path:
    """Return the file that declares a resource."""
    return manifests / f"{address.replace('/', '-')}.yaml"
