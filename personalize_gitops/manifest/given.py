"""Variables that are given on the command line, over those of the project and the target."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.problem import did_you_mean, use_one_of
from personalize_gitops.model.problem_codes import ManifestCode, Shape, ValueCode
from personalize_gitops.model.reason import Verbatim, because

Value = str | int | float | bool

_BOOLEANS = {"true": True, "false": False}


def with_given(variables: Mapping[str, Value], given: Mapping[str, str]) -> Mapping[str, Value]:
    """Return the variables with the given values, each of the type that the variable has.

    Raises InvalidChoice for a variable that the project does not have, and for a value of another type.
    """
    return {**variables, **{name: _value(name, text, variables) for name, text in given.items()}}


def _value(name: str, text: str, variables: Mapping[str, Value]) -> Value:
    if name not in variables:
        remedy = did_you_mean(name, variables) or use_one_of(sorted(variables))
        raise InvalidChoice("--var", name, because(ManifestCode.UNKNOWN_VARIABLE, name=Verbatim(name)), remedy)
    try:
        match variables[name]:
            case bool():
                return _BOOLEANS[text]
            case int():
                return int(text)
            case float():
                return float(text)
            case _:
                return text
    except (KeyError, ValueError):
        expected = {bool: Shape.BOOLEAN, int: Shape.WHOLE_NUMBER}.get(type(variables[name]), Shape.NUMBER)
        reason = because(ValueCode.WRONG_TYPE, expected=(expected,), found=Verbatim(text))
        raise InvalidChoice("--var", name, reason) from None
