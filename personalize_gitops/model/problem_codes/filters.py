"""Of filter expressions."""

from __future__ import annotations

from personalize_gitops.model.reason import Code


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
