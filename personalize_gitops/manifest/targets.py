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
from personalize_gitops.model.problem_codes import Remedy, TargetCode
from personalize_gitops.model.reason import Path, Source, Verbatim, because

_TARGETS = Path(("spec", "targets"))


def region_problems(name: str, target: Target, node: Any) -> Iterator[Problem[Source]]:
    """Yield the problem of a region that does not offer the service. The emulator is in every region."""
    from personalize_gitops.lint import targets

    if target.region is not None and target.emulator is None:
        field = _TARGETS / name / "region"
        yield from targets.region_problems(target.region, place_at(node, field), field)


def namesakes(targets: Mapping[str, tuple[Target, Desired]], node: Any) -> Iterator[Problem[Source]]:
    """Yield the problem of each target whose objects have the names of those of an earlier target in its account."""
    from personalize_gitops.lint.targets import shared_names

    for (_, (first, other)), (name, (target, desired)) in combinations(targets.items(), 2):
        if _place_of(target) is not None and _place_of(target) == _place_of(first):
            field = _TARGETS / name
            yield from shared_names(desired, other, place_at(node, field), field)


def fixed_quotas(targets: Mapping[str, Target], node: Any) -> Iterator[Problem[Source]]:
    """Yield the problem of each own quota of a kind whose quota Service Quotas cannot raise."""
    adjustable = {
        name
        for name, kind in KINDS.items()
        if any(most and most.adjustable for most in (kind.most_per_group, kind.most_per_region))
    }
    for name, target in targets.items():
        for kind in sorted(target.limits.quotas.keys() & KINDS.keys() - adjustable):
            field = _TARGETS / name / "limits" / "quotas" / kind
            reason = because(TargetCode.FIXED_QUOTA, kind=Verbatim(kind))
            remedy = because(Remedy.USE_ONE_OF, names=tuple(map(Verbatim, sorted(adjustable))))
            yield Problem(reason, place_at(node, field), suggestion=remedy, subject="Project", field=field)


def _place_of(target: Target) -> tuple[str, str] | None:
    """Return the account and region of a target; None if it does not name both, or is on the embedded emulator."""
    if target.emulator is None and target.account and target.region:
        return target.account, target.region
    return None
