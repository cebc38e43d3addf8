"""Clients that are made when they are first used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

from personalize_gitops.aws.late import LateClient
from tests.support.world import World


def test_a_client_is_made_once_when_it_is_used(world: World) -> None:
    """Nothing is made before the first call, and calls of several threads share one client."""
    made: list[Any] = []

    def make() -> Any:
        made.append(boto3.client("s3", region_name="us-east-1"))
        return made[-1]

    client = LateClient(make)
    before = len(made)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: client.list_buckets()["Buckets"], range(8)))

    assert (before, len(made), found) == (0, 1, [[]] * 8)
