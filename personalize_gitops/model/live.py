"""Live objects: what exists in the account, and the snapshot that contains them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import overlay
from personalize_gitops.model.members import references
from personalize_gitops.model.names import ordinal, series_key, series_keys
from personalize_gitops.model.resource import GROUP, OnRemove, Resource
from personalize_gitops.model.status import Condition, condition_of
from personalize_gitops.model.structure import Attributes
from personalize_gitops.model.tags import ADDRESS, NAME, ON_REMOVE, PROJECT, PROTECT, recorded_keys


def is_at_or_below(arn: str, above: str) -> bool:
    """Return whether an ARN is `above`, or begins with it, as the ARN of a version begins with its solution's."""
    return arn == above or arn.startswith(f"{above}/")


def arn_tail(arn: str) -> str:
    """Return what follows the account in an ARN, such as `solution/home`: it is known before the object exists."""
    return arn.split(":", 5)[-1]


def at_and_above(arn: str) -> frozenset[str]:
    """Return an ARN and the ARNs above it: for a version, its own and its solution's."""
    head, *parts = arn.split("/")
    return frozenset("/".join([head, *parts[:end]]) for end in range(1, len(parts) + 1)) | {arn}


@dataclass(frozen=True)
class LiveUpdate:
    """The last update of an object, the `latest…Update` record of Describe (docs/service/2 §2.3)."""

    status: str  # of the update
    attributes: Attributes  # the members that the update sets
    failure: str = ""
    updated: float = 0.0  # epoch seconds

    @property
    def condition(self) -> Condition:
        """The condition of the update; FAILED for every status that ends in FAILED."""
        found = condition_of(self.status)
        return Condition.FAILED if found is Condition.UNSURE else found


@dataclass(frozen=True)
class Live:
    """One object in the account. A listed object has only some members; see `described`."""

    kind: type[Resource]
    arn: str
    name: str
    status: str | None = None  # None: the kind has no status (Schema)
    attributes: Attributes = field(default_factory=dict)  # spelled as in a manifest; references are ARNs
    tags: Mapping[str, str] = field(default_factory=dict)
    created: float = 0.0  # epoch seconds
    updated: float = 0.0
    failure: str = ""  # the service's message; "" if there is none
    update: LiveUpdate | None = None  # the last update; None if there was none or it was not read
    service_made: bool = False  # the service created it, not a caller
    described: bool = False  # every member was read, not only those of the list

    @property
    def condition(self) -> Condition:
        """The condition of the object. A ready object with an update in progress is pending."""
        own = condition_of(self.status)
        if own is Condition.READY and self.update and self.update.condition is Condition.PENDING:
            return Condition.PENDING
        return own

    @property
    def _targets(self) -> Iterator[str]:
        """The ARNs in the object's references."""
        targets = (self.attributes.get(member.alias) for member in references(self.kind))
        return (target for target in targets if isinstance(target, str))

    def refers_to(self, arn: str) -> bool:
        """Return whether the object refers to `arn` or to an ARN below it: to a solution or one of its versions."""
        return any(is_at_or_below(target, arn) for target in self._targets)

    @property
    def referenced(self) -> frozenset[str]:
        """The ARNs the object refers to, and the ARNs above them."""
        return frozenset(arn for target in self._targets for arn in at_and_above(target))

    @property
    def deleted_with(self) -> frozenset[str]:
        """The ARNs of the objects whose deletion deletes this one, and its own. A list may omit that of its dataset."""
        others = (self.attributes.get(each.alias) for each in references(self.kind) if each.ref == self.kind.goes_with)
        return at_and_above(self.arn) | {arn for arn in others if self.kind.goes_with and isinstance(arn, str)}

    @property
    def owner(self) -> str | None:
        """The owner in the object's tags, as `project/target`; None if the object is unmanaged."""
        return self.tags.get(PROJECT)

    @property
    def is_tagged_as_ours(self) -> bool:
        """Whether its tags were set on this object: tags copied from another object record that object's name."""
        return self.tags.get(NAME) == self.name

    @property
    def has_copied_tags(self) -> bool:
        """Whether its tags record the name of another object."""
        return self.tags.get(NAME, self.name) != self.name

    @property
    def is_protected(self) -> bool:
        """Whether its tags forbid to delete or replace it."""
        return PROTECT in self.tags

    @property
    def on_remove(self) -> OnRemove:
        """What prune does with it: by its tags, else by the default of its kind. An unknown value retains it."""
        found = self.tags.get(ON_REMOVE, self.kind.on_remove)
        return OnRemove.DELETE if found == OnRemove.DELETE else OnRemove.RETAIN

    @property
    def recorded_keys(self) -> frozenset[str]:
        """The keys of the object's tags that were declared when we last tagged it; empty without a record."""
        return recorded_keys(self.tags)

    @property
    def last_changed(self) -> float:
        """When the object or its update changed last, in epoch seconds.

        An update does not always change the object's own time (docs/service/4 §8).
        """
        return max(self.updated, self.update.updated if self.update else 0.0)

    @property
    def after_update(self) -> Live:
        """The object as it will be after the update in progress; the object itself if there is none."""
        if not (self.update and self.update.condition is Condition.PENDING):
            return self
        return replace(self, attributes=overlay(self.attributes, self.update.attributes), update=None)

    @property
    def address(self) -> Address | None:
        """The address in the object's tags; None if there is none or it is invalid."""
        try:
            return Address.parse(self.tags.get(ADDRESS, ""))
        except ValueError:
            return None

    @property
    def aws_name(self) -> str:
        """The name; the end of the ARN for a run without a name, such as one that the service started."""
        return self.name or self.arn.rpartition("/")[2]

    @property
    def known_as(self) -> Address:
        """The address in its tags, else its kind and AWS name."""
        return self.address or Address(self.kind.kind_name(), self.aws_name)


