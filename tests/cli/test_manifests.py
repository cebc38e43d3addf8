"""Commands on invalid manifests, and invalid command lines: the exit code, the message, no traceback."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from personalize_gitops.cli import COMMANDS
from tests.support.project import Project

TYPOS = {
    "kind": (
        ("filters.yaml", "kind: Filter\nname: not-seen", "kind: Filtr\nname: not-seen"),
        'manifests/filters.yaml:1:1  Filtr/not-seen  kind: unknown kind "Filtr" [PG005]',
        'did you mean "Filter"?',
        ("    1 | kind: Filtr", "      | ^^^^"),
    ),
    "member": (
        ("for-you.yaml", "minProvisionedTPS", "minProvisionedTps"),
        "manifests/for-you.yaml:19:3  Campaign/for-you  minProvisionedTps: unknown field [PG010]",
        'did you mean "minProvisionedTPS"?',
        ("    19 |   minProvisionedTps: ${tps}", "       |   ^^^^^^^^^^^^^^^^^"),
    ),
    "reference": (
        ("for-you.yaml", "solution: for-you", "solution: four-you"),
        (
            "manifests/for-you.yaml:12:3  SolutionVersion/for-you  "
            'solution: no Solution named "four-you" is declared [PG020]'
        ),
        'did you mean "for-you"?',
        ("    12 |   solution: four-you", "       |   ^^^^^^^^"),
    ),
    "expression": (
        ("filters.yaml", "Items.GENRES", "Items.GENRE"),
        "manifests/filters.yaml:11:48  Filter/by-genre  filterExpression: Items has no field GENRE [PG302]",
        'did you mean "GENRES"?',
        (
            "    11 |   filterExpression: INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)",
            "       |                                                ^^^^^",
        ),
    ),
    "syntax": (
        ("filters.yaml", "EXCLUDE ItemID WHERE", "EXCLUDE ItemID WHER"),
        "manifests/filters.yaml:5:36  Filter/not-seen  filterExpression: expected WHERE, found 'WHER' [PG301]",
        'did you mean "WHERE"?',
        (
            '    5 |   filterExpression: EXCLUDE ItemID WHER Interactions.EVENT_TYPE IN ("watch", "like")',
            "      |                                    ^^^^",
        ),
    ),
}


@pytest.mark.parametrize(("edit", "fact", "remedy", "excerpt"), TYPOS.values(), ids=TYPOS)
def test_a_typo_is_told_with_place_and_remedy(
    project: Project, edit: tuple[str, str, str], fact: str, remedy: str, excerpt: tuple[str, str]
) -> None:
    """Exit code 3, the place, the fact, below it the remedy and the line with a marker, and nothing on stdout."""
    project.edit(*edit)

    result = project.run("validate", "--target", "local")

    assert result.code == 3
    assert result.out == ""
    assert result.err.splitlines() == [
        fact,
        f"{' ' * fact.index(fact.split('  ')[2])}{remedy}",
        *excerpt,
        "docs/diagnostics.md explains the codes.",
        "1 problem in 1 file. Nothing was changed.",
    ]


@pytest.mark.parametrize(
    "command",
    [
        "plan",
        "apply",
        "drift",
        "status",
        "destroy",
        "render",
        "graph",
        "outputs",
        "explain Campaign/for-you",
        "import",
        "lock show",
        "iam --for plan",
        "emulator advance 2h --target local",
    ],
)
def test_every_command_refuses_invalid_manifests(project: Project, command: str) -> None:
    """Every command exits with 3 for invalid manifests, before it connects to an account."""
    project.edit("for-you.yaml", "minProvisionedTPS", "minProvisionedTps")

    result = project.run(*command.split())

    assert result.code == 3
    assert "did you mean" in result.err


def test_valid_manifests(project: Project) -> None:
    """The number of documents and the targets they are valid for."""
    every, one = project.run("validate"), project.run("validate", "--target", "prod")

    assert (every.code, every.out) == (0, "Valid: 22 documents, for targets local, prod, staging.\n")
    assert (one.code, one.out) == (0, "Valid: 22 documents, for target prod.\n")


def test_warnings(project: Project) -> None:
    """They are listed before the result, marked and counted, and the exit code stays 0."""
    project.edit("filters.yaml", "Items.GENRES IN", "Items.ITEM_ID IN")

    result = project.run("validate", "--target", "local")

    assert result.code == 0
    assert result.err == ""
    assert result.out == (
        "manifests/filters.yaml:11:42  Filter/by-genre  warning: filterExpression: "
        "whether a filter can use ITEM_ID is not documented [PG302]\n"
        "    11 |   filterExpression: INCLUDE ItemID WHERE Items.ITEM_ID IN ($GENRE)\n"
        "       |                                          ^^^^^^^^^^^^^\n"
        "docs/diagnostics.md explains the codes.\n"
        "Valid: 22 documents, for target local. 1 warning.\n"
    )


def test_a_warning_for_every_target_is_listed_once(project: Project) -> None:
    """Without a target, all of them are checked."""
    project.edit("filters.yaml", "Items.GENRES IN", "Items.ITEM_ID IN")

    result = project.run("validate")

    assert result.out.endswith("for targets local, prod, staging. 1 warning.\n")
    assert result.out.count("whether a filter can use ITEM_ID") == 1


def test_warnings_beside_problems(project: Project) -> None:
    """Both are listed in reading order; only problems make the exit code 3."""
    project.edit("filters.yaml", "Items.GENRES IN", "Items.ITEM_ID IN")
    project.edit("for-you.yaml", "recipe: aws-user-personalization-v2", "recipe: aws-hrnn")

    result = project.run("validate", "--target", "local")

    assert result.code == 3
    assert result.err.splitlines()[-1] == "1 problem in 1 file, 1 warning. Nothing was changed."


def test_many_equal_problems(project: Project) -> None:
    """The first is told with the number of the others; `--all` lists each."""
    trackers = "---\n".join(f"kind: EventTracker\nname: t{n}\nspec: {{group: movies}}\n" for n in range(9))
    project.write("trackers.yaml", trackers)

    few, every = project.run("validate"), project.run("validate", "--all")

    assert few.err.count("group: unknown field") == 1
    assert "8 more [PG010]: manifests/trackers.yaml:7:8, " in few.err
    assert every.err.count("group: unknown field") == 9
    assert few.err.splitlines()[-1] == every.err.splitlines()[-1] == "18 problems in 1 file. Nothing was changed."


def test_a_plan_only_counts_warnings(project: Project) -> None:
    """One line beside the plan; a plan of manifests without warnings has none."""
    hint = "1 warning in the manifests: `personalize-gitops validate` shows more."
    without = project.run("plan")
    project.edit("filters.yaml", "Items.GENRES IN", "Items.ITEM_ID IN")

    result = project.run("plan")

    assert "warning" not in without.err
    assert hint in result.err.splitlines()
    assert "ITEM_ID is" not in result.err + result.out


def test_warnings_as_json(project: Project) -> None:
    """A warning leaves the manifests valid, and names its severity, code and parameters."""
    project.edit("filters.yaml", "Items.GENRES IN", "Items.ITEM_ID IN")

    document = json.loads(project.run("validate", "--output", "json").out)

    (warning,) = document["problems"]
    assert document["valid"] is True
    assert (warning["severity"], warning["code"], warning["field"]) == ("warning", "PG302", "filterExpression")
    assert warning["reason"]["code"] == "filter_on_id"
    assert warning["reason"]["params"] == {"field": "ITEM_ID"}


def test_problems_as_json(project: Project) -> None:
    """JSON goes to the given outputs, and the text to stderr."""
    project.edit("for-you.yaml", "minProvisionedTPS", "minProvisionedTps")

    result = project.run("plan", "--output", "json", "--output", "json=out/problems.json")

    (problem,) = json.loads(result.out)["problems"]
    assert (problem["line"], problem["column"], problem["code"]) == (19, 3, "PG010")
    assert (project.folder / "out" / "problems.json").read_text() == result.out
    assert "unknown field" in result.err


WRONG_LINES = {
    "no command": ([], "COMMAND"),
    "unknown command": (["pln"], 'unknown command "pln"; did you mean "plan"?'),
    "unknown option": (
        ["plan", "--colour"],
        'unknown option "--colour"; did you mean "--color"? `personalize-gitops plan --help` lists the options',
    ),
    "unexpected argument": (["plan", "shop"], 'unexpected argument "shop"; `personalize-gitops plan --help` lists'),
    "unknown format": (["plan", "--output", "yaml"], 'unsupported format "yaml": expected text or '),
    "unknown target": (["plan", "--target", "prd"], '--target prd: unknown target "prd"; did you mean "prod"?'),
    "no folder": (["plan", "--manifests", "nowhere"], "--manifests nowhere: the folder does not exist"),
    "no plan file": (["apply", "plan.json"], "plan.json cannot be read: No such file or directory"),
    "no plan in the file": (
        ["apply", "manifests/project.yaml"],
        "manifests/project.yaml is not a plan of `plan --out`",
    ),
    "no span": (["apply", "--deadline", "soon"], 'invalid duration "soon": expected e.g. 90s, 45m, 2h, 1d12h, 1w'),
    "no file to write": (["plan", "--output", "json=manifests"], "manifests cannot be written: Is a directory"),
    "no speed": (["emulator", "serve", "--speed", "0"], 'invalid speed "0"'),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG_LINES.values(), ids=WRONG_LINES)
def test_a_wrong_command_line(project: Project, arguments: list[str], told: str) -> None:
    """Exit code 1, not 2, which means changes, and a sentence with the remedy."""
    result = project.run(*arguments)

    assert result.code == 1
    assert told in result.err
    assert "Traceback" not in result.err


def test_a_bucket_without_its_folder(project: Project) -> None:
    """Without its folder a bucket is empty: the plan names the missing objects, and apply refuses."""
    project.edit("project.yaml", "../data/movielens", "../data/nothing")

    plan, apply = project.run("plan"), project.run("apply", "--auto-approve")

    assert "never ran; no object found at s3://movielens-demo/interactions.csv" in plan.out
    assert (plan.code, apply.code) == (2, 5)


def test_help_lists_every_command(project: Project) -> None:
    """Each with what it does."""
    result = project.run("--help")

    assert result.code == 0
    for command, does in COMMANDS.items():
        assert re.search(rf"^ +{command}\s", result.out, re.MULTILINE)
        assert does.split(",")[0][:30] in " ".join(result.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(project: Project, command: str) -> None:
    """It says what the command does."""
    result = project.run(command, "--help")

    assert result.code == 0
    assert COMMANDS[command][1:20] in result.out


def test_the_schema_of_manifests_is_json(tmp_path: Path) -> None:
    """It does not need a project, and is the same every time."""
    first, second = Project(tmp_path).run("schema"), Project(tmp_path).run("schema")

    assert first.code == 0
    assert json.loads(first.out)["title"] == "A manifest of personalize-gitops"
    assert first.out == second.out


def test_a_variable_is_given(project: Project) -> None:
    """--var sets a variable for one command, with the type that the project gives it; the next command repeats it."""
    assert re.search(r"minProvisionedTPS: 9 ", project.run("render", "--var", "tps=9").out)
    planned = project.run("plan", "--var", "tps=9")
    assert "personalize-gitops apply --var tps=9" in planned.err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("tsp=9", 'Error: --var tsp: unknown variable tsp; did you mean "tps"?'),
        ("tps=many", 'Error: --var tps: expected a whole number, found "many"'),
    ],
)
def test_a_variable_that_does_not_fit(project: Project, given: str, message: str) -> None:
    """A variable that the project does not have, or a value of another type, is refused before anything is read."""
    refused = project.run("plan", "--var", given)

    assert (refused.code, refused.err.strip()) == (1, message)


def test_the_environment_names_target_and_folder(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """PGO_TARGET and PGO_MANIFESTS stand for the options, which win over them."""
    monkeypatch.setenv("PGO_MANIFESTS", "manifests")
    monkeypatch.setenv("PGO_TARGET", "nowhere")

    assert "nowhere" in project.run("plan").err
    assert project.run("validate", "--target", "local").code == 0
