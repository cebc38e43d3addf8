"""A day's work: 200 resources with 60 trainings, in five dataset groups."""

from __future__ import annotations

from pathlib import Path

from tests.support.movies import write_data

GROUPS, SOLUTIONS, CAMPAIGNS, FILTERS = 5, 12, 5, 6  # the last three in each group

_PROJECT = """
kind: Project
name: day
spec:
  targets:
    local: {emulator: {state: state, buckets: {day: ../data}}}
"""
_DATA = """
---
kind: DatasetGroup
name: GROUP
spec: {}
---
kind: Schema
name: GROUP
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
      - {name: TIMESTAMP, type: long}
---
kind: Dataset
name: GROUP
spec: {datasetGroup: GROUP, datasetType: Interactions, schema: GROUP}
---
kind: DatasetImportJob
name: GROUP
spec:
  dataset: GROUP
  dataSource: {dataLocation: s3://day/interactions.csv}
  roleArn: arn:aws:iam::123456789012:role/data
---
kind: EventTracker
name: GROUP
spec: {datasetGroup: GROUP}
"""
_SOLUTION = """
---
kind: Solution
name: NAME
spec: {datasetGroup: GROUP, recipe: aws-similar-items, performAutoTraining: false}
---
kind: SolutionVersion
name: NAME
spec: {solution: NAME}
"""
_CAMPAIGN = """
---
kind: Campaign
name: NAME
spec: {solutionVersion: NAME, minProvisionedTPS: 1}
"""
_FILTER = """
---
kind: Filter
name: NAME
spec:
  datasetGroup: GROUP
  filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("NAME")
"""


def write_day(folder: Path) -> Path:
    """Write the manifests, one file a group, and the data beside their folder. Returns the folder of the manifests."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "project.yaml").write_text(_PROJECT)
    for number in range(GROUPS):
        group = f"g{number}"
        parts = [_DATA]
        for kind, count in ((_SOLUTION, SOLUTIONS), (_CAMPAIGN, CAMPAIGNS), (_FILTER, FILTERS)):
            parts += [kind.replace("NAME", f"{group}-{of:02}") for of in range(count)]
        (manifests / f"{group}.yaml").write_text("".join(parts).replace("GROUP", group))
    write_data(folder / "data")
    return manifests
