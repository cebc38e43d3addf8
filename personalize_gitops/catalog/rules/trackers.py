"""Requests for event trackers (docs/service/2 §3.6)."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import LintCode
from personalize_gitops.model.reason import Path, because


def tracker_problems(group: Group) -> Iterator[Problem[Path]]:
    """Yield that a group has no interactions: PutEvents needs them, and whether a tracker does is not documented."""
    if group.lacks(DatasetType.INTERACTIONS):
        yield warning(Check.PG707, because(LintCode.TRACKER_WITHOUT_INTERACTIONS), "datasetGroupArn")
