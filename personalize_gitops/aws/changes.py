"""Calls that change an object: before each attempt, look whether it is still the one that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import local
from typing import Any, Protocol, TypeVar

from personalize_gitops.aws.answers import Answer, request_id, seconds, tags_of
from personalize_gitops.aws.errors import Transient
from personalize_gitops.aws.retry import attempts
from personalize_gitops.errors import (
    AlreadyExists,
    Busy,
    CredentialsExpired,
    InvalidRequest,
    NotFound,
    Protected,
    Replaced,
)
from personalize_gitops.model.live import Live
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.tags import PROJECT, PROTECT

T = TypeVar("T")

_REFUSALS = (AlreadyExists, Busy, InvalidRequest, NotFound)


class Once(Protocol):
    """One attempt at a call: the operation, the request, and what is read in the answer."""

    def __call__(self, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T], /) -> T:
        """Return what was read."""


class Changes:
    """The changing calls of one connection. Safe to use from several threads."""

    def __init__(self, once: Once, clock: Clock) -> None:
        self._once, self.clock = once, clock
        self._last = local()  # the request id of the last change, by thread

    @property
    def request_id(self) -> str:
        """The service's id of the last call by which this thread changed something; empty if its answer was lost."""
        return getattr(self._last, "request_id", "")

    def begin(self) -> None:
        """Forget the id of the last call: another one begins."""
        self._last.request_id = ""

    def once(self, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T]) -> T:
        """Make one attempt at a call that changes something, and keep the id of its request."""

        def noted(answer: Answer) -> T:
            found, self._last.request_id = read(answer), request_id(answer)
            return found

        return self._once(operation, request, noted)

    def move(self, live: Live, verb: str, request: Mapping[str, Any], *, again: bool) -> None:
        """Make a call after which an object is in transition; pass `again` if an attempt before had no answer.

        Such an attempt may have begun the transition that refuses the next one: that is no error then, and reading the
        object tells.
        """
        self._send(live, live.kind.operation(verb), {f"{live.kind.member()}Arn": live.arn, **request}, again, _REFUSALS)

    def change(self, live: Live, operation: str, request: Mapping[str, Any]) -> None:
        """Make any other call that changes an object. Raises Protected for a deletion that its tags forbid."""
        self._send(live, operation, request)

    def _send(
        self,
        live: Live,
        operation: str,
        request: Mapping[str, Any],
        effect_unknown: bool = False,
        excused: tuple[type[Exception], ...] = (),
    ) -> None:
        """Make a call. Raises Replaced if the object is not the one that `live` describes.

        If no attempt is answered, the error says whether one may have taken effect: reading the object had none.
        """
        self.begin()
        for attempt in attempts(self.clock):
            with attempt:
                try:
                    self._check(live, is_deletion=operation == live.kind.operation("Delete"))
                except (Transient, CredentialsExpired) as error:
                    error.effect_unknown = effect_unknown
                    raise
                try:
                    self.once(operation, request, lambda _: None)
                except (Transient, CredentialsExpired) as error:
                    effect_unknown = error.effect_unknown = effect_unknown or error.effect_unknown
                    raise
                except excused:
                    if not effect_unknown:
                        raise

    def _check(self, live: Live, *, is_deletion: bool) -> None:
        """Raise Replaced unless creation time and owner of an object are those of `live`, NotFound if there is none.

        An object that this process has just created has no known creation time: only its owner is compared. Raises
        Protected if it is to be deleted and was protected since.
        """
        member = live.kind.member()
        created = self._once(
            live.kind.operation("Describe"),
            {f"{member}Arn": live.arn},
            lambda answer: seconds(answer[member].get("creationDateTime")),
        )
        if live.created and created != live.created:
            raise Replaced(f"{live.name} was created again at {created:.0f}, not at {live.created:.0f}")
        if not live.kind.taggable:
            return
        tags = self._once("ListTagsForResource", {"resourceArn": live.arn}, tags_of)
        owner = tags.get(PROJECT)
        if owner != live.owner:
            raise Replaced(f"{live.name} is owned by {owner or 'no project'}, not by {live.owner or 'no project'}")
        if is_deletion and PROTECT in tags and not live.is_protected:
            raise Protected(f"{live.name} was protected since the plan; the call was not sent")
