"""Facts of the service as data: recipes, use cases, hyperparameters, schema rules, quotas, durations.

Every fact names its source: a section of docs/service, or the word "assumed". Nothing here talks to anything,
and nothing here depends on another package of ours.

    recipes     every recipe and use case, with parameters and what they can do
    datasets    dataset types and domains in all their spellings
    schemas     reading, comparing and checking Avro schemas
    quotas      what an account may hold
    durations   how long things usually take
"""

from personalize_gitops.catalog.datasets import DatasetType, Domain, dataset_type_of_record, find_dataset_type
from personalize_gitops.catalog.durations import DURATIONS, Duration, Transition, usual_duration
from personalize_gitops.catalog.quotas import QUOTAS, Quota, quotas_on
from personalize_gitops.catalog.recipes import RECIPES, Parameter, ParameterKind, Recipe, RecipeType, find_recipe
from personalize_gitops.catalog.schemas import (
    Field,
    Problem,
    Schema,
    SchemaSyntaxError,
    Severity,
    replacement_problems,
    schema_problems,
)

__all__ = [
    "DURATIONS",
    "QUOTAS",
    "RECIPES",
    "DatasetType",
    "Domain",
    "Duration",
    "Field",
    "Parameter",
    "ParameterKind",
    "Problem",
    "Quota",
    "Recipe",
    "RecipeType",
    "Schema",
    "SchemaSyntaxError",
    "Severity",
    "Transition",
    "dataset_type_of_record",
    "find_dataset_type",
    "find_recipe",
    "quotas_on",
    "replacement_problems",
    "schema_problems",
    "usual_duration",
]
