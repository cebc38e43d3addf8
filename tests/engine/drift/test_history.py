"""What is new, ongoing and resolved since an earlier check."""

from __future__ import annotations

from dataclasses import replace

from personalize_gitops.engine.drift.history import Comparison, compared
from personalize_gitops.model.address import Address
from personalize_gitops.model.drift import Drift, Finding, Former, Known, State
from personalize_gitops.model.reason import Reason, ReasonCode
from tests.support.texts import reason_of

HOME, SEEN = Address("Campaign", "home"), Address("Filter", "seen")
CHANGED = Drift(HOME, Finding.CHANGED, (Reason(ReasonCode.CHANGED_IN_ACCOUNT),), "arn:home")
MISSING = Drift(SEEN, Finding.MISSING, (Reason(ReasonCode.MISSING),))
UNREAD = Drift(SEEN, Finding.UNCHECKED, ())


def former(*known: Known, present: frozenset[str] = frozenset()) -> Former:
    found = {(each.address, each.finding): each for each in known}
    return Former(("shop", "prod", "1", "us-east-1"), 50.0, found, present)


def known(item: Drift, first_seen: float = 10.0) -> Known:
    return Known(str(item.address), item.finding.value, first_seen)


def test_without_an_earlier_check() -> None:
    """Everything is first seen now, and nothing is called new."""
    assert compared([CHANGED], None, 100) == Comparison((replace(CHANGED, first_seen=100),))


def test_new_and_ongoing_findings() -> None:
    """The first time is carried over; another class of the same resource is another finding."""
    earlier = former(known(CHANGED), known(replace(MISSING, finding=Finding.FAILED)), present=frozenset({str(SEEN)}))

    history = compared([CHANGED, MISSING], earlier, 100)

    assert [(item.state, item.first_seen) for item in history.found] == [(State.ONGOING, 10), (State.NEW, 100)]
    assert history.resolved == (Known(str(SEEN), "failed", 10),)


def test_what_could_not_be_read_is_not_resolved() -> None:
    """The earlier finding is kept for the next check, until the resource can be read again."""
    history = compared([UNREAD], former(known(MISSING)), 100)

    assert (history.resolved, history.unresolved) == ((), (known(MISSING),))
    assert compared([], former(known(MISSING)), 100).resolved == (known(MISSING),)


def test_a_resource_that_was_never_there_is_an_edit() -> None:
    """One that the earlier check saw, missed or could not read is missing."""
    (edit,) = compared([MISSING], former(), 100).found
    assert (edit.finding, reason_of(edit)) == (Finding.UNAPPLIED, "declared, and not created yet")
    for earlier in (former(present=frozenset({str(SEEN)})), former(known(MISSING)), former(known(UNREAD))):
        assert compared([MISSING], earlier, 100).found[0].finding is Finding.MISSING


def test_an_object_that_is_being_deleted_is_missing() -> None:
    """It was there, also if no earlier check saw it."""
    leaving = replace(MISSING, arn="arn:seen")

    assert compared([leaving], former(), 100).found[0].finding is Finding.MISSING
