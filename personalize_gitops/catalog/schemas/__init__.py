"""Avro schemas: parse, compare and check them, and replace one with another.

* `avro`: parsing, and a canonical value to compare schemas by
* `tables`: the columns that each dataset type requires and reserves
* `checks`: what the service refuses, and what the guide leaves open
* `columns`: the checks against the tables
* `replacement`: whether UpdateDataset can move a dataset from one schema to another
* `migration`: the steps to other columns where it cannot
"""

from personalize_gitops.catalog.schemas.avro import Field, Schema, SchemaSyntaxError, canonical, parse
from personalize_gitops.catalog.schemas.checks import schema_problems
from personalize_gitops.catalog.schemas.columns import room_for_event_types
from personalize_gitops.catalog.schemas.migration import migration
from personalize_gitops.catalog.schemas.replacement import replacement_problems
from personalize_gitops.catalog.schemas.tables import Column, ColumnRules, column_rules

__all__ = [
    "Column",
    "ColumnRules",
    "Field",
    "Schema",
    "SchemaSyntaxError",
    "canonical",
    "column_rules",
    "migration",
    "parse",
    "replacement_problems",
    "room_for_event_types",
    "schema_problems",
]
