"""Roles and bucket policies with `roles_enforced` (docs/service/1 §5)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator

from .account import ROLE, Account, client, interactions_csv
from .clock import Clock
from .refusals import refusal

SERVICE = {"Service": "personalize.amazonaws.com"}
BOTH = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
NO_ACCESS = "Insufficient privileges for accessing data in Amazon S3."

Statement = Mapping[str, Any]


@pytest.fixture
def strict(clock: Clock) -> Iterator[Account]:
    """An account with `roles_enforced`, a group and an empty dataset."""
    with Emulator(clock.now, roles_enforced=True).started() as emulator:
        yield Account(emulator, clock)


def policy(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, resource: Any = BOTH, **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


TRUST = {"Effect": "Allow", "Principal": SERVICE, "Action": "sts:AssumeRole"}
READ = allow("s3:GetObject", "s3:ListBucket")
READ_FOR_SERVICE = {**READ, "Principal": SERVICE}
DENY = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": BOTH}
OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
OF_SOURCE = {"StringLike": {"aws:SourceArn": "arn:aws:personalize:us-east-1:123456789012:*"}}
OF_OTHERS = {"StringEquals": {"aws:SourceAccount": "000000000000"}}


def give(trust: Statement, granted: Statement) -> None:
    """Create a role named personalize."""
    client("iam").create_role(RoleName="personalize", AssumeRolePolicyDocument=policy(trust))
    client("iam").put_role_policy(RoleName="personalize", PolicyName="data", PolicyDocument=policy(granted))


def start(account: Account, on_bucket: tuple[Statement, ...]) -> dict[str, Any]:
    """The request for an import from the bucket `data`."""
    account.emulator.put_bucket("data", {"in/rows.csv": interactions_csv()})
    if on_bucket:
        account.s3.put_bucket_policy(Bucket="data", Policy=policy(*on_bucket))
    return {
        "jobName": "job",
        "datasetArn": account.dataset(account.group()),
        "dataSource": {"dataLocation": "s3://data/in/"},
        "roleArn": ROLE,
    }


@pytest.mark.parametrize(
    ("granted", "on_bucket", "status"),
    [
        pytest.param(READ, (READ_FOR_SERVICE,), "ACTIVE", id="both sides allow"),
        pytest.param(allow("s3:*", resource="*"), (READ_FOR_SERVICE,), "ACTIVE", id="wildcards"),
        pytest.param(READ, ({**READ_FOR_SERVICE, "Condition": OF_ACCOUNT},), "ACTIVE", id="for this account"),
        pytest.param(READ, ({**READ_FOR_SERVICE, "Condition": OF_SOURCE},), "ACTIVE", id="for this source"),
        pytest.param(READ, ({**READ_FOR_SERVICE, "Condition": OF_OTHERS},), "CREATE FAILED", id="for another account"),
        pytest.param(READ, (), "CREATE FAILED", id="no bucket policy"),
        pytest.param(READ, ({**READ, "Principal": {"AWS": "*"}},), "CREATE FAILED", id="not for the service"),
        pytest.param(READ, (READ_FOR_SERVICE, DENY), "CREATE FAILED", id="denied by the bucket"),
        pytest.param(allow("s3:ListBucket"), (READ_FOR_SERVICE,), "CREATE FAILED", id="a role that cannot get"),
        pytest.param(
            allow("s3:GetObject", resource="arn:aws:s3:::data/out/*"),
            (READ_FOR_SERVICE,),
            "CREATE FAILED",
            id="a role for another folder",
        ),
    ],
)
def test_imports(strict: Account, granted: Statement, on_bucket: tuple[Statement, ...], status: str) -> None:
    """An import needs GetObject and ListBucket from the role and from the bucket (docs/service/1 §5.3)."""
    give(TRUST, granted)
    request = start(strict, on_bucket)

    arn = strict.personalize.create_dataset_import_job(**request)["datasetImportJobArn"]
    strict.settle()

    job = strict.personalize.describe_dataset_import_job(datasetImportJobArn=arn)["datasetImportJob"]
    assert (job["status"], job.get("failureReason")) == (status, None if status == "ACTIVE" else NO_ACCESS)


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        pytest.param(None, "does not exist", id="no role"),
        pytest.param({**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}}, "cannot assume", id="other service"),
        pytest.param({**TRUST, "Condition": OF_OTHERS}, "cannot assume", id="other account"),
    ],
)
def test_roles(strict: Account, trust: Statement | None, words: str) -> None:
    """A role that does not exist or does not trust the service is refused in the call (docs/service/1 §5.2)."""
    if trust is not None:
        give(trust, READ)
    request = start(strict, (READ_FOR_SERVICE,))

    code, message = refusal(strict.personalize.create_dataset_import_job, **request)

    assert (code, words in message) == ("InvalidInput", True)


def test_exports_write(strict: Account) -> None:
    """An export needs PutObject: access to read is not enough."""
    give(TRUST, READ)
    request = start(strict, (READ_FOR_SERVICE,))
    output = {"s3DataDestination": {"path": "s3://data/out/"}}
    create = strict.personalize.create_dataset_export_job

    arn = create(jobName="out", datasetArn=request["datasetArn"], roleArn=ROLE, jobOutput=output)["datasetExportJobArn"]
    strict.settle()

    assert strict.status(arn) == "CREATE FAILED"


def test_nobody_asks_by_default(account: Account) -> None:
    """Without `roles_enforced`, a role that does not exist is accepted."""
    dataset = account.dataset(account.group())

    assert account.imported(dataset, interactions_csv())["status"] == "ACTIVE"
