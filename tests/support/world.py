"""An emulated account with a simulated clock, and the verbs of the engine run on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import boto3

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import opened
from personalize_gitops.cli.connection import Inline
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.observe.cache import Cache, from_json, to_json
from personalize_gitops.engine.observe.confirm import make_sure
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.engine.plan.planner import Policy, make_destroy_plan, make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import Event, Failed
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.resource import Kinds

START = 1_750_000_000.0  # epoch seconds


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1")  # what it has read of the service's model serves all tests


def emulated(clock: Clock) -> AwsCloud:
    """Return the account of the running emulator."""
    return opened(_session(), clock)


@dataclass(frozen=True)
class World:
    """An emulated account, its clock, and what the verbs need to run on it."""

    emulator: Emulator
    clock: SimulatedClock
    cloud: AwsCloud
    pool: Executor = field(default_factory=Inline)

    @property
    def kinds(self) -> Kinds:
        """Return the registry of kinds."""
        return KINDS

    def put_data(self, folder: Path, bucket: str = "movielens-demo") -> None:
        """Upload the CSV files of a folder."""
        self.emulator.put_bucket(bucket, folder)

    def snapshot(self, manifests: Path, target: str | None = None) -> Snapshot:
        """Return what the account holds."""
        return observe(self.cloud, self.clock, load(manifests, target).desired, self.pool)

    def only(self, manifests: Path, kind: str) -> Live:
        """Return the only object of a kind. Fails the test if there are more or none."""
        (live,) = self.snapshot(manifests).of_kind(kind)
        return live

    def trained_by_service(self, manifests: Path) -> list[bool]:
        """Return for every solution version, oldest first, whether the service trained it by itself."""
        return [live.service_made for live in self.snapshot(manifests).of_kind("SolutionVersion")]

    def plan(self, manifests: Path, target: str | None = None, *, adopt: bool = False, forget: str = "") -> Plan:
        """Make the plan for a folder of manifests; `forget` holds addresses, separated by spaces."""
        loaded = load(manifests, target)
        policy = Policy(loaded.target.prune, frozenset(map(Address.parse, forget.split())))
        desired = replace(loaded.desired, adopt=adopt)
        seen = observe(self.cloud, self.clock, desired, self.pool)
        return self._made(seen, lambda snapshot: make_plan(desired, snapshot, policy))

    def destroy_plan(self, manifests: Path) -> Plan:
        """Make the plan that deletes everything the project owns."""
        loaded = load(manifests)
        seen = observe(self.cloud, self.clock, loaded.desired, self.pool, first_hand=True)
        return self._made(seen, lambda snapshot: make_destroy_plan(loaded.desired, snapshot))

    def look(self, manifests: Path, cache: Cache | None = None) -> tuple[Plan, Cache, Mapping[str, int]]:
        """Return the plan for a folder, the cache after it, and how often each operation was called."""
        cache = cache or Cache()
        desired = load(manifests).desired
        self.emulator.answered.clear()
        seen = observe(self.cloud, self.clock, desired, self.pool, cache)
        plan, snapshot = make_sure(lambda seen: make_plan(desired, seen), seen, self.cloud, self.pool)
        return plan, cache.after(snapshot), dict(self.emulator.answered)

    def _made(self, seen: Snapshot, make: Callable[[Snapshot], Plan]) -> Plan:
        return make_sure(make, seen, self.cloud, self.pool)[0]

    def carry_out(self, plan: Plan, *, wait: bool = True, deadline: float | None = None) -> list[Event]:
        """Apply a plan and return its events."""
        steps = to_steps(plan)
        return list(apply(steps, self.cloud, self.clock, self.pool, wait=wait, deadline=deadline))

    def apply(self, manifests: Path) -> list[Event]:
        """Plan and apply. Fails the test if the plan is blocked or a step fails."""
        plan = self.plan(manifests)
        assert plan.applyable, [f"{change.address}: {change.reason}" for change in plan.blocked]
        events = self.carry_out(plan)
        failed = [f"{event.step.id}: {event.reason}" for event in events if isinstance(event, Failed)]
        assert not failed, failed
        return events


def kept(cache: Cache, *, trusting: bool = False) -> Cache:
    """Return the cache as the next command reads it from disk."""
    return from_json(to_json(cache, "1"), "1", KINDS, trusting=trusting)


def actions(plan: Plan) -> dict[str, Action]:
    """Return the pending action of each address in a plan."""
    return {str(change.address): change.action for change in plan.pending}


def blocked(plan: Plan) -> dict[str, str]:
    """Return the reason of each blocked address in a plan."""
    return {str(change.address): change.reason for change in plan.blocked}


def change_of(plan: Plan, address: str) -> Change:
    """Return the change that a plan has for an address."""
    return next(change for change in plan.changes if str(change.address) == address)
