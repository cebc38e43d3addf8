"""What the examples of the checks do not show: other cases of some, places in texts, and warnings beside errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import message
from personalize_gitops.render.reasons import text as sentence

HEAD = """\
kind: Project
name: shop
spec: {targets: {local: {emulator: {}}}, variables: {bad: INCLUDE ItemID WERE Items.YEAR > 1}}
---
{kind: DatasetGroup, name: g, spec: {}}
---
kind: Schema
name: items
spec:
  schema:
    type: record
    name: Items
    namespace: com.amazonaws.personalize.schema
    fields: [{name: ITEM_ID, type: string}, {name: YEAR, type: int}]
    version: "1.0"
---
{kind: Dataset, name: items, spec: {datasetGroup: g, datasetType: Items, schema: items}}
---
"""


def found(tmp_path: Path, text: str) -> list[str]:
    """`line:col [code] message (suggestion)` for each problem; lines count from the first of `text`."""
    (tmp_path / "a.yaml").write_text(HEAD + text)
    with pytest.raises(ManifestError) as caught:
        load(tmp_path)
    lines = HEAD.count("\n")
    return [
        f"{problem.place.line - lines}:{problem.place.column} [{problem.check}] {message(problem)}"
        f"{f' ({sentence(problem.suggestion)})' if problem.suggestion else ''}"
        for problem in caught.value.problems
    ]


CASES = {
    "PG101 inside": (
        (
            "kind: Schema\nname: s\nspec:\n  schema:\n    type: record\n    name: Users\n    version: '1.0'\n"
            "    namespace: x\n    fields:\n      - {name: USER_ID, type: string}\n      - {name: AGE, type: 5}\n"
        ),
        "11:21 [PG101] schema.fields[1].type: expected a type or a list of types, found 5",
    ),
    "PG201 dataset": (
        "kind: Dataset\nname: again\nspec:\n  datasetGroup: g\n  datasetType: ITEMS\n  schema: items\n",
        "4:3 [PG201] datasetGroup: the dataset group already has a dataset of type Items: Dataset/items",
    ),
    "PG202 domain": (
        (
            "{kind: DatasetGroup, name: shop, spec: {domain: ECOMMERCE}}\n---\n"
            "kind: Dataset\nname: i\nspec:\n  datasetGroup: shop\n  datasetType: Items\n  schema: items\n"
        ),
        "8:3 [PG202] schema: Schema/items is for custom dataset groups, but DatasetGroup/shop has the domain ECOMMERCE",
    ),
    "PG203 use case": (
        "kind: Solution\nname: s\nspec:\n  datasetGroup: g\n  recipe: aws-ecomm-popular-items-by-views\n",
        (
            "5:3 [PG203] recipe: aws-ecomm-popular-items-by-views is a use case for ECOMMERCE recommenders, "
            "not a recipe for solutions"
        ),
    ),
    "PG402 only tuned": (
        (
            "kind: Solution\nname: s\nspec:\n"
            "  datasetGroup: arn:aws:personalize:us-east-1:123456789012:dataset-group/elsewhere\n"
            "  recipe: aws-similar-items\n  solutionConfig:\n"
            "    algorithmHyperParameters: {item_id_hidden_dim: 100}\n"
        ),
        (
            "7:32 [PG402] solutionConfig.algorithmHyperParameters.item_id_hidden_dim: "
            "cannot be set, only tuned within the ranges of hpoConfig"
        ),
    ),
}


ELEVEN = [f"F{number}" for number in range(11)]
COLUMNS = ", ".join(f"{{name: {name}, type: int}}" for name in ELEVEN)


def test_fields_of_the_current_item_may_count(tmp_path: Path) -> None:
    """PG303 is a warning if the filters use the current item: whether its fields count is not documented."""
    texts = [
        FILTER.replace("name: f", f"name: f{name}") + f"INCLUDE ItemID WHERE Items.{name} = CurrentItem.{name}\n"
        for name in ELEVEN
    ]
    (tmp_path / "a.yaml").write_text(HEAD.replace("{name: YEAR, type: int}", COLUMNS) + "---\n".join(texts))

    warned = [(found.check, found.severity) for found in load(tmp_path).warnings]
    assert ("PG303", Severity.WARNING) in warned


@pytest.mark.parametrize(("text", "told"), CASES.values(), ids=CASES)
def test_a_check_has_other_cases(tmp_path: Path, text: str, told: str) -> None:
    """Each case is found at its place, and nothing else."""
    assert found(tmp_path, text) == [told]


DOUBTFUL = """\
kind: Schema
name: s
spec:
  schema:
    type: record
    name: Users
    namespace: x
    fields: [{name: USER_ID, type: string}, {name: AGE, type: int}, {name: NAME, type: string}]
    version: "1.0"
