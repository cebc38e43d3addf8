"""A campaign: an endpoint for one solution version, or for whichever is the newest (docs/service/2 §3.10)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.catalog.recipes import ParameterKind
from personalize_gitops.emulator.errors import in_use, invalid, not_found
from personalize_gitops.emulator.operations import solution_config
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.crud import check_ready, state_of
from personalize_gitops.emulator.service.kind import Answer, Kind, Request
from personalize_gitops.emulator.service.lifecycle import begin_update
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import ACTIVE, DELETE_IN_PROGRESS, DELETE_PENDING, FAILED, Record
from personalize_gitops.emulator.state.region import Region

_SYNC = "syncWithLatestSolutionVersion"


class Campaign(Kind):
    """Listed under the solution of its version, and counted under that one's group."""

    name = "Campaign"
    arn_path = "campaign"

    def group_of(self, region: Region, request: Request) -> str:
        """The group of the solution."""
        solution = region.find("Solution", arns.without_last_segment(request["solutionVersionArn"]))
        return str(solution.fields["datasetGroupArn"])

    def check(self, region: Region, request: Request) -> None:
        """The version can be served, and the configuration suits its recipe."""
        version = resolve(region, request["solutionVersionArn"], "CreateCampaign")
        check_config(version, request["solutionVersionArn"], request.get("campaignConfig", {}))

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """At least one request a second is provided for, asked or not."""
        version = resolve(region, request["solutionVersionArn"], "CreateCampaign")
        record = record.showing(solutionVersionArn=version.arn, minProvisionedTPS=request.get("minProvisionedTPS", 1))
        return _placed(region, record)

    def became_active(self, region: Region, record: Record) -> None:
        """A version may have come while the campaign was made."""
        follow(region, record)

    def updated(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """From now on the new configuration serves."""
        return _placed(region, super().updated(region, record, update).showing(failureReason=None))

    def became_updated(self, region: Region, record: Record) -> None:
        """A version may have come while the update ran."""
        follow(region, record)

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """What a synced campaign shows as its version is not documented (docs/service/2 §3.10)."""
        if "by_itself" in record.private and not region.settings.sync_is_seen_as_update:
            record = record.showing(latestCampaignUpdate=None)
        if region.settings.synced_campaign_shows_latest and _synced(record.fields):
            solution = arns.without_last_segment(record.fields["solutionVersionArn"])
            return {**record.fields, "solutionVersionArn": f"{solution}/{arns.LATEST}"}
        return record.fields


def update_campaign(region: Region, request: Request) -> Answer:
    """Change version, throughput or configuration; what is not sent stays (docs/service/4 §1.2)."""
    campaign = region.find("Campaign", request["campaignArn"])
    if campaign.status not in (ACTIVE, FAILED) or campaign.updating:
        raise in_use(f"Campaign {campaign.arn} is {state_of(campaign)}.")
    present = campaign.fields.get("campaignConfig", {})
    config = request.get("campaignConfig", present)
    if region.settings.campaign_config_is_merged:
        config = {**present, **config}
    asked = request.get("solutionVersionArn")
    if asked is None:
        asked = campaign.fields["solutionVersionArn"]
        if _synced(campaign.fields) and config.get(_SYNC):
            asked = f"{arns.without_last_segment(asked)}/{arns.LATEST}"
    version = resolve(region, asked, "UpdateCampaign")
    check_config(version, asked, config)
    wanted = {
        "solutionVersionArn": version.arn,
        "minProvisionedTPS": request.get("minProvisionedTPS", campaign.fields["minProvisionedTPS"]),
        "campaignConfig": config or None,
    }
    told = {name: value for name, value in wanted.items() if value is not None}
    begin_update(region, _CAMPAIGN, campaign.knowing(by_itself=None), "latestCampaignUpdate", told)
    return {"campaignArn": campaign.arn}


def follow(region: Region, campaign: Record) -> None:
    """Move a synced campaign to the newest ACTIVE version of its solution (docs/service/2 §5)."""
    if not _synced(campaign.fields) or campaign.status != ACTIVE or campaign.updating:
        return
    newest = newest_version(region, arns.without_last_segment(campaign.fields["solutionVersionArn"]))
    if newest is None or newest.arn == campaign.fields["solutionVersionArn"]:
        return
    kept = {name: campaign.fields[name] for name in ("minProvisionedTPS", "campaignConfig")}
    wanted = {"solutionVersionArn": newest.arn, **kept}
    begin_update(region, _CAMPAIGN, campaign.knowing(by_itself=True), "latestCampaignUpdate", wanted)


def resolve(region: Region, version_arn: str, operation: str) -> Record:
    """The version an ARN means, which has to be ACTIVE; `<solution>/$LATEST` means the newest one that is."""
    if arns.last_segment(version_arn) != arns.LATEST:
        version = region.find("SolutionVersion", version_arn)
        check_ready(region, operations()[operation], "solutionVersionArn", version)
        check_solution_stays(region, version_arn)
        return version
    check_solution_stays(region, version_arn)
    solution = region.find("Solution", arns.without_last_segment(version_arn))
    newest = newest_version(region, solution.arn)
    if newest is not None:
        return newest
    if any(version.transient for version in region.listed("SolutionVersion", solution.arn)):
        raise in_use(f"Solution {solution.arn} has no ACTIVE solution version yet.")
    raise not_found(version_arn)


def check_solution_stays(region: Region, version_arn: str) -> None:
    """Refuse to build on a version that is about to go with its solution."""
    solution = region.find("Solution", arns.without_last_segment(version_arn))
    if solution.status in (DELETE_PENDING, DELETE_IN_PROGRESS):
        raise in_use(f"Solution {solution.arn} is in state {solution.status}.")


def newest_version(region: Region, solution: str) -> Record | None:
    """The version of a solution that was started last of those that are ACTIVE."""
    active = [version for version in region.listed("SolutionVersion", solution) if version.status == ACTIVE]
    return active[-1] if active else None


def check_config(version: Record, asked: str, config: Mapping[str, Any]) -> None:
    """Refuse a configuration the version's recipe does not know (docs/service/2 §3.10)."""
    recipe = recipe_of(version.fields["recipeArn"])
    if not recipe.real_time:
        raise invalid(f"Recipe {recipe.name} has no real-time recommendations; use a batch segment job.")
    if config.get(_SYNC) and arns.last_segment(asked) != arns.LATEST:
        raise invalid(f"{_SYNC} needs solutionVersionArn in the form SolutionArn/{arns.LATEST}.")
    solution_config.check_exploration(recipe, config.get("itemExplorationConfig") or {})
    if config.get("rankingInfluence") and not recipe.parameters_of(ParameterKind.RANKING):
        raise invalid(f"rankingInfluence is not supported by recipe {recipe.name}.")


def _synced(fields: Mapping[str, Any]) -> bool:
    return bool(fields.get("campaignConfig", {}).get(_SYNC))


def _placed(region: Region, record: Record) -> Record:
    solution = region.find("Solution", arns.without_last_segment(record.fields["solutionVersionArn"]))
    return replace(record, parents=(solution.arn, solution.fields["datasetGroupArn"]))


_CAMPAIGN = Campaign()
Campaign.operations = {"UpdateCampaign": update_campaign}
