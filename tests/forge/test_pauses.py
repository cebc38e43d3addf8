"""When a call is repeated."""

from __future__ import annotations

import pytest

from personalize_gitops.forge.http import Answer
from personalize_gitops.forge.pauses import ATTEMPTS, LONGEST_PAUSE, is_limited, is_transient, pause_after

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"retry-after": "7"}, 7.0),
        (403, {"retry-after": "7"}, 7.0),
        (503, {"retry-after": "7"}, 7.0),
        (429, {"retry-after": "Mon, 12 Jan 1970 13:46:50 GMT"}, 10.0),
        (429, {"retry-after": "Mon, 12 Jan 1970 13:46:30 GMT"}, 0.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000030"}, 30.0),
        (429, {"x-ratelimit-reset": "999000"}, 0.0),
        (429, {}, 60.0),
        (429, {"retry-after": "soon"}, 60.0),
        (429, {"retry-after": "-5"}, 60.0),
        (429, {"retry-after": "nan"}, 60.0),
        (502, {}, 4.0),
        (502, {"x-ratelimit-reset": "1000030"}, 4.0),
        (429, {"retry-after": "121"}, None),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1003600"}, None),
        (429, {"retry-after": "9" * 400}, None),
    ],
)
def test_the_pause_is_what_the_forge_asks_for(status: int, headers: dict[str, str], pause: float | None) -> None:
    """In seconds, as a date, or until the limit is reset; none if that is longer than the longest pause."""
    answer = Answer(status, headers, b"")

    assert is_transient(answer)
    assert pause_after(answer, 2, NOW) == pause
    assert pause is None or pause <= LONGEST_PAUSE


def test_pauses_grow_and_end() -> None:
    """Without an answer they double, and the last attempt has none."""
    pauses = [pause_after(None, attempt, NOW) for attempt in range(ATTEMPTS)]

    assert pauses == [1.0, 2.0, 4.0, 8.0, None]


def test_a_secondary_limit_is_known_by_its_message() -> None:
    """GitHub does not always send a header with it. Any other 403 is final."""
    limited = Answer(403, {}, b'{"message": "You have exceeded a secondary rate limit"}')
    forbidden = Answer(403, {"x-ratelimit-remaining": "4999"}, b'{"message": "Resource not accessible"}')

    assert (is_limited(limited), is_transient(limited)) == (True, True)
    assert (is_limited(forbidden), is_transient(forbidden)) == (False, False)
