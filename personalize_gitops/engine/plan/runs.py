"""Runs: jobs and trainings happen once, and again only when what they are made from has changed.

A run is told by its name, `<name>-<fingerprint>`: eight hexadecimal digits for what it refers to and its
configuration, and eight more for its data when the document asks for that. It is due when no successful or pending run
of that name is found. A failed run keeps its name (docs/service/2 §2.1), so the next attempt adds `-2`, `-3`, ….
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan.decisions import MADE_ANEW, Settlement, newest_success, resolve
from personalize_gitops.engine.plan.diffing import tag_differences
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, addresses_in
from personalize_gitops.model.diff import FieldChange, diff
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.names import MAX_NAME, cut, next_name
from personalize_gitops.model.plan import Change, digest
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.resource import Attributes, Run, comparable, with_defaults
from personalize_gitops.model.status import Condition
from personalize_gitops.span import seconds_in

_DATA = "its data changed"
_OTHERWISE = "its configuration, or what it refers to, changed"
_PART = 8  # digits of each part of a fingerprint
_COMMON = MAX_NAME - len("-") - 2 * _PART - len("-999")  # characters of a name that no ending cuts away


def decide(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> Change:
    """Whether a document's run is due."""
    attributes = _wanted(document, settled, snapshot)
    fingerprint = fingerprint_of(document, desired, settled, snapshot)
    line = run_name(document, fingerprint)
    attempts: Sequence[Live] = snapshot.line(document.address.kind, line)
    if not attempts and "data" not in document.run.when:
        # Earlier the data counted as well; the runs of that time were made from the same configuration.
        earlier = _runs_of(document, snapshot)
        attempts = [live for live in earlier if _fingerprint_in(document, live.name)[:_PART] == fingerprint]
    valid = [live for live in attempts if not _outdated(live, document, settled)]
    change = Change(
        document.address,
        Action.RUN,
        "",
        next_name(line, (live.name for live in attempts)),
        document=document,
        attributes=attributes,
        fingerprint=fingerprint,
    )

    success = newest_success(valid)
    pending = next((live for live in valid if live.condition is Condition.PENDING), None)
    if pending:
        return _standing(change, pending, f"it is {pending.status}")
    if success and _is_fresh(success, document, snapshot):
        return _tagged(_standing(change, success, ""), desired)
    if not valid and (made := _service_made(document, attributes, desired, settled, snapshot)):
        return _standing(change, made, f"the service makes one by itself, which is {made.status}")
    if success:
        return _due(change, f"the newest success is older than {document.run.every}", desired, settled, snapshot)
    earlier = _runs_of(document, snapshot)
    last = [*earlier, *valid][-1:]
    change = replace(change, live=last[0] if last else None)
    reason = _reason(document, fingerprint, attempts, valid, earlier)
    if reason == _OTHERWISE and (fields := _changed(change, earlier[-1])):
        change = replace(change, fields=fields)
        reason = f"{', '.join(dict.fromkeys(field.path[-1] for field in fields))} changed"
    if reason == _DATA and (again := _running_again(document, desired, settled)):
        reason = f"{again} runs again"
    return _due(change, reason, desired, settled, snapshot)


def _running_again(document: Document, desired: Desired, settled: Settlement) -> str:
    """The declared runs that feed this one and are about to run; empty where its data has changed by itself."""
    assert issubclass(document.kind, Run)  # noqa: S101  only runs are decided here
    running = (address for address in _feeding(document, desired) if settled[address].change.action is Action.RUN)
    return ", ".join(str(address) for address in sorted(running)) if document.kind.data_from else ""


def _standing(change: Change, live: Live, reason: str) -> Change:
    """The change where a run stands for the document already, or will when it has ended."""
    action = Action.WAIT if live.condition is Condition.PENDING else Action.NONE
    name = live.name or live.arn.rpartition("/")[2]  # what the service makes by itself has no name
    return replace(change, action=action, reason=reason if action is Action.WAIT else "", live=live, aws_name=name)


