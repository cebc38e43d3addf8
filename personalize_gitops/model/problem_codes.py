"""Every reason a problem can have, one vocabulary for each thing that is checked.

The values are unique over all vocabularies, so that a machine can compare them without knowing the vocabulary.
`render/problems.py` has the sentence of each member.
"""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class ManifestCode(Code):
    """Of files, documents and the project."""

    UNREADABLE_FILE = "unreadable_file", "The file cannot be read."
    FILE_NOT_UTF8 = "file_not_utf8", "The text of the file is not UTF-8."
    INVALID_FILE_NAME = "invalid_file_name", "The name of the file contains a null character."
    INVALID_YAML = "invalid_yaml", "The file is not valid YAML."
    INVALID_YAML_CHARACTER = "invalid_yaml_character", "The file contains a character that YAML does not allow."
    ALIAS_OF_ITSELF = "alias_of_itself", "A YAML alias refers to a node that contains the alias."
    NESTED_TOO_DEEPLY = "nested_too_deeply", "The document is nested more deeply than any request of the service."
    UNSUPPORTED_TAG = "unsupported_tag", "The document contains a YAML tag that manifests do not support."
    FIELD_NAME_NOT_TEXT = "field_name_not_text", "The name of a field is a list or a mapping."
    INVALID_MERGE = "invalid_merge", "A merge key merges something other than mappings."
    DUPLICATE_FIELD = "duplicate_field", "A mapping has a field twice."
    TOO_MANY_NODES = "too_many_nodes", "The files of the manifests have too many values to be read."
    TOO_MANY_ALIASES = "too_many_aliases", "The YAML aliases of the file repeat too many values."
    UNQUOTED_VARIABLE = "unquoted_variable", "A variable inside of brackets or braces has no quotes."
    NOT_A_FILE = "not_a_file", "The path leads to a folder, a device or a pipe."
    FILE_TOO_LARGE = "file_too_large", "The file has too many bytes."
    FILE_OUTSIDE = "file_outside", "The file lies outside of the folders that manifests may read."
    LINK_TO_ITSELF = "link_to_itself", "A symbolic link leads to a folder that contains the link."
    TOO_MANY_FOLDERS = "too_many_folders", "The manifests have too many folders, each link to one counted."

    NOT_A_DOCUMENT = "not_a_document", "The document is not a mapping."
    KIND_IS_MISSING = "kind_is_missing", "The document has no kind."
    NO_SUCH_KIND = "no_such_kind", "The kind does not exist."
    DECLARED_TWICE = "declared_twice", "Two documents have the same kind and name."
    UNDECLARED_REFERENCE = "undeclared_reference", "The document refers to a resource that is not declared."
    REFERENCE_OF_OTHER_KIND = "reference_of_other_kind", "The document refers to a resource of the wrong kind."
    ARN_OF_OTHER_KIND = "arn_of_other_kind", "The ARN is that of another kind or service."
    INVALID_REFERENCE = "invalid_reference", "The value is not a name, a Kind/name or an ARN."
    AWS_NAME_TOO_LONG = "aws_name_too_long", "The name with the prefix and suffix of the target is too long for AWS."
    NOT_A_RUN = "not_a_run", "The document has run settings, but its kind does not run."
    UNTAGGABLE_KIND = "untaggable_kind", "The document has tags, but AWS cannot tag its kind."
    NEVER_PRUNED = (
        "never_pruned",
        "`lifecycle.onRemove` has no effect, because prune never deletes objects of the kind.",
    )
    TOO_MANY_TAGS = "too_many_tags", "The tags and the ownership tags together exceed the limit of AWS."
    RENAMED_WITHOUT_TAGS = "renamed_without_tags", "The document is renamed, but AWS cannot tag its kind."
    RENAMED_FROM_OTHER_KIND = "renamed_from_other_kind", "The earlier name is of another kind."
    RENAMED_STILL_DECLARED = "renamed_still_declared", "The earlier name is still declared."
    RENAMED_TWICE = "renamed_twice", "Two documents have the same earlier name."
    RENAMED_TO_ITSELF = "renamed_to_itself", "The earlier name of the project is its name."
    INVALID_PATH = "invalid_path", "The path does not begin with spec. or tags."
    UNKNOWN_FIELD_IN_PATH = "unknown_field_in_path", "The path leads to a field that does not exist."

    NO_MANIFESTS = "no_manifests", "The folder has no documents."
    NO_PROJECT = "no_project", "No document is of kind Project."
    SECOND_PROJECT = "second_project", "More than one document is of kind Project."
    NO_FOLDER = "no_folder", "The folder of the manifests does not exist."
    NO_TARGET = "no_target", "No target is chosen, and the project has several targets and no defaultTarget."
    UNKNOWN_TARGET = "unknown_target", "The project has no such target."
    BASELINE_ELSEWHERE = "baseline_elsewhere", "The drift baseline does not lie beside the project file."
    SHARED_STATE = "shared_state", "Two targets keep the state of the embedded emulator in the same folder."
    PATCH_WITHOUT_NAME = "patch_without_name", "The patch does not say which document it changes."
    PATCH_WITHOUT_DOCUMENT = "patch_without_document", "The patch changes a document that is not declared."

    IGNORE_WITHOUT_REASON = (
        "ignore_without_reason",
        "A comment that ignores a check names no check, or gives no reason.",
    )
    UNUSED_IGNORE = "unused_ignore", "A comment ignores a check that finds nothing at its line."

    UNKNOWN_VARIABLE = "unknown_variable", "The project has no such variable."
    UNSET_ENVIRONMENT_VARIABLE = "unset_environment_variable", "The environment variable is not set."
    VARIABLE_OF_ITSELF = "variable_of_itself", "The value of a variable contains the variable itself."
    UNTERMINATED_VARIABLE = "unterminated_variable", "A variable has no closing brace."
    VARIABLES_TOO_LONG = "variables_too_long", "The variables of a value fill in more text than any value may have."
    TOO_MUCH_TEXT = "too_much_text", "Files and variables fill too much text into the manifests."


