"""The base of every kind, and the marks its fields carry.

A kind is a frozen pydantic class whose fields are the members of the AWS create request. Everything mechanical follows
by convention from the class and its marks: the names of the operations, the request, what may change in place, which
other resources come first. Marks go into `Annotated`:

* `Ref("Solution")`: the manifest names a resource, the wire wants its ARN (member name plus `Arn`)
* `Mutable`: the update operation of the kind takes this member
* `Compare(key)`: two values mean the same when `key` of them is equal, for what the service echoes in another form
* `Default(value)`: what the service takes, and may leave out of its answers, when nothing is said
* `JsonText`: structured in the manifest, JSON text on the wire
* `Note(text, risk, when)`: what a change in place brings with it; there may be several
* `Switch`: no part of any request; `running` or `stopped`, changed by starting and stopping
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Final, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from personalize_gitops.model.action import Risk

Attributes = Mapping[str, Any]
"""Members of a resource as the manifest spells them, with plain JSON values."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Mark: the member refers to a resource of `kind`; on the wire it is an ARN and ends in `Arn`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Mark: two values of the member mean the same when `key` of them is equal."""

    key: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Default:
    """Mark: the service means this where its answer leaves the member out; of a map, what stands for missing keys."""

    value: Any


@dataclass(frozen=True, slots=True)
class Note:
    """Mark: what a change of the member in place brings with it, beyond the change itself: time, money or an outage."""

    text: str
    risk: Risk = Risk.NONE
    when: Callable[[Any, Any], bool] = lambda before, after: True  # of its value before and after


class _Flag(StrEnum):
    MUTABLE = "mutable"
    JSON_TEXT = "json text"
    SWITCH = "switch"


Mutable: Final = _Flag.MUTABLE
JsonText: Final = _Flag.JSON_TEXT
Switch: Final = _Flag.SWITCH

RUNNING, STOPPED = "running", "stopped"
"""The two positions of a switch."""


class Replace(StrEnum):
    """How an immutable member changes."""

    SUCCESSOR = "successor"  # a new object beside the old, then move what refers to it, then delete the old
    RECREATE = "recreate"  # delete, then create under the same name: same ARN, an outage between
    FORBID = "forbid"  # not at all


GROUP: Final = "DatasetGroup"
"""The kind that holds everything else; what comes before what is asked within one of them."""


def _alias(field: str) -> str:
    """The AWS spelling of a field; a trailing underscore only keeps clear of a Python name."""
    return to_camel(field.rstrip("_"))


