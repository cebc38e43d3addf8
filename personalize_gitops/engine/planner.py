"""The planner: what would turn the account into what the manifests ask for, and why. Pure.

Documents are decided one after another, what is referred to first, so that each finds its references settled: as the
ARN of an object that stays, or as a value known only after apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

from personalize_gitops.engine import runs
from personalize_gitops.engine.pairing import Pairing, next_name, pair
from personalize_gitops.engine.settled import Settled, resolve
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, member_at
from personalize_gitops.model.diff import FieldChange, diff
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Action, Change, Plan, Risk
from personalize_gitops.model.resource import Replace, comparable, is_mutable, mutable_members
from personalize_gitops.model.status import Condition

TAGS = "tags"


@dataclass(frozen=True)
class Policy:
    """What the target allows."""

    prune: bool = False  # delete what is ours and no longer declared; otherwise it is only reported


def make_plan(desired: Desired, snapshot: Snapshot, target: str, policy: Policy = Policy()) -> Plan:
    """What would turn `snapshot` into `desired`, and why."""
    declared = list(_declared(desired, snapshot))
    undeclared = list(_undeclared(desired, snapshot, policy))
    changes = _without_orphans([*declared, *undeclared], snapshot)
    return _plan(desired, snapshot, target, changes)


def make_destroy_plan(desired: Desired, snapshot: Snapshot, target: str) -> Plan:
    """What would take down everything the project owns."""
    changes = _without_orphans(list(_everything(desired, snapshot)), snapshot)
    return _plan(desired, snapshot, target, changes)


def _plan(desired: Desired, snapshot: Snapshot, target: str, changes: Iterable[Change]) -> Plan:
    return Plan(
        project=desired.project,
        target=target,
        account=snapshot.account,
        region=snapshot.region,
        changes=tuple(sorted(changes, key=lambda change: (change.address, change.aws_name))),
        needs=desired.needs,
    )


# ── what is declared ──────────────────────────────────────────────────────────────────────────────────────────────────


def _declared(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    settled: dict[Address, Settled] = {}
    order = TopologicalSorter({address: sorted(needs) for address, needs in sorted(desired.needs.items())})
    for address in order.static_order():
        document = desired.documents[address]
        if document.kind.is_run:
            change = runs.decide(document, desired, settled, snapshot)
            superseded: tuple[Live, ...] = ()
        else:
            change, superseded = _decide(document, desired, settled, snapshot)
        settled[address] = Settled(change, runs.token_of(change, settled))
        yield change
        for live in superseded:
            yield Change(address, Action.DELETE, f"replaced by {change.aws_name}", live.name, live=live)


def _decide(
    document: Document, desired: Desired, settled: Mapping[Address, Settled], snapshot: Snapshot
) -> tuple[Change, tuple[Live, ...]]:
    wanted = {**document.attributes}
    for member, reference in document.references.items():
        value = resolve(reference, settled, snapshot)
        if value is None:
            return _missing_version(document, member), ()
        wanted[member] = value
    pairing = pair(document, snapshot, desired.project, lambda live: not _differences(document, live, wanted))
    change = _change(document, desired, settled, snapshot, pairing, wanted)
    return change, pairing.superseded


def _missing_version(document: Document, member: str) -> Change:
    return Change(
        document.address,
        Action.BLOCKED,
        f"{member}: there is no successful version yet; declare a SolutionVersion or wait for automatic training",
        document.aws_name,
        document=document,
    )


def _change(
    document: Document,
    desired: Desired,
    settled: Mapping[Address, Settled],
    snapshot: Snapshot,
    pairing: Pairing,
    wanted: Mapping[str, Any],
) -> Change:
    live = pairing.live
    base = Change(document.address, Action.NONE, "", document.aws_name, document=document, live=live, attributes=wanted)
    if live is None:
        return replace(base, action=Action.CREATE, reason="not in the account", risk=_cost(document))
    base = replace(base, aws_name=live.name)
    if pairing.claimed_by:
        return replace(base, action=Action.BLOCKED, reason=f"{live.name} belongs to {pairing.claimed_by}")
    if not pairing.owned and not document.lifecycle.adopt:
        return replace(
            base,
            action=Action.BLOCKED,
            reason=f"{live.name} exists and nobody's tag is on it; `lifecycle: {{adopt: true}}` takes it over",
        )
    if live.condition is Condition.DELETING:
        return replace(base, action=Action.RECREATE, reason="it is being deleted", aws_name=document.aws_name)
    if live.condition is Condition.FAILED:
        why = f"its creation failed: {live.failure or 'the service gives no reason'}"
        return replace(base, action=Action.RECREATE, reason=why, aws_name=document.aws_name)

    if uprooted := _uprooted(document, live, settled):
        return _recreated_along(base, document, desired, uprooted)
    fields = _differences(document, live, wanted)
    if fields:
        return _changed(base, document, desired, snapshot, fields)
    labels = _tag_differences(document, live)
    if not pairing.owned:
        return replace(base, action=Action.ADOPT, reason="lifecycle.adopt", fields=labels)
    if live.condition is Condition.PENDING:
        return replace(base, action=Action.WAIT, reason=f"it is {live.update.status if live.update else live.status}")
    if labels:
        return replace(base, action=Action.UPDATE, reason="tags differ", fields=labels, attributes={})
    return base


def _differences(document: Document, live: Live, wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Where the object is not as declared, an update that is under way counted as done."""
    before = live.attributes
    if live.update and live.update.condition is Condition.PENDING:
        before = overlay(before, live.update.attributes)
    found = diff(comparable(document.kind, before), comparable(document.kind, wanted))
    ignored = {tuple(path.removeprefix("spec.").split(".")) for path in document.lifecycle.ignore}
    return tuple(
        change
        for change in found
        if not any(change.path[: len(path)] == path for path in ignored) and not _follows(change)
    )


