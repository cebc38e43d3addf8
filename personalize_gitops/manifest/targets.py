"""Problems of the targets of a project: their regions and quotas, and names that two of them share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import place_at
from personalize_gitops.manifest.project import Target
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Source

_TARGETS = Path(("spec", "targets"))


def target_problems(name: str, target: Target, node: Any) -> Iterator[Problem[Source]]:
    """Yield the problems of a region that does not offer the service, and of quotas that cannot be raised.

    The emulator is in every region.
    """
    from personalize_gitops.lint import targets

    if target.region is not None and target.emulator is None:
        field = _TARGETS / name / "region"
        yield from targets.region_problems(target.region, place_at(node, field), field)
    for kind in sorted(target.limits.quotas):
        field = _TARGETS / name / "limits" / "quotas" / kind
        yield from targets.quota_problems(kind, KINDS, place_at(node, field), field)


def namesakes(targets: Mapping[str, tuple[Target, Desired]], node: Any) -> Iterator[Problem[Source]]:
    """Yield the problem of each target whose objects have the names of those of an earlier target in its account."""
    from personalize_gitops.lint.targets import shared_names

    for (_, (first, other)), (name, (target, desired)) in combinations(targets.items(), 2):
        if _place_of(target) is not None and _place_of(target) == _place_of(first):
            field = _TARGETS / name
            yield from shared_names(desired, other, place_at(node, field), field)


def _place_of(target: Target) -> tuple[str, str] | None:
    """Return the account and region of a target; None if it does not name both, or is on the embedded emulator."""
    if target.emulator is None and target.account and target.region:
        return target.account, target.region
    return None
