"""Steps that create objects, made without a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from personalize_gitops.engine.apply.flight import Flight
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.world import START


def creation(address: str, attributes: Mapping[str, Any] | None = None, *needs: Step, **fields: Any) -> Step:
    """Return the step that creates an object of the project `shop`."""
    at = Address.parse(address)
    kind = KINDS[at.kind_name]
    tags = {PROJECT: "shop/local", ADDRESS: address} if kind.taggable else {}
    needed = frozenset(need.id for need in needs)
    return Step(
        StepId(at, Verb.CREATE, at.name), kind, attributes=dict(attributes or {}), tags=tags, needs=needed, **fields
    )


def about(live: Live, verb: Verb, **fields: Any) -> Step:
    """Return a step about an object that exists."""
    return Step(StepId(live.known_as, verb, live.name), live.kind, live, **fields)


def flight_of(step: Step, **fields: Any) -> Flight:
    """Return the flight of a step that became ready at START."""
    return Flight(step, **{"since": START, "due": START, "limit": 3600.0, **fields})


def imports(dataset: str, count: int) -> list[Step]:
    """Return steps that import the data of the shop so many times."""
    source = {"dataLocation": "s3://shop/interactions.csv"}
    attributes = {"dataset": dataset, "dataSource": source, "roleArn": "arn:aws:iam::123456789012:role/data"}
    return [creation(f"DatasetImportJob/i{number:02}", attributes) for number in range(count)]


def trainings(solution: str, count: int, prefix: str = "") -> list[Step]:
    """Return steps that train a solution so many times."""
    return [creation(f"SolutionVersion/{prefix}v{number:02}", {"solution": solution}) for number in range(count)]
