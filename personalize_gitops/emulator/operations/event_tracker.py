"""EventTracker: has the tracking id that events are sent to; one in a dataset group (docs/service/2 §3.6)."""

from personalize_gitops.catalog.rules.trackers import tracker_problems
from personalize_gitops.emulator.errors import already_exists
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class EventTracker(Kind):
    """An event tracker. Every new tracker has a new tracking id."""

    name = "EventTracker"
    arn_path = "event-tracker"

    def new_arn(self, region: Region, request: Request) -> str:
        """Return a new ARN, which ends in eight digits instead of the name (docs/service/4 §3).

        If a tracker with this name exists, return its ARN, so that the creation is refused.
        """
        for tracker in region.listed(self.name):
            if tracker.fields["name"] == request["name"]:
                return tracker.arn
        if region.settings.tracker_arn_has_name:
            return super().new_arn(region, request)
        return region.arn(f"{self.arn_path}/{arns.generated_id(region.settings.seed, region.counter + 1)}")

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a second tracker in a group, and one in a group without interactions.

        The error code of the first is not documented (docs/service/4 §4.6).
        """
        group = request["datasetGroupArn"]
        refuse_first(region.settings, tracker_problems(known_group(region, group)))
        if not region.settings.second_of_its_kind_is_a_limit:
            for tracker in region.listed(self.name, group):
                raise already_exists(tracker.arn)

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the tracking id, which is also in the response to the creation."""
        tracking_id = arns.generated_uuid(region.settings.seed, record.number)
        return record.with_fields(trackingId=tracking_id, accountId=region.account)