class ValueCode(Code):
    """Of the fields of a document and their values."""

    UNKNOWN_FIELD = "unknown_field", "The field does not exist."
    NEWER_MEMBER = "newer_member", "The service has the member, and this version does not know it."
    KNOWN_IN_EXTRA = "known_in_extra", "A field in `extra` is one of the spec or the document."
    UNKNOWN_TO_SERVICE = "unknown_to_service", "A field in `extra` is not one that the installed botocore knows."
    REQUIRED_FIELD = "required_field", "A required field is missing."
    WRONG_TYPE = "wrong_type", "The value is of the wrong type."
    NOT_A_CHOICE = "not_a_choice", "The value is not one of those that are allowed."
    INVALID_DURATION = "invalid_duration", "The value is not a duration such as 90m, 5h, 7d or 2w."
    WRONG_FORM = "wrong_form", "The text does not have the form that the field expects."
    TEXT_TOO_LONG = "text_too_long", "The text has too many characters."
    TEXT_TOO_SHORT = "text_too_short", "The text has too few characters."
    TOO_MANY_ENTRIES = "too_many_entries", "The list or mapping has too many entries."
    TOO_FEW_ENTRIES = "too_few_entries", "The list or mapping has too few entries."
    BELOW_MINIMUM = "below_minimum", "The number is too small."
    ABOVE_MAXIMUM = "above_maximum", "The number is too large."
    OUT_OF_RANGE = "out_of_range", "The value is not a number within the range."
    INVALID_VALUE = "invalid_value", "The value is invalid for the reason that pydantic gives."
    NOT_AN_ADDRESS = "not_an_address", "The value is not a Kind/name."
    NOT_A_DAY = "not_a_day", "The value is not a day such as 2026-12-24."
    INVALID_LOCK = "invalid_lock", "The text is not the location of an object in S3."
    LITERAL_URL = "literal_url", "The URL of a notification is written out instead of taken from the environment."
    INVALID_JSON = "invalid_json", "The text is not valid JSON."
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum", "The lower bound is above the upper bound."

    UNKNOWN_CHECK = "unknown_check", "The check does not exist."
    FIXED_CHECK = "fixed_check", "The severity of the check cannot be changed."

    UNKNOWN_DATASET_TYPE = "unknown_dataset_type", "The dataset type does not exist."
    UNKNOWN_RECIPE = "unknown_recipe", "The recipe does not exist."
    INVALID_RECIPE_ARN = "invalid_recipe_arn", "The text is not the ARN of a recipe."

    TAG_RESERVED_BY_AWS = "tag_reserved_by_aws", "The key or value of a tag begins with aws:."
    TAG_RESERVED_FOR_OWNERSHIP = "tag_reserved_for_ownership", "The key of a tag begins with personalize-gitops:."
    TAG_TOO_LONG = "tag_too_long", "The key or value of a tag has too few or too many characters."
    TAG_CHARACTERS = "tag_characters", "The key or value of a tag contains a character that AWS does not accept."


