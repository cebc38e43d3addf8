"""Create, Describe, List and Delete for every kind: what convention and the service model decide.

The order of a creation's checks is: shapes (before this module), what it refers to exists, its name is free, what it
refers to is ACTIVE, reasons of the kind, tags, quota. The sources give no order; this one makes a repeated create tell
the truth.
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.quotas import Counted, Scope
from personalize_gitops.emulator.errors import already_exists, bad_token, in_use, invalid, limit_exceeded, not_found
from personalize_gitops.emulator.service import tags
from personalize_gitops.emulator.service.access import check_role
from personalize_gitops.emulator.service.kind import KINDS, Answer, Carry, Kind, Request
from personalize_gitops.emulator.service.lifecycle import begin_create, begin_delete
from personalize_gitops.emulator.service.model import Operation, operations
from personalize_gitops.emulator.service.paging import DEFAULT_SIZE, filters_of, position, token_for
from personalize_gitops.emulator.service.shapes import shaped
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.records import ACTIVE, FAILED, Record
from personalize_gitops.emulator.state.region import Region


def conventional(kind: Kind) -> Mapping[str, Carry]:
    """The operations of a kind that follow from its name, as far as the model has them."""
    candidates: Mapping[str, Carry] = {
        f"Create{kind.name}": lambda region, request: create(region, kind, request),
        f"Describe{kind.name}": lambda region, request: describe(region, kind, request),
        f"List{kind.name}s": lambda region, request: listing(region, kind, request),
        f"Delete{kind.name}": lambda region, request: delete(region, kind, request),
    }
    return {name: carry for name, carry in candidates.items() if name in operations()}


def create(region: Region, kind: Kind, request: Request) -> Answer:
    """Start a resource."""
    operation = operations()[f"Create{kind.name}"]
    referred = _referred(region, request)
    arn = kind.arn(region, request)
    if region.get(arn) is not None:
        raise already_exists(arn)
    for member, record in referred.items():
        check_ready(region, operation, member, record)
    kind.check(region, request)
    role = kind.role_of(request)
    if role is not None and region.settings.roles_enforced:
        check_role(region, role)
    tags.check(arn, request.get("tags", ()))
    check_quota(region, kind, request)
    record = start(region, kind, arn, request, tuple(record.arn for record in referred.values()))
    return {**record.fields, kind.arn_member: record.arn}


def start(region: Region, kind: Kind, arn: str, request: Request, parents: tuple[str, ...]) -> Record:
    """Make the record of an accepted creation; automatic trainings come this way too."""
    fields = {name: value for name, value in request.items() if name != "tags" and value is not None}
    fields[kind.arn_member] = arn
    record = Record(kind.name, region.next_number(), arn, parents, fields)
    if request.get("tags"):
        region.tags[arn] = {tag["tagKey"]: tag["tagValue"] for tag in request["tags"]}
    return begin_create(region, kind, kind.created(region, request, record))


def describe(region: Region, kind: Kind, request: Request) -> Answer:
    """Show a resource under the one key its Describe answers with."""
    record = region.find(kind.name, request[kind.arn_member])
    (key,) = operations()[f"Describe{kind.name}"].output_members
    return {key: kind.described(region, record)}


def listing(region: Region, kind: Kind, request: Request) -> Answer:
    """One page of a kind's summaries."""
    operation = operations()[f"List{kind.name}s"]
    filters = filters_of(request)
    parent = next((value for value in filters.values() if value), "")
    unknown_fails = region.settings.lists_of_unknown_parents_fail or "ResourceNotFoundException" in operation.errors
    if parent and unknown_fails:
        member = next(iter(filters))
        region.find(_kind_of(member).name, parent)
    size = request.get("maxResults") or DEFAULT_SIZE
    token = request.get("nextToken")
    after = position(operation.name, filters, token) if token else 0
    if token and after <= 0:
        raise bad_token()
    found = region.page(kind.name, parent, after, size + 1, newest_first=kind.newest_first)
    lag = region.faults.take(Deed.LAG, operation.name, kind.name)
    newest = region.now - lag.seconds if lag else float("inf")
    shown = [record for record in found[:size] if record.fields["creationDateTime"] <= newest]
    answer: dict[str, Any] = {_list_key(operation): [kind.described(region, record) for record in shown]}
    if len(found) > size:
        answer["nextToken"] = token_for(operation.name, filters, found[size - 1].number)
    return answer


def delete(region: Region, kind: Kind, request: Request) -> Answer:
    """Start the end of a resource; only ACTIVE and failed ones can be deleted (docs/service/3 §3.5)."""
    record = region.find(kind.name, request[kind.arn_member])
    if record.transient or record.updating:
        raise in_use(f"Resource {record.arn} is in state {state_of(record)} and cannot be deleted.")
    kind.check_delete(region, record)
    begin_delete(region, kind, record)
    return {}


def check_ready(region: Region, operation: Operation, member: str, record: Record) -> None:
    """Refuse to build on something that is not ACTIVE.

    CreateFilter declares no ResourceInUseException: a group in the making is invalid input there (docs/service/4 §4.6).
    """
    if record.status == ACTIVE:
        return
    message = f"{member} {record.arn} is in state {record.status}; it must be ACTIVE."
    if "ResourceInUseException" in operation.errors:
        raise in_use(message)
    raise not_found(record.arn) if region.settings.filters_do_not_find_unready_groups else invalid(message)


def check_quota(region: Region, kind: Kind, request: Request) -> None:
    """Refuse what goes beyond a quota, in the two wordings of docs/service/4 §4.6."""
    for quota in kind.quotas:
        limit = region.settings.limit(quota)
        group = kind.group_of(region, request) if quota.scope is Scope.DATASET_GROUP else ""
        if region.count(kind.name, group) < limit:
            continue  # which spares looking at each of many
        counted = list(region.listed(kind.name, group))
        if quota.counted is Counted.PENDING:
            if sum(record.transient for record in counted) >= limit:
                raise limit_exceeded(f"More than {limit} resources with PENDING or IN_PROGRESS status.")
        elif sum(record.status != FAILED for record in counted) >= limit:
            raise limit_exceeded(f"More than {limit} resources with ACTIVE status. Please delete some and try again.")


def state_of(record: Record) -> str:
    """The status that stands in the way, that of a running update included."""
    return record.status if record.transient else f"{record.status} with an update in progress"


def summary(region: Region, kind: Kind, record: Record) -> Mapping[str, Any]:
    """A record as its list shows it, for answers that carry a summary inside."""
    operation = operations()[f"List{kind.name}s"]
    page = operation.shapes[operation.output_members[_list_key(operation)]["shape"]]
    cut: Mapping[str, Any] = shaped(operation.shapes, page["member"]["shape"], kind.described(region, record))
    return cut


def _referred(region: Region, request: Request) -> dict[str, Record]:
    """The resources a request names, by member. `<solution>/$LATEST` is left to the campaign (docs/service/4 §1.1)."""
    found = {}
    for member, value in request.items():
        if member.endswith("Arn") and _is_kind(member) and arns.last_segment(value) != arns.LATEST:
            found[member] = region.find(_kind_of(member).name, value)
    return found


def _is_kind(member: str) -> bool:
    return member[0].upper() + member[1:-3] in KINDS


def _kind_of(member: str) -> Kind:
    return KINDS[member[0].upper() + member[1:-3]]


def _list_key(operation: Operation) -> str:
    return next(name for name in operation.output_members if name != "nextToken")
