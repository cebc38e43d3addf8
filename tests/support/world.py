"""An emulated account with a simulated clock, and the verbs of the engine run on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import opened
from personalize_gitops.cli.saved_plan import resumed
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Connection, Inline
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.observe.cache import Cache, from_json, to_json
from personalize_gitops.engine.plan.continuing import moved
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import Event, Failed
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, Choices, Plan
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.model.resource import Kinds
from personalize_gitops.render import json as as_json
from personalize_gitops.render.reasons import joined
from personalize_gitops.session import Session
from tests.support.texts import reason_of

START = 1_750_000_000.0  # epoch seconds


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1")  # one session for all tests, so that the service model is loaded once


def emulated(clock: Clock) -> AwsCloud:
    """Return the account of the running emulator."""
    return opened(_session(), clock)


@dataclass(frozen=True)
class World:
    """An emulated account, its clock, and sessions on it."""

    emulator: Emulator
    clock: SimulatedClock
    cloud: AwsCloud
    pool: Executor = field(default_factory=Inline)

    def session(self, manifests: Path, target: str | None = None) -> Session:
        """Return a session of the account for a folder of manifests."""
        return Session(load(manifests, target), Connection(self.cloud, self.clock, self.pool, simulated=True))

    @property
    def kinds(self) -> Kinds:
        """Return the registry of kinds."""
        return KINDS

    def tag_by_hand(self, arn: str, tags: Mapping[str, str]) -> None:
        """Set tags as a colleague does, through boto3."""
        pairs = [{"tagKey": key, "tagValue": value} for key, value in tags.items()]
        _session().client("personalize").tag_resource(resourceArn=arn, tags=pairs)

    def untag_by_hand(self, arn: str, keys: Iterable[str]) -> None:
        """Remove tags as a colleague does, through boto3."""
        _session().client("personalize").untag_resource(resourceArn=arn, tagKeys=[*keys])

    def put_data(self, folder: Path, bucket: str = "movielens-demo") -> None:
        """Upload the CSV files of a folder."""
        self.emulator.put_bucket(bucket, folder)

    def snapshot(self, manifests: Path, target: str | None = None) -> Snapshot:
        """Return a snapshot of the account."""
        return self.session(manifests, target).observe()

    def only(self, manifests: Path, kind: str) -> Live:
        """Return the only object of a kind. Fails the test if there are more or none."""
        (live,) = self.snapshot(manifests).of_kind(kind)
        return live

    def trained_by_service(self, manifests: Path) -> list[bool]:
        """Return for every solution version, oldest first, whether the service trained it by itself."""
        return [live.service_made for live in self.snapshot(manifests).of_kind("SolutionVersion")]

    def plan(self, manifests: Path, target: str | None = None, *, adopt: bool = False, forget: str = "") -> Plan:
        """Return the plan for a folder of manifests; `forget` is a list of addresses, separated by spaces."""
        choices = Choices(adopt=adopt, forget=frozenset(map(Address.parse, forget.split())))
        return self.session(manifests, target).plan(choices)

    def saved(self, manifests: Path, choices: Choices | None = None) -> dict[str, Any]:
        """Return the content of a plan file."""
        return self._as_file(manifests, self.session(manifests).plan(choices), choices)

    def resume(self, manifests: Path, saved: Mapping[str, Any], choices: Choices | None = None) -> tuple[Plan, str]:
        """Return the plan that an apply of a plan file makes now, and what differs from the file; "" if it holds."""
        plan = self.session(manifests).plan(choices, resumed=resumed(saved))
        return plan, joined(moved(saved, self._as_file(manifests, plan, choices), plan))

    def _as_file(self, manifests: Path, plan: Plan, choices: Choices | None) -> dict[str, Any]:
        digest = load(manifests).desired.digest
        found: dict[str, Any] = json.loads(as_json.plan(PlanReport(plan, choices or Choices(), digest)))
        return found

    def destroy_plan(self, manifests: Path) -> Plan:
        """Return the plan that deletes everything the project owns."""
        return self.session(manifests).plan(Choices(destroy=True))

    def look(self, manifests: Path, cache: Cache | None = None) -> tuple[Plan, Cache, Mapping[str, int]]:
        """Return the plan for a folder, the cache after it, and how often each operation was called."""
        cache = cache or Cache()
        session = self.session(manifests)
        self.emulator.answered.clear()
        plan, snapshot = session.plan_with(cache, Choices())
        return plan, cache.after(snapshot), dict(self.emulator.answered)

    def carry_out(self, plan: Plan, *, wait: bool = True, deadline: float | None = None) -> list[Event]:
        """Apply a plan and return its events."""
        steps = to_steps(plan)
        return list(apply(steps, self.cloud, self.clock, self.pool, wait=wait, deadline=deadline))

    def apply(self, manifests: Path) -> list[Event]:
        """Plan and apply. Fails the test if the plan is blocked or a step fails."""
        plan = self.plan(manifests)
        assert plan.applyable, [f"{change.address}: {reason_of(change)}" for change in plan.blocked]
        events = self.carry_out(plan)
        failed = [f"{event.step.id}: {reason_of(event)}" for event in events if isinstance(event, Failed)]
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
    return {str(change.address): reason_of(change) for change in plan.blocked}


def change_of(plan: Plan, address: str) -> Change:
    """Return the change that a plan has for an address."""
    return next(change for change in plan.changes if str(change.address) == address)
