"""The sentences of problems in manifests, schemas and filter expressions.

A sentence states the fact and what is expected instead. The view puts the place and the field before it, and the
suggestion after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.address import Address
from personalize_gitops.model.problem_codes import (
    FieldsCode,
    FilterCode,
    LintCode,
    ManifestCode,
    MigrationCode,
    Part,
    Remedy,
    SchemaCode,
    Shape,
    ValueCode,
)
from personalize_gitops.model.reason import Code

_LONGEST_VALUE = 60  # characters of a value in a sentence

_SHAPES: Mapping[Code, str] = {
    Shape.TEXT: "text",
    Shape.WHOLE_NUMBER: "a whole number",
    Shape.NUMBER: "a number",
    Shape.BOOLEAN: "true or false",
    Shape.LIST: "a list",
    Shape.MAPPING: "a mapping",
    Shape.NOTHING: "nothing",
    Shape.RECORD: "an Avro record",
    Shape.RECORD_NAME: "the name of the record",
    Shape.COLUMNS: "a list of fields",
    Shape.COLUMN: "a field with name and type",
    Shape.COLUMN_NAME: "the name of the field",
    Shape.COLUMN_TYPE: "a type or a list of types",
}

_PARTS: Mapping[Code, str] = {
    Part.DATASET_FIELD: "a field of Interactions, Items, Users, Action_Interactions, Actions or CurrentUser",
    Part.FIELD_NAME: "a field name",
    Part.DOT: "'.' and a field name",
    Part.COMPARISON: "one of = != < <= > >=",
    Part.QUOTED_VALUE: '"value"',
    Part.PLAIN_NUMBER: "a number",
    Part.PARAMETER: "$PARAMETER",
    Part.ITEM_FIELD: "CurrentItem.FIELD",
    Part.END: "the end of the expression",
}


def _either(words: Sequence[str]) -> str:
    """Return several words as `a, b or c`."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _both(words: Sequence[str]) -> str:
    """Return several words as `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _value(value: object) -> str:
    """Return a value of a document in one line: text in quotes and shortened, a shape as words, else JSON."""
    if isinstance(value, Shape):
        return _SHAPES[value]
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= _LONGEST_VALUE else f'{text[:_LONGEST_VALUE]}…"'
    return json.dumps(value)


def _wrong_type(expected: Sequence[Shape], found: object) -> str:
    return f"expected {_either([_SHAPES[shape] for shape in expected])}, found {_value(found)}"


def _not_a_choice(expected: Sequence[str], found: object) -> str:
    return f"invalid value {_value(found)}: expected {_either(expected)}"


def _invalid_duration(found: object) -> str:
    return f"invalid duration {_value(found)}: expected e.g. 90m, 5h, 7d, 2w"


def _pattern_mismatch(found: object, pattern: str) -> str:
    return f"invalid value {_value(found)}: expected text that matches {pattern}"


def _below_minimum(found: object, minimum: float) -> str:
    return f"expected a number of at least {_number(minimum)}, found {_value(found)}"


def _above_maximum(found: object, maximum: float) -> str:
    return f"expected a number of at most {_number(maximum)}, found {_value(found)}"


def _out_of_range(
    found: str, whole: bool, exclusive: bool, minimum: float | None = None, maximum: float | None = None
) -> str:
    number = "a whole number" if whole else "a number"
    return f"expected {' '.join(filter(None, [number, _range(minimum, maximum, exclusive)]))}, found {found}"


def _range(minimum: float | None, maximum: float | None, exclusive: bool) -> str:
    if minimum is not None and maximum is not None:
        return f"from {_number(minimum)} to {_number(maximum)}"
    if minimum is not None:
        return f"above {_number(minimum)}" if exclusive else f"of at least {_number(minimum)}"
    return f"of at most {_number(maximum)}" if maximum is not None else ""


def _minimum_above_maximum(minimum: float, maximum: float) -> str:
    return f"min {_number(minimum)} is above max {_number(maximum)}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _undeclared_reference(target: Address) -> str:
    return f'no {target.kind_name} named "{target.name}" is declared'


def _variable_of_itself(names: Sequence[str]) -> str:
    return f"variable {names[-1]} refers to itself: {' → '.join(names)}"


def _invalid_path(path: str, expected: Sequence[str]) -> str:
    return f'invalid path "{path}": expected one that begins with {_either(expected)}'


def _wrong_record_name(expected: Sequence[str], found: str) -> str:
    names = _either([f'"{name}"' for name in expected])
    return f'the record must be named after its dataset type: expected {names}, found "{found}"'


def _not_a_record(found: object) -> str:
    return f'the type of a schema must be "record", found {_value(found)}'


def _unusual_namespace(expected: str, found: object) -> str:
    return f'the namespace is usually "{expected}", found {_value(found)}'


def _unusual_version(expected: str, found: object) -> str:
    return f'the version of every documented schema is "{expected}", found {_value(found)}'


def _several_types(column: str, found: Sequence[str]) -> str:
    return f"{column}: a choice between {_both(found)} is not documented; name one type, and null"


def _missing_column(column: str, type: str, categorical: bool, textual: bool) -> str:  # noqa: A002 - the parameter's name
    flags = ["categorical" if categorical else "", "textual" if textual else ""]
    return f"column {column} is missing: expected {' '.join(filter(None, [*flags, type]))}"


def _wrong_column_type(column: str, expected: str, found: Sequence[str]) -> str:
    return f"{column} must be {expected}, found {_either(found) if found else 'no type'}"


def _too_few_columns(least: int, textual: bool) -> str:
    sorts = "categorical, textual or numeric" if textual else "categorical or numeric"
    return f"at least {least} {sorts} column of your own is required"


def _maybe_too_few_columns(least: int, textual: bool, reserved: Sequence[str]) -> str:
    doubt = f"whether the reserved {_both(reserved)} counts is not documented"
    return f"{_too_few_columns(least, textual)}; {doubt}"


def _unexpected(expected: Sequence[str], found: str) -> str:
    return f"expected {_either([_word(each) for each in expected])}, found {_token(found)}"


def _word(expected: str) -> str:
    """Return a word of the filter language as it is, a sign in quotes."""
    return expected if expected[0].isalpha() and not isinstance(expected, Part) else _token(expected)


def _token(found: str) -> str:
    return _PARTS[found] if isinstance(found, Part) else f"'{found}'"


def _wrong_dataset(target: str, expected: Sequence[str], found: str) -> str:
    return f"a filter of {target} can use {_either(expected)}, not {found}"


def _parameters(parameters: Sequence[str]) -> str:
    return f"no value for {', '.join(f'${name}' for name in parameters)}"


def _invalid_value(error: str) -> str:
    return f"{error[:1].lower()}{error[1:]}"


def _schema_of_other_domain(
    schema: Address, group: Address, of_schema: str | None = None, of_group: str | None = None
) -> str:
    meant = f"for the domain {of_schema}" if of_schema else "for custom dataset groups"
    return f"{schema} is {meant}, but {group} {f'has the domain {of_group}' if of_group else 'has no domain'}"


def _use_one_of(names: Sequence[str]) -> str:
    return f"use {_either(names)}"


_MANIFESTS: Mapping[Code, str | Callable[..., str]] = {
    ManifestCode.UNREADABLE_FILE: "cannot read {file}: {error}",
    ManifestCode.FILE_NOT_UTF8: "cannot read {file}: not UTF-8",
    ManifestCode.INVALID_FILE_NAME: "invalid file name: it contains a null character",
    ManifestCode.INVALID_YAML: "invalid YAML: {error}",
    ManifestCode.INVALID_YAML_CHARACTER: "invalid YAML: character {character} is not allowed",
    ManifestCode.ALIAS_OF_ITSELF: "the alias refers to a node that contains it",
    ManifestCode.NESTED_TOO_DEEPLY: "nested more than {most} levels deep",
    ManifestCode.UNSUPPORTED_TAG: "unsupported YAML tag {tag}",
    ManifestCode.FIELD_NAME_NOT_TEXT: "the name of a field must be text",
    ManifestCode.INVALID_MERGE: "<< must be a mapping or a list of mappings",
    ManifestCode.DUPLICATE_FIELD: 'duplicate field "{field}"',
    ManifestCode.NOT_A_DOCUMENT: "expected a mapping with kind, name and spec",
    ManifestCode.KIND_IS_MISSING: "kind is missing",
    ManifestCode.NO_SUCH_KIND: 'unknown kind "{kind}"',
    ManifestCode.DECLARED_TWICE: "declared twice; the first declaration is at {first}",
    ManifestCode.UNDECLARED_REFERENCE: _undeclared_reference,
    ManifestCode.REFERENCE_OF_OTHER_KIND: "expected a {expected}, found {found}",
    ManifestCode.INVALID_REFERENCE: 'invalid reference "{found}": expected a name, a Kind/name or an ARN',
    ManifestCode.AWS_NAME_TOO_LONG: "the AWS name {name} has {found} characters: expected at most {most}",
    ManifestCode.NOT_A_RUN: "{kind} is not a run: remove the field",
    ManifestCode.UNTAGGABLE_KIND: "{kind} cannot be tagged",
    ManifestCode.NEVER_PRUNED: "prune never deletes a {kind}, so onRemove has no effect",
    ManifestCode.TOO_MANY_TAGS: "{found} tags and {ours} ownership tags: expected at most {most} together",
    ManifestCode.RENAMED_WITHOUT_TAGS: (
        "{kind} cannot be tagged, so it is found by its AWS name: keep the name of the document"
    ),
    ManifestCode.RENAMED_FROM_OTHER_KIND: "expected the earlier name of a {expected}, found that of a {found}",
    ManifestCode.RENAMED_STILL_DECLARED: "{address} is still declared at {at}",
    ManifestCode.RENAMED_TWICE: "{address} is the earlier name of the document at {first} too",
    ManifestCode.RENAMED_TO_ITSELF: "{name} is the name of the project: expected its earlier name",
    ManifestCode.INVALID_PATH: _invalid_path,
    ManifestCode.UNKNOWN_FIELD_IN_PATH: 'invalid path "{path}": unknown field {field}',
    ManifestCode.NO_PROJECT: "no document of kind Project: expected one in the manifests",
    ManifestCode.SECOND_PROJECT: "second document of kind Project; the first is at {first}",
    ManifestCode.NO_FOLDER: "the folder does not exist",
    ManifestCode.NO_TARGET: "required, because the project has no defaultTarget; use one of {known}",
    ManifestCode.UNKNOWN_TARGET: 'unknown target "{target}"',
    ManifestCode.SHARED_STATE: "{folder} has the state of target {target}: choose another folder",
    ManifestCode.PATCH_WITHOUT_NAME: "a patch must have the kind and the name of the document that it changes",
    ManifestCode.PATCH_WITHOUT_DOCUMENT: "a patch must change a declared document: {document} is not declared",
    ManifestCode.UNKNOWN_VARIABLE: "unknown variable {name}",
    ManifestCode.UNSET_ENVIRONMENT_VARIABLE: "environment variable {name} is not set",
    ManifestCode.VARIABLE_OF_ITSELF: _variable_of_itself,
}

_VALUES: Mapping[Code, str | Callable[..., str]] = {
    ValueCode.UNKNOWN_FIELD: "unknown field",
    ValueCode.REQUIRED_FIELD: "required field is missing",
    ValueCode.WRONG_TYPE: _wrong_type,
    ValueCode.NOT_A_CHOICE: _not_a_choice,
    ValueCode.INVALID_DURATION: _invalid_duration,
    ValueCode.PATTERN_MISMATCH: _pattern_mismatch,
    ValueCode.INVALID_LOCK: 'invalid lock "{found}": expected an object in S3, such as s3://bucket/locks/prod.json',
    ValueCode.TEXT_TOO_LONG: "expected at most {most} characters, found {found}",
    ValueCode.TEXT_TOO_SHORT: "expected at least {least} characters, found {found}",
    ValueCode.TOO_MANY_ENTRIES: "expected at most {most} entries, found {found}",
    ValueCode.TOO_FEW_ENTRIES: "expected at least {least} entries, found {found}",
    ValueCode.BELOW_MINIMUM: _below_minimum,
    ValueCode.ABOVE_MAXIMUM: _above_maximum,
    ValueCode.OUT_OF_RANGE: _out_of_range,
    ValueCode.INVALID_VALUE: _invalid_value,
    ValueCode.NOT_AN_ADDRESS: 'invalid address "{found}": expected Kind/name',
    ValueCode.INVALID_JSON: "invalid JSON: {error} at line {line}, column {column}",
    ValueCode.MINIMUM_ABOVE_MAXIMUM: _minimum_above_maximum,
    ValueCode.UNKNOWN_DATASET_TYPE: 'unknown dataset type "{found}"',
    ValueCode.UNKNOWN_RECIPE: 'unknown recipe "{found}"',
    ValueCode.INVALID_RECIPE_ARN: 'invalid recipe ARN "{found}"',
    ValueCode.TAG_RESERVED_BY_AWS: "{key}: the prefix aws: is reserved by AWS",
    ValueCode.TAG_RESERVED_FOR_OWNERSHIP: "{key}: the prefix personalize-gitops: is reserved for ownership tags",
    ValueCode.TAG_TOO_LONG: "{key}: expected a key of 1 to {most_key} characters and a value of at most {most_value}",
    ValueCode.TAG_CHARACTERS: "{key}: expected only letters, digits, spaces and _ . : / = + - @",
    FieldsCode.ROLE_AND_KEY: "roleArn and kmsKeyArn must be set together",
    FieldsCode.SAME_INPUT_AND_OUTPUT: "jobOutput must be another location than jobInput",
    FieldsCode.THEMES_WITHOUT_COLUMN: "batchInferenceJobMode: THEME_GENERATION requires themeGenerationConfig",
    FieldsCode.LATEST_WITHOUT_SYNC: "a campaign on $LATEST requires syncWithLatestSolutionVersion: true",
    FieldsCode.SYNC_WITHOUT_LATEST: (
        "syncWithLatestSolutionVersion requires solutionVersion: {{solution: NAME, version: $LATEST}}"
    ),
    FieldsCode.RECIPE_WITH_AUTO_ML: "performAutoML selects the recipe itself",
    FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML: "recipe is missing",
    FieldsCode.EMULATOR_AND_CONNECTION: "the embedded emulator does not accept {field}",
}

_SCHEMAS: Mapping[Code, str | Callable[..., str]] = {
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

_MIGRATIONS: Mapping[Code, str | Callable[..., str]] = {
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

_FILTERS: Mapping[Code, str | Callable[..., str]] = {
    FilterCode.UNEXPECTED: _unexpected,
    FilterCode.UNCLOSED_QUOTE: "closing quote is missing",
    FilterCode.QUOTE_IN_VALUE: "a value cannot contain quotes: how to escape them is not documented",
    FilterCode.FILTER_TOO_LONG: "expected an expression of at most {most} characters, found {found}",
    FilterCode.TWO_TARGETS: "all expressions of a filter must have the same target: expected {first}, found {found}",
    FilterCode.TOO_MANY_FIELDS: "expected at most {most} distinct fields, found {found}",
    FilterCode.MAYBE_TOO_MANY_FIELDS: (
        "expected at most {most} distinct fields, found {found} if those of CurrentUser and CurrentItem count"
    ),
    FilterCode.TOO_MANY_FIELDS_OF_GROUP: (
        "expected at most {most} distinct fields in all filters of a dataset group, found {found}"
    ),
    FilterCode.TOO_MANY_PARAMETERS: "expected at most {most} parameters, which a request can fill, found {found}",
    FilterCode.LONG_PARAMETER_NAME: "expected a parameter name of at most {most} characters, found {found}",
    FilterCode.PARAMETERS_DIFFER_IN_CASE: "${parameter} is another parameter than ${other}: names are case-sensitive",
    FilterCode.TWO_DATASETS: (
        "all conditions of an expression must use one dataset, here {first}: "
        "move {found} to an expression of its own, joined by |"
    ),
    FilterCode.AND_WITH_OR: "whether AND or OR binds tighter is not documented; evaluated here as AND before OR",
    FilterCode.USER_BEFORE_IF: "conditions on CurrentUser are allowed only after IF, at the end of the expression",
    FilterCode.ITEM_ON_THE_LEFT: "CurrentItem is allowed only on the right of a comparison",
    FilterCode.WRONG_DATASET: _wrong_dataset,
    FilterCode.ITEM_WITHOUT_ITEMS: "CurrentItem is allowed in filters of ItemID only, not of {target}",
    FilterCode.DATASET_ALIAS: "the dataset is {dataset}; the guide writes {found} once, probably by mistake",
    FilterCode.NOT_EVENT_TYPE: "a filter can use only EVENT_TYPE of {dataset}, not {field}",
    FilterCode.APPLIED_BY_SERVICE: "the service applies {field} itself; a filter cannot use it",
    FilterCode.FILTER_ON_ID: "whether a filter can use {field} is not documented",
    FilterCode.NOT_IN_WITH_ITEM: (
        "NOT IN with CurrentItem is not documented; use IN and the opposite of INCLUDE or EXCLUDE"
    ),
    FilterCode.NOT_IN_WITH_PARAMETER: (
        "NOT IN does not accept ${parameter}; use IN and the opposite of INCLUDE or EXCLUDE"
    ),
    FilterCode.IF_FOR_USERS: "IF is documented for filters of ItemID and ActionID only, not of UserID",
    FilterCode.OR_AFTER_IF: "conditions after IF can be joined by AND only; use one expression for each alternative",
    FilterCode.IF_WITHOUT_USER: "conditions after IF must be on CurrentUser",
    FilterCode.USER_WITH_ITEM: "comparing CurrentUser with CurrentItem is not documented",
    FilterCode.QUOTED_PARAMETER: '"{found}" in quotes is a value, not a parameter',
    FilterCode.SECOND_PARAMETER: "a list accepts one parameter, which can have several values: remove ${parameter}",
    FilterCode.PARAMETER_AMONG_VALUES: "a list of ${parameter} and other values is not documented",
    FilterCode.ASTERISK_OUTSIDE_EVENTS: '"*" is any event type and works with EVENT_TYPE only',
    FilterCode.ASTERISK_FOR_ACTIONS: '"*" is documented for the event types of Interactions only',
    FilterCode.MISSING_DATASET: "the dataset group has no {dataset} dataset",
    FilterCode.UNKNOWN_COLUMN: "{dataset} has no field {field}",
    FilterCode.BOOLEAN_IN_FILTER: (
        '{field} is boolean, which filters cannot use; use the strings "True" and "False", or 0 and 1'
    ),
    FilterCode.TEXTUAL_IN_FILTER: "{field} is textual, which filters cannot use",
    FilterCode.FIELD_TYPES_DIFFER: "{field} is a {type}, but CurrentItem.{other} is a {other_type}",
    FilterCode.STRING_IN_ORDER: "{field} is a string, which {operator} cannot compare; use IN or NOT IN",
    FilterCode.STRING_BY_EQUALITY: "{field} is a string, and the guide uses {operator} for numbers only",
    FilterCode.NUMBER_IN_LIST: "{field} is a number, and the guide uses {operator} for strings only",
    FilterCode.TEXT_IN_ORDER: '"{found}" is a string, but {operator} compares numbers',
    FilterCode.TEXT_FOR_NUMBER: '{field} is a number, but "{found}" is a string',
    FilterCode.NUMBER_FOR_TEXT: "{field} is a string, but {found} is a number",
    FilterCode.UNSEPARATED_VALUES: "expected values in quotes, separated by commas, found {found}",
    FilterCode.EMPTY_VALUE: "expected a value at character {character} of {values}",
    FilterCode.VALUE_AFTER_COMMA: "expected a value after the last comma of {values}",
    FilterCode.UNFILLED_PARAMETERS: _parameters,
    FilterCode.NOT_A_NUMBER: '{field} {operator} requires a number, found "{found}"',
    FilterCode.SEVERAL_VALUES: "{operator} accepts one value, found {found}",
}

_LINT: Mapping[Code, str | Callable[..., str]] = {
    LintCode.SECOND_DATASET: "the dataset group already has a dataset of type {type}: {first}",
    LintCode.SECOND_EVENT_TRACKER: "the dataset group already has an event tracker: {first}",
    LintCode.SCHEMA_OF_OTHER_TYPE: '{schema} describes "{record}", not {expected}',
    LintCode.SCHEMA_OF_OTHER_DOMAIN: _schema_of_other_domain,
    LintCode.USE_CASE_FOR_SOLUTION: "{recipe} is a use case for {domain} recommenders, not a recipe for solutions",
    LintCode.LEGACY_RECIPE: "{recipe} is no longer available",
    LintCode.UNKNOWN_PARAMETER: "{recipe} has no such parameter",
    LintCode.SEARCH_ONLY_PARAMETER: "cannot be set, only tuned within the ranges of hpoConfig",
}

_REMEDIES: Mapping[Code, str | Callable[..., str]] = {
    Remedy.DID_YOU_MEAN: 'did you mean "{candidate}"?',
    Remedy.USE_INSTEAD: "use {instead}",
    Remedy.USE_ONE_OF: _use_one_of,
    Remedy.REMOVE_IT: "remove it",
    Remedy.REMOVE_ONE_OF: "remove {first} or {second}",
    Remedy.RENAME_COLUMN: "rename column {column} to {to}",
    Remedy.STRAIGHT_QUOTES: 'use straight quotes: "value"',
    Remedy.NO_PARENTHESES: "remove the parentheses: conditions cannot be grouped",
    Remedy.IF_AT_THE_END: "use IF once, at the end of the expression",
}

PROBLEMS: Mapping[Code, str | Callable[..., str]] = {
    **_SHAPES,
    **_PARTS,
    **_MANIFESTS,
    **_VALUES,
    **_SCHEMAS,
    **_MIGRATIONS,
    **_FILTERS,
    **_LINT,
    **_REMEDIES,
}
"""The sentence of each problem's code: a format string over its parameters, or a function of them."""
