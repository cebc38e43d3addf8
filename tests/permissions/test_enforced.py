"""The policies of `iam` on an emulator that checks its callers: enough, and no statement too many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.project import Project, Result
from tests.support.world import START

ACCOUNT = "123456789012"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deployer"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs"
ROWS = "USER_ID,ITEM_ID,TIMESTAMP\n" + "".join(f"u{n % 50},i{n % 20},{1_700_000_000 + n}\n" for n in range(1100))
MANIFESTS = f"""
kind: Project
name: shop
spec:
  targets:
    served:
      account: "{ACCOUNT}"
      region: us-east-1
      endpointUrl: "@"
      assumeRole: {DEPLOYER}
      lock: s3://ops/locks/shop.json
---
{{kind: DatasetGroup, name: g, spec: {{}}, lifecycle: {{onRemove: delete}}}}
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
run: {{when: [config, data]}}
spec: {{dataset: rows, dataSource: {{dataLocation: "s3://data/in/"}}, roleArn: "{ROLE}"}}
"""


class Guarded:
    """A project whose target is an emulator that checks its callers."""

    def __init__(self, project: Project, url: str) -> None:
        self.project, self.url = project, url
        self.client("iam").create_role(RoleName="deployer", AssumeRolePolicyDocument="{}")

    def client(self, service: str) -> Any:
        connect: Any = boto3.client
        return connect(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )

    def policy(self, purpose: str) -> dict[str, Any]:
        """What `iam` prints."""
        found: dict[str, Any] = json.loads(self.project.run("iam", "--for", purpose).out)
        return found

    def give(self, policy: dict[str, Any], without: str = "") -> None:
        """Let the caller have a policy, without one of its statements."""
        kept = [statement for statement in policy["Statement"] if statement["Sid"] != without]
        document = json.dumps({**policy, "Statement": kept})
        self.client("iam").put_role_policy(RoleName="deployer", PolicyName="p", PolicyDocument=document)

    def refused(self, *arguments: str) -> bool:
        """Whether a command fails for a missing permission."""
        result = self.run(*arguments)
        told = (result.out + result.err).lower()
        return result.code in (1, 10) and ("not authorized" in told or "access denied" in told)

    def run(self, *arguments: str) -> Result:
        return self.project.run(*arguments)


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    """The manifests of a small shop, and their buckets."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    emulator = Emulator(SimulatedClock(START).now, instant=True, callers_enforced=True)
    emulator.put_bucket("data", {"in/rows.csv": ROWS})
    emulator.put_bucket("ops", {})
    project = Project(tmp_path)
    with emulator.serve(port=0) as server:
        project.write("shop.yaml", MANIFESTS.replace("@", server.url))
        yield Guarded(project, server.url)


def test_the_policy_of_apply_is_enough_and_each_statement_is_needed(guarded: Guarded) -> None:
    """`apply` works with the policy, and fails without any of its statements; `destroy` needs the one to delete."""
    policy = guarded.policy("apply")
    assert [each["Sid"] for each in policy["Statement"]] == ["Read", "Data", "Change", "Delete", "PassRole", "Lock"]

    for sid in ("Read", "Data", "Change", "PassRole", "Lock"):
        guarded.give(policy, without=sid)
        assert guarded.refused("apply", "--auto-approve"), sid
    guarded.give(policy, without="Delete")
    assert guarded.run("apply", "--auto-approve").code == 0
    assert guarded.refused("destroy", "--auto-approve")


@pytest.mark.slow
def test_the_policy_of_apply_is_enough_to_destroy(guarded: Guarded) -> None:
    """What was applied with the policy is destroyed with it."""
    guarded.give(guarded.policy("apply"))

    assert guarded.run("apply", "--auto-approve").code == 0
    assert guarded.run("destroy", "--auto-approve").code == 0


def test_the_policy_of_plan_reads_and_nothing_else(guarded: Guarded) -> None:
    """`plan` works with it, and `apply` does not."""
    guarded.give(guarded.policy("plan"))

    assert guarded.run("plan").code == 2
    assert guarded.run("apply", "--auto-approve").code != 0


def test_each_statement_of_the_policy_of_plan_is_needed(guarded: Guarded) -> None:
    """Without one that reads the account `plan` fails; without one of preflight, a point is unchecked."""
    policy = guarded.policy("plan")
    assert [each["Sid"] for each in policy["Statement"]] == ["Read", "Data", "Roles", "Buckets"]

    for sid in ("Read", "Data"):
        guarded.give(policy, without=sid)
        assert guarded.refused("plan"), sid
    told = {}
    for sid in ("", "Roles", "Buckets"):
        guarded.give(policy, without=sid)
        told[sid] = guarded.run("validate", "--online").out
    unchecked = {sid: text.count("was not checked") for sid, text in told.items()}
    assert unchecked == {"": 0, "Roles": 2, "Buckets": 2}


def test_the_policy_of_drift_is_enough(guarded: Guarded) -> None:
    """`drift --who` works with it; here everything is missing."""
    guarded.give(guarded.policy("drift"))

    result = guarded.run("drift", "--who")

    assert (result.code, "authorized" in result.out + result.err) == (2, False)


def test_each_statement_of_the_policy_of_drift_is_needed(guarded: Guarded) -> None:
    """Without one that reads the account `drift` fails; without the one of CloudTrail it cannot say who it was."""
    guarded.give(guarded.policy("apply"))
    assert guarded.run("apply", "--auto-approve").code == 0
    policy = guarded.policy("drift")
    assert [each["Sid"] for each in policy["Statement"]] == ["Read", "Data", "Traffic"]

    for sid in ("Read", "Data"):
        guarded.give(policy, without=sid)
        assert guarded.refused("drift"), sid
    personalize = guarded.client("personalize")
    (dataset,) = personalize.list_datasets()["datasets"]
    personalize.delete_dataset(datasetArn=dataset["datasetArn"])
    told = {}
    for sid in ("Traffic", ""):
        guarded.give(policy, without=sid)
        told[sid] = guarded.run("drift", "--who").out
    assert "actor unknown: LookupEvents" in told["Traffic"]
    assert "DeleteDataset by arn:aws:sts::" in told[""]


def test_credentials_of_nobody_are_those_of_an_administrator(guarded: Guarded) -> None:
    """Without a role or user, every request is allowed, so that an account can be set up."""
    assert guarded.client("personalize").list_schemas()["schemas"] == []


def test_a_user_is_limited_by_the_policies_of_its_groups(guarded: Guarded) -> None:
    """moto collects the policies of a user; one that allows only lists cannot describe."""
    iam = guarded.client("iam")
    iam.create_user(UserName="reader")
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(UserName="reader", GroupName="readers")
    document = {
        "Statement": {"Effect": "Allow", "Action": "personalize:List*", "Resource": "*"},
        "Version": "2012-10-17",
    }
    iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    client = boto3.client(
        "personalize",
        endpoint_url=guarded.url,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )

    assert client.list_schemas()["schemas"] == []
    with pytest.raises(
        client.exceptions.ClientError, match=r"user/reader is not authorized .* personalize:DescribeSchema"
    ):
        client.describe_schema(schemaArn=f"arn:aws:personalize:us-east-1:{ACCOUNT}:schema/x")
