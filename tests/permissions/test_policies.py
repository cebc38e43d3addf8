"""The policies for manifests, and whether policies allow an action."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.catalog.policies import SERVICE, Question, allowed, statements
from personalize_gitops.manifest import load
from personalize_gitops.permissions.policies import Place, Purpose, policy_for

ROLE, OTHER = "arn:aws:iam::111122223333:role/jobs", "arn:aws:iam::111122223333:role/keys"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"
SCHEMA = "arn:aws:personalize:eu-west-1:111122223333:schema/s"
PLACE = Place("111122223333", "eu-west-1")
HEAD = f"""\
{{kind: Project, name: shop, spec: {{targets: {{local: {{emulator: {{}}}}}}}}}}
---
{{kind: DatasetGroup, name: g, spec: {{roleArn: "{OTHER}", kmsKeyArn: "{KEY}"}}}}
---
{{kind: Dataset, name: d, spec: {{datasetGroup: g, datasetType: Interactions, schema: "{SCHEMA}"}}}}
---
"""
JOBS = {
    "import": (
        'DatasetImportJob, spec: {dataset: d, dataSource: {dataLocation: "s3://rows/in/"}, roleArn: "@"}',
        {"rows": ["s3:ListBucket"], "rows/in/*": ["s3:GetObject"]},
    ),
    "import of a file": (
        'DatasetImportJob, spec: {dataset: d, dataSource: {dataLocation: "s3://rows/in/a.csv"}, roleArn: "@"}',
        {"rows": ["s3:ListBucket"], "rows/in/a.csv": ["s3:GetObject"]},
    ),
    "deletion": (
        'DataDeletionJob, spec: {datasetGroup: g, dataSource: {dataLocation: "s3://rows/u.csv"}, roleArn: "@"}',
        {"rows": ["s3:ListBucket"], "rows/u.csv": ["s3:GetObject"]},
    ),
    "export": (
        'DatasetExportJob, spec: {dataset: d, jobOutput: {s3DataDestination: {path: "s3://rows/out/"}}, roleArn: "@"}',
        {"rows": ["s3:ListBucket"], "rows/out/*": ["s3:PutObject"]},
    ),
}


def policies(folder: Path, job: str, purpose: Purpose = Purpose.SERVICE_ROLE) -> dict[str, Any]:
    """The policies for a group with a key and one job."""
    (folder / "a.yaml").write_text(f"{HEAD}{{name: j, kind: {job.replace('@', ROLE)}}}\n")
    return policy_for(purpose, load(folder).desired, PLACE)


@pytest.mark.parametrize(("job", "grants"), JOBS.values(), ids=JOBS)
def test_the_role_and_the_bucket_grant_what_a_job_needs(tmp_path: Path, job: str, grants: dict[str, list[str]]) -> None:
    """Both grant the same (docs/service/1 §5.3), the bucket only to the service for this account and region."""
    found = policies(tmp_path, job)

    of_role, of_bucket = found["roles"][ROLE]["policy"]["Statement"], found["buckets"]["rows"]["Statement"]
    for granted in (of_role, of_bucket):
        assert {
            resource.removeprefix("arn:aws:s3:::"): each["Action"] for each in granted for resource in each["Resource"]
        } == grants
    assert {each["Principal"]["Service"] for each in of_bucket} == {SERVICE}
    assert {each["Condition"]["StringLike"]["aws:SourceAccount"] for each in of_bucket} == {"111122223333"}


def test_the_policy_of_a_key(tmp_path: Path) -> None:
    """It grants the role of the group and the service what they need, and more if rows are exported."""
    without, exported = (policies(tmp_path, JOBS[job][0]) for job in ("import", "export"))

    (usual,), (more,) = (found["keys"][KEY]["Statement"] for found in (without, exported))
    assert usual["Principal"] == {"AWS": [OTHER], "Service": SERVICE}
    assert "kms:CreateGrant" in usual["Action"]
    assert {*more["Action"]} - {*usual["Action"]} == {"kms:GenerateDataKeyWithoutPlaintext"}
    assert "kms:CreateGrant" not in without["roles"][OTHER]["policy"]["Statement"][0]["Action"]


def test_a_policy_is_for_the_kinds_at_hand(tmp_path: Path) -> None:
    """Operations of kinds that no document has are not granted."""
    found = policies(tmp_path, JOBS["import"][0], Purpose.APPLY)

    changes = next(each for each in found["Statement"] if each["Sid"] == "Change")
    assert "personalize:CreateDatasetImportJob" in changes["Action"]
    assert not [action for action in changes["Action"] if "Campaign" in action]


ALLOW = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}
GET = Question("s3:GetObject", "arn:aws:s3:::b/k")
CASES: dict[str, tuple[list[dict[str, Any]], Question, bool]] = {
    "allowed": ([ALLOW], GET, True),
    "another action": ([{**ALLOW, "Action": ["s3:Put*"]}], GET, False),
    "another resource": ([{**ALLOW, "Resource": "arn:aws:s3:::c/*"}], GET, False),
    "any action but one": ([{**ALLOW, "Action": [], "NotAction": "s3:Put*"}], GET, True),
    "denied": ([ALLOW, {**ALLOW, "Effect": "Deny"}], GET, False),
    "for another service": (
        [{**ALLOW, "Principal": {"Service": "lambda.amazonaws.com"}}],
        Question(GET.action, GET.resource, service=SERVICE),
        False,
    ),
    "for the account of a role": (
        [{**ALLOW, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}],
        Question(GET.action, GET.resource, principal=ROLE),
        True,
    ),
    "a condition that holds": (
        [{**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}}],
        Question(GET.action, GET.resource, context={"aws:sourceaccount": "2"}),
        True,
    ),
    "a condition without its key": ([{**ALLOW, "Condition": {"StringLike": {"aws:SourceArn": "*"}}}], GET, False),
    "a condition if its key exists": (
        [{**ALLOW, "Condition": {"StringLikeIfExists": {"aws:SourceArn": "x"}}}],
        GET,
        True,
    ),
    "an unknown condition": ([{**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], GET, False),
}


@pytest.mark.parametrize(("found", "question", "answer"), CASES.values(), ids=CASES)
def test_whether_statements_allow_an_action(found: list[dict[str, Any]], question: Question, answer: bool) -> None:
    """As in IAM: action, resource, principal and conditions match, and a denial wins."""
    assert allowed(statements([{"Statement": found}]), question) is answer
