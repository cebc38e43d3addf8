"""PG805: ARNs of another account or region than the target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.lint.place import warning_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import Remedy, TargetCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because

_IN_ACCOUNT, _IN_REGION = ("iam", "personalize"), ("kms", "personalize")  # a key may belong to another account


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield a warning for each: credentials of the target cannot pass such a role, nor the service use such a key.

    A target that names no account, or is an emulator, has no such place.
    """
    if desired.account is None:
        return
    for document in desired.documents.values():
        if document.address.kind_name == "Schema":
            continue
        for path, arn in _arns(document.attributes, Path()):
            if reason := _elsewhere(arn, desired):
                yield warning_at(document, path, reason, Check.PG805, because(Remedy.SET_BY_TARGET))


def _arns(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the ARNs in a value with their paths."""
    if isinstance(value, str):
        if value.startswith("arn:"):
            yield path, value
    elif isinstance(value, dict | list):
        for step, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _arns(inside, path / step)


def _elsewhere(arn: str, desired: Desired) -> Reason | None:
    """Return that an ARN is of another account or region; a part that is empty, as in recipes, is of no place."""
    _, _, service, region, account, *_ = (*arn.split(":", 5), "", "", "")
    target = Verbatim(desired.target)
    if service in _IN_ACCOUNT and account and account != desired.account:
        found, expected = Verbatim(account), Verbatim(desired.account)
        return because(TargetCode.ARN_OF_OTHER_ACCOUNT, found=found, target=target, expected=expected)
    if service in _IN_REGION and region and desired.region and region != desired.region:
        found, expected = Verbatim(region), Verbatim(desired.region)
        return because(TargetCode.ARN_OF_OTHER_REGION, found=found, target=target, expected=expected)
    return None