class FieldsCode(Code):
    """Of fields that do not fit together."""

    ROLE_AND_KEY = "role_and_key", "A dataset group has a role without a KMS key, or a key without a role."
    LATEST_WITHOUT_SYNC = "latest_without_sync", "A campaign on $LATEST does not follow the newest version."
    SYNC_WITHOUT_LATEST = "sync_without_latest", "A campaign follows the newest version, but is not on $LATEST."
    RECIPE_WITH_AUTO_ML = "recipe_with_auto_ml", "A solution names a recipe although performAutoML selects one."
    NEITHER_RECIPE_NOR_AUTO_ML = "neither_recipe_nor_auto_ml", "A solution names no recipe."
    ONE_DESTINATION = "one_destination", "A notification names no destination, or two."
    EMULATOR_AND_CONNECTION = "emulator_and_connection", "A target on the embedded emulator has settings of AWS."


class Shape(Code):
    """The types of value that YAML and JSON have, and what a schema expects of them."""

    TEXT = "text", "Text."
    WHOLE_NUMBER = "whole_number", "A whole number."
    NUMBER = "number", "A number."
    BOOLEAN = "boolean", "True or false."
    LIST = "list", "A list."
    MAPPING = "mapping", "A mapping; JSON calls it an object."
    NOTHING = "nothing", "Null, or no value."
    RECORD = "record", "An Avro record."
    RECORD_NAME = "record_name", "The name of an Avro record."
    COLUMNS = "columns", "The fields of an Avro record."
    COLUMN = "column", "One field of an Avro record."
    COLUMN_NAME = "column_name", "The name of a field."
    COLUMN_TYPE = "column_type", "An Avro type, or a list of them."


