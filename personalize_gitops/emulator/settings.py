"""The settings of an emulator: account, quotas, durations, and a switch for each question that the sources leave open.

The default of a switch is the most plausible reading of the sources; its comment names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from personalize_gitops.catalog.durations import Transition, usual_duration
from personalize_gitops.catalog.quotas import QUOTAS, Quota


@dataclass(frozen=True)
class Settings:
    """The choices made when an emulator is created."""

    account: str = "123456789012"  # of requests whose credentials belong to no known account
    seed: str = "emulator"  # the generated ids of solution versions and event trackers are derived from it
    quotas: Mapping[str, int] = field(default_factory=dict)  # by name of a quota or kind; overrides catalog.quotas
    durations: Mapping[tuple[str, Transition], timedelta] = field(default_factory=dict)  # overrides catalog.durations
    instant: bool = False  # every transition takes no time; schedules, such as automatic training, keep their times
    # Requests of the control plane that a region answers in a second; more get ThrottlingException. The limits of the
    # service are not published (docs/service/4 §4.6). None: no limit.
    calls_per_second: float | None = None
    # Whether requests to the runtime and events services are throttled at the rates of the guide, which are quotas
    # (docs/service/3 §13.2, §13.3). Off by default: a test puts its data while no time passes.
    rates_enforced: bool = False
    # Whether a role must exist, trust the service and grant access to the data (docs/service/1 §5). Off by default:
    # most local accounts have no roles, although the manifests name the roles they need in AWS.
    roles_enforced: bool = False
    # Whether the policies of a caller's role or user must allow a request (docs/service/3 §11). Credentials that belong
    # to neither are those of an administrator.
    callers_enforced: bool = False

    # The share of a transition that is spent PENDING; the rest is IN_PROGRESS. Not documented.
    pending_share: float = 0.1
    # The first automatic training starts within an hour of ACTIVE (docs/service/2 §8.1); the minute is not documented.
    first_training_after: timedelta = timedelta(minutes=30)
    # The trainingMode of automatic versions: FULL, or AUTOTRAIN, which no source explains (docs/service/4 §2.7).
    automatic_training_mode: str = "FULL"

    # When filters and real-time personalization see streamed events, and when filters see imported rows and put items,
    # users and actions, at the latest: within seconds, and within 20 minutes (docs/service/3 §1.1). With `instant`, at
    # once.
    events_are_seen_after: timedelta = timedelta(seconds=1)
    rows_are_seen_after: timedelta = timedelta(minutes=20)

    # The error code for a request that breaks its shape: this one, or ValidationException (docs/service/4 §4.6).
    shape_error: str = "InvalidInputException"
    # CreateFilter declares no ResourceInUseException. True: a dataset group that is not ACTIVE is answered with
    # ResourceNotFoundException. False: with InvalidInputException (docs/service/4 §4.6).
    filters_do_not_find_unready_groups: bool = False
    # The error code for a second tracker or metric attribution in a group (docs/service/3 §2.1). True:
    # LimitExceededException. False: ResourceAlreadyExistsException.
    second_of_its_kind_is_a_limit: bool = False
    # A list under an unknown parent. True: always ResourceNotFoundException. False: an empty page, unless the operation
    # declares ResourceNotFoundException (docs/service/4 §1.5).
    lists_of_unknown_parents_fail: bool = False
    # The error code for starting a recommender that is not INACTIVE, or stopping one that is not ACTIVE. True:
    # InvalidInputException. False: ResourceInUseException (docs/service/4 §4.3).
    wrong_run_state_is_invalid: bool = False
    # PutEvents declares no ResourceNotFoundException. True: events with an unknown tracking id are dropped. False: they
    # are refused as invalid (docs/service/4 §6.1).
    unknown_trackers_are_ignored: bool = False

    # A request for 0 results, which the shape allows. True: it gets the default number. False: none
    # (docs/service/4 §6.2).
    zero_results_are_the_default: bool = False
    # Whether a filterValues entry without a parameter in the filter, or without a filter, is refused
    # (docs/service/3 §4.5).
    unknown_filter_values_fail: bool = True
    # Whether context with a column that the Interactions schema lacks is refused (docs/service/2 §10.7).
    unknown_context_fails: bool = True
    # Whether the number of promoted items, a percentage of numResults, is rounded up (docs/service/2 §10.4).
    promotions_round_up: bool = False
    # The keys of the metadata of a result. True: in lower case. False: as in the request (docs/service/2 §10.8).
    metadata_keys_are_lower_case: bool = False

    # The statuses of batch jobs. True: PENDING and IN PROGRESS, as guide and service model have printed them since 2020
    # (docs/service/4 §4.1). False: CREATE PENDING and CREATE IN_PROGRESS, which the service answered in November 2021,
    # the newest source (docs/service/4 §9).
    batch_jobs_lack_create: bool = False
    # Whether batch jobs also write an empty object `_CHECK` to their output folder. The guide does not mention it.
    batch_jobs_write_check: bool = True
    # The statuses of a metric attribution during an update. Not documented; a client that waits recognizes these words
    # (docs/service/4 §1.2).
    attribution_update_statuses: tuple[str, str] = ("UPDATE PENDING", "UPDATE IN_PROGRESS")
    # Whether a finished update in place changes lastUpdatedDateTime of the resource itself (docs/service/4 §8).
    updates_touch_the_parent: bool = True
    # The solutionVersionArn of a campaign that follows the newest version. True: `<solution>/$LATEST`. False: the ARN
    # of the version it serves (docs/service/2 §3.10).
    synced_campaign_shows_latest: bool = False
    # Whether Describe shows latestCampaignUpdate when a campaign moves to the newest version by itself. The guide says
    # yes, the service model suggests no (docs/service/2 §3.10).
    sync_is_seen_as_update: bool = True
    # Whether the weekly training of a recommender shows as latestRecommenderUpdate. False: only its
    # lastUpdatedDateTime changes (docs/service/2 §5).
    retraining_is_seen_as_update: bool = False
    # The campaignConfig of an update. True: it is merged into the old one. False: it replaces the old one
    # (docs/service/4 §1.2).
    campaign_config_is_merged: bool = False
    # Whether DescribeSchema returns the text without white space, instead of as it was sent (docs/service/4 §2.2).
    schema_text_is_compacted: bool = False
    # The end of a tracker's ARN. True: its name, as printed in the guide. False: eight digits, as in samples of real
    # accounts (docs/service/4 §3).
    tracker_arn_has_name: bool = False

    # Whether a tracker can be created only if the group has an Interactions dataset; PutEvents needs the dataset in any
    # case (docs/service/2 §3.6).
    trackers_need_interactions: bool = False
    # Whether performHPO needs hpoConfig with all three lists of ranges, as the guide says (docs/service/1 §14). False:
    # as the service answered, lists are needed only where one is given (docs/service/4 §9).
    hpo_needs_ranges: bool = False
    # Whether eventValueThreshold needs eventType. The guide's text has the two together, its example has a threshold
    # alone, which then applies to every event type (docs/service/2 §8.5).
    thresholds_need_event_type: bool = False
    # Whether a training fails if the event types of the interactions and their own columns are more than 10 together.
    # The guide has the limit among its quotas, and says that the training may fail (docs/service/3 §3.1, §13.4).
    too_many_event_types_fail: bool = True
    # Whether DescribeSolution fills in the defaults of hyperparameters for every recipe. False: as the service
    # answered, only for recipes of version 2, for which the guide shows it (docs/service/1 §11.6, docs/service/4 §9).
    solutions_show_defaults: bool = False
    # What becomes of the import jobs of a deleted dataset. True: they stay, and their names stay taken. False: as the
    # service answered, they are deleted with it (docs/service/4 §9).
    import_jobs_outlive_their_dataset: bool = False
    # UpdateRecommender with the configuration that it has. True: accepted, and nothing happens (docs/service/2 §3.7).
    # False: as the service answered, refused (docs/service/4 §9).
    recommenders_accept_no_change: bool = False
    # Whether the names of solution versions are unique within their solution (docs/service/4 §1.1).
    version_names_are_unique: bool = True
    # Whether one update can remove a metric and add another one of the same name (docs/service/3 §5.3).
    metrics_can_be_swapped: bool = True
    # Whether the reports on streamed events are also written to S3, if the attribution has a folder. The guide names
    # CloudWatch for them, and S3 for imports that ask for it (docs/service/3 §5.2).
    streamed_events_are_reported_to_s3: bool = True
    # Whether filters and metric attributions prevent the deletion of their group. Not documented (docs/service/3 §3.5).
    filters_block_group_deletion: bool = True
    # Whether CreateDatasetImportJob needs roleArn. The guide requires it, the model does not (docs/service/4 §7).
    import_needs_role: bool = True

    # Whether the columns of a CSV file must have the order of the schema. docs/service/1 §7.9 says yes,
    # docs/service/2 §7.3 requires their names alone.
    csv_order_matters: bool = False
    # Whether a CSV file with columns that the schema lacks is refused. The service has a message for missing columns
    # but none for extra ones, which suggests that it ignores them.
    csv_extra_columns_fail: bool = False
    # Whether an import fails if the names of columns are in quotes, a time is in milliseconds, a text has a line break,
    # or a value is a reserved keyword. The guide forbids each of them and does not say what happens (docs/service/1
    # §7.8 and §10).
    csv_quoted_headers_fail: bool = False
    csv_milliseconds_fail: bool = False
    csv_line_breaks_fail: bool = False
    csv_reserved_words_fail: bool = False
    # Whether an import fails if VALUE of an action is not from 1 to 10, or REPEAT_FREQUENCY not from 1 to 30. The guide
    # names the ranges and no consequence (docs/service/1 §8.4).
    action_values_out_of_range_fail: bool = True

    def limit(self, quota: Quota | str) -> int:
        """Return the value of a quota, given by itself or by its name."""
        found = QUOTAS[quota] if isinstance(quota, str) else quota
        return self.quotas.get(found.name, self.quotas.get(found.kind or "", found.default))

    @property
    def events_delay(self) -> float:
        """The seconds until streamed events are seen."""
        return 0.0 if self.instant else self.events_are_seen_after.total_seconds()

    @property
    def rows_delay(self) -> float:
        """The seconds until other new rows are seen."""
        return 0.0 if self.instant else self.rows_are_seen_after.total_seconds()

    def seconds(self, kind: str, transition: Transition) -> float:
        """Return how long a transition of a kind takes."""
        chosen = self.durations.get((kind, transition))
        if chosen is not None:
            return chosen.total_seconds()
        usual = None if self.instant else usual_duration(kind, transition)
        return usual.typical.total_seconds() if usual else 0.0
