"""The sentences of problems in filter expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.problem_codes import FilterCode, Part
from personalize_gitops.model.reason import Code
from personalize_gitops.render.words import either

PARTS: Mapping[Code, str] = {
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


def _unexpected(expected: Sequence[str], found: str) -> str:
    return f"expected {either([_word(each) for each in expected])}, found {_token(found)}"


def _word(expected: str) -> str:
    """Return a word of the filter language as it is, a sign in quotes."""
    return expected if expected[0].isalpha() and not isinstance(expected, Part) else _token(expected)


def _token(found: str) -> str:
    return PARTS[found] if isinstance(found, Part) else f"'{found}'"


def _wrong_dataset(target: str, expected: Sequence[str], found: str) -> str:
    return f"a filter of {target} can use {either(expected)}, not {found}"


def _parameters(parameters: Sequence[str]) -> str:
    return f"no value for {', '.join(f'${name}' for name in parameters)}"


FILTERS: Mapping[Code, str | Callable[..., str]] = {
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
    FilterCode.UNKNOWN_ACTION_EVENT: '"{found}" is not a type of action interactions',
    FilterCode.OTHER_TARGET: "{recipe} takes filters of {expected}, not of {found}",
    FilterCode.NO_CURRENT_ITEM: "{recipe} has no CurrentItem: only related-items recipes have one",
    FilterCode.NO_FILTER_BY_EVENTS: "{recipe} takes no filters that use Interactions",
    FilterCode.NOTHING_FITS: "no solution or recommender of the dataset group can use the filter: {why}",
    FilterCode.FILTER_OF_OTHER_GROUP: "{filter} belongs to another dataset group than the solution version",
    FilterCode.UNKNOWN_EVENT_TYPE: 'no solution, metric or use case of the dataset group has the event type "{found}"',
    FilterCode.UNSEPARATED_VALUES: "expected values in quotes, separated by commas, found {found}",
    FilterCode.EMPTY_VALUE: "expected a value at character {character} of {values}",
    FilterCode.VALUE_AFTER_COMMA: "expected a value after the last comma of {values}",
    FilterCode.UNFILLED_PARAMETERS: _parameters,
    FilterCode.NOT_A_NUMBER: '{field} {operator} requires a number, found "{found}"',
    FilterCode.SEVERAL_VALUES: "{operator} accepts one value, found {found}",
}
