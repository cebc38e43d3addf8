"""What happens to the drift issue of a target: opened, updated, reopened, closed. Pure.

Only a check that found nothing closes it. A check that failed changes neither its state nor what it says was found; it
adds a note, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from personalize_gitops.errors import UsageError
from personalize_gitops.forge import marker as markers
from personalize_gitops.forge.marker import Marker, Purpose, State
from personalize_gitops.forge.port import Issue

NOTE_END = "<!-- personalize-gitops: the last findings follow -->"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a check of a target: what the drift issue should say."""

    marker: Marker  # its state is what was found
    title: str
    text: str = ""  # the drift, if there is any
    note: str = ""  # why an issue is closed, or that the check failed


@dataclass(frozen=True, slots=True)
class Open:
    """Open an issue."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Write:
    """Replace title, body and state of an issue."""

    issue: Issue
    title: str
    body: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the issue alone, or none where there is none."""

    issue: Issue | None


Action = Open | Write | Leave


@dataclass(frozen=True, slots=True)
class Marked:
    """A drift issue of ours, and its marker."""

    issue: Issue
    marker: Marker

    @property
    def findings(self) -> str:
        """What the last check that did not fail found, without a note."""
        text = markers.text_of(self.issue.body.replace("\r\n", "\n"))
        return text if self.marker.state is State.DRIFT else text.partition(f"{NOTE_END}\n")[2]


def marked(issues: Sequence[Issue], author: str) -> list[Marked]:
    """Return our drift issues, the open ones first, then the newest."""
    found = [
        Marked(issue, read)
        for issue in issues
        if issue.author == author and (read := markers.read(issue.body)) and read.purpose is Purpose.DRIFT
    ]
    return sorted(found, key=lambda each: (not each.issue.open, -each.issue.number))


def project_of(issues: Sequence[Issue], author: str, target: str) -> str:
    """Return the project whose drift issue is about a target; "" if there is none. Raises UsageError for several."""
    projects = {each.marker.project for each in marked(issues, author) if each.marker.target == target}
    if len(projects) > 1:
        raise UsageError(f"several projects have a target {target}: pass --project")
    return next(iter(projects), "")


def decide(found: Sequence[Marked], check: Check) -> Iterator[Action]:
    """Yield what a check makes of the drift issues of its target: first of the one that stays."""
    same = [each for each in found if each.marker.same_subject(check.marker)]
    match check.marker.state:
        case State.DRIFT:
            yield _with_drift(same[0], check) if same else Open(check.title, markers.write(check.marker, check.text))
            yield from (_closed(each, check) for each in same[1:] if each.issue.open)
        case State.CLEAN:
            still_open = [each for each in same if each.issue.open]
            yield from (_closed(each, check) for each in still_open)
            if not still_open:
                yield Leave(same[0].issue if same else None)
        case _:
            yield _with_failure(same[0], check) if same else Leave(None)


def _with_drift(old: Marked, check: Check) -> Action:
    """Return what happens to an issue while there is drift.

    A run that finds the same as the one before changes nothing, even if people have added to the text.
    """
    same = replace(old.marker, head="", base="", run="") == replace(check.marker, head="", base="", run="")
    if same and old.issue.open:
        return Leave(old.issue)
    return Write(old.issue, check.title, markers.write(check.marker, check.text), is_open=True)


def _closed(old: Marked, check: Check) -> Action:
    body = _noted(replace(check.marker, state=State.CLEAN), check.note, old.findings)
    return Write(old.issue, old.issue.title, body, is_open=False)


def _with_failure(old: Marked, check: Check) -> Action:
    if not old.issue.open or old.marker.state is State.UNKNOWN:
        return Leave(old.issue)
    marker = replace(old.marker, state=State.UNKNOWN)
    return Write(old.issue, old.issue.title, _noted(marker, check.note, old.findings), is_open=True)


def _noted(marker: Marker, note: str, findings: str) -> str:
    return markers.write(marker, f"{note}\n\n{NOTE_END}\n{findings}")
