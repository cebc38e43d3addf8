"""Diffing: which members and tags of a live object differ from its document, and what an update has to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan import policy
from personalize_gitops.model.announcements import entry, is_announcement, is_young
from personalize_gitops.model.comparison import comparable, follows, member_at, with_defaults
from personalize_gitops.model.desired import Document
from personalize_gitops.model.diff import ABSENT, FieldChange, diff, overlay
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.members import mutable_members, switch_of
from personalize_gitops.model.ownership import applied_digest, is_unfinished, lifecycle_tags
from personalize_gitops.model.tags import APPLIED, KEYS, ON_REMOVE, PROTECT, TAGS, key_record


def differences(document: Document, live: Live, wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return the members that will differ from `wanted` after an update in progress, without ignored members."""
    now = live.after_update.attributes
    unequal = {member: value for member, value in wanted.items() if now.get(member, ABSENT) != value}
    if not unequal:  # the usual case, without a look at what values mean
        return ()
    before = with_defaults(document.kind, now)
    is_following = follows(document.kind, before)
    found = diff(comparable(document.kind, before), comparable(document.kind, unequal))
    return tuple(
        _marked(change, document)
        for change in found
        if not policy.is_ignored(change, document) and not (is_following and _is_latest(change))
    )


def _is_latest(change: FieldChange) -> bool:
    """Return whether `<arn>/$LATEST` is wanted and the object has this alias or a version below the same ARN."""
    if not (isinstance(change.after, str) and isinstance(change.before, str)):
        return False
    return change.after.endswith("/$LATEST") and change.before.startswith(change.after.removesuffix("$LATEST"))


def tag_differences(document: Document, live: Live) -> Iterator[FieldChange]:
    """Yield the tags that differ, and our tags that are no longer declared. Tags set by others are left out."""
    if not document.kind.taggable:
        return
    yield from _lifecycle_differences(document, live)
    differing = [*declared_tag_differences(document, live)]
    if live.owner is not None:
        differing += _undeclared_tags(document, live, differing)
    yield from (_marked(change, document) for change in differing)


def _marked(change: FieldChange, document: Document) -> FieldChange:
    """Return a change, marked as secret if the document has its value from the environment."""
    return replace(change, secret=True) if document.secrets.hides(change.path) else change


def declared_tag_differences(document: Document, live: Live) -> Iterator[FieldChange]:
    """Yield the declared tags that differ."""
    return diff({TAGS: live.tags}, {TAGS: document.own_tags})


def _lifecycle_differences(document: Document, live: Live) -> Iterator[FieldChange]:
    """Yield the tags of `lifecycle` settings that differ, those that are no longer wanted included."""
    wanted = lifecycle_tags(document)
    for key in (PROTECT, ON_REMOVE):
        before, after = live.tags.get(key, ABSENT), wanted.get(key, ABSENT)
        if before != after:
            yield FieldChange((TAGS, key), before, after)


def _undeclared_tags(document: Document, live: Live, differing: Sequence[FieldChange]) -> Iterator[FieldChange]:
    """Yield the tags that we set and that are no longer declared."""
    removed = [key for key in live.recorded_keys - document.tags.keys() if not document.lifecycle.ignores_tag(key)]
    yield from (FieldChange((TAGS, key), live.tags[key], ABSENT) for key in sorted(removed))
    found, wanted = live.tags.get(KEYS, ""), key_record(document.own_tags)
    if not differing and not removed and found != wanted:
        # An apply was interrupted, or a tag existed before it was declared. Correct the record, so that a tag that
        # others set later is never treated as ours.
        yield FieldChange((TAGS, KEYS), found or ABSENT, wanted or ABSENT)


def record_differences(document: Document, live: Live, snapshot: Snapshot) -> Iterator[FieldChange]:
    """Yield our own tags that an interrupted apply left behind.

    An apply that was stopped during an update leaves a record that is not finished. An announcement is left when
    nobody saw the run that was bought, or when none was.
    """
    if not document.kind.taggable or live.owner is None:
        return
    record = live.tags.get(APPLIED, "")
    if is_unfinished(record) and live.after_update is live:  # during an update the service can refuse tags
        yield FieldChange((TAGS, APPLIED), record, applied_digest(document))
    for key, value in sorted(live.tags.items()):
        found = entry(value)
        if is_announcement(key) and (found is None or _is_decided(live, *found, snapshot)):
            yield FieldChange((TAGS, key), value, ABSENT)


def _is_decided(parent: Live, name: str, announced_at: float, snapshot: Snapshot) -> bool:
    """Return whether an announced run is visible, or must be by now."""
    return not is_young(announced_at, snapshot.taken_at) or any(
        run.name == name for run in snapshot.objects if is_at_or_below(run.arn, parent.arn)
    )


def update_attributes(
    document: Document, live: Live, wanted: Mapping[str, Any], changed: Sequence[tuple[str, ...]]
) -> dict[str, Any]:
    """Return the members that an update sends: whole members, with the declared values over the live values.

    Whether the service merges or replaces inside a member is not documented (docs/service/4 §1.2); whole members give
    the same result under both.
    """
    switch = switch_of(document.kind)
    ours = _without_ignored(document, live.attributes, wanted)
    request: dict[str, Any] = {switch: wanted[switch]} if switch and (switch,) in changed else {}
    for path in sorted(mutable_members(document.kind)):
        if any(change[: len(path)] == path for change in changed):
            value = overlay(member_at(live.attributes, path), member_at(ours, path))
            request = overlay(request, _nested(path, value))
    return request


def _without_ignored(
    document: Document, live: Any, wanted: Mapping[str, Any], path: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the wanted members without ignored members."""
    kept: dict[str, Any] = {}
    for member, value in wanted.items():
        here, found = (*path, member), live.get(member) if isinstance(live, Mapping) else None
        if not policy.is_ignored(FieldChange(here, found, value), document):
            kept[member] = _without_ignored(document, found, value, here) if isinstance(value, Mapping) else value
    return kept


def _nested(path: tuple[str, ...], value: Any) -> Any:
    return value if not path else {path[0]: _nested(path[1:], value)}
