"""Ports: the protocols through which the engine has effects. Everything else it receives as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Protocol

from personalize_gitops.model.live import Live
from personalize_gitops.model.notice import Message
from personalize_gitops.model.preflight import Inspection
from personalize_gitops.model.recommendations import Answer
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.who import WriteEvent

Pool = Executor
"""Runs calls in parallel, or one after the other in simulated time."""


class Clock(Protocol):
    """The time, and waiting."""

    interrupted: bool

    def now(self) -> float:
        """Return epoch seconds."""

    def monotonic(self) -> float:
        """Return seconds that nobody can set back, for comparisons within this process."""

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`. Raises KeyboardInterrupt at once while the clock is interrupted."""

    def interrupt(self, *_: object) -> None:
        """Make every sleep raise KeyboardInterrupt until `resume`."""

    def resume(self) -> None:
        """Let sleeps last again."""


class Channel(Protocol):
    """Where notifications of a target go. Safe to use from a thread of its own."""

    @property
    def label(self) -> str:
        """The name of the channel in warnings; never its secret."""

    def send(self, message: Message) -> None:
        """Send a message. Raises an error if it is not accepted."""


class Runtime(Protocol):
    """The models of one account and region. Every method raises `CloudError` or a subclass if its call fails."""

    def ask(self, operation: str, request: Mapping[str, Any]) -> Answer:
        """Return the recommendations, ranking or actions for a request."""

    def metrics(self, live: Live) -> Mapping[str, float]:
        """Return the offline metrics of a solution version or recommender, by name; empty if there are none."""

    def tracking_id(self, tracker: Live) -> str:
        """Return the id that events are sent with to an event tracker."""

    def put_events(self, request: Mapping[str, Any]) -> None:
        """Record events. Raises Refused if the connection was not made for it."""


class Cloud(Protocol):
    """Amazon Personalize in one account and region. No call waits for an outcome; every call can be repeated.

    Every method raises `CloudError` or a subclass when the service or the network fails.
    """

    @property
    def account(self) -> str:
        """The account number, twelve digits."""

    @property
    def region(self) -> str:
        """The region."""

    @property
    def now(self) -> float:
        """The time of the service's last answer in epoch seconds; 0 before the first call."""

    @property
    def calls(self) -> Mapping[str, int]:
        """The number of calls of each operation so far, retries included."""

    @property
    def request_id(self) -> str:
        """The service's id of the last call by which this thread changed something; empty if its answer was lost."""

    @property
    def token(self) -> str:
        """A text that no other connection has."""

    @property
    def runtime(self) -> Runtime:
        """What asks the models of the account."""

    def put_parameter(self, name: str, value: str) -> None:
        """Write a parameter of Systems Manager, over an earlier value."""

    @property
    def inspection(self) -> Inspection:
        """What reads the roles, buckets and keys of the account."""

    def list(self, kind: type[Resource]) -> Sequence[Live]:
        """Return every object of a kind, all pages, with the members that the list has."""

    def describe(self, kind: type[Resource], arn: str) -> Live | None:
        """Return one object without its tags, or None if it does not exist."""

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of an object; none if it does not exist."""

    def tag_index(self) -> Mapping[str, Mapping[str, str]] | None:
        """Return the tags of all tagged objects by ARN, from an eventually consistent index; None without access."""

    def create(self, kind: type[Resource], name: str, attributes: Mapping[str, Any], tags: Mapping[str, str]) -> str:
        """Start to create an object and return its ARN. After a lost response it is found, not created twice.

        Raises EffectUnknown after a lost response if the kind's names may not be unique (`Run.announced_on`).
        """

    def find(
        self, kind: type[Resource], name: str, tags: Mapping[str, str], above: str = "", since: float = 0.0
    ) -> str | None:
        """Return the ARN of the object with a name and the address in `tags`; None if no list shows it.

        With `above`, only objects whose ARN is below that one count; with `since`, only those created since that time.
        """

    # Each method below checks before every attempt that the object is the one that `live` describes: same creation
    # time, same owner. An ARN is reusable by name. They raise Replaced if it is not.

    # The first three accept a refusal after an attempt without an answer: that may have taken effect, and reading the
    # object tells. Pass `again` if such an attempt was made before.

    def update(self, live: Live, attributes: Mapping[str, Any], *, again: bool = False) -> None:
        """Start to change members of an object in place."""

    def start(self, live: Live, *, again: bool = False) -> None:
        """Start a stopped object."""

    def stop(self, live: Live, *, again: bool = False) -> None:
        """Stop a running object."""

    def delete(self, live: Live) -> None:
        """Start to delete an object. No error if it does not exist or is being deleted.

        Raises Protected if it was protected since it was read.
        """

    def tag(self, live: Live, tags: Mapping[str, str]) -> None:
        """Set tags. Other tags stay."""

    def untag(self, live: Live, keys: Sequence[str]) -> None:
        """Remove tags by key. No error for a tag that does not exist."""

    def write_events(self, operation: str) -> Iterator[WriteEvent]:
        """Yield the successful calls of an operation from the trail of the account, the newest first, up to a limit."""

    def requests(self, campaigns: Sequence[str], since: float, until: float) -> Mapping[str, float]:
        """Return the number of requests between two times, in epoch seconds, by the ARN of each campaign."""

    def objects(self, location: str) -> str:
        """Return a digest of the names and contents of the S3 objects at a location; "" if there are none."""