@dataclass(frozen=True)
class Unread:
    """What could not be read: an object, or else every object of a kind, or the data at an S3 location."""

    cause: str  # the text of the error
    kind_name: str = ""
    live: Live | None = None  # as listed
    location: str = ""


@dataclass(frozen=True)
class Snapshot:
    """The state of the account at one time."""

    account: str
    region: str
    taken_at: float  # epoch seconds; the later of our time and the account's
    objects: tuple[Live, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)  # digest of the data by S3 location; "" if there is none
    account_time: float = 0.0  # epoch seconds, by the account's own clock
    unread: tuple[Unread, ...] = ()  # empty unless the observation tolerates errors; such objects are left out
    unconfirmed: frozenset[str] = frozenset()  # ARNs whose tags came from the eventually consistent index

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Live, ...]]:
        """The objects by kind name, oldest first."""
        found: dict[str, list[Live]] = {}
        for live in sorted(self.objects, key=lambda live: (live.created, live.arn)):
            found.setdefault(live.kind.kind_name(), []).append(live)
        return {kind: tuple(objects) for kind, objects in found.items()}

    @cached_property
    def _by_owner(self) -> Mapping[tuple[str | None, Address], tuple[Live, ...]]:
        found: dict[tuple[str | None, Address], list[Live]] = {}
        for kind in self.by_kind:
            for live in self.by_kind[kind]:
                if (address := live.address) is not None and address.kind_name == kind:
                    found.setdefault((live.owner, address), []).append(live)
        return {key: tuple(objects) for key, objects in found.items()}

    @cached_property
    def _by_series(self) -> Mapping[tuple[str, str], tuple[Live, ...]]:
        found: dict[tuple[str, str], list[Live]] = {}
        for kind, objects in self.by_kind.items():
            for live in objects:
                for key in series_keys(live.name):
                    found.setdefault((kind, key), []).append(live)
        return {key: tuple(objects) for key, objects in found.items()}

    @cached_property
    def by_arn(self) -> Mapping[str, Live]:
        """The objects by ARN."""
        return {live.arn: live for live in self.objects}

    @cached_property
    def by_arn_tail(self) -> Mapping[str, Live]:
        """The objects by what follows the account in their ARN, such as `solution/home`."""
        return {arn_tail(live.arn): live for live in self.objects}

    @cached_property
    def contents(self) -> Mapping[str, tuple[Live, ...]]:
        """The objects that are deleted with an object, such as the versions of a solution, by its ARN."""
        found: dict[str, list[Live]] = {}
        for live in self.objects:
            for arn in live.deleted_with - {live.arn}:
                found.setdefault(arn, []).append(live)
        return {arn: tuple(objects) for arn, objects in found.items()}

    @cached_property
    def users(self) -> Mapping[str, tuple[Live, ...]]:
        """The objects that refer to an ARN or to an ARN below it, by that ARN."""
        found: dict[str, list[Live]] = {}
        for live in self.objects:
            for arn in live.referenced:
                found.setdefault(arn, []).append(live)
        return {arn: tuple(objects) for arn, objects in found.items()}

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], tuple[Live, ...]]:
        found: dict[tuple[str, str], list[Live]] = {}
        for kind, objects in self.by_kind.items():
            for live in objects:
                if (group := self.group_of(live)) is not None:
                    found.setdefault((group, kind), []).append(live)
        return {key: tuple(objects) for key, objects in found.items()}

    def group_of(self, live: Live) -> str | None:
        """Return the ARN of an object's dataset group, found through its references; None if none is found."""
        for member in references(live.kind):
            target = live.attributes.get(member.alias)
            if not isinstance(target, str):
                continue
            if member.ref == GROUP:
                return target
            for arn in at_and_above(target) - {live.arn}:
                above = self.by_arn.get(arn)
                if above and (group := self.group_of(above)):
                    return group
        return None

    def in_group(self, group: str, kind_name: str) -> tuple[Live, ...]:
        """Return the objects of a kind in a dataset group, oldest first."""
        return self._by_group.get((group, kind_name), ())

    def owned(self, owner: str, address: Address) -> tuple[Live, ...]:
        """Return the objects whose tags name the owner and the address, oldest first."""
        return self._by_owner.get((owner, address), ())

    def series(self, kind_name: str, base: str) -> tuple[Live, ...]:
        """Return the objects of a kind named `base`, `base-2`, `base-3`, …, oldest first."""
        if kind_name not in self.by_kind:
            return ()
        return tuple(
            live for live in self._by_series.get((kind_name, series_key(base)), ()) if ordinal(base, live.name)
        )

    def of_kind(self, kind_name: str) -> tuple[Live, ...]:
        """Return the objects of one kind, oldest first."""
        return self.by_kind.get(kind_name, ())