class Structure(BaseModel):
    """A part of a resource: members in camelCase as AWS spells them, frozen, nothing unknown."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=_alias,
        defer_build=True,  # a command builds only the kinds its manifests use
        validate_by_alias=True,
        validate_by_name=False,
    )


class Resource(Structure):
    """One kind of Personalize resource: the create request, with references in the place of ARNs."""

    takes: ClassVar[Mapping[str, timedelta]] = {}  # what is usual for "create", "update" and "delete"
    replace: ClassVar[Replace] = Replace.FORBID
    loses: ClassVar[str] = ""  # what is lost with the object when it is deleted
    taggable: ClassVar[bool] = True
    name_member: ClassVar[str] = "name"
    costs: ClassVar[str] = ""  # how it bills, when it does
    fixed: ClassVar[str] = ""  # why the members that are not mutable cannot change in place
    no_successor: ClassVar[str] = ""  # why there can never be a second one for what refers to it to move to
    left_behind_by: ClassVar[Mapping[str, str]] = {}  # kinds whose successor's news it misses, and how it takes them up
    after: ClassVar[Sequence[str]] = ()  # kinds of the same dataset group that come first, beside what is referred to
    one_per_group: ClassVar[bool] = False
    most_per_group: ClassVar[int | None] = None  # how many a dataset group may hold, where there is a quota
    most_per_region: ClassVar[int | None] = None  # how many a region may hold, where there is a quota
    read_apart: ClassVar[Mapping[str, str]] = {}  # members that Describe leaves out, and the list that tells them
    is_run: ClassVar[bool] = False

    @classmethod
    def kind(cls) -> str:
        """The word documents use: `Campaign`."""
        return cls.__name__

    @classmethod
    def member(cls) -> str:
        """The kind as a member of requests and answers: `campaign`."""
        return cls.__name__[0].lower() + cls.__name__[1:]

    @classmethod
    def list_member(cls) -> str:
        """Where a list answers its summaries: `campaigns`."""
        return f"{cls.member()}s"

    @classmethod
    def operation(cls, verb: str) -> str:
        """The AWS operation for a verb: `CreateCampaign`, `ListCampaigns`."""
        return f"{verb}{cls.__name__}{'s' if verb == 'List' else ''}"

    @classmethod
    def arn_tail(cls, name: str, attributes: Attributes) -> str:
        """What follows the account in the ARN of an object called `name` (docs/service/4 §3)."""
        return f"{re.sub(r'(?<!^)(?=[A-Z])', '-', cls.__name__).lower()}/{name}"

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """The members of the update request, as the wire spells them, that set `after` (mutable members only)."""
        return to_wire(cls, after)

    @classmethod
    def is_updated(cls, now: Attributes, wanted: Attributes) -> bool:
        """Whether nothing more has to be sent; only a kind that cannot change at one go ever says no."""
        return True

    @classmethod
    def read_update(cls, update: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes a `latest…Update` record of a Describe answer is about."""
        return from_wire(cls, {member: value for member, value in update.items() if member != "status"})

    @classmethod
    def follows(cls, attributes: Attributes) -> bool:
        """Whether an object follows the newest run by itself, so that its reference names whichever that is."""
        return False

    @classmethod
    def why_fixed(cls, before: Attributes, after: Attributes, changed: Sequence[tuple[str, ...]]) -> str:
        """Why an update in place cannot carry out `changed` although every member is mutable; empty when it can."""
        return ""

    @classmethod
    def why_no_successor(cls, before: Attributes, after: Attributes) -> str:
        """Why what refers to an object with `before` cannot move to one with `after`; empty when it can."""
        return cls.no_successor

    @classmethod
    def way_out(cls, before: Attributes, after: Attributes) -> Sequence[str]:
        """What to do where `why_no_successor` has a reason, step by step."""
        return ()

    @classmethod
    def news(cls, before: Attributes, after: Attributes) -> str:
        """What `after` has that others do not take up by themselves (`left_behind_by`); empty when nothing."""
        return ""

    @classmethod
    def bills(cls, attributes: Attributes) -> str:
        """How an object with these members bills; empty when it does not."""
        return cls.costs

    @classmethod
    def is_service_made(cls, summary: Mapping[str, Any]) -> bool:
        """Whether the service made the object by itself, by its list entry."""
        return False


class Run(Resource):
    """A kind whose objects happen once, are never updated and cannot be deleted: jobs and trainings.

    Its identity is a fingerprint of its inputs, carried in its name and in a tag.
    """

    is_run: ClassVar[bool] = True
    fixed: ClassVar[str] = "it happens once and is never changed"  # docs/service/2 §4
    data_from: ClassVar[str | None] = None  # the kind of run whose newest success is this one's data

    @classmethod
    def overwrites(cls, attributes: Attributes) -> str:
        """What of earlier runs another one takes away; empty when nothing."""
        return ""

    @classmethod
    def builds_on(cls, attributes: Attributes) -> str:
        """What run of its kind, one that refers to the same, has to succeed before it; empty when none has to."""
        return ""

    @classmethod
    def may_be_service_made(cls, attributes: Attributes) -> bool:
        """Whether a run that the service makes by itself is as good as one with these members."""
        return False

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """The S3 location this run reads, if it reads one."""
        return None


Kinds = Mapping[str, type[Resource]]
"""The registry of kinds by their word, in an order in which what is referred to comes first."""


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a structure, as the marks describe it."""

    alias: str  # as the manifest spells it
    ref: str | None  # the kind it refers to
    mutable: bool
    json_text: bool
    switch: bool
    notes: tuple[Note, ...]
    compare: Callable[[Any], Any] | None
    structure: type[Structure] | None  # of the value, or of each element of a list
    default: Any  # None: the service has none that is known
    required: bool

    @property
    def wire(self) -> str:
        """As the service spells it."""
        return f"{self.alias}Arn" if self.ref else self.alias


@cache
def members(structure: type[Structure]) -> Mapping[str, Member]:
    """The fields of a structure by alias."""
    found = (_member(name, info) for name, info in structure.model_fields.items())
    return {member.alias: member for member in found}


def _member(name: str, info: FieldInfo) -> Member:
    marks = [*info.metadata, *_nested_marks(info.annotation)]
    refs = [mark for mark in marks if isinstance(mark, Ref)]
    keys = [mark.key for mark in marks if isinstance(mark, Compare)]
    defaults = [mark.value for mark in marks if isinstance(mark, Default)]
    structures = [kind for kind in _classes(info.annotation) if issubclass(kind, Structure)]
    return Member(
        alias=info.alias or _alias(name),
        ref=refs[0].kind if refs else None,
        mutable=Mutable in marks,
        json_text=JsonText in marks,
        switch=Switch in marks,
        notes=tuple(mark for mark in marks if isinstance(mark, Note)),
        compare=keys[0] if keys else None,
        structure=structures[0] if structures else None,
        default=defaults[0] if defaults else None,
        required=info.is_required(),
    )


def _nested_marks(annotation: Any) -> Iterator[Any]:
    """Marks inside `Annotated[...] | None`, which pydantic leaves there; those of a container's items are not meant."""
    yield from getattr(annotation, "__metadata__", ())
    if get_origin(annotation) in (Union, UnionType):
        for argument in get_args(annotation):
            yield from _nested_marks(argument)


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _classes(argument)


