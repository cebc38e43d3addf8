"""Of what the service refuses of a request, and of documents beside each other."""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class LintCode(Code):
    """Of documents beside each other."""

    SECOND_DATASET = "second_dataset", "The dataset group already has a dataset of this type."
    SECOND_EVENT_TRACKER = "second_event_tracker", "The dataset group already has an event tracker."
    ACTIONS_IN_DOMAIN = "actions_in_domain", "A dataset group with a domain cannot have datasets of actions."
    TRACKER_WITHOUT_INTERACTIONS = "tracker_without_interactions", "The events of a tracker have no dataset."
    SCHEMA_OF_OTHER_TYPE = "schema_of_other_type", "The schema of a dataset describes another dataset type."
    SCHEMA_OF_OTHER_DOMAIN = "schema_of_other_domain", "The schema of a dataset is for another domain than its group."


class SolutionCode(Code):
    """Of solutions and their trainings (docs/service/2 §3.8, §8)."""

    USE_CASE_FOR_SOLUTION = "use_case_for_solution", "The recipe of a solution is a use case for recommenders."
    LEGACY_RECIPE = "legacy_recipe", "The recipe of a solution is no longer available."
    NO_AUTO_ML = "no_auto_ml", "AutoML is used, whose recipes are no longer available."
    NOT_OF_RECIPE = "not_of_recipe", "The recipe does not support the setting."

    CUSTOM_GROUP_NEEDED = "custom_group_needed", "The recipe needs datasets that a group with a domain cannot have."
    DATASETS_NEEDED = "datasets_needed", "The dataset group lacks datasets that the recipe trains on."
    DATASETS_UNDECLARED = "datasets_undeclared", "No dataset that the recipe trains on is declared for the group."
    ATTRIBUTE_NEEDED = "attribute_needed", "The Items dataset has no attribute that the recipe can use."
    ONLY_RESERVED_ATTRIBUTES = "only_reserved_attributes", "All usable attributes of the items are reserved columns."
    ITEM_NAME_NEEDED = "item_name_needed", "The Items dataset has no column with the names of the items."
    TEXT_NEEDED = "text_needed", "The Items dataset has no textual column."

    UNKNOWN_PARAMETER = "unknown_parameter", "The recipe has no such parameter."
    PARAMETER_OF_OTHER_MEMBER = "parameter_of_other_member", "The parameter of the recipe is in the wrong member."
    SEARCH_ONLY_PARAMETER = "search_only_parameter", "The parameter cannot be set, only tuned."
    TUNED_BY_SERVICE = "tuned_by_service", "The service tunes the hyperparameters of the recipe by itself."
    NO_RANGES = "no_ranges", "Tuning is on, and no range is given."
    TUNING_NOT_PERFORMED = "tuning_not_performed", "Tuning is configured, but off."
    RANGE_LISTS_MISSING = "range_lists_missing", "The ranges of hyperparameters lack some of the three lists."
    NOT_TUNABLE = "not_tunable", "The hyperparameter can only be set, not tuned."
    RANGE_IN_OTHER_LIST = "range_in_other_list", "The range is in the list for hyperparameters of another type."
    SET_AND_SEARCHED = "set_and_searched", "The hyperparameter is set and searched."
    SEARCHED_TWICE = "searched_twice", "The hyperparameter has two ranges."
    BOUNDS_CROSSED = "bounds_crossed", "The lower of two bounds is not below the upper one."
    TUNING_OBJECTIVE = "tuning_objective", "The objective of tuning is set, which the service does not support."

    EVENT_COLUMN_NEEDED = "event_column_needed", "The selection of events needs a column that interactions lack."
    THRESHOLD_WITHOUT_TYPE = "threshold_without_type", "A threshold of the event value has no event type."
    EVENT_LISTED_TWICE = "event_listed_twice", "An event type is in eventsConfig twice."
    EVENT_WITHOUT_TYPE = "event_without_type", "An entry of eventsConfig names no event type."
    EVENTS_SELECTED_TWICE = "events_selected_twice", "The events are selected by eventType and by eventsConfig."

    EXCLUDED_AND_INCLUDED = "excluded_and_included", "Columns of one dataset are excluded and included."
    EVENT_TYPE_EXCLUDED = "event_type_excluded", "EVENT_TYPE is excluded from training."
    KEY_EXCLUDED = "key_excluded", "A column without which no training works is excluded."
    NO_SUCH_DATASET = "no_such_dataset", "The dataset group of the solution has no dataset of this type."
    NO_SUCH_COLUMN = "no_such_column", "The dataset has no such column."
    OBJECTIVE_WITHOUT_COLUMN = "objective_without_column", "The sensitivity of an objective has no column."
    OBJECTIVE_NOT_NUMERIC = "objective_not_numeric", "The column to optimize for is not numeric."
    OBJECTIVE_NULLABLE = "objective_nullable", "The column to optimize for accepts null."

    SCHEDULE_OUT_OF_RANGE = "schedule_out_of_range", "The schedule of automatic training is too long or too short."
    SCHEDULE_WITHOUT_TRAINING = "schedule_without_training", "Automatic training has a schedule, but is off."
    TRAINED_TWICE = "trained_twice", "A training runs more often than the automatic training of its solution."
    SERVES_OLD_VERSIONS = "serves_old_versions", "A campaign stays on a version although its solution trains by itself."
    FULL_TRAINING_UNDECLARED = "full_training_undeclared", "No FULL training is declared before an UPDATE."


