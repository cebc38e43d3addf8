"""PG707: event trackers whose events have no dataset."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules.trackers import tracker_problems
from personalize_gitops.lint.declared import group_of, groups_of
from personalize_gitops.lint.place import placed
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield trackers in groups with other datasets only; a group without any dataset may get them elsewhere."""
    found = [document for document in desired.documents.values() if document.address.kind_name == "EventTracker"]
    groups = groups_of(desired) if found else {}
    for document in found:
        group = group_of(document, groups)
        if group.schemas:
            yield from placed(document, tracker_problems(group))
