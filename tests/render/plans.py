"""Plans and findings made from plain values, to be shown."""

from __future__ import annotations

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import At, Document
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Source

ARN = "arn:aws:personalize:eu-west-1:111122223333"


def document(kind: str, name: str) -> Document:
    """A document of a manifest."""
    places = At(Source(f"manifests/{name}.yaml", 3))
    return Document(Address(kind, name), KINDS[kind], name, {}, tags={"team": "a"}, places=places)


def live(kind: str, name: str, status: str = "ACTIVE") -> Live:
    """An object in the account, an hour old."""
    return Live(KINDS[kind], f"{ARN}:{kind.lower()}/{name}", name, status, created=1_750_000_000.0)


def change(kind: str, name: str, action: Action, reason: str, **more: object) -> Change:
    """A change of a declared resource."""
    members = {"document": document(kind, name), "aws_name": name, **more}
    return Change(Address(kind, name), action, reason, **members)  # type: ignore[arg-type]


def plan(*changes: Change) -> Plan:
    """A plan for prod."""
    return Plan("shop", "prod", "111122223333", "eu-west-1", changes, {})


EVERYTHING = plan(
    change("Campaign", "a", Action.CREATE, "not in the account", risk=Risk.COST),
    change(
        "Campaign",
        "home",
        Action.UPDATE,
        "solutionVersion, minProvisionedTPS differ",
        live=live("Campaign", "home"),
        fields=(
            FieldChange(("solutionVersion",), f"{ARN}:solution/s/1", Unknown(Address("SolutionVersion", "s"))),
            FieldChange(("minProvisionedTPS",), 1, 3),
        ),
    ),
    change("DatasetGroup", "g", Action.NONE, "", live=live("DatasetGroup", "g")),
    change(
        "Filter",
        "f",
        Action.RECREATE,
        "filterExpression cannot change in place",
        live=live("Filter", "f"),
        fields=(FieldChange(("filterExpression",), "INCLUDE …", ABSENT),),
        risk=Risk.OUTAGE,
    ),
    Change(Address("Filter", "old"), Action.KEEP, "no longer declared", "old", live=live("Filter", "old")),
    Change(
        Address("EventTracker", "gone"),
        Action.DELETE,
        "no longer declared",
        "gone",
        live=live("EventTracker", "gone"),
        risk=Risk.DATA_LOSS,
        loses="the tracking id",
    ),
    change(
        "Solution",
        "s",
        Action.SUCCESSOR,
        "recipe cannot change in place",
        aws_name="s-2",
        live=live("Solution", "s"),
        fields=(FieldChange(("tags", "x"), ["a", "b"], ["b", "c"]),),
        loses="its trained versions",
    ),
    change("SolutionVersion", "s", Action.RUN, "it never ran", aws_name="s-1234", risk=Risk.COST),
    change(
        "EventTracker",
        "t",
        Action.BLOCKED,
        "somebody else's",
        live=live("EventTracker", "t"),
        notes=("A way out:", "  1. ask them"),
    ),
)
