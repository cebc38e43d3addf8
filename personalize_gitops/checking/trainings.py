"""Whether the rows of a dataset suffice for the trainings that are declared for its group (docs/service/3 §13.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.catalog.schemas import Schema, room_for_event_types
from personalize_gitops.checking.imports import problem_of
from personalize_gitops.checking.tally import MOST_CATEGORIES, Tally
from personalize_gitops.lint.declared import recipe_of
from personalize_gitops.lint.event_types import Named, solution_event_types
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because

ENOUGH = QUOTAS["interactions to train"].default
_FEWEST_USERS = QUOTAS["users with two interactions to train"].default
_SHARE = QUOTAS["percent of users with two interactions to train"].default / 100
_WHOLE = Path()


def trained_types(groups: Sequence[Address], desired: Desired) -> Mapping[Address, frozenset[str]]:
    """Return the event types of each training with interactions in some groups; none: it uses all."""
    solutions = [each for group in groups for each in desired.in_group(group, "Solution")]
    types = {address: frozenset(solution_event_types(desired.documents[address])) for address in solutions}
    recommenders = [each for group in groups for each in desired.in_group(group, "Recommender")]
    return types | {address: frozenset() for address in recommenders}


def training_problems(
    tally: Tally, types: Mapping[Address, frozenset[str]], desired: Desired
) -> Iterator[Problem[Source]]:
    """Yield the trainings that fail with too few interactions or users."""
    for address, of_types in types.items():
        document = desired.documents[address]
        if (unique := tally.unique(of_types)) < ENOUGH:
            named = {"types": tuple(map(Verbatim, sorted(of_types)))} if of_types else {}
            yield _warning(document, because(DataCode.FEW_INTERACTIONS, found=unique, least=ENOUGH, **named))
        elif tally.active_users < max(_FEWEST_USERS, _SHARE * len(tally.users)):
            yield _warning(document, because(DataCode.FEW_USERS, found=tally.active_users, least=_FEWEST_USERS))


def event_type_problems(tally: Tally, named: Sequence[Named], desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the event types that documents or use cases name and no row has, letter for letter."""
    for type_, address in dict.fromkeys(named):
        if type_ not in tally.event_types:
            found = tuple(Verbatim(each) for each, _ in tally.event_types.most_common(5))
            reason = because(DataCode.MISSING_EVENT_TYPE, type=Verbatim(type_), found=found)
            yield _warning(desired.documents[address], reason)


def needed_event_types(groups: Sequence[Address], desired: Desired) -> Iterator[Named]:
    """Yield the event types that the use cases of recommenders need."""
    for group in groups:
        for address in desired.in_group(group, "Recommender"):
            recipe = recipe_of(desired.documents[address])
            yield from ((type_, address) for type_ in (recipe.needs_events if recipe else ()))


def category_problems(dataset: Document, tally: Tally) -> Iterator[Problem[Source]]:
    """Yield the columns with more categories than the guide advises (docs/service/1 §9)."""
    for name, found in tally.categories.items():
        if len(found) > MOST_CATEGORIES:
            reason = because(DataCode.MANY_CATEGORIES, column=Verbatim(name), most=MOST_CATEGORIES)
            yield _warning(dataset, reason)


def event_room_problems(dataset: Document, schema: Schema, tally: Tally) -> Iterator[Problem[Source]]:
    """Yield that own columns and event types together are too many (docs/service/1 §8.1): a training may fail."""
    most, found = room_for_event_types(schema), len(tally.event_types.keys() - {""})
    if found > most:
        yield _warning(dataset, because(DataCode.MANY_EVENT_TYPES, found=found, most=most))


def _warning(document: Document, reason: Reason) -> Problem[Source]:
    return replace(problem_of(document, _WHOLE, reason), severity=Severity.WARNING)
