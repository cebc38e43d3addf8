"""A dataset group: what holds everything else; with a domain also recommenders (docs/service/2 §1.1, §3.1)."""

from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_BLOCKERS = ("EventTracker", "Solution", "Dataset", "Recommender")  # docs/service/3 §3.5
_DOUBTFUL_BLOCKERS = ("Filter", "MetricAttribution")


class DatasetGroup(Kind):
    """Nothing of it can change."""

    name = "DatasetGroup"
    arn_path = "dataset-group"

    def check(self, region: Region, request: Request) -> None:
        """A key needs a role and a role is only for a key (docs/service/2 §3.1)."""
        if ("kmsKeyArn" in request) != ("roleArn" in request):
            raise invalid("roleArn and kmsKeyArn have to be given together.")

    def check_delete(self, region: Region, record: Record) -> None:
        """What it holds has to be gone first."""
        kinds = _BLOCKERS + (_DOUBTFUL_BLOCKERS if region.settings.filters_block_group_deletion else ())
        held = [child.arn for kind in kinds for child in region.listed(kind, record.arn)]
        if held:
            raise in_use(f"Dataset group {record.arn} still holds {', '.join(held)}.")

    def deleted(self, region: Region, record: Record) -> None:
        """What did not stand in the way goes along."""
        for kind in _DOUBTFUL_BLOCKERS:
            for child in list(region.listed(kind, record.arn)):
                region.remove(child)
