"""DatasetGroup: contains all other resources; recommenders need one with a domain (docs/service/2 §1.1, §3.1)."""

from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_BLOCKERS = ("EventTracker", "Solution", "Dataset", "Recommender")  # docs/service/3 §3.5
_UNDOCUMENTED_BLOCKERS = ("Filter", "MetricAttribution")


class DatasetGroup(Kind):
    """A dataset group. It has no updates."""

    name = "DatasetGroup"
    arn_path = "dataset-group"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a KMS key without a role and a role without a key (docs/service/2 §3.1)."""
        if ("kmsKeyArn" in request) != ("roleArn" in request):
            raise invalid("roleArn and kmsKeyArn have to be given together.")

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a group that contains resources."""
        kinds = _BLOCKERS + (_UNDOCUMENTED_BLOCKERS if region.settings.filters_block_group_deletion else ())
        contained = [child.arn for kind in kinds for child in region.listed(kind, record.arn)]
        if contained:
            raise in_use(f"Dataset group {record.arn} still contains {', '.join(contained)}.")

    def delete_children(self, region: Region, record: Record) -> None:
        """Remove filters and metric attributions, if they did not prevent the deletion."""
        for kind in _UNDOCUMENTED_BLOCKERS:
            for child in list(region.listed(kind, record.arn)):
                region.remove(child)
