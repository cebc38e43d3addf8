"""`python -m tests.bench.bare URL CALLS`: make a number of calls of each operation through boto3, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config

THREADS = 32


def make(url: str, calls: Mapping[str, int]) -> int:
    """Make the calls, lists before the descriptions of what they found. Returns the number of calls."""
    config = Config(max_pool_connections=THREADS)
    session = boto3.Session(region_name="us-east-1")
    personalize: Any = session.client("personalize", endpoint_url=url, config=config)
    tagging: Any = session.client("resourcegroupstaggingapi", endpoint_url=url, config=config)
    session.client("sts", endpoint_url=url).get_caller_identity()

    def listed(operation: str) -> list[tuple[str, str]]:
        request: dict[str, Any] = {"maxResults": 100}
        found = []
        for _ in range(calls[operation]):
            answer = getattr(personalize, xform_name(operation))(**request)
            entries = next(value for value in answer.values() if isinstance(value, list))
            kind = operation.removeprefix("List").removesuffix("s")
            found += [(kind, entry[f"{kind[0].lower()}{kind[1:]}Arn"]) for entry in entries]
            request["nextToken"] = answer.get("nextToken", "")
        return found

    def describe(found: tuple[str, str]) -> None:
        kind, arn = found
        getattr(personalize, xform_name(f"Describe{kind}"))(**{f"{kind[0].lower()}{kind[1:]}Arn": arn})

    with ThreadPoolExecutor(THREADS) as pool:
        objects = [
            one for page in pool.map(listed, [name for name in calls if name.startswith("List")]) for one in page
        ]
        token = ""
        for _ in range(calls.get("GetResources", 0)):
            limits = {"ResourceTypeFilters": ["personalize"], "ResourcesPerPage": 100}
            token = tagging.get_resources(**limits, PaginationToken=token).get("PaginationToken", "")
        kinds = {kind for kind, _ in objects}
        ahead = [
            one
            for kind in kinds
            for one in [found for found in objects if found[0] == kind][: calls.get(f"Describe{kind}", 0)]
        ]
        list(pool.map(describe, ahead))
    return sum(calls.values())


if __name__ == "__main__":
    sys.stdout.write(f"{make(sys.argv[1], json.loads(sys.argv[2]))} calls\n")
