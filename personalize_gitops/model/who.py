"""Who changed an object: what is looked for in the trail of the account, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from personalize_gitops.model.reason import Reason


@dataclass(frozen=True)
class Sought:
    """The last write that can explain a finding."""

    operations: tuple[str, ...]
    arn: str | None  # of the object
    ending: str = ""  # of the ARN of an object that does not exist any more; "" if it is not known

    def is_in(self, event: WriteEvent) -> bool:
        """Return whether an event is about the object."""
        if self.arn:
            return self.arn in event.texts
        return bool(self.ending) and any(text.endswith(self.ending) for text in event.texts)


@dataclass(frozen=True)
class WriteEvent:
    """One successful write call, as the trail of the account has it."""

    name: str  # of the operation
    at: float  # epoch seconds
    actor: str  # the ARN of the caller, or the service that called
    texts: frozenset[str]  # the texts in its request and its answer


@dataclass(frozen=True)
class Who:
    """The actor, the time and the operation of the last write; the reason if they are unknown."""

    actor: str | None = None
    at: float | None = None  # epoch seconds
    event: str | None = None
    reason: Reason | None = None
