"""`emulator`: the server, and the commands for a running one."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from personalize_gitops.cli import run
from tests.emulator.account import INTERACTIONS, client
from tests.emulator.served import Served, serving
from tests.support.project import Project

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("--quota", "DatasetGroup=1") as running:
        yield running


@pytest.fixture
def command(served: Served, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs a command against the server and returns its output."""

    def ask(*words: str) -> Any:
        assert run(["emulator", *words, "--url", served.url]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_time_can_be_let_pass(served: Served, command: Command) -> None:
    """`advance` moves the clock: a creation that takes minutes is done."""
    personalize = client("personalize", served.url)
    arn = personalize.create_dataset_group(name="g")["datasetGroupArn"]
    before = command("advance", "0s")["now"]

    after = command("advance", "1d2h30m")["now"]

    assert after - before >= 26.5 * 3600
    assert personalize.describe_dataset_group(datasetGroupArn=arn)["datasetGroup"]["status"] == "ACTIVE"


def test_quotas_are_those_given(served: Served, command: Command) -> None:
    """`--quota` sets a quota, and `reset` removes the resources that count."""
    personalize = client("personalize", served.url)
    command("reset")
    personalize.create_dataset_group(name="first")

    with pytest.raises(personalize.exceptions.LimitExceededException, match="More than 1"):
        personalize.create_dataset_group(name="second")
    assert command("reset")["resources"] == {}


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (
            ["refuse", "ListSchemas", "--times", "3"],
            {
                "deed": "refuse",
                "target": "ListSchemas",
                "times": 3,
                "code": "ThrottlingException",
                "message": "Rate exceeded",
            },
        ),
        (["fail", "Solution/s", "--message", "no"], {"deed": "fail", "target": "Solution/s", "message": "no"}),
        (["lag", "ListSolutions", "--seconds", "2m"], {"deed": "lag", "target": "ListSolutions", "seconds": 120.0}),
        (
            ["meddle", "DescribeFilter", "--operation", "DeleteFilter", "--request", '{"filterArn": "a"}'],
            {
                "deed": "meddle",
                "target": "DescribeFilter",
                "operation": "DeleteFilter",
                "request": {"filterArn": "a"},
            },
        ),
        (["stick", "*"], {"deed": "stick", "target": "*"}),
    ],
)
def test_faults(command: Command, words: list[str], rule: dict[str, Any]) -> None:
    """Each fault can be added, shown and removed."""
    added = command("faults", *words)

    assert added["faults"] == command("faults")["faults"] == [rule]
    assert command("faults", "clear") == {"faults": []}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["faults", "fail"], "faults fail: TARGET is missing"),
        (["faults", "refuse", "X", "--times", "0"], "times must be a number from 1"),
        (["advance", "1w", "--url", "http://127.0.0.1:9"], "no emulator answers at http://127.0.0.1:9"),
        (["advance", "1w", "--url", "file:///etc/hosts"], 'invalid URL "file:///etc/hosts"'),
        (["serve", "--host", "256.0.0.1"], "cannot listen on 256.0.0.1:5555"),
    ],
)
def test_refused_commands(served: Served, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str) -> None:
    """A command that cannot be carried out exits with 1 and a message."""
    address = [] if "--url" in words or words[0] == "serve" else ["--url", served.url]
    handler = signal.getsignal(signal.SIGTERM)

    code = run(["emulator", *words, *address])

    signal.signal(signal.SIGTERM, handler)
    assert (code, complaint in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["advance", "soon"], 'invalid duration "soon"'),
        (["serve", "--speed", "0"], 'invalid speed "0": expected a number above 0, or instant'),
        (["serve", "--calls-per-second", "no"], 'invalid rate "no": expected a number above 0'),
        (["serve", "--quota", "Solution"], 'unknown quota "Solution"'),
        (["serve", "--quota", "Solution=many"], 'invalid value "many" of quota Solution'),
        (["faults", "meddle", "X", "--request", "{"], "invalid JSON"),
        (["faults", "meddle", "X", "--request", "[" * 100_000], "invalid JSON"),
        (["faults", "explode", "X"], "invalid choice"),
    ],
)
def test_invalid_options(capsys: pytest.CaptureFixture[str], words: list[str], complaint: str) -> None:
    """An invalid option is reported before anything happens."""
    code = run(["emulator", *words])

    told = capsys.readouterr().err
    assert (code, told.startswith("Error: "), complaint in told) == (1, True, True)


