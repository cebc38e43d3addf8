"""Of files, documents, values and fields."""

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
