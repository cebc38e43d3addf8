"""What comes before what."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, Lifecycle
from personalize_gitops.model.reference import Newest
from personalize_gitops.model.resource import Replace
from tests.support.builders import HEAD, desired, document

ELSEWHERE = f"{HEAD}:dataset-group/elsewhere"


def shop(name: str) -> list[Document]:
    """A dataset group with one of everything in it."""
    return [
        document(f"Schema/{name}", {"schema": {}}),
        document(f"DatasetGroup/{name}"),
        document(f"Dataset/{name}", {"schema": name, "datasetGroup": name, "datasetType": "Interactions"}),
        document(f"DatasetImportJob/{name}", {"dataset": name, "dataSource": {"dataLocation": "s3://b/k"}}),
        document(f"EventTracker/{name}", {"datasetGroup": name}),
        document(f"Filter/{name}", {"datasetGroup": name, "filterExpression": "x"}),
        document(f"Solution/{name}", {"datasetGroup": name, "recipe": "r"}),
        document(f"SolutionVersion/{name}", {"solution": name}),
        document(f"Campaign/{name}", {"solutionVersion": {"solution": name, "version": "latest"}}),
    ]


def needs(wanted: Desired, address: str) -> set[str]:
    return {str(other) for other in wanted.needs[Address.parse(address)]}


@pytest.mark.parametrize(
    ("address", "before"),
    [
        ("Schema/a", set()),
        ("DatasetGroup/a", set()),
        ("Dataset/a", {"Schema/a", "DatasetGroup/a"}),
        ("DatasetImportJob/a", {"Dataset/a"}),
        ("EventTracker/a", {"DatasetGroup/a", "Dataset/a"}),
        ("Filter/a", {"DatasetGroup/a", "Dataset/a"}),
        ("Solution/a", {"DatasetGroup/a", "Dataset/a", "DatasetImportJob/a"}),
        ("SolutionVersion/a", {"Solution/a", "Dataset/a", "DatasetImportJob/a"}),
        ("Campaign/a", {"Solution/a", "SolutionVersion/a"}),
    ],
)
def test_what_comes_first(address: str, before: set[str]) -> None:
    """What is referred to, what the kind comes after in its own group, and the run that is wanted newest."""
    wanted = desired(*shop("a"), *shop("b"))

    assert needs(wanted, address) == before


def test_other_groups_are_not_waited_for() -> None:
    """Only one's own group counts, and a group elsewhere has nothing of ours in it."""
    wanted = desired(
        *shop("a"),
        document("Solution/s", {"datasetGroup": ELSEWHERE, "recipe": "r"}),
        document("SolutionVersion/s", {"solution": "s"}),
    )

    assert needs(wanted, "Solution/s") == set()
    assert needs(wanted, "SolutionVersion/s") == {"Solution/s"}


def test_a_group_given_by_arn_is_a_group() -> None:
    """Two resources of one group elsewhere are told to be of the same group."""
    wanted = desired(
        document("Schema/a", {"schema": {}}),
        document("Dataset/a", {"schema": "a", "datasetGroup": ELSEWHERE, "datasetType": "Interactions"}),
        document("Filter/f", {"datasetGroup": ELSEWHERE, "filterExpression": "x"}),
    )

    assert needs(wanted, "Filter/f") == {"Dataset/a"}
    assert wanted.groups_of(Address("Filter", "f")) == {ELSEWHERE}


def test_a_followed_version_is_waited_for() -> None:
    """A campaign on `$LATEST` comes after the declared versions of its solution."""
    following = document("Campaign/a", {"solutionVersion": {"solution": "a", "version": "$LATEST"}})
    wanted = desired(*shop("a")[:-1], following)

    assert following.references["solutionVersion"] == Newest("SolutionVersion", Address("Solution", "a"), followed=True)
    assert needs(wanted, "Campaign/a") == {"Solution/a", "SolutionVersion/a"}


def test_what_is_not_declared_is_not_waited_for() -> None:
    """A reference that leads nowhere is reading's to report."""
    wanted = desired(document("SolutionVersion/v", {"solution": "gone"}))

    assert needs(wanted, "SolutionVersion/v") == set()


def test_nothing_belongs_to_a_group_by_itself() -> None:
    """Schemas and dataset groups are of the account."""
    wanted = desired(*shop("a"))

    assert wanted.groups_of(Address("Schema", "a")) == frozenset()
    assert wanted.groups_of(Address("Campaign", "a")) == {Address("DatasetGroup", "a")}


def test_ten_thousand_documents_are_put_in_order() -> None:
    """Over a thousand groups, and a group with thousands of filters, everything finds its place."""
    many = [document(f"Filter/f{n}", {"datasetGroup": "g0", "filterExpression": "x"}) for n in range(1_000)]
    wanted = desired(*(one for n in range(1_000) for one in shop(f"g{n}")), *many)

    order = list(TopologicalSorter(wanted.needs).static_order())

    assert len(order) == 10_000


@pytest.mark.parametrize(
    ("own", "project", "strategy"),
    [
        (None, {}, Replace.RECREATE),
        (None, {"Filter": Replace.FORBID}, Replace.FORBID),
        (None, {"Campaign": Replace.FORBID}, Replace.RECREATE),
        (Replace.SUCCESSOR, {"Filter": Replace.FORBID}, Replace.SUCCESSOR),
    ],
)
def test_the_document_decides_before_the_project_and_the_kind(
    own: Replace | None, project: dict[str, Replace], strategy: Replace
) -> None:
    """How an immutable member changes is asked of the nearest that has an opinion."""
    filter_ = document("Filter/f", lifecycle=Lifecycle(replace=own))
    wanted = desired(filter_, replace=project)

    assert wanted.strategy(filter_) is strategy
