"""Carry out what `comment` and `drift_issue` decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from personalize_gitops.errors import Unanswered
from personalize_gitops.forge import comment as comments
from personalize_gitops.forge import drift_issue, labels, marker
from personalize_gitops.forge.fitting import fitted
from personalize_gitops.forge.labels import Outlook
from personalize_gitops.forge.marker import Marker, Purpose
from personalize_gitops.forge.port import Comment, Forge, Issue

_RESERVE = 1_000  # characters for the note that a drift issue may get later
_MOST_LOOKS = 3

RenderIndex = Callable[[Sequence[comments.Marked]], str]


@dataclass(frozen=True, slots=True)
class Published:
    """What happened to a comment or an issue."""

    done: str  # created, updated, unchanged; opened, reopened, closed
    url: str = ""


def publish_comment(forge: Forge, pull_request: int, subject: Marker, text: str, note: str) -> Published:
    """Make a text the one comment about a subject. `note` says that a long text was cut."""
    body = _body(forge, subject, text, note)
    return _again_if_unanswered(lambda: _publish_comment(forge, pull_request, subject, body))


def publish_index(forge: Forge, pull_request: int, project: str, render: RenderIndex, note: str) -> Published | None:
    """Write the index of the comments about the targets of a project; None if there are few.

    Jobs of several targets write it at the same time, so each looks again after it has written.
    """
    first = None
    for _ in range(_MOST_LOOKS):
        listed = comments.indexed(comments.marked(forge.comments(pull_request), forge.author()), project)
        if not listed:
            break
        published = publish_comment(forge, pull_request, Marker(Purpose.INDEX, project, ""), render(listed), note)
        first = first or published
        if published.done == "unchanged":
            break
    return first


def publish_label(forge: Forge, pull_request: int, target: str, outlook: Outlook) -> None:
    """Label a pull request with what the plan of a target does, and with nothing else about it."""
    found = forge.labels(pull_request)
    for each in labels.outdated(found, target, outlook):
        forge.remove_label(pull_request, each)
    if labels.label(target, outlook) not in found:
        forge.add_label(pull_request, labels.label(target, outlook))


def publish_drift(forge: Forge, check: drift_issue.Check, label: str, note: str) -> Published:
    """Open, update, reopen or close the drift issue of a target, or leave it alone. `note` says that a text was cut."""
    room = forge.limit - _RESERVE - len(marker.write(check.marker, ""))
    checked = replace(check, text=fitted(forge.inert(check.text), room, note))
    return _again_if_unanswered(lambda: _publish_drift(forge, checked, label))


def _body(forge: Forge, subject: Marker, text: str, note: str) -> str:
    room = forge.limit - len(marker.write(subject, ""))
    return marker.write(subject, fitted(forge.inert(text), room, note))


def _again_if_unanswered(publish: Callable[[], Published]) -> Published:
    """Publish, and once more if a creation was not answered: if it took effect, it is found and not repeated."""
    try:
        return publish()
    except Unanswered:
        return publish()


def _publish_comment(forge: Forge, pull_request: int, subject: Marker, body: str) -> Published:
    published = None
    found = comments.marked(forge.comments(pull_request), forge.author())
    for action in comments.decide(found, subject, body):
        done = _act(forge, pull_request, action)
        published = published or done
    if published is not None and published.done == "created":
        _remove_doubles(forge, pull_request, subject)
    return published or Published("unchanged")


def _act(forge: Forge, pull_request: int, action: comments.Action) -> Published:
    match action:
        case comments.Create(body):
            return Published("created", forge.create_comment(pull_request, body).url)
        case comments.Update(comment, body):
            return Published("updated", forge.update_comment(pull_request, comment, body).url)
        case comments.Keep(comment):
            return Published("unchanged", comment.url)
        case comments.Delete(comment):
            forge.delete_comment(pull_request, comment)
            return Published("deleted", comment.url)


def _remove_doubles(forge: Forge, pull_request: int, subject: Marker) -> None:
    """Delete all but the oldest comment about a subject: jobs at the same time may each have created one."""
    found = comments.marked(forge.comments(pull_request), forge.author())
    same: list[Comment] = [each.comment for each in found if each.marker.same_subject(subject)]
    for comment in same[1:]:
        forge.delete_comment(pull_request, comment)


def _publish_drift(forge: Forge, check: drift_issue.Check, label: str) -> Published:
    found = drift_issue.marked(forge.issues(label), forge.author())
    done = [_act_on_issue(forge, action, label) for action in drift_issue.decide(found, check)]
    return done[0]


def _act_on_issue(forge: Forge, action: drift_issue.Action, label: str) -> Published:
    match action:
        case drift_issue.Open(title, body):
            return Published("opened", forge.open_issue(title, body, label).url)
        case drift_issue.Write(issue, title, body, is_open):
            written = forge.update_issue(issue, title=title, body=body, is_open=is_open)
            return Published(_word(issue, is_open), written.url)
        case drift_issue.Leave(issue):
            return Published("unchanged", issue.url if issue else "")


def _word(before: Issue, is_open: bool) -> str:
    if before.open == is_open:
        return "updated"
    return "reopened" if is_open else "closed"
