"""One drift issue a target: opened, updated, reopened, closed by its marker, and never closed by an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.errors import ForgeError, UsageError
from personalize_gitops.forge.drift_issue import NOTE_END, Check, Leave, Open, Write, decide, marked, project_of
from personalize_gitops.forge.github import GitHub
from personalize_gitops.forge.marker import Marker, Purpose, State, read, write
from personalize_gitops.forge.port import Forge, Issue
from personalize_gitops.forge.publish import publish_drift
from tests.forge.conftest import RecordingClock
from tests.support.forge import BOT, TOKEN, FakeForge, Fault

DRIFT = Marker(Purpose.DRIFT, "shop", "prod", "a" * 64, "b" * 40, "", "7", State.DRIFT)
CLEAN = replace(DRIFT, plan="", run="8", state=State.CLEAN)
UNKNOWN = replace(DRIFT, plan="", run="9", state=State.UNKNOWN)
LABEL = "personalize-drift"

found = Check(DRIFT, "Drift", "it differs", "duplicate")
clean = Check(CLEAN, "Drift", note="resolved")
failed = Check(UNKNOWN, "", note="not checked")


def issue(number: int = 1, marker: Marker = DRIFT, text: str = "it differs", *, is_open: bool = True) -> Issue:
    return Issue(number, BOT, "Drift", write(marker, text), is_open, f"#{number}")


def decided(issues: list[Issue], check: Check) -> list[object]:
    return list(decide(marked(issues, BOT), check))


def test_drift_opens_an_issue() -> None:
    """Where none is about the target."""
    other = issue(marker=replace(DRIFT, target="staging"))

    assert decided([other], found) == [Open("Drift", write(DRIFT, "it differs"))]


def test_the_same_drift_changes_nothing() -> None:
    """Another run and another commit that find the same leave the issue alone, also if people have added to it."""
    old = issue(marker=replace(DRIFT, run="1", head="c" * 40), text="it differs\n\nwe are on it")

    assert decided([old], found) == [Leave(old)]


def test_other_drift_updates_the_issue() -> None:
    """Its text is replaced."""
    old = issue(marker=replace(DRIFT, plan="d" * 64), text="something else")

    assert decided([old], found) == [Write(old, "Drift", write(DRIFT, "it differs"), is_open=True)]


def test_drift_reopens_the_issue() -> None:
    """After a clean check, and after people closed it; the newest closed one is reopened."""
    older, newer = issue(1, is_open=False), issue(2, is_open=False)

    assert decided([older, newer], found) == [Write(newer, "Drift", write(DRIFT, "it differs"), is_open=True)]


def test_a_clean_check_closes_the_issue() -> None:
    """It says so, and keeps what was found."""
    old = issue()

    body = write(CLEAN, f"resolved\n\n{NOTE_END}\nit differs")
    assert decided([old], clean) == [Write(old, "Drift", body, is_open=False)]


@pytest.mark.parametrize("issues", [[], [issue(is_open=False)]])
def test_a_clean_check_opens_nothing(issues: list[Issue]) -> None:
    """Nothing is written where there is no open issue."""
    assert decided(issues, clean) == [Leave(issues[0] if issues else None)]


def test_a_failed_check_keeps_the_issue_and_says_so() -> None:
    """It stays open with what was found, and gets a note."""
    old = issue()

    [action] = decided([old], failed)

    body = write(replace(DRIFT, state=State.UNKNOWN), f"not checked\n\n{NOTE_END}\nit differs")
    assert action == Write(old, "Drift", body, is_open=True)


def test_a_failed_check_says_so_once() -> None:
    """Another failure changes nothing."""
    noted = issue(marker=replace(DRIFT, state=State.UNKNOWN), text=f"not checked\n\n{NOTE_END}\nit differs")

    assert decided([noted], failed) == [Leave(noted)]


@pytest.mark.parametrize("issues", [[], [issue(is_open=False)]])
def test_a_failed_check_opens_and_reopens_nothing(issues: list[Issue]) -> None:
    """The last state was no drift."""
    assert decided(issues, failed) == [Leave(issues[0] if issues else None)]


@pytest.mark.parametrize("text", ["it differs", f"a value: {NOTE_END}\nmore"])
def test_findings_survive_notes(text: str) -> None:
    """The findings stay as they were through the note of a failed check and a clean check."""
    noted = body_of(decided([issue(text=text)], failed))
    closed = body_of(decided([replace(issue(), body=noted)], clean))

    assert noted.endswith(f"\n{NOTE_END}\n{text}")
    assert closed.endswith(f"resolved\n\n{NOTE_END}\n{text}")
    assert closed.count("not checked") == 0


def test_the_note_goes_with_the_next_check() -> None:
    """The same drift as before the failure is written without it."""
    noted = issue(marker=replace(DRIFT, state=State.UNKNOWN), text=f"not checked\n\n{NOTE_END}\nit differs")

    assert body_of(decided([noted], found)) == write(DRIFT, "it differs")


def test_one_of_several_issues_stays() -> None:
    """The newest open one; the others are closed, by drift and by a clean check."""
    first, second, closed = issue(1), issue(2), issue(3, is_open=False)

    assert [type(each) for each in decided([first, second, closed], found)] == [Leave, Write]
    assert [each.issue.number for each in decided([first, second, closed], clean) if isinstance(each, Write)] == [2, 1]


def test_issues_of_others_do_not_count() -> None:
    """A copied marker, the same title, and comments' markers change nothing."""
    copied = replace(issue(), author="mallory")
    titled = replace(issue(), body="it differs")
    plan = issue(marker=replace(DRIFT, purpose=Purpose.PLAN))

    assert decided([copied, titled, plan], clean) == [Leave(None)]
    assert project_of([copied, titled, plan], BOT, "prod") == ""


