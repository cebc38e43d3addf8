"""Annotations for GitHub and the report for GitLab: what is written, how much; foreign text is no command."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.problem import Problem, Severity, ValidationReport
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import ReasonCode, Source, Verbatim, because
from personalize_gitops.model.reports import PlanReport, Report
from personalize_gitops.render import github
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.lines import escaped
from personalize_gitops.render.style import PLAIN, Style
from tests.render.large import changes_of, missing
from tests.render.plans import EVERYTHING, change, plan
from tests.render.test_foreign_text import NASTY, reports

GOLDEN = Path(__file__).parent / "golden"
COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def written(report: Report, style: Style = PLAIN) -> str:
    return render_report(report, Format.GITHUB, style)


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """Read an output as the runner of GitHub does: the kind, the properties and the message of each command."""
    found = [COMMAND.fullmatch(line) for line in output.splitlines()]
    assert None not in found
    return [
        (each["kind"], dict(_property(pair) for pair in each["properties"].split(",")), _data(each["message"]))
        for each in found
        if each
    ]


def _property(pair: str) -> tuple[str, str]:
    name, value = pair.split("=", 1)
    return name, _data(value.replace("%3A", ":").replace("%2C", ","))


def _data(value: str) -> str:
    return value.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_plan() -> None:
    """Blocked changes are errors, risks are warnings, the rest notices, each at its line of the manifests."""
    assert written(PlanReport(EVERYTHING)) == (GOLDEN / "plan.github").read_text()


def test_a_refused_plan_is_an_error() -> None:
    """The refusal of a policy is an error without a line."""
    refusal = because(ReasonCode.TOO_MANY_DELETES, deletes=9, allowed=1, target=Verbatim("prod"))

    (kind, properties, message), *_ = commands(written(PlanReport(replace(EVERYTHING, refusal=refusal))))

    assert (kind, properties) == ("error", {"title": "Refused"})
    assert message.startswith("9 deletions")


def test_at_most_ten_of_a_kind() -> None:
    """Of many annotations the last of each kind says how many more there are."""
    output = written(PlanReport(plan(*changes_of(2000, 44))))
    found = commands(output)

    assert Counter(kind for kind, _, _ in found) == {"error": 10, "warning": 10, "notice": 10}
    last = [properties["title"] for _, properties, _ in (found[9], found[19], found[29])]
    assert last == ["2 more", "24 more", "1947 more"]
    assert len(output) < 65_536


def test_changed_lines_come_first() -> None:
    """New documents and changed fields come before consequences, and these before objects without a document."""
    runs = [change("SolutionVersion", f"run-{number}", Action.RUN, "due", risk=Risk.COST) for number in range(12)]
    new = [change("Campaign", f"new-{number}", Action.CREATE, "new", risk=Risk.COST) for number in range(9)]

    titles = [properties["title"] for _, properties, _ in commands(written(PlanReport(plan(*runs, *new))))]

    assert titles == [*(f"Campaign/new-{number}: create" for number in range(9)), "12 more"]


def test_the_summary_of_the_job() -> None:
    """It fits, and names every blocked or risky change of 2,000."""
    for risky in (40, 2000):
        found = changes_of(2000, risky)
        shown = github.summary(PlanReport(plan(*found)), PLAIN, github.SUMMARY)

        assert len(shown.encode()) < 1024 * 1024
        assert missing(found, shown) == []


def test_problems_of_manifests() -> None:
    """An invalid manifest is annotated at its place, the remedy on a line of its own."""
    reason = because(ManifestCode.NO_SUCH_KIND, kind=Verbatim("Filtre"))
    problem = Problem(reason, Source("m/a,b.yaml", 4, 3, 9), subject="m/a,b.yaml", suggestion=reason)
    warning = replace(problem, severity=Severity.WARNING, suggestion=None)

    found = commands(written(ValidationReport((problem, warning)), Style(folder="sub")))

    assert [kind for kind, _, _ in found] == ["error", "warning"]
    place = {"file": "sub/m/a,b.yaml", "line": "4", "col": "3", "endColumn": "9"}
    assert found[0][1] == {**place, "title": "m/a,b.yaml [PG005]"}
    assert len(found[0][2].split("\n")) == 2


@pytest.mark.parametrize("index", [0, 1, 3, 4])
@given(foreign=NASTY)
def test_text_from_outside_is_no_command(index: int, foreign: str) -> None:
    """Names, files and messages add no command and no property; GitHub shows them as they are."""
    ours, seen = commands(written(reports("a")[index])), commands(written(reports(foreign)[index]))

    assert [(kind, properties.keys()) for kind, properties, _ in seen] == [
        (kind, properties.keys()) for kind, properties, _ in ours
    ]
    if "##" not in foreign and index == 0:
        assert f"Campaign/{escaped(foreign)}: blocked" in [properties["title"] for _, properties, _ in seen]


def test_the_report_for_gitlab() -> None:
    """The widget counts objects that are created, updated and deleted; a replacement is two."""
    assert render_report(PlanReport(EVERYTHING), Format.GITLAB) == (GOLDEN / "plan.gitlab.json").read_text()
