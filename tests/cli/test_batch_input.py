"""`validate --data` on the input of batch jobs: it tells what the emulator answers with an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Project

ROLE = "arn:aws:iam::123456789012:role/personalize"
MANIFESTS = f"""\
kind: Project
name: shop
spec: {{targets: {{local: {{emulator: {{buckets: {{shop: ../data}}}}}}}}}}
---
{{kind: DatasetGroup, name: g, spec: {{}}}}
---
kind: Schema
name: items
spec:
  schema:
    type: record
    name: Items
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {{name: ITEM_ID, type: string}}
      - {{name: GENRES, type: string, categorical: true}}
      - {{name: PLOT, type: string, textual: true}}
---
kind: Dataset
name: events
spec: {{datasetGroup: g, datasetType: Interactions, schema: "arn:aws:personalize:us-east-1:123456789012:schema/i"}}
---
{{kind: Dataset, name: items, spec: {{datasetGroup: g, datasetType: Items, schema: items}}}}
---
{{kind: Solution, name: s, spec: {{datasetGroup: g, recipe: RECIPE, performAutoTraining: false}}}}
---
{{kind: SolutionVersion, name: v, spec: {{solution: s}}}}
---
kind: KIND
name: ask
spec:
  solutionVersion: v
  roleArn: {ROLE}
  jobInput: {{s3DataSource: {{path: s3://shop/ask.json}}}}
  jobOutput: {{s3DataDestination: {{path: s3://shop/out/}}}}
"""
FILTER = """\
  filter: f
---
kind: Filter
name: f
spec:
  datasetGroup: g
  filterExpression: INCLUDE ItemID WHERE Items.GENRES IN ($GENRE) | EXCLUDE ItemID WHERE Items.GENRES IN ($OTHER)
"""


@pytest.mark.parametrize(
    ("recipe", "lines", "told"),
    [
        (
            "aws-item-attribute-affinity",
            '{"itemAttributes": "ITEMS.colour = \\"red\\""}\n{"itemAttributes": "ITEMS.genres = \\"War\\""}',
            "warning: the Items dataset has no column COLOUR [PG921]",
        ),
        (
            "aws-item-attribute-affinity",
            '{"itemAttributes": "ITEMS.PLOT = \\"A war\\""}',
            "warning: PLOT is a textual column; a query uses numeric or categorical columns [PG921]",
        ),
        ("aws-item-affinity", "nope", "warning: the line is not JSON: expecting value at character 1 [PG921]"),
        ("aws-item-affinity", "[" * 200_000, "warning: the line is not JSON: nested too deeply [PG921]"),
        ("aws-item-affinity", "9" * 5_000, "warning: the line is not JSON: a number is too long [PG921]"),
        (
            "aws-item-affinity",
            '{"itemId": "1"}\n' * 501,
            "the file has 501 lines: the job reads at most 500 [PG922]",
        ),
        (
            "aws-similar-items",
            '{"itemId": "1", "filterValues": {"GENRE": "\\"War\\""}}\n{"itemId": "2"}\n{"itemId": "3"}',
            "warning: filterValues lacks GENRE, which the filter needs (1 more row) [PG921]",
        ),
    ],
)
def test_lines_of_a_batch_job(tmp_path: Path, recipe: str, lines: str, told: str) -> None:
    """Columns that a query cannot use, too many lines, and parameters of INCLUDE without a value are told once."""
    project = Project(tmp_path)
    recommends = recipe == "aws-similar-items"
    kind = "BatchInferenceJob" if recommends else "BatchSegmentJob"
    manifests = MANIFESTS.replace("RECIPE", recipe).replace("KIND", kind)
    project.write("shop.yaml", manifests + (FILTER if recommends else ""))
    (project.folder / "data").mkdir()
    (project.folder / "data" / "ask.json").write_text(lines)

    found = [line for line in project.run("validate", "--data").out.splitlines() if "ask.json" in line]

    assert [line.partition("  ")[2].partition("  ")[2].strip() for line in found] == [told]
