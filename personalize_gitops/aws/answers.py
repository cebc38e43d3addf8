"""Read answers of the service. For one that makes no sense, LookupError, TypeError or ValueError is raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.resource import Resource, Run
from personalize_gitops.model.secrets import Secrets
from personalize_gitops.model.wire import from_wire

Answer = Mapping[str, Any]


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


def seconds(moment: Any) -> float:
    """Return a time as epoch seconds; 0 for none."""
    return float(moment.timestamp()) if moment else 0.0