class SchemaCode(Code):
    """Of Avro schemas (docs/service/1 §7 and §8)."""

    SCHEMA_NOT_JSON = "schema_not_json", "The text of the schema is not valid JSON."
    SCHEMA_NESTED_TOO_DEEPLY = "schema_nested_too_deeply", "The text of the schema is nested too deeply to be parsed."
    SCHEMA_TOO_LONG = "schema_too_long", "The schema has more characters than the service accepts."
    NOT_A_RECORD = "not_a_record", "The type of the schema is not record."
    UNUSUAL_NAMESPACE = "unusual_namespace", "The namespace is not the one of the guide."
    UNUSUAL_VERSION = "unusual_version", "The version is not the one of every documented schema."
    WRONG_RECORD_NAME = "wrong_record_name", "The record is not named after a dataset type, or not after this one."
    DOMAIN_WITHOUT_DATASET_TYPE = "domain_without_dataset_type", "Domain dataset groups have no such dataset."

    INVALID_COLUMN_NAME = "invalid_column_name", "The name of a column has characters that Avro does not allow."
    LONG_COLUMN_NAME = "long_column_name", "The name of a column is too long for a training configuration."
    DUPLICATE_COLUMN = "duplicate_column", "Two columns have the same name."
    COLLIDING_COLUMNS = "colliding_columns", "The names of two columns differ only in case or punctuation."
    NO_TYPE = "no_type", "A column has no type besides null."
    NESTED_TYPE = "nested_type", "A column has a nested type, which the service does not support."
    UNKNOWN_TYPE = "unknown_type", "A column has a type that the service does not know."
    DUPLICATE_TYPE = "duplicate_type", "A column lists a type twice."
    SEVERAL_TYPES = "several_types", "A column has several types besides null, which is not documented."
    BOOLEAN_COLUMN = "boolean_column", "A boolean column is used neither in training nor in filters."
    CATEGORICAL_NOT_STRING = "categorical_not_string", "A column is categorical, but not a string."
    TEXTUAL_NOT_STRING = "textual_not_string", "A column is textual, but not a string."
    CATEGORICAL_AND_TEXTUAL = "categorical_and_textual", "A column is categorical and textual, which is not documented."
    UNKNOWN_ATTRIBUTE = "unknown_attribute", "A column has an attribute without a documented meaning."
    TEXTUAL_OUTSIDE_ITEMS = "textual_outside_items", "A schema of another dataset type than Items has a textual column."
    SECOND_TEXTUAL_COLUMN = "second_textual_column", "A schema has more than one textual column."

    MISSING_COLUMN = "missing_column", "A column that the dataset type requires is missing."
    WRONG_COLUMN_TYPE = "wrong_column_type", "A column that the service knows has another type."
    NULLABLE_COLUMN = "nullable_column", "A column that the service knows accepts null, but must not."
    CATEGORICAL_REQUIRED = "categorical_required", "A column that the service knows must be categorical."
    TEXTUAL_EXPECTED = "textual_expected", "A column that the service knows is textual in the guide."
    CATEGORICAL_FORBIDDEN = "categorical_forbidden", "A column that the service knows must not be categorical."
    TEXTUAL_FORBIDDEN = "textual_forbidden", "A column that the service knows must not be textual."
    UNTRAINED_COLUMN = "untrained_column", "A string column is neither categorical nor textual: training ignores it."
    TOO_MANY_COLUMNS = "too_many_columns", "The schema has more columns of your own than the service accepts."
    TOO_FEW_COLUMNS = "too_few_columns", "The schema has no metadata column of your own."
    MAYBE_TOO_FEW_COLUMNS = "maybe_too_few_columns", "The only metadata columns of the schema are reserved ones."
    TWO_EXPIRATION_NAMES = "two_expiration_names", "The guide has two names for the column of the expiration."
    FEW_EVENT_TYPES = "few_event_types", "The columns of the schema leave room for only a few event types."

    SCHEMA_NOT_REPLACEABLE = "schema_not_replaceable", "A dataset of this type cannot move to another schema."
    RECORD_RENAMED = "record_renamed", "The new schema has another record name."
    COLUMN_REMOVED = "column_removed", "The new schema lacks a column of the old one."
    ADDED_COLUMN_NOT_NULLABLE = "added_column_not_nullable", "A column that the new schema adds does not accept null."
    COLUMN_CHANGED = "column_changed", "A column has another type or other attributes in the new schema."


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


class MigrationCode(Code):
    """Of the steps to other columns where a schema cannot be replaced (docs/service/3 §3.3)."""

    OTHER_DATASET_TYPE = "other_dataset_type", "The rows are of another dataset type and need a dataset of their own."
    WITHOUT_LOSS = "without_loss", "The title of steps that lose no data."
    WITHOUT_OUTAGE = "without_outage", "The title of steps in another dataset group, without an outage."
    IN_PLACE = "in_place", "The title of steps that recreate the dataset."
    STEP = "step", "One step of a list."

    KEEP_COLUMN = "keep_column", "Keep a column in the schema as it is."
    KEEP_RECORD_NAME = "keep_record_name", "Keep the name of the record."
    ADD_COLUMN = "add_column", "Add a column that takes the place of a changed one."
    ACCEPT_NULL = "accept_null", "Let an added column accept null."
    IMPORT_COLUMNS = "import_columns", "Import rows with values for the added columns."
    FILL_COLUMNS = "fill_columns", "Import values also for the columns that do not accept null."
    TRAIN = "train", "Train with the added columns."
    TRAIN_WITHOUT_COLUMNS = "train_without_columns", "Train without the columns that are no longer wanted."
    DECLARE_GROUP = "declare_group", "Declare another dataset group with its data."
    DECLARE_GROUP_OF_DOMAIN = "declare_group_of_domain", "Declare a dataset group of the other domain with its data."
    DECLARE_ENDPOINTS = "declare_endpoints", "Declare filters, solutions, campaigns and recommenders in that group."
    DECLARE_EVENT_TRACKER = "declare_event_tracker", "Declare an event tracker in that group and send events with it."
    SEND_ACTION_INTERACTIONS = "send_action_interactions", "Send action interactions to the dataset in that group."
    MOVE_APPLICATIONS = "move_applications", "Let applications call the new endpoints, then remove the old group."
    EXPORT_ROWS = "export_rows", "Export the rows of the dataset."
    KEEP_FILES = "keep_files", "Keep the imported files, because datasets of this type cannot be exported."
    CONVERT_FILES = "convert_files", "Convert the files to the new columns and import those."
    RECREATE = "recreate", "Recreate the schema and the dataset."


