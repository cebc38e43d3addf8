"""A day's work: 200 resources with 60 trainings, in five dataset groups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.events import Done
from tests.support.movies import write_data
from tests.support.world import START, World, emulated

GROUPS, SOLUTIONS, CAMPAIGNS, FILTERS = 5, 12, 5, 6  # the last three in each group
TRAININGS = GROUPS * SOLUTIONS
RESOURCES = GROUPS * (5 + 2 * SOLUTIONS + CAMPAIGNS + FILTERS)
RATE = 5.0  # calls a second

_PROJECT = """
kind: Project
name: day
spec:
  targets:
    local: {emulator: {state: state, buckets: {day: ../data}}}
"""
_DATA = """
---
kind: DatasetGroup
name: GROUP
spec: {}
---
kind: Schema
name: GROUP
spec:
  schema:
    type: record
    name: Interactions
    namespace: com.amazonaws.personalize.schema
    version: "1.0"
    fields:
      - {name: USER_ID, type: string}
      - {name: ITEM_ID, type: string}
      - {name: EVENT_TYPE, type: string}
      - {name: TIMESTAMP, type: long}
---
kind: Dataset
name: GROUP
spec: {datasetGroup: GROUP, datasetType: Interactions, schema: GROUP}
---
kind: DatasetImportJob
name: GROUP
spec:
  dataset: GROUP
  dataSource: {dataLocation: s3://day/interactions.csv}
  roleArn: arn:aws:iam::123456789012:role/data
---
kind: EventTracker
name: GROUP
spec: {datasetGroup: GROUP}
"""
_SOLUTION = """
---
kind: Solution
name: NAME
spec: {datasetGroup: GROUP, recipe: aws-similar-items, performAutoTraining: false}
---
kind: SolutionVersion
name: NAME
spec: {solution: NAME}
"""
_CAMPAIGN = """
---
kind: Campaign
name: NAME
spec: {solutionVersion: NAME, minProvisionedTPS: 1}
"""
_FILTER = """
---
kind: Filter
name: NAME
spec:
  datasetGroup: GROUP
  filterExpression: EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("NAME")
"""


def write_day(folder: Path) -> Path:
    """Write the manifests, one file a group, and the data beside their folder. Returns the folder of the manifests."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "project.yaml").write_text(_PROJECT)
    for number in range(GROUPS):
        group = f"g{number}"
        parts = [_DATA]
        for kind, count in ((_SOLUTION, SOLUTIONS), (_CAMPAIGN, CAMPAIGNS), (_FILTER, FILTERS)):
            parts += [kind.replace("NAME", f"{group}-{of:02}") for of in range(count)]
        (manifests / f"{group}.yaml").write_text("".join(parts).replace("GROUP", group))
    write_data(folder / "data")
    return manifests


@dataclass(frozen=True)
class Day:
    """What an apply of the day took."""

    makespan: float  # simulated seconds
    bound: float  # simulated seconds that no apply can stay below
    calls: int
    refused: int  # trainings that found no free slot

    @property
    def ratio(self) -> float:
        return self.makespan / self.bound


def live_through(folder: Path) -> Day:
    """Apply the day in an account that answers five calls in a second and trains twenty versions at a time."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, quotas={"Solution": SOLUTIONS}, calls_per_second=RATE).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        manifests = write_day(folder)
        world.put_data(folder / "data", "day")
        plan, before = world.plan(manifests), sum(world.cloud.calls.values())
        assert len(plan.pending) == RESOURCES
        begun = clock.now()
        events = world.carry_out(plan)
        assert sum(isinstance(event, Done) for event in events) == RESOURCES
        makespan, calls = clock.now() - begun, sum(world.cloud.calls.values()) - before
        refused = emulator.answered["CreateSolutionVersion"] - TRAININGS
        return Day(makespan, lower_bound(emulator.settings), calls, refused)


def lower_bound(settings: Settings) -> float:
    """Return the seconds that no apply of the day can stay below, in any order: the longest of three.

    * Slots: no training begins before its group, dataset, import and solution are ACTIVE, in the order that the service
      demands (docs/service/2 §6.1); from then on all slots are full until the last training ends.
    * Dependencies: the longest chain ends with a campaign, after one training.
    * Calls: each resource takes one call to create it, and each kind at least one to see that its creations have ended.
    """
    took = {kind: settings.seconds(kind, Transition.CREATE) for kind in KINDS}
    first = took["DatasetGroup"] + max(took["Dataset"] + took["DatasetImportJob"], took["Solution"])
    slots = first + TRAININGS * took["SolutionVersion"] / settings.limit("pending solution versions")
    dependencies = first + took["SolutionVersion"] + took["Campaign"]
    kinds = 8  # that the manifests have
    return max(slots, dependencies, (RESOURCES + kinds) / RATE)
