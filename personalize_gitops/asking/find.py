"""Find the live object of an address. Raises InvalidChoice, with what to do, for one that cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition, condition_of

SERVING = ("Campaign", "Recommender")
VERSION = "SolutionVersion"


@dataclass(frozen=True)
class Endpoint:
    """A campaign or recommender that answers."""

    live: Live
    recipe: Recipe | None  # None: the program does not know it
    group: str  # the ARN of the dataset group; "" if it is not known
    columns: tuple[str, ...]  # of the Items dataset that results can show
    has_metadata: bool  # whether the service returns columns


def ready(address: Address, plan: Plan, kinds: Sequence[str], option: str = "") -> Live:
    """Return the object of an address, which is ACTIVE. Raises InvalidChoice if it is not, or of another kind."""
    if address.kind_name not in kinds:
        raise InvalidChoice(option, address, because(AskCode.OTHER_KIND, kinds=tuple(map(Verbatim, kinds))))
    live = change_of(address, plan, kinds, option).live
    if live is None:
        raise InvalidChoice(option, address, _why_absent(address, plan))
    if obstacle := _obstacle(live):
        raise InvalidChoice(option, address, obstacle)
    return live


def change_of(address: Address, plan: Plan, kinds: Sequence[str], option: str = "") -> Change:
    """Return the change of an address; of several, that of the declared resource. Raises InvalidChoice for none."""
    found = sorted((each for each in plan.changes if each.address == address), key=lambda each: not each.document)
    if not found:
        known = tuple(each.address for each in plan.changes if each.address.kind_name in kinds)
        raise InvalidChoice(option, address, because(ReasonCode.UNKNOWN_ADDRESS, address=address, known=known))
    return found[0]


def _obstacle(live: Live) -> Reason | None:
    """Return why an object cannot be asked; None if it can. An object that is updated answers meanwhile."""
    match condition_of(live.status):
        case Condition.READY:
            return None
        case Condition.FAILED:
            return because(AskCode.HAS_FAILED, failure=Verbatim(live.failure or live.status or ""))
        case Condition.STOPPED:
            return because(AskCode.IS_STOPPED)
        case _:
            return because(AskCode.NOT_ACTIVE, status=Verbatim(live.status or ""))


def _why_absent(address: Address, plan: Plan) -> Reason:
    """Return that a training in progress is waited for, or that nobody has created the resource."""
    needed = plan.needs.get(address, frozenset())
    trainings = (each for each in plan.changes if each.address in needed and each.address.kind_name == VERSION)
    for training in trainings:
        if training.live and training.live.condition is Condition.PENDING:
            status = Verbatim(training.live.status or "")
            return because(AskCode.STILL_TRAINING, address=training.address, status=status)
    return because(AskCode.NOT_CREATED)


def served(live: Live, snapshot: Snapshot) -> Live | None:
    """Return the solution version that a campaign serves; None if the account does not list it."""
    arn = str(live.attributes.get("solutionVersion", ""))
    solution, _, version = arn.rpartition("/")
    return newest(versions_of(solution, snapshot)) if version == "$LATEST" else snapshot.by_arn.get(arn)


def versions_of(solution: str, snapshot: Snapshot) -> tuple[Live, ...]:
    """Return the versions of a solution that are trained, oldest first."""
    found = snapshot.contents.get(solution, ())
    trained = (live for live in found if live.kind.kind_name() == VERSION and live.condition is Condition.READY)
    return tuple(sorted(trained, key=lambda live: live.created))


def newest(versions: Sequence[Live]) -> Live | None:
    """Return the last of some versions, if there are any."""
    return versions[-1] if versions else None


def recipe_of(live: Live, snapshot: Snapshot) -> str:
    """Return the recipe of a campaign, recommender or version as the service names it; "" if it is not known."""
    if live.kind.kind_name() == "Recommender":
        return str(live.attributes.get("recipe", ""))
    arn = live.arn if live.kind.kind_name() == VERSION else str(live.attributes.get("solutionVersion", ""))
    solution = snapshot.by_arn.get(arn.rpartition("/")[0])
    return str(solution.attributes.get("recipe", "")) if solution else ""


def known_recipe(live: Live, snapshot: Snapshot) -> Recipe | None:
    """Return the recipe of a campaign, recommender or version; None if the program does not know it."""
    return find_recipe(recipe_of(live, snapshot))
