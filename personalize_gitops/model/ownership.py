"""The tags that apply sets on an object, and the tags that it removes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from personalize_gitops.model import tags
from personalize_gitops.model.comparison import comparable
from personalize_gitops.model.desired import Document
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.digest import digest
from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import (
    ADDRESS,
    APPLIED,
    FINGERPRINT,
    KEYS,
    NAME,
    ON_REMOVE,
    PROJECT,
    PROTECT,
    TAGS,
    key_record,
)

_AND = "+"  # between the digests of a record that was written before an update


def tags_of(document: Document, owner: str, aws_name: str, fingerprint: str = "") -> dict[str, str]:
    """Return the tags of a document's object: the declared ones, and ours; none if the kind cannot carry tags."""
    if not document.kind.taggable:
        return {}
    ours = {
        PROJECT: owner,
        ADDRESS: str(document.address),
        NAME: aws_name,
        APPLIED: applied_digest(document),
        **lifecycle_tags(document),
    }
    sometimes = {FINGERPRINT: fingerprint, KEYS: key_record(document.own_tags)}
    return {**document.tags, **ours, **{key: value for key, value in sometimes.items() if value}}


def lifecycle_tags(document: Document) -> dict[str, str]:
    """Return the tags that keep `lifecycle` settings on an object after its document is removed; none for defaults."""
    kept: dict[str, str] = {}
    if document.lifecycle.protect:
        kept[PROTECT] = "true"
    if document.lifecycle.on_remove not in (None, document.kind.on_remove):
        kept[ON_REMOVE] = str(document.lifecycle.on_remove)
    return kept


def tags_to_remove(document: Document, live: Live, fields: Sequence[FieldChange]) -> frozenset[str]:
    """Return the keys of the tags that a change removes, and that of the record if no declared tag remains."""
    removed = {field.path[1] for field in fields if field.path[0] == TAGS and field.after is ABSENT}
    return frozenset(removed | ({KEYS} & live.tags.keys() if not document.own_tags else set()))


def applied_digest(document: Document) -> str:
    """Return a digest of what is declared. It shows whether the manifest or the account changed since the apply."""
    return digest([comparable(document.kind, document.attributes), {**document.tags, **lifecycle_tags(document)}])


def record_of_update(before: str | None, after: str) -> str:
    """Return the record of what was applied while an update is sent: both digests, so that a later plan can tell."""
    return f"{(before or '').partition(_AND)[0]}{_AND}{after.rpartition(_AND)[2]}"


def finished_record(found: Mapping[str, str]) -> dict[str, str]:
    """Return the record of what was applied before the update in progress, as a tag; an empty mapping without one."""
    before = found.get(APPLIED, "").partition(_AND)[0]
    return {APPLIED: before} if before else {}


def last_applied(record: str) -> str | None:
    """Return the digest of what was last applied; None if an update to something else was interrupted."""
    digests = {*record.split(_AND)}
    return digests.pop() if len(digests) == 1 else None


def member_record(documents: Iterable[Document]) -> str:
    """Return the record of what was applied to the resources of a dataset group."""
    return tags.member_record(map(_as_member, documents))


def is_in_record(document: Document, record: str) -> bool:
    """Return whether the record of a dataset group says that exactly this document was last applied."""
    return tags.is_member(_as_member(document), record)


def is_new(document: Document, record: str) -> bool:
    """Return whether the record of a dataset group says that this document was not applied; an empty one says nothing.

    One that was applied and edited since is new too.
    """
    return bool(record) and tags.has_room(record) and not is_in_record(document, record)


def _as_member(document: Document) -> str:
    return f"{document.address} {document.aws_name} {applied_digest(document)}"


def is_unfinished(record: str) -> bool:
    """Return whether a record was written before an update and not after it."""
    return _AND in record
