"""Severities in the project, and comments that ignore a check at a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.manifest.ignores import ignores_in
from personalize_gitops.manifest.load import load_all
from personalize_gitops.manifest.nodes import parsed
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import full_text

PROJECT = """\
kind: Project
name: shop
spec: {{targets: {{local: {{emulator: {{}}}}}}, lint: {{PG415: ignore, {lint}}}}}
"""
SOLUTION = """\
{{kind: DatasetGroup, name: shop, spec: {{}}}}
---
kind: Solution
name: for-you
spec:
  datasetGroup: shop
{above}  recipe: aws-hrnn{behind}
  performAutoTraining: false
"""
COMMENT = "# personalize-gitops: ignore PG203"


def told(folder: Path, lint: str = "", above: str = "", behind: str = "") -> list[str]:
    """`line check severity` of each problem."""
    (folder / "project.yaml").write_text(PROJECT.format(lint=lint))
    (folder / "shop.yaml").write_text(SOLUTION.format(above=above, behind=behind))
    try:
        found = load(folder).warnings
    except ManifestError as error:
        found = error.problems
    return [f"{problem.place.line} {problem.check} {problem.severity}" for problem in found]


@pytest.mark.parametrize("level", Severity)
def test_a_project_sets_the_severity_of_a_check(tmp_path: Path, level: Severity) -> None:
    """An error makes the manifests invalid, a warning or an info does not."""
    assert told(tmp_path, f"PG203: {level}") == [f"7 PG203 {level}"]


def test_a_project_ignores_a_check(tmp_path: Path) -> None:
    """Its problems are not told."""
    assert told(tmp_path, "PG203: ignore") == []


@pytest.mark.parametrize(
    ("lint", "message"),
    [
        ("PG293: warning", 'unknown check "PG293": docs/diagnostics.md lists the codes'),
        ("PG010: warning", "PG010 cannot be ignored or set to another severity: it is about the structure"),
    ],
)
def test_an_invalid_severity(tmp_path: Path, lint: str, message: str) -> None:
    """A check that does not exist or that nothing can work without, at its place in the project."""
    (tmp_path / "project.yaml").write_text(PROJECT.format(lint=lint))

    with pytest.raises(ManifestError) as caught:
        load(tmp_path)

    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (3, 64)
    assert full_text(problem.reason, problem.suggestion) == message


@pytest.mark.parametrize(
    ("above", "behind"),
    [
        ("", f"  {COMMENT} migrating in May"),
        (f"  {COMMENT} migrating in May\n", ""),
        (f"  {COMMENT} migrating in May\n  # personalize-gitops: ignore PG401 also\n", ""),
    ],
    ids=["its own", "the next", "the next but one"],
)
def test_a_comment_ignores_a_check_at_a_line(tmp_path: Path, above: str, behind: str) -> None:
    """At the end of the line, or on a line of its own above it, beside others."""
    found = told(tmp_path, above=above, behind=behind)

    assert not [each for each in found if "PG203" in each]


def test_a_comment_for_another_line_or_check_is_unused(tmp_path: Path) -> None:
    """It ignores nothing, which is a warning at the comment."""
    assert told(tmp_path, "PG203: warning", f"  {COMMENT} too early\n\n") == ["7 PG061 warning", "9 PG203 warning"]
    assert told(tmp_path, "PG203: ignore", behind=f"  {COMMENT} still") == ["7 PG061 warning"]
    assert told(tmp_path, "PG203: ignore, PG061: ignore", behind=f"  {COMMENT} still") == []


@pytest.mark.parametrize("comment", [COMMENT, "# personalize-gitops: ignore", "# personalize-gitops: ignore PG293 x"])
def test_a_comment_needs_a_check_and_a_reason(tmp_path: Path, comment: str) -> None:
    """Without one, the comment is an error of its own."""
    assert "7 PG060 error" in told(tmp_path, behind=f"  {comment}")


TEXTS = {
    "quoted": f'a: "x {COMMENT} y"\n',
    "two lines": f'a: "x\n  {COMMENT} y"\n',
    "block": f"a:\n  b: |\n    x\n    {COMMENT} y\n  c: 1\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_in_a_value_is_no_comment(text: str) -> None:
    """What YAML reads as a part of a value ignores nothing."""
    found = ignores_in(text, "a.yaml", parsed(text, "a.yaml"))

    assert (*found.valid, *found.problems) == ()


def test_a_comment_that_any_target_needs_is_used(tmp_path: Path) -> None:
    """A target may fill in another value than the one that the comment is about."""
    (tmp_path / "project.yaml").write_text(
        "kind: Project\nname: shop\nspec:\n"
        "  targets: {a: {emulator: {}, variables: {r: aws-hrnn}}, b: {emulator: {}, variables: {r: aws-sims}}}\n"
        "  lint: {PG415: ignore}\n"
    )
    text = SOLUTION.format(above="", behind=f"  {COMMENT} old").replace("aws-hrnn", "${r}")
    (tmp_path / "shop.yaml").write_text(text)

    assert [problem.check for each in load_all(tmp_path) for problem in each.warnings] == []
    assert load(tmp_path, "b").warnings == ()
