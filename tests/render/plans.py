"""Plans and findings made from plain values, to be shown."""

from __future__ import annotations

from typing import Any

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, RunPolicy, SinglePlace, document_of
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, DeclaredChange, Plan, UndeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, Source, service_message

ARN = "arn:aws:personalize:eu-west-1:111122223333"


def document(kind: str, name: str) -> Document:
    """A document of a manifest."""
    places = SinglePlace(Source(f"manifests/{name}.yaml", 3))
    return document_of(
        KINDS[kind],
        run=RunPolicy(),
        address=Address(kind, name),
        aws_name=name,
        attributes={},
        tags={"team": "a"},
        places=places,
    )


def live(kind: str, name: str, status: str = "ACTIVE") -> Live:
    """An object in the account, an hour old."""
    return Live(KINDS[kind], f"{ARN}:{kind.lower()}/{name}", name, status, created=1_750_000_000.0)


def change(kind: str, name: str, action: Action, reason: str, **more: object) -> Change:
    """Return a change of a declared resource, with a reason in the words of the service."""
    members: dict[str, Any] = {"aws_name": name, **more}
    reasons = (service_message(reason),) if reason else ()
    declared = document(kind, name)
    return DeclaredChange(
        address=declared.address, kind=declared.kind, action=action, reasons=reasons, document=declared, **members
    )


def undeclared(kind: str, name: str, action: Action, **more: Any) -> Change:
    """Return a change of an object that no document declares."""
    found = live(kind, name)
    return UndeclaredChange(
        address=Address(kind, name),
        kind=found.kind,
        action=action,
        reasons=(Reason(ReasonCode.UNDECLARED),),
        aws_name=name,
        live=found,
        **more,
    )


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
        "filterExpression cannot be updated in place",
        live=live("Filter", "f"),
        fields=(FieldChange(("filterExpression",), "INCLUDE …", ABSENT),),
        risk=Risk.OUTAGE,
    ),
    undeclared("Filter", "old", Action.KEEP),
    undeclared("EventTracker", "gone", Action.DELETE, risk=Risk.DATA_LOSS, loses=Fact.LOSES_TRACKING_ID),
    change(
        "Solution",
        "s",
        Action.SUCCESSOR,
        "recipe cannot be updated in place",
        aws_name="s-2",
        live=live("Solution", "s"),
        fields=(FieldChange(("tags", "x"), ["a", "b"], ["b", "c"]),),
        loses=Fact.LOSES_VERSIONS,
    ),
    change("SolutionVersion", "s", Action.RUN, "never ran", aws_name="s-1234", risk=Risk.COST),
    change(
        "EventTracker",
        "t",
        Action.BLOCKED,
        "somebody else's",
        live=live("EventTracker", "t"),
        notes=(service_message("A way out:"), service_message("  1. ask them")),
    ),
)