def _follows(change: FieldChange) -> bool:
    """A campaign on `$LATEST` shows the version it follows to, or the alias: both are as declared."""
    if not (isinstance(change.after, str) and isinstance(change.before, str)):
        return False
    return change.after.endswith("/$LATEST") and change.before.startswith(change.after.removesuffix("$LATEST"))


def _tag_differences(document: Document, live: Live) -> tuple[FieldChange, ...]:
    """Tags that are not as declared; those of others stay."""
    if not document.kind.taggable:
        return ()
    return tuple(diff({TAGS: live.tags}, {TAGS: document.tags}))


def _changed(
    base: Change, document: Document, desired: Desired, snapshot: Snapshot, fields: tuple[FieldChange, ...]
) -> Change:
    """The change for an object whose members differ: in place when it can be, replaced by strategy when not."""
    assert base.live is not None  # noqa: S101  the caller has found it
    paths = [field.path for field in fields]
    fixed = [path for path in paths if not is_mutable(document.kind, path)]
    why = kind_says = document.kind.why_fixed(base.live.attributes, document.attributes, paths)
    if fixed:
        why = f"{_listed('.'.join(path) for path in fixed)} cannot change in place"
    base = replace(base, fields=(*fields, *_tag_differences(document, base.live)))
    if not why:
        reason = f"{_listed(str(field) for field in base.fields)} {'differs' if len(base.fields) == 1 else 'differ'}"
        attributes = _update_attributes(document, base.live, base.attributes or {}, paths)
        return replace(base, action=Action.UPDATE, reason=reason, attributes=attributes)
    return _replaced(base, document, desired, snapshot, kind_says if not fixed else why)


def _replaced(base: Change, document: Document, desired: Desired, snapshot: Snapshot, why: str) -> Change:
    live = base.live
    assert live is not None  # noqa: S101  the caller has found it
    if document.lifecycle.protect:
        return replace(base, action=Action.BLOCKED, reason=f"{why}, and lifecycle.protect keeps it from being replaced")
    match desired.strategy(document):
        case Replace.FORBID:
            return replace(base, action=Action.BLOCKED, reason=_forbidden(document, why), loses=document.kind.loses)
        case Replace.SUCCESSOR:
            used = any(other.refers_to(live.arn) for other in snapshot.lives)
            hindrance = document.kind.why_no_successor(live.attributes, document.attributes)
            if hindrance and (used or document.kind.taggable):
                return replace(base, action=Action.BLOCKED, reason=f"{why}, and no successor can follow: {hindrance}")
            return replace(
                base,
                action=Action.SUCCESSOR,
                reason=why,
                aws_name=next_name(document.aws_name, snapshot.of_kind(document.address.kind)),
                loses=document.kind.loses,
                risk=_cost(document),
            )
        case Replace.RECREATE:
            return replace(
                base,
                action=Action.RECREATE,
                reason=why,
                loses=document.kind.loses,
                risk=Risk.DATA_LOSS if document.kind.loses else Risk.OUTAGE,
            )


def _forbidden(document: Document, why: str) -> str:
    choices = "`lifecycle: {replace: recreate}` deletes it and makes it anew"
    if not document.kind.why_no_successor(document.attributes, document.attributes):
        choices += ", `successor` makes a new one beside it under another ARN"
    return f"{why}; {choices}"


def _uprooted(document: Document, live: Live, settled: Mapping[Address, Settled]) -> Address | None:
    """What this object stands on and what is deleted before it comes again, so that this one has to go first."""
    for address in sorted(settled):
        other = settled[address].change
        if other.action is Action.RECREATE and other.live and live.refers_to(other.live.arn):
            return address
    return None


def _recreated_along(base: Change, document: Document, desired: Desired, uprooted: Address) -> Change:
    why = f"{uprooted} is recreated, and this keeps it from being deleted"
    if document.lifecycle.protect:
        return replace(base, action=Action.BLOCKED, reason=f"{why}; lifecycle.protect is on")
    if desired.strategy(document) is Replace.FORBID:
        return replace(base, action=Action.BLOCKED, reason=_forbidden(document, why), loses=document.kind.loses)
    return replace(
        base,
        action=Action.RECREATE,
        reason=why,
        loses=document.kind.loses,
        risk=Risk.DATA_LOSS if document.kind.loses else Risk.OUTAGE,
    )


