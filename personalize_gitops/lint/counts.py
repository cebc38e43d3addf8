"""PG801: more resources than a quota of the service allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from personalize_gitops.lint.place import problem_at, warning_at
from personalize_gitops.model.address import Address
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.quotas import over_quota
from personalize_gitops.model.reason import Source
from personalize_gitops.model.resource import Most, Resource

Place = Address | str | None
"""Where a quota counts: a dataset group, by its address or ARN; None for the region."""


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield PG801 at the first document beyond a quota.

    It is a warning for the defaults of the service, because an account can have other quotas.
    """
    for (kind, place), documents in _by_place(desired).items():
        most = desired.most_per_group(kind) if place else desired.most_per_region(kind)
        if most and len(documents) > most.default:
            yield _over(documents, most, place, desired)


def _by_place(desired: Desired) -> Mapping[tuple[type[Resource], Place], Sequence[Document]]:
    """Return the documents of each kind with a quota, by where it counts. PG201 and PG701 are about kinds with one."""
    found: dict[tuple[type[Resource], Place], list[Document]] = {}
    for document in desired.documents.values():
        kind = document.kind
        if kind.one_per_group or not (kind.most_per_group or kind.most_per_region):
            continue
        for place in (None, *desired.groups_of(document.address)):
            found.setdefault((kind, place), []).append(document)
    return found


def _over(documents: Sequence[Document], most: Most, place: Place, desired: Desired) -> Problem[Source]:
    group = None
    if isinstance(place, Address):
        group = desired.documents[place].aws_name if place in desired.documents else place.name
    elif place:
        group = place.rpartition("/")[2]
    beyond = documents[most.default]
    reason = over_quota(beyond.kind, len(documents), most, group)
    return (problem_at if most.own else warning_at)(beyond, (), reason, Check.PG801)