class EndpointCode(Code):
    """Of campaigns and recommenders (docs/service/2 §3.7, §3.10)."""

    NOT_REAL_TIME = "not_real_time", "The recipe has no real-time recommendations."
    EXPLORATION_NOT_CONFIGURED = "exploration_not_configured", "The recipe takes no configuration of exploration."
    UNKNOWN_EXPLORATION = "unknown_exploration", "Exploration has no such setting."
    NO_METADATA = "no_metadata", "The recipe recommends no items, so there is no item metadata."
    METADATA_WITHOUT_ITEMS = "metadata_without_items", "Item metadata is enabled without an Items dataset."
    ITEMS_UNDECLARED = "items_undeclared", "Item metadata is enabled, and the group has no declared dataset."
    MORE_THAN_ANSWERED = "more_than_answered", "The throughput is above the default quota on requests."
    RECIPE_FOR_RECOMMENDER = "recipe_for_recommender", "The recipe of a recommender is one for solutions."
    GROUP_WITHOUT_DOMAIN = "group_without_domain", "The dataset group of a recommender has no domain."
    USE_CASE_OF_OTHER_DOMAIN = "use_case_of_other_domain", "The use case is one of another domain than the group's."
    EVENT_IN_OTHER_CASE = "event_in_other_case", "An event type is written in another case than the use case needs."


class JobCode(Code):
    """Of imports, exports, data deletions and batch jobs (docs/service/2 §7, §11 and §12)."""

    NO_LOCATION = "no_location", "The job does not say what it reads."
    NOT_IN_S3 = "not_in_s3", "The location is not one in S3."
    NEITHER_CSV_NOR_FOLDER = "neither_csv_nor_folder", "The location is neither a CSV file nor a folder."
    OUTPUT_NOT_A_FOLDER = "output_not_a_folder", "The path of an output does not end in a slash."
    INPUT_IS_A_PREFIX = "input_is_a_prefix", "The input of a batch job takes other folders whose name begins like it."
    SAME_INPUT_AND_OUTPUT = "same_input_and_output", "A batch job writes to the location that it reads."
    INCREMENTAL_FIRST = "incremental_first", "An import adds to a dataset that has no full import."
    FULL_IMPORT_UNDECLARED = "full_import_undeclared", "No full import is declared to which an import could add."
    NOTHING_TO_PUBLISH = "nothing_to_publish", "An import asks for reports on rows that no metric counts."
    PUBLISHED_WITHOUT_ATTRIBUTION = "published_without_attribution", "An import asks for reports that nothing makes."
    PUBLISHED_WITHOUT_FOLDER = "published_without_folder", "An import asks for reports that have no folder."
    NO_EXPORT = "no_export", "Datasets of this type cannot be exported."
    NO_BATCH_INFERENCE = "no_batch_inference", "The recipe does not support batch inference jobs."
    NO_BATCH_SEGMENTS = "no_batch_segments", "The recipe does not support batch segment jobs."
    RESULTS_OUT_OF_RANGE = "results_out_of_range", "A batch job asks for too few or too many results."
    NO_THEMES = "no_themes", "The recipe does not support themes."
    NO_THEMES_IN_REGION = "no_themes_in_region", "The region does not offer themes."
    THEMES_WITHOUT_COLUMN = "themes_without_column", "Theme generation does not name the column of the item names."
    THEMES_NOT_GENERATED = (
        "themes_not_generated",
        "Theme generation is configured, but the job does not generate themes.",
    )
    THEMES_WITHOUT_ITEMS = "themes_without_items", "Theme generation needs an Items dataset."
    THEMES_WITHOUT_TEXT = "themes_without_text", "Theme generation needs a textual column."
    NOT_AN_ITEM_NAME = "not_an_item_name", "The column of the item names is missing or no text."


