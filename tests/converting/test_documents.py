"""The documents that a conversion makes (docs/service/5)."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.converting import convert
from personalize_gitops.manifest.foreign_yaml import read_values
from personalize_gitops.model.conversion import Conversion, Given, Outcome, Parsed, SourceFormat
from personalize_gitops.model.draft import Draft
from tests.converting.inputs import CDKP, ML_OPS, MPE, PIPELINE_API, RECIPE, ROLE, TAGS, WEEKLY

GROUP = {"serviceConfig": {"name": "g"}}


def converted(format_: SourceFormat, *values: Any, given: Given | None = None) -> Conversion:
    """Return the conversion of some files."""
    return convert(format_, tuple(Parsed(f"{n}.json", f"f{n}", value) for n, value in enumerate(values)), given)


def drafts(conversion: Conversion) -> dict[str, Draft]:
    """Return the documents by address."""
    return {str(draft.address): draft for draft in conversion.drafts}


def decisions(conversion: Conversion) -> dict[str, str]:
    """Return the codes of the open decisions by path."""
    return {
        str(entry.path): entry.reason.code.removeprefix("conversion_")
        for entry in conversion.entries
        if entry.outcome is Outcome.DECISION and entry.reason
    }


def solution(**members: Any) -> dict[str, Any]:
    """Return a config of MPE with one solution."""
    block = {"serviceConfig": {"name": "s", "recipeArn": f"{RECIPE}aws-sims", **members}}
    return {"datasetGroup": GROUP, "solutions": [block]}


def test_schedules_become_intervals() -> None:
    """Weekly imports, trainings and batch jobs keep their interval, and a batch job has no other trigger."""
    made = drafts(converted(SourceFormat.MPE, MPE))

    assert made["DatasetImportJob/events"].run == {"every": "7d"}
    assert made["SolutionVersion/for-you"].run == {"every": "7d"}
    assert made["SolutionVersion/for-you-update"].spec == {"solution": "for-you", "trainingMode": "UPDATE"}
    assert made["SolutionVersion/for-you-update"].run == {"every": "1d"}
    assert made["BatchInferenceJob/batch_for-you_1"].run == {"when": [], "every": "6h"}
    assert made["Campaign/for-you"].spec["solutionVersion"] == {"solution": "for-you", "version": "latest"}


def test_the_filter_of_a_job_is_named() -> None:
    """The ARN of a filter in the same file becomes its name; numbers are numbers."""
    made = drafts(converted(SourceFormat.MPE, MPE))

    assert made["BatchInferenceJob/batch_for-you_1"].spec["filter"] == "drama"
    assert made["Solution/for-you"].spec["solutionConfig"] == {"algorithmHyperParameters": {"hidden_dimension": 64}}


def test_root_tags_reach_only_what_has_none() -> None:
    """A resource with tags of its own does not get those of the root (docs/service/5 §2.3)."""
    made = drafts(converted(SourceFormat.MPE, MPE))

    assert made["DatasetGroup/films"].tags == {"team": "discovery"}
    assert made["Filter/drama"].tags == {"cost": "42"}
    assert made["Schema/events-schema"].tags == {}
    assert "tags" not in made["Project/films"].spec


def test_given_role_and_bucket_leave_no_decision_about_them() -> None:
    """--role, --bucket and --kms-key are written out; without them they are variables of the project."""
    config = {**MPE, "solutions": [], "datasets": {**MPE["datasets"], "serviceConfig": {}}}
    asked = converted(SourceFormat.MPE, config)
    told = converted(SourceFormat.MPE, config, given=Given(ROLE, "our-bucket", "arn:aws:kms:x"))

    assert {*decisions(asked).values()} == {"role_missing", "bucket_missing"}
    assert [*drafts(asked)["Project/films"].spec["variables"]] == ["bucket", "role"]
    assert decisions(told) == {}
    assert drafts(told)["DatasetImportJob/events"].spec["dataSource"] == {
        "dataLocation": "s3://our-bucket/train/films/interactions.csv"
    }
    assert drafts(told)["DatasetGroup/films"].spec == {"roleArn": ROLE, "kmsKeyArn": "arn:aws:kms:x"}


@pytest.mark.parametrize(
    ("schedules", "code"),
    [
        ({"full": "cron(0 1 1 * ? *)"}, {"schedules.full": "irregular"}),
        ({"full": "rate(7 days)"}, {"schedules.full": "not_a_schedule"}),
        ({"update": WEEKLY}, {"schedules.update": "no_update_mode"}),
        ({"maxAge": "2 months"}, {"schedules.maxAge": "not_an_age"}),
        ({"full": WEEKLY}, {"performAutoTraining": "trains_twice"}),
        ({"full": "delete"}, {}),
        ({"maxAge": "30 days"}, {"performAutoTraining": "trains_twice"}),
    ],
)
def test_a_schedule_that_needs_a_decision(schedules: dict[str, str], code: dict[str, str]) -> None:
    """What has no fixed interval, what the recipe cannot do, and double training are left to the user."""
    config = solution()
    config["solutions"][0]["workflowConfig"] = {"schedules": schedules}

    found = decisions(converted(SourceFormat.MPE, config))

    assert {path.partition("Config.")[2]: value for path, value in found.items()} == code


def test_a_retired_recipe_has_its_successor() -> None:
    """HRNN becomes User-Personalization-v2, without the parameters and the tuning that it does not have."""
    settings = {"algorithmHyperParameters": {"bptt": "8"}, "hpoConfig": {"hpoResourceConfig": {}}}
    config = solution(recipeArn=f"{RECIPE}aws-hrnn", performHPO=True, solutionConfig=settings)

    spec = drafts(converted(SourceFormat.MPE, config))["Solution/s"].spec

    assert spec == {"datasetGroup": "g", "performAutoTraining": True, "recipe": "aws-user-personalization-v2"}


def test_incremental_imports_are_full() -> None:
    """Incremental mode never took effect (docs/service/5 §2.4)."""
    datasets = {**MPE["datasets"], "serviceConfig": {"importMode": "INCREMENTAL"}}

    made = drafts(converted(SourceFormat.MPE, {**MPE, "datasets": datasets}))

    assert "importMode" not in made["DatasetImportJob/events"].spec


def test_a_shared_schema_is_one_document_and_a_conflict_a_decision() -> None:
    """Two configs with one schema share it; another body under the same name is a decision."""
    other = {**MPE, "datasetGroup": GROUP, "solutions": [], "eventTracker": None, "filters": []}
    changed = {**MPE["datasets"]["items"], "schema": {"serviceConfig": {"name": "events-schema", "schema": {}}}}

    same = converted(SourceFormat.MPE, MPE, {**other, "datasets": {}})
    conflict = converted(SourceFormat.MPE, MPE, {**other, "datasets": {"items": changed}})

    assert "conflict" not in decisions(same).values()
    assert decisions(conflict)["datasets.items.schema.serviceConfig"] == "conflict"


def test_ml_ops_binds_campaigns_by_their_keys() -> None:
    """The campaign `simsCampaign` serves the solution `sims`."""
    made = drafts(converted(SourceFormat.ML_OPS, ML_OPS))

    assert made["Campaign/similar"].spec == {"solutionVersion": "similar", "minProvisionedTPS": 2}
    assert made["DatasetImportJob/events"].spec["dataSource"]["dataLocation"] == "s3://${bucket}/Interactions/"


def test_cdkp_composes_names_of_schemas() -> None:
    """A schema has the name that the pipeline gives it (docs/service/5 §3)."""
    made = drafts(converted(SourceFormat.CDKP, CDKP))

    assert made["Dataset/events"].spec["schema"] == "films-events-v1"
    assert made["BatchInferenceJob/mail"].spec["solutionVersion"] == "ranked"
    assert made["SolutionVersion/ranked"].tags == {}


def test_the_pipeline_api_trains_once() -> None:
    """A call becomes a solution that does not train by itself; parameters of another recipe are dropped."""
    files = tuple(Parsed(name, name[:-5], value) for name, value in PIPELINE_API.items())
    made = drafts(convert(SourceFormat.PIPELINE_API, files))

    assert made["Solution/movielens-ranking"].spec == {
        "datasetGroup": "movielens",
        "performAutoTraining": False,
        "recipe": "aws-personalized-ranking",
    }
    assert made["Solution/movielens-hrnn-metadata"].spec["recipe"] == "aws-user-personalization-v2"
    assert made["Dataset/movielens-items"].spec["schema"] == "item-schema"
    assert made["Project/movielens"].spec["targets"]["aws"] == {"account": "776556808198", "region": "ap-northeast-2"}


@pytest.mark.parametrize(("given", "performs"), [("true", True), ("false", True), ("", None)])
def test_any_value_of_perform_hpo_means_yes(given: str, performs: bool | None) -> None:
    """The pipeline API looks only whether there is a value (docs/service/5 §4)."""
    body = {"name": "g", "recipe_arn": f"{RECIPE}aws-sims", "perform_hpo": given}

    made = drafts(convert(SourceFormat.PIPELINE_API, (Parsed("train-recipe.json", "train-recipe", body),)))

    assert made["Solution/g-train-recipe"].spec.get("performHPO") == performs


TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {Type: String, Default: dev}
  Role: {Type: String}
  Unused: {Type: String}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Data: {Type: 'AWS::S3::Bucket'}
  Group:
    Type: AWS::Personalize::DatasetGroup
    DeletionPolicy: Retain
    Properties: {Name: !Sub 'films-${Stage}', Tags: [{Key: team, Value: discovery}]}
  Events:
    Type: AWS::Personalize::Schema
    Properties:
      Name: events
      Schema: '{"type": "record", "name": "Interactions", "fields": []}'
  Rows:
    Type: AWS::Personalize::Dataset
    DependsOn: Group
    Properties:
      Name: events
      DatasetType: Interactions
      DatasetGroupArn: !GetAtt Group.DatasetGroupArn
      SchemaArn: !Ref Events
      DatasetImportJob:
        JobName: first
        DataSource: {DataLocation: !Join ['', ['s3://', !Ref Data, /events.csv]]}
        RoleArn: !Ref Role
  Similar:
    Type: AWS::Personalize::Solution
    Condition: IsProd
    Properties:
      Name: similar
      DatasetGroupArn: !Ref Group
      RecipeArn: arn:aws:personalize:::recipe/aws-sims
      SolutionConfig: {AlgorithmHyperParameters: {min_cointeraction_count: '5'}}
  Shown:
    Type: AWS::Personalize::Campaign
    Properties:
      Name: similar
      MinProvisionedTPS: 2
      SolutionVersionArn: !Sub '${Similar.SolutionArn}/$LATEST'
      CampaignConfig: {SyncWithLatestSolutionVersion: true}
Outputs: {Group: {Value: !Ref Group}}
"""
"""A template with the short forms of intrinsic functions."""

