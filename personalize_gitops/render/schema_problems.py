"""The sentences of problems in schemas, and of the steps to another schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.problem_codes import MigrationCode, SchemaCode
from personalize_gitops.model.reason import Code
from personalize_gitops.render.words import both, either, value_shown


def _wrong_record_name(expected: Sequence[str], found: str) -> str:
    names = either([f'"{name}"' for name in expected])
    return f'the record must be named after its dataset type: expected {names}, found "{found}"'


def _not_a_record(found: object) -> str:
    return f'the type of a schema must be "record", found {value_shown(found)}'


def _unusual_namespace(expected: str, found: object) -> str:
    return f'the namespace is usually "{expected}", found {value_shown(found)}'


def _unusual_version(expected: str, found: object) -> str:
    return f'the version of every documented schema is "{expected}", found {value_shown(found)}'


def _several_types(column: str, found: Sequence[str]) -> str:
    return f"{column}: a choice between {both(found)} is not documented; name one type, and null"


def _missing_column(column: str, type: str, categorical: bool, textual: bool) -> str:  # noqa: A002 - the parameter's name
    flags = ["categorical" if categorical else "", "textual" if textual else ""]
    return f"column {column} is missing: expected {' '.join(filter(None, [*flags, type]))}"


def _wrong_column_type(column: str, expected: str, found: Sequence[str]) -> str:
    return f"{column} must be {expected}, found {either(found) if found else 'no type'}"


def _too_few_columns(least: int, textual: bool) -> str:
    sorts = "categorical, textual or numeric" if textual else "categorical or numeric"
    return f"at least {least} {sorts} column of your own is required"


def _maybe_too_few_columns(least: int, textual: bool, reserved: Sequence[str]) -> str:
    doubt = f"whether the reserved {both(reserved)} counts is not documented"
    return f"{_too_few_columns(least, textual)}; {doubt}"


SCHEMAS: Mapping[Code, str | Callable[..., str]] = {
    SchemaCode.SCHEMA_NOT_JSON: "invalid JSON: {error}",
    SchemaCode.SCHEMA_NESTED_TOO_DEEPLY: "nested too deeply for a schema",
    SchemaCode.SCHEMA_TOO_LONG: "expected a schema of at most {most} characters, found {found}",
    SchemaCode.NOT_A_RECORD: _not_a_record,
    SchemaCode.UNUSUAL_NAMESPACE: _unusual_namespace,
    SchemaCode.UNUSUAL_VERSION: _unusual_version,
    SchemaCode.WRONG_RECORD_NAME: _wrong_record_name,
    SchemaCode.DOMAIN_WITHOUT_DATASET_TYPE: (
        "{type} datasets are for custom dataset groups: remove the domain of the schema"
    ),
    SchemaCode.INVALID_COLUMN_NAME: (
        'invalid column name "{column}": expected letters, digits and _, with no digit at the beginning'
    ),
    SchemaCode.LONG_COLUMN_NAME: ("{column}: a training configuration cannot use names of more than {most} characters"),
    SchemaCode.DUPLICATE_COLUMN: "duplicate column {column}",
    SchemaCode.COLLIDING_COLUMNS: "{column} collides with {other}: names must differ in their letters and digits",
    SchemaCode.NO_TYPE: "{column} must have a type besides null",
    SchemaCode.NESTED_TYPE: "{column}: nested types are not supported; expected one of {expected}",
    SchemaCode.UNKNOWN_TYPE: '{column}: unknown type "{found}"; expected one of {expected}',
    SchemaCode.DUPLICATE_TYPE: "{column} lists a type twice",
    SchemaCode.SEVERAL_TYPES: _several_types,
    SchemaCode.BOOLEAN_COLUMN: (
        "{column}: boolean columns are used neither in training nor in filters; "
        'use the strings "True" and "False", or the int values 0 and 1'
    ),
    SchemaCode.CATEGORICAL_NOT_STRING: "{column}: only string columns can be categorical",
    SchemaCode.TEXTUAL_NOT_STRING: "{column}: only string columns can be textual",
    SchemaCode.CATEGORICAL_AND_TEXTUAL: "{column}: categorical and textual at the same time is not documented",
    SchemaCode.UNKNOWN_ATTRIBUTE: "{column}: the attribute {attribute} has no documented meaning",
    SchemaCode.TEXTUAL_OUTSIDE_ITEMS: "{column}: only Items schemas can have a textual column",
    SchemaCode.SECOND_TEXTUAL_COLUMN: "{column}: a schema can have one textual column, and {first} is textual already",
    SchemaCode.MISSING_COLUMN: _missing_column,
    SchemaCode.WRONG_COLUMN_TYPE: _wrong_column_type,
    SchemaCode.NULLABLE_COLUMN: "{column} cannot be null",
    SchemaCode.CATEGORICAL_REQUIRED: "{column} must have categorical: true",
    SchemaCode.TEXTUAL_EXPECTED: "{column} should have textual: true",
    SchemaCode.CATEGORICAL_FORBIDDEN: "{column} cannot be categorical",
    SchemaCode.TEXTUAL_FORBIDDEN: "{column} cannot be textual",
    SchemaCode.UNTRAINED_COLUMN: (
        "{column} is neither categorical nor textual: training does not use it, filters and metadata in responses can"
    ),
    SchemaCode.TOO_MANY_COLUMNS: "expected at most {most} columns of your own, found {found}",
    SchemaCode.TOO_FEW_COLUMNS: _too_few_columns,
    SchemaCode.MAYBE_TOO_FEW_COLUMNS: _maybe_too_few_columns,
    SchemaCode.TWO_EXPIRATION_NAMES: (
        "the guide has two names for this column, {column} and EXPIRATION_TIMESTAMP; which one counts is not clear"
    ),
    SchemaCode.FEW_EVENT_TYPES: (
        "columns of your own, EVENT_TYPE, EVENT_VALUE and event types can be at most {most} together, "
        "which leaves {left} event types"
    ),
    SchemaCode.SCHEMA_NOT_REPLACEABLE: "the schema of {type} datasets cannot be replaced, only that of Items and Users",
    SchemaCode.RECORD_RENAMED: 'the record must keep its name "{name}"',
    SchemaCode.COLUMN_REMOVED: "{column} must stay: a replacement can only add columns",
    SchemaCode.ADDED_COLUMN_NOT_NULLABLE: "{column} is new and must accept null",
    SchemaCode.COLUMN_CHANGED: "{column} must keep its type and attributes; add a nullable column instead",
}


MIGRATIONS: Mapping[Code, str | Callable[..., str]] = {
    MigrationCode.OTHER_DATASET_TYPE: (
        "These are rows of another dataset type: declare another Schema and another Dataset for them."
    ),
    MigrationCode.WITHOUT_LOSS: "Without data loss:",
    MigrationCode.WITHOUT_OUTAGE: "Without data loss or outage, in another dataset group:",
    MigrationCode.IN_PLACE: "Or in place, which deletes every imported row and streamed event:",
    MigrationCode.STEP: "  {number}. {step}",
    MigrationCode.KEEP_COLUMN: "keep {column} as it is: {declaration}",
    MigrationCode.KEEP_RECORD_NAME: 'keep the record name "{name}"',
    MigrationCode.ADD_COLUMN: "add a column that replaces {column}: {declaration}",
    MigrationCode.ACCEPT_NULL: "let {column} accept null: {declaration}",
    MigrationCode.IMPORT_COLUMNS: "import rows with values for {columns}, which filters can use after that",
    MigrationCode.FILL_COLUMNS: (
        "keep values for {columns} in every import, placeholders if necessary, because null is not accepted"
    ),
    MigrationCode.TRAIN: "train a new Solution, or let the Recommender retrain, with its trainingDataConfig",
    MigrationCode.TRAIN_WITHOUT_COLUMNS: (
        "train without {columns}: set excludedDatasetColumns: {{{type}: [{columns}]}} in the trainingDataConfig "
        "of a new Solution, or of the Recommender"
    ),
    MigrationCode.DECLARE_GROUP: (
        "declare another DatasetGroup with a Schema, a Dataset and a DatasetImportJob for the new columns"
    ),
    MigrationCode.DECLARE_GROUP_OF_DOMAIN: (
        "declare another DatasetGroup with that domain, and a Schema, a Dataset and a DatasetImportJob in it"
    ),
    MigrationCode.DECLARE_ENDPOINTS: "declare Filter, Solution and Campaign, or Recommender, in that group",
    MigrationCode.DECLARE_EVENT_TRACKER: (
        "declare an EventTracker in that group, and let applications send events with its tracking id"
    ),
    MigrationCode.SEND_ACTION_INTERACTIONS: (
        "let applications send action interactions with the tracking id of the new Dataset"
    ),
    MigrationCode.MOVE_APPLICATIONS: (
        "let applications call the new endpoints, then remove the documents of the old group"
    ),
    MigrationCode.EXPORT_ROWS: "export the rows: a DatasetExportJob with ingestionMode: ALL",
    MigrationCode.KEEP_FILES: (
        "keep the imported files: {type} datasets cannot be exported, and rows that were put one by one are lost"
    ),
    MigrationCode.CONVERT_FILES: "convert the files to the new columns, and let the DatasetImportJob read them",
    MigrationCode.RECREATE: (
        "set `lifecycle: {{replace: recreate}}` on the Schema and on its Dataset; the import runs again with them"
    ),
}
