"""Whether policies of IAM allow an action.

A statement applies if its action, resource, principal and conditions match. As in IAM, one that denies overrides those
that allow. Of the conditions, the operators on equal and similar texts are implemented, with the keys that a question
brings; a statement with any other condition does not apply.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

SERVICE = "personalize.amazonaws.com"
_OPERATORS = {
    f"{kind}{like}{end}" for kind in ("string", "arn") for like in ("equals", "like") for end in ("", "ifexists")
}

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """An action that somebody wants to carry out. A trust policy has no resource, an identity's own no principal."""

    action: str
    resource: str | None = None
    service: str | None = None  # the principal, if it is a service
    principal: str | None = None  # the principal, if it is an ARN
    context: Mapping[str, str] = field(default_factory=dict)  # values of condition keys, by key in lower case


def statements(policies: Iterable[str | Mapping[str, Any] | None]) -> list[Statement]:
    """Return the statements of policies, each a document or its JSON text."""
    documents = (json.loads(policy) if isinstance(policy, str) else policy for policy in policies if policy)
    return [statement for document in documents for statement in _as_list(document.get("Statement", ()))]


def allowed(found: Iterable[Statement], question: Question) -> bool:
    """Return whether statements allow an action."""
    effects = {statement.get("Effect") for statement in found if applies(statement, question)}
    return "Allow" in effects and "Deny" not in effects


def applies(statement: Statement, question: Question) -> bool:
    """Return whether a statement is about an action."""
    return (
        _matches_action(statement, question.action)
        and (question.resource is None or _matches_resource(statement, question.resource))
        and _matches_principal(statement, question)
        and _conditions_hold(statement.get("Condition", {}), question.context)
    )


def _matches_action(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not any(like(action.lower(), str(given).lower()) for given in _as_list(statement["NotAction"]))
    return any(like(action.lower(), str(given).lower()) for given in _as_list(statement.get("Action", ())))


def _matches_resource(statement: Statement, resource: str) -> bool:
    if "NotResource" in statement:
        return not any(like(resource, str(given)) for given in _as_list(statement["NotResource"]))
    return any(like(resource, str(given)) for given in _as_list(statement.get("Resource", ())))


def _matches_principal(statement: Statement, question: Question) -> bool:
    if question.service is None and question.principal is None:
        return True
    principal = statement.get("Principal", {})
    if not isinstance(principal, Mapping):
        return bool(principal == "*")
    services, others = _as_list(principal.get("Service", ())), _as_list(principal.get("AWS", ()))
    return question.service in services or (question.principal is not None and _is_among(question.principal, others))


def _is_among(principal: str, given: Iterable[Any]) -> bool:
    """Return whether an ARN is named, or its account is: as its root, or as a number."""
    account = principal.split(":")[4] if principal.count(":") > 4 else ""
    return any(
        one in ("*", principal, account) or (str(one).endswith(":root") and f":{account}:" in str(one)) for one in given
    )


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        operator.lower() in _OPERATORS and _holds(operator.lower(), key.lower(), _as_list(values), context)
        for operator, wanted in conditions.items()
        for key, values in wanted.items()
    )


def _holds(operator: str, key: str, values: Iterable[Any], context: Mapping[str, str]) -> bool:
    found = context.get(key)
    if found is None:
        return operator.endswith("ifexists")
    # The guide does not say which ARN the service sends as its source, so any ARN of the account and region counts.
    is_start = key == "aws:sourcearn"
    return any(like(found, str(value)) or (is_start and str(value).startswith(found)) for value in values)


def like(text: str, pattern: str) -> bool:
    """Return whether a text matches a pattern of IAM, in which only `*` and `?` have a meaning."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
