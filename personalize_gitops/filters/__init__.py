"""The filter expression language: grammar, syntax tree, checks and evaluation.

    syntax      the tree: frozen values that know where they stand in the text
    parse       text to tree, or the column where reading stopped and what was expected there
    checks      what the service refuses although it reads well, and what the guide leaves open
    text        the canonical text to compare by, parameters, fields used
    evaluate    what a filter leaves of some candidates, for the emulator

Pure throughout: text and values in, values out. The language is docs/service/3 §4; all decisions on points that section
leaves open are warnings of the checks or stand in a docstring.
"""

from personalize_gitops.filters.checks import check, too_many_fields
from personalize_gitops.filters.evaluate import Event, View, evaluate, seen
from personalize_gitops.filters.field_checks import FieldType
from personalize_gitops.filters.parse import FilterSyntaxError, parse
from personalize_gitops.filters.problems import Problem, Severity
from personalize_gitops.filters.syntax import Dataset, FilterExpression, Target
from personalize_gitops.filters.text import canonical, fields_used, parameters, uses_current_item, uses_current_user
from personalize_gitops.filters.values import FilterValueError, missing_values, read_values, unknown_values

__all__ = [
    "Dataset",
    "Event",
    "FieldType",
    "FilterExpression",
    "FilterSyntaxError",
    "FilterValueError",
    "Problem",
    "Severity",
    "Target",
    "View",
    "canonical",
    "check",
    "evaluate",
    "fields_used",
    "missing_values",
    "parameters",
    "parse",
    "read_values",
    "seen",
    "too_many_fields",
    "unknown_values",
    "uses_current_item",
    "uses_current_user",
]
