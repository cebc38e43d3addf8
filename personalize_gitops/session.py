"""A session: one target with its desired state and a connection to its account.

with open_session(Path("manifests"), "prod", changes=True) as session:
plan = session.plan()
events = list(session.apply(plan))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from personalize_gitops.cache_file import load_cache, save_cache
from personalize_gitops.connection import Connection, connected, lock_of, stored_files
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.record import forget, record
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.drift import SPAN, askable, check, in_question, readable
from personalize_gitops.engine.drift.who import sought
from personalize_gitops.engine.observe.cache import Cache
from personalize_gitops.engine.observe.confirm import confirm, reread
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.engine.observe.reads import Reads
from personalize_gitops.engine.observe.traffic import requests
from personalize_gitops.engine.observe.who import writers
from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
from personalize_gitops.locking import NO_WAIT, LockWait
from personalize_gitops.manifest import Loaded, load
from personalize_gitops.manifest.masking import masked_in_documents
from personalize_gitops.model.action import Action
from personalize_gitops.model.data_files import Files
from personalize_gitops.model.desired import Document
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.events import Cause, Event
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.lock import StoredLock
from personalize_gitops.model.plan import Choices, Plan, Resumed
from personalize_gitops.model.problem import Problem, in_reading_order
from personalize_gitops.model.reason import Source

_USE = frozenset({Action.CREATE, Action.UPDATE, Action.SUCCESSOR, Action.RECREATE, Action.RUN})
"""Actions after which the service uses the role of a document."""


@dataclass(frozen=True)
class Session:
    """A target's manifests and the connection to its account."""

    loaded: Loaded
    connection: Connection

    def policy(self, choices: Choices, resumed: Resumed | None = None) -> Policy:
        """Return the policy from the target and the choices; `resumed` is the saved plan that is applied."""
        target = self.loaded.target
        return Policy(
            target.prune,
            choices.adopt,
            choices.forget,
            target.limits.max_deletes,
            choices.rerun,
            choices.replace,
            choices.only,
            choices.exclude,
            choices.scope,
            resumed=resumed,
            group=choices.group,
        )

    def plan(
        self,
        choices: Choices | None = None,
        *,
        use_cache: bool = True,
        trust_timestamps: bool = False,
        resumed: Resumed | None = None,
    ) -> Plan:
        """Read the account and return the confirmed plan.

        With `use_cache` objects that cannot have changed are taken from the cache file, which is then updated.
        Pass `resumed` to apply a saved plan: intervals such as `run.every` are judged at its time, and a choice is done
        once an object has been created for it since. Raises CloudError if the account cannot be read, InvalidChoice for
        a choice that the manifests or the account do not allow.
        """
        return self.read(choices, use_cache=use_cache, trust_timestamps=trust_timestamps, resumed=resumed)[0]

    def read(
        self,
        choices: Choices | None = None,
        *,
        use_cache: bool = True,
        trust_timestamps: bool = False,
        resumed: Resumed | None = None,
    ) -> tuple[Plan, Snapshot]:
        """Read the account and return the confirmed plan with its snapshot. The options are those of `plan`."""
        cache = self._cache(use_cache, trust_timestamps)
        plan, snapshot = self.plan_with(cache, choices or Choices(), resumed)
        self._remember(cache, snapshot, use_cache)
        return plan, snapshot

    def check(self, *, use_cache: bool = True, trust_timestamps: bool = False) -> tuple[Plan, tuple[Drift, ...]]:
        """Read the account and return the plan with the findings of a drift check.

        Resources that cannot be read are findings, and are not in the plan. Raises CloudError if nothing can be read.
        """
        at, desired, policy = self.connection, self.loaded.desired, self.policy(Choices())
        cache = self._cache(use_cache, trust_timestamps)
        snapshot = observe(at.cloud, at.clock, desired, at.pool, cache, reads=Reads(at.pool, tolerant=True))

        def make(seen: Snapshot) -> Plan:
            return make_plan(PlanContext(readable(desired, seen), seen, policy))

        plan, snapshot = confirm(make, snapshot, at.cloud, at.pool, tolerant=True)
        if objects := in_question(plan, snapshot):
            snapshot = reread(objects, snapshot, at.cloud, Reads(at.pool, tolerant=True))
        self._remember(cache, snapshot, use_cache)
        now = plan.time.account or plan.time.made_at
        asked = requests(askable(plan, now), at.cloud, now - SPAN, now)
        return plan, check(plan, desired, snapshot, asked)

    def _cache(self, use_cache: bool, trust_timestamps: bool) -> Cache:
        file = self.connection.cache_file if use_cache else None
        return load_cache(file, self.loaded.desired.kinds, trusting=trust_timestamps)

    def _remember(self, cache: Cache, snapshot: Snapshot, use_cache: bool) -> None:
        file = self.connection.cache_file if use_cache else None
        if (known := cache.after(snapshot)) != cache:
            save_cache(file, known)

    def with_writers(self, plan: Plan, found: Sequence[Drift]) -> tuple[Drift, ...]:
        """Return findings with the actor and the time of the last write, as far as CloudTrail tells them."""
        wanted = [sought(item, plan, self.loaded.desired.kinds) for item in found]
        known = writers(filter(None, wanted), self.connection.cloud)
        return tuple(replace(item, who=known[each]) if each else item for item, each in zip(found, wanted, strict=True))

    def plan_with(self, cache: Cache, choices: Choices, resumed: Resumed | None = None) -> tuple[Plan, Snapshot]:
        """Return the confirmed plan and its snapshot, with what a cache knows."""
        desired, policy = self.loaded.desired, self.policy(choices, resumed)
        make = make_destroy_plan if choices.destroy else make_plan
        snapshot = self.observe(cache, use_index=not choices.destroy)
        if resumed:
            snapshot = replace(snapshot, taken_at=resumed.time.made_at, account_time=resumed.time.account)
        return confirm(
            lambda seen: make(PlanContext(desired, seen, policy)), snapshot, self.connection.cloud, self.connection.pool
        )

    def observe(self, cache: Cache | None = None, *, use_index: bool = True, whole: bool = False) -> Snapshot:
        """Return a snapshot of the account; if `whole`, with every member of every object."""
        at = self.connection
        return observe(at.cloud, at.clock, self.loaded.desired, at.pool, cache, use_index=use_index, whole=whole)

    def preflight(self, documents: Iterable[Document]) -> tuple[Problem[Source], ...]:
        """Return what roles, buckets and keys lack for some documents; nothing is read if they need none."""
        from personalize_gitops.permissions.inspecting import facts_about
        from personalize_gitops.permissions.needs import needs_of
        from personalize_gitops.permissions.policies import Place
        from personalize_gitops.permissions.preflight import findings

        at, desired = self.connection, self.loaded.desired
        needs = needs_of(documents, desired.documents)
        if not needs:
            return ()
        facts = facts_about(needs, at.cloud.inspection, at.pool)
        found = findings(needs, facts, Place(at.cloud.account, at.cloud.region))
        return in_reading_order(masked_in_documents(found, desired.documents))

    def before(self, plan: Plan) -> tuple[Problem[Source], ...]:
        """Return what is missing for the changes of a plan; nothing is read where no role of AWS can be."""
        using = [change.document for change in plan.pending if change.document and change.action in _USE]
        return self.preflight(using) if using and self.connection.has_roles else ()

    def apply(self, plan: Plan, *, wait: bool = True, deadline: float | None = None) -> Iterator[Event]:
        """Apply a plan and yield the events. `deadline` is in epoch seconds of the session's clock."""
        at = self.connection
        limits = self.loaded.target.limits.wait_limits
        events: list[Event] = []
        with self._unless_interrupted():
            forget(plan, at.cloud)
        for event in apply(
            to_steps(plan),
            at.cloud,
            at.clock,
            at.pool,
            wait=wait,
            deadline=deadline,
            limits=limits,
            may_go_on=self._may_go_on,
        ):
            events.append(event)
            yield event
        if deadline is not None and at.clock.now() >= deadline:
            return  # the next apply writes them
        with self._unless_interrupted():
            record(plan, self.loaded.desired, events, at.cloud)

    @contextmanager
    def _unless_interrupted(self) -> Iterator[None]:
        """Let an interruption end only what is done inside of a with block."""
        try:
            yield
        except KeyboardInterrupt:
            if not self.connection.clock.interrupted:
                raise

    def _may_go_on(self) -> Cause | None:
        """Return why an apply stops, asked before each call."""
        if self.connection.clock.interrupted:
            return Cause.INTERRUPTED
        return self.connection.held.cause() if self.connection.held else None

    def announce(self, plan: Plan) -> None:
        """Let others who look at the lock of the target see the plan."""
        if self.connection.held:
            self.connection.held.tell(plan.fingerprint)


