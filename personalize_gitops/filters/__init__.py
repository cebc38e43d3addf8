"""The filter expression language: grammar, syntax tree, checks and evaluation (docs/service/3 §4).

    syntax      the tree: frozen values that know their position in the text
    parse       from text to tree, or the place where parsing stopped and what is expected there
    checks      what the service refuses although it can be parsed, and what the guide leaves open
    text        the canonical text, the parameters, the fields used
    fit         whether a filter can be used with a recipe
    normal      the form to compare filters by
    relation    whether one filter is narrower or wider than another
    values      the values of requests and the cells of data
    evaluate    which candidates pass a filter

The emulator imports `values` and `evaluate` from their modules, so that reading manifests does not load them. All
functions are pure. A decision on a point that the guide leaves open is a warning of the checks, or explained in a
docstring.
"""

from personalize_gitops.filters.checks import check, too_many_fields
from personalize_gitops.filters.field_checks import FieldType
from personalize_gitops.filters.fit import unfit
from personalize_gitops.filters.normal import normal
from personalize_gitops.filters.parse import FilterSyntaxError, parse
from personalize_gitops.filters.syntax import Dataset, FilterExpression, Target
from personalize_gitops.filters.text import (
    canonical,
    event_types,
    fields_used,
    parameters,
    uses_current_item,
    uses_current_user,
)

__all__ = [
    "Dataset",
    "FieldType",
    "FilterExpression",
    "FilterSyntaxError",
    "Target",
    "canonical",
    "check",
    "event_types",
    "fields_used",
    "normal",
    "parameters",
    "parse",
    "too_many_fields",
    "unfit",
    "uses_current_item",
    "uses_current_user",
]
