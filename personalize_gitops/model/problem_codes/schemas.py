"""Of Avro schemas, and of the steps to other columns."""

from __future__ import annotations

from personalize_gitops.model.reason import Code


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
