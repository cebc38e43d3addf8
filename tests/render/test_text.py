"""Text for people: plans, drift, problems, status and progress, to the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.events import Begun, Cause, Done, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.reason import Reason, ReasonCode, Source, service_message
from personalize_gitops.model.reports import ApplyReport, DriftReport, StatusReport
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.render import drifts, events, status, text
from personalize_gitops.render.style import Style, plural, span
from personalize_gitops.render.values import field_lines
from tests.render.plans import EVERYTHING, change, document, live, plan

PLAN = """\
+   Campaign/a         create     not in the account; bills by the hour while it exists
~   Campaign/home      update     solutionVersion, minProvisionedTPS differ
      solutionVersion    …solution/s/1 → (known after SolutionVersion/s)
      minProvisionedTPS  1 → 3
-/+ Filter/f           recreate   filterExpression cannot be updated in place
      filterExpression  "INCLUDE …" → (absent)
      outage: unavailable between deletion and creation, usually 2m 30s
-   EventTracker/gone  delete     no longer declared
      loses the tracking id that applications send events with
+/- Solution/s         successor  recipe cannot be updated in place; the new one is s-2
      tags.x  - "a"
              + "c"
      the old one is deleted when all references have moved, and with it its trained versions
>   SolutionVersion/s  run        never ran; each training is billed
!   EventTracker/t     blocked    somebody else's
      A way out:
        1. ask them

Kept in the account (`prune: true` deletes undeclared resources, except retained ones; --forget stops managing one):
    Filter/old  no longer declared

Plan: 1 to create, 1 to update, 2 to replace, 1 to delete, 1 to run, \
1 kept, 1 blocked, 1 in sync. Fingerprint FINGERPRINT.
For target prod: account 111122223333, eu-west-1.
1 change blocked: apply changes nothing until this is resolved.
"""


def test_a_plan() -> None:
    """Aligned, a reason in each row, lines of their own for fields and losses only."""
    assert text.plan(EVERYTHING) == PLAN.replace("FINGERPRINT", EVERYTHING.fingerprint[:12])


def test_the_same_plan_is_the_same_text() -> None:
    """Nothing of the run enters the text."""
    assert text.plan(EVERYTHING) == text.plan(EVERYTHING)


def test_nothing_to_do() -> None:
    """One line, and what is kept above it."""
    in_sync = change("DatasetGroup", "g", Action.NONE, "")

    assert text.plan(plan()) == "No changes.\n"
    assert text.plan(plan(in_sync)) == "No changes. 1 in sync.\n"


def test_colour_is_only_around_words() -> None:
    """Painted text without its paint is the plain text; plain text has none."""
    painted = text.plan(EVERYTHING, Style(coloured=True))

    assert "\x1b[32m+  \x1b[0m Campaign/a" in painted
    assert "\x1b" not in text.plan(EVERYTHING)


DRIFT = """\
error    Campaign/home  changed     changed in the account; billed since 2025-06-16
    minProvisionedTPS  1 → 3
    manifests/shop.yaml:9; next: personalize-gitops plan --only Campaign/home
error    Filter/f       missing     declared, not in the account
    next: personalize-gitops plan --only Filter/f
info     Filter/old     undeclared  no longer declared
    next: personalize-gitops plan --forget Filter/old

Drift in shop: 1 changed, 1 missing; also 1 undeclared; 4 as declared.
"""


def test_drift() -> None:
    """Declared → found, and what it comes to."""
    found = (
        Drift(
            Address("Campaign", "home"),
            Finding.CHANGED,
            (Reason(ReasonCode.CHANGED_IN_ACCOUNT),),
            "arn:x",
            (FieldChange(("minProvisionedTPS",), 1, 3),),
            Source("manifests/shop.yaml", 9),
            bills_since=NOON,
        ),
        Drift(Address("Filter", "old"), Finding.UNDECLARED, (Reason(ReasonCode.UNDECLARED),)),
        Drift(Address("Filter", "f"), Finding.MISSING, (Reason(ReasonCode.MISSING),)),
    )

    four = plan(*(change("Filter", str(number), Action.NONE, "") for number in range(4)))

    assert drifts.drift(DriftReport(four, found)) == DRIFT
    assert drifts.drift(DriftReport(four, ())) == "No drift. 4 as declared.\n"
    only_told = drifts.drift(DriftReport(four, found[1:2]))
    assert only_told.endswith("\nNothing fails the check: 1 undeclared; 4 as declared.\n")


STATUS = """\
RESOURCE           STATUS         AGE  AWS NAME
Campaign/home      CREATE FAILED  1h   home      no such role
DatasetGroup/g     ACTIVE         1h   g
SolutionVersion/s  ABSENT              s-1234
SolutionVersion/t  DUE            1h   t

