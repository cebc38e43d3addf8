"""Secrets that were found in manifests, and problems without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from personalize_gitops.model.secrets import NO_SECRETS, Secrets, without

FoundSecrets = dict[tuple[str | int, ...], frozenset[str]]
"""The secrets in a document, by the path of the value that has them."""


def secrets_at(path: tuple[str, ...], found: FoundSecrets) -> dict[str, frozenset[str]]:
    """Return the secrets in the mapping at a path, by key."""
    return {str(at[-1]): texts for at, texts in found.items() if at[:-1] == path}


def masked_in_project(problems: Iterable[Problem[Source]], found: FoundSecrets) -> list[Problem[Source]]:
    """Return the problems of the project without its secrets."""
    secrets = Secrets(frozenset(found), frozenset[str]().union(*found.values()))
    return [masked(problem, secrets) for problem in problems]


def masked_in_documents(
    problems: Iterable[Problem[Source]], documents: Mapping[Address, Document]
) -> Iterator[Problem[Source]]:
    """Yield problems without the secrets of their documents."""
    secrets = {str(address): document.secrets for address, document in documents.items()}
    return (masked(problem, secrets.get(problem.subject, NO_SECRETS)) for problem in problems)


def masked(problem: Problem[Source], secrets: Secrets) -> Problem[Source]:
    """Return a problem of a document without its secrets."""
    mask = secrets.masked_inside if problem.field and secrets.hides(problem.field) else secrets.masked
    return replace(problem, reason=without(problem.reason, mask), suggestion=without(problem.suggestion, mask))
