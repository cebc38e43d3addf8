"""The cache: which described objects need not be described again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.engine.observe.cache import Cache, from_json, to_json
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.live import Live, LiveUpdate
from tests.support.builders import live, snapshot

FILTER = live("Filter/seen", {"filterExpression": "x"}, created=1.0, updated=1.0, described=True)
CAMPAIGN = live("Campaign/home", {"minProvisionedTPS": 2}, created=1.0, updated=5.0, described=True)


def listed(known: Live) -> Live:
    """Return an object as a list shows it: without its members."""
    return replace(known, attributes={}, described=False)


def recalled(known: Live, found: Live, *, trusting: bool = False) -> Live | None:
    """Return what a cache that knows an object makes of a list entry."""
    return Cache({known.arn: known}, trusting).recall(found)


def test_an_object_that_cannot_change_is_recalled() -> None:
    """A filter has no update operation, so a known filter is not described again."""
    assert recalled(FILTER, listed(FILTER)) == FILTER


def test_state_and_tags_always_come_from_the_list() -> None:
    """The cache provides the members only; status, update time and tags come from the list entry."""
    now = replace(listed(FILTER), updated=9.0, tags={"team": "blue"}, status="active")

    found = recalled(FILTER, now)

    assert found == replace(FILTER, updated=9.0, tags={"team": "blue"}, status="active")


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(replace(listed(FILTER), created=2.0), id="created again"),
        pytest.param(replace(listed(FILTER), status="CREATE FAILED"), id="failed"),
        pytest.param(replace(listed(FILTER), status="DELETE PENDING"), id="being deleted"),
        pytest.param(replace(listed(FILTER), arn=f"{FILTER.arn}-2"), id="another one"),
        pytest.param(replace(listed(FILTER), kind=KINDS["Schema"]), id="of another kind"),
    ],
)
def test_any_other_object_is_described_again(found: Live) -> None:
    """A known ARN does not suffice: kind and creation time must be equal, and the object must be ready."""
    assert recalled(FILTER, found) is None


@pytest.mark.parametrize(
    ("trusting", "updated", "is_recalled"), [(False, 5.0, False), (True, 5.0, True), (True, 6.0, False)]
)
def test_an_object_that_can_change_is_recalled_only_on_trust(trusting: bool, updated: float, is_recalled: bool) -> None:
    """A campaign is described every time, unless the caller trusts update times and its update time is the same."""
    found = recalled(CAMPAIGN, replace(listed(CAMPAIGN), updated=updated), trusting=trusting)

    assert (found is not None) is is_recalled


def test_the_cache_holds_what_was_described_and_still_exists() -> None:
    """The cache keeps ready objects that were described, now or before, and drops those that no longer exist."""
    pending = live("Campaign/moving", described=True, update=LiveUpdate("CREATE PENDING", {}))
    gone, known = live("Filter/gone", described=True), live("Filter/known", described=True)
    before = Cache({gone.arn: gone, known.arn: known})

    after = before.after(snapshot(FILTER, live("Filter/listed"), pending, listed(known)))

    assert after.known == {known.arn: known, FILTER.arn: FILTER}


def test_tags_are_not_kept() -> None:
    """The cache holds no tags, because tags can change without an update of the object."""
    after = Cache().after(snapshot(replace(FILTER, tags={"team": "blue"})))

    assert after.known[FILTER.arn].tags == {}


def test_a_cache_is_read_only_by_the_version_that_wrote_it() -> None:
    """Another version of the program may read answers differently, so it starts with an empty cache."""
    cache = Cache({FILTER.arn: FILTER, CAMPAIGN.arn: CAMPAIGN})
    text = to_json(cache, "1.0")

    assert from_json(text, "1.0", KINDS, trusting=False) == cache
    assert from_json(text, "1.1", KINDS, trusting=True) == Cache(trusting=True)