---
kind: Filter
name: f
spec:
  datasetGroup: g
  filterExpression: INCLUDE ItemID WHERE Items.YEAR IN (1990)
"""


def test_warnings_do_not_make_manifests_invalid(tmp_path: Path) -> None:
    """Likely mistakes are warnings; facts that need no repair, such as an untrained column, are not reported."""
    (tmp_path / "a.yaml").write_text(HEAD + DOUBTFUL)

    loaded = load(tmp_path)

    assert [(warning.check, warning.severity, str(warning.field)) for warning in loaded.warnings] == [
        ("PG101", Severity.WARNING, "schema.namespace"),
        ("PG302", Severity.WARNING, "filterExpression"),
    ]


def test_warnings_stand_among_the_errors(tmp_path: Path) -> None:
    """Manifests with errors are reported with their warnings, in reading order."""
    lines = found(tmp_path, f"{DOUBTFUL}---\n{CASES['PG203 use case'][0]}")

    assert [line.split(" ")[1] for line in lines] == ["[PG101]", "[PG302]", "[PG203]"]


FILTER = "kind: Filter\nname: f\nspec:\n  datasetGroup: g\n  filterExpression: "
WRITTEN = {
    "plain": ("INCLUDE ItemID WERE Items.YEAR > 1\n", "5:36 [PG301] filterExpression:"),
    "single quotes": ("'INCLUDE ItemID WHERE Items.YEAR IN (''a'') WERE'\n", "5:65 [PG301] filterExpression:"),
    "double quotes": ('"INCLUDE ItemID WHERE Items.YEAR IN (\\"a\\") WERE"\n', "5:65 [PG301] filterExpression:"),
    "other escapes": ('"INCLUDE\\x20ItemID WERE"\n', "5:3 [PG301] filterExpression, character 16:"),
    "folded": (">\n    INCLUDE ItemID\n    WERE Items.YEAR\n", "5:3 [PG301] filterExpression, character 16:"),
    "two lines": ("INCLUDE ItemID\n    WERE Items.YEAR\n", "5:3 [PG301] filterExpression, character 16:"),
    "variable": ("${bad}\n", "5:3 [PG301] filterExpression, character 16:"),
    "file": ("{file: bad.txt}\n", "5:3 [PG301] filterExpression, character 16:"),
    "end": ("INCLUDE ItemID WHERE\n", "5:41 [PG301] filterExpression:"),
}


@pytest.mark.parametrize(("text", "told"), WRITTEN.values(), ids=WRITTEN)
def test_the_place_inside_an_expression(tmp_path: Path, text: str, told: str) -> None:
    """PG301 points at the character where parsing stopped; in a folded or filled-in text, it has its number."""
    (tmp_path / "bad.txt").write_text("INCLUDE ItemID WERE Items.YEAR > 1")

    (line,) = found(tmp_path, FILTER + text)

    assert line.startswith(told)


def test_an_undeclared_reference_hides_nothing(tmp_path: Path) -> None:
    """All problems are told at once: also those of the rules, if every document can be read."""
    lines = found(
        tmp_path,
        "{kind: Solution, name: s, spec: {datasetGroup: g, recipe: aws-hrnn}}\n---\n"
        "{kind: Campaign, name: c, spec: {solutionVersion: nowhere}}\n",
    )

    assert [line.split(" ")[1] for line in lines] == ["[PG203]", "[PG020]"]


def test_a_document_that_cannot_be_read_is_not_missed(tmp_path: Path) -> None:
    """No check says that something is missing while a document that may declare it has a problem of its own."""
    lines = found(
        tmp_path,
        "{kind: Dataset, name: d, spec: {datasetGroup: g, datasetType: Interactions, shema: s}}\n---\n"
        "{kind: Solution, name: s, spec: {datasetGroup: g, recipe: aws-user-personalization-v2}}\n",
    )

    assert {line.split(" ")[1] for line in lines} <= {"[PG010]", "[PG011]"}