def test_the_project_of_a_target_is_found() -> None:
    """A check that failed may not know it; with several it has to be chosen."""
    assert project_of([issue()], BOT, "prod") == "shop"
    with pytest.raises(UsageError, match="--project"):
        project_of([issue(), issue(marker=replace(DRIFT, project="other"))], BOT, "prod")


def test_the_life_of_an_issue(forge: Forge, fake: FakeForge) -> None:
    """Opened, left alone, noted, updated, closed, reopened: always the same one, found over all pages."""
    others = [
        {"number": number, "title": "Drift", "body": "x", "open": True, "labels": [LABEL]} for number in range(1, 9)
    ]
    fake.issues += [{**other, "user": "mallory"} for other in others]
    newer = replace(found, marker=replace(DRIFT, plan="d" * 64), text="more differs")
    checks = [clean, found, found, failed, failed, newer, clean, clean, failed, found]

    done = [publish_drift(forge, check, LABEL, "").done for check in checks]

    assert done == [
        *("unchanged", "opened", "unchanged", "updated", "unchanged", "updated"),
        *("closed", "unchanged", "unchanged", "reopened"),
    ]
    assert len(fake.issues) == 9
    assert (fake.issues[-1]["open"], fake.issues[-1]["body"]) == (True, write(DRIFT, "it differs"))


def test_an_opening_without_an_answer_is_not_repeated(forge: Forge, fake: FakeForge) -> None:
    """The issue is found by its marker instead."""
    fake.faults.append(Fault(502, "POST", "/issues", after_effect=True))

    publish_drift(forge, found, LABEL, "")

    assert len(fake.issues) == 1


def test_a_long_text_is_cut(forge: Forge, fake: FakeForge) -> None:
    """With room for the note of a failed check."""
    publish_drift(forge, replace(found, text="a line\n" * 150_000), LABEL, "_cut_")
    publish_drift(forge, replace(failed, note="n" * 500), LABEL, "")

    body = fake.issues[0]["body"]
    assert len(body) <= forge.limit
    assert body.endswith("_cut_")
    assert getattr(read(body), "state", None) is State.UNKNOWN


def test_a_dropped_label_is_an_error(fake: FakeForge, clock: RecordingClock) -> None:
    """GitHub drops labels without a message if the token may not set them; the issue would be opened every night."""
    fake.drop_labels = True

    with pytest.raises(ForgeError, match="may not set labels"):
        publish_drift(GitHub(fake.url, "acme/shop", TOKEN, clock), found, LABEL, "")


def body_of(actions: list[object]) -> str:
    [action] = actions
    assert isinstance(action, Write)
    return action.body
