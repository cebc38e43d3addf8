"""The sentences of problems in manifests; those of schemas and filters have modules of their own.

A sentence states the fact and what is expected instead. The view puts the place and the field before it, and the
suggestion after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.address import Address
from personalize_gitops.model.forms import Form
from personalize_gitops.model.problem_codes import (
    AcceptCode,
    FieldsCode,
    ImportCode,
    LintCode,
    ManifestCode,
    Remedy,
    Shape,
    ValueCode,
)
from personalize_gitops.model.reason import Code
from personalize_gitops.render.ask_problems import ASKING
from personalize_gitops.render.data_problems import DATA
from personalize_gitops.render.endpoint_problems import ENDPOINTS
from personalize_gitops.render.filter_problems import FILTERS, PARTS
from personalize_gitops.render.forms import FORMS
from personalize_gitops.render.job_problems import JOBS
from personalize_gitops.render.preflight_problems import PREFLIGHT
from personalize_gitops.render.schema_problems import MIGRATIONS, SCHEMAS
from personalize_gitops.render.solution_problems import SOLUTIONS
from personalize_gitops.render.words import SHAPES, both, either, value_shown


def _wrong_type(expected: Sequence[Shape], found: object) -> str:
    return f"expected {either([SHAPES[shape] for shape in expected])}, found {value_shown(found)}"


def _not_a_choice(expected: Sequence[str], found: object) -> str:
    return f"invalid value {value_shown(found)}: expected {either(expected)}"


def _invalid_duration(found: object) -> str:
    return f"invalid duration {value_shown(found)}: expected e.g. 90m, 5h, 7d, 2w"


def _wrong_form(found: object, form: Form) -> str:
    return f"invalid value {value_shown(found)}: expected {FORMS[form]}"


def _below_minimum(found: object, minimum: float) -> str:
    return f"expected a number of at least {_number(minimum)}, found {value_shown(found)}"


def _above_maximum(found: object, maximum: float) -> str:
    return f"expected a number of at most {_number(maximum)}, found {value_shown(found)}"


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
    return f'invalid path "{path}": expected one that begins with {either(expected)}'


def _schema_of_other_domain(
    schema: Address, group: Address, of_schema: str | None = None, of_group: str | None = None
) -> str:
    meant = f"for the domain {of_schema}" if of_schema else "for custom dataset groups"
    return f"{schema} is {meant}, but {group} {f'has the domain {of_group}' if of_group else 'has no domain'}"


def _nothing_to_accept(known: Sequence[Address] = ()) -> str:
    return f"no drift; there is drift of {both(list(map(str, known)))}" if known else "no drift"


def _use_one_of(names: Sequence[str]) -> str:
    return f"use {either(names)}"


def _invalid_value(error: str) -> str:
    return f"{error[:1].lower()}{error[1:]}"


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
    ManifestCode.TOO_MANY_NODES: "expected at most {most} values in all manifests together",
    ManifestCode.TOO_MANY_ALIASES: "the aliases of the file repeat more than {most} values, and more than it has",
    ManifestCode.UNQUOTED_VARIABLE: 'quote the variable: inside of {{…}} and […], YAML needs "${{name}}"',
    ManifestCode.NOT_A_FILE: "cannot read {file}: not a regular file",
    ManifestCode.FILE_TOO_LARGE: "cannot read {file}: expected at most {most} bytes",
    ManifestCode.FILE_OUTSIDE: "{file} is outside of the project",
    ManifestCode.LINK_TO_ITSELF: "the symbolic link leads to a folder that contains the link",
    ManifestCode.TOO_MANY_FOLDERS: "expected at most {most} folders in the manifests",
    ManifestCode.NOT_A_DOCUMENT: "expected a mapping with kind, name and spec",
    ManifestCode.KIND_IS_MISSING: "kind is missing",
    ManifestCode.NO_SUCH_KIND: 'unknown kind "{kind}"',
    ManifestCode.DECLARED_TWICE: "declared twice; the first declaration is at {first}",
    ManifestCode.UNDECLARED_REFERENCE: _undeclared_reference,
    ManifestCode.REFERENCE_OF_OTHER_KIND: "expected a {expected}, found {found}",
    ManifestCode.ARN_OF_OTHER_KIND: "expected the ARN of a {expected}, found {found}",
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
    ManifestCode.NO_MANIFESTS: "no manifests in the folder",
    ManifestCode.NO_PROJECT: "no document of kind Project: expected one in the manifests",
    ManifestCode.SECOND_PROJECT: "second document of kind Project; the first is at {first}",
    ManifestCode.NO_FOLDER: "the folder does not exist",
    ManifestCode.NO_TARGET: "required, because the project has no defaultTarget; use one of {known}",
    ManifestCode.UNKNOWN_TARGET: 'unknown target "{target}"',
    ManifestCode.BASELINE_ELSEWHERE: "the drift baseline must lie beside the project file, in {folder}",
    ManifestCode.SHARED_STATE: "{folder} has the state of target {target}: choose another folder",
    ManifestCode.PATCH_WITHOUT_NAME: "a patch must have the kind and the name of the document that it changes",
    ManifestCode.PATCH_WITHOUT_DOCUMENT: "a patch must change a declared document: {document} is not declared",
    ManifestCode.IGNORE_WITHOUT_REASON: "expected a check and a reason: # personalize-gitops: ignore PG204 REASON",
    ManifestCode.UNUSED_IGNORE: "unused: {check} finds nothing at the line that the comment is for",
    ManifestCode.UNKNOWN_VARIABLE: "unknown variable {name}",
    ManifestCode.UNSET_ENVIRONMENT_VARIABLE: "environment variable {name} is not set",
    ManifestCode.UNTERMINATED_VARIABLE: "a variable has no closing brace: expected ${{name}}, or $${{ for ${{ itself",
    ManifestCode.VARIABLES_TOO_LONG: "the variables fill in too much: expected at most {most} characters",
    ManifestCode.TOO_MUCH_TEXT: "files and variables fill in too much: expected at most {most} characters in all",
    ManifestCode.VARIABLE_OF_ITSELF: _variable_of_itself,
}

_VALUES: Mapping[Code, str | Callable[..., str]] = {
    ValueCode.UNKNOWN_FIELD: "unknown field",
    ValueCode.NEWER_MEMBER: "the service has this field, but this version does not know it: it is not checked",
    ValueCode.KNOWN_IN_EXTRA: "expected in the spec or the document, not in extra",
    ValueCode.UNKNOWN_TO_SERVICE: "the installed botocore does not know this field: expected a newer botocore",
    ValueCode.REQUIRED_FIELD: "required field is missing",
    ValueCode.WRONG_TYPE: _wrong_type,
    ValueCode.NOT_A_CHOICE: _not_a_choice,
    ValueCode.INVALID_DURATION: _invalid_duration,
    ValueCode.WRONG_FORM: _wrong_form,
    ValueCode.LITERAL_URL: (
        "the URL is a secret: expected the name of an environment variable, such as ${{env:SLACK_URL}}"
    ),
    FieldsCode.ONE_DESTINATION: "expected either `sns` or `eventBus`",
    ValueCode.INVALID_LOCK: 'invalid lock "{found}": expected an object in S3, such as s3://bucket/locks/prod.json',
    ValueCode.TEXT_TOO_LONG: "expected at most {most} characters, found {found}",
    ValueCode.TEXT_TOO_SHORT: "expected at least {least} characters, found {found}",
    ValueCode.TOO_MANY_ENTRIES: "expected at most {most} entries, found {found}",
    ValueCode.TOO_FEW_ENTRIES: "expected at least {least} entries, found {found}",
    ValueCode.BELOW_MINIMUM: _below_minimum,
    ValueCode.ABOVE_MAXIMUM: _above_maximum,
    ValueCode.OUT_OF_RANGE: _out_of_range,
    ValueCode.INVALID_VALUE: _invalid_value,
    ValueCode.NOT_A_DAY: 'invalid day "{found}": expected e.g. 2026-12-24',
    ValueCode.NOT_AN_ADDRESS: 'invalid address "{found}": expected Kind/name',
    ValueCode.INVALID_JSON: "invalid JSON: {error} at line {line}, column {column}",
    ValueCode.MINIMUM_ABOVE_MAXIMUM: _minimum_above_maximum,
    ValueCode.UNKNOWN_CHECK: 'unknown check "{found}": docs/diagnostics.md lists the codes',
    ValueCode.FIXED_CHECK: "{check} cannot be ignored or set to another severity: it is about the structure",
    ValueCode.UNKNOWN_DATASET_TYPE: 'unknown dataset type "{found}"',
    ValueCode.UNKNOWN_RECIPE: 'unknown recipe "{found}"',
    ValueCode.INVALID_RECIPE_ARN: 'invalid recipe ARN "{found}"',
    ValueCode.TAG_RESERVED_BY_AWS: "{key}: the prefix aws: is reserved by AWS",
    ValueCode.TAG_RESERVED_FOR_OWNERSHIP: "{key}: the prefix personalize-gitops: is reserved for ownership tags",
    ValueCode.TAG_TOO_LONG: "{key}: expected a key of 1 to {most_key} characters and a value of at most {most_value}",
    ValueCode.TAG_CHARACTERS: "{key}: expected only letters, digits, spaces and _ . : / = + - @",
    FieldsCode.ROLE_AND_KEY: "roleArn and kmsKeyArn must be set together",
    FieldsCode.LATEST_WITHOUT_SYNC: "a campaign on $LATEST requires syncWithLatestSolutionVersion: true",
    FieldsCode.SYNC_WITHOUT_LATEST: (
        "syncWithLatestSolutionVersion requires solutionVersion: {{solution: NAME, version: $LATEST}}"
    ),
    FieldsCode.RECIPE_WITH_AUTO_ML: "performAutoML selects the recipe itself",
    FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML: "recipe is missing",
    FieldsCode.EMULATOR_AND_CONNECTION: "the embedded emulator does not accept {field}",
}


_LINT: Mapping[Code, str | Callable[..., str]] = {
    LintCode.SECOND_DATASET: "the dataset group already has a dataset of type {type}: {first}",
    LintCode.SECOND_EVENT_TRACKER: "the dataset group already has an event tracker: {first}",
    LintCode.ACTIONS_IN_DOMAIN: (
        "only dataset groups without a domain can have {type} datasets; this one has the domain {domain}"
    ),
    LintCode.TRACKER_WITHOUT_INTERACTIONS: (
        "events need an Interactions dataset, which the dataset group does not have"
    ),
    LintCode.SCHEMA_OF_OTHER_TYPE: '{schema} describes "{record}", not {expected}',
    LintCode.SCHEMA_OF_OTHER_DOMAIN: _schema_of_other_domain,
}

_ACCEPT: Mapping[Code, str | Callable[..., str]] = {
    AcceptCode.NOTHING_TO_ACCEPT: _nothing_to_accept,
    AcceptCode.NOT_ACCEPTABLE: "{finding} is not a value that a manifest can declare",
    AcceptCode.OWN_TAG: "cannot accept a tag of personalize-gitops: only an apply sets it",
    AcceptCode.FROM_VARIABLE: "cannot accept the live value: it comes from a variable, in {text}",
    AcceptCode.FROM_FILE: "cannot accept the live value: it comes from the file {file}",
    AcceptCode.FROM_PROJECT: "cannot accept the removal: it is a default tag of the project, which all resources have",
    AcceptCode.SHARED_BY_ALIAS: "cannot accept the live value: it has a YAML anchor, alias, merge key or tag",
    AcceptCode.UNEDITABLE: "cannot write the live values without other changes in the file",
}

_IMPORT: Mapping[Code, str | Callable[..., str]] = {
    ImportCode.NO_SUCH_GROUP: "no such dataset group in the account",
    ImportCode.OWNED_BY_PROJECT: "belongs to project {owner}",
    ImportCode.SERVICE_MADE: "the service started it by itself",
    ImportCode.NOT_REPEATABLE: "its document would start it again, and lose {what}",
    ImportCode.NEVER_USABLE: "its creation failed: {failure}",
    ImportCode.BEING_DELETED: "is being deleted",
    ImportCode.UNCLEAR: "its state is unclear: {status}",
    ImportCode.NOT_FINISHED: "has not succeeded: {status}",
    ImportCode.SUPERSEDED: "superseded by {by}",
    ImportCode.RUN_DECLARED: "the manifests declare {address}",
    ImportCode.RUN_ON_LEFT_OUT: "used {address}, which has no document",
    ImportCode.REFERS_TO_LEFT_OUT: "refers to {address}, which is left out",
    ImportCode.UNFIT_NAME: "the target's prefix and suffix cannot make the name {name}",
    ImportCode.SAME_ADDRESS: "another document has the address {address}",
    ImportCode.NOT_ADOPTABLE: "a plan would not only adopt it: {action}",
    ImportCode.MOVES_TO_NEWEST: "{member} is the newest version: each apply moves it to a newer one",
    ImportCode.REFERS_BY_ARN: "{member} is an ARN, because no document declares it: {arn}",
}

_REMEDIES: Mapping[Code, str | Callable[..., str]] = {
    Remedy.DID_YOU_MEAN: 'did you mean "{candidate}"?',
    Remedy.USE_EXTRA: "write {field} in `extra`",
    Remedy.USE_INSTEAD: "use {instead}",
    Remedy.USE_ONE_OF: _use_one_of,
    Remedy.REMOVE_IT: "remove it",
    Remedy.REMOVE_ONE_OF: "remove {first} or {second}",
    Remedy.RENAME_COLUMN: "rename column {column} to {to}",
    Remedy.STRAIGHT_QUOTES: 'use straight quotes: "value"',
    Remedy.NO_PARENTHESES: "remove the parentheses: conditions cannot be grouped",
    Remedy.CHANGE_BY_HAND: "change it by hand, or apply to revert the account",
    Remedy.SEGMENT_INSTEAD: "declare a BatchSegmentJob instead",
    Remedy.SEPARATE_NAMES: "give target {target} another prefix or suffix in naming",
    Remedy.SET_BY_TARGET: "set it by a variable or a patch of the target",
    Remedy.BEGIN_WITH_INIT: "begin with `personalize-gitops init`, which writes a project",
    Remedy.ONE_PROJECT: "keep one of them, with the targets of both",
    Remedy.ADD_FILE_ROOT: "move the file, or add its folder to fileRoots of the project",
    Remedy.IF_AT_THE_END: "use IF once, at the end of the expression",
}

PROBLEMS: Mapping[Code, str | Callable[..., str]] = {
    **SHAPES,
    **PARTS,
    **FORMS,
    **_MANIFESTS,
    **_VALUES,
    **SCHEMAS,
    **MIGRATIONS,
    **FILTERS,
    **JOBS,
    **DATA,
    **ASKING,
    **_LINT,
    **ENDPOINTS,
    **SOLUTIONS,
    **_ACCEPT,
    **_IMPORT,
    **PREFLIGHT,
    **_REMEDIES,
}
"""The sentence of each problem's code: a format string over its parameters, or a function of them."""
