"""Schemas as a whole: reading and comparing them, what the service refuses, what may replace what."""

from personalize_gitops.catalog.avro import Field, Schema, SchemaSyntaxError, canonical, parse
from personalize_gitops.catalog.problems import Problem, Severity
from personalize_gitops.catalog.schema_checks import schema_problems
from personalize_gitops.catalog.schema_migration import migration
from personalize_gitops.catalog.schema_replacement import replacement_problems
from personalize_gitops.catalog.schema_tables import Column, ColumnRules, column_rules

__all__ = [
    "Column",
    "ColumnRules",
    "Field",
    "Problem",
    "Schema",
    "SchemaSyntaxError",
    "Severity",
    "canonical",
    "column_rules",
    "migration",
    "parse",
    "replacement_problems",
    "schema_problems",
]
