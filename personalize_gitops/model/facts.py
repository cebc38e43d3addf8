"""Facts about a kind that a plan mentions: what a deletion destroys, how an object bills, what a change brings.

A kind's file uses these codes, `render/reasons.py` holds their sentences.
"""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class Fact(Code):
    """What the service does with objects of a kind. The kind that uses a fact names its source."""

    # What is destroyed with the object.
    LOSES_GROUP = (
        "loses_group",
        "Deleting a dataset group deletes its datasets, events, trained versions and endpoints.",
    )
    LOSES_DATA = "loses_data", "Deleting a dataset deletes its imported rows and streamed events."
    LOSES_USERS = "loses_users", "A data deletion removes every row of the users it names."
    LOSES_TRACKING_ID = "loses_tracking_id", "Deleting an event tracker deletes the tracking id that applications use."
    LOSES_METRICS = "loses_metrics", "Deleting a metric attribution deletes its metrics and their output."
    LOSES_VERSIONS = "loses_versions", "Deleting a solution deletes its trained versions."
    LOSES_ENDPOINT = "loses_endpoint", "Deleting a campaign or recommender deletes the endpoint that applications call."

    # How objects bill.
    BILLS_WHILE_EXISTING = "bills_while_existing", "A campaign bills by the hour until it is deleted."
    BILLS_WHILE_RUNNING = "bills_while_running", "A recommender bills by the hour until it is stopped."
    BILLS_EACH_TRAINING = "bills_each_training", "Each training is billed."
    BILLS_EACH_JOB = "bills_each_job", "Each batch job is billed."
    BILLS_AUTOMATIC_TRAINING = (
        "bills_automatic_training",
        "A solution trains automatically, and each training is billed.",
    )

    # Why members cannot change in place.
    RUNS_ONCE = "runs_once", "A run happens once and is never changed."
    NO_UPDATE = "no_update", "The service has no update operation for the kind."
    SCHEMA_IS_FIXED = "schema_is_fixed", "A schema never changes."
    UPDATE_TAKES_SCHEMA = "update_takes_schema", "Updating a dataset only changes its schema."
    UPDATE_TAKES_METRICS = "update_takes_metrics", "Updating a metric attribution only changes metrics and output."
    UPDATE_TAKES_TRAINING_SETTINGS = (
        "update_takes_training_settings",
        "Updating a solution only changes automatic training, incremental updates, events and the schedule.",
    )
    UPDATE_TAKES_RECOMMENDER_CONFIG = (
        "update_takes_recommender_config",
        "Updating a recommender only changes its configuration.",
    )

    # Why there can be no successor.
    ONE_DATASET_PER_TYPE = "one_dataset_per_type", "A dataset group holds one dataset of each type."
    ONE_TRACKER_PER_GROUP = "one_tracker_per_group", "A dataset group holds one event tracker."
    ONE_ATTRIBUTION_PER_GROUP = "one_attribution_per_group", "A dataset group holds one metric attribution."
    GROUP_HOLDS_EVERYTHING = "group_holds_everything", "Everything in a dataset group would have to be created again."

    # What a change in place brings.
    OLD_VERSION_SERVES = "old_version_serves", "A campaign serves the old version until its update is done."
    IMPORTS_WAIT = "imports_wait", "Imports wait until the dataset is updated."
    BILLS_THROUGHPUT = "bills_throughput", "A campaign bills at least its provisioned throughput."
    BILLS_REQUEST_RATE = "bills_request_rate", "A recommender bills at least its minimum request rate."
    BILLS_METADATA = "bills_metadata", "Item metadata in recommendations is billed extra."
    BILLS_METADATA_EXCEPT_V2 = (
        "bills_metadata_except_v2",
        "Item metadata in recommendations is billed extra, except with v2 recipes.",
    )
    RETRAINS = "retrains", "The recommender is trained from scratch; the old model serves meanwhile."
    STOPPING_ENDS_SERVICE = (
        "stopping_ends_service",
        "A stopped recommender answers nothing, bills nothing and is not retrained.",
    )
    STARTING_BILLS = "starting_bills", "A started recommender bills, is retrained again and serves its last model."
    TRAINS_WITHIN_THE_HOUR = (
        "trains_within_the_hour",
        "Switching automatic training on starts a training within the hour.",
    )
    SCHEDULE_TRAINS = "schedule_trains", "A changed schedule starts a training within the hour."
    BILLS_INCREMENTAL_UPDATES = "bills_incremental_updates", "Each incremental update is billed extra."
    FROM_NEXT_TRAINING = "from_next_training", "The change applies from the next training; versions stay as they are."
    CLOUDWATCH_BILLS = "cloudwatch_bills", "CloudWatch bills each metric by the month once events arrive."
    METRIC_PAUSES = (
        "metric_pauses",
        "A changed metric is removed by one update and added by the next, and counts nothing in between.",
    )

    # What the replacement of a filter brings.
    SAME_RESULTS = "same_results", "The new expression of a filter means the same as the old one."
    FEWER_RESULTS = "fewer_results", "The new expression of a filter lets nothing pass that the old one does not."
    MORE_RESULTS = "more_results", "The new expression of a filter lets everything pass that the old one does."
    OTHER_RESULTS = "other_results", "The new expression of a filter is neither narrower nor wider than the old one."

    # How something picks up what a replacement brings.
    RETRAIN_RECOMMENDER = "retrain_recommender", "A recommender trains on new columns after a configuration change."
    REPLACE_SOLUTION = "replace_solution", "Only a new solution trains on new columns."
    EXTEND_CSV_FILES = "extend_csv_files", "The CSV files of later imports need the new columns."

    # What runs do to each other.
    OVERWRITES_IMPORTS = "overwrites_imports", "A full import replaces the rows of earlier imports."
    NEEDS_FULL_IMPORT = "needs_full_import", "An incremental import needs a full import of its dataset first."
    NEEDS_FULL_TRAINING = "needs_full_training", "An UPDATE training needs a full training of its solution first."