def _update_attributes(
    document: Document, live: Live, wanted: Mapping[str, Any], changed: Sequence[tuple[str, ...]]
) -> dict[str, Any]:
    """The members to send: whole, as live overlaid with the declared.

    Whether the service merges or replaces inside a member is not documented (reference 4 §1.2); whole members come to
    the same under both.
    """
    request: dict[str, Any] = {}
    for path in sorted(mutable_members(document.kind)):
        if any(change[: len(path)] == path for change in changed):
            value = overlay(member_at(live.attributes, path), member_at(wanted, path))
            request = overlay(request, _nested(path, value))
    return request


def _nested(path: tuple[str, ...], value: Any) -> Any:
    return value if not path else {path[0]: _nested(path[1:], value)}


def overlay(below: Any, above: Any) -> Any:
    """`above` laid over `below`, member by member."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: overlay(below.get(key), value) for key, value in above.items()}}
    return above


def _cost(document: Document) -> Risk:
    return Risk.COST if document.kind.costs else Risk.NONE


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


# ── what is not declared ──────────────────────────────────────────────────────────────────────────────────────────────


def _undeclared(desired: Desired, snapshot: Snapshot, policy: Policy) -> Iterator[Change]:
    """What is ours and stands in no manifest: deleted when the target prunes, reported when not."""
    for live in _owned(desired, snapshot):
        if live.address in desired.documents or live.condition is Condition.DELETING:
            continue
        action = Action.DELETE if policy.prune else Action.KEEP
        yield _removal(live, action, "no longer declared")


def _everything(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    """What destroy takes down: all that carries our tag, and the declared things that cannot carry one."""
    for live in _owned(desired, snapshot):
        document = desired.documents.get(live.address) if live.address else None
        if live.condition is Condition.DELETING:
            yield _removal(live, Action.WAIT, "it is being deleted already")
        elif document and document.lifecycle.protect:
            yield replace(_removal(live, Action.BLOCKED, "lifecycle.protect keeps it"), document=document)
        else:
            yield replace(_removal(live, Action.DELETE, "destroy"), document=document)
    for address, document in desired.documents.items():
        if document.kind.is_run or document.kind.taggable:
            continue
        for live in snapshot.of_kind(address.kind):
            if live.name == document.aws_name or not _strange(document, live):
                yield replace(_removal(live, Action.DELETE, "destroy", address), document=document)


def _strange(document: Document, live: Live) -> bool:
    """Whether an untagged object, by name or by content, is not the one a document asks for."""
    pairing = pair(document, Snapshot("", "", 0, (live,)), "", lambda _: True)
    return pairing.live is None or bool(_differences(document, live, document.attributes))


def _owned(desired: Desired, snapshot: Snapshot) -> Iterator[Live]:
    for live in snapshot.lives:
        if live.project == desired.project and not live.kind.is_run:
            yield live


def _removal(live: Live, action: Action, reason: str, address: Address | None = None) -> Change:
    return Change(
        address or live.address or Address(live.kind.kind(), live.name),
        action,
        reason,
        live.name,
        live=live,
        loses=live.kind.loses if action is Action.DELETE else "",
        risk=Risk.DATA_LOSS if live.kind.loses and action is Action.DELETE else Risk.NONE,
    )


def _without_orphans(changes: list[Change], snapshot: Snapshot) -> list[Change]:
    """Deletions that something staying behind would hinder are blocked, and name it; what was shared is kept."""
    leaving = {change.live.arn for change in changes if change.live and _goes(change)}
    moving = {change.live.arn for change in changes if change.live and change.action is Action.UPDATE}
    return [
        _hindered(change, change.live, user)
        if _goes(change) and change.live and (user := _user_left(change.live, snapshot, leaving, moving))
        else change
        for change in changes
    ]


def _goes(change: Change) -> bool:
    return change.action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR)


def _user_left(live: Live, snapshot: Snapshot, leaving: set[str], moving: set[str]) -> Live | None:
    """Something that refers to an object and neither goes nor is moved elsewhere by this plan."""
    return next(
        (
            other
            for other in snapshot.lives
            if not other.kind.is_run
            and other.arn not in leaving
            and other.arn not in moving
            and other.condition is not Condition.DELETING
            and other.refers_to(live.arn)
        ),
        None,
    )


def _hindered(change: Change, live: Live, user: Live) -> Change:
    who = f"{user.kind.kind()} {user.name}"
    if not live.kind.taggable:
        # A schema others share survives: the change itself goes on, only the deletion is left out.
        action = Action.CREATE if change.action is Action.SUCCESSOR else Action.KEEP
        return replace(change, action=action, reason=f"{change.reason}; {live.name} stays, {who} uses it")
    return replace(change, action=Action.BLOCKED, reason=f"{who} uses it and is not part of this plan")
