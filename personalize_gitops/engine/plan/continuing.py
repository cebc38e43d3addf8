"""Whether a saved plan holds: the plan made now is the saved one, or what an interrupted apply has left of it. Pure.

Once a part of a saved plan is done, each pending change has to be one of the saved plan or the rest of one. Each other
change of the saved plan has to be done or in flight, as the account shows: a new object was created after the plan and
has the name that the plan gave it, an old object is the same one and has nothing to change, or is gone. An apply that
was interrupted can leave records of ours behind; a change that only corrects those belongs to the saved plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from personalize_gitops.model.action import Action, Risk, gravest
from personalize_gitops.model.announcements import is_announcement
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.digest import plain
from personalize_gitops.model.live import Live, is_at_or_below
from personalize_gitops.model.members import members, switch_of
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition
from personalize_gitops.model.structure import Flag
from personalize_gitops.model.tags import APPLIED, ON_REMOVE, OURS, PROTECT, TAGS

Document = Mapping[str, Any]
"""A plan or a change as JSON, as the file has it."""

Identities = Set[tuple[str, float]]
"""ARNs and creation times of objects."""

T = TypeVar("T")

_OF_PROGRESS = frozenset({"applyable", "summary", "included", "leftOut", "changes", "fingerprint", "calls", "seal"})
"""Members of a plan that differ after a part of it is done."""

_SET_LAST = frozenset((TAGS, key) for key in OURS) - {(TAGS, PROTECT), (TAGS, ON_REMOVE)}
"""Paths of the tags that an update sets at its end, without those of `lifecycle`: a plan shows when these differ."""

_SAME = ("address", "awsName", "action", "actions", "risk", "class", "loses", "arn", "created")
"""Members of a change that stay while others are carried out, unlike reasons and notes: an input may be done."""


def moved(saved: Document, now: Document, plan: Plan) -> tuple[Reason, ...]:
    """Return what differs from a saved plan; empty if it holds. `now` is `plan`, the plan made now, as JSON.

    Other manifests are told with the changes that differ for that.
    """
    others = _differing(saved, now, {*saved, *now} - _OF_PROGRESS)
    if others == ["manifests"]:
        comparison = _Comparison(saved["changes"], now["changes"], plan)
        return (Reason(ReasonCode.MANIFESTS_DIFFER), *comparison.moved())
    if others:
        return _as_reasons(others)
    if saved["changes"] == now["changes"] and saved["fingerprint"] == now["fingerprint"]:
        return _as_reasons(_differing(saved, now, {"applyable", "summary"}))
    comparison = _Comparison(saved["changes"], now["changes"], plan)
    found = tuple(comparison.moved())
    if found or comparison.has_begun:
        return found or _as_reasons(_differing(saved, now, {"applyable"}))
    return _as_reasons(comparison.differing())


def _differing(saved: Document, now: Document, members: Iterable[str]) -> Sequence[str]:
    """Return the members in which two documents differ, of some."""
    return sorted(name for name in members if saved.get(name) != now.get(name))


def _as_reasons(members: Iterable[str]) -> tuple[Reason, ...]:
    """Return that each of these members differs."""
    return tuple(because(ReasonCode.MEMBER_DIFFERS, member=Verbatim(name)) for name in members)


@dataclass(frozen=True)
class _Comparison:
    """The changes of a saved plan and those of the plan made now."""

    saved: Sequence[Document]
    now: Sequence[Document]  # without resources in sync
    plan: Plan

    @cached_property
    def changes(self) -> Mapping[str, Sequence[Change]]:
        """The changes of the plan made now by address, resources in sync included."""
        return _grouped((str(change.address), change) for change in self.plan.changes)

    @cached_property
    def saved_at(self) -> Mapping[str, Sequence[Document]]:
        """The changes of the saved plan by address."""
        return _grouped((one["address"], one) for one in self.saved)

    @cached_property
    def now_at(self) -> Mapping[str, Sequence[Document]]:
        """The changes of the plan made now by address, as JSON."""
        return _grouped((one["address"], one) for one in self.now)

    @cached_property
    def made(self) -> Mapping[str, Live]:
        """The objects that earlier applies of the saved plan have created, by address."""
        return {one["address"]: live for one in self.saved if (live := self._new_object(one)) is not None}

    @cached_property
    def has_begun(self) -> bool:
        """Whether a change of the saved plan is done, in flight, or gone, or an apply has left its records."""
        left = (change for change in self.plan.changes if str(change.address) not in self.saved_at)
        return any(not self._is_pending(one) for one in self.saved if one["actions"]) or any(map(_corrects, left))

    def moved(self) -> Iterator[Reason]:
        """Yield the changes that are not in the saved plan, and those of it that are neither pending nor done."""
        shown = [change for change in self.plan.changes if change.action is not Action.NONE]
        for change, document in zip(shown, self.now, strict=True):
            same = self.saved_at.get(document["address"], ())
            if _corrects(change):
                continue
            if not any(self._is_same(one, document) or self._is_rest(one, change) for one in same):
                if same:
                    yield because(ReasonCode.CHANGE_DIFFERS, address=change.address, action=change.action)
                else:
                    yield because(ReasonCode.NOT_IN_SAVED_PLAN, address=change.address, action=change.action)
        for one in self.saved:
            if one["actions"] and not (self._is_pending(one) or self._is_done(one)):
                address, action = Verbatim(one["address"]), Verbatim(one["action"])
                yield because(ReasonCode.NEITHER_PENDING_NOR_DONE, address=address, action=action)

    def differing(self) -> Sequence[str]:
        """Return the addresses of the changes in which a plan that has not begun is not the saved one."""
        addresses = {*self.saved_at, *self.now_at}
        differ = {address for address in addresses if self.saved_at.get(address) != self.now_at.get(address)}
        return sorted(differ or {"fingerprint"})

    def _is_pending(self, saved: Document) -> bool:
        return any(self._is_same(saved, document) for document in self.now_at.get(saved["address"], ()))

    def _is_same(self, saved: Document, now: Document) -> bool:
        """Return whether a change does the same as one of the saved plan, to the same objects."""
        return (
            all(saved[member] == now[member] for member in _SAME)
            and len(saved["fields"]) == len(now["fields"])
            and all(self._is_same_field(*pair) for pair in zip(saved["fields"], now["fields"], strict=True))
            and self._takes_no_more(saved, _relied_on(now))
        )

    def _is_same_field(self, saved: Document, now: Document) -> bool:
        return saved["path"] == now["path"] and all(self._is_value(saved[end], now[end]) for end in ("before", "after"))

    def _is_value(self, saved: Any, now: Any) -> bool:
        """Return whether a value is the saved one, or the ARN of the object that was unknown then."""
        if saved == now or not (isinstance(saved, Mapping) and saved.keys() == {"unknown"} and isinstance(now, str)):
            return bool(saved == now)
        made, arn = self.made.get(str(saved["unknown"])), now.removesuffix("/$LATEST")
        return made is not None and bool(made.arn == arn)

    def _takes_no_more(self, saved: Document, relied_on: Identities) -> bool:
        """Return whether a change relies on nothing new, except what an earlier apply of the saved plan has created."""
        new = (arn for arn, created in relied_on - _relied_on(saved) if created >= self.plan.time.account)
        return all(any(is_at_or_below(arn, live.arn) for live in self.made.values()) for arn in new)

    def _is_rest(self, saved: Document, change: Change) -> bool:
        """Return whether a change is what is left of a change of the saved plan that has begun."""
        live = change.live
        match saved["actions"]:
            case ["delete", "create"] if change.action is Action.CREATE:
                return bool(change.aws_name == saved["awsName"])
            case ["delete", "create"] if change.action is Action.RECREATE and _is_old(live, saved):
                return live is not None and live.condition is Condition.DELETING
            case ["create", *_] if saved["action"] == "replace" and change.action in (Action.DELETE, Action.KEEP):
                return _is_old(live, saved) and self._takes_no_more(saved, change.relies_on.keys())
            case ["create", *_] | ["delete", "create"] | ["run"]:
                return self._is_new(live, saved) and (change.action is Action.WAIT or _only_switches(change))
            case ["update"]:
                return (
                    change.action in (Action.UPDATE, Action.WAIT)
                    and _is_old(live, saved)
                    and _is_shown(saved, change)
                    and self._is_part(saved, change)
                )
            case ["delete"] | ["wait"]:
                return change.action is Action.WAIT and _is_old(live, saved)
            case _:
                return False

    def _is_part(self, saved: Document, change: Change) -> bool:
        """Return whether an update has only fields of the saved one left, or what it sets last: switch and own tags."""
        last = {(switch_of(change.kind),), *_SET_LAST}
        return all(
            field.path in last
            or _is_record(field.path)
            or any(self._is_same_value(one, field) or _is_second_update(one, field, change) for one in saved["fields"])
            for field in change.fields
        )

    def _is_same_value(self, saved: Document, field: FieldChange) -> bool:
        """Return whether a field changes as in the saved plan. A secret is masked there, and declared as it was."""
        return saved["path"] == str(field) and (field.secret or self._is_same_field(saved, _as_document(field)))

    def _is_done(self, saved: Document) -> bool:
        """Return whether a change of the saved plan is done, in flight or partly done, as the account shows."""
        changes = self.changes.get(saved["address"], ())
        if any(self._is_rest(saved, change) for change in changes if change.action not in (Action.DELETE, Action.KEEP)):
            return True
        if self._is_left_behind(saved):
            return False
        same = [change for change in changes if _is_old(change.live, saved)]
        match saved["actions"]:
            case ["create", *_] | ["delete", "create"] | ["run"]:
                return self._new_object(saved) is not None
            case ["update"] | ["adopt"]:
                return any(map(_is_settled, same)) or (not same and _only_unprotects(saved))
            case _:  # delete and forget: the object is gone; wait: it is gone, or nothing is left to do with it
                return saved["arn"] is not None and all(map(_is_settled, same))

    def _is_left_behind(self, saved: Document) -> bool:
        """Return whether an object to delete is in the account and no change is about it: it is not ours any more."""
        is_there = (saved["arn"], saved["created"]) in self.plan.staying
        same = (_is_old(change.live, saved) for change in self.changes.get(saved["address"], ()))
        return "delete" in saved["actions"] and is_there and not any(same)

    def _new_object(self, saved: Document) -> Live | None:
        """Return the object that a change of the saved plan has created; None if there is none."""
        if not {"create", "run"} & {*saved["actions"]}:
            return None
        changes = self.changes.get(saved["address"], ())
        return next((change.live for change in changes if self._is_new(change.live, saved)), None)

    def _is_new(self, live: Live | None, saved: Document) -> bool:
        """Return whether an object has the name that the saved plan gave it, and was created after that plan."""
        if live is None or _is_old(live, saved):
            return False
        return live.name == saved["awsName"] and self.plan.time.precedes(live)


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _relied_on(change: Document) -> Identities:
    return frozenset((one["arn"], one["created"]) for one in change["reliesOn"])


def _is_old(live: Live | None, saved: Document) -> bool:
    """Return whether an object is the one that the saved change is about."""
    return live is not None and (live.arn, live.created) == (saved["arn"], saved["created"])


def _corrects(change: Change) -> bool:
    """Return whether a change only corrects records of ours that an interrupted apply has left."""
    paths = [field.path for field in change.fields]
    return change.action is Action.UPDATE and bool(paths) and all(map(_is_record, paths))


def _is_record(path: tuple[str, ...]) -> bool:
    """Return whether a path is that of a tag that an interrupted apply leaves behind."""
    return path[0] == TAGS and (path[1] == APPLIED or is_announcement(path[1]))


def _is_shown(saved: Document, change: Change) -> bool:
    """Return whether a saved change shows an update of this object, with at least the risk of what is left of it."""
    shown = Risk(saved["risk"])
    is_update = saved["action"] == Action.UPDATE.summary and saved["awsName"] == change.aws_name
    return is_update and gravest((change.risk, shown)) is shown


def _is_second_update(saved: Document, field: FieldChange, change: Change) -> bool:
    """Return whether the first of two updates has removed what differs, so that the second only adds."""
    member = members(change.kind).get(field.path[0])
    if member is None or Flag.IN_TWO_UPDATES not in member.flags or not isinstance(field.before, list):
        return False
    now = _as_document(field)
    is_same = (saved["path"], saved["after"]) == (now["path"], now["after"])
    return is_same and all(one in now["after"] for one in now["before"])


def _is_settled(change: Change) -> bool:
    """Return whether nothing is left to do with an object, except to correct our records."""
    return change.action is Action.NONE or _corrects(change)


def _only_unprotects(saved: Document) -> bool:
    """Return whether a saved change only lifts a protection; the plan made now has no change for an object without."""
    return [field["path"] for field in saved["fields"]] == [f"{TAGS}.{PROTECT}"]


def _only_switches(change: Change) -> bool:
    """Return whether a change only stops a new object, which is the second step of its creation."""
    switch = switch_of(change.kind)
    return change.action is Action.UPDATE and all(field.path == (switch,) for field in change.fields)


def _as_document(field: FieldChange) -> Document:
    return {"path": str(field), "before": plain(field.before), "after": plain(field.after)}
