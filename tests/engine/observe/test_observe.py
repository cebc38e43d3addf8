"""Observing: which objects of an account are described, and where their tags come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from personalize_gitops.engine.observe.cache import Cache
from personalize_gitops.errors import AccessDenied
from personalize_gitops.model.desired import Document, RunPolicy
from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.tags import FINGERPRINT, NAME
from tests.engine.observe.account import NOW, Account, indexed, observed
from tests.support.builders import HEAD, document, live, owned

SHOP = document("DatasetGroup/shop")
TRAINING = document("SolutionVersion/rank", {"solution": "rank"})
IMPORT = {"dataset": f"{HEAD}:dataset/shop/ITEMS", "dataSource": {"dataLocation": "s3://in/rows.csv"}}
COUNTS_DATA = RunPolicy(when=["data"])


def described(account: Account, *documents: Document, **options: Any) -> list[str]:
    """Return the names of the objects that observing describes."""
    observed(account, *documents, **options)
    return sorted(call.removeprefix("describe ") for call in account.calls if call.startswith("describe "))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(owned("DatasetGroup/old"), ["old"], id="ours"),
        pytest.param(live("DatasetGroup/shop"), ["shop"], id="of a declared name"),
        pytest.param(live("DatasetGroup/shop-2"), ["shop-2"], id="named like a successor"),
        pytest.param(live("DatasetGroup/theirs"), [], id="of others"),
        pytest.param(live("Filter/theirs", {"datasetGroup": "arn"}), ["theirs"], id="of others, with references"),
        pytest.param(live("DatasetImportJob/theirs", IMPORT), [], id="a run"),
        pytest.param(owned("SolutionVersion/rank"), ["rank"], id="a run of ours without a name"),
        pytest.param(live("SolutionVersion/theirs"), [], id="a run of others without a name"),
        pytest.param(owned("SolutionVersion/x", service_made=True), [], id="a run that the service started"),
    ],
)
def test_only_objects_that_a_plan_needs_are_described(found: Live, expected: list[str]) -> None:
    """Objects are described if they are owned, have a declared name, or refer to others and can prevent a deletion."""
    assert described(indexed(found), SHOP, TRAINING) == expected


def test_runs_are_described_for_a_run_that_needs_another() -> None:
    """An incremental import needs a full import of its dataset, and only Describe shows the dataset of an import."""
    theirs = live("DatasetImportJob/theirs")

    assert described(indexed(theirs), document("DatasetImportJob/feed", IMPORT)) == []
    assert described(indexed(theirs), document("DatasetImportJob/feed", {**IMPORT, "importMode": "INCREMENTAL"})) == [
        "theirs"
    ]


def test_tags_come_from_the_index_and_are_unconfirmed() -> None:
    """The index is eventually consistent, so the snapshot lists the objects whose tags it provided."""
    group, schema = owned("DatasetGroup/shop"), live("Schema/items")
    account = indexed(group, schema)

    snapshot = observed(account, SHOP)

    assert snapshot.by_arn[group.arn].tags == group.tags
    assert snapshot.unconfirmed == {group.arn}  # a schema has no tags
    assert not any(call.startswith("tags ") for call in account.calls)


@pytest.mark.parametrize("use_index", [True, False])
def test_without_an_index_each_object_is_asked_for_its_tags(use_index: bool) -> None:
    """Without the index, the tags are read from the objects themselves and need no confirmation."""
    group = owned("DatasetGroup/shop")
    account = Account([group], index=None if use_index else {})

    snapshot = observed(account, SHOP, use_index=use_index)

    assert snapshot.by_arn[group.arn].tags == group.tags
    assert snapshot.unconfirmed == frozenset()


def test_without_an_index_only_current_runs_are_asked_for_their_tags() -> None:
    """Runs are recognized by name, so only the newest success of each configuration is asked for its tags."""
    old, new, failed, theirs = (
        live("SolutionVersion/x", name=name, arn=f"{HEAD}:solution/rank/{n}", created=float(n), status=status)
        for n, (name, status) in enumerate(
            [
                ("rank-01234567", "ACTIVE"),
                ("rank-01234567-2", "ACTIVE"),
                ("rank-01234567-3", "CREATE FAILED"),
                ("theirs", "ACTIVE"),
            ]
        )
    )
    account = Account([old, new, failed, theirs])

    observed(account, TRAINING)

    assert [call for call in account.calls if call.startswith("tags ")] == [f"tags {new.name}"]


def test_an_object_that_disappears_while_reading_is_left_out() -> None:
    """An object that is deleted between its list entry and its description is not in the snapshot."""
    group = owned("DatasetGroup/shop")

    assert observed(indexed(group, gone=frozenset({group.arn})), SHOP).objects == ()


class Denying(Account):
    """An account that may not list filters."""

    def list(self, kind: type[Resource]) -> Sequence[Live]:
        if kind.kind_name() == "Filter":
            raise AccessDenied("not authorized")
        return super().list(kind)


def test_a_list_that_fails_is_not_an_empty_one() -> None:
    """The error of any list is raised, because an unread object would seem to be missing."""
    with pytest.raises(AccessDenied):
        observed(Denying(), SHOP)


@pytest.mark.parametrize("names", [[], ["rank-01234567"], ["rank-01234567", "rank-01234567-2"], ["earlier-01234567"]])
@pytest.mark.parametrize("recorded", [True, False])
def test_the_tags_of_a_version_imply_its_name(names: list[str], recorded: bool) -> None:
    """Tags record the name of a version. Those of an older program do not: versions of equal tags are described."""
    if not recorded:
        names = [name for name in names if name.startswith("rank")]
    trained = [
        owned(
            "SolutionVersion/rank",
            name=name,
            arn=f"{HEAD}:solution/rank/{n}",
            tags={FINGERPRINT: "01234567", NAME: name if recorded else ""},
        )
        for n, name in enumerate(names)
    ]

    account = indexed(*trained)
    snapshot = observed(account, TRAINING)

    assert [found.name for found in snapshot.objects] == names
    assert account.calls.total() == (len(names) if len(names) > 1 and not recorded else 0)


def test_what_the_cache_knows_is_not_described() -> None:
    """A known object is taken from the cache, with its current tags."""
    group = owned("DatasetGroup/shop")
    cache = Cache().after(observed(indexed(group), SHOP))

    account = indexed(group)
    snapshot = observed(account, SHOP, cache=cache)

    assert account.calls == {}
    assert (snapshot.objects[0].described, snapshot.objects[0].tags) == (True, group.tags)


def test_data_is_read_only_where_it_decides() -> None:
    """S3 is asked once for each location that a run with `when: [data]` reads, and for no other."""
    data = document("DatasetImportJob/feed", IMPORT, run=COUNTS_DATA)
    same = document("DatasetImportJob/other", IMPORT, run=COUNTS_DATA)
    config = document("DatasetImportJob/far", {**IMPORT, "dataSource": {"dataLocation": "s3://far/"}})
    account = indexed()

    snapshot = observed(account, data, same, config)

    assert snapshot.inputs == {"s3://in/rows.csv": "digest of s3://in/rows.csv"}
    assert account.calls == {"objects s3://in/rows.csv": 1}


@pytest.mark.parametrize(("service_time", "expected"), [(0.0, NOW), (NOW - 60, NOW), (NOW + 60, NOW + 60)])
def test_a_snapshot_is_as_late_as_the_later_clock(service_time: float, expected: float) -> None:
    """The time of an emulator can run ahead of the local clock, and the ages of its objects depend on its time."""
    assert observed(indexed(now=service_time)).taken_at == expected
