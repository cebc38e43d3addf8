"""Whether a caller may make a request (docs/service/3 §11.3 and §11.5). Checked only if `Settings.callers_enforced`.

The policies of the caller's role or user decide. Credentials that belong to neither are those of an administrator, so
that an account can be set up.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.policies import SERVICE, Question, Statement, allowed
from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.state.arns import partition_of
from personalize_gitops.emulator.state.region import Region

_ON_ANYTHING = ("PutEvents", "PutActionInteractions")
_ABOVE = ("datasetGroupArn", "datasetArn", "solutionVersionArn")
"""What a creation is also on, the first of these that the request has; Resource of the new object itself aside."""

_ONLY_NEW = ("CreateBatchSegmentJob", "CreateSchema", "CreateDatasetGroup")
_OF_ROLE = (("roleArn",), ("metricsOutputConfig", "roleArn"))


def check_caller(region: Region, operation: str, body: bytes | str, caller: str, policies: list[Statement]) -> None:
    """Refuse a request that the policies of its caller do not allow."""
    for question in questions(region, operation, _request(body)):
        if not allowed(policies, question):
            raise denied(caller, question)


def denied(caller: str, question: Question) -> Refusal:
    """Return the refusal of an action, in the words of the service (docs/service/3 §9)."""
    what = f"{question.action} on resource: {question.resource}"
    return Refusal("AccessDeniedException", f"User: {caller} is not authorized to perform: {what}", 403)


def questions(region: Region, operation: str, request: Mapping[str, Any]) -> Iterator[Question]:
    """Yield every action on every resource that a request is about."""
    action = f"personalize:{operation}"
    for resource in _resources(region, operation, request):
        yield Question(action, resource)
    for path in _OF_ROLE:
        if isinstance(role := _at(request, path), str):
            yield Question("iam:PassRole", role, context={"iam:passedtoservice": SERVICE})


def _resources(region: Region, operation: str, request: Mapping[str, Any]) -> Iterator[str]:
    if operation in _ON_ANYTHING or (operation.startswith("List") and operation != "ListTagsForResource"):
        yield "*"
        return
    above = next((_solution(str(request[member])) for member in _ABOVE if member in request), None)
    kind = operation.removeprefix("Create")
    if operation == "CreateSolutionVersion":
        yield str(request.get("solutionArn"))
    elif kind != operation:
        word = re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
        name = request.get("name", request.get("jobName", ""))
        yield f"arn:{partition_of(region.name)}:personalize:{region.name}:{region.account}:{word}/{name}"
        if above and operation not in _ONLY_NEW:
            yield above
    else:
        yield _named(operation, request)


def _solution(arn: str) -> str:
    """Return the solution of a version's ARN, any other ARN as it is."""
    return arn.rpartition("/")[0] if ":solution/" in arn else arn


def _named(operation: str, request: Mapping[str, Any]) -> str:
    """Return the resource that a request names: that of the operation's kind, or its only one."""
    kind = re.sub(r"^[A-Z][a-z]+", "", operation)
    own = f"{kind[:1].lower()}{kind[1:]}Arn"
    arns = [str(value) for member, value in request.items() if member.endswith("Arn")]
    return str(request.get(own) or next(iter(arns), "*"))


def _at(request: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = request
    for member in path:
        found = found.get(member) if isinstance(found, Mapping) else None
    return found


def _request(body: bytes | str) -> Mapping[str, Any]:
    """Return the request; one that is not an object is refused later, for what it is."""
    try:
        found = json.loads(body or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
