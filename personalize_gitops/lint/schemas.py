"""PG1xx: schemas the service would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.schemas import Severity, schema_problems
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.diagnostics import Problem


def check(desired: Desired) -> Iterator[Problem]:
    """PG101: the rules for columns by dataset type and domain (docs/service/1 §7 and §8)."""
    for document in desired.documents.values():
        if document.address.kind != "Schema":
            continue
        domain = document.attributes.get("domain")
        for problem in schema_problems(document.attributes["schema"], domain=Domain(domain) if domain else None):
            if problem.severity is Severity.ERROR:
                at = document.places.of(("spec", "schema", *problem.path))
                yield Problem(at, str(document.address), f"schema: {problem.message}", code="PG101")