LONG = {
    "Resources": {
        "Group": {
            "Type": "AWS::Personalize::DatasetGroup",
            "Properties": {"Name": {"Fn::Sub": ["${a}-x", {"a": "b"}]}},
        },
        "Web": {
            "Type": "AWS::Personalize::EventTracker",
            "Properties": {"Name": "web", "DatasetGroupArn": {"Fn::GetAtt": ["Group", "DatasetGroupArn"]}},
        },
        "Odd": {
            "Type": "AWS::Personalize::Filter",
            "Properties": {
                "Name": "odd",
                "DatasetGroupArn": {"Ref": "Group"},
                "FilterExpression": {"Fn::ImportValue": "expression"},
            },
        },
    }
}
"""A template in JSON with the long forms, and a value that only CloudFormation knows."""


def test_a_template_in_yaml() -> None:
    """Parameters become variables, references names, and the import of a dataset a document."""
    made = converted(SourceFormat.CLOUDFORMATION, read_values(TEMPLATE, "t.yaml"))
    found = drafts(made)

    assert found["DatasetGroup/films-${Stage}"].lifecycle == {"onRemove": "retain"}
    assert found["DatasetGroup/films-${Stage}"].tags == {"team": "discovery"}
    assert found["Dataset/events"].spec["datasetGroup"] == "films-${Stage}"
    assert found["Dataset/events"].spec["schema"] == "events"
    assert found["DatasetImportJob/first"].spec["roleArn"] == "${Role}"
    assert found["DatasetImportJob/first"].spec["dataSource"] == {"dataLocation": "s3://${Data}/events.csv"}
    assert found["Solution/similar"].spec["solutionConfig"] == {
        "algorithmHyperParameters": {"min_cointeraction_count": 5}
    }
    assert found["Campaign/similar"].spec["solutionVersion"] == {"solution": "similar", "version": "$LATEST"}
    variables = found["Project/films-dev"].spec["variables"]
    assert variables == {
        "Stage": "dev",
        "Data": "personalize-data",
        "Role": "arn:aws:iam::000000000000:role/PersonalizeData",
    }
    assert {*decisions(made).values()} == {"no_value", "condition"}


