"""Reads raise the first error, or keep every error beside what could be read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from personalize_gitops.connection import Inline
from personalize_gitops.engine.observe.reads import Reads
from personalize_gitops.errors import AccessDenied, CloudError, CredentialsExpired
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.live import Live
from personalize_gitops.model.resource import Resource

FILTER, CAMPAIGN = KINDS["Filter"], KINDS["Campaign"]
ONE, TWO = Live(FILTER, "arn:1", "one"), Live(FILTER, "arn:2", "two")


def of_filters(kind: type[Resource]) -> Sequence[Live]:
    if kind is not FILTER:
        raise AccessDenied("no")
    return [ONE, TWO]


def second(live: Live) -> Live | None:
    if live is ONE:
        raise AccessDenied("no")
    return live


def test_an_error_is_raised() -> None:
    """By default an unread page must not look like missing objects."""
    with pytest.raises(AccessDenied):
        Reads(Inline()).lists(of_filters, [FILTER, CAMPAIGN])
    with pytest.raises(AccessDenied):
        Reads(Inline()).objects(second, [ONE, TWO])


def test_errors_are_kept() -> None:
    """Beside what could be read, with the kind, the object or the location."""
    reads = Reads(Inline(), tolerant=True)

    assert reads.lists(of_filters, [FILTER, CAMPAIGN]) == [[ONE, TWO]]
    assert reads.objects(second, [ONE, TWO]) == [TWO]
    assert reads.locations(lambda location: {"s3://a": "digest"}[location], ["s3://a"]) == {"s3://a": "digest"}
    assert [(each.kind_name, each.live, each.cause) for each in reads.unread] == [
        ("Campaign", None, "no"),
        ("Filter", ONE, "no"),
    ]


def test_an_object_that_is_gone_is_no_error() -> None:
    """It is left out."""
    reads = Reads(Inline(), tolerant=True)

    assert (reads.objects(lambda live: None, [ONE]), reads.unread) == ([], [])


def test_nothing_that_can_be_listed_is_an_error() -> None:
    """Nothing is known about the account then."""
    with pytest.raises(CloudError):
        Reads(Inline(), tolerant=True).lists(of_filters, [CAMPAIGN])


def test_missing_credentials_are_an_error() -> None:
    """Without them no call succeeds."""

    def expired(live: Live) -> Live:
        raise CredentialsExpired("expired")

    with pytest.raises(CredentialsExpired):
        Reads(Inline(), tolerant=True).objects(expired, [ONE])
