"""Say which drafts a plan would do more to than adopt their objects. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.model.action import QUIET, Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.importing import Drafts
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Reason, because


def refused(drafts: Drafts, plan: Plan) -> Mapping[Address, tuple[Reason, ...]]:
    """Return why drafts cannot be written, by address; `plan` is that of the manifests with the drafts."""
    return {
        change.address: (because(ImportCode.NOT_ADOPTABLE, action=change.action), *change.reasons)
        for change in plan.changes
        if change.address in drafts.addresses and change.action not in {Action.ADOPT, *QUIET}
    }
