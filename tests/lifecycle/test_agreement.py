"""What `validate` accepts, the emulator accepts: both read the same rules.

To add a kind, write a function from the dataset group to a strategy of drafts, and add it to STRATEGIES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.emulator import Emulator
from personalize_gitops.model.checks import Check
from tests.support.agreement import COLUMNS_OF, Draft, Group, Judge, checks_of, data_of, groups, told
from tests.support.random_endpoints import campaigns, recommenders
from tests.support.random_filters import attributions, filters
from tests.support.random_jobs import ROLE, deletions, exports, imports, inference, segments
from tests.support.random_solutions import solutions

STRATEGIES: tuple[Callable[[Group], st.SearchStrategy[list[Draft]]], ...] = (
    solutions,
    campaigns,
    recommenders,
    filters,
    attributions,
    imports,
    exports,
    deletions,
    inference,
    segments,
)
"""For each family of kinds, a function from the dataset group to drafts of documents in it."""

LATER = {Check.PG415, Check.PG416}
"""What the service finds out when it trains, so that a manifest without a training meets it later."""

STRICTER: set[Check | None] = set()
"""What `validate` refuses although the service takes it."""

ENOUGH = dict.fromkeys(
    ("interactions to train", "users with two interactions to train", "records of an interactions import"), 0
)
MANY = {quota.name: 1_000_000 for quota in QUOTAS.values() if quota.kind}

common = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """An account whose clock stands still, in which nothing takes time and trainings need no rows."""
    with Emulator(lambda: 1_750_000_000.0, instant=True, quotas={**ENOUGH, **MANY}).started():
        yield Judge(tmp_path_factory.mktemp("manifests"))


@st.composite
def manifests(draw: st.DrawFn) -> list[Draft]:
    """Return a dataset group and the documents of one family in it."""
    group = draw(groups())
    return [*group.drafts, *draw(draw(st.sampled_from(STRATEGIES))(group))]


def agree(judge: Judge, drafts: list[Draft]) -> None:
    """Check that `validate` and the service accept the same manifest, or both refuse it."""
    problems, refused = judge.validated(drafts), judge.refused(drafts)
    note(f"validate: {told(problems)}\nservice: {refused}")
    event(f"validate {'refuses' if problems else 'accepts'}, service {'refuses' if refused else 'accepts'}")
    assert not (refused and not problems), f"only the service refuses: {refused}"
    if problems and not refused:
        by_form = any(str(problem.check).startswith("PG0") for problem in problems)  # so that no request was sent
        trained = any(draft.kind == "SolutionVersion" for draft in drafts)
        later = set() if trained else LATER
        assert by_form or checks_of(problems) <= STRICTER | later, f"only validate refuses: {told(problems)}"


@settings(common, max_examples=50, derandomize=True)
@given(drafts=manifests())
def test_validate_and_the_service_agree(judge: Judge, drafts: list[Draft]) -> None:
    """What `validate` accepts the service accepts, and what the service refuses for its content `validate` refuses."""
    agree(judge, drafts)


@pytest.mark.parametrize("type_", COLUMNS_OF)
def test_imports_add_to_the_data_before_them(judge: Judge, type_: str) -> None:
    """An incremental import after one of all data is accepted by both, so that random ones can be."""
    always, maybe = COLUMNS_OF[type_]
    imported = {"dataset": type_, "dataSource": {"dataLocation": data_of(type_)}, "roleArn": ROLE}
    full = Draft("DatasetImportJob", "full", imported)
    more = Draft("DatasetImportJob", "more", {**imported, "importMode": "INCREMENTAL"})
    drafts = [*Group(None, {type_: (*always, *maybe)}).drafts, full, more]

    assert (judge.validated(drafts), judge.refused(drafts)) == ([], "")


@pytest.mark.slow
@settings(common, max_examples=2_000)
@given(drafts=manifests())
def test_validate_and_the_service_agree_many_times(judge: Judge, drafts: list[Draft]) -> None:
    """The same for two thousand manifests."""
    agree(judge, drafts)
