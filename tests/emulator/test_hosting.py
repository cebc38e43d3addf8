"""How clients reach the emulator: in this process, and over HTTP."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from personalize_gitops.emulator import Emulator

from .account import Account, client, interactions_csv
from .clock import Clock
from .refusals import refusal


def test_importing_is_cheap() -> None:
    """Neither moto nor botocore is imported before an emulator starts."""
    heavy = "{'moto', 'boto3', 'botocore'}"
    code = f"import sys; from personalize_gitops.emulator import *; Emulator(float); print({heavy} & set(sys.modules))"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "set()"


def test_accounts(clock: Clock) -> None:
    """The account is in every ARN and in the caller's identity."""
    with Emulator(clock.now, account="210987654321").started() as emulator:
        arn = Account(emulator, clock).schema()
        identity = client("sts").get_caller_identity()

    assert arn == "arn:aws:personalize:us-east-1:210987654321:schema/interactions"
    assert identity["Account"] == "210987654321"


def test_one_after_the_other(clock: Clock) -> None:
    """An emulator does not share state with one that was started before."""
    for _ in range(2):
        with Emulator(clock.now).started() as emulator:
            account = Account(emulator, clock)
            emulator.put_bucket("mine", {"a": "1"})
            assert account.group()

    with Emulator(clock.now).started() as emulator:
        assert client("s3").list_buckets()["Buckets"] == []


def test_one_inside_the_other(clock: Clock) -> None:
    """The inner of two nested emulators answers, with its own state; afterwards the outer one does."""
    outer, inner = Emulator(clock.now), Emulator(clock.now)
    with outer.started():
        Account(outer, clock).schema("outer")
        outer.put_bucket("outer")
        with inner.started():
            inside = client("personalize").list_schemas()["schemas"], client("s3").list_buckets()["Buckets"]
        after = client("personalize").list_schemas()["schemas"], client("s3").list_buckets()["Buckets"]

    assert inside == ([], [])
    assert [len(listed) for listed in after] == [1, 1]


def test_started_again(clock: Clock) -> None:
    """An emulator that is started a second time has its state, with objects written by clients."""
    emulator = Emulator(clock.now)
    with emulator.started():
        Account(emulator, clock).schema()
        client("s3").create_bucket(Bucket="written")
        client("s3").put_object(Bucket="written", Key="k", Body=b"v")

    with emulator.started():
        assert client("s3").get_object(Bucket="written", Key="k")["Body"].read() == b"v"
        assert len(client("personalize").list_schemas()["schemas"]) == 1


def test_regions_are_apart(account: Account) -> None:
    """Regions do not share resources, and a region without the service cannot be reached."""
    account.schema()
    elsewhere, nowhere = client("personalize", region="eu-west-1"), client("personalize", region="eu-north-1")

    assert elsewhere.list_schemas()["schemas"] == []
    with pytest.raises(EndpointConnectionError):
        nowhere.list_schemas()


def test_directories_as_buckets(account: Account, tmp_path: Path) -> None:
    """A bucket can be created from a directory, without hidden files, and replaces an existing bucket."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.csv").write_text("1")
    (tmp_path / ".hidden").write_text("2")
    account.emulator.put_bucket("files", {"old": "x"})

    account.emulator.put_bucket("files", tmp_path)

    listed = account.s3.list_objects_v2(Bucket="files")["Contents"]
    assert [entry["Key"] for entry in listed] == ["deep/a.csv"]


def test_many_at_once(account: Account) -> None:
    """Requests from many threads are carried out one at a time, and none is lost."""
    with ThreadPoolExecutor(8) as pool:
        arns = list(pool.map(lambda number: account.schema(f"s{number}"), range(40)))

    assert len({*arns}) == len(account.personalize.list_schemas()["schemas"]) == 40


def test_over_http(clock: Clock) -> None:
    """boto3 with an endpoint URL uses the same service and S3, and can parse its errors."""
    emulator = Emulator(clock.now)
    with emulator.serve(port=0) as server:
        account = Account(emulator, clock, server.url)
        dataset = account.dataset(account.group())
        account.s3.create_bucket(Bucket="uploads")
        account.s3.put_object(Bucket="uploads", Key="in.csv", Body=interactions_csv())
        job = account.imported(dataset, interactions_csv())
        unknown = refusal(account.personalize.describe_campaign, campaignArn=f"{dataset}x")
        events = refusal(
            client("personalize-events", server.url).put_users,
            datasetArn=f"{dataset}x",
            users=[{"userId": "u"}],
        )

    assert job["status"] == "ACTIVE"
    assert (unknown[0], events[0]) == ("ResourceNotFound", "ResourceNotFound")
    assert emulator.objects.all()["uploads"].content["in.csv"].startswith(b"USER_ID")


def test_connections_are_kept(clock: Clock) -> None:
    """A client sends one request after the other over the same connection; HEAD has a length and no content."""
    with Emulator(clock.now).serve(port=0) as server:
        s3 = client("s3", server.url)
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="key", Body=b"content", ACL="public-read")
        with closing(HTTPConnection(server.host, server.port)) as connection:
            connection.connect()
            first = connection.sock
            found = []
            for method in ("HEAD", "GET", "HEAD"):
                connection.request(method, "/bucket/key")
                response = connection.getresponse()
                found.append((response.status, response.getheader("Content-Length"), response.read()))

            assert connection.sock is first

    assert found == [(200, "7", b""), (200, "7", b"content"), (200, "7", b"")]
