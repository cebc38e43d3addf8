"""Solution: a recipe with its configuration; trains automatically unless that is disabled (docs/service/2 §3.8, §8.1).

The schedule of automatic training is a chain of events: each one trains if there is new data and schedules the next.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from personalize_gitops.catalog.recipes import ParameterKind
from personalize_gitops.catalog.rules.solutions import days_between_trainings
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.operations import solution_config
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.crud import check_active, start_creation, state_of, summary
from personalize_gitops.emulator.service.kind import KINDS, Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_update
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_WEEKLY = "rate(7 days)"
_TRAIN = "train"  # the action of an event


class Solution(Kind):
    """A solution. Only automatic training, incremental updates and the events configuration can be updated.

    Its private values are those of the training schedule: `schedule` is the number of its next event, `rate` the days
    between trainings, and `first_since` when the schedule started, until its first event.
    """

    name = "Solution"
    arn_path = "solution"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse an invalid combination of recipe, group and configuration."""
        solution_config.check(region, request)

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the defaults that Describe shows (docs/service/1 §11.6)."""
        config = dict(request.get("solutionConfig", {}))
        recipe = recipe_of(request["recipeArn"])
        if region.settings.solutions_show_defaults or recipe.name.endswith("-v2"):
            defaults = {p.name: p.default_text for p in recipe.parameters_of(ParameterKind.ALGORITHM) if p.settable}
            config["algorithmHyperParameters"] = {**defaults, **config.get("algorithmHyperParameters", {})}
            config.setdefault("featureTransformationParameters", {})
        automatic = request.get("performAutoTraining", True)
        if automatic:
            config.setdefault("autoTrainingConfig", {"schedulingExpression": _WEEKLY})
        if "hpoConfig" in config:
            config["hpoConfig"] = solution_config.with_prefixes(config["hpoConfig"])
        return record.with_fields(
            performHPO=request.get("performHPO", False),
            performAutoML=request.get("performAutoML", False),
            performAutoTraining=automatic,
            performIncrementalUpdate=request.get("performIncrementalUpdate", False),
            solutionConfig=config,
        )

    def after_create(self, region: Region, record: Record) -> None:
        """Start the schedule of automatic training."""
        if record.fields["performAutoTraining"]:
            _start_schedule(region, record)

    def apply_update(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """Return the record with the new values; a new events configuration replaces the old one entirely."""
        config = {**record.fields["solutionConfig"], **update.get("solutionUpdateConfig", {})}
        changed = record.with_fields(
            solutionConfig=config,
            **{name: update[name] for name in ("performAutoTraining", "performIncrementalUpdate") if name in update},
        )
        if changed.fields["performAutoTraining"]:
            config.setdefault("autoTrainingConfig", {"schedulingExpression": _WEEKLY})
        return changed

    def after_update(self, region: Region, record: Record) -> None:
        """Start the schedule anew if automatic training was enabled or its rate changed (docs/service/2 §3.8)."""
        if not record.fields["performAutoTraining"]:
            region.put(record.with_private(schedule=None, rate=None))
        elif record.private.get("rate") != _rate(record):
            _start_schedule(region, record)

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a solution with a campaign or a running training (docs/service/3 §3.5)."""
        users = [campaign.arn for campaign in region.listed("Campaign", record.arn)]
        users += [campaign.arn for campaign in region.listed("Campaign") if _moves_to(campaign, record)]
        busy = [version.arn for version in region.listed("SolutionVersion", record.arn) if version.transient]
        if users or busy:
            raise in_use(f"Solution {record.arn} is in use by {', '.join([*users, *busy])}.")

    def delete_children(self, region: Region, record: Record) -> None:
        """Remove its versions."""
        for version in list(region.listed("SolutionVersion", record.arn)):
            region.remove(version)

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Return the fields and the summary of the newest version."""
        newest = region.page("SolutionVersion", record.arn, 0, 1, newest_first=True)
        if not newest:
            return record.fields
        return {**record.fields, "latestSolutionVersion": summary(region, KINDS["SolutionVersion"], newest[0])}

    def handle_event(self, region: Region, record: Record, event: Event) -> None:
        """Carry out an event of the training schedule, unless the schedule was replaced since."""
        if event.number == record.private.get("schedule") and not record.transient:
            _train_if_due(region, record, event.due)


def _moves_to(campaign: Record, solution: Record) -> bool:
    """Return whether a running update moves a campaign to a version of this solution."""
    version = campaign.fields.get("latestCampaignUpdate", {}).get("solutionVersionArn", "")
    return campaign.updating and arns.without_last_segment(version) == solution.arn


def update_solution(region: Region, request: Request) -> Response:
    """Start a change of automatic training, incremental updates or the events configuration (docs/service/4 §1.2)."""
    solution = region.find("Solution", request["solutionArn"])
    check_active(region, operations()["UpdateSolution"], "solutionArn", solution)
    if solution.updating:
        raise in_use(f"Solution {solution.arn} is {state_of(solution)}.")
    wanted = {name: value for name, value in request.items() if name != "solutionArn"}
    if not wanted:
        raise invalid("There is nothing to update.")
    solution_config.check_update(region, recipe_of(solution.fields["recipeArn"]), wanted)
    begin_update(region, solution, wanted)
    return {"solutionArn": solution.arn}


def _start_schedule(region: Region, solution: Record) -> None:
    """Schedule the first automatic training."""
    due = region.now + region.settings.first_training_after.total_seconds()
    number = region.events.schedule(due, solution.number, _TRAIN)
    region.put(solution.with_private(schedule=number, first_since=region.now, rate=_rate(solution)))


def _train_if_due(region: Region, solution: Record, due: float) -> None:
    """Train if interactions arrived since the last training; schedule the next event (docs/service/2 §8.1).

    The first training of a schedule is skipped if a version was created manually since the schedule started.
    """
    versions = list(region.listed("SolutionVersion", solution.arn))
    since = solution.private.get("first_since")
    created_manually = since is not None and any(version.fields["creationDateTime"] >= since for version in versions)
    last = max((version.fields["creationDateTime"] for version in versions), default=float("-inf"))
    tables, recipe = region.group_tables(solution.fields["datasetGroupArn"]), recipe_of(solution.fields["recipeArn"])
    if not created_manually and training.last_arrival(tables, recipe) > last:
        _train(region, solution)
    # Counted from the time the event was due, so that the hour of the day stays the same.
    number = region.events.schedule(due + timedelta(days=_rate(solution)).total_seconds(), solution.number, _TRAIN)
    region.put(solution.with_private(schedule=number, first_since=None))


def _train(region: Region, solution: Record) -> None:
    kind = KINDS["SolutionVersion"]
    request = {
        "solutionArn": solution.arn,
        "trainingMode": region.settings.automatic_training_mode,
        "trainingType": "AUTOMATIC",
    }
    start_creation(region, kind, kind.new_arn(region, request), request, (solution.arn,))


def _rate(solution: Record) -> int:
    """Return the days between trainings."""
    return days_between_trainings(solution.fields["solutionConfig"])


Solution.operations = {"UpdateSolution": update_solution}
