"""`recommend`: what campaigns answer, before and after events, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.model.address import Address
from personalize_gitops.model.recommendations import Answer, Question, Recommended
from personalize_gitops.model.reports import RecommendReport
from personalize_gitops.render.formats import Format, render_report
from tests.support.movies import write_data
from tests.support.project import Project, Result
from tests.support.served import Served
from tests.support.shop import MANIFESTS
from tests.support.world import START, World, emulated

SCHEMA = json.loads(files("personalize_gitops").joinpath("schemas/recommend.json").read_text())

TRACKER = """---
kind: EventTracker
name: website
spec: {datasetGroup: shop}
"""


def ask(project: Project, *arguments: str) -> Result:
    """Ask, with the text as result."""
    return project.run("recommend", *arguments)


def answer(project: Project, *arguments: str) -> dict[str, Any]:
    """Ask, with the JSON document as result; it fits its schema."""
    result = ask(project, *arguments, "--output", "json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(found, SCHEMA)
    return found


def ids(project: Project, *arguments: str) -> list[str]:
    """Ask, with the ids of the results."""
    return [each["id"] for each in answer(project, *arguments)["results"]]


def test_what_to_watch(cinema: Project) -> None:
    """A user gets ranks, ids, scores and the columns of the Items dataset."""
    lines = ask(cinema, "Campaign/for-you", "--user", "p0", "--num", "3").out.splitlines()

    assert lines[0] == "Campaign/for-you for user p0"
    assert lines[1].split() == ["RANK", "ID", "SCORE", "TITLE", "GENRES", "YEAR"]
    assert [line.split()[0] for line in lines[2:]] == ["1", "2", "3"]
    assert all(" Movie " in line and " Comedy " in line for line in lines[2:])


def test_columns_where_the_service_returns_none(cinema: Project) -> None:
    """A campaign without metadata in its answers shows the columns that the embedded emulator has imported."""
    found = answer(cinema, "Campaign/similar", "--item", "m0", "--num", "2")["results"]

    assert [each["score"] for each in found] == [None, None]
    assert all(each["columns"]["TITLE"] == f"Movie {each['id'][1:]}" for each in found)


def test_rankings(cinema: Project) -> None:
    """The items of a list are ranked for the user, who watches comedies."""
    found = ids(cinema, "Campaign/order", "--user", "p0", "--items", "m61,m60,m63,m62")

    assert sorted(found[:2]) == ["m60", "m62"]


def test_actions(cinema: Project) -> None:
    """A campaign for actions answers with their ids and scores."""
    found = answer(cinema, "Campaign/offers", "--user", "p0", "--num", "3")["results"]

    assert {each["id"][0] for each in found} == {"a"}
    assert all(each["score"] is not None and each["columns"] == {} for each in found)


def test_a_recommender(cinema: Project) -> None:
    """A recommender answers; its group has no Items dataset, so there are no columns."""
    lines = ask(cinema, "Recommender/top", "--user", "p0", "--num", "2").out.splitlines()

    assert lines[0] == "Recommender/top for user p0"
    assert (lines[1].split(), len(lines)) == (["RANK", "ID"], 4)


def test_an_unknown_user_is_no_error(cinema: Project) -> None:
    """A user without data gets an answer; so does everybody from a recipe that needs no user."""
    assert len(ids(cinema, "Campaign/for-you", "--user", "nobody")) == 25
    assert len(ids(cinema, "Campaign/popular", "--num", "4")) == 4


def test_a_filter_with_values(cinema: Project) -> None:
    """A value is quoted for the service; several values of a parameter are one list."""
    asked = ("Campaign/for-you", "--user", "p1", "--num", "40", "--filter", "by-genre")

    comedies = ids(cinema, *asked, "--value", "GENRE=Comedy")
    both = ids(cinema, *asked, "--value", "GENRE=Comedy", "--value", "GENRE=War")

    assert {int(id_[1:]) % 2 for id_ in comedies} == {0}
    assert {int(id_[1:]) % 2 for id_ in both} == {0, 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Solution/for-you"], "Solution/for-you: expected Campaign/name or Recommender/name"),
        (["Campaign/for-yu", "--user", "p0"], 'did you mean "Campaign/for-you"?'),
        (["Campaign/for-you"], "--user: required by recipe aws-user-personalization-v2"),
        (["Campaign/similar"], "--item: required by recipe aws-similar-items"),
        (["Campaign/order", "--user", "p0"], "--items: required by recipe aws-personalized-ranking"),
        (["Campaign/popular", "--items", "m1"], "--items: not used by recipe aws-popularity-count"),
        (["Campaign/popular", "--filter", "by-gnre"], 'did you mean "by-genre"?'),
        (["Campaign/popular", "--filter", "by-genre"], "the filter needs a value for $GENRE; pass --value GENRE=VALUE"),
        (["Campaign/popular", "--value", "GENRE=x"], "--value: values are for a filter; pass --filter NAME too"),
        (
            ["Campaign/popular", "--user", "p0", "--filter", "not-seen", "--value", "A=x"],
            "the filter has no parameter $A",
        ),
        (["Recommender/top", "--user", "p0", "--event", "Watch:m1"], "the dataset group has no ACTIVE event tracker"),
        (["Campaign/popular", "--event", "watch:m1"], "--event: an event needs a user or a session"),
        (["Campaign/popular", "--event", "watch"], 'invalid event "watch": expected e.g. watch:50'),
        (["Campaign/popular", "--num", "0"], 'invalid number "0"'),
        (["Campaign/popular", "--value", "GENRE"], 'invalid value "GENRE": expected e.g. GENRE=Comedy'),
    ],
)
def test_questions_that_do_not_fit(cinema: Project, arguments: list[str], words: str) -> None:
    """A question that cannot be answered ends with a sentence and what to do, and code 1."""
    result = ask(cinema, *arguments)

    assert (result.code, result.out) == (1, "")
    assert words in result.err
    assert len(result.err.splitlines()) == 1


def test_before_it_exists(project: Project) -> None:
    """Before an apply, and while it trains, the answer is that there is no campaign yet, and why; nor are metrics."""
    first = ask(project, "Campaign/for-you", "--user", "p0").err
    project.run("apply", "--auto-approve", "--deadline", "20m")
    second = ask(project, "Campaign/for-you", "--user", "p0").err
    metrics = project.run("metrics", "SolutionVersion/for-you").err

    assert first == "Error: Campaign/for-you: not created yet; `personalize-gitops apply` creates it\n"
    assert "not created yet: SolutionVersion/for-you is still training (CREATE IN_PROGRESS); ask again" in second
    assert "SolutionVersion/for-you: not ready: CREATE IN_PROGRESS; ask again" in metrics


def test_a_stopped_recommender(cinema: Project) -> None:
    """A recommender that is stopped is not asked; the answer is how to start it."""
    only = ("apply", "--auto-approve", "--only", "Recommender/top")
    cinema.edit("more.yaml", "recipe: aws-vod-top-picks", "recipe: aws-vod-top-picks, state: stopped")
    cinema.run(*only)

    result = ask(cinema, "Recommender/top", "--user", "p0")

    cinema.edit("more.yaml", "state: stopped", "state: running")
    assert cinema.run(*only).code == 0
    assert result.err == "Error: Recommender/top: stopped; set `state: running` in its document and apply\n"


def test_events_change_the_next_answer(cinema: Project) -> None:
    """An unknown user who watches dramas gets dramas; the events stay for the next command."""
    asked = ("Campaign/for-you", "--user", "newcomer", "--num", "10")
    before = ids(cinema, *asked)

    result = answer(cinema, *asked, "--event", "watch:m1", "--event", "watch:m3=4.5", "--event", "like:m5")

    after = [each["id"] for each in result["results"]]
    dramas = [sum(int(id_[1:]) % 2 for id_ in found) for found in (before, after)]
    assert dramas[1] > dramas[0]
    assert after == ids(cinema, *asked)
    assert result["question"]["events"][1] == {"type": "watch", "item": "m3", "value": 4.5}
    assert "after 1 event" in ask(cinema, *asked, "--event", "watch:m7").out


def test_an_anonymous_session(cinema: Project) -> None:
    """A session without a user is asked as an anonymous user."""
    asked = ("Campaign/for-you", "--session", "tab-1", "--num", "10", "--event")

    found = ids(cinema, *asked, "watch:m1", "--event", "watch:m3", "--event", "watch:m5")

    assert sum(int(id_[1:]) % 2 for id_ in found) > 5


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """An account behind HTTP, as AWS is, to which the small shop is applied."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    clock, project = SimulatedClock(START), Project(tmp_path)
    emulator = Emulator(clock.now, instant=True)
    with emulator.serve(port=0) as server:
        text = MANIFESTS.replace(
            "{emulator: {state: state, buckets: {shop: ../data}}}",
            f'{{region: us-east-1, endpointUrl: "{server.url}"}}',
        )
        project.write("shop.yaml", f"{text}{TRACKER}")
        write_data(tmp_path / "data")
        with emulator.started():
            emulator.put_bucket("shop", tmp_path / "data")
            World(emulator, clock, emulated(clock)).apply(project.manifests)
        emulator.put_bucket("shop", tmp_path / "data")
        yield Served(emulator, project)


