"""Buy a run only once, even where the service allows several runs of one name.

No call carries an idempotency token, and a list may not show a run that was bought a moment ago. So a purchase is
announced on its parent first, and the announcement is removed when every list must show the run. Whoever finds an
announcement without a run waits until the run must be visible. If it is not, nothing was bought.

Where the parent is not ours or has no room for a tag, the list is read twice with the same wait in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from personalize_gitops.errors import CloudError
from personalize_gitops.model.announcements import (
    VISIBLE_LIMIT,
    announced,
    can_announce,
    with_announcement,
    without_announcement,
)
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import references
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.resource import Run
from personalize_gitops.model.steps import Step
from personalize_gitops.model.tags import ANNOUNCED, PROJECT


@dataclass(frozen=True)
class Purchase:
    """A run that is about to be bought: its step, and the object that it is announced on."""

    step: Step
    parent: Live

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.step.id.aws_name


@dataclass(frozen=True)
class Bought:
    """An earlier attempt, or another apply, has bought the run."""

    arn: str


@dataclass(frozen=True)
class Postponed:
    """The run must not be bought yet."""

    reason: Reason


def purchase_of(step: Step, attributes: Mapping[str, Any], cloud: Cloud) -> Purchase | None:
    """Return the purchase of a step that creates a run whose name may not be unique; None for any other step."""
    kind = step.kind.announced_on if issubclass(step.kind, Run) else None
    member = next((found.alias for found in references(step.kind) if kind and found.ref == kind.kind_name()), None)
    if kind is None or member is None:
        return None
    arn = attributes[member]
    parent = cloud.describe(kind, arn) or Live(kind, arn, "")
    return Purchase(step, replace(parent, tags=cloud.tags(arn)))


def prepared(
    purchase: Purchase, looked_at: float | None, cloud: Cloud, *, refused: bool = False
) -> Bought | Postponed | None:
    """Return None if the run can be bought now: it is announced then, where possible.

    `looked_at` is when the list was read first without finding the run, in epoch seconds of the service; None if never.
    If this apply was `refused` the run before, the announcement is its own and means nothing: it is renewed.
    """
    step, parent, now = purchase.step, purchase.parent, cloud.now
    since = announced(parent.tags).get(purchase.name)
    can = can_announce(parent, step.tags.get(PROJECT), purchase.name, now)
    is_new = since is None and can
    if not is_new and (arn := cloud.find(step.kind, purchase.name, step.tags, parent.arn)):
        return Bought(arn)
    if is_new or (refused and can):
        cloud.tag(parent, {ANNOUNCED: with_announcement(parent.tags, purchase.name, now)})
        return None
    first = since if since is not None else looked_at
    if first is None:
        return Postponed(because(ReasonCode.LOOKING_AGAIN, wait=timedelta(seconds=VISIBLE_LIMIT)))
    left = timedelta(seconds=first + VISIBLE_LIMIT - now)
    if left > timedelta():
        unannounced = because(ReasonCode.LOOKING_AGAIN, wait=left)
        return Postponed(unannounced if since is None else because(ReasonCode.ANNOUNCED_NOT_SEEN, wait=left))
    if since is None:
        return None
    withdraw(purchase, cloud)
    return Postponed(because(ReasonCode.NOTHING_WAS_BOUGHT, since=timedelta(seconds=now - since)))


def withdraw(purchase: Purchase, cloud: Cloud) -> None:
    """Remove the announcement, if there is one."""
    tags = cloud.tags(purchase.parent.arn)
    if purchase.name not in announced(tags):
        return
    if rest := without_announcement(tags, purchase.name):
        cloud.tag(purchase.parent, {ANNOUNCED: rest})
    else:
        cloud.untag(purchase.parent, [ANNOUNCED])


def concluded(purchase: Purchase, arn: str, age: float, has_ended: bool, cloud: Cloud) -> bool:
    """Return whether every list must show the run that was bought `age` seconds ago; its announcement is removed then.

    One list that shows it is not enough while the run goes on: the next one may come from a place that lags. It is
    enough for a run that has ended: no training succeeds within `VISIBLE_LIMIT` (docs/service/7 §2: the shortest took
    10 min), and one that failed is bought again on purpose. If the announcement cannot be removed although the run has
    ended after `VISIBLE_LIMIT`, the next plan removes it.
    """
    must_be_visible = age >= VISIBLE_LIMIT
    try:
        if not must_be_visible and not (has_ended and any(live.arn == arn for live in cloud.list(purchase.step.kind))):
            return False
        withdraw(purchase, cloud)
    except CloudError:
        return must_be_visible and has_ended
    return True
