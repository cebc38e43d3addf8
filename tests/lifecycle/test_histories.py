"""Whatever happens to a project and its account: others lose nothing, and an apply in peace leaves nothing to do.

`tests.support.histories` draws and plays the histories, and says how to play a failing one again.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.model.tags import PROJECT, PROTECT
from tests.support.histories import play
from tests.support.picks import Picks, read, write
from tests.support.strangers import make_strangers
from tests.support.watched import Watched
from tests.support.world import START, World, emulated

common = settings(deadline=None, suppress_health_check=list(HealthCheck))


def drawn(data: st.DataObject) -> Picks:
    return Picks(lambda below: data.draw(st.integers(0, below - 1)))


@settings(common, max_examples=8, derandomize=True)
@given(st.data())
def test_whatever_happens(data: st.DataObject) -> None:
    """No call changes what others have or deletes what is protected; in peace a project converges, and then rests."""
    play(drawn(data))


@pytest.mark.slow
@settings(common, max_examples=10_000)
@given(st.data())
def test_whatever_happens_many_times(data: st.DataObject) -> None:
    """The same for ten thousand histories."""
    play(drawn(data))


def test_a_written_history_is_played_again(tmp_path: Path) -> None:
    """The file of a history repeats it, deed for deed."""
    numbers = Random(7)  # noqa: S311
    first = Picks(numbers.randrange)
    play(first)

    again = read(write(first, "others", "DeleteFilter of theirs", tmp_path))
    play(again)

    assert (again.taken, again.story) == (first.taken, first.story)
    assert first.story


def test_a_call_that_harms_others_is_noticed() -> None:
    """The deletion of a filter that is not ours, and of a protected one, are broken promises."""
    clock = SimulatedClock(START)
    emulator = Watched(clock.now, "every/local")
    with emulator.started():
        make_strangers(World(emulator, clock, emulated(clock)))
        theirs = next(arn for arn, (record, _) in emulator.state().items() if record.kind == "Filter")
        pairs = [{"tagKey": PROJECT, "tagValue": "other"}, {"tagKey": PROTECT, "tagValue": "true"}]
        emulator.call("TagResource", resourceArn=theirs, tags=pairs)

        boto3.client("personalize", region_name="us-east-1").delete_filter(filterArn=theirs)

    assert [promise for promise, _ in emulator.broken] == ["others", "protected"]
