"""Campaign: an endpoint for one solution version, or always for the newest one (docs/service/2 §3.10).

A campaign that follows the newest version has `syncWithLatestSolutionVersion` set in its configuration.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.catalog.rules.campaigns import campaign_problems
from personalize_gitops.emulator.errors import in_use, invalid, not_found
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.crud import check_active, state_of
from personalize_gitops.emulator.service.kind import Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_update
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import ACTIVE, DELETE_IN_PROGRESS, DELETE_PENDING, FAILED, Record
from personalize_gitops.emulator.state.region import Region

_SYNC = "syncWithLatestSolutionVersion"


class Campaign(Kind):
    """A campaign. It is listed under the solution of its version and counts for the group of that solution.

    The private value `by_itself` marks that the last update was a move to the newest version, not a call.
    """

    name = "Campaign"
    arn_path = "campaign"

    def group_of(self, region: Region, request: Request) -> str:
        """Return the group of the solution."""
        solution = region.find("Solution", arns.without_last_segment(request["solutionVersionArn"]))
        return str(solution.fields["datasetGroupArn"])

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a version that is not ACTIVE, and a configuration that its recipe does not support."""
        version = resolve_version(region, request["solutionVersionArn"], "CreateCampaign")
        _check_config(region, version, request)

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Replace `$LATEST` by the version, and add the default throughput of one request a second."""
        version = resolve_version(region, request["solutionVersionArn"], "CreateCampaign")
        record = record.with_fields(
            solutionVersionArn=version.arn, minProvisionedTPS=request.get("minProvisionedTPS", 1)
        )
        return _with_parents(region, record)

    def after_create(self, region: Region, record: Record) -> None:
        """Move to a version that became ACTIVE during the creation."""
        follow_newest_version(region, record)

    def apply_update(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """Apply the new configuration; a campaign that was CREATE FAILED has no failure any more."""
        return _with_parents(region, super().apply_update(region, record, update).with_fields(failureReason=None))

    def after_update(self, region: Region, record: Record) -> None:
        """Move to a version that became ACTIVE during the update."""
        follow_newest_version(region, record)

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Return the fields. How Describe shows a followed version is not documented (docs/service/2 §3.10)."""
        if "by_itself" in record.private and not region.settings.sync_is_seen_as_update:
            record = record.with_fields(latestCampaignUpdate=None)
        if region.settings.synced_campaign_shows_latest and _follows(record):
            solution = arns.without_last_segment(record.fields["solutionVersionArn"])
            return {**record.fields, "solutionVersionArn": f"{solution}/{arns.LATEST}"}
        return record.fields


def update_campaign(region: Region, request: Request) -> Response:
    """Start a change of version, throughput or configuration. Members not sent stay (docs/service/4 §1.2)."""
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
        if _follows(campaign) and config.get(_SYNC):
            asked = f"{arns.without_last_segment(asked)}/{arns.LATEST}"
    version = resolve_version(region, asked, "UpdateCampaign")
    _check_config(region, version, {**request, "solutionVersionArn": asked, "campaignConfig": config})
    wanted: dict[str, Any] = {
        "solutionVersionArn": version.arn,
        "minProvisionedTPS": request.get("minProvisionedTPS", campaign.fields["minProvisionedTPS"]),
    }
    if config:
        wanted["campaignConfig"] = config
    begin_update(region, campaign.with_private(by_itself=None), wanted)
    return {"campaignArn": campaign.arn}


def follow_newest_version(region: Region, campaign: Record) -> None:
    """Start a move to the newest ACTIVE version, if the campaign follows it and is idle (docs/service/2 §5)."""
    if not _follows(campaign) or campaign.status != ACTIVE or campaign.updating:
        return
    newest = _newest_version(region, arns.without_last_segment(campaign.fields["solutionVersionArn"]))
    if newest is None or newest.arn == campaign.fields["solutionVersionArn"]:
        return
    kept = {name: campaign.fields[name] for name in ("minProvisionedTPS", "campaignConfig")}
    begin_update(region, campaign.with_private(by_itself=True), {"solutionVersionArn": newest.arn, **kept})


def resolve_version(region: Region, version_arn: str, operation: str) -> Record:
    """Return the ACTIVE version with an ARN; for `<solution>/$LATEST` the newest ACTIVE one. Refuse any other."""
    if arns.last_segment(version_arn) != arns.LATEST:
        version = region.find("SolutionVersion", version_arn)
        check_active(region, operations()[operation], "solutionVersionArn", version)
        check_solution_not_deleting(region, version_arn)
        return version
    check_solution_not_deleting(region, version_arn)
    solution = region.find("Solution", arns.without_last_segment(version_arn))
    newest = _newest_version(region, solution.arn)
    if newest is not None:
        return newest
    if any(version.transient for version in region.listed("SolutionVersion", solution.arn)):
        raise in_use(f"Solution {solution.arn} has no ACTIVE solution version yet.")
    raise not_found(version_arn)


def check_solution_not_deleting(region: Region, version_arn: str) -> None:
    """Refuse to use a version whose solution is being deleted."""
    solution = region.find("Solution", arns.without_last_segment(version_arn))
    if solution.status in (DELETE_PENDING, DELETE_IN_PROGRESS):
        raise in_use(f"Solution {solution.arn} is in state {solution.status}.")


def _newest_version(region: Region, solution: str) -> Record | None:
    """Return the ACTIVE version of a solution whose training started last."""
    active = [version for version in region.listed("SolutionVersion", solution) if version.status == ACTIVE]
    return active[-1] if active else None


def _check_config(region: Region, version: Record, request: Request) -> None:
    """Refuse a configuration that the recipe of the version does not support (docs/service/2 §3.10)."""
    asked, config = request["solutionVersionArn"], request.get("campaignConfig", {})
    if config.get(_SYNC) and arns.last_segment(asked) != arns.LATEST:
        raise invalid(f"{_SYNC} needs solutionVersionArn in the form SolutionArn/{arns.LATEST}.")
    group = known_group(region, version.fields["datasetGroupArn"])
    refuse_first(region.settings, campaign_problems(recipe_of(version.fields["recipeArn"]), request, group))


def _follows(campaign: Record) -> bool:
    """Return whether a campaign follows the newest version."""
    return bool(campaign.fields.get("campaignConfig", {}).get(_SYNC))


def _with_parents(region: Region, record: Record) -> Record:
    """Return a campaign listed under the solution of its present version, and under the group."""
    solution = region.find("Solution", arns.without_last_segment(record.fields["solutionVersionArn"]))
    return replace(record, parents=(solution.arn, solution.fields["datasetGroupArn"]))


Campaign.operations = {"UpdateCampaign": update_campaign}