1 of 4 ready.
"""


def test_a_narrow_terminal() -> None:
    """Reasons and notes wrap below their beginning, with their colors; what is a table stays in one line."""
    note = service_message("1. export the rows of the dataset with a job of its own")
    blocked = change("Filter", "f", Action.BLOCKED, "protected in the account, as its tag says", notes=(note,))

    shown = text.plan(plan(blocked), Style(coloured=True, width=48)).splitlines()

    assert shown[:5] == [
        "\x1b[31m!  \x1b[0m Filter/f  blocked  protected in the account,",
        "      as its tag says",
        "      1. export the rows of the dataset with a",
        "      job of its own",
        "",
    ]


def test_a_run_whose_inputs_are_gone() -> None:
    """After a destroy, a finished job has its own state: it is not due while what it needs does not exist."""
    found = change("BatchSegmentJob", "fans", Action.RUN, "changed", live=live("BatchSegmentJob", "fans"))
    needs = {"solutionVersion": Address("SolutionVersion", "fans")}
    job = replace(found, document=replace(document("BatchSegmentJob", "fans"), references=needs))
    gone = change("SolutionVersion", "fans", Action.RUN, "never ran")
    there = change("SolutionVersion", "fans", Action.NONE, "", live=live("SolutionVersion", "fans"))

    assert [row["status"] for row in status.rows(StatusReport(plan(job, gone), NOON))] == ["ACTIVE", "ABSENT"]
    assert [row["status"] for row in status.rows(StatusReport(plan(job, there), NOON))] == ["DUE", "ACTIVE"]


def test_status() -> None:
    """State, age and the reason of a failure, aligned, without white space at the ends."""
    failed = live("Campaign", "home", "CREATE FAILED")
    found = plan(
        change(
            "Campaign",
            "home",
            Action.RECREATE,
            "failed",
            live=type(failed)(**{**vars(failed), "failure": "no such role"}),
        ),
        change("DatasetGroup", "g", Action.NONE, "", live=live("DatasetGroup", "g")),
        change("SolutionVersion", "s", Action.RUN, "never ran", aws_name="s-1234"),
        change("SolutionVersion", "t", Action.RUN, "input data changed", live=live("SolutionVersion", "t")),
    )

    assert status.text(StatusReport(found, 1_750_003_600.0)) == STATUS
    assert status.text(StatusReport(plan(), 0)) == "Nothing is declared, and nothing is owned.\n"


def step(kind: str, verb: Verb) -> Step:
    return Step(StepId(Address(kind, "x"), verb, "x"), KINDS[kind])


CREATE, TRAIN = step("Campaign", Verb.CREATE), step("SolutionVersion", Verb.CREATE)
NOON = 1_750_075_200.0
EVENTS = {
    "12:00:00  Campaign/x         creating, usually 9m": Begun(CREATE, NOON),
    "12:00:00  SolutionVersion/x  running: CREATE IN_PROGRESS for 1m 30s, usually 35m": Waiting(
        TRAIN, NOON, service_message("CREATE IN_PROGRESS"), 90
    ),
    "12:00:00  SolutionVersion/x  done after 50m": Done(TRAIN, NOON, 3000, "arn:x"),
    "12:00:00  Campaign/x         created": Done(CREATE, NOON, 0.2, "arn:x"),
    "12:00:00  Campaign/x         FAILED to create: no such role": Failed(
        CREATE, NOON, 5, service_message("no such role")
    ),
    "12:00:00  Campaign/x         skipped: SolutionVersion/x failed": Skipped(CREATE, NOON, TRAIN),
    "12:00:00  Campaign/x         still CREATE PENDING; it continues in the account": Left(
        CREATE, NOON, Cause.DETACHED, service_message("CREATE PENDING")
    ),
    "12:00:00  Campaign/x         not begun": NotBegun(CREATE, NOON, Cause.DETACHED),
}


@pytest.mark.parametrize(("line", "event"), EVENTS.items())
def test_progress(line: str, event: Begun) -> None:
    """One line for each event, addresses as wide as the widest."""
    assert events.line(event, len("SolutionVersion/x")) == line


def test_the_end_of_an_apply() -> None:
    """What was done is counted; a failure is told with its reason; what to do is said once."""
    seen = (Done(TRAIN, NOON, 3000, "arn:x"), Failed(CREATE, NOON, 5, service_message("no such role")))

    assert events.summary(ApplyReport(plan(), seen, 3005, simulated=True)) == (
        "Applied: 1 run, 1 failed. It would have taken 50m 5s; here time is simulated.\n"
        "  Campaign/x failed: no such role\n"
        "Everything that does not depend on a failed step was done; the next apply continues from here.\n"
    )


def test_the_end_of_an_apply_that_was_not_waited_for() -> None:
    """It says that work goes on, and what continues it."""
    seen = (Left(TRAIN, NOON, Cause.DETACHED, None), NotBegun(CREATE, NOON, Cause.DETACHED))

    assert events.summary(ApplyReport(plan(), seen, 2, simulated=False)) == (
        "Applied: 1 in progress, 1 not begun. It took 2s.\n"
        "Not waiting. Steps in progress continue in the account; the next apply continues from there.\n"
    )


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "0s"), (45, "45s"), (725, "12m 5s"), (3600, "1h"), (5520, "1h 32m"), (529200, "6d 3h"), (86460, "1d")],
)
def test_spans(seconds: float, told: str) -> None:
    """Two units at most."""
    assert span(seconds) == told


def test_plurals() -> None:
    """One is one."""
    assert (plural(1, "problem"), plural(2, "problem")) == ("1 problem", "2 problems")


def test_long_texts_stand_line_under_line() -> None:
    """Two filter expressions are compared one above the other, without escapes."""
    field = FieldChange(
        ("filterExpression",),
        'EXCLUDE ItemID WHERE Items.GENRE IN ("a", "b")',
        'EXCLUDE ItemID WHERE Items.GENRE IN ("a")',
    )

    assert list(field_lines(field)) == [f"- {field.before}", f"+ {field.after}"]
