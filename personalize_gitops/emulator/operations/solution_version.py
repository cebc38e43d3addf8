"""A solution version: one training, started by a call or by automatic training (docs/service/2 §3.9, 4 §4.4)."""

from dataclasses import replace

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import already_exists, in_use, invalid
from personalize_gitops.emulator.operations import campaign
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.kind import Answer, Kind, Request
from personalize_gitops.emulator.service.lifecycle import begin_stop
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import ACTIVE, IN_PROGRESS, PENDING, Record
from personalize_gitops.emulator.state.region import Region

# What a version takes over from its solution at the moment training starts (docs/service/4 §2.7).
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
    """Every creation makes a new one; it goes only with its solution."""

    name = "SolutionVersion"
    arn_path = "solution"

    def arn(self, region: Region, request: Request) -> str:
        """The solution's ARN and eight digits."""
        return f"{request['solutionArn']}/{arns.drawn_id(region.settings.seed, region.counter + 1)}"

    def check(self, region: Region, request: Request) -> None:
        """The mode has to be one the recipe knows, and a name may be given once (docs/service/2 §3.9)."""
        solution = region.find("Solution", request["solutionArn"])
        mode = request.get("trainingMode", "FULL")
        if mode == "AUTOTRAIN":
            raise invalid("trainingMode AUTOTRAIN is set by the service.")
        if mode == "UPDATE":
            if not recipe_of(solution.fields["recipeArn"]).update_mode:
                raise invalid(f"trainingMode UPDATE is not supported by {solution.fields['recipeArn']}.")
            if not any(v.status == ACTIVE and v.fields["trainingMode"] == "FULL" for v in _versions(region, solution)):
                raise invalid("trainingMode UPDATE needs an ACTIVE solution version trained with mode FULL.")
        named = "name" in request and region.settings.version_names_are_unique
        for version in _versions(region, solution) if named else ():
            if version.fields.get("name") == request["name"]:
                raise already_exists(version.arn)

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The configuration of the solution as it is now."""
        solution = region.find("Solution", request["solutionArn"])
        copied = {name: solution.fields[name] for name in _COPIED if name in solution.fields}
        record = replace(record, parents=(solution.arn, solution.fields["datasetGroupArn"]))
        told = {"trainingMode": "FULL", "trainingType": "MANUAL", **record.fields}
        return record.showing(**copied, **told)

    def begun(self, region: Region, record: Record) -> None:
        """Training needs enough data at the moment it starts; what arrives later does not help."""
        training.check_data(region, record)

    def finished(self, region: Region, record: Record) -> Record:
        """What it took is told after success only."""
        chosen = training.tuned(record)
        return record.showing(
            trainingHours=round(region.settings.seconds(self.name, Transition.CREATE) / 3600, 3),
            tunedHPOParams={"algorithmHyperParameters": chosen} if chosen else None,
        )

    def became_active(self, region: Region, record: Record) -> None:
        """Campaigns that follow the newest version move to it."""
        for follower in list(region.listed("Campaign", record.fields["solutionArn"])):
            campaign.follow(region, follower)


def stop(region: Region, request: Request) -> Answer:
    """StopSolutionVersionCreation: only while it is pending or in progress."""
    version = region.find("SolutionVersion", request["solutionVersionArn"])
    if version.status not in (PENDING, IN_PROGRESS):
        raise in_use(f"Solution version {version.arn} is in state {version.status}; there is nothing to stop.")
    begin_stop(region, version)
    return {}


def metrics(region: Region, request: Request) -> Answer:
    """GetSolutionMetrics: once training has succeeded (docs/service/4 §1.4)."""
    version = region.find("SolutionVersion", request["solutionVersionArn"])
    if version.transient:
        raise in_use(f"Solution version {version.arn} is in state {version.status}.")
    if version.status != ACTIVE:
        raise invalid(f"Solution version {version.arn} is in state {version.status} and has no metrics.")
    return {"solutionVersionArn": version.arn, "metrics": training.metrics(version)}


def _versions(region: Region, solution: Record) -> list[Record]:
    return list(region.listed("SolutionVersion", solution.arn))


SolutionVersion.operations = {"StopSolutionVersionCreation": stop, "GetSolutionMetrics": metrics}
