"""Emulator: emulated accounts in all regions, and the methods of a test or a server."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.operations import handlers
from personalize_gitops.emulator.service import callers, dispatch, lifecycle, tags
from personalize_gitops.emulator.service.model import CONTROL, operations
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state import identities
from personalize_gitops.emulator.state.accounts import Accounts
from personalize_gitops.emulator.state.objects import Bucket, content_of
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.emulator.state.storage import Storage

if TYPE_CHECKING:
    from personalize_gitops.emulator.host.server import Server


TIME_HEADER = "x-emulated-date"
"""The header with the time of the emulator. `Date` is the real time: some SDKs take any other for a wrong clock."""


class Emulator:
    """Emulated accounts in all regions. The credentials of a request decide its account.

    `now` returns epoch seconds; the emulator has no other clock. `account` is that of unknown credentials, such as
    made-up ones; other accounts are reached by assuming one of their roles. `durations` overrides how long transitions
    take, by kind and transition. Every other field of `Settings` can be given by name.
    """

    def __init__(
        self,
        now: Callable[[], float],
        *,
        account: str = "123456789012",
        durations: Mapping[tuple[str, Transition], timedelta] | None = None,
        **settings: Any,
    ) -> None:
        self.settings = Settings(account=account, durations=durations or {}, **settings)
        self.changes = 0  # grows with every change, to detect that a saved state is out of date
        self._saved_changes = 0  # of them, those in the directory of `keeping`
        self._kept: Path | None = None  # the directory of `keeping`
        self.answered: Counter[str] = Counter()  # requests by operation; GetResources is of the tagging API
        self._accounts = Accounts(self.settings)
        self.faults = self._accounts.faults
        self.objects = self._accounts.objects
        self.identities = self._accounts.identities
        self.regions = self._accounts.regions
        self._storage = Storage(self._accounts)
        self._now = now
        self._lock = RLock()

    @contextmanager
    def started(self) -> Iterator["Emulator"]:
        """Connect the AWS clients of this process to the emulator; moto gives them made-up credentials."""
        from personalize_gitops.emulator.host.moto_backend import connected, register

        register()
        from moto import mock_aws

        with mock_aws(), connected(self):
            yield self

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 5555,
        *,
        advance: Callable[[float], None] | None = None,
        log: Path | None = None,
        speed: float | None = None,
    ) -> "Server":
        """Start an HTTP server; port 0 picks a free port. Inside of `keeping`, a change is saved before it is answered.

        `advance` moves the clock behind `now` forward by seconds, for clients that ask for it. `log` is a file that
        gets a line for each request; UnwritableLog if it cannot be written. `speed`, the emulated seconds for each real
        second, is only shown.
        """
        from personalize_gitops.emulator.host.server import Server

        return Server(self, host, port, advance, log, speed)

    def put_bucket(self, name: str, source: Path | Mapping[str, bytes | str] | None = None) -> None:
        """Create or replace a bucket with the files of a directory, except hidden ones, or with the given contents."""
        with self._lock:
            content = content_of(source)
            dates = dict.fromkeys(content, self._now())
            self.objects.put_bucket(name, Bucket(self.settings.account, content, dates=dates))
            self.changes += 1

    def load(self, directory: Path) -> None:
        """Replace the state by a saved one; if nothing was saved in the directory, do nothing. UnusableState."""
        with self._lock:
            self._storage.load(directory)

    def save(self, directory: Path) -> None:
        """Save the state.

        StateInUse if another process owns the directory or has saved there since it was loaded. UnwritableState if
        the directory cannot be written.
        """
        with self._lock:
            self._storage.save(directory)

    @contextmanager
    def keeping(self, directory: Path) -> Iterator[None]:
        """Load a saved state, and save it at the end of the with block. Nobody else can save there meanwhile.

        StateInUse if another process owns the directory, UnwritableState if it cannot be written. Others can load the
        state as it was saved last. `save_changes` saves it inside of the block.
        """
        with self._storage.owned(directory):
            self.load(directory)
            self._kept, self._saved_changes = directory, self.changes
            try:
                yield
            finally:
                self._kept = None
                self.save(directory)  # in any case: changes in moto by clients of this process are not counted

    def save_changes(self) -> None:
        """Save what has changed since the last save in the directory of `keeping`; outside of its block, do nothing.

        UnwritableState if it cannot be saved; StateInUse if another process has changed the directory in spite of the
        lock. The changes then remain in memory, and the next call tries again.
        """
        with self._lock:
            if self._kept is not None and self.unsaved:
                self._storage.save(self._kept)
                self._saved_changes = self.changes

    @property
    def unsaved(self) -> bool:
        """Whether there are changes that the directory of `keeping` does not have."""
        return self._kept is not None and self.changes != self._saved_changes

    def changed(self) -> None:
        """Note a change that was made from outside, such as one of an object in S3."""
        with self._lock:
            self.changes += 1

    def reset(self) -> None:
        """Remove resources, faults, buckets and roles; the settings remain."""
        from personalize_gitops.emulator.host.moto_backend import reset_moto

        with self._lock:
            self._accounts.clear()
            reset_moto(self)
            self.changes += 1

    @property
    def lived_until(self) -> float:
        """The latest time of any region, in epoch seconds; 0 before the first request.

        A clock for a loaded state must start no earlier, because the time of a region never goes back.
        """
        with self._lock:
            return max((region.now for region in self.regions.values()), default=0.0)

    def now(self) -> float:
        """Return the time of its clock, in epoch seconds."""
        return self._now()

    def next_event_at(self) -> float | None:
        """Return when the next event is due, in epoch seconds; None if there are no events."""
        with self._lock:
            self.catch_up()
            due = [region.events.next_due() for region in self.regions.values()]
            return min((moment for moment in due if moment is not None), default=None)

    def tagged(self, region: str, account: str | None = None) -> list[tuple[str, Mapping[str, str]]]:
        """Return the ARNs and tags of the resources that have, or once had, tags. Refusal if a fault refuses it."""
        with self._lock:
            self.answered[tags.INDEX] += 1
            self.catch_up()
            return list(tags.indexed(self.region(region, account)))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return the number of resources by account and region."""
        with self._lock:
            self.catch_up()
            counts: dict[str, dict[str, int]] = {}
            for (account, name), region in self.regions.items():
                counts.setdefault(account, {})[name] = region.size
            return counts

    def respond(
        self, region: str, operation: str, body: bytes | str, account: str | None = None, access_key: str = ""
    ) -> dispatch.HttpResponse:
        """Answer one request, after all events that are due. Requests of other threads wait."""
        with self._lock:
            self.answered[operation] += 1
            found = self.region(region, account)
            self.catch_up()
            if dispatch.changes_state(operation):
                self.changes += 1
            response = self._refused(found, operation, body, access_key) or dispatch.respond(
                handlers(), found, operation, body
            )
            self._note(found, operation, body, response, access_key)
            of_every_answer = {TIME_HEADER: formatdate(self._now(), usegmt=True), "x-amzn-RequestId": str(uuid4())}
            return replace(response, headers={**response.headers, **of_every_answer})

    def _refused(
        self, region: Region, operation: str, body: bytes | str, access_key: str
    ) -> dispatch.HttpResponse | None:
        """Return the response to a request that its caller may not make; None if it may be made."""
        caller = self.caller(access_key, region.account)
        try:
            if caller is not None:
                callers.check_caller(region, operation, body, caller.arn, caller.statements)
        except Refusal as refusal:
            return dispatch.error_response(operations().get(operation), refusal)
        return None

    def caller(self, access_key: str, account: str) -> identities.Caller | None:
        """Return the role or user with an access key, if callers are checked; None for an administrator."""
        return self.identities.caller(access_key, account) if self.settings.callers_enforced else None

    def _note(
        self, region: Region, operation: str, body: bytes | str, response: dispatch.HttpResponse, access_key: str
    ) -> None:
        """Add a request to the trail of its region, if it changes a resource. One that is not JSON changes nothing."""
        known = operations().get(operation)
        if known is None or known.service != CONTROL or not dispatch.changes_state(operation):
            return  # records of events, users and items are data events, which LookupEvents does not have
        try:
            request = json.loads(body or "{}")
        except (ValueError, RecursionError):
            return
        failed = response.headers.get("x-amzn-ErrorType", "") if response.status >= 400 else ""
        answer = None if failed else json.loads(response.body)
        actor = identities.caller_of(access_key, region.account, region.name)
        region.trail.add(operation, region.now, actor, request, answer, failed)

    def look_up(self, region: str, account: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer of CloudTrail's LookupEvents, from the changing requests of a region. Refusal."""
        with self._lock:
            self.answered["LookupEvents"] += 1
            found = self.region(region, account)
            self.catch_up()
            return found.trail.look_up(request, self._now(), region, account)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let requests of other threads wait inside of a with block, for a look at more than one resource."""
        with self._lock:
            self.catch_up()
            yield

    def region(self, name: str, account: str | None = None) -> Region:
        """Return the state of a region, which is empty before its first use."""
        return self._accounts.region(account or self.settings.account, name, self._now())

    def items(
        self, region: str, group: str, ids: Sequence[str], columns: Sequence[str]
    ) -> Mapping[str, Mapping[str, str]]:
        """Return columns of items of a dataset group by id, as they were imported, without empty values."""
        with self._lock:
            self.catch_up()
            data = self.region(region).group_data(group)
            return {id_: {name: text for name in columns if (text := data.text("ITEMS", id_, name))} for id_ in ids}

    def catch_up(self) -> None:
        """Carry out the events that are due until now."""
        with self._lock:
            now = self._now()
            for region in self.regions.values():
                self.changes += lifecycle.advance(region, now)
