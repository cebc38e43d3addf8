"""Preflight: what roles, buckets and keys lack for the changes of a plan, told with the policy that is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.manifest import load
from personalize_gitops.model.preflight import Facts, Unread
from personalize_gitops.permissions.needs import needs_of
from personalize_gitops.permissions.policies import Place, for_service
from personalize_gitops.permissions.preflight import findings
from tests.support.project import Project
from tests.support.world import START

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs"
PLACE = Place(ACCOUNT, "us-east-1")
MANIFESTS = f"""
kind: Project
name: shop
spec: {{targets: {{aws: {{account: "{ACCOUNT}", region: us-east-1}}}}}}
---
{{kind: DatasetGroup, name: g, spec: {{}}}}
---
kind: Schema
name: rows
spec:
  schema:
    type: record
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    fields: [{{name: USER_ID, type: string}}, {{name: ITEM_ID, type: string}}, {{name: TIMESTAMP, type: long}}]
    version: "1.0"
---
{{kind: Dataset, name: rows, spec: {{datasetGroup: g, datasetType: Interactions, schema: rows}}}}
---
kind: DatasetImportJob
name: rows
spec:
  dataset: rows
  dataSource: {{dataLocation: "s3://data/in/"}}
  roleArn: {ROLE}
"""


def connected(service: str) -> Any:
    connect: Any = boto3.client
    return connect(service, region_name="us-east-1")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An account in AWS, as far as the program can tell, with a bucket."""
    with Emulator(SimulatedClock(START).now, instant=True, roles_enforced=True).started() as found:
        found.put_bucket("data", {"in/rows.csv": "USER_ID,ITEM_ID,TIMESTAMP\nu,i,1\n"})
        yield found


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A group with one import."""
    found = Project(tmp_path)
    found.write("shop.yaml", MANIFESTS)
    return found


def grant(project: Project) -> None:
    """Let role and bucket have exactly the policies that `iam` prints."""
    wanted = json.loads(project.run("iam", "--for", "service-role").out)
    trust, policy = wanted["roles"][ROLE]["trust"], wanted["roles"][ROLE]["policy"]
    connected("iam").create_role(RoleName="jobs", AssumeRolePolicyDocument=json.dumps(trust))
    connected("iam").put_role_policy(RoleName="jobs", PolicyName="p", PolicyDocument=json.dumps(policy))
    connected("s3").put_bucket_policy(Bucket="data", Policy=json.dumps(wanted["buckets"]["data"]))


@pytest.mark.usefixtures("emulator")
def test_what_is_missing_is_told_before_the_changes(project: Project) -> None:
    """A role that does not exist and a bucket without a policy, each with what to add; the plan itself stays."""
    result = project.run("plan")

    assert result.code == 2
    told = result.out.splitlines()
    assert "roleArn: role arn:aws:iam::123456789012:role/jobs does not exist" in result.out
    assert "does not allow personalize.amazonaws.com s3:GetObject, s3:ListBucket" in result.out
    added = next(
        line.partition("add to the policy of data: ")[2] for line in told if "add to the policy of data" in line
    )
    assert {action for statement in json.loads(added) for action in statement["Action"]} == {
        "s3:GetObject",
        "s3:ListBucket",
    }
    assert told.index(next(line for line in told if "does not exist" in line)) < told.index(
        next(line for line in told if line.startswith("+"))
    )


@pytest.mark.parametrize("format_", ["md", "html", "github"])
@pytest.mark.usefixtures("emulator")
def test_reviewers_see_what_is_missing(project: Project, format_: str) -> None:
    """The comment, the page and the annotations of a plan have the findings, the first two with the policy to add."""
    shown = unescape(project.run("plan", "--output", format_).out)

    assert "role arn:aws:iam::123456789012:role/jobs does not exist" in shown.replace("&#8203;", "")
    assert "DatasetImportJob/rows" in shown
    assert "add to the policy of data: [{" in shown
    assert 'let arn:aws:iam::123456789012:role/jobs have this trust policy: {"' in shown.replace("&#8203;", "")


@pytest.mark.usefixtures("emulator")
def test_the_policies_of_iam_are_enough(project: Project) -> None:
    """With the policies that `iam --for service-role` prints, nothing is missing, and the import succeeds."""
    grant(project)

    assert "role" not in project.run("plan").out
    assert project.run("validate", "--online").code == 0
    assert json.loads(project.run("plan", "--output", "json").out)["preflight"] == []


def test_a_plan_without_changes_makes_no_extra_call(project: Project, emulator: Emulator) -> None:
    """Roles and buckets are looked at only before changes that need them."""
    project.write("shop.yaml", MANIFESTS.split("---\nkind: DatasetImportJob")[0])
    plan = json.loads(project.run("plan", "--output", "json").out)

    assert {call["operation"] for call in plan["calls"]}.isdisjoint({"GetRole", "GetBucketPolicy"})
    assert emulator.answered


@pytest.mark.usefixtures("emulator")
def test_calls_are_counted_and_few(project: Project) -> None:
    """One call for each of the trust, the permissions, the region and the policy."""
    plan = json.loads(project.run("plan", "--output", "json").out)

    calls = {call["operation"]: call["count"] for call in plan["calls"]}
    asked = ("GetRole", "SimulatePrincipalPolicy", "GetBucketLocation", "GetBucketPolicy")
    assert [calls[operation] for operation in asked] == [1, 1, 1, 1]
    assert [found["severity"] for found in plan["preflight"]] == ["error", "error"]


@pytest.mark.usefixtures("emulator")
def test_a_saved_plan_does_not_have_it(project: Project) -> None:
    """A plan file holds although the role exists by the time it is applied."""
    assert project.run("plan", "--out", "plan.json").code == 2

    assert json.loads((project.folder / "plan.json").read_text())["preflight"] == []
    assert project.run("plan", "--check", "plan.json").code == 0


@pytest.mark.usefixtures("emulator")
def test_validate_online_fails_with_the_places(project: Project) -> None:
    """What is missing is a problem of the manifests' account, with exit code 3."""
    result = project.run("validate", "--online")

    assert result.code == 3
    assert "manifests/shop.yaml:" in result.out
    assert "roleArn: role arn:aws:iam::123456789012:role/jobs does not exist" in result.out
    assert project.run("validate").code == 0


