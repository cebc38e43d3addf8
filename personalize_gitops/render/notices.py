"""Notices as messages: short text for people, JSON for event buses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.model.notice import Item, Message, Notice, Occurrence
from personalize_gitops.render import lines
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, reason_of, written
from personalize_gitops.render.lines import Line, line
from personalize_gitops.render.reasons import joined
from personalize_gitops.render.style import plural

_MOST = 20  # resources in a text; an event has at most 256 KB, a chat shows a few thousand characters
_MOST_IN_EVENT = 200
_LONGEST = 300  # characters of a line
_SUBJECT = 100  # characters of a subject in SNS

_HEADS = {
    Occurrence.DRIFT: "new drift",
    Occurrence.RESOLVED: "drift resolved",
    Occurrence.APPLIED: "applied",
    Occurrence.FAILED: "apply failed",
    Occurrence.WAITING: "plan waits for approval",
}


def message(notice: Notice) -> Message:
    """Return the message of a notice, without control characters."""
    subject = str(line(f"{notice.project}/{notice.target}: {_HEADS[notice.occurrence]}"))
    counted = ", ".join(f"{count} {word}" for word, count in notice.counts.items() if count)
    subject = f"{subject} ({counted})" if counted else subject
    short = "".join(character if " " <= character <= "~" else "?" for character in subject)[:_SUBJECT]
    kind = f"Amazon Personalize: {_HEADS[notice.occurrence]}"
    return Message(kind, subject, short, lines.joined(_lines(notice, subject)), _detail(notice))


def _lines(notice: Notice, subject: str) -> Iterator[Line]:
    yield line(subject)
    yield line(f"Account {notice.account}, {notice.region}.")
    for item in notice.items[:_MOST]:
        told = f": {joined(item.reasons)}" if item.reasons else ""
        yield line(f"- {item.address}: {item.word}{told}"[:_LONGEST])
    if (more := len(notice.items) - _MOST) > 0:
        yield line(f"and {plural(more, 'other resource')}")
    if notice.fingerprint:
        yield line(f"Fingerprint {notice.fingerprint[:12]}.")
    if notice.link:
        yield line(notice.link)


def _detail(notice: Notice) -> str:
    content = {
        "formatVersion": FORMAT_VERSION,
        "tool": TOOL,
        "occurrence": notice.occurrence,
        "project": notice.project,
        "target": {"name": notice.target, "account": notice.account, "region": notice.region},
        "counts": dict(notice.counts),
        "resources": [_item(item) for item in notice.items[:_MOST_IN_EVENT]],
        "more": max(0, len(notice.items) - _MOST_IN_EVENT),
        "fingerprint": notice.fingerprint or None,
        "link": notice.link or None,
    }
    return written(content, indent=None).rstrip("\n")


def _item(item: Item) -> dict[str, Any]:
    return {"address": str(item.address), "word": item.word, "reasons": [reason_of(one) for one in item.reasons]}


def undelivered(label: str, why: str) -> str:
    """Return the warning about a channel that a message did not reach."""
    return f"Warning: no notification to {label}: {why}"
