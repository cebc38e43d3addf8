"""PG1xx: schemas that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.schemas import schema_problems
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Source

_SCHEMA = Path(("schema",))


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield PG101: a schema must have the columns of its dataset type and domain (docs/service/1 §7 and §8)."""
    for document in desired.documents.values():
        if document.address.kind_name != "Schema":
            continue
        domain = document.attributes.get("domain")
        for problem in schema_problems(document.attributes["schema"], domain=Domain(domain) if domain else None):
            field = Path((*_SCHEMA, *problem.place))
            yield problem.moved_to(document.places.of(("spec", *field)), str(document.address), field, Check.PG101)
