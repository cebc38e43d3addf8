"""Campaigns that are billed and that nobody asks."""

from __future__ import annotations

from pathlib import Path

from personalize_gitops.model.drift import Finding
from personalize_gitops.model.problem import Severity
from tests.emulator.account import client
from tests.engine.drift.test_account import DAY, told
from tests.support.texts import reason_of
from tests.support.world import World


def test_a_campaign_that_nobody_asks_costs(world: World, shop: Path) -> None:
    """After a week without a request, by its metrics; one request is enough, and a younger campaign is not told."""
    campaign = world.only(shop, "Campaign")
    young = told(world, shop)
    world.clock.sleep(8 * DAY)

    (idle,) = told(world, shop)
    client("personalize-runtime").get_recommendations(campaignArn=campaign.arn, itemId="item-1")
    world.clock.sleep(3600)

    assert young == []
    assert (str(idle.address), idle.finding, idle.severity) == ("Campaign/home", Finding.ORPHAN_COST, Severity.WARNING)
    assert idle.bills_since == campaign.created
    assert "no request in the last 7 days" in reason_of(idle)
    assert told(world, shop) == []
