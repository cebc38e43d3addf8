"""When a call is repeated: after errors of the server, and when the limit of requests allows. Pure."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personalize_gitops.forge.http import Answer

ATTEMPTS = 5
LONGEST_PAUSE = 120.0  # seconds; who has to wait longer should know, not hang
_UNKNOWN_PAUSE = 60.0  # GitHub asks for a minute if it does not say how long
_SERVER_ERRORS = frozenset({408, 500, 502, 503, 504})


def is_limited(answer: Answer) -> bool:
    """Return whether the limit of requests was reached, so that the call has not taken effect."""
    if answer.status == 429:
        return True
    return answer.status == 403 and (
        "retry-after" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or b"secondary rate limit" in answer.data
    )


def pause_after(answer: Answer | None, attempt: int, now: float) -> float | None:
    """Return the seconds before the next attempt at a call without a final answer; `attempt` is 0 for the first.

    None if there is no next one: after the last, or if the forge asks for a longer pause than the longest. `now` is in
    epoch seconds.
    """
    if attempt + 1 >= ATTEMPTS:
        return None
    pause = asked_pause(answer, now) if answer else None
    if pause is None:
        pause = _UNKNOWN_PAUSE if answer and is_limited(answer) else float(2**attempt)
    return pause if pause <= LONGEST_PAUSE else None


def is_transient(answer: Answer) -> bool:
    """Return whether the same call may succeed later."""
    return answer.status in _SERVER_ERRORS or is_limited(answer)


def asked_pause(answer: Answer, now: float) -> float | None:
    """Return how long the forge asks to wait, in seconds: in `Retry-After`, or until the limit is reset."""
    after = answer.headers.get("retry-after", "").strip()
    if after.isascii() and after.isdigit():
        return float(after[:12])
    try:
        until = parsedate_to_datetime(after)
        return max(0.0, until.replace(tzinfo=until.tzinfo or UTC).timestamp() - now)
    except (ValueError, OverflowError):
        pass
    reset = answer.headers.get("x-ratelimit-reset", "")
    if is_limited(answer) and reset.isascii() and reset.isdigit():
        return max(0.0, float(reset[:12]) - now)
    return None
