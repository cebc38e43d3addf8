"""Which writes can explain a finding. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.members import members, mutable_members, switch_of
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.resource import Kinds, Resource
from personalize_gitops.model.tags import TAGS
from personalize_gitops.model.who import Sought

_CREATED = frozenset({Finding.UNDECLARED, Finding.UNMANAGED, Finding.FOREIGN, Finding.ORPHAN_COST, Finding.FAILED})
_UPDATED = frozenset({Finding.CHANGED, Finding.UNDECLARED_MEMBER, Finding.FAILED_UPDATE})


def sought(item: Drift, plan: Plan, kinds: Kinds) -> Sought | None:
    """Return the writes that can explain a finding; None if nobody changed the account."""
    change = next((change for change in plan.changes if change.address == item.address), None)
    kind = change.kind if change else kinds.get(item.address.kind_name)
    operations = tuple(dict.fromkeys(_operations(item, kind))) if kind else ()
    ending = _ending(change) if change and not item.arn else ""
    return Sought(operations, item.arn, ending) if operations else None


def _operations(item: Drift, kind: type[Resource]) -> Iterator[str]:
    if item.lost_tags:
        yield from ("UntagResource", kind.operation("Create"))
        return
    updates = [*_updates(item, kind)] if item.finding in _UPDATED else []
    yield from updates
    if item.finding is Finding.MISSING:
        yield kind.operation("Delete")
    # An object with our tags was created by an apply; another can be a new one under the same name.
    if item.finding in _CREATED or (item.finding in _UPDATED and not (updates and kind.taggable)):
        yield kind.operation("Create")


def _updates(item: Drift, kind: type[Resource]) -> Iterator[str]:
    """Yield the operations that can have set the members of a finding."""
    first = {field.path[0] for field in item.fields}
    if TAGS in first:
        yield from ("TagResource", "UntagResource")
    if first - {TAGS, switch_of(kind)} or not first:
        yield from [kind.operation("Update")] * bool(mutable_members(kind))
    if switch_of(kind) in first:
        yield from (kind.operation("Start"), kind.operation("Stop"))


def _ending(change: Change) -> str:
    """Return how the ARN of a missing object ended; "" if that is not known."""
    wanted = change.attributes
    has_group = "datasetGroup" in members(change.kind)
    if has_group and not isinstance(wanted.get("datasetGroup"), str):
        return ""  # it is missing too
    return f":{change.kind.arn_tail(change.aws_name, wanted)}"
