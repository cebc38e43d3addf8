"""When the emulator trains: on which rows, and what of it survives a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.models import Exploration, Question
from personalize_gitops.emulator.operations.models import model_of
from tests.emulator.refusals import refusal

from .account import HEADER, ITEMS, REGION, Account, interactions_csv
from .clock import Clock

POPULAR = "arn:aws:personalize:::recipe/aws-popularity-count"
TRENDING = "arn:aws:personalize:::recipe/aws-trending-now"
START = 1_700_000_000


def ranked(emulator: Emulator, arn: str, **question: Any) -> list[Any]:
    """The results of a version or recommender."""
    region = emulator.region(REGION)
    emulator.catch_up()
    record = region.get(arn)
    assert record is not None
    return list(model_of(region, record).answer(Question(**question)))


def send(account: Account, group: str, *items: str, user: str = "new") -> None:
    """Record events, each by a user of its own."""
    trackers = account.personalize.list_event_trackers(datasetGroupArn=group)["eventTrackers"]
    if not trackers:
        account.personalize.create_event_tracker(name="tracker", datasetGroupArn=group)
        account.settle()
        trackers = account.personalize.list_event_trackers(datasetGroupArn=group)["eventTrackers"]
    described = account.personalize.describe_event_tracker(eventTrackerArn=trackers[0]["eventTrackerArn"])
    for number, item in enumerate(items):
        event = {"eventType": "watch", "sentAt": START + 2000 + number, "itemId": item}
        body = {
            "trackingId": described["eventTracker"]["trackingId"],
            "userId": f"{user}{number}",
            "sessionId": "s",
            "eventList": [event],
        }
        assert account.emulator.respond(REGION, "PutEvents", json.dumps(body)).status == 200


def first(emulator: Emulator, arn: str) -> str:
    return str(ranked(emulator, arn)[0].id)


def test_imported_and_streamed_rows_train(account: Account) -> None:
    """A version learns from the events that arrived before its training, not from later ones."""
    group = account.filled_group()
    solution = account.solution(group, recipeArn=POPULAR)
    before = account.version(solution)
    send(account, group, *["hit"] * 60)
    account.clock.pass_time(minutes=5)
    after = account.version(solution)

    assert first(account.emulator, before) != "hit"
    assert first(account.emulator, after) == "hit"


def test_rows_that_arrive_later_change_no_model(account: Account) -> None:
    """A model that is first asked after its data was replaced is still that of the old data."""
    group = account.group()
    dataset = account.dataset(group)
    account.imported(dataset, interactions_csv())
    version = account.version(account.solution(group, recipeArn=POPULAR))
    rows = "\n".join(f"u{n % 60},only,{START + n},watch" for n in range(1200))
    account.imported(dataset, f"{HEADER}\n{rows}\n", "second")

    assert "only" not in {result.id for result in ranked(account.emulator, version)}


@pytest.mark.parametrize("asked_before", [False, True])
@pytest.mark.parametrize("recipe", ["aws-user-personalization", "aws-sims", "aws-popularity-count"])
def test_restarts(account: Account, clock: Clock, tmp_path: Path, recipe: str, asked_before: bool) -> None:
    """After a restart a version answers and measures the same, whether or not it was trained before."""
    group = account.filled_group()
    version = account.version(account.solution(group, recipeArn=f"arn:aws:personalize:::recipe/{recipe}"))
    question = {"user": "u1", "item": "i2"}
    if asked_before:
        ranked(account.emulator, version, **question)
        metrics(account.emulator, version)
    account.emulator.save(tmp_path)
    other = Emulator(clock.now)
    other.load(tmp_path)

    assert ranked(other, version, **question) == ranked(account.emulator, version, **question)
    assert metrics(other, version) == metrics(account.emulator, version)
    other.save(tmp_path)
    third = Emulator(clock.now)
    third.load(tmp_path)
    assert ranked(third, version, **question) == ranked(account.emulator, version, **question)


def metrics(emulator: Emulator, version: str) -> Mapping[str, float]:
    response = emulator.respond(REGION, "GetSolutionMetrics", json.dumps({"solutionVersionArn": version}))
    assert response.status == 200, response.body
    return dict(json.loads(response.body)["metrics"])


def test_models_are_saved_once_and_pruned(account: Account, tmp_path: Path) -> None:
    """A trained model is one more file; without its solution it is gone, and the rows of the training with it."""
    group = account.filled_group()
    solution = account.solution(group)
    account.emulator.save(tmp_path)
    plain = size_of(tmp_path)
    version = account.version(solution)
    account.emulator.save(tmp_path)
    waiting = size_of(tmp_path)
    ranked(account.emulator, version, user="u1")
    metrics(account.emulator, version)
    account.emulator.save(tmp_path)
    trained = size_of(tmp_path)
    account.personalize.delete_solution(solutionArn=solution)
    account.settle()
    for _ in range(2):  # files of the last save stay one more
        account.schema(f"s{_}")
        account.emulator.save(tmp_path)

    assert waiting < plain + 10_000  # the rows are those of the dataset
    assert trained > waiting + 10_000
    assert size_of(tmp_path) < trained - 10_000


def size_of(directory: Path) -> int:
    return sum(path.stat().st_size for path in (directory / "content").iterdir())


def test_instant_transitions_train_too(clock: Clock) -> None:
    """Where every transition takes no time, a version has a model at once."""
    with Emulator(clock.now, instant=True).started() as emulator:
        account = Account(emulator, clock)
        version = account.version(account.solution(account.filled_group()))

        assert ranked(emulator, version, user="u1")


def test_new_items_come_with_an_automatic_update(account: Account) -> None:
    """A new item is explored two hours later without a training, by the newest version only."""
    group = account.filled_group()
    items = account.dataset(group, "Items", ITEMS)
    account.imported(items, "ITEM_ID,GENRES,PRICE\n" + "".join(f"i{n},g{n % 3},1\n" for n in range(37)), "items")
    solution = account.solution(group)
    old = account.version(solution)
    newest = account.version(solution)
    body = {"datasetArn": items, "items": [{"itemId": "fresh", "properties": '{"price": 2.0, "genres": "g1"}'}]}
    assert account.emulator.respond(REGION, "PutItems", json.dumps(body)).status == 200
    exploring = {"user": "u1", "exploration": Exploration(1.0)}

    at_once = {result.id for result in ranked(account.emulator, newest, **exploring)}
    account.clock.pass_time(hours=2)
    later = {result.id for result in ranked(account.emulator, newest, **exploring) if result.explored}

    assert "fresh" not in at_once
    assert "fresh" in later
    assert "fresh" not in {result.id for result in ranked(account.emulator, old, **exploring)}


def test_trends_are_looked_at_again(account: Account) -> None:
    """Trending-Now answers from new events without a training, after its interval."""
    group = account.filled_group()
    version = account.version(account.solution(group, recipeArn=TRENDING))
    account.clock.pass_time(hours=2)
    ranked(account.emulator, version)
    before = metrics(account.emulator, version)
    send(account, group, *["rising"] * 50)

    at_once = first(account.emulator, version)
    account.clock.pass_time(hours=2)

    assert at_once != "rising"
    assert first(account.emulator, version) == "rising"
    assert metrics(account.emulator, version) == before


def test_excluded_columns_are_not_learned(account: Account) -> None:
    """A column that the configuration leaves out of the training changes nothing in the model."""
    group = account.filled_group()
    items = account.dataset(group, "Items", ITEMS)
    account.imported(items, "ITEM_ID,GENRES,PRICE\n" + "".join(f"i{n},g{n % 3},{n}\n" for n in range(37)), "items")
    similar = "arn:aws:personalize:::recipe/aws-similar-items"

    def words(name: str, **config: Any) -> int:
        arn = account.version(account.solution(group, name, recipeArn=similar, solutionConfig=config))
        account.emulator.catch_up()
        region = account.emulator.region(REGION)
        record = region.get(arn)
        assert record is not None
        return int(model_of(region, record).content.shape[1])  # type: ignore[attr-defined]

    every = words("every")
    without = words("without", trainingDataConfig={"excludedDatasetColumns": {"ITEMS": ["GENRES"]}})
    only = words("only", trainingDataConfig={"includedDatasetColumns": {"ITEMS": ["GENRES"]}})

    assert every == without + only
    assert only == 3


def test_metrics_before_and_after(account: Account) -> None:
    """GetSolutionMetrics is refused before the training ends, after it failed, and for unknown versions."""
    solution = account.solution(account.filled_group())
    make = account.personalize.create_solution_version
    stopped = make(solutionArn=solution)["solutionVersionArn"]
    account.personalize.stop_solution_version_creation(solutionVersionArn=stopped)
    training = make(solutionArn=solution)["solutionVersionArn"]

    codes = [
        refusal(account.personalize.get_solution_metrics, solutionVersionArn=arn)[0]
        for arn in (training, stopped, f"{solution}/00000000")
    ]

    assert codes == ["ResourceInUse", "InvalidInput", "ResourceNotFound"]


def test_recommenders_have_metrics(account: Account) -> None:
    """The metrics of a recommender are there when it is ACTIVE."""
    domain = account.group("films", domain="VIDEO_ON_DEMAND")
    account.imported(account.dataset(domain, domain="VIDEO_ON_DEMAND"), interactions_csv(event="Watch"), "watched")
    recipe = "arn:aws:personalize:::recipe/aws-vod-most-popular"
    arn = account.personalize.create_recommender(name="r", datasetGroupArn=domain, recipeArn=recipe)["recommenderArn"]
    early = account.personalize.describe_recommender(recommenderArn=arn)["recommender"]
    account.train()

    described = account.personalize.describe_recommender(recommenderArn=arn)["recommender"]

    assert "modelMetrics" not in early
    assert described["modelMetrics"]["coverage"] > 0
    assert ranked(account.emulator, arn)


def test_recommenders_learn_new_rows(account: Account) -> None:
    """A recommender learns the events of a week with its weekly training, and at once when its columns change."""
    domain = account.group("films", domain="VIDEO_ON_DEMAND")
    account.imported(account.dataset(domain, domain="VIDEO_ON_DEMAND"), interactions_csv(event="Watch"), "watched")
    recipe = "arn:aws:personalize:::recipe/aws-vod-most-popular"
    arn = account.personalize.create_recommender(name="r", datasetGroupArn=domain, recipeArn=recipe)["recommenderArn"]
    account.train()
    send(account, domain, *["hit"] * 60)
    before = first(account.emulator, arn)
    config = {"trainingDataConfig": {"excludedDatasetColumns": {"INTERACTIONS": ["TIMESTAMP"]}}}

    account.clock.pass_time(days=7)
    weekly = first(account.emulator, arn)
    send(account, domain, *["other"] * 90, user="more")
    account.personalize.update_recommender(recommenderArn=arn, recommenderConfig=config)
    account.train()

    assert (before != "hit", weekly, first(account.emulator, arn)) == (True, "hit", "other")
