"""The movie service of the example with more to ask: a ranking, actions, and a recommender in a domain group."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.support.movies import interactions, write_project
from tests.support.project import Project

MORE = """
kind: Solution
name: order
spec: {datasetGroup: movielens, recipe: aws-personalized-ranking, performAutoTraining: false}
---
kind: SolutionVersion
name: order
spec: {solution: order}
---
kind: Campaign
name: order
spec: {solutionVersion: order, minProvisionedTPS: 1}
---
kind: Schema
name: offers
spec:
  schema:
    type: record
    name: Actions
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {name: ACTION_ID, type: string}
      - {name: VALUE, type: ["null", long]}
---
kind: Dataset
name: offers
spec: {datasetGroup: movielens, datasetType: Actions, schema: offers}
---
kind: DatasetImportJob
name: offers
spec: {dataset: offers, dataSource: {dataLocation: "s3://${bucket}/offers.csv"}, roleArn: "${role}"}
---
kind: Solution
name: offers
spec: {datasetGroup: movielens, recipe: aws-next-best-action, performAutoTraining: false}
---
kind: SolutionVersion
name: offers
spec: {solution: offers}
---
kind: Campaign
name: offers
spec: {solutionVersion: offers, minProvisionedTPS: 1}
---
kind: DatasetGroup
name: video
spec: {domain: VIDEO_ON_DEMAND}
---
kind: Schema
name: watched
spec:
  domain: VIDEO_ON_DEMAND
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
name: watched
spec: {datasetGroup: video, datasetType: Interactions, schema: watched}
---
kind: DatasetImportJob
name: watched
spec: {dataset: watched, dataSource: {dataLocation: "s3://${bucket}/watched.csv"}, roleArn: "${role}"}
---
kind: Recommender
name: top
spec: {datasetGroup: video, recipe: aws-vod-top-picks}
"""


def applied_cinema(folder: Path) -> Project:
    """Write the project and apply it to the embedded emulator."""
    write_project(folder)
    project, data = Project(folder), folder / "data" / "movielens"
    project.write("more.yaml", MORE)
    with (data / "watched.csv").open("w", newline="") as file:
        rows = ([user, item, "Watch", at] for user, item, _, _, at in interactions())
        csv.writer(file).writerows([["USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"], *rows])
    (data / "offers.csv").write_text("ACTION_ID,VALUE\n" + "".join(f"a{n},{n + 1}\n" for n in range(9)))
    applied = project.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    return project
