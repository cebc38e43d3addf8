"""What one look at the account found."""

from __future__ import annotations

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.live import is_at_or_below
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.builders import HEAD, live, snapshot

ARN = f"{HEAD}:solution/rank"


@pytest.mark.parametrize(
    ("text", "address"),
    [("Solution/rank", Address("Solution", "rank")), ("rank", None), ("a/b/c", None), ("/", None), ("", None)],
)
def test_the_address_is_in_a_tag(text: str, address: Address | None) -> None:
    """Anybody may write tags: what is no address is none."""
    found = live("Solution/rank", tags={ADDRESS: text, PROJECT: "shop"})

    assert found.address == address
    assert found.owner == "shop"


def test_without_tags_nobody_owns_it() -> None:
    """Neither project nor address."""
    found = live("Solution/rank")

    assert (found.owner, found.address) == (None, None)


@pytest.mark.parametrize(
    ("arn", "below"),
    [(ARN, True), (f"{ARN}/1a2b3c4d", True), (f"{ARN}/$LATEST", True), (f"{ARN}-2", False), ("", False)],
)
def test_versions_lie_below_their_solution(arn: str, below: bool) -> None:
    """A name that only begins alike is another object."""
    assert is_at_or_below(arn, ARN) is below


def test_a_campaign_refers_to_the_solution_of_its_version() -> None:
    """A reference to a version is one to what the version lies below."""
    campaign = live("Campaign/home", {"solutionVersion": f"{ARN}/1a2b3c4d"})

    assert campaign.refers_to(ARN)
    assert not campaign.refers_to(f"{ARN}-2")
    assert not live("Campaign/empty").refers_to(ARN)


def test_a_snapshot_answers_by_kind() -> None:
    """Objects of a kind come oldest first."""
    young, old, other = live("Filter/a", created=2), live("Filter/b", created=1), live("Solution/rank")

    found = snapshot(young, other, old)

    assert found.of_kind("Filter") == (old, young)
    assert found.of_kind("Campaign") == ()
    assert found.of_kind("Solution") == (other,)
