"""Paths to members, as users write them: `spec.minProvisionedTPS`, `tags.team`."""

from __future__ import annotations

from collections.abc import Sequence

from personalize_gitops.model.members import members
from personalize_gitops.model.problem import did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Verbatim, because
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure

SPEC, TAGS = "spec.", "tags."


def wrong_path(kind: type[Resource], path: str, prefixes: Sequence[str]) -> tuple[Reason, Reason | None] | None:
    """Return why a path below `spec` leads to no field, and a suggestion; None if it does. It would have no effect."""
    head, *steps = path.split(".")
    structure: type[Structure] | None = kind
    if head != "spec" or not steps:
        return because(ManifestCode.INVALID_PATH, path=Verbatim(path), expected=tuple(map(Verbatim, prefixes))), None
    for step in steps:
        known = members(structure) if structure else None
        if known is None:
            return None
        if step not in known:
            reason = because(ManifestCode.UNKNOWN_FIELD_IN_PATH, path=Verbatim(path), field=Verbatim(step))
            return reason, did_you_mean(step, known)
        structure = known[step].structure
    return None
