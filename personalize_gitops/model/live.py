"""What the account holds."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import overlay
from personalize_gitops.model.names import line_key, line_keys, ordinal
from personalize_gitops.model.resource import GROUP, Attributes, Resource, references
from personalize_gitops.model.status import Condition, condition_of

PREFIX = "personalize-gitops:"
PROJECT = f"{PREFIX}project"
ADDRESS = f"{PREFIX}address"
FINGERPRINT = f"{PREFIX}fingerprint"
APPLIED = f"{PREFIX}applied"
KEYS = f"{PREFIX}tags"
SUCCEEDED = f"{PREFIX}succeeded"
"""Names, with spaces between, of what an object has moved away from and what cannot carry a tag itself."""

OURS = (PROJECT, ADDRESS, FINGERPRINT, APPLIED, KEYS, SUCCEEDED)
"""Every tag of ours that an object may carry beside the declared ones."""

_OF_AWS = "aws:"  # read-only (docs/service/3 §8)
_DIGITS = 5  # of base64 for each key: 44 keys, which is what 50 tags less ours leave, stay within 256 characters


def key_record(keys: Iterable[str]) -> str:
    """What `personalize-gitops:tags` says of declared tags: a short digest of each key, one after the other.

    A declared tag that is taken out of its document has to go from the account, while tags that other people put on
    the same object stay. There is no state file that knows which are which, so each tagging writes down what it set.
    The keys themselves would not fit into one tag (docs/service/3 §8: a value has 256 characters). The odds that
    an unrelated key matches a digest are about one in twenty million.
    """
    return "".join(sorted(_digits_of(key) for key in keys))


def _digits_of(key: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())[:_DIGITS].decode()


def is_at_or_below(arn: str, above: str) -> bool:
    """Whether an ARN names `above` or something within it."""
    return arn == above or arn.startswith(f"{above}/")


def at_and_above(arn: str) -> frozenset[str]:
    """An ARN and those it lies below: a version's and its solution's."""
    head, *parts = arn.split("/")
    return frozenset("/".join([head, *parts[:end]]) for end in range(1, len(parts) + 1)) | {arn}


@dataclass(frozen=True)
class LiveUpdate:
    """An update in place that is running or has ended beside the object it changes (docs/service/2 §2.3)."""

    status: str
    attributes: Attributes
    failure: str = ""
    updated: float = 0.0  # epoch seconds of its last step

    @property
    def condition(self) -> Condition:
        """The situation the update is in; it has failed whatever word stands before FAILED."""
        found = condition_of(self.status)
        return Condition.FAILED if found is Condition.UNSURE else found


@dataclass(frozen=True)
class Live:
    """One object in the account, as far as it was read."""

    kind: type[Resource]
    arn: str
    name: str
    status: str | None = None
    attributes: Attributes = field(default_factory=dict)  # as the manifest spells them; references are ARNs
    tags: Mapping[str, str] = field(default_factory=dict)
    created: float = 0.0  # epoch seconds
    updated: float = 0.0
    failure: str = ""
    update: LiveUpdate | None = None
    service_made: bool = False  # the service made it by itself
    is_read: bool = False  # all its members were read, not only what its list tells

    @property
    def condition(self) -> Condition:
        """The situation the object is in; an update in flight makes it pending."""
        own = condition_of(self.status)
        if own is Condition.READY and self.update and self.update.condition is Condition.PENDING:
            return Condition.PENDING
        return own

    @property
    def _targets(self) -> Iterator[str]:
        targets = (self.attributes.get(member.alias) for member in references(self.kind))
        return (target for target in targets if isinstance(target, str))

    def refers_to(self, arn: str) -> bool:
        """Whether one of its references is `arn`, or lies below it as a version lies below its solution."""
        return any(is_at_or_below(target, arn) for target in self._targets)

    @property
    def referred(self) -> frozenset[str]:
        """Every ARN it refers to: those of its references, and what they lie below."""
        return frozenset(arn for target in self._targets for arn in at_and_above(target))

    @property
    def owner(self) -> str | None:
        """Who owns it, by its tag: a project and one of its targets."""
        return self.tags.get(PROJECT)

    @property
    def recorded_keys(self) -> frozenset[str]:
        """The keys of its tags that were declared when it was last tagged; none where that is not written down."""
        record = self.tags.get(KEYS, "")
        written = {record[start : start + _DIGITS] for start in range(0, len(record), _DIGITS)}
        free = (key for key in self.tags if not key.startswith((PREFIX, _OF_AWS)))
        return frozenset(key for key in free if _digits_of(key) in written)

    @property
    def changed(self) -> float:
        """When it, or an update of it, changed last: an update may leave its time as it was (docs/service/4 §8)."""
        return max(self.updated, self.update.updated if self.update else 0.0)

    @property
    def settled(self) -> Live:
        """The object as it will be once the update that is under way has ended."""
        if not (self.update and self.update.condition is Condition.PENDING):
            return self
        return replace(self, attributes=overlay(self.attributes, self.update.attributes), update=None)

    @property
    def address(self) -> Address | None:
        """Its logical address, by its tag."""
        try:
            return Address.parse(self.tags.get(ADDRESS, ""))
        except ValueError:  # anybody may write tags
            return None


@dataclass(frozen=True)
class Snapshot:
    """What one look at the account found."""

    account: str
    region: str
    taken_at: float  # epoch seconds
    lives: tuple[Live, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)  # digest of the objects at an S3 location
    hearsay: frozenset[str] = frozenset()  # ARNs of what was not asked for its tags itself

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Live, ...]]:
        """Every object by its kind's word, oldest first."""
        found: dict[str, list[Live]] = {}
        for live in sorted(self.lives, key=lambda live: (live.created, live.arn)):
            found.setdefault(live.kind.kind(), []).append(live)
        return {kind: tuple(lives) for kind, lives in found.items()}

    @cached_property
    def _by_owner(self) -> Mapping[tuple[str | None, Address], tuple[Live, ...]]:
        found: dict[tuple[str | None, Address], list[Live]] = {}
        for kind in self.by_kind:
            for live in self.by_kind[kind]:
                if (address := live.address) is not None and address.kind == kind:
                    found.setdefault((live.owner, address), []).append(live)
        return {key: tuple(lives) for key, lives in found.items()}

    @cached_property
    def _by_line(self) -> Mapping[tuple[str, str], tuple[Live, ...]]:
        found: dict[tuple[str, str], list[Live]] = {}
        for kind, lives in self.by_kind.items():
            for live in lives:
                for key in line_keys(live.name):
                    found.setdefault((kind, key), []).append(live)
        return {key: tuple(lives) for key, lives in found.items()}

    @cached_property
    def _by_arn(self) -> Mapping[str, Live]:
        return {live.arn: live for live in self.lives}

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], tuple[Live, ...]]:
        found: dict[tuple[str, str], list[Live]] = {}
        for kind, lives in self.by_kind.items():
            for live in lives:
                if (group := self.group_of(live)) is not None:
                    found.setdefault((group, kind), []).append(live)
        return {key: tuple(lives) for key, lives in found.items()}

    def group_of(self, live: Live) -> str | None:
        """The ARN of the dataset group an object is in, by way of what it refers to; None when that cannot be told."""
        for member in references(live.kind):
            target = live.attributes.get(member.alias)
            if not isinstance(target, str):
                continue
            if member.ref == GROUP:
                return target
            for arn in at_and_above(target) - {live.arn}:
                above = self._by_arn.get(arn)
                if above and (group := self.group_of(above)):
                    return group
        return None

    def in_group(self, group: str, kind: str) -> tuple[Live, ...]:
        """The objects of a kind in a dataset group, oldest first."""
        return self._by_group.get((group, kind), ())

    def owned(self, owner: str, address: Address) -> tuple[Live, ...]:
        """The objects of an address that carry the owner's tags, oldest first."""
        return self._by_owner.get((owner, address), ())

    def line(self, kind: str, base: str) -> tuple[Live, ...]:
        """The objects of a kind called `base`, `base-2`, `base-3` …, oldest first."""
        return tuple(live for live in self._by_line.get((kind, line_key(base)), ()) if ordinal(base, live.name))

    def of_kind(self, kind: str) -> tuple[Live, ...]:
        """The objects of one kind, oldest first."""
        return self.by_kind.get(kind, ())
