"""Answer one request: JSON in, an HTTP response out.

operation → rate → faults before the call → validation → rates of the data plane → handler → faults after the call
→ shape of the response
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.emulator.errors import (
    Refusal,
    invalid,
    too_many_requests,
    unknown_operation,
    unsupported_operation,
)
from personalize_gitops.emulator.json_text import parsed
from personalize_gitops.emulator.service import rates
from personalize_gitops.emulator.service.kind import Handler
from personalize_gitops.emulator.service.model import CONTROL, Operation, error_statuses, operations
from personalize_gitops.emulator.service.shapes import to_shape
from personalize_gitops.emulator.service.validation import check_request
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.region import Region

# The errors common to all operations whose HTTP status is not 400 (docs/service/4 §4.6).
_COMMON = {"InternalFailure": 500, "ServiceUnavailable": 503, "InvalidClientTokenId": 403, "OptInRequired": 403}

Handlers = Mapping[str, Handler]  # by operation


@dataclass(frozen=True)
class HttpResponse:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: str


def changes_state(operation: str) -> bool:
    """Return whether an operation can change anything."""
    return not operation.startswith(("Describe", "List", "Get"))


def respond(handlers: Handlers, region: Region, name: str, body: bytes | str) -> HttpResponse:
    """Carry out the operation with this name and return its response; a Refusal becomes an error response."""
    operation = operations().get(name)
    try:
        if operation is None:
            raise unknown_operation(name)
        return _success(operation, _carry_out(handlers, region, operation, body))
    except Refusal as refusal:
        return error_response(operation, refusal)
    except RecursionError:  # of a text in the request, such as a policy or an expression
        return error_response(operation, invalid("The request is nested too deeply."))


def error_response(operation: Operation | None, refusal: Refusal) -> HttpResponse:
    """Return the response to a refused request.

    Its status is that of the refusal, of _COMMON, of the service model, or 400.
    """
    service = operation.service if operation else CONTROL
    status = refusal.status or _COMMON.get(refusal.code) or error_statuses().get((service, refusal.code), 400)
    headers = {"Content-Type": _content_type(service), "x-amzn-ErrorType": refusal.code}
    return HttpResponse(status, headers, json.dumps({"__type": refusal.code, "message": refusal.message}))


def _carry_out(handlers: Handlers, region: Region, operation: Operation, body: bytes | str) -> Mapping[str, Any]:
    if operation.service == CONTROL and not region.request_rate.admits(region.now):
        raise too_many_requests()
    other_call = region.faults.take(Deed.MEDDLE, operation.name)
    if other_call is not None:
        respond(handlers, region, other_call.operation, json.dumps(dict(other_call.request)))
    refused = region.faults.take(Deed.REFUSE, operation.name)
    if refused is not None:
        raise Refusal(refused.code, refused.message)
    request = _parsed(body)
    check_request(operation, request, region.settings.shape_error)
    if region.settings.rates_enforced and not rates.admits(region, operation, request):
        raise too_many_requests()
    handler = handlers.get(operation.name)
    if handler is None:
        raise unsupported_operation(operation.name)
    response = handler(region, {name: value for name, value in request.items() if value is not None})
    lost = region.faults.take(Deed.LOSE, operation.name)
    if lost is not None:
        raise Refusal(lost.code, lost.message)
    return response


def _parsed(body: bytes | str) -> Any:
    try:
        return parsed(body or "{}")
    except ValueError as error:
        raise invalid(f"The request is not JSON: {error}") from error


def _success(operation: Operation, response: Mapping[str, Any]) -> HttpResponse:
    content = to_shape(operation.shapes, operation.output, response) if operation.output else {}
    return HttpResponse(200, {"Content-Type": _content_type(operation.service)}, json.dumps(content))


def _content_type(service: str) -> str:
    return "application/x-amz-json-1.1" if service == CONTROL else "application/json"
