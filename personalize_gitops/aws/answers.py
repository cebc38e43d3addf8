"""Read answers of the service. For one that makes no sense, LookupError, TypeError or ValueError is raised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.resource import Resource, Run
from personalize_gitops.model.secrets import Secrets
from personalize_gitops.model.wire import from_wire

Answer = Mapping[str, Any]


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "structure": Mapping,
    "map": Mapping,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": datetime,
}
"""The types of values in answers, by the type of their shape in botocore's model of the service."""


_CHANGED = frozenset({"policyDocumentType", "BucketLocationConstraint"})
"""Shapes whose values botocore itself changes: it decodes a policy, and has None for a bucket in the first region."""


def checked(shape: Any, value: Any) -> Any:
    """Return a value if its members have the types of a shape, at any depth. botocore takes what comes."""
    fits = isinstance(value, _TYPES.get(shape.type_name, object)) or shape.name in _CHANGED
    if not fits:
        raise TypeError(f"{shape.name} is a {type(value).__name__}")
    match shape.type_name:
        case "structure":
            for member in shape.members.keys() & value.keys():
                checked(shape.members[member], value[member])
        case "list":
            for entry in value:
                checked(shape.member, entry)
        case "map":
            for entry in value.values():
                checked(shape.value, entry)
    return value


def live_of(kind: type[Resource], answer: Answer, secrets: Secrets) -> Live:
    """Return the object of a Describe answer or a list entry, its failure reasons without secrets."""
    update = answer.get(f"latest{kind.kind_name()}Update")
    return Live(
        kind=kind,
        arn=text(answer, f"{kind.member()}Arn"),
        name=optional_text(answer, kind.name_member) or "",
        status=optional_text(answer, "status"),
        attributes=from_wire(kind, answer),
        created=seconds(answer.get("creationDateTime")),
        updated=seconds(answer.get("lastUpdatedDateTime")),
        failure=secrets.masked(optional_text(answer, "failureReason") or ""),
        update=_update(kind, update, secrets) if update else None,
        service_made=issubclass(kind, Run) and kind.is_service_run(answer),
    )


def _update(kind: type[Resource], update: Answer, secrets: Secrets) -> LiveUpdate:
    """Return the update in the `latest…Update` record of an answer."""
    return LiveUpdate(
        status=optional_text(update, "status") or "",
        attributes=kind.read_update(update),
        failure=secrets.masked(optional_text(update, "failureReason") or ""),
        updated=seconds(update.get("lastUpdatedDateTime")),
    )


def tags_of(answer: Answer) -> dict[str, str]:
    """Return the tags in an answer of ListTagsForResource."""
    return {text(tag, "tagKey"): text(tag, "tagValue") for tag in answer["tags"]}


def text(answer: Answer, member: str) -> str:
    """Return a member that is a text."""
    found = answer[member]
    if not isinstance(found, str):
        raise TypeError(f"{member} is a {type(found).__name__}")
    return found


def optional_text(answer: Answer, member: str) -> str | None:
    """Return a member that is a text, or None if the answer does not have it."""
    return None if answer.get(member) is None else text(answer, member)


def next_page(token: str | None, current: str | None) -> str | None:
    """Return the token of the next page; None or "" after the last one. That of the current page makes no sense."""
    if token and token == current:
        raise ValueError("the next page is the same page")
    return token


def request_id(answer: Answer) -> str:
    """Return the id of the request, which every answer of AWS has."""
    return text(answer["ResponseMetadata"], "RequestId")


def seconds(moment: Any) -> float:
    """Return a time as epoch seconds; 0 for none."""
    return float(moment.timestamp()) if moment else 0.0