class FilterCode(Code):
    """Of filter expressions (docs/service/3 §4)."""

    UNEXPECTED = "unexpected", "The expression cannot be parsed: something else is expected at this place."
    UNCLOSED_QUOTE = "unclosed_quote", "A quoted value has no closing quote."
    QUOTE_IN_VALUE = "quote_in_value", "A value contains a quote, and how to escape one is not documented."

    FILTER_TOO_LONG = "filter_too_long", "The expression has more characters than the service accepts."
    TWO_TARGETS = "two_targets", "The expressions of a filter have different targets."
    TOO_MANY_FIELDS = "too_many_fields", "The filter uses more distinct fields than the service accepts."
    MAYBE_TOO_MANY_FIELDS = "maybe_too_many_fields", "Too many distinct fields if those of the user and item count."
    TOO_MANY_FIELDS_OF_GROUP = "too_many_fields_of_group", "The filters of a dataset group use too many fields."
    TOO_MANY_PARAMETERS = "too_many_parameters", "The filter has more parameters than a request can fill."
    LONG_PARAMETER_NAME = "long_parameter_name", "The name of a parameter has too many characters."
    PARAMETERS_DIFFER_IN_CASE = "parameters_differ_in_case", "The names of two parameters differ only in case."

    TWO_DATASETS = "two_datasets", "The conditions of one expression use different datasets."
    AND_WITH_OR = "and_with_or", "An expression has AND and OR, and which binds tighter is not documented."
    USER_BEFORE_IF = "user_before_if", "A condition on CurrentUser is before IF."
    ITEM_ON_THE_LEFT = "item_on_the_left", "CurrentItem is on the left of a comparison."
    WRONG_DATASET = "wrong_dataset", "The target of the filter cannot be filtered by this dataset."
    ITEM_WITHOUT_ITEMS = "item_without_items", "CurrentItem is used in a filter of users or actions."
    DATASET_ALIAS = "dataset_alias", "The dataset has a name that the guide uses only once."
    NOT_EVENT_TYPE = "not_event_type", "A filter by events uses another field than EVENT_TYPE."
    APPLIED_BY_SERVICE = "applied_by_service", "The service applies the field itself."
    FILTER_ON_ID = "filter_on_id", "Whether a filter can use the id column is not documented."
    NOT_IN_WITH_ITEM = "not_in_with_item", "NOT IN with a field of CurrentItem is not documented."
    NOT_IN_WITH_PARAMETER = "not_in_with_parameter", "NOT IN is used with a parameter."
    IF_FOR_USERS = "if_for_users", "IF in a filter of users is not documented."
    OR_AFTER_IF = "or_after_if", "Conditions after IF are joined by OR."
    IF_WITHOUT_USER = "if_without_user", "A condition after IF is not on CurrentUser."
    USER_WITH_ITEM = "user_with_item", "Comparing CurrentUser with CurrentItem is not documented."
    QUOTED_PARAMETER = "quoted_parameter", "A parameter in quotes is a value."
    SECOND_PARAMETER = "second_parameter", "A list has more than one parameter."
    PARAMETER_AMONG_VALUES = "parameter_among_values", "A list has a parameter and values, which is not documented."
    ASTERISK_OUTSIDE_EVENTS = "asterisk_outside_events", "The asterisk is used with another field than EVENT_TYPE."
    ASTERISK_FOR_ACTIONS = "asterisk_for_actions", "The asterisk is used with events of actions: not documented."

    MISSING_DATASET = "missing_dataset", "The dataset group has no dataset of this type."
    UNKNOWN_COLUMN = "unknown_column", "The dataset has no such field."
    BOOLEAN_IN_FILTER = "boolean_in_filter", "A filter cannot use a boolean field."
    TEXTUAL_IN_FILTER = "textual_in_filter", "A filter cannot use a textual field."
    FIELD_TYPES_DIFFER = "field_types_differ", "The two fields of a comparison have different types."
    STRING_IN_ORDER = "string_in_order", "A string field is compared by an operator that orders numbers."
    STRING_BY_EQUALITY = "string_by_equality", "A string field is compared by = or !=, which are for numbers."
    NUMBER_IN_LIST = "number_in_list", "A number field is compared by IN or NOT IN, which are for strings."
    TEXT_IN_ORDER = "text_in_order", "A quoted value is compared by an operator that orders numbers."
    TEXT_FOR_NUMBER = "text_for_number", "A number field is compared with a quoted value."
    NUMBER_FOR_TEXT = "number_for_text", "A string field is compared with a number."

    UNKNOWN_ACTION_EVENT = "unknown_action_event", "The type of an action interaction is none that the service has."

    OTHER_TARGET = "other_target", "The recipe recommends something else than the filter selects."
    NO_CURRENT_ITEM = "no_current_item", "The recipe has no current item, and the filter uses it."
    NO_FILTER_BY_EVENTS = "no_filter_by_events", "The recipe takes no filters by item interactions."
    NOTHING_FITS = "nothing_fits", "No solution or recommender of the dataset group can use the filter."
    FILTER_OF_OTHER_GROUP = "filter_of_other_group", "The filter belongs to another dataset group."
    UNKNOWN_EVENT_TYPE = "unknown_event_type", "The filter names an event type that is spelled differently elsewhere."

    UNSEPARATED_VALUES = "unseparated_values", "The values of a parameter are not separated by commas."
    EMPTY_VALUE = "empty_value", "A value of a parameter is missing between two commas."
    VALUE_AFTER_COMMA = "value_after_comma", "A comma follows the last value of a parameter."
    UNFILLED_PARAMETERS = "unfilled_parameters", "The request gives no values for parameters that need them."
    NOT_A_NUMBER = "not_a_number", "The value of a parameter must be a number."
    SEVERAL_VALUES = "several_values", "The request gives several values where the operator takes one."


