"""The only retry layer. It limits attempts, and pauses on the Clock."""

from __future__ import annotations

from collections.abc import Iterator

from tenacity import AttemptManager, RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from personalize_gitops.aws.errors import Throttled, Transient
from personalize_gitops.model.ports import Clock

ATTEMPTS = 8
THROTTLED_ATTEMPTS = 16
"""Attempts at a call that was throttled last: it had no effect, and others may be the reason."""


def attempts(clock: Clock) -> Iterator[AttemptManager]:
    """Yield the attempts at a call: another after throttling, a service error or a broken connection."""
    return iter(
        Retrying(
            sleep=clock.sleep,
            stop=_is_last,
            wait=wait_random_exponential(multiplier=0.5, max=20),
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )
    )


def _is_last(state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return state.attempt_number >= (THROTTLED_ATTEMPTS if isinstance(error, Throttled) else ATTEMPTS)
