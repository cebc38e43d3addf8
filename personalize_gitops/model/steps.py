"""Steps: the calls that carry out a plan, each with the steps it needs first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.status import Condition


class Verb(StrEnum):
    """What a step does to its object."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    START = "start"
    STOP = "stop"
    CANCEL = "cancel"  # stop a run in progress that is deleted with another object
    TAG = "tag"  # only the tags change; done at once
    UNPROTECT = "unprotect"  # only the tag of the protection is removed; done at once
    FORGET = "forget"  # only our tags are removed; done at once
    WAIT = "wait"  # no call: a transition is in progress

    @property
    def transition(self) -> str:
        """The transition that a step of the verb usually waits for; see `Step.transition`."""
        return {Verb.WAIT: "create", Verb.CANCEL: "stop"}.get(self, self.value)


PROVIDES = frozenset(Verb) - {Verb.CANCEL, Verb.DELETE, Verb.UNPROTECT}
"""Verbs after which other resources can refer to the object."""


@dataclass(frozen=True, order=True, slots=True)
class StepId:
    """Identifies a step by its verb and object."""

    address: Address
    verb: Verb
    aws_name: str

    def __str__(self) -> str:
        return f"{self.verb} {self.address}"


@dataclass(frozen=True)
class Step:
    """One call and the wait for its outcome."""

    id: StepId
    kind: type[Resource]
    live: Live | None = None  # the object; None if it is yet to be created
    attributes: Mapping[str, Any] = field(default_factory=dict)  # references may be `Unknown`
    tags: Mapping[str, str] = field(default_factory=dict)  # to set
    untags: frozenset[str] = frozenset()  # keys of tags to remove
    contents: tuple[Live, ...] = ()  # what a deletion takes along
    bases: tuple[Live, ...] = ()  # what a new run refers to, of what existed when it was planned
    planned_at: float = 0.0  # when the service answered for the plan; epoch seconds
    needs: frozenset[StepId] = frozenset()
    measured: float = 0.0  # seconds that similar creations took in this account; 0 if there were none

    @property
    def transition(self) -> str:
        """The transition that the step waits for, as durations and limits name it."""
        if self.id.verb is Verb.WAIT and self.live and self.live.condition is Condition.DELETING:
            return Verb.DELETE.value
        return self.id.verb.transition

    @property
    def expected(self) -> float:
        """The expected duration in seconds: as measured in the account, else as usual; 0 if it is done at once."""
        return self.measured or self.usual

    @property
    def usual(self) -> float:
        """The usual duration in any account, in seconds; 0 if the step is done at once."""
        attributes = {**(self.live.attributes if self.live else {}), **self.attributes}
        return self.kind.usual(self.transition, attributes).total_seconds()
