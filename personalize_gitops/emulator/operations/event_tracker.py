"""An event tracker: the address events are sent to, one in a group (docs/service/2 §3.6)."""

from personalize_gitops.emulator.errors import already_exists, invalid
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class EventTracker(Kind):
    """The ARN ends in eight digits, not the name (docs/service/4 §3); every new tracker has a new tracking id."""

    name = "EventTracker"
    arn_path = "event-tracker"

    def arn(self, region: Region, request: Request) -> str:
        """The ARN of the tracker of this name, if there is one, so that the clash is seen; otherwise a new one."""
        for tracker in region.listed(self.name):
            if tracker.fields["name"] == request["name"]:
                return tracker.arn
        if region.settings.tracker_arn_has_name:
            return super().arn(region, request)
        return region.arn(f"{self.arn_path}/{arns.drawn_id(region.settings.seed, region.counter + 1)}")

    def check(self, region: Region, request: Request) -> None:
        """A second tracker of a group is an error; which one is not said (docs/service/4 §4.6)."""
        group = request["datasetGroupArn"]
        if region.settings.trackers_need_interactions and "INTERACTIONS" not in region.group_datasets(group):
            raise invalid(f"Dataset group {group} has no Interactions dataset.")
        if not region.settings.second_of_its_kind_is_a_limit:
            for tracker in region.listed(self.name, group):
                raise already_exists(tracker.arn)

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The tracking id is there from the first moment, also in the answer to the creation."""
        return record.showing(trackingId=arns.drawn_uuid(region.settings.seed, record.number), accountId=region.account)
