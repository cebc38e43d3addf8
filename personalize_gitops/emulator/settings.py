"""What a user of the emulator may choose: quotas, durations, and one switch for each thing the sources leave open.

A switch has the value that reads best in the sources, and beside it why. All of them are here, none is elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from personalize_gitops.catalog.durations import Transition, usual_duration
from personalize_gitops.catalog.quotas import QUOTAS, Quota


@dataclass(frozen=True)
class Settings:
    """Everything that is decided when an emulator is made."""

    account: str = "123456789012"
    seed: str = "emulator"  # solution version and tracker ids are drawn from it
    quotas: Mapping[str, int] = field(default_factory=dict)  # by quota or kind name, overrides catalog.quotas
    durations: Mapping[tuple[str, Transition], timedelta] = field(default_factory=dict)  # overrides catalog.durations
    instant: bool = False  # nothing takes time; schedules, such as automatic training, keep theirs
    # Whether roles must exist, be assumable by the service and reach the data (docs/service/1 §5). Off, because a local
    # account seldom has them; manifests for AWS still need them.
    roles_enforced: bool = False

    # The part of a transition that is spent PENDING. Nothing is documented; both statuses are to be seen.
    pending_share: float = 0.1
    # The first automatic training starts within an hour of ACTIVE (docs/service/2 §8.1); which minute is not said.
    first_training_after: timedelta = timedelta(minutes=30)
    # The trainingMode of automatic versions: FULL, or the AUTOTRAIN nobody explains (docs/service/4 §2.7).
    automatic_training_mode: str = "FULL"

    # What answers a broken shape: the declared error, or a general ValidationException (docs/service/4 §4.6).
    shape_error: str = "InvalidInputException"
    # CreateFilter declares no ResourceInUse: a group in the making is invalid input or not found (docs/service/4 §4.6).
    filters_do_not_find_unready_groups: bool = False
    # A second tracker or metric attribution of a group: ResourceAlreadyExists or LimitExceeded (docs/service/3 §2.1).
    second_of_its_kind_is_a_limit: bool = False
    # An unknown parent in a list: an empty page, except where ResourceNotFound is declared (docs/service/4 §1.5).
    lists_of_unknown_parents_fail: bool = False
    # Starting what is not INACTIVE, stopping what is not ACTIVE: ResourceInUse, or invalid input (docs/service/4 §4.3).
    wrong_run_state_is_invalid: bool = False
    # PutEvents declares no ResourceNotFound: an unknown tracking id is invalid, or swallowed (docs/service/4 §6.1).
    unknown_trackers_are_ignored: bool = False

    # Statuses of batch jobs: as the guide's samples poll them, or without `CREATE ` (docs/service/4 §4.1).
    batch_jobs_lack_create: bool = False
    # The statuses of a metric attribution's update are not documented; a waiter needs these (docs/service/4 §1.2).
    attribution_update_statuses: tuple[str, str] = ("UPDATE PENDING", "UPDATE IN_PROGRESS")
    # Whether an update in place moves the parent's lastUpdatedDateTime when it is done (docs/service/4 §8).
    updates_touch_the_parent: bool = True
    # What the campaign of a synced version shows, the version it serves or `$LATEST` (docs/service/2 §3.10).
    synced_campaign_shows_latest: bool = False
    # A move to the newest version by itself: an update to see (guide), or none (model; docs/service/2 §3.10).
    sync_is_seen_as_update: bool = True
    # A weekly training of a recommender: an update to see, or newer timestamps and nothing else (docs/service/2 §5).
    retraining_is_seen_as_update: bool = False
    # A campaignConfig in an update replaces the old one, or is merged into it (docs/service/4 §1.2).
    campaign_config_is_merged: bool = False
    # DescribeSchema gives the text back as it came, or without white space (docs/service/4 §2.2).
    schema_text_is_compacted: bool = False
    # The end of a tracker's ARN: eight digits as in live samples, or its name as the guide prints (docs/service/4 §3).
    tracker_arn_has_name: bool = False

    # A tracker before an Interactions dataset exists: PutEvents needs one, the creation may not (docs/service/2 §3.6).
    trackers_need_interactions: bool = False
    # The name of a solution version: taken within its solution, or no more than a label (docs/service/4 §1.1).
    version_names_are_unique: bool = True
    # One call removes a metric and adds its name: removal comes first, or the name is taken (docs/service/3 §5.3).
    metrics_can_be_swapped: bool = True
    # A group with filters or metric attributions left: the guide is silent (docs/service/3 §3.5).
    filters_block_group_deletion: bool = True
    # CreateDatasetImportJob without roleArn: the guide requires what the model leaves optional (docs/service/4 §7).
    import_needs_role: bool = True

    # The order of CSV columns is that of the schema (docs/service/1 §7.9), or names alone count (docs/service/2 §7.3).
    csv_order_matters: bool = False
    # Columns the schema does not know: refused, or ignored as the service's message (only about missing ones) suggests.
    csv_extra_columns_fail: bool = False

    def limit(self, quota: Quota | str) -> int:
        """How many of something there may be here."""
        found = QUOTAS[quota] if isinstance(quota, str) else quota
        return self.quotas.get(found.name, self.quotas.get(found.kind or "", found.default))

    def seconds(self, kind: str, transition: Transition) -> float:
        """How long a transition of a kind takes here."""
        chosen = self.durations.get((kind, transition))
        if chosen is not None:
            return chosen.total_seconds()
        usual = None if self.instant else usual_duration(kind, transition)
        return usual.typical.total_seconds() if usual else 0.0
