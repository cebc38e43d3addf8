"""Whether the roles, buckets and keys of an account let the service do what documents need. Pure.

Each role, bucket and key is reported once, at the first document that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.catalog.policies import SERVICE, Question, allowed, statements
from personalize_gitops.model.preflight import Facts, PreflightCode, Unread
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because
from personalize_gitops.permissions.needs import Grants, Need, merged
from personalize_gitops.permissions.policies import Place, Statement, granting, of_key, only_from, trust

_VPC = ("aws:sourcevpc", "aws:sourcevpce")

Found = tuple[Reason, Severity, Reason | None]


def findings(needs: Sequence[Need], facts: Facts, place: Place) -> list[Problem[Source]]:
    """Return what is missing, with the minimal policy that grants it, and what could not be checked."""
    found: list[Problem[Source]] = []
    for role in dict.fromkeys(need.role for need in needs):
        using = [need for need in needs if need.role == role]
        found += _problems(using[0], using[0].member, [*_of_trust(role, facts, place), *_of_role(role, using, facts)])
    for bucket in dict.fromkeys(bucket for need in needs for bucket in need.on_buckets):
        using = [need for need in needs if bucket in need.on_buckets]
        member = using[0].members[bucket]
        found += _problems(
            using[0], member, [*_of_region(bucket, facts, place), *_of_bucket(bucket, using, facts, place)]
        )
    for key in dict.fromkeys(key for need in needs for key in need.of_keys):
        using = [need for need in needs if key in need.of_keys]
        found += _problems(using[0], using[0].members.get(key, using[0].member), [*_of_key(key, needs, facts, place)])
    return found


def _problems(need: Need, member: tuple[str, ...], found: Iterable[Found]) -> Iterator[Problem[Source]]:
    """Yield what was found at a member of a document."""
    document = need.document
    source = document.places.of(("spec", *member))
    for reason, severity, remedy in found:
        yield Problem(reason, source, severity, remedy, str(document.address), Path(member))


def _of_trust(role: str, facts: Facts, place: Place) -> Iterator[Found]:
    policy, name = facts.trusts[role], Verbatim(role)
    if isinstance(policy, Unread):
        yield _unchecked(role, policy)
        return
    if policy is None:
        yield because(PreflightCode.ROLE_MISSING, role=name), Severity.ERROR, _trust_policy(name, place)
        return
    trusted = statements([policy])
    question = Question("sts:AssumeRole", service=SERVICE, context=_context(place))
    if not allowed(trusted, question):
        yield because(PreflightCode.ROLE_NOT_TRUSTING, role=name), Severity.ERROR, _trust_policy(name, place)
    elif allowed(trusted, Question("sts:AssumeRole", service=SERVICE)):  # also for any other account
        yield because(PreflightCode.ROLE_TRUSTS_ANY_SOURCE, role=name), Severity.WARNING, _trust_policy(name, place)


def _of_role(role: str, using: Sequence[Need], facts: Facts) -> Iterator[Found]:
    granted, needed = facts.granted[role], merged(need.of_role for need in using)
    if isinstance(granted, Unread):
        yield _unchecked(role, granted)
    elif facts.trusts[role] is not None and (
        missing := _missing(needed, lambda action, arn: granted.get((action, arn), False))
    ):
        reason = because(PreflightCode.ROLE_LACKS, role=Verbatim(role), actions=_actions(missing))
        yield reason, Severity.ERROR, _add(role, granting(missing))


def _of_region(bucket: str, facts: Facts, place: Place) -> Iterator[Found]:
    region, name = facts.regions[bucket], Verbatim(bucket)
    if isinstance(region, Unread):
        yield _unchecked(bucket, region)
    elif region is None:
        yield because(PreflightCode.BUCKET_MISSING, bucket=name), Severity.ERROR, None
    elif region != place.region:
        reason = because(PreflightCode.BUCKET_ELSEWHERE, bucket=name, region=Verbatim(region))
        yield reason, Severity.ERROR, because(PreflightCode.SAME_REGION, region=Verbatim(place.region))


def _of_bucket(bucket: str, using: Sequence[Need], facts: Facts, place: Place) -> Iterator[Found]:
    policy, name = facts.bucket_policies[bucket], Verbatim(bucket)
    if isinstance(policy, Unread):
        yield _unchecked(bucket, policy)
        return
    if facts.regions[bucket] is None:
        return
    found, context = statements([policy]), _context(place)
    if any(map(_is_only_for_vpc, found)):
        yield because(PreflightCode.BUCKET_ONLY_FROM_VPC, bucket=name), Severity.WARNING, None
    needed = merged(need.on_buckets[bucket] for need in using)
    missing = _missing(
        needed, lambda action, arn: allowed(found, Question(action, arn, service=SERVICE, context=context))
    )
    if missing:
        more = {"Principal": {"Service": SERVICE}, "Condition": only_from(place)}
        remedy = _add(bucket, [{**statement, **more} for statement in granting(missing)])
        reason = because(PreflightCode.BUCKET_LACKS, bucket=name, actions=_actions(missing))
        yield reason, Severity.ERROR, remedy


def _of_key(key: str, needs: Sequence[Need], facts: Facts, place: Place) -> Iterator[Found]:
    """Yield what the policy of a key lacks: the service needs everything in it, and so does each role."""
    policy, name = facts.key_policies[key], Verbatim(key)
    if isinstance(policy, Unread):
        yield _unchecked(key, policy)
        return
    if policy is None:
        yield because(PreflightCode.KEY_MISSING, key=name), Severity.ERROR, None
        return
    found, context = statements([policy]), _context(place)
    (wanted,) = of_key(key, needs)
    askers: list[Mapping[str, Any]] = [
        {"service": SERVICE},
        *({"principal": each} for each in wanted["Principal"]["AWS"]),
    ]
    missing = [
        action
        for action in wanted["Action"]
        if not all(allowed(found, Question(action, key, **asker, context=context)) for asker in askers)
    ]
    if missing:
        reason = because(PreflightCode.KEY_LACKS, key=name, actions=tuple(map(Verbatim, missing)))
        yield reason, Severity.ERROR, _add(key, [{**wanted, "Action": missing}])


def _missing(needed: Grants, is_granted: Any) -> Grants:
    lacking = {arn: tuple(each for each in actions if not is_granted(each, arn)) for arn, actions in needed.items()}
    return {arn: actions for arn, actions in lacking.items() if actions}


def _actions(grants: Grants) -> tuple[Verbatim, ...]:
    return tuple(sorted({Verbatim(action) for actions in grants.values() for action in actions}))


def _context(place: Place) -> Mapping[str, str]:
    """Return the values of the condition keys that the service sends."""
    source = f"arn:{place.partition}:personalize:{place.region}:{place.account}:"
    return {"aws:sourceaccount": place.account, "aws:sourcearn": source}


def _is_only_for_vpc(statement: Mapping[str, Any]) -> bool:
    keys = {key.lower() for wanted in statement.get("Condition", {}).values() for key in wanted}
    return statement.get("Effect") == "Deny" and not keys.isdisjoint(_VPC)


def _unchecked(what: str, unread: Unread) -> Found:
    reason = because(PreflightCode.UNCHECKED, what=Verbatim(what), error=Verbatim(unread.error))
    return reason, Severity.INFO, None


def _add(to: str, missing: Sequence[Statement]) -> Reason:
    return because(PreflightCode.ADD_TO_POLICY, of=Verbatim(to), statements=Verbatim(json.dumps([*missing])))


def _trust_policy(role: Verbatim, place: Place) -> Reason:
    return because(PreflightCode.TRUST_POLICY, of=role, policy=Verbatim(json.dumps(trust(place))))
