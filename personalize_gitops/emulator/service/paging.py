"""Pages of a list: opaque tokens that remember which list they belong to and where it went on."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from personalize_gitops.emulator.errors import bad_token

DEFAULT_SIZE = 100


def token_for(operation: str, filters: Mapping[str, Any], after: int) -> str:
    """The token that continues this list after position `after`."""
    content = json.dumps([_list_digest(operation, filters), after])
    return urlsafe_b64encode(f"{_digest(content)}{content}".encode()).decode()


def position(operation: str, filters: Mapping[str, Any], token: str) -> int:
    """The position a token continues after; a token of another list, other filters, or no token at all is refused."""
    try:
        text = urlsafe_b64decode(token.encode()).decode()
        checked, content = text[:8], text[8:]
        digest, after = json.loads(content)
    except ValueError as error:
        raise bad_token() from error
    if checked != _digest(content) or digest != _list_digest(operation, filters):
        raise bad_token()
    return int(after)


def filters_of(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a list is narrowed to: everything in the request that is not about paging."""
    return {name: value for name, value in request.items() if name not in ("nextToken", "maxResults")}


def _list_digest(operation: str, filters: Mapping[str, Any]) -> str:
    return _digest(json.dumps([operation, dict(filters)], sort_keys=True))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