def test_a_template_in_json() -> None:
    """The long forms are the same, and a value of another stack is a variable to decide."""
    made = converted(SourceFormat.CLOUDFORMATION, LONG)

    assert drafts(made)["EventTracker/web"].spec == {"datasetGroup": "b-x"}
    assert drafts(made)["Filter/odd"].spec["filterExpression"] == "${OddFilterExpression}"
    assert decisions(made) == {"Resources.Odd.Properties.FilterExpression": "no_value"}


ARN = "arn:aws:personalize:eu-west-1:123456789012:"


def _resource(type_: str, name: str, **values: Any) -> dict[str, Any]:
    address = f"awscc_personalize_{type_}.{name}"
    head = {"address": address, "mode": "managed", "type": f"awscc_personalize_{type_}", "name": name}
    return {**head, "values": {"name": name, **values}}


STATE = {
    "format_version": "1.0",
    "terraform_version": "1.9.0",
    "values": {
        "root_module": {
            "resources": [
                _resource("dataset_group", "films", dataset_group_arn=f"{ARN}dataset-group/films", kms_key_arn=None),
                _resource("schema", "events", schema='{"type": "record"}', schema_arn=f"{ARN}schema/events"),
                {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "values": {}},
            ],
            "child_modules": [
                {
                    "address": "module.data",
                    "resources": [
                        _resource(
                            "dataset",
                            "events",
                            dataset_type="Interactions",
                            dataset_group_arn=f"{ARN}dataset-group/films",
                            schema_arn=f"{ARN}schema/events",
                            dataset_arn=f"{ARN}dataset/films/INTERACTIONS",
                            dataset_import_job={
                                "job_name": "first",
                                "role_arn": ROLE,
                                "data_source": {"data_location": "s3://films/events.csv"},
                                "dataset_arn": None,
                            },
                        ),
                        _resource(
                            "solution",
                            "similar",
                            dataset_group_arn=f"{ARN}dataset-group/films",
                            recipe_arn=f"{RECIPE}aws-sims",
                            perform_hpo=False,
                            tags=[{"key": "team", "value": "discovery"}],
                        ),
                    ],
                }
            ],
        }
    },
}


