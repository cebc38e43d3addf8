"""Random histories of one project: manifests, faults, kills, and colleagues who act between any two calls.

A history is a list of choices, so that a failing one can be written to a file and played again:

    .venv/bin/python -m tests.support.histories .hypothesis/histories/others.json
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from personalize_gitops.catalog.durations import DURATIONS, Transition
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import CloudError, ManifestError
from personalize_gitops.kinds.dataset_group import DatasetGroup
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.events import Failed
from personalize_gitops.model.plan import Change, Choices, Plan
from personalize_gitops.model.reason import ReasonCode
from personalize_gitops.model.tags import PROJECT
from tests.support.colleagues import Colleagues
from tests.support.drafts import Draft, edited
from tests.support.every import NEEDS, write_data_of_every
from tests.support.fault_scripts import draw_faults
from tests.support.killing import Killed, Moment
from tests.support.picks import Picks, read, write
from tests.support.strangers import make_strangers
from tests.support.texts import reason_of
from tests.support.watched import Watched
from tests.support.world import START, World, emulated

OWNER = "every/local"
ROUNDS, PATIENCE = 3, 6  # rounds of edits and trouble; applies after which nothing must be left to do
PAUSES = [0.0, 3600.0, 3 * 86400.0, 31 * 86400.0]  # seconds between two applies

MOMENTS: tuple[Moment, ...] = ("before", "after")

SHORT = {at: min(each.typical, timedelta(seconds=100)) for at, each in DURATIONS.items()} | {
    ("SolutionVersion", Transition.CREATE): timedelta(seconds=400)
}
"""Durations that need few polls. A training is never so short that a list may still lack it at its end."""

_CODE = ReasonCode
FOR_A_PERSON = frozenset(
    {
        *(_CODE.UNMANAGED, _CODE.OWNED_BY_PROJECT, _CODE.OWNED_BY_ADDRESS, _CODE.COPIED_TAGS),
        *(_CODE.PLACE_OWNED, _CODE.PLACE_OWNED_BY_PROJECT, _CODE.PLACE_UNMANAGED),
        *(_CODE.ADOPT_BEFORE_REPLACING, _CODE.ADOPT_IN_DOCUMENT, _CODE.UNCLEAR_STATE),
        *(_CODE.RECREATE_TO_REPLACE, _CODE.SUCCESSOR_TO_REPLACE, _CODE.RECREATE_ALONG, _CODE.NO_SUCCESSOR),
        *(_CODE.SCHEMA_NOT_EXCHANGEABLE, _CODE.OTHER_DOMAIN, _CODE.NOT_A_DATASET_RECORD, _CODE.RAISE_QUOTA),
        *(_CODE.PROTECTED, _CODE.PROTECTED_BY_TAG, _CODE.PROTECTED_UNDECLARED, _CODE.PROTECTED_RUN),
        *(_CODE.NEEDS_MISSING, _CODE.RUN_LEFT_ALONE, _CODE.USED_BY, _CODE.USED_BY_BLOCKED),
        *(_CODE.LAST_ATTEMPT_FAILED, _CODE.STOPPED_BY_HAND, _CODE.NO_INPUT_DATA, _CODE.PREREQUISITE_MISSING),
    }
)
"""Why a plan is blocked until a person decides."""


class Broken(AssertionError):
    """A promise was broken."""

    def __init__(self, promise: str, how: str) -> None:
        super().__init__(f"{promise}: {how}")
        self.promise = promise


def play(picks: Picks) -> None:
    """Play a history. A broken promise, and any error, writes a file that reproduces it."""
    random.seed(0)  # retries wait for random times
    try:
        with _account(picks) as history:
            history.play()
    except Exception as error:
        promise = error.promise if isinstance(error, Broken) else type(error).__name__
        error.add_note("\n".join(picks.story))
        error.add_note(f"to play it again: python -m tests.support.histories {write(picks, promise, str(error))}")
        raise


@contextmanager
def _account(picks: Picks) -> Iterator[History]:
    """Yield the history of a project in an account with strangers."""
    clock = SimulatedClock(START)
    emulator = Watched(clock.now, OWNER, durations=SHORT, version_names_are_unique=picks([True, False]))
    with TemporaryDirectory() as folder, emulator.started():
        emulator.put_bucket("every", _data())
        world = World(emulator, clock, emulated(clock))
        make_strangers(world)
        yield History(world, emulator, Path(folder), picks)


@cache
def _data() -> Path:
    folder = Path(mkdtemp()) / "data"
    write_data_of_every(folder)
    return folder


@dataclass
class History:
    """One project in one account."""

    world: World
    emulator: Watched
    manifests: Path
    pick: Picks
    draft: Draft = field(default_factory=Draft)

    def play(self) -> None:
        """Let some rounds of trouble pass, then apply in peace until nothing is left to do."""
        self.draft.prune = self.pick([False, True])
        for _ in range(self.pick([1, 2, 3])):
            self.draft.add(self.pick(sorted(NEEDS)))
        self.draft.write(self.manifests)
        self.pick.tell(f"begin with {', '.join(self.draft.documents)}, prune {self.draft.prune}")
        if self.pick([True, True, False]):
            self.pick.tell("peace")
            self._carry_out(self._peaceful_plan())
        for _ in range(ROUNDS):
            self._edit()
            self._trouble()
            self._apply()
            self._end_trouble()
            self.world.clock.sleep(self.pick(PAUSES))
        self._settle()

    def _edit(self) -> None:
        """Edit the manifests; an edit that is refused, or that blocks the plan in half of the cases, is taken back."""
        for _ in range(self.pick([0, 1, 2])):
            changed, what = edited(self.draft, self.pick)
            changed.write(self.manifests)
            if self._is_accepted():
                self.draft = deepcopy(changed)
                self.pick.tell(f"edit: {what}")
        self.draft.write(self.manifests)

    def _is_accepted(self) -> bool:
        try:
            load(self.manifests)
        except ManifestError:
            return False
        return self.pick([False, True]) or self.world.plan(self.manifests).applyable

    def _trouble(self) -> None:
        """Prepare faults, colleagues, and the end of the process."""
        kinds = sorted({address.split("/")[0] for address in self.draft.documents})
        for rule in draw_faults(self.emulator.faults, kinds, self.pick):
            self.pick.tell(f"fault: {rule.deed.value} {rule.target} {rule.code} {rule.times}×")
        deeds = sorted(self.pick(range(60)) for _ in range(self.pick([0, 1, 2, 3])))
        self.emulator.others = self._meddler(deeds)
        if self.pick([False, False, True]):
            death: tuple[int, Moment] = self.pick(range(25)), self.pick(MOMENTS)
            self.pick.tell(f"killed {death[1]} change {death[0]}")
            self.emulator.mortal(death)

    def _meddler(self, deeds: list[int]) -> Callable[[str], None]:
        """Return a function that lets colleagues act before calls of these numbers.

        They do not act between the last look at an object and its change: nobody can close that gap.
        """
        colleagues, count = Colleagues(self.emulator, self.world.clock, self.pick, self.pick.tell), 0

        def act(operation: str) -> None:
            nonlocal count
            count += 1
            may_act = operation.startswith(("List", "Describe", "Create")) and operation != "ListTagsForResource"
            if may_act and deeds and count > deeds[0]:
                deeds.pop(0)
                self.pick.tell(f"  before {operation}, our call {count}")
                colleagues.act()

        return act

    def _end_trouble(self) -> None:
        self.emulator.faults.clear()
        self.emulator.others = lambda _: None
        self.emulator.mortal(None)

    def _apply(self) -> None:
        """Plan and apply once, in trouble."""
        limit = self.pick([None, None, None, 5, 15])
        try:
            plan = self._plan()
            if plan.applyable:
                events = apply(to_steps(plan), self.world.cloud, self.world.clock, self.world.pool)
                for event in islice(events, limit):
                    if isinstance(event, Failed):
                        self.pick.tell(f"  failed: {event.step.id}: {reason_of(event)}")
        except Killed as killed:
            self.pick.tell(f"  {killed}")
        except CloudError as error:
            self.pick.tell(f"  no plan: {error}")
        self._check_calls()

    def _plan(self) -> Plan:
        """Return the plan. Making it changes nothing."""
        way = self.pick(["plan"] * 5 + ["plan --adopt"] * 2 + ["destroy"])
        made = self.emulator.changes_made
        choices = Choices(adopt=way == "plan --adopt", destroy=way == "destroy")
        plan = self.world.session(self.manifests).plan(choices, use_cache=False)
        if self.emulator.changes_made != made:
            raise Broken("plan-changes", "a plan changed the account")
        names = frozenset(document["name"] for document in self.draft.documents.values())
        runs = frozenset(each.live.name for each in plan.pending if each.live and _is_adopted_run(each))
        self.emulator.adopting = names | runs if way == "plan --adopt" else frozenset()
        self.pick.tell(f"{way}{': refused' if plan.refusal else ''}")
        for change in plan.pending:
            self.pick.tell(f"  {change.address} {change.action} {change.aws_name}: {reason_of(change)}")
        return plan

    def _check_calls(self) -> None:
        for promise, how in self.emulator.broken:
            raise Broken(promise, how)

    def _settle(self) -> None:
        """Apply in peace until nothing is left to do, or a person has to decide; then nothing changes any more."""
        self.pick.tell("peace")
        for _ in range(PATIENCE):
            plan = self._peaceful_plan()
            if not plan.applyable or not _unfinished(plan):
                break
            self._carry_out(plan)
            self.world.clock.sleep(3600)
        else:
            if not any(map(_leaves_the_rest_to_the_service, plan.changes)) and not self._lacks_data(plan):
                raise Broken("endless", f"still to do after {PATIENCE} applies: {_unfinished(plan)}")
            return
        before = self.emulator.state()
        if plan.applyable:
            self._carry_out(plan)
            self._check_declared(plan)
        elif wrong := [str(change.address) for change in plan.blocked if not _needs_a_person(change)]:
            raise Broken("blocked", f"nobody has to decide about {', '.join(wrong)}")
        after = self.emulator.state()
        if changed := [arn for arn in before.keys() | after.keys() if before.get(arn) != after.get(arn)]:
            raise Broken("twice", f"one more apply changed {', '.join(changed)}")

    def _lacks_data(self, plan: Plan) -> bool:
        """Return whether all that is left to do fails for want of data, and a colleague has imported other data."""
        state = self.emulator.state().values()
        imported = any(record.kind == "DatasetImportJob" and PROJECT not in tags for record, tags in state)
        return imported and all(
            any(reason.code is ReasonCode.CREATION_FAILED for reason in change.reasons) for change in plan.pending
        )

    def _peaceful_plan(self) -> Plan:
        plan = self.world.session(self.manifests).plan(Choices(), use_cache=False)
        self.emulator.adopting = frozenset()
        self.pick.tell("plan")
        for change in plan.pending:
            self.pick.tell(f"  {change.address} {change.action} {change.aws_name}: {reason_of(change)}")
        return plan

    def _carry_out(self, plan: Plan) -> None:
        for event in self.world.carry_out(plan):
            if isinstance(event, Failed):
                self.pick.tell(f"  failed: {event.step.id}: {reason_of(event)}")
        self._check_calls()

    def _check_declared(self, plan: Plan) -> None:
        """Every declared resource that the plan calls unchanged is in the account."""
        arns = self.emulator.state().keys()
        for change in plan.changes:
            if (
                change.action is Action.NONE
                and not change.kind.is_run
                and (not change.live or change.live.arn not in arns)
            ):
                raise Broken("missing", f"{change.address} is not in the account")


def _unfinished(plan: Plan) -> list[str]:
    """Return what is left to do. A campaign may wait for an automatic training that no apply brings about."""
    return [
        f"{change.address} {change.action}: {reason_of(change)}"
        for change in plan.pending
        if not any(reason.code is ReasonCode.NO_VERSION_YET for reason in change.reasons)
    ]


def _leaves_the_rest_to_the_service(change: Change) -> bool:
    """Return whether only the service can tell that other resources cannot be made as declared.

    They may need a resource that `manage` forbids to create, or a dataset group of another domain: a member that a
    document leaves out is not compared.
    """
    if change.manage is not Manage.FULL:
        return True
    if change.kind is not DatasetGroup or not change.live or not change.document:
        return False
    return "domain" in change.live.attributes and "domain" not in change.document.attributes


def _is_adopted_run(change: Change) -> bool:
    """Return whether a plan shows that it takes over a run, which has any name and the inputs of its document."""
    return change.kind.is_run and change.action is Action.ADOPT


def _needs_a_person(change: Change) -> bool:
    return any(reason.code in FOR_A_PERSON for reason in change.reasons)


if __name__ == "__main__":
    played = read(Path(sys.argv[1]))
    try:
        play(played)
    finally:
        sys.stdout.write("\n".join([*played.story, ""]))
