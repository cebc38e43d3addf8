"""The metrics of a trained model beside those of another: the one before it, or the one of another address."""

from __future__ import annotations

from personalize_gitops.asking.find import (
    SERVING,
    VERSION,
    change_of,
    newest,
    ready,
    recipe_of,
    served,
    versions_of,
)
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.ports import Runtime
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.recommendations import Measured
from personalize_gitops.model.reports import MetricsReport
from personalize_gitops.model.status import Condition

_KINDS = (VERSION, *SERVING)
AGAINST = "--against"


def measure(
    address: Address, against: Address | None, plan: Plan, snapshot: Snapshot, runtime: Runtime
) -> MetricsReport:
    """Return the metrics of an address beside those of another one, or else of the version before.

    Raises InvalidChoice for an address without a trained model.
    """
    model = _model(address, plan, snapshot, "")
    other = _model(against, plan, snapshot, AGAINST) if against else _before(model, plan, snapshot)
    beside = _measured(other, snapshot, runtime) if other else None
    return MetricsReport(plan.project, plan.target, address, _measured(model, snapshot, runtime), beside, against)


def _model(address: Address, plan: Plan, snapshot: Snapshot, option: str) -> Live:
    """Return the version that an address names or serves, or the recommender."""
    if address.kind_name == VERSION:
        found = newest(_runs(address, plan, snapshot, option))
    else:
        live = ready(address, plan, _KINDS, option)
        found = served(live, snapshot) if live.kind.kind_name() == "Campaign" else live
    if found is None:
        raise InvalidChoice(option, address, because(AskCode.NO_VERSION))
    return found


def _runs(address: Address, plan: Plan, snapshot: Snapshot, option: str) -> tuple[Live, ...]:
    """Return the trained versions of an address, oldest first. Raises InvalidChoice if there are none."""
    live = change_of(address, plan, _KINDS, option).live
    found = [*snapshot.owned(plan.owner, address), *([live] if live else [])]
    trained = {each.arn: each for each in found if each.condition is Condition.READY}
    if not trained:
        ready(address, plan, _KINDS, option)
    return tuple(sorted(trained.values(), key=lambda each: each.created))


def _before(model: Live, plan: Plan, snapshot: Snapshot) -> Live | None:
    """Return the newest version before one: of its solution, or of its address, such as of a solution replaced since.

    A recommender has only the metrics of its last training.
    """
    if model.kind.kind_name() != VERSION:
        return None
    of_solution = versions_of(model.arn.rpartition("/")[0], snapshot)
    same = snapshot.owned(plan.owner, model.address) if model.address else ()
    earlier = {
        each.arn: each
        for each in (*of_solution, *same)
        if each.condition is Condition.READY and (each.created, each.arn) < (model.created, model.arn)
    }
    return max(earlier.values(), key=lambda each: (each.created, each.arn), default=None)


def _measured(live: Live, snapshot: Snapshot, runtime: Runtime) -> Measured:
    recipe = recipe_of(live, snapshot).rpartition("/")[2]
    return Measured(live.arn, live.aws_name, recipe, live.created, runtime.metrics(live))
