"""An account of plain objects that counts what it is asked for, and the verbs that read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Inline
from personalize_gitops.engine.observe.cache import Cache
from personalize_gitops.engine.observe.confirm import confirm
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.resource import Resource
from tests.support import builders
from tests.support.builders import desired

NOW = 1000.0  # epoch seconds


@dataclass
class Account:
    """The part of a cloud that is read.

    As in the service, a list shows no references and no names of solution versions, and only `tags` shows tags.
    """

    lives: Sequence[Live] = ()
    index: Mapping[str, Mapping[str, str]] | None = None  # the tags in the eventually consistent index
    gone: frozenset[str] = frozenset()  # ARNs of objects that are deleted after the list
    account: str = builders.ACCOUNT
    region: str = builders.REGION
    now: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)  # `describe <name>`, `tags <name>`, `objects <location>`

    def list(self, kind: type[Resource]) -> Sequence[Live]:
        nameless = kind.kind_name() == "SolutionVersion"
        return [
            replace(live, attributes={}, tags={}, name="" if nameless else live.name)
            for live in self.lives
            if live.kind is kind
        ]

    def describe(self, kind: type[Resource], arn: str) -> Live | None:
        live = self._found(arn)
        self.calls[f"describe {live.name}"] += 1
        return None if arn in self.gone else replace(live, tags={}, described=True)

    def tags(self, arn: str) -> Mapping[str, str]:
        live = self._found(arn)
        self.calls[f"tags {live.name}"] += 1
        return live.tags

    def tag_index(self) -> Mapping[str, Mapping[str, str]] | None:
        return self.index

    def objects(self, location: str) -> str:
        self.calls[f"objects {location}"] += 1
        return f"digest of {location}"

    def _found(self, arn: str) -> Live:
        return next(live for live in self.lives if live.arn == arn)


def indexed(*lives: Live, **fields: Any) -> Account:
    """Return an account whose index of tags is up to date."""
    return Account(lives, {live.arn: live.tags for live in lives if live.tags}, **fields)


def observed(account: Account, *documents: Document, cache: Cache | None = None, use_index: bool = True) -> Snapshot:
    """Return the snapshot of an account for these documents."""
    cloud = cast("Cloud", account)  # observing only reads
    return observe(cloud, SimulatedClock(NOW), desired(*documents), Inline(), cache, use_index=use_index)


def confirmed(account: Account, make: Callable[[Snapshot], Plan], snapshot: Snapshot) -> tuple[Plan, Snapshot]:
    """Return the confirmed plan and its snapshot. The account counts the calls of confirming only."""
    account.calls.clear()
    return confirm(make, snapshot, cast("Cloud", account), Inline())  # confirming only reads
