"""The only retry layer. It limits attempts, and pauses on the Clock."""

from __future__ import annotations

from collections.abc import Iterator

from tenacity import AttemptManager, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from personalize_gitops.aws.errors import Transient
from personalize_gitops.model.ports import Clock

ATTEMPTS = 8


def attempts(clock: Clock) -> Iterator[AttemptManager]:
    """Yield the attempts at a call: another after throttling, a service error or a broken connection."""
    return iter(
        Retrying(
            sleep=clock.sleep,
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.5, max=20),
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )
    )
