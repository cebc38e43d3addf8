"""`convert`: manifests from the configuration of other systems, valid and ready to apply."""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.manifest import load
from personalize_gitops.model.address import Address
from tests.converting.inputs import (
    CDKP,
    EVENTS,
    ITEMS,
    ML_OPS,
    MPE,
    MPE_DOMAIN,
    PIPELINE_API,
    PROJECT_CONFIG,
    ROLE,
)
from tests.converting.test_documents import STATE, TEMPLATE
from tests.support.movies import interactions
from tests.support.project import Project

SCHEMA = json.loads(files("personalize_gitops").joinpath("schemas/conversion.json").read_text())
GROUP = {"datasetGroup": {"serviceConfig": {"name": "g"}}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty folder."""
    return Project(tmp_path)


def given(project: Project, **contents: Any) -> list[str]:
    """Write files of input, and return their names."""
    for name, content in contents.items():
        (project.folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return [*contents]


def events(project: Project) -> None:
    """Write the rows of users, items and events that the printed examples name."""
    folder = project.folder / "data" / "dongkyl-test"
    folder.mkdir(parents=True)
    rows = [(user, item, kind, time) for user, item, kind, _, time in interactions()]
    users = [(user, 30, "F") for user in sorted({row[0] for row in rows})]
    items = [(item, "Drama") for item in sorted({row[1] for row in rows})]
    for name, header, lines in (
        ("xyz.csv", ("USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"), rows),
        ("items.csv", ("ITEM_ID", "GENRES"), items),
        ("users.csv", ("USER_ID", "AGE", "GENDER"), users),
    ):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([header, *lines])
    asked = project.folder / "data" / "dongkyl.personalize.batch"
    asked.mkdir()
    (asked / "input.json").write_text('{"userId": "p1"}\n')


DECLARED = {
    "test-event-schema": EVENTS,
    "item-schema": ITEMS,
    "user-schema": json.loads(PIPELINE_API["schema.json"]["schema"]),
}
"""The schemas that the printed bodies refer to and none of them creates."""

CALLS = [  # a dataset group holds five campaigns, and the calls make seven
    ("user-personalization", "sims", "ranking", "hrnn-metadata", "batch-inference", "schema", "cleanup"),
    ("metadata-dataset", "interactions-dataset", "train-recipe", "put-events", "metrics"),
]
BARE = '{"type": "record", "name": "Interactions", "fields": []}'
PINNED = PIPELINE_API["batch-inference.json"]["solution_version_arn"]


@pytest.mark.parametrize("calls", CALLS, ids=["pipelines", "additions"])
def test_the_printed_examples_of_the_pipeline_api_are_applied(project: Project, calls: tuple[str, ...]) -> None:
    """With their schemas declared and the version chosen, what was converted is applied, and the next plan is empty."""
    events(project)
    bodies = {f"{call}.json": PIPELINE_API[f"{call}.json"] for call in calls}
    bodies |= {f"schema.{name}.json": {"name": name, "schema": json.dumps(avro)} for name, avro in DECLARED.items()}

    converted = project.run("convert", "pipeline-api", *given(project, **bodies))
    text = (project.manifests / "movielens.yaml").read_text()
    project.write("movielens.yaml", text.replace(PINNED, "{solution: movielens-hrnn-metadata, version: latest}"))
    applied = project.run("apply", "--auto-approve")

    assert converted.code == 2, converted.err
    assert applied.code == 0, applied.err
    assert project.run("plan").out.startswith("No changes. ")


def test_the_printed_example_of_the_rest_api_is_applied(project: Project) -> None:
    """Its project has nothing to apply until the resources are imported: the plan is empty."""
    converted = project.run("convert", "project-config", *given(project, **{"project_config.json": PROJECT_CONFIG}))

    assert converted.code == 2
    assert "USE_ACCOUNT_PERSONALIZE_RESOURCES: the system takes every resource" in converted.out
    assert project.run("apply", "--auto-approve").code == 0
    assert project.run("plan").out.startswith("No changes.")


@pytest.mark.parametrize(
    ("format_", "name", "content", "warnings"),
    [
        ("mpe", "config.json", MPE, {"PG603"}),  # an open decision
        ("mpe", "video.json", MPE_DOMAIN, set()),
        ("ml-ops", "params.json", ML_OPS, set()),
        ("cloudformation", "template.yaml", TEMPLATE.replace(BARE, json.dumps(EVENTS)), set()),
        ("cdkp", "input.json", {**CDKP, "recommenders": []}, set()),
    ],
)
def test_what_was_converted_is_valid(
    project: Project, format_: str, name: str, content: Any, warnings: set[str]
) -> None:
    """Placeholders are valid values, fields are in order, and a warning belongs to a decision of the report."""
    project.run("convert", format_, *given(project, **{name: content}))

    result = project.run("validate")

    assert result.code == 0, result.err
    assert {*re.findall(r"\[(PG\d+)\]", result.out)} == warnings
    assert project.run("fmt", "--check").code == 0


def test_it_exits_with_2_only_while_decisions_are_open(project: Project) -> None:
    """A group that leaves nothing open exits with 0, and the report says what was written."""
    result = project.run("convert", "mpe", *given(project, **{"c.json": GROUP}))

    assert (result.code, result.err) == (0, "")
    assert (
        "Wrote 2 documents to manifests: g.yaml, project.yaml.\n1 exact, 0 defaulted, 0 dropped, 0 decisions open."
        in (result.out)
    )


def test_given_values_are_not_asked_for(project: Project) -> None:
    """--role and --bucket answer the decisions about them."""
    names = given(project, **{"params.json": ML_OPS})

    result = project.run("convert", "ml-ops", *names, "--role", ROLE, "--bucket", "ours")

    assert result.code == 0
    assert "s3://ours/Interactions/" in (project.manifests / "films.yaml").read_text()


def test_the_report_for_machines(project: Project) -> None:
    """JSON has every entry, the exact ones included, and fits its schema."""
    result = project.run("convert", "terraform", *given(project, **{"state.json": STATE}), "--output", "json")

    found = json.loads(result.out)
    jsonschema.validate(found, SCHEMA)
    assert found["written"] == ["manifests/project.yaml", "manifests/schemas/events.avsc", "manifests/state.yaml"]
    assert found["summary"]["exact"] == sum(entry["outcome"] == "exact" for entry in found["entries"])


def test_the_next_command_can_be_copied(project: Project) -> None:
    """The folder is quoted for a shell."""
    result = project.run("convert", "mpe", *given(project, **{"c.json": GROUP}), "--out", "my shop")

    assert result.out.endswith("\nNext: personalize-gitops validate --manifests 'my shop'\n")


def test_nothing_is_overwritten(project: Project) -> None:
    """If one file exists, none is written."""
    project.write("project.yaml", "mine")

    result = project.run("convert", "mpe", *given(project, **{"c.json": GROUP}))

    assert result.code == 1
    assert (
        result.err
        == "Error: manifests/project.yaml: already exists, and nothing is overwritten; choose another folder\n"
    )
    assert [path.name for path in project.manifests.iterdir()] == ["project.yaml"]


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["mpe", "c.json"], "{", "c.json:1:2: neither JSON nor YAML: "),
        (["mpe", "c.json"], "[1]", "c.json: expected a mapping of keys and values"),
        (["mpe", "c.json"], "", "c.json: expected a mapping of keys and values"),
        (["mpe", "c.json"], '{"a":' * 2000 + "1" + "}" * 2000, "c.json: the values are nested too deeply"),
        (["mpe", "c.json"], "datasetGroup: &a {serviceConfig: *a}", "c.json: the values are nested too deeply"),
        (["mpe", "c.json"], '{"a": 1}', "nothing in c.json is of the format mpe, and nothing was written: c.json: a"),
        (["cloudformation", "c.json"], '{"Outputs": {}}', "nothing in c.json is of the format cloudformation"),
        (["terraform", "c.json"], '{"a": 1}', "nothing in c.json is of the format terraform"),
        (["pipeline-api", "c.json"], '{"a": 1}', "nothing in c.json is of the format pipeline-api, and nothing was"),
        (["mpe", "none.json"], "", "none.json cannot be read: No such file or directory"),
        (["mpe", "c.json", "--kms-key", "k"], "{}", "--kms-key needs --role: a dataset group has both or none"),
        (["pulumi", "c.json"], "{}", "argument FORMAT: invalid choice: 'pulumi' (choose from 'mpe', 'cl"),
    ],
)
def test_input_that_cannot_be_read(project: Project, arguments: list[str], text: str, message: str) -> None:
    """The error names the file and the place, and nothing is written."""
    given(project, **{"c.json": text})

    result = project.run("convert", *arguments)

    assert result.code == 1
    assert result.err.startswith(f"Error: {message}")
    assert not project.manifests.exists()


def test_text_that_looks_like_a_variable_stays_text(project: Project) -> None:
    """What other systems write as `${x}` is no variable of the project, and reads back as it was."""
    odd = "${x}: #'"
    service = {"name": "s", "recipeArn": "arn:aws:personalize:::recipe/aws-sims", "eventType": odd}

    project.run("convert", "mpe", *given(project, **{"c.json": {**GROUP, "solutions": [{"serviceConfig": service}]}}))

    loaded = load(project.manifests)
    assert loaded.desired.documents[Address("Solution", "s")].attributes["eventType"] == odd


@pytest.mark.parametrize(
    ("format_", "name", "content"),
    [
        (
            "mpe",
            "c.json",
            {
                **GROUP,
                "datasetGroup": {"serviceConfig": {"name": "x${env:SECRET}"}},
                "datasets": {"interactions": {"dataset": {"serviceConfig": {"name": "events"}}}},
            },
        ),
        (
            "cloudformation",
            "t.json",
            {
                "Resources": {
                    "F": {
                        "Type": "AWS::Personalize::DatasetGroup",
                        "Properties": {
                            "Name": {"Fn::Sub": ["g-${env:SECRET}-${Stage}-${X}", {"X": "${env:SECRET}"}]},
                            "RoleArn": {"Fn::Join": ["", [{"Ref": "env:SECRET"}, "${env:SECRET}"]]},
                        },
                    }
                }
            },
        ),
    ],
)
def test_input_does_not_read_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch, format_: str, name: str, content: Any
) -> None:
    """Text and names of the input never become variables that manifests fill in from the environment."""
    monkeypatch.setenv("SECRET", "hunter2-hunter2")
    project.run("convert", format_, *given(project, **{name: content}))

    for path in project.manifests.rglob("*.yaml"):
        assert "${env:" not in path.read_text().replace("$${", "")
        assert "hunter2" not in project.run("render").out


def test_invisible_characters_are_written_as_escapes(project: Project) -> None:
    """A reviewer of the manifests sees characters that change the direction of text, or that have no glyph."""
    odd = "a\u202eb\u00a0c\U000e0001\x7f\u2028"
    service = {"name": "s", "recipeArn": "arn:aws:personalize:::recipe/aws-sims", "eventType": odd}

    project.run("convert", "mpe", *given(project, **{"c.json": {**GROUP, "solutions": [{"serviceConfig": service}]}}))

    texts = [path.read_text() for path in project.manifests.glob("*.yaml")]
    assert all(line.isprintable() for text in texts for line in text.split("\n"))
    assert load(project.manifests).desired.documents[Address("Solution", "s")].attributes["eventType"] == odd
