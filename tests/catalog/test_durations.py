"""Usual durations cover the life of every kind."""

from datetime import timedelta

import pytest

from personalize_gitops.catalog.durations import DURATIONS, RECOMMENDER_CREATIONS, Transition, usual_duration
from personalize_gitops.catalog.recipes import find_recipe
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.members import mutable_members


def kinds_with(transition: Transition) -> set[str]:
    return {kind for kind, known in DURATIONS if known is transition}


def test_every_transition_of_every_kind() -> None:
    """All kinds are created; the API decides which are updated, deleted, started and stopped."""
    assert kinds_with(Transition.CREATE) == KINDS.keys()
    assert kinds_with(Transition.DELETE) == {name for name, kind in KINDS.items() if not kind.is_run}
    assert kinds_with(Transition.UPDATE) == {name for name, kind in KINDS.items() if mutable_members(kind)}
    assert kinds_with(Transition.START) == {"Recommender"}
    assert kinds_with(Transition.STOP) == {"Recommender", "SolutionVersion"}


@pytest.mark.parametrize("key", DURATIONS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_longest_is_longer(key: tuple[str, Transition]) -> None:
    """The typical duration is within the range observed and at most the longest one; each figure names its source."""
    duration = DURATIONS[key]
    shortest, seen = duration.observed or (timedelta(), duration.longest)

    assert shortest <= duration.typical <= seen <= duration.longest
    assert (duration.observed is not None) == ("docs/service/7 §2" in duration.source)
    assert duration.source


@pytest.mark.parametrize(
    ("kind", "minutes"),
    {"DatasetImportJob": 4, "SolutionVersion": 35, "Campaign": 9, "Recommender": 45, "BatchInferenceJob": 26}.items(),
)
def test_observed_medians(kind: str, minutes: int) -> None:
    """Imports, trainings, endpoints and jobs take as long as in the notebooks of AWS (docs/service/7 §2)."""
    assert DURATIONS[kind, Transition.CREATE].typical == timedelta(minutes=minutes)


@pytest.mark.parametrize("use_case", RECOMMENDER_CREATIONS)
def test_observed_use_cases(use_case: str) -> None:
    """Each use case that was observed is in the catalog, its median between 31 and 61 minutes (docs/service/7 §2)."""
    assert find_recipe(use_case)
    assert timedelta(minutes=31) <= RECOMMENDER_CREATIONS[use_case].typical <= timedelta(minutes=61)


def test_usual_duration() -> None:
    """A transition is looked up by kind; a kind that has no such transition has no duration."""
    campaign = usual_duration("Campaign", Transition.CREATE)

    assert campaign is not None
    assert campaign.typical == timedelta(minutes=9)
    assert usual_duration("Filter", Transition.UPDATE) is None
