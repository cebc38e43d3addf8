"""A client that dies at one of its changing calls, as a killed process does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import boto3

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import opened
from personalize_gitops.model.ports import Clock

Moment = Literal["before", "after"]
"""Whether the process dies before the service gets the call, or after it has carried it out."""

READING = ("List", "Describe", "Get")


class Killed(BaseException):
    """The process is gone: nothing after the call happens."""


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1")


@contextmanager
def dying(clock: Clock, moment: Moment, *, at: int = 0, operation: str = "") -> Iterator[AwsCloud]:
    """Yield a connection that raises Killed at its changing call number `at`, or at that call of one operation."""
    event, made = {"before": "before-call", "after": "after-call"}[moment], 0

    def count(model: Any, **_: Any) -> None:
        nonlocal made
        if operation != model.name if operation else model.name.startswith(READING):
            return
        made += 1
        if made > at:
            raise Killed(f"{moment} {model.name}")

    _session().events.register(f"{event}.personalize", count)
    try:
        yield opened(_session(), clock)
    finally:
        _session().events.unregister(f"{event}.personalize", count)
