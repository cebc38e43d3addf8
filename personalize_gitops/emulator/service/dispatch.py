"""One request in, one answer out: everything between the wire and a kind's own file.

refused by a fault? → known operation? → shapes → carried out → cut to the output's shape → lost by a fault?
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.emulator.errors import Refusal, invalid, not_offered, unknown_operation
from personalize_gitops.emulator.operations import OPERATIONS
from personalize_gitops.emulator.service.model import CONTROL, Operation, error_statuses, operations
from personalize_gitops.emulator.service.shapes import shaped
from personalize_gitops.emulator.service.validation import check_request
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.region import Region

# Of the errors any operation may answer, those that are not 400 (docs/service/4 §4.6).
_COMMON = {"InternalFailure": 500, "ServiceUnavailable": 503, "InvalidClientTokenId": 403, "OptInRequired": 403}


@dataclass(frozen=True)
class Response:
    """What goes back over the wire."""

    status: int
    headers: Mapping[str, str]
    body: str


def changes(name: str) -> bool:
    """Whether an operation may change anything."""
    return not name.startswith(("Describe", "List", "Get"))


def respond(region: Region, name: str, body: bytes | str) -> Response:
    """Carry out the operation of this name; every error becomes an answer a JSON client can read."""
    operation = operations().get(name)
    try:
        if operation is None:
            raise unknown_operation(name)
        return _success(operation, _carry_out(region, operation, body))
    except Refusal as refusal:
        return refused(operation, refusal)


def refused(operation: Operation | None, refusal: Refusal) -> Response:
    """The answer to a refused request: status by the model, by the refusal, or 400 (docs/service/4 §4.6)."""
    service = operation.service if operation else CONTROL
    status = refusal.status or _COMMON.get(refusal.code) or error_statuses().get((service, refusal.code), 400)
    headers = {"Content-Type": _content_type(service), "x-amzn-ErrorType": refusal.code}
    return Response(status, headers, json.dumps({"__type": refusal.code, "message": refusal.message}))


def _carry_out(region: Region, operation: Operation, body: bytes | str) -> Mapping[str, Any]:
    meddling = region.faults.take(Deed.MEDDLE, operation.name)
    if meddling is not None:
        respond(region, meddling.operation, json.dumps(dict(meddling.request)))
    rule = region.faults.take(Deed.REFUSE, operation.name)
    if rule is not None:
        raise Refusal(rule.code, rule.message)
    request = _parsed(body)
    check_request(operation, request, region.settings.shape_error)
    carry = OPERATIONS.get(operation.name)
    if carry is None:
        raise not_offered(operation.name)
    answer = carry(region, {name: value for name, value in request.items() if value is not None})
    lost = region.faults.take(Deed.LOSE, operation.name)
    if lost is not None:
        raise Refusal(lost.code, lost.message)
    return answer


def _parsed(body: bytes | str) -> Any:
    try:
        return json.loads(body or "{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise invalid(f"The request is not JSON: {error}") from error


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _success(operation: Operation, answer: Mapping[str, Any]) -> Response:
    content = shaped(operation.shapes, operation.output, answer) if operation.output else {}
    return Response(200, {"Content-Type": _content_type(operation.service)}, json.dumps(content))


def _content_type(service: str) -> str:
    return "application/x-amz-json-1.1" if service == CONTROL else "application/json"