class AttributionCode(Code):
    """Of metric attributions (docs/service/3 §5)."""

    SECOND_ATTRIBUTION = "second_attribution", "The dataset group already has a metric attribution."
    NO_INTERACTIONS = "no_interactions", "The dataset group has no Interactions dataset."
    NO_EVENT_TYPE = "no_event_type", "The interactions have no event types."
    DUPLICATE_METRIC = "duplicate_metric", "Two metrics have the same name."
    NOT_A_FUNCTION = "not_a_function", "The expression of a metric is neither a sum nor a count."
    SUM_WITHOUT_DATASET = "sum_without_dataset", "A metric sums a column of a dataset that the group does not have."
    SUM_OF_UNKNOWN = "sum_of_unknown", "A metric sums a column that does not exist."
    SUM_OF_TEXT = "sum_of_text", "A metric sums a column that is not numeric."


class DataCode(Code):
    """Of the rows of data files (docs/service/1 §8.4, §9, §10 and docs/service/2 §11, §12)."""

    NO_DATA = "no_data", "No file lies at the location. Params: location."
    NOT_UTF8 = "not_utf8", "A file is not encoded in UTF-8."
    NOT_CSV = "not_csv", "A file is not CSV. Params: error."
    MISSING_COLUMNS = "missing_columns", "A file lacks columns of the schema. Params: columns."
    DUPLICATE_COLUMNS = "duplicate_columns", "A file has a column twice. Params: columns."
    EXTRA_COLUMNS = "extra_columns", "A file has columns that the schema lacks. Params: columns."
    OTHER_ORDER = "other_order", "The columns are not in the order of the schema. Params: columns."
    QUOTED_HEADER = "quoted_header", "The names of columns are in quotes."
    WRONG_LENGTH = "wrong_length", "A row has more or fewer values than the header. Params: expected, found."
    EMPTY_CELL = "empty_cell", "A column that is not nullable is empty. Params: column."
    WRONG_TYPE = "wrong_type_of_value", "A value is not of the type of its column. Params: column, type, value."
    TOO_LONG = "value_too_long", "An id, category or impression is too long. Params: column, most."
    TRUNCATED = "truncated", "A textual value is longer than the service keeps. Params: column, most."
    QUOTE_IN_ID = "quote_in_id", "An id has a double quote. Params: column."
    OUT_OF_RANGE = "value_out_of_range", "A value of an action is out of its range. Params: column, least, most."
    MILLISECONDS = "milliseconds", "A time is in milliseconds. Params: column."
    IN_THE_FUTURE = "in_the_future", "An event or a creation is later than now. Params: column."
    LINE_BREAK = "line_break", "A text has a line break. Params: column."
    RESERVED_WORD = "reserved_word", "A value is a reserved keyword. Params: column, word."
    FEW_RECORDS = "few_records", "An import has fewer interactions than it needs. Params: found, least."
    FEW_INTERACTIONS = (
        "few_interactions",
        "A training has too few interactions. Params: found, least, types.",
    )
    FEW_USERS = "few_users", "A training has too few users with two interactions. Params: found, least."
    MISSING_EVENT_TYPE = "missing_event_type", "No row has an event type that a document names. Params: type, found."
    MANY_CATEGORIES = "many_categories", "A column has more categories than advised. Params: column, most."
    MANY_EVENT_TYPES = "many_event_types", "The rows have more event types than the columns allow. Params: found, most."
    LINE_NOT_JSON = "line_not_json", "A line of the input of a batch job is not JSON. Params: error."
    LINE_NOT_AN_OBJECT = "line_not_an_object", "A line of the input of a batch job is no JSON object."
    LINE_WITHOUT_VALUES = "line_without_values", "A line lacks values of the filter's parameters. Params: parameters."
    QUERY_OF_UNKNOWN = "query_of_unknown", "A query names a column that the items lack. Params: column."
    QUERY_OF_TEXT = "query_of_text", "A query names a textual column. Params: column."
    TOO_MANY_LINES = "too_many_lines", "The input of a batch job has too many lines. Params: found, most."
    LINE_WITHOUT_MEMBERS = "line_without_members", "A line lacks members that the recipe needs. Params: members."


class TargetCode(Code):
    """Of targets: their regions, their quotas, and names that two of them share."""

    REGION_WITHOUT_SERVICE = "region_without_service", "The region is not one of those known to offer the service."
    NAMES_OF_OTHER_TARGET = "names_of_other_target", "Two targets create objects of the same names in one account."
    ARN_OF_OTHER_ACCOUNT = "arn_of_other_account", "The ARN is of another account than the target."
    ARN_OF_OTHER_REGION = "arn_of_other_region", "The ARN is of another region than the target."
    FIXED_QUOTA = "fixed_quota", "The kind has no quota that can be raised."
