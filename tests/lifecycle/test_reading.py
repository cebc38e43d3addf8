"""Reading an account with few calls, and never believing what was not asked when something is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from personalize_gitops.engine.cache import Cache, from_json, to_json
from personalize_gitops.engine.observe import make_sure, observe
from personalize_gitops.engine.planner import make_plan
from personalize_gitops.errors import AccessDenied
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import ADDRESS, PROJECT
from personalize_gitops.model.plan import Plan
from tests.estate import write_estate
from tests.every import DOCUMENTS, NEEDS, write_every
from tests.shop import write_shop
from tests.world import World, actions


def looked(world: World, manifests: Path, cache: Cache | None = None) -> tuple[Plan, Cache, Mapping[str, int]]:
    """The plan for a folder, what is remembered afterwards, and the calls it took as the account counted them."""
    cache = cache or Cache()
    desired = load(manifests).desired
    world.emulator.answered.clear()
    seen = observe(world.cloud, world.clock, desired, world.pool, cache)
    plan, snapshot = make_sure(lambda seen: make_plan(desired, seen), seen, world.cloud, world.pool)
    return plan, cache.after(snapshot), dict(world.emulator.answered)


def kept(cache: Cache, *, trusting: bool = False) -> Cache:
    """What the next command finds on disk."""
    return from_json(to_json(cache, "1"), "1", KINDS, trusting=trusting)


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """The small shop, applied."""
    manifests = write_shop(tmp_path)
    world.put_data(tmp_path / "data", "shop")
    world.apply(manifests)
    return manifests


def test_a_large_account_is_read_with_few_calls(world: World, tmp_path: Path) -> None:
    """Five groups: 140 calls the first time, 75 with what the first has read, 20 when update times are trusted."""
    manifests = write_estate(tmp_path)
    world.put_data(tmp_path / "data", "estate")
    world.apply(manifests)

    cold, cache, first = looked(world, manifests)
    warm, cache, second = looked(world, manifests, kept(cache))
    trusted, _, third = looked(world, manifests, kept(cache, trusting=True))

    assert [actions(plan) for plan in (cold, warm, trusted)] == [{}, {}, {}]
    assert cold.in_sync == 5 * (1 + 1 + 6 + 1 + 8 + 4 * (1 + 4 + 1))
    assert sum(first.values()) <= 140, first
    assert sum(second.values()) <= 75, second
    assert sum(third.values()) <= 20, third
