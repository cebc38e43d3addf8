"""The report for GitLab's merge request widget (`artifacts: reports: terraform`): how many objects change."""

from __future__ import annotations

import json
from collections import Counter

from personalize_gitops.model.reports import PlanReport
from personalize_gitops.render.style import PLAIN, Style

_COUNTED_AS = {
    "create": "create",
    "run": "create",  # a job or a training is a new object
    "update": "update",
    "adopt": "update",  # of tags
    "forget": "update",
    "delete": "delete",
}
"""How the widget counts the calls of a change; it knows three sorts, and a replacement counts as two."""


def plan(report: PlanReport, _: Style = PLAIN) -> str:
    """Return the counts of a plan."""
    counted = Counter(_COUNTED_AS.get(action) for change in report.plan.pending for action in change.actions)
    return json.dumps({sort: counted[sort] for sort in ("create", "update", "delete")}) + "\n"
