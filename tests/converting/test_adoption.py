"""Convert, then prove it with a plan: what the other system has created is adopted, and nothing changes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import boto3

from personalize_gitops.converting import convert
from personalize_gitops.manifest.new_files import write_documents
from personalize_gitops.model.action import Action
from personalize_gitops.model.conversion import Given, Parsed, SourceFormat
from tests.converting.inputs import EVENTS, MPE, ROLE
from tests.support.movies import interactions
from tests.support.world import World, actions

KEPT = ("datasetGroup", "eventTracker")
SOLUTION = {
    "serviceConfig": {"name": "similar", "recipeArn": "arn:aws:personalize:::recipe/aws-sims"},
    "campaigns": [{"serviceConfig": {"name": "similar", "minProvisionedTPS": 1}}],
}
CONFIG: dict[str, Any] = {
    **{key: MPE[key] for key in KEPT},
    "datasets": {"interactions": MPE["datasets"]["interactions"]},
    "filters": [
        {
            "serviceConfig": {
                "name": "seen",
                "filterExpression": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
            }
        }
    ],
    "solutions": [SOLUTION],
}
TAGS = [{"tagKey": "team", "tagValue": "discovery"}]
PLACE = "s3://bucket/train/films/interactions.csv"


def put_rows(world: World, folder: Path) -> None:
    """Upload the rows to the place of the convention."""
    path = folder / "data" / "train" / "films" / "interactions.csv"
    path.parent.mkdir(parents=True)
    rows = ((user, item, kind, time) for user, item, kind, _, time in interactions())
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"), *rows])
    world.put_data(folder / "data", "bucket")


def created_by_the_system(world: World) -> None:
    """Create what the system creates from the config, with its names of jobs."""
    api = boto3.client("personalize", region_name="us-east-1")
    group = api.create_dataset_group(name="films", tags=TAGS)["datasetGroupArn"]
    world.clock.sleep(600)
    schema = api.create_schema(name="events-schema", schema=json.dumps(EVENTS))["schemaArn"]
    of_group = {"datasetGroupArn": group}
    dataset = api.create_dataset(name="events", schemaArn=schema, datasetType="Interactions", tags=TAGS, **of_group)
    world.clock.sleep(600)
    api.create_event_tracker(name="web", tags=TAGS, **of_group)
    source = {"dataLocation": PLACE}
    job = {"jobName": "dataset_import_interactions_20260101", "roleArn": ROLE, "dataSource": source}
    api.create_dataset_import_job(datasetArn=dataset["datasetArn"], importMode="FULL", **job)
    world.clock.sleep(1800)
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
    api.create_filter(name="seen", filterExpression=expression, **of_group)
    solution = api.create_solution(name="similar", recipeArn="arn:aws:personalize:::recipe/aws-sims", **of_group)
    world.clock.sleep(60)
    version = api.create_solution_version(solutionArn=solution["solutionArn"], trainingMode="FULL")
    world.clock.sleep(7200)
    api.create_campaign(name="similar", solutionVersionArn=version["solutionVersionArn"], minProvisionedTPS=1)
    world.clock.sleep(3600)


def test_what_the_solution_of_aws_created_is_adopted(world: World, tmp_path: Path) -> None:
    """From an account of the system and its config, the plan only adopts, imports and trainings included."""
    put_rows(world, tmp_path)
    created_by_the_system(world)
    made = convert(SourceFormat.MPE, (Parsed("config.json", "config", CONFIG),), Given(ROLE, "bucket"))
    write_documents(tmp_path / "manifests", made.drafts)

    plan = world.plan(tmp_path / "manifests", adopt=True)

    assert {address: action for address, action in actions(plan).items() if action is not Action.ADOPT} == {}
    assert len(actions(plan)) == 8  # everything but the schema, which has no tags