def test_an_account_behind_http(account: Served) -> None:
    """The same command asks the target's endpoint; events need --allow-events, and are not sent without it."""
    asked = ("Campaign/home", "--item", "m0", "--user", "p0", "--num", "3")

    assert len(ids(account.project, *asked)) == 3
    assert "coverage" in account.project.run("metrics", "Campaign/home").out
    refused = ask(account.project, *asked, "--event", "watch:m1")
    assert (refused.code, account.emulator.answered["PutEvents"]) == (5, 0)
    assert "target local is an AWS account" in refused.err
    assert "--allow-events" in refused.err
    assert ask(account.project, *asked, "--event", "watch:m1", "--allow-events").code == 0
    assert account.emulator.answered["PutEvents"] == 1


def test_foreign_text() -> None:
    """Control characters in ids and columns are shown as text."""
    attack = "\x1b]0;owned\x07\n::error::owned"
    results = (Recommended(attack, 0.5, {"TITLE": attack}, (attack,)),)
    asked = Question(user=attack)
    report = RecommendReport(
        "movies", "local", Address("Campaign", "x"), "arn:x", asked, Answer("", results), ("TITLE",)
    )

    shown = render_report(report, Format.TEXT).split("\n")

    assert all(line.isprintable() and not line.lstrip().startswith("::") for line in shown)
    assert "\x1b" not in render_report(report, Format.JSON)
