"""How often campaigns were asked, by their metrics."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.observe.traffic import requests
from tests.emulator.account import client
from tests.support.proxy import Answer, Request, proxied
from tests.support.shop import apply_shop
from tests.support.world import START, World

WEEK = 7 * 86400.0


def test_requests_are_counted_by_campaign(world: World, tmp_path: Path) -> None:
    """Those of both operations within the time; a campaign without any has none."""
    campaign = world.only(apply_shop(world, tmp_path), "Campaign").arn
    runtime = client("personalize-runtime")
    for item in ("item-1", "item-2"):
        runtime.get_recommendations(campaignArn=campaign, itemId=item)
    world.clock.sleep(3600)
    now, other = world.clock.now(), f"{campaign}-2"

    assert requests([campaign, other], world.cloud, now - WEEK, now) == {campaign: 2.0, other: 0.0}
    assert requests([campaign], world.cloud, now - 2 * WEEK, now - WEEK) == {campaign: 0.0}
    assert requests([], world.cloud, now - WEEK, now) == {}


def test_many_campaigns_are_asked_for_in_parts(world: World) -> None:
    """A call takes 500 metrics (docs/service/3 §12.1 names two for each campaign)."""
    arns = [f"arn:aws:personalize:us-east-1:123456789012:campaign/c{number}" for number in range(251)]
    now = world.clock.now()

    assert requests(arns, world.cloud, now - WEEK, now) == dict.fromkeys(arns, 0.0)
    assert world.cloud.calls["GetMetricData"] == 2


def test_without_the_permission_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that may not read metrics does not fail the check."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    clock = SimulatedClock(START)

    def refuse(request: Request, forward: object) -> Answer:
        if request.service == "monitoring":
            return Answer(403, b'{"__type": "AccessDeniedException", "message": "no"}')
        return forward() if callable(forward) else Answer(500)

    with Emulator(clock.now).serve(port=0) as server, proxied(server.url, refuse) as url:
        cloud = connect(clock, region="us-east-1", endpoint_url=url)

        assert requests(["arn:aws:personalize:us-east-1:123456789012:campaign/c"], cloud, START - WEEK, START) == {}
