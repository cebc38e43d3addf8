"""Every sentence: from a reason's code and parameters to plain English.

`render/problems.py` holds the sentences of problems in manifests, this module those of plans, steps and events. A
sentence is a format string over the parameters, or a function of them where wording depends on a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Code, Path, Reason, Source
from personalize_gitops.render.problems import PROBLEMS
from personalize_gitops.render.style import span

Sentence = str | Callable[..., str]

SENTENCES: Mapping[Code, Sentence] = {**PROBLEMS}
"""The sentence of every code. A test holds it complete, and every placeholder to a parameter."""


def text(reason: Reason) -> str:
    """The sentence of a reason, without a full stop."""
    sentence = SENTENCES[reason.code]
    if callable(sentence):
        return sentence(**reason.params)
    return sentence.format(**{name: shown(value) for name, value in reason.params.items()})


def message(problem: Problem[Source]) -> str:
    """The field of a problem, and its sentence."""
    character = "" if problem.character is None else f"character {problem.character}"
    place = ", ".join(filter(None, [str(problem.field), character]))
    return f"{place}: {text(problem.reason)}" if place else text(problem.reason)


def full_text(reason: Reason, suggestion: Reason | None) -> str:
    """The sentence of a reason, and what to do about it."""
    return "; ".join(text(part) for part in (reason, suggestion) if part is not None)


def shown(value: Any) -> str:
    """A parameter as it stands in a sentence; several are joined by commas."""
    match value:
        case Reason():
            return text(value)
        case Code():
            return text(Reason(value))
        case Enum():
            return str(value.value)
        case timedelta():
            return span(value.total_seconds())
        case bool():
            return str(value).lower()
        case int():
            return f"{value:,}"
        case tuple() if not isinstance(value, Path):
            return ", ".join(shown(one) for one in value)
        case _:
            return str(value)
