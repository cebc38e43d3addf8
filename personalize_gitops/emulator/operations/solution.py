"""A solution: a recipe and its configuration; trains by itself unless told otherwise (docs/service/2 §3.8, §8.1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from personalize_gitops.catalog.recipes import ParameterKind
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.operations import solution_config
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.crud import check_ready, start, state_of, summary
from personalize_gitops.emulator.service.kind import KINDS, Answer, Kind, Request
from personalize_gitops.emulator.service.lifecycle import begin_update
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_WEEKLY = "rate(7 days)"


class Solution(Kind):
    """Immutable but for automatic training, incremental updates and the events configuration."""

    name = "Solution"
    arn_path = "solution"

    def check(self, region: Region, request: Request) -> None:
        """Recipe, group and configuration suit each other."""
        solution_config.check(region, request)

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """Defaults come back filled in (docs/service/1 §11.6)."""
        config = dict(request.get("solutionConfig", {}))
        recipe = recipe_of(request["recipeArn"])
        defaults = {p.name: p.default_text for p in recipe.parameters_of(ParameterKind.ALGORITHM) if p.settable}
        config["algorithmHyperParameters"] = {**defaults, **config.get("algorithmHyperParameters", {})}
        config.setdefault("featureTransformationParameters", {})
        automatic = request.get("performAutoTraining", True)
        if automatic:
            config.setdefault("autoTrainingConfig", {"schedulingExpression": _WEEKLY})
        if "hpoConfig" in config:
            config["hpoConfig"] = solution_config.prefixed(config["hpoConfig"])
        return record.showing(
            performHPO=request.get("performHPO", False),
            performAutoML=request.get("performAutoML", False),
            performAutoTraining=automatic,
            performIncrementalUpdate=request.get("performIncrementalUpdate", False),
            solutionConfig=config,
        )

    def became_active(self, region: Region, record: Record) -> None:
        """The first automatic training comes within an hour."""
        if record.fields["performAutoTraining"]:
            _schedule(region, record)

    def updated(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """The parts an update may change; a new events configuration replaces the old one entirely."""
        config = {**record.fields["solutionConfig"], **update.get("solutionUpdateConfig", {})}
        changed = record.showing(
            solutionConfig=config,
            **{name: update[name] for name in ("performAutoTraining", "performIncrementalUpdate") if name in update},
        )
        if changed.fields["performAutoTraining"]:
            config.setdefault("autoTrainingConfig", {"schedulingExpression": _WEEKLY})
        return changed

    def became_updated(self, region: Region, record: Record) -> None:
        """Switching automatic training on, or changing how often, starts the schedule anew (docs/service/2 §3.8)."""
        if not record.fields["performAutoTraining"]:
            region.put(record.knowing(schedule=None, rate=None))
        elif record.private.get("rate") != _rate(record):
            _schedule(region, record)

    def check_delete(self, region: Region, record: Record) -> None:
        """No campaign on it, no training under way (docs/service/3 §3.5)."""
        users = [campaign.arn for campaign in region.listed("Campaign", record.arn)]
        users += [campaign.arn for campaign in region.listed("Campaign") if _moves_to(campaign, record)]
        busy = [version.arn for version in region.listed("SolutionVersion", record.arn) if version.transient]
        if users or busy:
            raise in_use(f"Solution {record.arn} is in use by {', '.join([*users, *busy])}.")

    def deleted(self, region: Region, record: Record) -> None:
        """Its versions go along."""
        for version in list(region.listed("SolutionVersion", record.arn)):
            region.remove(version)

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """With the newest version inside."""
        newest = region.page("SolutionVersion", record.arn, 0, 1, newest_first=True)
        if not newest:
            return record.fields
        return {**record.fields, "latestSolutionVersion": summary(region, KINDS["SolutionVersion"], newest[0])}

    def happen(self, region: Region, record: Record, event: Event) -> None:
        """A moment of the training schedule."""
        if event.number == record.private.get("schedule") and not record.transient:
            _train_if_due(region, record, event.due)


def _moves_to(campaign: Record, solution: Record) -> bool:
    """Whether an update under way takes a campaign to a version of this solution."""
    version = campaign.fields.get("latestCampaignUpdate", {}).get("solutionVersionArn", "")
    return campaign.updating and arns.without_last_segment(version) == solution.arn


def update_solution(region: Region, request: Request) -> Answer:
    """Change automatic training, incremental updates, the events configuration; nothing else (docs/service/4 §1.2)."""
    solution = region.find("Solution", request["solutionArn"])
    check_ready(region, operations()["UpdateSolution"], "solutionArn", solution)
    if solution.updating:
        raise in_use(f"Solution {solution.arn} is {state_of(solution)}.")
    wanted = {name: value for name, value in request.items() if name != "solutionArn"}
    if not wanted:
        raise invalid("There is nothing to update.")
    config = wanted.get("solutionUpdateConfig", {})
    solution_config.check_changeable(recipe_of(solution.fields["recipeArn"]), config, wanted)
    begin_update(region, _SOLUTION, solution, "latestSolutionUpdate", wanted)
    return {"solutionArn": solution.arn}


def _schedule(region: Region, solution: Record) -> None:
    """Plan the first training of a schedule; versions made by hand until then make it superfluous."""
    due = region.now + region.settings.first_training_after.total_seconds()
    number = region.agenda.plan(due, solution.number, "train")
    region.put(solution.knowing(schedule=number, first_since=region.now, rate=_rate(solution)))


def _train_if_due(region: Region, solution: Record, due: float) -> None:
    """Train if new interactions came since the last training, then plan the next look (docs/service/2 §8.1)."""
    versions = list(region.listed("SolutionVersion", solution.arn))
    since = solution.private.get("first_since")
    made_by_hand = since is not None and any(version.fields["creationDateTime"] >= since for version in versions)
    last = max((version.fields["creationDateTime"] for version in versions), default=float("-inf"))
    group, recipe = solution.fields["datasetGroupArn"], recipe_of(solution.fields["recipeArn"])
    if not made_by_hand and training.newest_interaction_arrival(region, group, recipe) > last:
        _train(region, solution)
    # Counted from the start of the first training, so that the hour of the day stays the same.
    number = region.agenda.plan(due + timedelta(days=_rate(solution)).total_seconds(), solution.number, "train")
    region.put(solution.knowing(schedule=number, first_since=None))


def _train(region: Region, solution: Record) -> None:
    kind = KINDS["SolutionVersion"]
    request = {
        "solutionArn": solution.arn,
        "trainingMode": region.settings.automatic_training_mode,
        "trainingType": "AUTOMATIC",
    }
    start(region, kind, kind.arn(region, request), request, (solution.arn,))


def _rate(solution: Record) -> int:
    return solution_config.days(solution.fields["solutionConfig"]["autoTrainingConfig"]["schedulingExpression"])


_SOLUTION = Solution()
Solution.operations = {"UpdateSolution": update_solution}
