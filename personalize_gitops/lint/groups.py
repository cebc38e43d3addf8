"""PG2xx: what a dataset group cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.catalog.datasets import dataset_type_of_record, find_dataset_type
from personalize_gitops.catalog.recipes import find_recipe
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diagnostics import Problem


def check(desired: Desired) -> Iterator[Problem]:
    """Everything about the company a resource keeps in its group."""
    first: dict[Any, Document] = {}
    for document in desired.documents.values():
        match document.address.kind:
            case "Dataset":
                key = (document.references["datasetGroup"], document.attributes["datasetType"])
                yield from _alone(document, first.setdefault(key, document), f"{key[1]} dataset")
                yield from _schema_fits(document, desired)
            case "EventTracker":
                key = (document.references["datasetGroup"], "EventTracker")
                yield from _alone(document, first.setdefault(key, document), "event tracker")
            case "Solution":
                yield from _recipe_fits(document, desired)


def _alone(document: Document, first: Document, what: str) -> Iterator[Problem]:
    """PG201: one dataset of a type and one event tracker to a group (docs/service/4 §4.6)."""
    if document is not first:
        fact = f"datasetGroup: the group has an {what} already, {first.address}"
        yield Problem(document.places.of(("spec", "datasetGroup")), str(document.address), fact, code="PG201")


def _schema_fits(document: Document, desired: Desired) -> Iterator[Problem]:
    """PG202: the schema is for this type and the group's domain (docs/service/2 §3.3)."""
    schema = _declared(document.references["schema"], desired)
    if schema is None:
        return
    at = document.places.of(("spec", "schema"))
    record = str(schema.attributes["schema"].get("name"))
    meant, wanted = dataset_type_of_record(record), find_dataset_type(document.attributes["datasetType"])
    if meant is not wanted:
        fact = f'schema: {schema.address} describes "{record}", not {wanted}'
        yield Problem(at, str(document.address), fact, code="PG202")
    group = _declared(document.references["datasetGroup"], desired)
    if group and group.attributes.get("domain") != schema.attributes.get("domain"):
        fact = (
            f"schema: {schema.address} is for {schema.attributes.get('domain', 'custom groups')}, "
            f"{group.address} is {group.attributes.get('domain', 'a custom group')}"
        )
        yield Problem(at, str(document.address), fact, code="PG202")


def _recipe_fits(document: Document, desired: Desired) -> Iterator[Problem]:
    """PG203: a solution takes a custom recipe that is still offered (docs/service/1 §13.1)."""
    recipe = find_recipe(str(document.attributes.get("recipe")))
    if recipe is None:
        return
    at = document.places.of(("spec", "recipe"))
    if recipe.domain:
        fact = f"recipe: {recipe.name} is a use case of {recipe.domain} recommenders, not a recipe for solutions"
        yield Problem(at, str(document.address), fact, code="PG203")
    if recipe.legacy:
        fact = f"recipe: {recipe.name} is no longer offered"
        yield Problem(at, str(document.address), fact, 'use "aws-user-personalization-v2"', code="PG203")


def _declared(reference: Any, desired: Desired) -> Document | None:
    return desired.documents.get(reference) if isinstance(reference, Address) else None
