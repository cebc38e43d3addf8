"""Steps: the calls a plan comes down to, each with what it needs first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import Resource


class Verb(StrEnum):
    """What a step does to its object."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    START = "start"
    STOP = "stop"
    TAG = "tag"  # only the tags change; done at once
    FORGET = "forget"  # our tags go, and nothing else; done at once
    WAIT = "wait"  # nothing to start: it is under way


@dataclass(frozen=True, order=True, slots=True)
class StepId:
    """A step by what it does to which object."""

    address: Address
    verb: Verb
    aws_name: str

    def __str__(self) -> str:
        return f"{self.verb} {self.address}"


@dataclass(frozen=True)
class Step:
    """One call and the wait for what it starts."""

    id: StepId
    kind: type[Resource]
    live: Live | None = None  # the object; absent for one to be created
    attributes: Mapping[str, Any] = field(default_factory=dict)  # may hold Unknown references
    tags: Mapping[str, str] = field(default_factory=dict)  # to be set
    untags: frozenset[str] = frozenset()  # keys of tags to be removed
    needs: frozenset[StepId] = frozenset()

    @property
    def takes(self) -> float:
        """How long it usually takes, in seconds."""
        word = "create" if self.id.verb is Verb.WAIT else self.id.verb.value
        usual = self.kind.takes.get(word)
        return usual.total_seconds() if usual else 0.0
