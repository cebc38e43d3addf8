"""What the engine needs of the world: a cloud and a clock. Everything else it is given as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import Resource


class Clock(Protocol):
    """Time is something the engine is given."""

    def now(self) -> float:
        """Epoch seconds."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class Cloud(Protocol):
    """Amazon Personalize in one account and region. No call waits for an outcome; every call may be repeated.

    All of them raise `CloudError` and its kin.
    """

    @property
    def account(self) -> str:
        """The twelve digits of the account."""

    @property
    def region(self) -> str:
        """The region."""

    @property
    def now(self) -> float:
        """What the account's own clock said last, in epoch seconds; 0 before it was asked anything."""

    @property
    def calls(self) -> Mapping[str, int]:
        """How many calls of each operation there were so far, repeated ones included."""

    def list(self, kind: type[Resource]) -> Sequence[Live]:
        """Every object of a kind, every page, as far as its list tells."""

    def describe(self, kind: type[Resource], arn: str) -> Live | None:
        """One object without its tags, or None when it is gone."""

    def tags(self, arn: str) -> Mapping[str, str]:
        """The tags of an object; none when it is gone."""

    def tag_index(self) -> Mapping[str, Mapping[str, str]] | None:
        """The tags of all objects that have some, by ARN, from an index that lags; None when it may not be asked."""

    def create(self, kind: type[Resource], name: str, attributes: Mapping[str, Any], tags: Mapping[str, str]) -> str:
        """Begin to create an object; its ARN. An earlier attempt whose answer was lost is found, not repeated."""

    def update(self, live: Live, attributes: Mapping[str, Any]) -> None:
        """Begin to change members of an object in place."""

    def start(self, live: Live) -> None:
        """Begin to start an object that is stopped."""

    def stop(self, live: Live) -> None:
        """Begin to stop an object that runs."""

    def delete(self, kind: type[Resource], arn: str) -> None:
        """Begin to delete an object. One that is gone, or going, is no error."""

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Set tags; others stay."""

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        """Remove tags by key. One that is gone is no error."""

    def objects(self, location: str) -> str:
        """A digest of the names and contents of the S3 objects at a location; empty where there are none."""
