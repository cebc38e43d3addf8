"""Text from the service and from manifests cannot control a terminal or give commands to a CI system."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.model.acceptance import Written
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.importing import Drafts, ImportedFile, LeftOut, ObjectDraft
from personalize_gitops.model.problem import Problem, ValidationReport
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Path, ReasonCode, Source, Verbatim, because, service_message
from personalize_gitops.model.reports import (
    AcceptReport,
    ApplyReport,
    DriftReport,
    ExplainReport,
    ImportReport,
    PlanReport,
    Report,
    StatusReport,
)
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.model.who import Who
from personalize_gitops.render import events
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.lines import line
from personalize_gitops.render.style import PLAIN, Style
from tests.render.plans import change, live, plan

NASTY = st.text(
    st.one_of(st.sampled_from("\n\r\t\x1b\x07\x00\x7f\x9b:#[]\u202e\u200b\u2028\ufeff\ud800 a"), st.characters()),
    max_size=12,
)
COLOURS = re.compile(r"\x1b\[(?:0|1|2|31|32|33|36)m")
ATTACK = "\x1b]0;owned\x07\n::error::owned\r\u202e"


def reports(foreign: str) -> list[Report]:
    """Every report, with one text in each place that others fill."""
    found = replace(live("Campaign", foreign, foreign), failure=foreign)
    field = FieldChange(("a", foreign), foreign, foreign * 9)
    fields = (field, FieldChange((foreign,), [foreign], ["b"]), FieldChange(("tags", foreign), ABSENT, {foreign: 1}))
    reason = because(ReasonCode.LAST_ATTEMPT_FAILED, status=Verbatim(foreign), failure=service_message(foreign))
    changes = [
        change("Campaign", foreign, action, foreign, live=found, fields=fields, notes=(reason,)) for action in Action
    ]
    unknown = FieldChange((foreign,), foreign, Unknown(Address("Solution", foreign)))
    made = replace(plan(*changes), project=foreign, target=foreign, account=foreign, region=foreign)
    drifted = Drift(
        Address("Campaign", foreign), Finding.CHANGED, (reason,), foreign, (field, unknown), changes[1].place
    )
    kind = because(ManifestCode.NO_SUCH_KIND, kind=Verbatim(foreign))
    place = Source(foreign, 1, 1)
    problems = (
        Problem(kind, place, subject=foreign, field=Path((foreign,)), suggestion=kind),
        Problem(kind, place, subject=place.file),
    )
    return [
        PlanReport(made),
        DriftReport(made, (drifted,)),
        StatusReport(made, 0),
        ApplyReport(made, tuple(happenings(foreign)), 1, simulated=False),
        ValidationReport(problems, targets=(foreign,), lines={place: foreign}),
        ValidationReport((), targets=(foreign,)),
        AcceptReport(made, (Written(Address("Campaign", foreign), Path((foreign,)), place, foreign, [foreign]),)),
        *(ExplainReport(foreign, foreign, Explanation(each, tuple(changes))) for each in changes[:2]),
        ImportReport(foreign, foreign, foreign, foreign, drafts(foreign), (ImportedFile(foreign, ()),)),
    ]


def drafts(foreign: str) -> Drafts:
    """A draft with a note and an object that is left out."""
    found, note = live("Campaign", foreign, foreign), service_message(foreign)
    of = ObjectDraft(Address("Campaign", foreign), found, {}, defaulted=(Path((foreign,)),), notes=(note,))
    return Drafts((of,), (LeftOut(found, (note,)),))


def happenings(foreign: str) -> list[Event]:
    """Every event, with the words of the service."""
    kind = live("Campaign", foreign).kind
    step = Step(StepId(Address("Campaign", foreign), Verb.CREATE, foreign), kind)
    said = service_message(foreign)
    return [
        Begun(step, 0),
        Waiting(step, 0, said, 1),
        Done(step, 0, 1, foreign),
        Failed(step, 0, 1, said),
        Skipped(step, 0, step),
        Left(step, 0, Cause.DEADLINE, said),
        NotBegun(step, 0, Cause.DEADLINE),
    ]


def harm(output: str) -> list[str]:
    """Return the lines of an output that control a terminal or a CI system."""
    lines = [COLOURS.sub("", each) for each in output.split("\n")]
    return [each for each in lines if each.lstrip().startswith("::") or "##[" in each or any(map(controls, each))]


def controls(character: str) -> bool:
    return category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(NASTY, st.sampled_from([PLAIN, Style(coloured=True)]))
def test_no_report_carries_control_characters(foreign: str, style: Style) -> None:
    """No line of any report in text has a control character but colours, or begins with a command of GitHub."""
    outputs = [render_report(report, Format.TEXT, style) for report in reports(foreign)]
    outputs += [events.line(event) for event in happenings(foreign)]

    assert [each for output in outputs for each in harm(output)] == []


@given(NASTY)
def test_colours_are_ours(foreign: str) -> None:
    """A text from outside adds no colour to the output."""
    ours = [render_report(report, Format.TEXT, Style(coloured=True)).count("\x1b") for report in reports("a")]
    seen = [render_report(report, Format.TEXT, Style(coloured=True)).count("\x1b") for report in reports(f"a{foreign}")]

    assert seen == ours


@given(NASTY)
def test_json_escapes_what_text_escapes(foreign: str) -> None:
    """A JSON document has no control character either, and its reader gets the text as it was."""
    for report in reports(foreign):
        output = render_report(report, Format.JSON)

        assert harm(output) == []
        assert output.isascii() or json.loads(output) == json.loads(output.encode(errors="surrogatepass"))
        if Format.NDJSON.functions.keys() & {report.document}:
            assert harm(render_report(report, Format.NDJSON)) == []
        if isinstance(report, ValidationReport):
            assert harm(render_report(report, Format.SARIF)) == []
            assert harm(render_report(report, Format.JUNIT)) == []
    plan_ = json.loads(render_report(reports(foreign)[0], Format.JSON))
    assert plan_["target"]["name"] == foreign


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("two\nlines", r"two\nlines"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\u202eleft", r"\u202eleft"),
        ("::error::no", r"\x3a:error::no"),
        ("  ::error::no", r"  \x3a:error::no"),
        ("x ##[error]no", r"x #\x23[error]no"),
        ("##vso[task]", r"#\x23vso[task]"),
        ("Ünïcode → 木\u3000:: ok", "Ünïcode → 木\u3000:: ok"),
    ],
)
def test_a_person_sees_what_was_escaped(foreign: str, shown: str) -> None:
    """Invisible characters are shown as escapes; every visible one stays."""
    assert line(foreign) == shown


def test_an_attack_shows() -> None:
    """A failure reason with a title sequence and a command of GitHub is one harmless line."""
    shown = render_report(reports(ATTACK)[3], Format.TEXT)

    assert r"failed: \x1b]0;owned\x07\n::error::owned\r\u202e" in shown


@given(NASTY)
def test_an_actor_is_escaped(foreign: str) -> None:
    """What CloudTrail has as caller and operation, or as its error, adds no line and no control character."""
    failed = Who(reason=because(ReasonCode.TRAIL_UNREADABLE, error=Verbatim(foreign)))
    known = Drift(Address("Campaign", "a"), Finding.CHANGED, (), who=Who(foreign, 0.0, foreign))
    report = DriftReport(plan(), (known, replace(known, who=failed)))

    assert harm(render_report(report, Format.TEXT)) == []
    assert harm(render_report(report, Format.JSON)) == []
    assert len(render_report(report, Format.TEXT).splitlines()) == 6