def references(kind: type[Resource]) -> tuple[Member, ...]:
    """The members of a kind that refer to other resources."""
    return tuple(member for member in members(kind).values() if member.ref)


def mutable_members(kind: type[Resource]) -> frozenset[tuple[str, ...]]:
    """The paths an update takes: whole members, or members of a member where only those may change."""
    return frozenset(_mutable_paths(kind, ()))


def _mutable_paths(structure: type[Structure], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for member in members(structure).values():
        if member.mutable:
            yield (*path, member.alias)
        elif member.structure:
            yield from _mutable_paths(member.structure, (*path, member.alias))


def is_mutable(kind: type[Resource], path: Sequence[str]) -> bool:
    """Whether a change at `path` is within what an update takes, or a switch to be turned."""
    if switch_of(kind) == path[0]:
        return True
    return any(tuple(path[: len(mutable)]) == mutable for mutable in mutable_members(kind))


def switch_of(kind: type[Resource]) -> str | None:
    """The member of a kind that says whether its objects run, if it has one."""
    return next((member.alias for member in members(kind).values() if member.switch), None)


def notes(kind: type[Resource], path: Sequence[str]) -> Iterator[Note]:
    """What a change at `path` may bring with it."""
    structure: type[Structure] | None = kind
    for step in path:
        member = members(structure).get(step) if structure else None
        if member is None:
            return
        yield from member.notes
        structure = member.structure


def comparable(structure: type[Structure], attributes: Attributes) -> dict[str, Any]:
    """`attributes` in the form in which equal meaning is equal value."""
    known = members(structure)
    return {alias: _comparable(known.get(alias), value) for alias, value in attributes.items()}


def _comparable(member: Member | None, value: Any) -> Any:
    if member is None or value is None:
        return value
    if member.compare:
        return member.compare(value)
    if member.structure and isinstance(value, Mapping):
        return comparable(member.structure, value)
    if member.structure and isinstance(value, list):
        return [comparable(member.structure, item) if isinstance(item, Mapping) else item for item in value]
    return value


def with_defaults(structure: type[Structure], attributes: Attributes) -> dict[str, Any]:
    """`attributes` of a live object with what the service means by what it leaves out (docs/service/1 §19 item 1)."""
    filled = dict(attributes)
    for member in members(structure).values():
        found = attributes.get(member.alias)
        if isinstance(member.default, Mapping):
            filled[member.alias] = {**member.default, **(found or {})}
        elif found is None and member.default is not None:
            filled[member.alias] = member.default
        elif member.structure and not member.ref and not isinstance(found, list):
            inner = with_defaults(member.structure, found or {})
            filled |= {member.alias: inner} if inner else {}
    return filled


def to_wire(kind: type[Resource], attributes: Attributes) -> dict[str, Any]:
    """Attributes as members of a request: references end in `Arn`, JSON text is text."""
    known = members(kind)
    return {
        known[alias].wire: json.dumps(value) if known[alias].json_text and not isinstance(value, str) else value
        for alias, value in attributes.items()
        if not known[alias].switch
    }


def from_wire(kind: type[Resource], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an answer that a manifest could declare, as the manifest spells them."""
    found = {
        member.alias: json.loads(answer[member.wire]) if member.json_text else answer[member.wire]
        for member in members(kind).values()
        if member.wire in answer
    }
    switch = switch_of(kind)
    if switch and "status" in answer:
        # On the way to a standstill counts as stopped, and on the way back as running.
        stopped = re.match(r"STOP|INACTIVE", answer["status"].upper())
        found[switch] = STOPPED if stopped else RUNNING
    return found
