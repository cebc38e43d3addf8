"""From pydantic's errors to problems with a place, a reason and a suggestion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from personalize_gitops.manifest.nodes import member, place_in, place_of
from personalize_gitops.model.forms import FORMS
from personalize_gitops.model.members import members
from personalize_gitops.model.problem import Problem, did_you_mean, given
from personalize_gitops.model.problem_codes import Shape, ValueCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.validation import INVALID, carried
from personalize_gitops.span import SPAN

S = TypeVar("S", bound=Structure)

_SHAPES = {
    "string_type": Shape.TEXT,
    "int_type": Shape.WHOLE_NUMBER,
    "int_parsing": Shape.WHOLE_NUMBER,
    "int_parsing_size": Shape.WHOLE_NUMBER,
    "int_from_float": Shape.WHOLE_NUMBER,
    "float_type": Shape.NUMBER,
    "float_parsing": Shape.NUMBER,
    "finite_number": Shape.NUMBER,
    "bool_type": Shape.BOOLEAN,
    "bool_parsing": Shape.BOOLEAN,
    "list_type": Shape.LIST,
    "dict_type": Shape.MAPPING,
    "model_type": Shape.MAPPING,
    "model_attributes_type": Shape.MAPPING,
}


def checked(structure: type[S], value: Any, node: Any, subject: str, problems: list[Problem[Source]]) -> S | None:
    """Return the structure of `value`, built from `node`; if it is invalid, add its problems and return None."""
    try:
        return structure.model_validate(value)
    except ValidationError as error:
        found = [_found(node, details) for details in error.errors(include_url=False)]
        for one, reason, suggestion in _reasons(structure, found):
            problems.append(Problem(reason, one.place, suggestion=suggestion, subject=subject, field=Path(one.path)))
        return None


class _Found(NamedTuple):
    """One error of pydantic, and its place in the manifest."""

    details: ErrorDetails
    path: tuple[str | int, ...]
    place: Source
    of_choice: bool  # the field can have several types, and the error is about one of them

    @property
    def is_shape(self) -> bool:
        """Whether the value does not have this type of a field with several types."""
        return self.of_choice and self.details["type"] in _SHAPES


def _found(node: Any, details: ErrorDetails) -> _Found:
    """Return an error with its path and the place of the last field of the path that exists.

    pydantic adds the names of its own branches to the path, which are not in the manifest. Only the last step can be a
    field that is missing.
    """
    path: list[str | int] = []
    place = place_of(node)
    of_choice = False
    for index, step in enumerate(details["loc"]):
        found = member(node, step)
        if found:
            place, node = place_of(found[0]), found[1]
            path.append(step)
        elif details["type"] == "missing" and index == len(details["loc"]) - 1:
            path.append(step)
        else:
            of_choice = True
    return _Found(details, tuple(path), place, of_choice)


def place_at(node: Any, path: Sequence[str | int]) -> Source:
    """Return the place of the member at a path, or of the nearest one above it.

    A number after a text is the place of that character.
    """
    place = place_of(node)
    for step in path:
        found = member(node, step)
        if found is None:
            return (isinstance(step, int) and place_in(node, step)) or place
        place, node = place_of(found[0]), found[1]
    return place


def _reasons(structure: type[Structure], found: Sequence[_Found]) -> Iterator[tuple[_Found, Reason, Reason | None]]:
    """Yield each error with its reason and suggestion.

    For a field with several types, only the errors of the nearest type are reported: the errors inside a mapping, not
    that the mapping is not text.
    """
    for one in found:
        others = [other for other in found if other.of_choice and other.path[: len(one.path)] == one.path]
        if not one.is_shape:
            yield one, *_reason(structure, one.details, one.path)
        elif one is others[0] and all(other.is_shape for other in others):
            shapes = tuple(dict.fromkeys(_SHAPES[other.details["type"]] for other in others))
            yield one, because(ValueCode.WRONG_TYPE, expected=shapes, found=given(one.details["input"])), None


def _reason(
    structure: type[Structure], details: ErrorDetails, path: tuple[str | int, ...]
) -> tuple[Reason, Reason | None]:
    """Return the reason and the suggestion for one error."""
    context: Mapping[str, Any] = details.get("ctx", {})
    found = given(details["input"])
    match details["type"]:
        case kind if kind == INVALID:
            return carried(context)
        case "extra_forbidden":
            return because(ValueCode.UNKNOWN_FIELD), did_you_mean(str(path[-1]), _known(structure, path[:-1]))
        case "literal_error" | "enum":
            choices = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
            reason = because(ValueCode.NOT_A_CHOICE, expected=tuple(map(Verbatim, choices)), found=found)
            return reason, did_you_mean(str(found), choices)
        case "missing":
            return because(ValueCode.REQUIRED_FIELD), None
        case kind if kind in _SHAPES:
            return because(ValueCode.WRONG_TYPE, expected=(_SHAPES[kind],), found=found), None
        case "string_pattern_mismatch" if context["pattern"] == SPAN:
            return because(ValueCode.INVALID_DURATION, found=found), None
        case "string_pattern_mismatch":
            return because(ValueCode.WRONG_FORM, found=found, form=FORMS[context["pattern"]]), None
        case "greater_than_equal":
            return because(ValueCode.BELOW_MINIMUM, found=found, minimum=context["ge"]), None
        case "less_than_equal":
            return because(ValueCode.ABOVE_MAXIMUM, found=found, maximum=context["le"]), None
        case "string_too_long" | "string_too_short" | "too_long" | "too_short" as kind:
            return _wrong_length(kind, context, len(details["input"])), None
        case _:
            return because(ValueCode.INVALID_VALUE, error=Verbatim(details["msg"])), None


def _wrong_length(kind: str, context: Mapping[str, Any], found: int) -> Reason:
    match kind:
        case "string_too_long":
            return because(ValueCode.TEXT_TOO_LONG, found=found, most=context["max_length"])
        case "string_too_short":
            return because(ValueCode.TEXT_TOO_SHORT, found=found, least=context["min_length"])
        case "too_long":
            return because(ValueCode.TOO_MANY_ENTRIES, found=found, most=context["max_length"])
        case _:
            return because(ValueCode.TOO_FEW_ENTRIES, found=found, least=context["min_length"])


def _known(structure: type[Structure], path: Sequence[str | int]) -> Iterator[str]:
    """Yield the members that a structure has at a path."""
    current: type[Structure] | None = structure
    for step in path:
        if current is None:
            return
        known = members(current)
        if isinstance(step, str) and step in known:
            current = known[step].structure
    yield from members(current) if current else ()
