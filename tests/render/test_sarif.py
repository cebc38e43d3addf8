"""SARIF and JUnit: what is in them, and that the tools of others read them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from junitparser import Failure, JUnitXml

from personalize_gitops.model.problem import Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.style import PLAIN, Style
from tests.render.test_validation import FOUND, UNDECLARED
from tests.support.npm import installed

STRANGE = replace(UNDECLARED, place=Source('m/a "&<b>.yaml', 4, 3, 15), severity=Severity.INFO, check=None)
REPORT = ValidationReport((*FOUND, STRANGE))


def run_of(report: ValidationReport, style: Style = PLAIN) -> dict[str, Any]:
    """The only run in the SARIF of a report."""
    (run,) = json.loads(render_report(report, Format.SARIF, style))["runs"]
    found: dict[str, Any] = run
    return found


def test_results() -> None:
    """Each problem with its rule, level, sentence and remedy, and the place in the repository."""
    run = run_of(REPORT, Style(folder="shop"))
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    told = [(result.get("ruleId"), result["level"], result["message"]["text"]) for result in run["results"]]
    place = run["results"][-1]["locations"][0]["physicalLocation"]

    assert rules == ["PG002", "PG020", "PG302"]
    assert told[0] == ("PG020", "error", 'datasetGroup: no DatasetGroup named "gg" is declared; did you mean "g"?')
    assert [level for _, level, _ in told] == ["error", "warning", "error", "note"]
    assert place == {
        "artifactLocation": {"uri": "shop/m/a%20%22%26%3Cb%3E.yaml"},
        "region": {"startLine": 4, "startColumn": 3, "endColumn": 15},
    }


def test_the_multitool_accepts_it(tmp_path: Path) -> None:
    """Microsoft's validator of SARIF, which has its JSON Schema and more rules, finds no error."""
    packages = installed(Path(__file__).parents[1] / "support" / "tools") / "@microsoft"
    program = next(packages.glob("sarif-multitool-*/Sarif.Multitool"), None)
    if program is None:
        pytest.skip("the multitool does not run on this system")
    program.chmod(0o755)
    file = tmp_path / "problems.sarif"
    file.write_text(render_report(REPORT, Format.SARIF))

    done = subprocess.run(
        [program, "validate", file, "--output", tmp_path / "found.sarif", "--level", "Error;Warning;Note"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )

    (run,) = json.loads((tmp_path / "found.sarif").read_text())["runs"]
    assert done.returncode == 0
    assert [found["ruleId"] for found in run["results"] if found.get("level") == "error"] == []


def test_junit_is_read_back() -> None:
    """An error is a case that failed, with its check as the type; a warning passed and has output."""
    text = render_report(REPORT, Format.JUNIT)
    (suite,) = JUnitXml.fromstring(text.encode())
    cases = list(suite)

    assert (suite.tests, suite.failures) == (4, 2)
    assert [case.name for case in cases][:2] == ["PG020 Filter/f at 4:3", "PG302 Filter/f at 5:3"]
    assert cases[3].classname == STRANGE.place.file
    assert [[type(result) for result in case.result] for case in cases] == [[Failure], [], [Failure], []]
    assert (cases[0].result[0].type, cases[0].result[0].message) == (
        "PG020",
        'datasetGroup: no DatasetGroup named "gg" is declared',
    )
    assert "ITEM_ID is not documented; docs/diagnostics.md#pg302" in cases[1].system_out


def test_junit_of_valid_manifests() -> None:
    """One case that passed: a suite without cases counts as a failure in some systems."""
    (suite,) = JUnitXml.fromstring(render_report(ValidationReport((), 3, ("local",)), Format.JUNIT).encode())

    assert (suite.tests, suite.failures) == (1, 0)
    assert [case.is_passed for case in suite] == [True]


def test_the_same_problems_are_the_same_bytes() -> None:
    """Neither has a time or an id of its run."""
    for format_ in (Format.SARIF, Format.JUNIT):
        assert render_report(REPORT, format_) == render_report(REPORT, format_)
