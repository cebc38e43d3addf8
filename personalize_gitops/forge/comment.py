"""What happens to the comments of a pull request: one a target, and an index of them beyond five targets. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from personalize_gitops.forge import marker as markers
from personalize_gitops.forge.marker import Marker, Purpose
from personalize_gitops.forge.port import Comment

MOST_WITHOUT_INDEX = 5  # targets
_LONGEST_SUMMARY = 500  # characters


@dataclass(frozen=True, slots=True)
class Create:
    """Add a comment."""

    body: str


@dataclass(frozen=True, slots=True)
class Update:
    """Replace the body of a comment."""

    comment: Comment
    body: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave a comment alone: it says the same already."""

    comment: Comment


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a comment that two runs at the same time have created twice."""

    comment: Comment


Action = Create | Update | Keep | Delete


@dataclass(frozen=True, slots=True)
class Marked:
    """A comment of ours, and its marker."""

    comment: Comment
    marker: Marker

    @property
    def summary(self) -> str:
        """The first line of its text that is neither empty nor a heading; "" if it is long."""
        lines = (line.strip() for line in markers.text_of(self.comment.body).splitlines())
        first = next((line for line in lines if line and not line.startswith("#")), "")
        return first if len(first) <= _LONGEST_SUMMARY else ""


def marked(comments: Sequence[Comment], author: str) -> list[Marked]:
    """Return our comments, oldest first. A copied marker of another author does not count."""
    return [
        Marked(comment, found)
        for comment in sorted(comments, key=lambda comment: comment.id)
        if comment.author == author and (found := markers.read(comment.body))
    ]


def decide(found: Sequence[Marked], marker: Marker, body: str) -> Iterator[Action]:
    """Yield what makes `body` the only comment about the subject of a marker: the oldest comment stays.

    A new commit or run updates it even if the plan is the same, because the artifact of that run is the one to apply.
    """
    same = [each.comment for each in found if each.marker.same_subject(marker)]
    if not same:
        yield Create(body)
        return
    yield Keep(same[0]) if equal(same[0].body, body) else Update(same[0], body)
    yield from map(Delete, same[1:])


def equal(stored: str, body: str) -> bool:
    """Return whether a forge stored a body; forges change line ends and drop blanks at the end."""
    return stored.replace("\r\n", "\n").rstrip() == body.rstrip()


def indexed(found: Sequence[Marked], project: str) -> list[Marked]:
    """Return the comments that the index of a project lists, by target; none if there is no need for an index.

    An index that exists is kept current, also if the targets have become fewer.
    """
    of_project = [each for each in found if each.marker.project == project]
    plans = {each.marker.target: each for each in reversed(of_project) if each.marker.purpose is Purpose.PLAN}
    exists = any(each.marker.purpose is Purpose.INDEX for each in of_project)
    return [plans[target] for target in sorted(plans)] if exists or len(plans) > MOST_WITHOUT_INDEX else []
