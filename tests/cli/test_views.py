"""Commands that show what exists and what depends on what: `outputs`, `graph` and `status`."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import copytree

import boto3
import pytest

from personalize_gitops.manifest import load
from personalize_gitops.model.address import Address
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.reports import OutputsReport
from personalize_gitops.render.outputs import env, parameters
from tests.support.project import Project
from tests.support.world import World


def test_outputs(cinema: Project) -> None:
    """What exists has its ARN, a tracker its id, and a campaign the filters that it can use."""
    found = json.loads(cinema.run("outputs", "--output", "json").out)["outputs"]

    by_address = {each["address"]: each for each in found}
    assert by_address["Recommender/top"]["arn"].endswith(":recommender/top")
    assert re.fullmatch(r"[0-9a-f-]{36}", by_address["EventTracker/website"]["trackingId"])
    assert by_address["Campaign/for-you"]["filters"] == ["Filter/by-genre", "Filter/not-seen"]
    assert by_address["Recommender/top"]["filters"] == []  # those are of the other dataset group
    assert by_address["Campaign/offers"]["filters"] == []  # actions, not items
    assert not any(address.startswith("SolutionVersion/") for address in by_address)


def test_a_campaign_that_names_its_version_by_arn(cinema: Project, tmp_path: Path) -> None:
    """Its dataset group and recipe are read from the account, so it has its filters, too."""
    copytree(cinema.folder, tmp_path, dirs_exist_ok=True)
    project = Project(tmp_path)
    status = json.loads(project.run("status", "--output", "json").out)["resources"]
    (arn,) = (each["arn"] for each in status if each["address"] == "SolutionVersion/for-you")
    project.edit("for-you.yaml", "solutionVersion: for-you", f"solutionVersion: {arn}")

    found = json.loads(project.run("outputs", "--output", "json").out)["outputs"]

    (filters,) = (each["filters"] for each in found if each["address"] == "Campaign/for-you")
    assert filters == ["Filter/by-genre", "Filter/not-seen"]


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


def test_the_documents_of_a_target(project: Project) -> None:
    """Patches and variables are in, secrets are not, and each value tells its file and line."""
    project.write("targets/local/similar.yaml", "kind: Campaign\nname: similar\nspec:\n  minProvisionedTPS: 7\n")

    text = project.run("render").out

    assert re.search(r"^  minProvisionedTPS: 7 +# manifests/targets/local/similar.yaml:4$", text, re.MULTILINE)
    assert re.search(r"^  solutionVersion: similar +# manifests/similar.yaml:\d+$", text, re.MULTILINE)


def test_the_place_of_each_value(project: Project) -> None:
    """A tag of the project, a column of a schema file, and what a reference implies: where each is decided."""
    project.edit(
        "project.yaml", "    local:", "    renamed:\n      emulator: {}\n      naming: {suffix: -x}\n    local:"
    )
    project.write(
        "schemas/more.avsc",
        '{\n  "type": "record",\n  "name": "Items",\n  "version": "1.0",\n  "namespace": "x",\n  "fields": [\n'
        '    {"name": "ITEM_ID", "type": "string"},\n    {"name": "A", "type": "int"}\n  ]\n}\n',
    )
    project.write("more.yaml", "kind: Schema\nname: more\nspec: {schema: {file: schemas/more.avsc}}\n")

    rendered = project.run("render", "--target", "renamed")
    assert rendered.code == 0, rendered.err
    lines = rendered.out.splitlines()

    def place(text: str) -> str:
        return next(line for line in lines if line.startswith(text)).partition("# ")[2]

    assert place("  team: discovery") == "manifests/project.yaml:6"
    assert place("      - {name: A, type: int}") == "manifests/schemas/more.avsc:8"
    assert place("name: more") == "manifests/more.yaml:2; in the account: more-x"
    reference = lines.index(next(line for line in lines if line.startswith("  solutionVersion: for-you")))
    implied = next(line for line in lines[reference:] if "syncWithLatestSolutionVersion" in line)
    assert implied.partition("# ")[2] == lines[reference].partition("# ")[2]


def test_explain_names_the_line_that_decides_each_value(cinema: Project, tmp_path: Path) -> None:
    """A patch, a tag of the project: where the new value is written; and what trains and what depends on it."""
    copytree(cinema.folder, tmp_path, dirs_exist_ok=True)
    project = Project(tmp_path)
    project.edit("project.yaml", "tags: {team: discovery}", "tags: {team: search}")
    patch = "kind: Solution\nname: popular\nspec:\n  performAutoTraining: true\n"
    project.write("targets/local/popular.yaml", patch)

    text = project.run("explain", "Solution/popular").out

    assert text.startswith("Solution/popular: update\n")
    assert re.search(r"^  performAutoTraining  .*\(manifests/targets/local/popular.yaml:4\)$", text, re.MULTILINE)
    assert re.search(r"^  tags.team  .*\(manifests/project.yaml:6\)$", text, re.MULTILINE)
    assert "\nDepends on it:\n  Campaign/popular  " in text
    assert "\nTrains: Solution/popular\n" in text


def test_rendered_documents_are_manifests(project: Project, tmp_path: Path) -> None:
    """What `render` prints declares the same as the files it was made from."""
    again = tmp_path / "again"
    again.mkdir()
    (again / "project.yaml").write_text((project.manifests / "project.yaml").read_text())
    (again / "all.yaml").write_text(project.run("render").out)
    assert project.run("fmt", "--check", "--manifests", str(again)).code == 0

    first, second = (load(folder).desired for folder in (project.manifests, again))

    assert second.digest == first.digest


def test_a_secret_is_not_rendered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value from the environment is masked in text and JSON."""
    monkeypatch.setenv("COST_CENTER", "4711-0815-42")
    project.edit("popular.yaml", "kind: Campaign", "kind: Campaign\ntags: {cost: '${env:COST_CENTER}'}")

    for format_ in ("text", "json"):
        out = project.run("render", "--output", format_).out
        assert "***" in out
        assert "4711" not in out


def test_short_secrets_are_not_rendered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """At their own path, values of any length and kind are masked, also deep in a spec."""
    monkeypatch.setenv("DISCOUNT", "0.25")
    project.edit("similar.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: '${env:DISCOUNT}'")

    for output in ("text", "json"):
        shown = project.run("render", "--output", output)

        assert shown.code == 0, shown.err
        assert "0.25" not in shown.out
        assert "***" in shown.out


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion(project: Project, shell: str) -> None:
    """The script of a shell knows the commands and their options."""
    found = project.run("completion", shell)

    assert found.code == 0
    assert all(word in found.out for word in ("--auto-approve", "drift", "--to-ssm"))


def test_bash_reads_its_script(project: Project) -> None:
    """Bash accepts the script and completes a command with it."""
    script = project.run("completion", "bash").out
    ask = 'COMP_WORDS=(personalize-gitops st); COMP_CWORD=1; _shtab_personalize_gitops; echo "${COMPREPLY[@]}"'

    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["status"]