@contextmanager
def open_session(
    manifests: Path,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    *,
    changes: bool = False,
    wait: LockWait = NO_WAIT,
) -> Iterator[Session]:
    """Load the manifests of a target, with the variables that are given, and connect to its account.

    Pass `changes` to apply: it holds the target's lock, and keeps changes of an emulator. Without it, a call that
    changes something raises Refused and is not sent. Raises ManifestError for invalid manifests, CredentialsError for
    missing credentials or those of another account, LockNotObtained if another apply holds the lock for longer than the
    wait.
    """
    with session_of(load(manifests, target, variables), changes=changes, wait=wait) as session:
        yield session


@contextmanager
def session_of(
    loaded: Loaded, *, changes: bool = False, events: bool = False, wait: LockWait = NO_WAIT
) -> Iterator[Session]:
    """Connect to the account of loaded manifests. Pass `events` to record events without other changes."""
    with connected(loaded, changes=changes, events=events, wait=wait) as connection:
        yield Session(loaded, connection)


def open_files(loaded: Loaded) -> Files:
    """Return the files that the jobs of a target read: in local folders for the embedded emulator, else in S3."""
    if loaded.target.emulator is None:
        return stored_files(loaded)
    from personalize_gitops.checking.files import local_files

    return local_files({name: loaded.folder / folder for name, folder in loaded.target.emulator.buckets.items()})


def open_lock(manifests: Path, target: str | None = None, variables: Mapping[str, str] | None = None) -> StoredLock:
    """Return the lock of a target. Raises UsageError if it has none, CredentialsError without credentials."""
    return lock_of(load(manifests, target, variables))