BUCKET = {"Sid": "Vpc", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
FROM_VPC = {**BUCKET, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}
WIDE = {"Effect": "Allow", "Principal": {"Service": "personalize.amazonaws.com"}, "Action": "sts:AssumeRole"}
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
GROUP = f"{{kind: DatasetGroup, name: g, spec: {{roleArn: '{ROLE}', kmsKeyArn: '{KEY}'}}}}"


def found(folder: Path, facts: Facts, text: str = MANIFESTS) -> list[tuple[str, str]]:
    """The severity and the code of each finding."""
    (folder / "shop.yaml").write_text(text)
    desired = load(folder).desired
    needs = needs_of(desired.documents.values(), desired.documents)
    return [(str(each.severity), str(each.reason.code)) for each in findings(needs, facts, PLACE)]


def enough(folder: Path, text: str = MANIFESTS, **other: Any) -> Facts:
    """Facts by which nothing is missing, but for others."""
    (folder / "shop.yaml").write_text(text)
    desired = load(folder).desired
    needs = needs_of(desired.documents.values(), desired.documents)
    wanted = for_service(needs, PLACE)
    role = wanted["roles"][ROLE]
    granted = [(action, arn) for need in needs for arn, actions in need.of_role.items() for action in actions]
    usual = {
        "trusts": {ROLE: json.dumps(role["trust"])},
        "granted": {ROLE: dict.fromkeys(granted, True)},
        "regions": {"data": "us-east-1"},
        "bucket_policies": {"data": json.dumps(wanted["buckets"].get("data"))},
        "key_policies": {key: json.dumps(policy) for key, policy in wanted["keys"].items()},
    }
    return Facts(**{**usual, **other})


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "nothing": ({}, []),
    "another service": ({"trusts": {ROLE: '{"Statement": []}'}}, [("error", "role_not_trusting")]),
    "any account": ({"trusts": {ROLE: json.dumps({"Statement": WIDE})}}, [("warning", "role_trusts_any_source")]),
    "no role": ({"trusts": {ROLE: None}, "granted": {ROLE: {}}}, [("error", "role_missing")]),
    "no permission": ({"granted": {ROLE: {}}}, [("error", "role_lacks")]),
    "a role that may not be read": (
        {"trusts": {ROLE: Unread("denied")}, "granted": {ROLE: Unread("denied")}},
        [("info", "unchecked"), ("info", "unchecked")],
    ),
    "no bucket": ({"regions": {"data": None}, "bucket_policies": {"data": None}}, [("error", "bucket_missing")]),
    "a bucket elsewhere": ({"regions": {"data": "eu-west-1"}}, [("error", "bucket_elsewhere")]),
    "a bucket without a policy": ({"bucket_policies": {"data": None}}, [("error", "bucket_lacks")]),
    "a bucket for a VPC": (
        {"bucket_policies": {"data": json.dumps({"Statement": [FROM_VPC]})}},
        [("warning", "bucket_only_from_vpc"), ("error", "bucket_lacks")],
    ),
    "a bucket that may not be read": (
        {"regions": {"data": Unread("denied")}, "bucket_policies": {"data": Unread("denied")}},
        [("info", "unchecked"), ("info", "unchecked")],
    ),
}


@pytest.mark.parametrize(("other", "expected"), CASES.values(), ids=CASES)
def test_findings(tmp_path: Path, other: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Each lack is one finding; what may not be read is unchecked, never a failure."""
    assert found(tmp_path, enough(tmp_path, **other)) == expected


KEYS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "nothing": (None, []),
    "no key": ({KEY: None}, [("error", "key_missing")]),
    "another principal": ({KEY: json.dumps({"Statement": []})}, [("error", "key_lacks")]),
    "a key that may not be read": ({KEY: Unread("denied")}, [("info", "unchecked")]),
}


@pytest.mark.parametrize(("policies", "expected"), KEYS.values(), ids=KEYS)
def test_findings_of_a_key(tmp_path: Path, policies: Any, expected: list[tuple[str, str]]) -> None:
    """The policy of a key lets the role and the service use it (docs/service/1 §5.4)."""
    text = f"{MANIFESTS.split('---')[0]}---\n{GROUP}"
    other = {"key_policies": policies} if policies else {}

    assert found(tmp_path, enough(tmp_path, text, **other), text) == expected