def _schemas(served: Served) -> list[str]:
    make: Any = boto3.client
    personalize = make(
        "personalize",
        region_name="us-east-1",
        endpoint_url=served.url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    return [schema["name"] for schema in personalize.list_schemas()["schemas"]]


def test_a_state_survives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clean stop saves everything, with the time of the clock; meanwhile a second server is refused."""
    state = str(tmp_path / "state")
    with serving("--state", state) as first:
        client("personalize", first.url).create_schema(name="kept", schema=INTERACTIONS)
        run(["emulator", "advance", "5w", "--url", first.url])
        then = json.loads(capsys.readouterr().out)["now"]
        second = run(["emulator", "serve", "--port", "0", "--state", state])
        complaint = capsys.readouterr().err
        code, words = first.end()
    with serving("--state", state) as again:
        run(["emulator", "advance", "0s", "--url", again.url])
        now = json.loads(capsys.readouterr().out)["now"]
        schemas = _schemas(again)

    assert (code, "Stopping." in words, schemas) == (0, True, ["kept"])
    assert now >= then
    assert (second, "another process is working with this state" in complaint) == (1, True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_is_a_clean_end() -> None:
    """Ctrl-C stops the server without a traceback."""
    with serving() as running:
        code, words = running.end(signal.SIGINT)

    assert (code, words.splitlines()[-1]) == (0, "Stopping.")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_change_is_saved_before_it_is_answered(tmp_path: Path) -> None:
    """What was answered survives a kill -9 immediately after the answer: resources, objects, faults."""
    state = str(tmp_path / "state")
    names: list[str] = []
    for number in range(3):
        with serving("--state", state) as running:
            assert _schemas(running) == names
            names.append(f"s{number}")
            client("s3", running.url).create_bucket(Bucket=f"bucket-{number}")
            client("s3", running.url).put_object(Bucket=f"bucket-{number}", Key="k", Body=b"x")
            client("personalize", running.url).create_schema(name=names[-1], schema=INTERACTIONS)
            running.end(signal.SIGKILL)

    with serving("--state", state) as last:
        assert _schemas(last) == names
        buckets = client("s3", last.url).list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in buckets] == ["bucket-0", "bucket-1", "bucket-2"]
        assert client("s3", last.url).get_object(Bucket="bucket-2", Key="k")["Body"].read() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_kill_among_many_requests(tmp_path: Path) -> None:
    """Every change that was answered to one of several clients survives a kill -9 at any time."""
    state, answered = str(tmp_path / "state"), set()
    with serving("--state", state) as running, ThreadPoolExecutor(6) as pool:
        client("s3", running.url).create_bucket(Bucket="data")

        def create(worker: int) -> None:
            for number in range(50):
                name = f"w{worker}-{number}"
                try:
                    if worker % 2:
                        client("personalize", running.url).create_schema(name=name, schema=INTERACTIONS)
                    else:
                        client("s3", running.url).put_object(Bucket="data", Key=name, Body=name.encode())
                except BotoCoreError:  # killed
                    return
                answered.add(name)
                if len(answered) == 60:
                    running.process.kill()

        list(pool.map(create, range(6)))

    with serving("--state", state) as again:
        objects = client("s3", again.url).list_objects_v2(Bucket="data")["Contents"]
        assert answered <= {*_schemas(again), *(entry["Key"] for entry in objects)}
    assert 60 <= len(answered) < 300


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_full_disk(tmp_path: Path) -> None:
    """A save that fails is an error of that request; the server goes on, and saves everything when it can again."""
    state = str(tmp_path / "state")
    with serving("--state", state) as running:
        personalize = client("personalize", running.url)
        personalize.create_schema(name="before", schema=INTERACTIONS)
        running.limit_files(0)
        for name in ("first", "second"):
            with pytest.raises(ClientError, match="in memory only and is not saved") as refused:
                personalize.create_schema(name=name, schema=INTERACTIONS)
            assert refused.value.response["Error"]["Code"] == "InternalFailure"
        meanwhile = _schemas(running)
        running.limit_files(-1)
        personalize.create_schema(name="after", schema=INTERACTIONS)
        running.end(signal.SIGKILL)

    with serving("--state", state) as again:
        assert meanwhile == ["before", "first", "second"]
        assert _schemas(again) == ["before", "first", "second", "after"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_an_end_that_cannot_save(tmp_path: Path) -> None:
    """A server that cannot save at its end says so in one sentence and leaves with 1."""
    with serving("--state", str(tmp_path / "state")) as running:
        running.limit_files(0)
        code, words = running.end()

    assert code == 1
    assert "Traceback" not in words
    assert words.splitlines()[-1].startswith(f"Error: {tmp_path / 'state'}: the state cannot be saved: ")


@pytest.mark.parametrize(
    ("option", "complaint"),
    [("--state", "{0}: the state cannot be saved: "), ("--log", "--log {0}: ")],
)
def test_files_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, complaint: str
) -> None:
    """A state or a log that cannot be written is told at the start, in one sentence."""
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "below"
    handler = signal.getsignal(signal.SIGTERM)

    code = run(["emulator", "serve", "--port", "0", option, str(place)])

    signal.signal(signal.SIGTERM, handler)
    told = capsys.readouterr().err
    assert (code, told.startswith(f"Error: {complaint.format(place)}"), len(told.splitlines())) == (1, True, 1)


def test_a_log_of_requests(tmp_path: Path) -> None:
    """`--log` adds a line for each request, and goes on after a restart."""
    log = tmp_path / "requests.log"
    for _ in range(2):
        with serving("--log", str(log)) as running:
            client("personalize", running.url).list_schemas()

    assert [line.split(" ")[1:] for line in log.read_text().splitlines()] == [
        ["123456789012", "us-east-1", "ListSchemas", "200", "-"]
    ] * 2


def test_time_passes_for_a_local_target(project: Project) -> None:
    """`advance --target` moves the time of the saved state, so that a run with `every` becomes due."""
    similar = (project.manifests / "similar.yaml").read_text()
    project.write("similar.yaml", similar.replace("kind: SolutionVersion", "kind: SolutionVersion\nrun: {every: 7d}"))
    project.run("apply", "--auto-approve")
    assert project.run("plan").code == 0

    advanced = project.run("emulator", "advance", "8d", "--target", "local")

    assert advanced.code == 0, advanced.err
    planned = project.run("plan", "--due")
    assert planned.code == 2
    assert "SolutionVersion/similar" in planned.out


def test_the_time_of_an_account_is_not_moved(project: Project) -> None:
    """A target in AWS is refused by name."""
    project.edit("project.yaml", "targets:", "targets:\n    far: {account: '123456789012', region: us-east-1}")

    refused = project.run("emulator", "advance", "1d", "--target", "far")

    assert refused.code == 1
    assert "target far is not on the embedded emulator" in refused.err


@pytest.mark.parametrize(
    ("target", "near"),
    [
        ("CreateSolutoin", 'did you mean "CreateSolution"?'),
        ("Campain", 'did you mean "Campaign"?'),
        ("Solutoin/rank", 'did you mean "Solution/rank"?'),
        ("Solution/", "expected an operation"),
        ("elephants", "expected an operation"),
    ],
)
def test_a_fault_that_could_never_happen(
    served: Served, capsys: pytest.CaptureFixture[str], target: str, near: str
) -> None:
    """A fault on an unknown operation or kind is refused: it would match no call."""
    code = run(["emulator", "faults", "fail", target, "--url", served.url])

    told = capsys.readouterr().err
    assert (code, f'unknown target "{target}"' in told, near in told) == (1, True, True)


def test_a_port_in_use_is_told_once(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """One line, with what to do."""
    port = served.url.rpartition(":")[2]

    code = run(["emulator", "serve", "--port", port])

    why = "the port is in use; choose another with --port"
    assert (code, capfd.readouterr().err) == (1, f"Error: cannot listen on 127.0.0.1:{port}: {why}\n")
