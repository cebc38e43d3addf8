"""Requests that no AWS client sends: malformed HTTP, texts that are nested deeply, and pages of other origins."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.host.server import Server

from .account import INTERACTIONS, Account, client
from .clock import Clock
from .refusals import refusal

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/{}/aws4_request"}
PERSONALIZE = {
    "X-Amz-Target": "AmazonPersonalize.ListSchemas",
    "Authorization": SIGNED["Authorization"].format("personalize"),
}
S3 = {"Authorization": SIGNED["Authorization"].format("s3")}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "requests.log"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Emulator(Clock().now).serve(port=0) as running:
        yield running


@pytest.fixture
def logged(clock: Clock, log: Path) -> Iterator[Server]:
    """A server with a log of requests."""
    with Emulator(clock.now).serve(port=0, log=log) as running:
        yield running


def send(server: Server, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, str, str]:
    """Send a request as it is and close this side; return status, headers and body of the response."""
    fields = {"Host": f"127.0.0.1:{server.port}", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    with socket.create_connection((server.host, server.port), timeout=20) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
    first, _, content = received.decode().partition("\r\n\r\n")
    return int(first.split()[1]), first, content


@pytest.mark.parametrize("length", ["x", "-1", "+2", "1_0", "0x2", "2.0", "9" * 30, "99999999999999999", "5", "2, 2"])
@pytest.mark.parametrize(
    ("method", "path", "headers", "form"),
    [
        ("POST", "/", PERSONALIZE, '"__type": "InvalidInputException"'),
        ("POST", "/events", {}, '"__type": "InvalidInputException"'),
        ("PUT", "/bucket/key", S3, "<Code>InvalidRequest</Code>"),
        ("POST", "/emulator/faults", {}, '{"message": '),
    ],
    ids=["control", "events", "s3", "admin"],
)
def test_lengths(server: Server, method: str, path: str, headers: Mapping[str, str], form: str, length: str) -> None:
    """A Content-Length that is no number, too large or not that of the body is answered with 400 in JSON or XML."""
    status, head, body = send(server, method, path, {**headers, "Content-Length": length}, b"{}")

    assert (status, form in body) == (400, True)
    assert "Connection: close" in head


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/emulator/faults", {"Host": "evil.example"}),
        ("/emulator/faults", {"Origin": "http://evil.example"}),
        ("/emulator/nothing", {}),
        ("/nothing", {}),
        ("/", {"X-Amz-Target": "Nothing.Nothing"}),
        ("/bucket/key", {}),
        ("/emulator/faults", {"Content-Length": "x"}),
        ("/emulator/faults", {"Content-Length": "1"}),
    ],
)
def test_a_body_is_not_the_next_request(server: Server, path: str, headers: Mapping[str, str]) -> None:
    """A request in the body of another one is never carried out, also if the outer one is refused."""
    client("s3", server.url).create_bucket(Bucket="mine")
    inner = f"POST /emulator/reset HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: 0\r\n\r\n"

    send(server, "POST", path, headers, inner.encode())

    assert client("s3", server.url).list_buckets()["Buckets"]


def test_a_short_object(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """An upload that ends early is refused, and no traceback is printed."""
    client("s3", server.url).create_bucket(Bucket="bucket")

    status, _, _ = send(server, "PUT", "/bucket/key", {**S3, "Content-Length": "100"}, b"abc")

    assert status == 400
    assert "Traceback" not in capfd.readouterr().err
    assert client("s3", server.url).list_objects_v2(Bucket="bucket")["KeyCount"] == 0


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}", b"-2\r\n{}\r\n0\r\n\r\n"])
def test_malformed_chunks(server: Server, chunks: bytes) -> None:
    """A body in chunks that are malformed or incomplete is answered with 400."""
    headers = {**PERSONALIZE, "Transfer-Encoding": "chunked", "Content-Length": ""}

    assert send(server, "POST", "/", headers, chunks)[0] == 400


def test_chunks(server: Server) -> None:
    """A body in chunks is read like any other."""
    headers = {**PERSONALIZE, "Transfer-Encoding": "chunked", "Content-Length": ""}

    assert send(server, "POST", "/", headers, b"2\r\n{}\r\n0\r\n\r\n")[2] == '{"schemas": []}'


DEPTHS = [65, 200, 900, 100_000]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("nested", ["[{}]", '{{"a": {}}}'], ids=["list", "object"])
@pytest.mark.parametrize(
    ("path", "headers", "form"),
    [("/", PERSONALIZE, "__type"), ("/emulator/faults", {}, "message")],
    ids=["api", "admin"],
)
def test_deep_json(server: Server, path: str, headers: Mapping[str, str], form: str, nested: str, depth: int) -> None:
    """JSON that is nested deeply is answered with 400, wherever it is and however deep."""
    before, after = nested.format("|").split("|")
    deep = before * depth + "1" + after * depth
    bodies = [deep, f'{{"deed": "meddle", "target": "*", "operation": "ListSchemas", "request": {{"a": {deep}}}}}']

    for body in bodies:
        status, _, content = send(server, "POST", path, headers, body.encode())

        assert (status, form in json.loads(content)) == (400, True)


@pytest.mark.parametrize("service", ["tagging", "cloudtrail"])
def test_deep_json_of_other_services(server: Server, capfd: pytest.CaptureFixture[str], service: str) -> None:
    """The same for the services that moto answers, and no traceback is printed."""
    names = {
        "tagging": "ResourceGroupsTaggingAPI_20170126.GetResources",
        "cloudtrail": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
    }
    signed = {"Authorization": SIGNED["Authorization"].format(service)}
    headers = {"X-Amz-Target": names[service], "Content-Type": "application/x-amz-json-1.1", **signed}

    status, _, content = send(server, "POST", "/", headers, b"[" * 100_000 + b"]" * 100_000)

    assert (status, json.loads(content)["__type"]) == (400, "InvalidInputException")
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("depth", DEPTHS)
def test_deep_texts_in_requests(clock: Clock, depth: int) -> None:
    """Texts in a request that are nested deeply are invalid input: schemas, properties, expressions, tokens."""
    emulator = Emulator(clock.now)
    with emulator.started():
        account = Account(emulator, clock)
        group = account.group()
        account.dataset(group)
        tracker = account.personalize.create_event_tracker(name="t", datasetGroupArn=group)["trackingId"]
        account.settle()
        deep = "[" * depth + "]" * depth
        expression = f'INCLUDE ItemID WHERE {"(" * depth}Interactions.EVENT_TYPE IN ("a"){")" * depth}'
        event = {"eventType": "a", "sentAt": clock.time, "itemId": "i", "properties": deep}

        refusals = [
            refusal(account.personalize.create_schema, name="s", schema=deep[:10_000]),
            refusal(
                account.personalize.create_filter, name="f", datasetGroupArn=group, filterExpression=expression[:2500]
            ),
            refusal(account.personalize.list_schemas, nextToken=deep[:1500]),
        ]
        if depth < 500:
            put = client("personalize-events").put_events
            refusals.append(refusal(put, trackingId=tracker, sessionId="s", userId="u", eventList=[event]))

    assert {code for code, *_ in refusals} <= {"InvalidInput", "InvalidNextToken"}


HOSTS = {
    "localhost": True,
    "LOCALHOST:5555": True,
    "shop.localhost": True,
    "127.0.0.1:80": True,
    "127.1.2.3": True,
    "[::1]:5555": True,
    "": True,
    "evil.example": False,
    "localhost.evil.example": False,
    "127.0.0.1.nip.io:5555": False,
    "192.168.1.5": False,
    "[::1": False,
    "localhost:x": False,
    "a@evil.example": False,
}


@pytest.mark.parametrize("path", ["/emulator/reset", "/emulator/faults", "/moto-api/reset"])
@pytest.mark.parametrize(("host", "allowed"), HOSTS.items())
def test_hosts(server: Server, path: str, host: str, allowed: bool) -> None:
    """A request that controls the emulator is refused if it was sent to a name that is not the emulator's."""
    client("s3", server.url).create_bucket(Bucket="mine")
    body = b'{"deed": "stick", "target": "Campaign"}'

    status, _, answer = send(server, "POST", path, {"Host": host}, body)

    assert (status == 200) == allowed, answer
    if not allowed:
        assert (status, "is not an address of the emulator" in json.loads(answer)["message"]) == (403, True)
        assert client("s3", server.url).list_buckets()["Buckets"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:{port}", True),
        ("http://127.0.0.1:{port}", True),
        ("http://localhost", False),
        ("http://localhost:1", False),
        ("http://evil.example", False),
        ("http://evil.example:{port}", False),
        ("file://localhost:{port}", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_origins(server: Server, origin: str, allowed: bool) -> None:
    """A request of a web page is refused, unless the page is the emulator's own."""
    status, _, answer = send(server, "DELETE", "/emulator/faults", {"Origin": origin.format(port=server.port)})

    assert status == (200 if allowed else 403)
    assert allowed or json.loads(answer)["message"] == "web pages of other origins cannot control the emulator"


@pytest.mark.parametrize(
    ("listening_on", "host", "allowed"),
    [("0.0.0.0", "192.168.1.5", True), ("0.0.0.0", "evil.example", False), ("localhost", "localhost", True)],  # noqa: S104
)
def test_the_address_that_a_server_listens_on(clock: Clock, listening_on: str, host: str, allowed: bool) -> None:
    """Beside loopback names, a server accepts the address it listens on: on every address, any number but no name."""
    with Emulator(clock.now).serve(listening_on, 0) as server:
        server.host = "127.0.0.1"

        status, _, _ = send(server, "POST", "/emulator/reset", {"Host": host})

    assert (status == 200) == allowed


def test_the_log(logged: Server, log: Path, clock: Clock) -> None:
    """The log has a line for each request, with its time, account, region, operation, status and error code."""
    account = Account(Emulator(clock.now), clock, logged.url)
    account.schema()
    refusal(account.schema)
    client("personalize", logged.url, "eu-west-1").list_schemas()
    account.s3.create_bucket(Bucket="data")
    refusal(account.s3.get_object, Bucket="data", Key="no thing")
    client("resourcegroupstaggingapi", logged.url).get_resources()
    send(logged, "GET", "/health", {})

    assert log.read_text().splitlines() == [
        f"2025-06-15T15:06:40.000Z {line}"
        for line in (
            "123456789012 us-east-1 CreateSchema 200 -",
            "123456789012 us-east-1 CreateSchema 400 ResourceAlreadyExistsException",
            "123456789012 eu-west-1 ListSchemas 200 -",
            "123456789012 us-east-1 s3:PUT:/data 200 -",
            r"123456789012 us-east-1 s3:GET:/data/no\x20thing 404 NoSuchKey",
            "123456789012 us-east-1 GetResources 200 -",
            "- - GET:/health 200 -",
        )
    ]


def test_the_log_has_neither_secrets_nor_forged_lines(logged: Server, log: Path) -> None:
    """A line has no credentials, query or body, and what would begin a line or control a terminal is escaped."""
    target = {"X-Amz-Target": "AmazonPersonalize.\x1b[31mEvil\x7f\x85 \\"}
    send(logged, "POST", "/", {**PERSONALIZE, **target, "X-Amz-Security-Token": "token"}, b'{"name": "body"}')
    send(logged, "GET", "/a%0A2026%1B%E2%80%A8?X-Amz-Signature=secret", {})
    send(logged, "GET", "/" + "x" * 5000, {})

    text = log.read_text()
    assert text.isascii()
    assert [line.isprintable() for line in text.splitlines()] == [True] * 3
    assert r"\x1b[31mEvil\x7f\x85\x20\\ 404 UnknownOperationException" in text
    assert all(secret not in text for secret in ("AKIA", "token", "secret", "body", "Signature"))
    assert max(map(len, text.splitlines())) < 500


def test_a_log_that_cannot_be_written(clock: Clock, tmp_path: Path) -> None:
    """A full disk ends the log, not the server."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("a device of Linux")
    with Emulator(clock.now).serve(port=0, log=full) as running:
        created = client("personalize", running.url).create_schema(name="s", schema=INTERACTIONS)

    assert created["schemaArn"]
    assert not [*tmp_path.iterdir()]
