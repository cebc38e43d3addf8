"""The admin API of the server: health, time, faults, reset."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.host.server import Server

from .account import ROLE, Account, client
from .clock import Clock
from .refusals import refusal


@pytest.fixture
def served(clock: Clock) -> Iterator[tuple[Server, Account]]:
    emulator = Emulator(clock.now)
    with emulator.serve(port=0, advance=lambda seconds: clock.pass_time(seconds=seconds)) as server:
        yield server, Account(emulator, clock, server.url)


def ask(server: Server, method: str, path: str, content: Any = None) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON of a response."""
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(server.url + path, body, method=method)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_health(served: tuple[Server, Account]) -> None:
    """`/health` shows the time of the emulator and the number of its resources."""
    server, account = served
    account.schema()

    status, health = ask(server, "GET", "/health")

    assert (status, health["status"], health["now"]) == (200, "ok", account.clock.time)
    assert health["resources"] == {"123456789012": {"us-east-1": 1}}


def test_advancing(served: tuple[Server, Account]) -> None:
    """After `advance`, everything that was due in that time has happened."""
    server, account = served
    arn = account.personalize.create_dataset_group(name="g")["datasetGroupArn"]

    ask(server, "POST", "/emulator/advance", {"seconds": 7200})

    assert account.status(arn) == "ACTIVE"


def test_resetting(served: tuple[Server, Account]) -> None:
    """`reset` removes resources, faults, buckets and roles."""
    server, account = served
    account.schema()
    account.s3.create_bucket(Bucket="data")
    client("iam", server.url).create_role(RoleName="r", AssumeRolePolicyDocument='{"Statement": []}')
    account.emulator.faults.throttle()

    status, health = ask(server, "POST", "/emulator/reset")

    assert (status, health["resources"], health["faults"]) == (200, {}, 0)
    assert account.personalize.list_schemas()["schemas"] == account.s3.list_buckets()["Buckets"] == []
    assert client("iam", server.url).list_roles()["Roles"] == []


def test_faults(served: tuple[Server, Account]) -> None:
    """Faults can be added one by one or together, listed, and removed."""
    server, account = served
    rules = [
        {"deed": "refuse", "target": "ListSchemas"},
        {"deed": "fail", "target": "DatasetGroup/g", "message": "no", "times": 2},
    ]

    ask(server, "POST", "/emulator/faults", rules[0])
    ask(server, "POST", "/emulator/faults", {"faults": rules[1:]})

    assert ask(server, "GET", "/emulator/faults")[1]["faults"] == [
        {"deed": "refuse", "target": "ListSchemas", "code": "ThrottlingException", "message": "Rate exceeded"},
        rules[1],
    ]
    assert refusal(account.personalize.list_schemas)[0] == "Throttling"
    assert ask(server, "DELETE", "/emulator/faults") == (200, {"faults": []})


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "words"),
    [
        ("GET", "/emulator/nothing", None, 404, "not found: GET /emulator/nothing"),
        ("POST", "/emulator/advance", {"seconds": -1}, 400, "from 0 to"),
        ("POST", "/emulator/advance", {"seconds": "2h"}, 400, "'2h'"),
        ("POST", "/emulator/advance", [2], 400, "JSON object"),
        ("POST", "/emulator/faults", {"deed": "explode", "target": "x"}, 400, "deed must be one of fail"),
        ("POST", "/emulator/faults", {"deed": "fail"}, 400, "target is missing"),
        ("POST", "/emulator/faults", {"deed": "fail", "target": "x", "often": 3}, 400, "unknown field often"),
        ("POST", "/emulator/faults", {"deed": "fail", "target": "x", "times": 0}, 400, "times must be"),
        ("POST", "/emulator/faults", {"deed": "lag", "target": "x", "seconds": -1}, 400, "seconds must be"),
        ("POST", "/emulator/faults", {"deed": "fail", "target": 7}, 400, "wrong type"),
        ("POST", "/emulator/faults", {"faults": 7}, 400, "list of objects"),
    ],
)
def test_invalid_requests(
    served: tuple[Server, Account], method: str, path: str, content: Any, status: int, words: str
) -> None:
    """An unknown path and an invalid request are answered with an error in JSON."""
    answered, problem = ask(served[0], method, path, content)

    assert (answered, words in problem["message"]) == (status, True)


def test_a_clock_that_cannot_be_moved(clock: Clock) -> None:
    """`advance` is refused if the server was started without a way to move its clock."""
    with Emulator(clock.now).serve(port=0) as server:
        status, problem = ask(server, "POST", "/emulator/advance", {"seconds": 1})

    assert (status, problem["message"]) == (400, "the clock of this emulator cannot be moved from here")


def test_accounts_over_http(served: tuple[Server, Account]) -> None:
    """Whoever assumed a role of another account works in that one, beside the default account."""
    from .account import assumed

    server, account = served
    role = "arn:aws:iam::210987654321:role/deploy"
    credentials = client("sts", server.url).assume_role(RoleArn=role, RoleSessionName="ci-run")["Credentials"]
    elsewhere = assumed("personalize", credentials, server.url)
    account.schema("mine")

    group = elsewhere.create_dataset_group(name="g", tags=[{"tagKey": "a", "tagValue": "b"}])["datasetGroupArn"]

    tagging = assumed("resourcegroupstaggingapi", credentials, server.url)
    assert group == "arn:aws:personalize:us-east-1:210987654321:dataset-group/g"
    assert elsewhere.list_schemas()["schemas"] == []
    assert [found["ResourceARN"] for found in tagging.get_resources()["ResourceTagMappingList"]] == [group]
    assert account.emulator.counts() == {"123456789012": {"us-east-1": 1}, "210987654321": {"us-east-1": 1}}
    assert ROLE not in group


def test_a_bucket_can_have_the_name_of_an_admin_path(served: tuple[Server, Account]) -> None:
    """A request signed for S3 goes to S3, even if its path is one of the admin API."""
    _, account = served
    account.s3.create_bucket(Bucket="emulator")

    account.s3.put_object(Bucket="emulator", Key="faults", Body=b"x")

    assert account.s3.get_object(Bucket="emulator", Key="faults")["Body"].read() == b"x"


@pytest.mark.parametrize(
    ("path", "target", "body"),
    [
        ("/", "AmazonPersonalize.ListSchemas", b"[" * 100_000),
        ("/", "AmazonPersonalize.ListSchemas", b"\xff\xfe"),
        ("/", "AmazonPersonalize.ListSchemas", b'{"maxResults": NaN}'),
        ("/", "AmazonPersonalize.Nothing", b"{}"),
        ("/", "", b"{}"),
        ("/nowhere", "", b""),
        ("/events", "", b"null"),
        ("/recommendations", "", b'{"campaignArn": 1e999}'),
    ],
)
def test_no_request_gets_html(served: tuple[Server, Account], path: str, target: str, body: bytes) -> None:
    """Malformed requests for the service are answered with a client error in JSON, never with HTML."""
    scope = "Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/personalize/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "X-Amz-Target": target}
    request = urllib.request.Request(served[0].url + path, body, headers, method="POST")  # noqa: S310

    with pytest.raises(HTTPError) as caught, urllib.request.urlopen(request):  # noqa: S310
        pass

    with caught.value as answer:
        assert answer.code in (400, 404)
        assert json.load(answer)["__type"].endswith("Exception")
