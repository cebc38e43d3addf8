"""Where a live object is not as its document declares, and what an update has to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.model.desired import Document, member_at
from personalize_gitops.model.diff import FieldChange, diff, overlay
from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import comparable, mutable_members, switch_of, with_defaults

TAGS = "tags"


def differences(document: Document, live: Live, wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The members that are not as wanted, an update that is under way counted as done."""
    before = with_defaults(document.kind, live.settled.attributes)
    follows = document.kind.follows(before)
    found = diff(comparable(document.kind, before), comparable(document.kind, wanted))
    return tuple(
        change
        for change in found
        if not _is_ignored(change, document)
        and not _is_within_bounds(change, document)
        and not (follows and _is_newest(change))
    )


def _is_ignored(change: FieldChange, document: Document) -> bool:
    ignored = (tuple(path.removeprefix("spec.").split(".")) for path in document.lifecycle.ignore)
    return any(change.path[: len(path)] == path for path in ignored)


def _is_within_bounds(change: FieldChange, document: Document) -> bool:
    bounds = document.lifecycle.bounds.get(f"spec.{change}")
    return bounds is not None and bounds.hold(change.before)


def _is_newest(change: FieldChange) -> bool:
    """Whether `<arn>/$LATEST` is wanted, and the alias or something it may stand for is there."""
    if not (isinstance(change.after, str) and isinstance(change.before, str)):
        return False
    return change.after.endswith("/$LATEST") and change.before.startswith(change.after.removesuffix("$LATEST"))


def tag_differences(document: Document, live: Live) -> Iterator[FieldChange]:
    """Tags that are not as declared; those of others stay."""
    if document.kind.taggable:
        yield from diff({TAGS: live.tags}, {TAGS: document.tags})


def update_attributes(
    document: Document, live: Live, wanted: Mapping[str, Any], changed: Sequence[tuple[str, ...]]
) -> dict[str, Any]:
    """The members to send: whole, as live overlaid with the declared.

    Whether the service merges or replaces inside a member is not documented (reference 4 §1.2); whole members come to
    the same under both.
    """
    switch = switch_of(document.kind)
    request: dict[str, Any] = {switch: wanted[switch]} if switch and (switch,) in changed else {}
    for path in sorted(mutable_members(document.kind)):
        if any(change[: len(path)] == path for change in changed):
            value = overlay(member_at(live.attributes, path), member_at(wanted, path))
            request = overlay(request, _nested(path, value))
    return request


def _nested(path: tuple[str, ...], value: Any) -> Any:
    return value if not path else {path[0]: _nested(path[1:], value)}