class Part(Code):
    """The parts of a filter expression, for what is expected at a place in it."""

    DATASET_FIELD = "dataset_field", "A field of a dataset, or of CurrentUser."
    FIELD_NAME = "field_name", "The name of a field."
    DOT = "dot", "A dot and the name of a field."
    COMPARISON = "comparison", "An operator that compares."
    QUOTED_VALUE = "quoted_value", "A value in quotes."
    PLAIN_NUMBER = "plain_number", "A number."
    PARAMETER = "parameter", "A parameter."
    ITEM_FIELD = "item_field", "A field of CurrentItem."
    END = "end", "The end of the expression."


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


class AcceptCode(Code):
    """Why `drift --accept` does not write a value of the account into the manifests."""

    NOTHING_TO_ACCEPT = "nothing_to_accept", "The resource has no drift. Params: known."
    NOT_ACCEPTABLE = "not_acceptable", "The finding is not a value that a manifest can declare. Params: finding."
    OWN_TAG = "own_tag", "The tag is one of ours, which only an apply sets."
    FROM_VARIABLE = "from_variable", "The value comes from a variable. Params: text."
    FROM_FILE = "from_file", "The value comes from another file. Params: file."
    FROM_PROJECT = "from_project", "The tag is a default tag of the project, which all resources have."
    SHARED_BY_ALIAS = "shared_by_alias", "The value has an anchor, an alias, a merge key or a tag of YAML."
    UNEDITABLE = "uneditable", "The file cannot be edited without other changes in it."