def _due(change: Change, reason: str, desired: Desired, settled: Settlement, snapshot: Snapshot) -> Change:
    """The change that runs a document, with what that costs; blocked when it is bound to be refused or to fail."""
    document, attributes = change.document, change.attributes or {}
    assert document is not None  # noqa: S101  the caller decides a document
    kind = document.kind
    assert issubclass(kind, Run)  # noqa: S101  only runs are decided here
    if location := _missing_data(document, snapshot):
        return replace(change, action=Action.BLOCKED, reason=f"{reason}, but there is no object at {location}")
    base, lost = kind.builds_on(attributes), kind.overwrites(attributes)
    beside = _beside(change, desired, snapshot) if base or lost else ()
    earlier = [live for live in beside if not _outdated(live, document, settled)]
    if base and not (
        any(not kind.builds_on(live.attributes) for live in earlier)
        or any(settled[other].change.action in _SUCCEEDS for other in _bases(document, desired))
    ):
        why = f"{base} comes first, which neither has succeeded nor is declared"
        return replace(change, action=Action.BLOCKED, reason=f"{reason}, but {why}")
    if lost and earlier:
        notes = tuple(_not_run_again(document, desired, settled, snapshot))
        return replace(change, reason=f"{reason}; {lost}", risk=Risk.DATA_LOSS, notes=notes)
    risk = Risk.DATA_LOSS if kind.loses else Risk.COST if kind.costs else Risk.NONE
    return replace(change, reason=reason, risk=risk, loses=kind.loses)


