"""Write calls in CloudTrail, read through boto3 from the emulator."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import AccessDenied, Unavailable
from personalize_gitops.kinds import KINDS
from tests.support.proxy import Answer, Request, error, proxied
from tests.support.world import START, World

GROUP = KINDS["DatasetGroup"]
ROLE = "arn:aws:iam::123456789012:role/deployer"


def test_the_newest_first_with_its_caller(world: World) -> None:
    """An event has the ARN of its caller, its time and the texts of request and answer; refused calls are left out."""
    cloud = connect(world.clock, region="us-east-1", assume_role=ROLE)
    first = cloud.create(GROUP, "first", {}, {})
    world.clock.sleep(60)
    second = cloud.create(GROUP, "second", {}, {})

    newer, older = world.cloud.write_events("CreateDatasetGroup")

    assert (newer.name, newer.at, newer.actor) == (
        "CreateDatasetGroup",
        START + 60,
        "arn:aws:sts::123456789012:assumed-role/deployer/personalize-gitops",
    )
    assert {second, "second"} <= newer.texts
    assert {first, "first"} <= older.texts
    assert list(world.cloud.write_events("DeleteDatasetGroup")) == []


def test_pages_are_limited_and_paced(world: World) -> None:
    """At most four pages are read, two in a second, and none before its events are needed."""
    world.cloud.create(GROUP, "shop", {}, {})
    world.clock.sleep(600)
    (live,) = world.cloud.list(GROUP)
    for number in range(230):
        world.tag_by_hand(live.arn, {"n": str(number)})

    begun = world.clock.now()
    assert len(list(islice(world.cloud.write_events("TagResource"), 50))) == 50
    assert (world.clock.now(), world.emulator.answered["LookupEvents"]) == (begun, 1)
    events = list(world.cloud.write_events("TagResource"))

    assert len(events) == 200
    assert "229" in events[0].texts
    assert world.clock.now() == begun + 4 * 0.5
    assert world.emulator.answered["LookupEvents"] == 5


@pytest.mark.parametrize(
    ("code", "expected", "calls"),
    [("AccessDeniedException", AccessDenied, 1), ("ThrottlingException", Unavailable, 3)],
)
def test_a_trail_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, code: str, expected: type[Exception], calls: int
) -> None:
    """A refusal is raised at once, throttling after two more attempts."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    clock, asked = SimulatedClock(START), []

    def refusing(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.operation != "LookupEvents":
            return forward()
        asked.append(request)
        return error(code, "not allowed")

    with Emulator(clock.now).serve(port=0) as server, proxied(server.url, refusing) as url:
        cloud = connect(clock, region="us-east-1", endpoint_url=url, read_only=True)
        with pytest.raises(expected, match="LookupEvents: not allowed"):
            list(cloud.write_events("CreateCampaign"))

    assert len(asked) == calls
