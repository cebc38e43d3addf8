"""Known findings are muted until a day; an entry that has ended is a finding."""

from __future__ import annotations

from personalize_gitops.engine.drift.muting import mute
from personalize_gitops.model.address import Address
from personalize_gitops.model.baseline import Mute
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift, Finding, Muted
from personalize_gitops.model.reason import Source
from tests.support.texts import reason_of

HOME, SEEN = Address("Campaign", "home"), Address("Filter", "seen")
TPS, EXTRA = FieldChange(("minProvisionedTPS",), 1, 9), FieldChange(("campaignConfig",), {}, {"a": 1})
CHANGED = Drift(HOME, Finding.CHANGED, (), "arn:home", (TPS, EXTRA))
COST = Drift(HOME, Finding.ORPHAN_COST, (), "arn:home")
DECEMBER = 1_796_083_200.0  # 2026-12-01


def entry(address: Address = HOME, path: str = "", target: str = "", ends: float = DECEMBER) -> Mute:
    return Mute(address, path, target, "known", ends, Source("drift-baseline.yaml", 3))


def muted(*entries: Mute, found: tuple[Drift, ...] = (CHANGED, COST), now: float = 0.0) -> tuple[Drift, ...]:
    return mute(found, entries, "prod", now)[0]


def test_an_entry_without_a_path_mutes_the_resource() -> None:
    """Every finding about it, and none about another."""
    one = entry()
    other = Drift(SEEN, Finding.UNMANAGED, ())

    kept, known = mute((CHANGED, COST, other), [one], "prod", 0)

    assert kept == (other,)
    assert known == (Muted(CHANGED, one), Muted(COST, one))


def test_an_entry_with_a_path_mutes_a_member() -> None:
    """The other members of the finding stay; with an entry for each the finding is muted."""
    left = muted(entry(path="spec.minProvisionedTPS"))

    assert [item.fields for item in left] == [(EXTRA,), ()]
    assert muted(entry(path="spec.minProvisionedTPS"), entry(path="spec.campaignConfig")) == (COST,)


def test_an_entry_of_another_target_mutes_nothing() -> None:
    """Without a target it is for all of them."""
    assert muted(entry(target="staging")) == (CHANGED, COST)
    assert muted(entry(target="prod")) == ()


def test_an_entry_that_has_ended_is_a_finding() -> None:
    """It mutes nothing any more; on its last day it still does."""
    assert muted(entry(), now=DECEMBER - 1) == ()

    kept = muted(entry(), found=(CHANGED,), now=DECEMBER)

    assert [item.finding for item in kept] == [Finding.CHANGED, Finding.EXPIRED]
    assert kept[1].source == Source("drift-baseline.yaml", 3)
    assert reason_of(kept[1]) == (
        "an entry of the baseline ended on 2026-11-30: known; repair the drift or extend the entry"
    )
