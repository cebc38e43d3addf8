"""SolutionVersion: one training of a solution, started by a call or automatically (docs/service/2 §3.9, 4 §4.4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.catalog.rules.solutions import version_problems
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import already_exists, in_use, invalid
from personalize_gitops.emulator.operations import models
from personalize_gitops.emulator.operations.campaign import follow_newest_version
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.kind import Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_stop
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import ACTIVE, IN_PROGRESS, PENDING, Record
from personalize_gitops.emulator.state.region import Region

# The fields that a version copies from its solution when it is created (docs/service/4 §2.7).
_COPIED = (
    "performHPO",
    "performAutoML",
    "performIncrementalUpdate",
    "recipeArn",
    "eventType",
    "datasetGroupArn",
    "solutionConfig",
)


class SolutionVersion(Kind):
    """A solution version. Every creation makes a new one; it is deleted with its solution only."""

    name = "SolutionVersion"
    arn_path = "solution"

    def new_arn(self, region: Region, request: Request) -> str:
        """Return the ARN of the solution with eight digits."""
        return f"{request['solutionArn']}/{arns.generated_id(region.settings.seed, region.counter + 1)}"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a training mode that the recipe does not support, and a name in use (docs/service/2 §3.9)."""
        solution = region.find("Solution", request["solutionArn"])
        mode = request.get("trainingMode", "FULL")
        if mode == "AUTOTRAIN":
            raise invalid("trainingMode AUTOTRAIN is set by the service.")
        refuse_first(region.settings, version_problems(recipe_of(solution.fields["recipeArn"]), request))
        if mode == "UPDATE" and not any(_is_full(version) for version in _versions(region, solution)):
            raise invalid("trainingMode UPDATE needs an ACTIVE solution version trained with mode FULL.")
        if "name" in request and region.settings.version_names_are_unique:
            for version in _versions(region, solution):
                if version.fields.get("name") == request["name"]:
                    raise already_exists(version.arn)

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the configuration that the solution has now."""
        solution = region.find("Solution", request["solutionArn"])
        copied = {name: solution.fields[name] for name in _COPIED if name in solution.fields}
        own = {"trainingMode": "FULL", "trainingType": "MANUAL", **record.fields}
        record = replace(record, parents=(solution.arn, solution.fields["datasetGroupArn"]))
        return record.with_fields(**copied, **own)

    def begin_work(self, region: Region, record: Record) -> None:
        """Check that there are enough rows, and fix them; rows that arrive during the training do not count."""
        group = record.fields["datasetGroupArn"]
        training.check_data(region.settings, region.group_tables(group), record.fields, known_group(region, group))
        models.begin_training(region, record)

    def finish_work(self, region: Region, record: Record) -> Record:
        """Add the training hours and the tuned hyperparameters."""
        tuned = training.tuned_parameters(record.fields)
        return record.with_fields(
            trainingHours=round(region.settings.seconds(self.name, Transition.CREATE) / 3600, 3),
            tunedHPOParams={"algorithmHyperParameters": tuned} if tuned else None,
        )

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Return the fields; a version without a name has one that ends like its ARN (docs/service/4 §9)."""
        return {"name": record.arn.partition(":solution/")[2], **record.fields}

    def after_create(self, region: Region, record: Record) -> None:
        """Move the campaigns that follow the newest version."""
        for campaign in list(region.listed("Campaign", record.fields["solutionArn"])):
            follow_newest_version(region, campaign)


def stop(region: Region, request: Request) -> Response:
    """Stop a training that is pending or in progress."""
    version = region.find("SolutionVersion", request["solutionVersionArn"])
    if version.status not in (PENDING, IN_PROGRESS):
        raise in_use(f"Solution version {version.arn} is in state {version.status}; there is nothing to stop.")
    begin_stop(region, version)
    return {}


def metrics(region: Region, request: Request) -> Response:
    """Return the metrics of an ACTIVE version (docs/service/4 §1.4)."""
    version = region.find("SolutionVersion", request["solutionVersionArn"])
    if version.transient:
        raise in_use(f"Solution version {version.arn} is in state {version.status}.")
    if version.status != ACTIVE:
        raise invalid(f"Solution version {version.arn} is in state {version.status} and has no metrics.")
    return {"solutionVersionArn": version.arn, "metrics": models.metrics_of(region, version)}


def _is_full(version: Record) -> bool:
    return version.status == ACTIVE and bool(version.fields["trainingMode"] == "FULL")


def _versions(region: Region, solution: Record) -> list[Record]:
    return list(region.listed("SolutionVersion", solution.arn))


SolutionVersion.operations = {"StopSolutionVersionCreation": stop, "GetSolutionMetrics": metrics}
