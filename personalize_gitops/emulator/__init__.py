"""A local Amazon Personalize: same API, same lifecycles and refusals, on a clock one is given.

    client ── HTTP ──► server ──┐                                    ┌─ operations/  what is special to a kind
    client ── in process ─► registration (moto) ─► Emulator.respond ─► dispatch ─► creation, lifecycle  what all share
                                                        │                         └─ Region: records, agenda, rows, tags
                                                        └ first everything due until now happens, in time order

The service model of botocore decides shapes, validation, error codes and which operations exist; conventions of naming
turn that into Create, Describe, List and Delete for every kind. What the model cannot say is written once per kind,
with its source. The state is frozen records and a discrete-event agenda. What the sources leave open is a switch in
`Settings`, with the default and the reason beside it. `Emulator.faults` makes things go wrong.

Importing this package is cheap: moto and botocore are imported when an emulator starts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator.errors import StateInUse, UnusableState
from personalize_gitops.emulator.service import tags
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state.faults import Faults
from personalize_gitops.emulator.state.identities import Identities
from personalize_gitops.emulator.state.objects import Bucket, Objects, content_of

if TYPE_CHECKING:
    from personalize_gitops.emulator.host.server import Server
    from personalize_gitops.emulator.service.dispatch import Response
    from personalize_gitops.emulator.state.region import Region
    from personalize_gitops.emulator.state.storage import Known

__all__ = ["Emulator", "Settings", "StateInUse", "UnusableState"]


class Emulator:
    """Emulated accounts in all regions; which one a request is for, its credentials tell.

    `now` gives epoch seconds; nothing else tells the time. `account` is that of credentials nobody knows, such as
    made-up ones; other accounts are reached by assuming one of their roles. `durations` overrides what transitions
    take, by kind and transition; every other field of `Settings` may be given by name.
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
        self.faults = Faults()
        self.objects = Objects()
        self.identities = Identities()
        self.regions: dict[tuple[str, str], Region] = {}  # by account and name
        self.changes = 0  # grows with everything that happens, so that a saved state can be told from a newer one
        self.answered: Counter[str] = Counter()  # requests by operation; GetResources is the tagging API's
        self._now = now
        self._lock = RLock()
        self._known: Known = {}  # of directories with a saved state

    @contextmanager
    def started(self) -> Iterator["Emulator"]:
        """Let the AWS clients of this process talk to the emulator; moto gives them made-up credentials."""
        from personalize_gitops.emulator.host.moto_backend import answering, register

        register()
        from moto import mock_aws

        with mock_aws(), answering(self):
            yield self

    def serve(
        self, host: str = "127.0.0.1", port: int = 5555, *, advance: Callable[[float], None] | None = None
    ) -> "Server":
        """Answer AWS clients over HTTP until closed; port 0 picks a free one.

        `advance` moves the clock that `now` reads by some seconds; clients may ask for it.
        """
        from personalize_gitops.emulator.host.server import Server

        return Server(self, host, port, advance)

    def put_bucket(self, name: str, source: Path | Mapping[str, bytes | str] | None = None) -> None:
        """A bucket with exactly the files of a directory, hidden ones left out, or with exactly the given content."""
        with self._lock:
            self.objects.put_bucket(name, Bucket(self.settings.account, content_of(source)))
            self.changes += 1

    def load(self, directory: Path) -> None:
        """Take over a saved state; where there is none, nothing happens."""
        from personalize_gitops.emulator.state.storage import load

        with self._lock:
            load(self, directory, self._known)

    def save(self, directory: Path) -> None:
        """Write the state so that loading it makes the same emulator."""
        from personalize_gitops.emulator.state.storage import save

        with self._lock:
            save(self, directory, self._known)

    @contextmanager
    def keeping(self, directory: Path) -> Iterator[None]:
        """Continue a saved state and save it in the end, while no other process can write there.

        StateInUse if one does already. Others may load the state as it was last saved.
        """
        from personalize_gitops.emulator.state.storage import claimed

        with claimed(directory):
            self.load(directory)
            try:
                yield
            finally:
                self.save(directory)

    def reset(self) -> None:
        """Forget everything but the settings: resources, faults, buckets, roles."""
        from personalize_gitops.emulator.host.moto_backend import empty

        with self._lock:
            self.regions.clear()
            self.faults.clear()
            self.objects.clear()
            self.identities.clear()
            empty(self)
            self.changes += 1

    @property
    def lived_until(self) -> float:
        """The latest moment it has lived through, in epoch seconds, 0 before the first.

        A clock for a loaded state starts no earlier, for its time must not go backwards.
        """
        with self._lock:
            return max((region.now for region in self.regions.values()), default=0.0)

    def now(self) -> float:
        """What its clock shows, in epoch seconds."""
        return self._now()

    def next_event_at(self) -> float | None:
        """When something changes by itself next, if anything will."""
        with self._lock:
            self.catch_up()
            due = [region.agenda.next_due() for region in self.regions.values()]
            return min((moment for moment in due if moment is not None), default=None)

    def tagged(self, region: str, account: str | None = None) -> list[tuple[str, Mapping[str, str]]]:
        """The ARNs of a region that have, or once had, tags, with their tags of now; Refusal when a fault says so."""
        with self._lock:
            self.answered[tags.INDEX] += 1
            self.catch_up()
            return list(tags.indexed(self.region(region, account)))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many resources each account has in each region."""
        with self._lock:
            self.catch_up()
            counted: dict[str, dict[str, int]] = {}
            for (account, name), region in self.regions.items():
                counted.setdefault(account, {})[name] = region.size
            return counted

    def respond(self, region: str, operation: str, body: bytes | str, account: str | None = None) -> "Response":
        """Answer one request, one at a time; first everything due until now happens."""
        from personalize_gitops.emulator.service.dispatch import changes, respond

        with self._lock:
            self.answered[operation] += 1
            found = self.region(region, account)
            self.catch_up()
            if changes(operation):
                self.changes += 1
            response = respond(found, operation, body)
            return replace(response, headers={**response.headers, "Date": formatdate(self._now(), usegmt=True)})

    def region(self, name: str, account: str | None = None) -> "Region":
        """The state of an account in a region, empty until first used."""
        from personalize_gitops.emulator.state.region import Region

        key = (account or self.settings.account, name)
        if key not in self.regions:
            self.regions[key] = Region(
                name, key[0], self.settings, self.faults, self.objects, self.identities, self._now()
            )
        return self.regions[key]

    def catch_up(self) -> None:
        """Let everything happen that is due until now."""
        from personalize_gitops.emulator.service.lifecycle import advance

        with self._lock:
            now = self._now()
            for region in self.regions.values():
                self.changes += advance(region, now)
