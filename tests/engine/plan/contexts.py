"""Contexts, decisions and plans for the tests of the planner's modules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.decisions import Decision, Decisions
from personalize_gitops.engine.plan.fingerprints import token_of
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, DeclaredChange
from personalize_gitops.model.reason import Code
from tests.support.builders import desired, snapshot
from tests.support.world import change_of


def context(documents: Iterable[Document] = (), lives: Iterable[Live] = (), **policy: Any) -> PlanContext:
    """Return the input of a plan: documents, objects of the account, and what the user permits."""
    return PlanContext(desired(*documents), snapshot(*lives), Policy(**policy))


def decided(*changes: DeclaredChange) -> Decisions:
    """Return the decisions with these changes, made in this order."""
    decisions = Decisions()
    for change in changes:
        decisions = decisions.extended(Decision(change, token_of(change.document, change.aws_name, decisions)))
    return decisions


def planned(address: str, documents: Iterable[Document], lives: Iterable[Live] = (), **policy: Any) -> Change:
    """Return the change that the plan has for an address."""
    return change_of(make_plan(context(documents, lives, **policy)), address)


def codes(change: Change) -> list[Code]:
    """Return the codes of a change's reasons."""
    return [reason.code for reason in change.reasons]
