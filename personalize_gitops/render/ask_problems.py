"""The sentences of why a campaign or recommender is not asked, or a model has no metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.nearest import nearest
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import Code
from personalize_gitops.render.words import both, either

_FIRST = "ask again when `status` shows it as ACTIVE"


def _other_kind(kinds: Sequence[str]) -> str:
    return f"expected {either([f'{kind}/name' for kind in kinds])}"


def _unknown_filter(name: str, known: Sequence[str]) -> str:
    if not known:
        return "no such filter; the dataset group has none"
    near = nearest(name, known)
    return f'no such filter; did you mean "{near}"?' if near else f"no such filter; expected {either(known)}"


def _values_missing(parameters: Sequence[str]) -> str:
    names = both([f"${name}" for name in parameters])
    return f"the filter needs a value for {names}; pass {' '.join(f'--value {name}=VALUE' for name in parameters)}"


def _unknown_value(parameter: str, known: Sequence[str]) -> str:
    expected = f"its parameters are {both([f'${name}' for name in known])}" if known else "it has none"
    return f"the filter has no parameter ${parameter}; {expected}"


ASKING: Mapping[Code, str | Callable[..., str]] = {
    AskCode.OTHER_KIND: _other_kind,
    AskCode.NOT_CREATED: "not created yet; `personalize-gitops apply` creates it",
    AskCode.STILL_TRAINING: f"not created yet: {{address}} is still training ({{status}}); {_FIRST}",
    AskCode.NOT_ACTIVE: f"not ready: {{status}}; {_FIRST}",
    AskCode.HAS_FAILED: "failed: {failure}; `personalize-gitops plan` shows what to do",
    AskCode.IS_STOPPED: "stopped; set `state: running` in its document and apply",
    AskCode.NO_USER: "required by recipe {recipe}",
    AskCode.NO_ITEM: "required by recipe {recipe}, which recommends what is like an item",
    AskCode.NO_ITEMS: "required by recipe {recipe}, which ranks a list of items",
    AskCode.NOTHING_RANKED: "not used by recipe {recipe}, which ranks no list; remove it",
    AskCode.UNKNOWN_FILTER: _unknown_filter,
    AskCode.WITHOUT_FILTER: "values are for a filter; pass --filter NAME too",
    AskCode.VALUES_MISSING: _values_missing,
    AskCode.UNKNOWN_VALUE: _unknown_value,
    AskCode.NO_TRACKER: "the dataset group has no ACTIVE event tracker; declare an EventTracker and apply",
    AskCode.NO_SUBJECT: "an event needs a user or a session; pass --user or --session",
    AskCode.NO_VERSION: "no trained version; `personalize-gitops apply` trains one",
}
