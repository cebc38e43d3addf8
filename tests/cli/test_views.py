"""Commands that show what exists and what depends on what: `outputs`, `graph` and `status`."""

from __future__ import annotations

import json
import re

import boto3
import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.reports import OutputsReport
from personalize_gitops.render.outputs import env, parameters
from tests.support.project import Project
from tests.support.world import World


def test_outputs(cinema: Project) -> None:
    """What exists has its ARN, a tracker its id, and a campaign the filters of its dataset group."""
    found = json.loads(cinema.run("outputs", "--output", "json").out)["outputs"]

    by_address = {each["address"]: each for each in found}
    assert by_address["Recommender/top"]["arn"].endswith(":recommender/top")
    assert re.fullmatch(r"[0-9a-f-]{36}", by_address["EventTracker/website"]["trackingId"])
    assert by_address["Campaign/for-you"]["filters"] == ["Filter/by-genre", "Filter/not-seen"]
    assert by_address["Recommender/top"]["filters"] == []
    assert not any(address.startswith("SolutionVersion/") for address in by_address)


def test_outputs_for_a_shell(cinema: Project) -> None:
    """Each value is a variable whose name tells the resource."""
    lines = cinema.run("outputs", "--output", "env").out.splitlines()

    names = [line.split("=")[0] for line in lines]
    assert "CAMPAIGN_FOR_YOU_ARN" in names
    assert "EVENT_TRACKER_WEBSITE_TRACKING_ID" in names
    assert all(re.fullmatch(r"[A-Z_0-9]+", name) for name in names)


def test_outputs_before_an_apply(project: Project) -> None:
    """Nothing exists yet, and that is told."""
    assert project.run("outputs").out == "Nothing that is declared exists yet.\n"


def test_the_parameter_store_is_not_that_of_the_embedded_emulator(cinema: Project) -> None:
    """Its parameters would be lost with the process: the command says so and writes nothing."""
    refused = cinema.run("outputs", "--to-ssm", "/cinema")

    assert refused.code == 1
    assert "--to-ssm needs a target in AWS" in refused.err


def test_parameters_are_written(world: World) -> None:
    """A parameter of Systems Manager has the value, also over an older one."""
    outputs = (Output(Address("EventTracker", "web"), "web", "arn:web", tracking_id="id"),)
    wanted = dict(parameters(OutputsReport("shop", "prod", outputs), "/shop/"))

    for value in ("older", ""):
        for name in wanted:
            world.cloud.put_parameter(name, value or wanted[name])

    ssm = boto3.client("ssm", region_name=world.cloud.region)
    assert {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in wanted} == wanted
    assert [*wanted] == ["/shop/EventTracker/web/arn", "/shop/EventTracker/web/trackingId"]


def test_equal_variables_are_numbered() -> None:
    """Two names that differ only in punctuation get variables of their own."""
    both = tuple(Output(Address("Filter", name), name, f"arn:{name}") for name in ("a-b", "a_b"))

    assert env(OutputsReport("p", "t", both)) == "FILTER_A_B_ARN=arn:a-b\nFILTER_A_B_2_ARN=arn:a_b\n"


@pytest.mark.parametrize("language", ["mermaid", "dot"])
def test_the_graph_from_manifests_alone(project: Project, language: str) -> None:
    """Each resource is in the box of its dataset group, with an arrow to what needs it, and no color."""
    text = project.run("graph", "--format", language).out

    assert text.startswith({"mermaid": "flowchart LR\n", "dot": "digraph"}[language])
    assert '"DatasetGroup/movielens"' in text
    assert "classDef" not in text


def test_the_graph_of_an_account(cinema: Project) -> None:
    """With --live each resource has the color of its state."""
    text = cinema.run("graph", "--live").out

    node = re.search(r'(n\d+)\["Campaign/for-you"\]:::(\w+)', text)
    assert node
    assert node[2] == "ready"
    assert re.search(rf"  n\d+ --> {node[1]}\n", text)
    assert "classDef ready fill:#c8e6c9" in text


def test_status_names_what_applications_call(cinema: Project) -> None:
    """Recommenders and campaigns are shown with their ARN, trackers with their id."""
    text = cinema.run("status").out

    assert re.search(r"Recommender/top .*arn:aws:personalize:\S+:recommender/top\n", text)
    assert re.search(r"EventTracker/website .*tracking id [0-9a-f-]{36}\n", text)


def test_an_exit_code_for_what_is_not_healthy(project: Project, cinema: Project) -> None:
    """With --exit-code, 2 says that something is missing, failed or stopped."""
    assert project.run("status").code == 0
    assert project.run("status", "--exit-code").code == 2
    assert cinema.run("status", "--exit-code").code == 0


def test_watching_until_nothing_moves(project: Project) -> None:
    """--watch prints each state that changes, and ends with the whole picture."""
    project.run("apply", "--auto-approve", "--no-wait")

    watched = project.run("status", "--watch")

    assert "DatasetGroup/movielens  ACTIVE\n" in watched.out
    assert watched.out.rstrip().endswith("ready.")
