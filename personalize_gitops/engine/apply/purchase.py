"""Buy a run only once, even where the service allows several runs of one name.

No call carries an idempotency token, and a list may not show a run that was bought a moment ago. So a purchase is
announced on its parent first, and the announcement is removed when every list must show the run. Whoever finds an
announcement without a run waits until the run must be visible. If it is not, nothing was bought. The tag stays until a
purchase is seen: its own apply may still be there and renew it.

Two applies can announce the same run at the same time. So each looks at the parent again before it buys, and does not
buy beside the announcement of another: the one whose key comes later withdraws. One of them can also have bought the
run and removed its announcement since the other planned, so a list is read last.

Where the parent is not ours or has no room for a tag, the list is read twice with the same wait in between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from personalize_gitops.errors import CloudError
from personalize_gitops.model.announcements import (
    VISIBLE_LIMIT,
    announced,
    announcement,
    announcement_key,
    can_announce,
    is_young,
)
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import references
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.resource import Run
from personalize_gitops.model.steps import Step
from personalize_gitops.model.tags import PROJECT


@dataclass(frozen=True)
class Purchase:
    """A run that is about to be bought: its step, the object that it is announced on, and the key of our tag there."""

    step: Step
    parent: Live
    key: str

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.step.id.aws_name

    def announced(self, tags: Mapping[str, str], now: float) -> dict[str, float]:
        """Return when the run was announced in tags of the parent, by their keys; none if the parent is not ours."""
        is_ours = self.parent.owner == self.step.tags.get(PROJECT)
        return announced(tags, self.name, now) if is_ours else {}

    def others(self, tags: Mapping[str, str], now: float) -> Collection[str]:
        """Return the keys of other applies that may be buying the run now."""
        found = self.announced(tags, now)
        return [key for key, at in found.items() if key != self.key and is_young(at, now)]


@dataclass(frozen=True)
class Bought:
    """An earlier attempt, or another apply, has bought the run."""

    arn: str


@dataclass(frozen=True)
class Postponed:
    """The run must not be bought yet."""

    reason: Reason
    nothing_bought: bool = False  # by this apply, so that an announcement of its own means nothing


def purchase_of(step: Step, attributes: Mapping[str, Any], cloud: Cloud) -> Purchase | None:
    """Return the purchase of a step that creates a run whose name may not be unique; None for any other step."""
    kind = step.kind.announced_on if issubclass(step.kind, Run) else None
    member = next((found.alias for found in references(step.kind) if kind and found.ref == kind.kind_name()), None)
    if kind is None or member is None:
        return None
    arn = attributes[member]
    parent = cloud.describe(kind, arn) or Live(kind, arn, "")
    return Purchase(step, replace(parent, tags=cloud.tags(arn)), announcement_key(cloud.token, step.id.aws_name))


def prepared(
    purchase: Purchase, looked_at: float | None, cloud: Cloud, *, refused: bool = False
) -> Bought | Postponed | None:
    """Return None if the run can be bought now: it is announced then, where possible.

    `looked_at` is when the list was read first without finding the run, in epoch seconds of the service; None if never.
    If this apply was `refused` the run before, the announcement is its own and means nothing: it is renewed.
    """
    step, parent, now = purchase.step, purchase.parent, cloud.now
    found = purchase.announced(parent.tags, now)
    can = can_announce(parent, step.tags.get(PROJECT), purchase.key)
    if (found or not can) and (arn := cloud.find(step.kind, purchase.name, step.tags, parent.arn)):
        return Bought(arn)
    if can and (refused or not found) and not purchase.others(parent.tags, now):
        return _announced(purchase, cloud)
    latest = max(found.values(), default=None)
    if latest is not None and is_young(latest, now):
        wait = timedelta(seconds=latest + VISIBLE_LIMIT - now)
        return Postponed(because(ReasonCode.ANNOUNCED_NOT_SEEN, wait=wait), nothing_bought=refused)
    if latest is not None and can:
        since = timedelta(seconds=now - latest)
        return Postponed(because(ReasonCode.NOTHING_WAS_BOUGHT, since=since), nothing_bought=True)
    wait = timedelta(seconds=VISIBLE_LIMIT if looked_at is None else looked_at + VISIBLE_LIMIT - now)
    if wait > timedelta():
        return Postponed(because(ReasonCode.LOOKING_AGAIN, wait=wait), nothing_bought=refused)
    return None


def _announced(purchase: Purchase, cloud: Cloud) -> Bought | Postponed | None:
    """Announce a run and return None if it can be bought: nobody else announces it, or has bought it since the plan."""
    step, parent = purchase.step, purchase.parent
    cloud.tag(parent, {purchase.key: announcement(purchase.name, cloud.now)})
    others = purchase.others(cloud.tags(parent.arn), cloud.now)
    if not others:
        since = step.planned_at - VISIBLE_LIMIT  # what is younger, the list of the plan may have lacked
        arn = cloud.find(step.kind, purchase.name, step.tags, parent.arn, since)
        return Bought(arn) if arn else None
    if min(others) < purchase.key:
        withdraw(purchase, cloud)
    wait = timedelta(seconds=VISIBLE_LIMIT)
    return Postponed(because(ReasonCode.ANNOUNCED_NOT_SEEN, wait=wait), nothing_bought=True)


def withdraw(purchase: Purchase, cloud: Cloud) -> None:
    """Remove our announcement, if there is one."""
    if purchase.key in cloud.tags(purchase.parent.arn):
        cloud.untag(purchase.parent, [purchase.key])


def concluded(purchase: Purchase, arn: str, age: float, has_ended: bool, cloud: Cloud) -> bool:
    """Return whether every list must show the run that was bought `age` seconds ago.

    Its announcements are removed then, those of other applies too: whoever looks for the run finds it. One list that
    shows it is not enough while the run goes on: the next one may come from a place that lags. It is enough for a run
    that has ended: no training succeeds within `VISIBLE_LIMIT` (docs/service/7 §2: the shortest took 10 min), and one
    that failed is bought again on purpose. If the announcements cannot be removed although the run has ended after
    `VISIBLE_LIMIT`, the next plan removes them.
    """
    must_be_visible = age >= VISIBLE_LIMIT
    try:
        if not must_be_visible and not (has_ended and any(live.arn == arn for live in cloud.list(purchase.step.kind))):
            return False
        if found := purchase.announced(cloud.tags(purchase.parent.arn), cloud.now):
            cloud.untag(purchase.parent, sorted(found))
    except CloudError:
        return must_be_visible and has_ended
    return True
