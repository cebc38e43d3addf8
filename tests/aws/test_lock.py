"""A lock in S3: conditional writes, lost answers, and stores that ignore conditions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.aws.lock import S3Lock
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import CloudError, UsageError
from personalize_gitops.model.lock import Lease
from tests.support.proxy import UNAVAILABLE, Answer, Request, Rule, proxied
from tests.support.world import START

OURS = Lease("ours", "ann@laptop", "process 1", START)
THEIRS = Lease("theirs", "bob@runner", "process 2", START - 60)
PLACE = "s3://locks/shop/prod.lock"

Open = Callable[..., S3Lock]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the lock through a proxy with this rule; without one, directly."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    clock = SimulatedClock(START)
    emulator = Emulator(clock.now)
    emulator.put_bucket("locks")
    with ExitStack() as closing:
        server = closing.enter_context(emulator.serve(port=0))

        def open_(rule: Rule | None = None, place: str = PLACE) -> S3Lock:
            url = closing.enter_context(proxied(server.url, rule)) if rule else server.url
            return connect(clock, region="us-east-1", endpoint_url=url).lock(place)

        yield open_


class Losing:
    """Loses the answers to the next writes of S3; with `effect=False` the writes themselves."""

    def __init__(self, *, effect: bool = True) -> None:
        self.times, self._effect = 0, effect
        self.instead: Callable[[], object] = lambda: None

    def __call__(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        if not self.times or request.service != "s3" or request.method == "GET":
            return forward()
        self.times -= 1
        if self._effect:
            forward()
        self.instead()
        return UNAVAILABLE


def test_a_lock_is_taken_once(opened: Open) -> None:
    """The first write is stored with all that others see; a second one is late and changes nothing."""
    lock = opened()

    held = lock.write(OURS, over=None)

    assert lock.write(THEIRS, over=None) is None
    assert held is not None
    assert lock.read() == held
    assert replace(held, version="") == OURS


def test_only_the_holder_renews_and_removes(opened: Open) -> None:
    """A write over, or a deletion of, an older version of the lease changes nothing."""
    lock = opened()
    first = lock.write(OURS, over=None)
    assert first is not None
    second = lock.write(replace(OURS, renewals=1), over=first)
    assert second is not None

    assert lock.write(THEIRS, over=first) is None
    assert not lock.delete(first)
    assert lock.read() == second
    assert lock.delete(second)
    assert lock.read() is None
    assert lock.write(replace(OURS, renewals=2), over=second) is None


def test_a_lost_answer_is_not_a_strangers_lock(opened: Open) -> None:
    """Our own write, whose repetition fails its condition, is read back: taking, renewing and removing."""
    losing = Losing()
    lock = opened(losing)

    losing.times = 1
    taken = lock.write(OURS, over=None)
    losing.times = 1
    renewed = lock.write(replace(OURS, renewals=1), over=taken)
    losing.times = 1

    assert taken is not None
    assert renewed is not None
    assert renewed.version != taken.version
    assert lock.read() == renewed
    assert lock.delete(renewed)
    assert lock.read() is None


def test_a_page_is_no_answer_to_a_deletion(opened: Open) -> None:
    """A captive portal neither removes a lock, nor passes for a store without conditions: the call is repeated."""
    shown = 0

    def portal(request: Request, forward: Callable[[], Answer]) -> Answer:
        nonlocal shown
        if request.method != "DELETE" or shown > 1:
            return forward()
        shown += 1
        return Answer(200, b"<html><body>Log in</body></html>", {"Content-Type": "text/html"})

    lock = opened(portal)
    held = lock.write(OURS, over=None)
    assert held is not None

    lock.check(held)
    shown = 0

    assert lock.delete(held)
    assert lock.read() is None


def test_a_stranger_who_was_faster_is_not_ours(opened: Open) -> None:
    """When a write was lost on the way and somebody else took the lock meanwhile, ours was late."""
    losing, other = Losing(effect=False), opened()
    lock = opened(losing)

    losing.times = 1
    losing.instead = lambda: other.write(THEIRS, over=None)

    assert lock.write(OURS, over=None) is None
    assert [lease.owner for lease in [lock.read()] if lease] == ["bob@runner"]


def ignoring(method: str, header: str) -> Rule:
    """Return a store that ignores a condition."""

    def rule(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.method == method:
            del request.headers[header]
        return forward()

    return rule


def unknowing(method: str, header: str) -> Rule:
    """Return a store that refuses a condition it does not know."""
    body = b"<Error><Code>NotImplemented</Code><Message>A header is not implemented</Message></Error>"

    def rule(request: Request, forward: Callable[[], Answer]) -> Answer:
        return Answer(501, body) if request.method == method and header in request.headers else forward()

    return rule


@pytest.mark.parametrize("store", [ignoring, unknowing])
@pytest.mark.parametrize(
    ("method", "header"), [("PUT", "If-None-Match"), ("PUT", "If-Match"), ("DELETE", "If-Match")], ids=str
)
def test_a_store_without_conditions_is_found_out(
    opened: Open, store: Callable[[str, str], Rule], method: str, header: str
) -> None:
    """A store that ignores any of the conditions, or does not know it, cannot hold a lock."""
    held = opened().write(OURS, over=None)
    assert held is not None

    with pytest.raises(UsageError, match=f"^{PLACE}: this store ignores conditions"):
        opened(store(method, header)).check(held)


def test_a_store_with_conditions_passes(opened: Open) -> None:
    """The check changes nothing."""
    lock = opened()
    held = lock.write(OURS, over=None)
    assert held is not None

    lock.check(held)

    assert lock.read() == held


ENDLESS = b'{"token": "t", "owner": "o", "run": "r", "taken": 1, "plan": "", "seconds": 1, "renewals": 1e999}'


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff", json.dumps({"token": 1}).encode(), b"[" * 100_000, ENDLESS], ids=len
)
def test_another_object_is_not_a_lock(opened: Open, content: bytes) -> None:
    """An object that something else has written is left alone, and named."""
    lock = opened()
    lock._s3.put_object(Bucket="locks", Key="shop/prod.lock", Body=content)

    with pytest.raises(UsageError, match=f"^{PLACE} is not a lock; name another object$"):
        lock.read()


@pytest.mark.parametrize("call", [S3Lock.read, lambda lock: lock.write(OURS, over=None)], ids=["read", "write"])
def test_a_missing_bucket_is_told(opened: Open, call: Callable[[S3Lock], object]) -> None:
    """The error names the lock, and is not taken for a lock that nobody holds."""
    with pytest.raises(CloudError, match=r"^the lock s3://nowhere/prod.lock: .*bucket does not exist"):
        call(opened(place="s3://nowhere/prod.lock"))
