"""`--output ndjson` streams the events of an apply; `--output json` reports it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from tests.support.project import Project, Result
from tests.support.served import Served, served

SCHEMA = json.loads(files("personalize_gitops").joinpath("schemas/events.json").read_text())
Event = dict[str, Any]


def lines_of(text: str) -> list[Event]:
    """Return the lines of a stream. Fails the test if one does not fit the schema, or is out of order."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        jsonschema.Draft202012Validator(SCHEMA).validate(line)
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert [lines[0]["type"], lines[-1]["type"]] == ["begin", "end"]
    assert {line["type"] for line in lines[1:-1]} <= {"step"}
    return lines


def apply(project: Project, *options: str) -> Result:
    return project.run("apply", "--target", "local", "--auto-approve", *options)


def test_every_event_is_a_line(project: Project) -> None:
    """Stdout has one JSON document a line: what is applied, each event of each step, and how it ended."""
    result = apply(project, "--output", "ndjson")

    first, *events, last = lines_of(result.out)
    assert result.code == 0
    assert (first["project"], first["simulated"]) == ("movielens", True)
    campaign = [event for event in events if event["address"] == "Campaign/for-you"]
    assert [campaign[0]["event"], campaign[-1]["event"]] == ["begun", "done"]
    assert campaign[0]["expectedSeconds"] == 540
    assert {event["event"] for event in campaign[1:-1]} == {"waiting"}
    assert campaign[-1]["arn"].endswith(":campaign/for-you")
    assert last["done"] == last["total"] == first["total"] == len({event["address"] for event in events})
    assert last["exitCode"] == 0
    assert "Campaign/for-you" in result.err  # a person can still follow


def test_a_file_beside_text(project: Project) -> None:
    """The stream can go to a file; stdout keeps the text, and a second apply has only a beginning and an end."""
    first = apply(project, "--output", "text", "--output", "ndjson=events.ndjson")
    stream = lines_of((project.folder / "events.ndjson").read_text())
    apply(project, "--output", "ndjson=events.ndjson")

    assert first.out.endswith("time is simulated.\n")
    assert len(stream) > 2
    assert len(lines_of((project.folder / "events.ndjson").read_text())) == 2


def test_the_run_report(project: Project) -> None:
    """JSON has, for each step, when it began and ended, and how long it was expected to take and took."""
    result = apply(project, "--output", "json")

    report = json.loads(result.out)
    steps = {step["address"]: step for step in report["steps"]}
    training = steps["SolutionVersion/for-you"]
    assert report["done"] == report["total"] == len(report["steps"])
    assert training["expectedSeconds"] == 2100
    assert 2100 <= training["seconds"] < 2300
    assert report["begunAt"] <= training["begunAt"] < training["endedAt"] <= report["endedAt"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A project of two dataset groups on a served emulator."""
    with served(tmp_path, monkeypatch) as found:
        groups = [f"kind: DatasetGroup\nname: {name}\nspec: {{}}\n" for name in ("one", "two")]
        found.project.write("groups.yaml", "---\n".join(groups))
        yield found


def test_request_ids(shop: Served) -> None:
    """A call that was accepted and one that failed carry the service's id of the request; they are all different."""
    shop.emulator.faults.refuse("CreateDatasetGroup", "InvalidInputException", "no")

    result = shop.project.run("apply", "--auto-approve", "--no-wait", "--output", "ndjson")

    _, *events, last = lines_of(result.out)
    called = [event for event in events if event["event"] in ("begun", "failed")]
    assert sorted(event["event"] for event in called) == ["begun", "failed"]
    assert all(event["requestId"] for event in called)
    assert len({event["requestId"] for event in called}) == 2
    assert (last["done"], last["total"], last["exitCode"]) == (0, 2, 10)


def test_problems_of_manifests(shop: Served) -> None:
    """Invalid manifests are told on stderr; a stream that never began has no line."""
    shop.project.write("bad.yaml", "kind: Nothing\nname: x\nspec: {}\n")

    result = shop.project.run("apply", "--auto-approve", "--output", "ndjson")

    assert (result.code, result.out) == (3, "")
    assert "Nothing" in result.err


def test_other_commands_do_not_stream(shop: Served) -> None:
    """Only apply and destroy have events."""
    result = shop.project.run("plan", "--output", "ndjson")

    assert result.code == 1
    assert "expected text or json" in result.err
    assert shop.project.run("destroy", "--auto-approve", "--output", "ndjson").code == 0


def test_a_stream_that_breaks_stops_nothing(project: Project) -> None:
    """If the file of the stream cannot be written any more, the apply goes on; the error is told at its end."""
    result = apply(project, "--output", "ndjson=/dev/full")

    assert result.code == 1
    assert "/dev/full cannot be written: No space left on device" in result.err
    assert "Applied: " in result.err
    assert project.run("plan", "--target", "local").code == 0
