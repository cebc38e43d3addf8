"""PG802 to PG804: the region and quotas of a target, and names that two targets share."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.regions import REGIONS
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document, Manage
from personalize_gitops.model.problem import Problem, Severity, did_you_mean, use_one_of
from personalize_gitops.model.problem_codes import Remedy, TargetCode
from personalize_gitops.model.reason import Path, Source, Verbatim, because
from personalize_gitops.model.resource import Kinds, Resource


def region_problems(region: str, place: Source, field: Path) -> Iterator[Problem[Source]]:
    """Yield PG803: a warning, because AWS adds regions (docs/service/4 §5)."""
    if region not in REGIONS:
        reason = because(TargetCode.REGION_WITHOUT_SERVICE, region=Verbatim(region))
        near = did_you_mean(region, REGIONS)
        yield Problem(reason, place, Severity.WARNING, near, "Project", field, check=Check.PG803)


def quota_problems(kind: str, kinds: Kinds, place: Source, field: Path) -> Iterator[Problem[Source]]:
    """Yield PG804: a target sets the quota of a kind whose quota Service Quotas cannot raise."""
    adjustable = [name for name, one in kinds.items() if _adjustable(one)]
    if kind not in adjustable:
        reason = because(TargetCode.FIXED_QUOTA, kind=Verbatim(kind))
        remedy = use_one_of(sorted(adjustable))
        yield Problem(reason, place, suggestion=remedy, subject="Project", field=field, check=Check.PG804)


def _adjustable(kind: type[Resource]) -> bool:
    return any(most and most.adjustable for most in (kind.most_per_group, kind.most_per_region))


def shared_names(desired: Desired, other: Desired, place: Source, field: Path) -> Iterator[Problem[Source]]:
    """Yield PG802: two targets in one account and region cannot both create an object of a name.

    Runs do not count, because their names contain a fingerprint, nor do kinds without tags, which have no owner.
    """
    taken = {(document.kind, document.aws_name) for document in _created(other)}
    shared = [document for document in _created(desired) if (document.kind, document.aws_name) in taken]
    if shared:
        example = min(document.address for document in shared)
        reason = because(
            TargetCode.NAMES_OF_OTHER_TARGET, count=len(shared), other=Verbatim(other.target), example=example
        )
        remedy = because(Remedy.SEPARATE_NAMES, target=Verbatim(desired.target))
        yield Problem(reason, place, suggestion=remedy, subject="Project", field=field, check=Check.PG802)


def _created(desired: Desired) -> Iterator[Document]:
    for document in desired.documents.values():
        is_named = document.kind.taggable and not document.kind.is_run
        if is_named and desired.manage_of(document) is Manage.FULL:
            yield document