class ImportCode(Code):
    """Why `import` leaves an object out, or what a reader of its document has to know."""

    NO_SUCH_GROUP = "no_such_group", "The account has no such dataset group."
    OWNED_BY_PROJECT = "import_owned_by_project", "The object belongs to another project. Params: owner."
    SERVICE_MADE = "service_made", "The service started the run by itself."
    NOT_REPEATABLE = "not_repeatable", "The run destroys something, so its document must not start it. Params: what."
    NEVER_USABLE = "never_usable", "The creation of the object failed. Params: failure."
    BEING_DELETED = "import_being_deleted", "The object is being deleted."
    UNCLEAR = "import_unclear", "The state of the object is unclear. Params: status."
    NOT_FINISHED = "not_finished", "The run is in progress, or was stopped. Params: status."
    SUPERSEDED = "superseded", "A newer run has the same inputs, or overwrites the rows of this one. Params: by."
    RUN_DECLARED = "run_declared", "The manifests declare a run of the kind for the resource. Params: address."
    RUN_ON_LEFT_OUT = "run_on_left_out", "The job used a training that has no document. Params: address."
    REFERS_TO_LEFT_OUT = "refers_to_left_out", "The object refers to one that is left out. Params: address."
    UNFIT_NAME = "unfit_name", "The prefix and suffix of the target cannot make the name. Params: name."
    SAME_ADDRESS = "same_address", "Another document has the address. Params: address."
    NOT_ADOPTABLE = "not_adoptable", "A plan would do something else than to adopt the object. Params: action."
    MOVES_TO_NEWEST = "moves_to_newest", "A later apply moves the object to a newer training. Params: member."
    REFERS_BY_ARN = "refers_by_arn", "No document declares what a member refers to. Params: member, arn."


class AskCode(Code):
    """Why a campaign or recommender is not asked, or a model has no metrics."""

    OTHER_KIND = "other_kind", "Objects of this kind are not asked. Params: kinds."
    NOT_CREATED = "not_created", "The resource is not in the account."
    STILL_TRAINING = (
        "still_training",
        "The campaign does not exist before a version is trained. Params: address, status.",
    )
    NOT_ACTIVE = "not_active", "The object is in a transition. Params: status."
    HAS_FAILED = "has_failed", "The object failed. Params: failure."
    IS_STOPPED = "is_stopped", "The recommender is stopped."
    NO_USER = "no_user", "The recipe needs a user. Params: recipe."
    NO_ITEM = "no_item", "The recipe needs an item. Params: recipe."
    NO_ITEMS = "no_items", "The recipe ranks a list of items, and none is given. Params: recipe."
    NOTHING_RANKED = "nothing_ranked", "A list of items is given, and the recipe ranks none. Params: recipe."
    UNKNOWN_FILTER = "unknown_filter", "No filter has the name. Params: name, known."
    WITHOUT_FILTER = "without_filter", "Values are given without a filter."
    VALUES_MISSING = "values_missing", "Parameters of the filter have no value. Params: parameters."
    UNKNOWN_VALUE = "unknown_value", "The filter has no such parameter. Params: parameter, known."
    NO_TRACKER = "no_tracker", "The dataset group has no event tracker that is ACTIVE."
    NO_SUBJECT = "no_subject", "Events need a user or a session."
    NO_VERSION = "no_version", "No version has been trained."


class Remedy(Code):
    """What to do about a problem."""

    DID_YOU_MEAN = "did_you_mean", "Use the name that is nearest to the one that is given."
    USE_EXTRA = "use_extra", "Write the field in `extra`. Params: field."
    USE_INSTEAD = "use_instead", "Write this instead."
    USE_ONE_OF = "use_one_of", "Use one of the names that exist."
    REMOVE_IT = "remove_it", "Remove the field: nothing is allowed in its place."
    REMOVE_ONE_OF = "remove_one_of", "Remove one of the two fields."
    RENAME_COLUMN = "rename_column", "Rename the column that is nearest to the one that is required."
    STRAIGHT_QUOTES = "straight_quotes", "Use straight quotes."
    NO_PARENTHESES = "no_parentheses", "Remove the parentheses: conditions cannot be grouped."
    CHANGE_BY_HAND = "change_by_hand", "Change the value in the file by hand, or apply to revert the account."
    SEGMENT_INSTEAD = "segment_instead", "Declare a batch segment job instead."
    SEPARATE_NAMES = "separate_names", "Give one of two targets another prefix or suffix."
    SET_BY_TARGET = "set_by_target", "Set the value for each target, in a variable or a patch."
    BEGIN_WITH_INIT = "begin_with_init", "Let `init` write a project to begin with."
    ONE_PROJECT = "one_project", "Keep one project, with all targets."
    ADD_FILE_ROOT = "add_file_root", "Let the project name the folder in `fileRoots`."
    IF_AT_THE_END = "if_at_the_end", "Use IF once, at the end of the expression."
