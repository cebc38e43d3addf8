"""Facts of the service as data: recipes, use cases, hyperparameters, schema rules, quotas, durations.

Every fact names its source: a section of docs/service, or the word "assumed". Everything is pure and uses only the
vocabulary of problems in `model`.

    recipes     every recipe and use case, with its parameters and abilities
    datasets    dataset types and domains in all their spellings
    schemas     parsing, comparing and checking Avro schemas
    rules       what the service accepts of a request
    quotas      the limits of an account
    regions     where the service is offered
    durations   how long each transition usually takes
"""

from personalize_gitops.catalog.datasets import DatasetType, Domain, dataset_type_of_record, find_dataset_type
from personalize_gitops.catalog.durations import DURATIONS, Duration, Transition, usual_duration
from personalize_gitops.catalog.quotas import QUOTAS, Quota, quotas_on
from personalize_gitops.catalog.recipes import RECIPES, Parameter, ParameterKind, Recipe, RecipeType, find_recipe
from personalize_gitops.catalog.schemas import (
    Field,
    Schema,
    SchemaSyntaxError,
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
    "Quota",
    "Recipe",
    "RecipeType",
    "Schema",
    "SchemaSyntaxError",
    "Transition",
    "dataset_type_of_record",
    "find_dataset_type",
    "find_recipe",
    "quotas_on",
    "replacement_problems",
    "schema_problems",
    "usual_duration",
]