def test_a_state_of_terraform() -> None:
    """ARNs of resources in the state become names, also in modules; the account and region become a target."""
    made = converted(SourceFormat.TERRAFORM, STATE)
    found = drafts(made)

    assert decisions(made) == {}
    assert found["DatasetGroup/films"].spec == {}
    assert found["Dataset/events"].spec == {
        "datasetType": "Interactions",
        "datasetGroup": "films",
        "schema": "events",
    }
    assert found["DatasetImportJob/first"].spec == {
        "dataset": "events",
        "roleArn": ROLE,
        "dataSource": {"dataLocation": "s3://films/events.csv"},
    }
    assert found["Solution/similar"].tags == {"team": "discovery"}
    assert found["Solution/similar"].spec["performHPO"] is False


def test_a_plan_of_terraform() -> None:
    """In a plan, whose ARNs are not known yet, the references of the configuration are names."""
    group, tracker = _resource("dataset_group", "films"), _resource("event_tracker", "web")
    target = {"references": ["awscc_personalize_dataset_group.films.dataset_group_arn"]}
    configuration = [{"address": tracker["address"], "expressions": {"dataset_group_arn": target}}]

    made = converted(
        SourceFormat.TERRAFORM,
        {
            "planned_values": {"root_module": {"resources": [group, tracker]}},
            "configuration": {"root_module": {"resources": configuration}},
        },
    )

    assert drafts(made)["EventTracker/web"].spec == {"datasetGroup": "films"}


def test_tags_of_a_component() -> None:
    """Pairs of keys and values are a mapping."""
    config = {"datasetGroup": {"serviceConfig": {"name": "g", "tags": TAGS}}}

    assert drafts(converted(SourceFormat.MPE, config))["DatasetGroup/g"].tags == {"team": "discovery"}
