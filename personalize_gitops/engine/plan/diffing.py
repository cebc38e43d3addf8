"""Where a live object is not as its document declares, and what an update has to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.model.desired import Document, member_at
from personalize_gitops.model.diff import ABSENT, FieldChange, diff, overlay
from personalize_gitops.model.live import KEYS, Live, key_record
from personalize_gitops.model.resource import comparable, mutable_members, switch_of, with_defaults

TAGS = "tags"


def differences(document: Document, live: Live, wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The members that are not as wanted, an update that is under way counted as done."""
    before = with_defaults(document.kind, live.settled.attributes)
    follows = document.kind.follows(before)
    found = diff(comparable(document.kind, before), comparable(document.kind, wanted))
    return tuple(
        change for change in found if not _is_somebody_elses(change, document) and not (follows and _is_newest(change))
    )


def _is_somebody_elses(change: FieldChange, document: Document) -> bool:
    bounds = document.lifecycle.bounds.get(f"spec.{change}")
    return document.lifecycle.ignores(change.path) or (bounds is not None and bounds.hold(change.before))


def _is_newest(change: FieldChange) -> bool:
    """Whether `<arn>/$LATEST` is wanted, and the alias or something it may stand for is there."""
    if not (isinstance(change.after, str) and isinstance(change.before, str)):
        return False
    return change.after.endswith("/$LATEST") and change.before.startswith(change.after.removesuffix("$LATEST"))


def tag_differences(document: Document, live: Live) -> Iterator[FieldChange]:
    """Tags that are not as declared, and those that once were declared and are no more; tags of others stay."""
    if not document.kind.taggable:
        return
    declared = own_tags(document)
    differing = [*diff({TAGS: live.tags}, {TAGS: declared})]
    if live.owner is not None:
        differing += _left_over(document, live, differing)
    yield from differing


def _left_over(document: Document, live: Live, differing: Sequence[FieldChange]) -> Iterator[FieldChange]:
    """Of an object that is ours, the tags that are no longer declared."""
    gone = [key for key in live.recorded_keys - document.tags.keys() if not document.lifecycle.ignores_tag(key)]
    yield from (FieldChange((TAGS, key), live.tags[key], ABSENT) for key in sorted(gone))
    found, wanted = live.tags.get(KEYS, ""), key_record(own_tags(document))
    if not differing and not gone and found != wanted:
        # An apply that ended half-way, or somebody who set a tag before it was declared: the record catches up, so
        # that what others set later is never taken for ours.
        yield FieldChange((TAGS, KEYS), found or ABSENT, wanted or ABSENT)


def tags_to_remove(document: Document, live: Live, fields: Sequence[FieldChange]) -> frozenset[str]:
    """The keys that go with a change of tags; the record goes with the last of them."""
    gone = {field.path[1] for field in fields if field.path[0] == TAGS and field.after is ABSENT}
    return frozenset(gone | ({KEYS} & live.tags.keys() if not own_tags(document) else set()))


def own_tags(document: Document) -> dict[str, str]:
    """The declared tags but for those that somebody else looks after."""
    return {key: value for key, value in document.tags.items() if not document.lifecycle.ignores_tag(key)}


def update_attributes(
    document: Document, live: Live, wanted: Mapping[str, Any], changed: Sequence[tuple[str, ...]]
) -> dict[str, Any]:
    """The members to send: whole, as live overlaid with the declared, as far as nobody else looks after them.

    Whether the service merges or replaces inside a member is not documented (docs/service/4 §1.2); whole members give
    the same result under both.
    """
    switch = switch_of(document.kind)
    ours = _ours(document, live.attributes, wanted)
    request: dict[str, Any] = {switch: wanted[switch]} if switch and (switch,) in changed else {}
    for path in sorted(mutable_members(document.kind)):
        if any(change[: len(path)] == path for change in changed):
            value = overlay(member_at(live.attributes, path), member_at(ours, path))
            request = overlay(request, _nested(path, value))
    return request


def _ours(document: Document, live: Any, wanted: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The wanted members but for those that somebody else looks after, which stay as they are."""
    kept: dict[str, Any] = {}
    for member, value in wanted.items():
        here, found = (*path, member), live.get(member) if isinstance(live, Mapping) else None
        if not _is_somebody_elses(FieldChange(here, found, value), document):
            kept[member] = _ours(document, found, value, here) if isinstance(value, Mapping) else value
    return kept


def _nested(path: tuple[str, ...], value: Any) -> Any:
    return value if not path else {path[0]: _nested(path[1:], value)}
