"""The tokens that continue a list. A token is valid only for the operation and the filters it was made for."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from personalize_gitops.emulator.errors import bad_token
from personalize_gitops.emulator.json_text import parsed

DEFAULT_SIZE = 100


def token_for(operation: str, filters: Mapping[str, Any], after: int) -> str:
    """Return the token that continues a list after position `after`."""
    content = json.dumps([_list_digest(operation, filters), after])
    return urlsafe_b64encode(f"{_digest(content)}{content}".encode()).decode()


def position(operation: str, filters: Mapping[str, Any], token: str) -> int:
    """Return the position of a token. Refuse a token that is malformed or belongs to another list."""
    try:
        text = urlsafe_b64decode(token.encode()).decode()
        checksum, content = text[:8], text[8:]
        digest, after = parsed(content)
    except ValueError as error:
        raise bad_token() from error
    if checksum != _digest(content) or digest != _list_digest(operation, filters):
        raise bad_token()
    return int(after)


def filters_of(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members of a list request that are not about paging."""
    return {name: value for name, value in request.items() if name not in ("nextToken", "maxResults")}


def slice_page(
    operation: str,
    request: Mapping[str, Any],
    key: str,
    entries: list[Mapping[str, Any]],
    *,
    ends_empty: bool = False,
) -> dict[str, Any]:
    """Return the response with one page of `entries` under `key`, for lists that are in memory as a whole.

    If a list `ends_empty`, its last page has no entries.
    """
    size, filters = request.get("maxResults") or DEFAULT_SIZE, filters_of(request)
    start = position(operation, filters, request["nextToken"]) if "nextToken" in request else 0
    response: dict[str, Any] = {key: entries[start : start + size]}
    if start + size < len(entries) or (ends_empty and start < len(entries)):
        response["nextToken"] = token_for(operation, filters, start + size)
    return response


def _list_digest(operation: str, filters: Mapping[str, Any]) -> str:
    return _digest(json.dumps([operation, dict(filters)], sort_keys=True))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
