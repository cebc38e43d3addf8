"""Create, Describe, List and Delete for every kind; the names in the service model give the members.

A creation is checked in this order: shapes (see dispatch), the resources that it refers to exist, its name is free,
those resources are ACTIVE, the checks of the kind, tags, quotas. The sources give no order. In this one a client that
repeats a creation, because it lost the first response, learns that the resource exists.
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.quotas import Counted, Scope
from personalize_gitops.emulator.errors import already_exists, bad_token, in_use, invalid, limit_exceeded, not_found
from personalize_gitops.emulator.service import tags
from personalize_gitops.emulator.service.access import check_role
from personalize_gitops.emulator.service.kind import KINDS, Handler, Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_create, begin_delete
from personalize_gitops.emulator.service.model import Operation, operations
from personalize_gitops.emulator.service.paging import DEFAULT_SIZE, filters_of, position, token_for
from personalize_gitops.emulator.service.shapes import to_shape
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.records import ACTIVE, FAILED, Record
from personalize_gitops.emulator.state.region import Region


def handlers_of(kind: Kind) -> Mapping[str, Handler]:
    """Return the handlers of Create, Describe, List and Delete, as far as the service has them for a kind."""
    candidates: Mapping[str, Handler] = {
        f"Create{kind.name}": lambda region, request: create(region, kind, request),
        f"Describe{kind.name}": lambda region, request: describe(region, kind, request),
        f"List{kind.name}s": lambda region, request: list_page(region, kind, request),
        f"Delete{kind.name}": lambda region, request: delete(region, kind, request),
    }
    return {name: handler for name, handler in candidates.items() if name in operations()}


def create(region: Region, kind: Kind, request: Request) -> Response:
    """Check a creation and start it."""
    operation = operations()[f"Create{kind.name}"]
    references = _references(region, request)
    arn = kind.new_arn(region, request)
    if region.get(arn) is not None:
        raise already_exists(arn)
    for member, record in references.items():
        check_active(region, operation, member, record)
    kind.check_create(region, request)
    role = kind.role_of(request)
    if role is not None and region.settings.roles_enforced:
        check_role(region, role)
    tags.check(arn, request.get("tags", ()))
    _check_quotas(region, kind, request)
    record = start_creation(region, kind, arn, request, tuple(record.arn for record in references.values()))
    return {**record.fields, kind.arn_member: record.arn}


def start_creation(region: Region, kind: Kind, arn: str, request: Request, parents: tuple[str, ...]) -> Record:
    """Create the record of a checked request, or of an automatic training, and start its transition to ACTIVE."""
    fields = {name: value for name, value in request.items() if name != "tags" and value is not None}
    fields[kind.arn_member] = arn
    record = Record(kind.name, region.next_number(), arn, parents, fields)
    if request.get("tags"):
        region.tags[arn] = {tag["tagKey"]: tag["tagValue"] for tag in request["tags"]}
    return begin_create(region, kind, kind.new_record(region, request, record))


def describe(region: Region, kind: Kind, request: Request) -> Response:
    """Return a resource under the one key of the Describe response."""
    record = region.find(kind.name, request[kind.arn_member])
    (key,) = operations()[f"Describe{kind.name}"].output_members
    return {key: kind.described(region, record)}


def list_page(region: Region, kind: Kind, request: Request) -> Response:
    """Return one page of the summaries of a kind."""
    operation = operations()[f"List{kind.name}s"]
    filters = filters_of(request)
    parent = next((value for value in filters.values() if value), "")
    unknown_fails = region.settings.lists_of_unknown_parents_fail or "ResourceNotFoundException" in operation.errors
    if parent and unknown_fails:
        member = next(iter(filters))
        region.find(_kind_name(member), parent)
    size = request.get("maxResults") or DEFAULT_SIZE
    token = request.get("nextToken")
    after = position(operation.name, filters, token) if token else 0
    if token and after <= 0:
        raise bad_token()
    found = region.page(kind.name, parent, after, size + 1, newest_first=kind.newest_first)
    lag = region.faults.take(Deed.LAG, operation.name, kind.name)
    newest = region.now - lag.seconds if lag else float("inf")
    shown = [record for record in found[:size] if record.fields["creationDateTime"] <= newest]
    response: dict[str, Any] = {_list_key(operation): [kind.described(region, record) for record in shown]}
    if len(found) > size:
        response["nextToken"] = token_for(operation.name, filters, found[size - 1].number)
    return response


def delete(region: Region, kind: Kind, request: Request) -> Response:
    """Start the deletion of a resource that is not in transition (docs/service/3 §3.5)."""
    record = region.find(kind.name, request[kind.arn_member])
    if record.transient or record.updating:
        raise in_use(f"Resource {record.arn} is in state {state_of(record)} and cannot be deleted.")
    kind.check_delete(region, record)
    begin_delete(region, record)
    return {}


def check_active(region: Region, operation: Operation, member: str, record: Record) -> None:
    """Refuse a request that refers to a resource, in `member`, that is not ACTIVE.

    CreateFilter declares no ResourceInUseException, so its error code is a setting (docs/service/4 §4.6).
    """
    if record.status == ACTIVE:
        return
    message = f"{member} {record.arn} is in state {record.status}; it must be ACTIVE."
    if "ResourceInUseException" in operation.errors:
        raise in_use(message)
    raise not_found(record.arn) if region.settings.filters_do_not_find_unready_groups else invalid(message)


def state_of(record: Record) -> str:
    """Return the status of a record for a message, with a running update."""
    return record.status if record.transient else f"{record.status} with an update in progress"


def summary(region: Region, kind: Kind, record: Record) -> Mapping[str, Any]:
    """Return a record as List shows it, for responses that contain a summary."""
    operation = operations()[f"List{kind.name}s"]
    page = operation.shapes[operation.output_members[_list_key(operation)]["shape"]]
    shaped: Mapping[str, Any] = to_shape(operation.shapes, page["member"]["shape"], kind.described(region, record))
    return shaped


def _check_quotas(region: Region, kind: Kind, request: Request) -> None:
    """Refuse a creation that exceeds a quota, in the two wordings of docs/service/4 §4.6."""
    for quota in kind.quotas:
        limit = region.settings.limit(quota)
        group = kind.group_of(region, request) if quota.scope is Scope.DATASET_GROUP else ""
        if region.count(kind.name, group) < limit:
            continue  # the usual case, without looking at the records
        counted = list(region.listed(kind.name, group))
        if quota.counted is Counted.PENDING:
            if sum(record.transient for record in counted) >= limit:
                raise limit_exceeded(f"More than {limit} resources with PENDING or IN_PROGRESS status.")
        elif sum(record.status != FAILED for record in counted) >= limit:
            raise limit_exceeded(f"More than {limit} resources with ACTIVE status. Please delete some and try again.")


def _references(region: Region, request: Request) -> dict[str, Record]:
    """Return the resources that a request refers to, by member.

    `<solution>/$LATEST` is not among them: the campaign resolves it (docs/service/4 §1.1).
    """
    found = {}
    for member, value in request.items():
        if member.endswith("Arn") and _kind_name(member) in KINDS and arns.last_segment(value) != arns.LATEST:
            found[member] = region.find(_kind_name(member), value)
    return found


def _kind_name(member: str) -> str:
    """Return the kind that an ARN member would have by convention: `solutionArn` is of Solution."""
    return member[0].upper() + member[1:-3]


def _list_key(operation: Operation) -> str:
    """Return the member of a List response that has the summaries."""
    return next(name for name in operation.output_members if name != "nextToken")
