"""Fingerprints of runs: what counts as another run, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.engine.plan.fingerprints import feeding_runs, fingerprint_of, token_of
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, RunDocument, RunPolicy
from personalize_gitops.model.live import Live
from personalize_gitops.model.run_names import PART
from tests.engine.plan.contexts import decided
from tests.support.builders import HEAD, change, desired, document, live, snapshot

READ = "s3://in/rows.csv"
GROUP = document("DatasetGroup/shop")
EVENTS = document("Dataset/events", {"datasetGroup": "shop", "datasetType": "Interactions", "schema": "events"})
SCHEMA = document("Schema/events")
RANK = document("Solution/rank", {"datasetGroup": "shop"})
PLACES = [GROUP, SCHEMA, EVENTS, RANK]


def run(address: str, when: list[str], **attributes: Any) -> RunDocument:
    """Return a run whose policy counts what `when` names."""
    found = document(address, attributes, run=RunPolicy.model_validate({"when": when}))
    assert isinstance(found, RunDocument)
    return found


def training(when: list[str], **attributes: Any) -> RunDocument:
    return run("SolutionVersion/rank", when, **{"solution": "rank", **attributes})


def feed(when: list[str], **attributes: Any) -> RunDocument:
    """Return an import into the dataset that the solution trains on."""
    return run(
        "DatasetImportJob/feed", when, **{"dataset": "events", "dataSource": {"dataLocation": READ}} | attributes
    )


def decisions(**names: str) -> Decisions:
    """Return decisions about everything that runs refer to; `names` holds the AWS names of the objects by kind."""
    return decided(
        *(change(place, Action.NONE, aws_name=names.get(place.address.kind_name, place.aws_name)) for place in PLACES)
    )


def fingerprint(document: RunDocument, data: str = "first", **names: str) -> str:
    """Return the fingerprint of a run, with the digest of the data and the names of the objects it refers to."""
    asked = PlanContext(desired(*PLACES, document), snapshot(inputs={READ: data}))
    return fingerprint_of(document, asked, decisions(**names))


def test_a_declared_default_does_not_count() -> None:
    """Declaring a server-side default changes no fingerprint; any other value does."""
    assert fingerprint(training(["config"], trainingMode="FULL")) == fingerprint(training(["config"]))
    assert fingerprint(training(["config"], trainingMode="UPDATE")) != fingerprint(training(["config"]))


def test_members_count_only_if_the_configuration_does() -> None:
    """Without `config` in `run.when`, an edit of a member makes no run due."""
    assert fingerprint(training([], trainingMode="UPDATE")) == fingerprint(training([]))


@pytest.mark.parametrize("when", [[], ["config"], ["data"]])
def test_references_always_count(when: list[str]) -> None:
    """A training of another solution is another training, even if `run.when` is empty."""
    elsewhere = training(when, solution=f"{HEAD}:solution/other")

    assert fingerprint(elsewhere) != fingerprint(training(when))


def test_a_successor_of_a_reference_is_another_input() -> None:
    """The training runs again for the object that has replaced its solution."""
    assert fingerprint(training([]), Solution="rank-2") != fingerprint(training([]))


def test_the_spelling_of_a_reference_does_not_count() -> None:
    """An address and the ARN of the same object give the same fingerprint."""
    assert fingerprint(training([], solution=f"{HEAD}:solution/rank")) == fingerprint(training([]))


def test_kinds_with_equal_inputs_differ() -> None:
    """An inference job and a segment job with the same members are two runs."""
    inference, segment = (
        run(f"{kind}/mail", ["config"], numResults=7) for kind in ("BatchInferenceJob", "BatchSegmentJob")
    )

    assert fingerprint(inference) != fingerprint(segment)


def test_the_data_is_a_part_of_its_own() -> None:
    """The second part of the fingerprint depends on the data only, the first part does not depend on it."""
    first, second = fingerprint(feed(["config", "data"])), fingerprint(feed(["config", "data"]), data="second")

    assert (first[:PART], len(first)) == (second[:PART], 2 * PART)
    assert first[PART:] != second[PART:]
    assert first[:PART] == fingerprint(feed(["config"]), data="second")


def test_the_data_of_a_training_is_what_its_imports_have_read() -> None:
    """A training that counts data runs again when an import into its dataset group has another fingerprint."""
    counting, imported = training(["data"]), feed(["data"])
    asked = PlanContext(desired(*PLACES, counting, imported), snapshot())

    def with_import(name: str) -> str:
        places = (change(place, Action.NONE) for place in PLACES)
        return fingerprint_of(counting, asked, decided(*places, change(imported, Action.RUN, aws_name=name)))

    assert [*feeding_runs(counting, asked.desired)] == [imported.address]
    assert with_import("feed-1") == with_import("feed-1") != with_import("feed-2")


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (GROUP, live("DatasetGroup/shop")),
        (RANK, live("Solution/rank")),
        (EVENTS, live("Dataset/events", {"datasetGroup": f"{HEAD}:dataset-group/shop", "datasetType": "Interactions"})),
    ],
)
def test_a_token_is_the_end_of_the_arn(place: Document, found: Live) -> None:
    """The token is computed from the document alone, and equals the end of the ARN that the object gets."""
    assert found.arn.endswith(f":{token_of(place, place.aws_name, decisions())}")