def _not_run_again(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> Iterator[str]:
    """What added to the rows that go, and is done; whether the new rows hold its own, nobody here knows."""
    for other in desired.beside(document):
        line = run_name(other, fingerprint_of(other, desired, settled, snapshot))
        success = newest_success(snapshot.line(other.address.kind, line))
        if other.builds_on and success and _is_fresh(success, other, snapshot):
            stays = "does not run again: bring its rows with this one, or rename it"
            yield f"{other.address} added to those rows and {stays}"


_SUCCEEDS = frozenset({Action.RUN, Action.WAIT, Action.NONE, Action.UPDATE})
"""Actions after which there is a success of a run, if all goes well; an update is one of its tags."""


def _bases(document: Document, desired: Desired) -> Iterator[Address]:
    """The declared runs that one builds on."""
    return (other.address for other in desired.beside(document) if not other.builds_on)


def _beside(change: Change, desired: Desired, snapshot: Snapshot) -> Iterator[Live]:
    """The successes that are about the same as a run: of documents that refer to the same, and what shows that it did.

    A list does not tell what a run refers to: a stranger's counts once it is read.
    """
    document, attributes = change.document, change.attributes or {}
    assert document is not None  # noqa: S101  the caller decides a document
    declared = desired.beside(document)
    for live in snapshot.of_kind(document.address.kind):
        if live.condition is not Condition.READY:
            continue
        is_told = document.references.keys() <= live.attributes.keys()
        alike = all(_is_about(live, member, attributes[member]) for member in document.references)
        if alike or (not is_told and any(_fingerprint_in(other, live.name) for other in declared)):
            yield live


def _is_about(run: Live, member: str, target: Any) -> bool:
    """Whether a run refers to `target`, as it tells or as its ARN does, which a version has below its solution's."""
    told = run.attributes.get(member)
    return isinstance(target, str) and (told == target or (told is None and is_at_or_below(run.arn, target)))


def _is_fresh(success: Live, document: Document, snapshot: Snapshot) -> bool:
    """Whether a run began within `run.every`; updates by the service may move its other time (docs/service/2 §5)."""
    every = document.run.every
    return every is None or snapshot.taken_at - success.created < seconds_in(every)


def _service_made(
    document: Document, attributes: Attributes, desired: Desired, settled: Settlement, snapshot: Snapshot
) -> Live | None:
    """A run the service made by itself that is as good as the one that is wanted: from the same, as it is now.

    The oldest that is fresh, so that what refers to it stays where it is while the service makes newer ones; where
    there is none, one that is under way.
    """
    kind = document.kind
    assert issubclass(kind, Run)  # noqa: S101  only runs are decided here
    since = _unchanged_since(document, desired, settled, snapshot)
    if since is None or not kind.may_be_service_made(attributes):
        return None
    made = [
        live
        for live in snapshot.of_kind(document.address.kind)
        if live.service_made
        and live.created > since
        and all(is_at_or_below(live.arn, attributes[member]) for member in document.references)
    ]
    fresh = (live for live in made if live.condition is Condition.READY and _is_fresh(live, document, snapshot))
    pending = (live for live in made if live.condition is Condition.PENDING)
    return next(fresh, None) or next(pending, None)


def _unchanged_since(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> float | None:
    """When what a run is made from changed last, in epoch seconds; None when it changes with this plan, or is unknown.

    That is what it refers to, and, where its data counts, the newest success of each run that feeds it.
    """
    sources: list[Live | None] = []
    for reference in document.references.values():
        match reference:
            case Address():
                sources.append(_steady(settled[reference].change))
            case str():
                sources.append(next((live for live in snapshot.lives if live.arn == reference), None))
            case _:
                return None
    if "data" in document.run.when:
        sources += [_steady(settled[address].change) for address in _feeding(document, desired)]
    known = [live.changed for live in sources if live and live.condition is Condition.READY]
    return max(known) if known and len(known) == len(sources) else None


def _steady(change: Change) -> Live | None:
    """The object of a change that leaves it as it is, but for its tags."""
    is_tagged = change.action is Action.UPDATE and not change.attributes
    return change.live if change.action in (Action.NONE, Action.ADOPT) or is_tagged else None


def run_name(document: Document, fingerprint: str) -> str:
    """What the first attempt at a run is called."""
    return cut(document.aws_name, f"-{fingerprint}")


def _tagged(change: Change, desired: Desired) -> Change:
    """The change of a run that stands for its document, once its tags are compared.

    They change in place, without another run. Those of a run that is not known to be ours are left alone.
    """
    document, live = change.document, change.live
    if document is None or live is None or live.owner != desired.owner or live.address != document.address:
        return change
    fields = tuple(tag_differences(document, live))
    if not fields:
        return change
    # The fingerprint is that of the run that was started, whatever is asked for since.
    return replace(change, action=Action.UPDATE, reason="tags differ", fields=fields, attributes={}, fingerprint="")


def standing_runs(desired: Desired, lives: Iterable[Live]) -> frozenset[str]:
    """The runs that may stand for a document, as ARNs: the newest success of each configuration it ever had."""
    documents: dict[str, list[Document]] = {}
    for document in desired.documents.values():
        if document.kind.is_run:
            documents.setdefault(document.address.kind, []).append(document)
    found: dict[tuple[Address, str], str] = {}
    for live in sorted(lives, key=lambda live: (live.created, live.arn)):
        for document in documents.get(live.kind.kind(), ()):
            if live.condition is Condition.READY and (fingerprint := _fingerprint_in(document, live.name)):
                found[document.address, fingerprint[:_PART]] = live.arn
    return frozenset(found.values())


def _runs_of(document: Document, snapshot: Snapshot) -> list[Live]:
    """Every run of a document there ever was, oldest first."""
    return [live for live in snapshot.of_kind(document.address.kind) if _fingerprint_in(document, live.name)]


def _missing_data(document: Document, snapshot: Snapshot) -> str | None:
    """The S3 location the run would read, when it is known to hold nothing."""
    location = data_of(document)
    return location if location is not None and not snapshot.inputs[location] else None


def data_of(document: Document) -> str | None:
    """The S3 location whose content decides whether a document's run is due."""
    if "data" not in document.run.when or not issubclass(document.kind, Run):
        return None
    return document.kind.data_location(document.attributes)


def _wanted(document: Document, settled: Settlement, snapshot: Snapshot) -> dict[str, Any]:
    resolved = {member: resolve(reference, settled, snapshot) for member, reference in document.references.items()}
    return {**document.attributes, **resolved}


def fingerprint_of(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> str:
    """A digest of what the run is made from, as far as `run.when` asks for it.

    What it refers to always counts: a training for another solution is another training. What is declared and is the
    service's default does not: written down or not, it is the same run.
    """
    tokens = {member: _token(reference, settled) for member, reference in document.references.items()}
    defaults = comparable(document.kind, with_defaults(document.kind, {}))
    config = {
        member: value
        for member, value in comparable(document.kind, document.attributes).items()
        if "config" in document.run.when and member not in tokens and defaults.get(member) != value
    }
    made_from = digest([document.address.kind, tokens, config], _PART)
    if "data" not in document.run.when:
        return made_from
    return made_from + digest(_data(document, desired, settled, snapshot), _PART)


def _data(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> Any:
    """The content of the S3 objects it reads, or the newest success of each run that feeds it."""
    assert issubclass(document.kind, Run)  # noqa: S101  only runs are asked
    location = document.kind.data_location(document.attributes)
    if location is not None:
        return snapshot.inputs[location]
    return sorted(settled[address].token for address in _feeding(document, desired))


def _feeding(document: Document, desired: Desired) -> Iterator[Address]:
    """The declared runs whose newest success is the data of this one."""
    assert issubclass(document.kind, Run)  # noqa: S101  only runs are asked
    return (other for other in desired.needs[document.address] if other.kind == document.kind.data_from)


def token_of(change: Change, settled: Settlement) -> str:
    """What identifies the object a change leads to: the end of its ARN, which is known before the object exists."""
    document = change.document
    assert document is not None  # noqa: S101  only declared changes are settled
    tokens = {member: _token(reference, settled) for member, reference in document.references.items()}
    return document.kind.arn_tail(change.aws_name, {**document.attributes, **tokens})


def _token(reference: Reference, settled: Settlement) -> str:
    match reference:
        case Address():
            return settled[reference].token
        case Newest(kind, of):
            return f"{kind} of {_token(of, settled)}"
        case arn:
            return arn.split(":", 5)[-1]


def _outdated(live: Live, document: Document, settled: Settlement) -> bool:
    """Whether a run belongs to an earlier object under the same name, or to one that is about to be made anew."""
    for reference in document.references.values():
        for address in addresses_in(reference):
            change = settled[address].change
            if change.action in MADE_ANEW or (change.live and change.live.created > live.created):
                return True
    return False


def _reason(
    document: Document, fingerprint: str, attempts: Sequence[Live], valid: Sequence[Live], earlier: Sequence[Live]
) -> str:
    if valid:
        last = valid[-1]
        if last.condition is Condition.STOPPED:  # nobody but a person stops one (docs/service/2 §3.9)
            return "the last attempt was stopped by hand, and it is still declared"
        return f"the last attempt ended {last.status}: {last.failure or 'the service gives no reason'}"
    if attempts:
        return "what it refers to is made anew"
    if not earlier:
        return "it never ran"
    fingerprints = [_fingerprint_in(document, live.name) for live in earlier]
    if len(fingerprint) > _PART and any(found[:_PART] == fingerprint[:_PART] for found in fingerprints):
        return _DATA
    return _OTHERWISE


def _changed(change: Change, before: Live) -> tuple[FieldChange, ...]:
    """The members that count and are not as they were in the run before; none when some were only taken out."""
    document = change.document
    assert document is not None  # noqa: S101  only declared runs are decided here
    found = diff(
        comparable(document.kind, with_defaults(document.kind, before.attributes)),
        comparable(document.kind, change.attributes or {}),
    )
    return tuple(field for field in found if "config" in document.run.when or field.path[0] in document.references)


def _fingerprint_in(document: Document, name: str) -> str:
    """The fingerprint in the name of a run of this document; empty for another's."""
    if not name.startswith(document.aws_name[:_COMMON]):
        return ""  # most names are strangers, and a glance tells
    found = re.fullmatch(rf"(.*)-([0-9a-f]{{{_PART}}}(?:[0-9a-f]{{{_PART}}})?)(?:-\d+)?", name)
    if not found or found[1] != cut(document.aws_name, f"-{found[2]}")[: -len(found[2]) - 1]:
        return ""
    return found[2]
