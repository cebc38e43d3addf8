"""What pydantic finds wrong, told with its place and a remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from personalize_gitops.manifest.nodes import member, place_in, place_of
from personalize_gitops.model.diagnostics import Problem, did_you_mean
from personalize_gitops.model.members import members
from personalize_gitops.model.reason import Source
from personalize_gitops.model.span import SPAN
from personalize_gitops.model.structure import Structure

S = TypeVar("S", bound=Structure)

_LONGEST = 60  # characters of a value in a message
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def checked(structure: type[S], value: Any, node: Any, subject: str, problems: list[Problem]) -> S | None:
    """`value`, built from `node`, as a structure; or None, with what is wrong added to `problems`."""
    try:
        return structure.model_validate(value)
    except ValidationError as error:
        found = [_found(node, details) for details in error.errors(include_url=False)]
        for one, message, suggestion in _told_all(structure, found):
            problems.append(Problem(one.at, subject, message, suggestion))
        return None


class _Found(NamedTuple):
    """One error of pydantic's, and where it is in the manifest."""

    details: ErrorDetails
    path: tuple[str | int, ...]
    at: Source
    of_choice: bool  # it belongs to one of several things that the member may be

    @property
    def is_shape(self) -> bool:
        """Whether it says no more than that the member is not of this shape."""
        return self.of_choice and self.details["type"] in _WANTED


def _found(node: Any, details: ErrorDetails) -> _Found:
    """The members on the way to a problem, and the place of the last one that is there.

    pydantic puts the names of its own branches into the way, which no node answers to; only the last step may be a
    member that is missing.
    """
    path: list[str | int] = []
    at = place_of(node)
    of_choice = False
    for index, step in enumerate(details["loc"]):
        found = member(node, step)
        if found:
            at, node = place_of(found[0]), found[1]
            path.append(step)
        elif details["type"] == "missing" and index == len(details["loc"]) - 1:
            path.append(step)
        else:
            of_choice = True
    return _Found(details, tuple(path), at, of_choice)


def place_at(node: Any, path: Sequence[str | int]) -> Source:
    """The place of the member at a path, or of the nearest one above it.

    A number after a text asks for that character of it.
    """
    at = place_of(node)
    for step in path:
        found = member(node, step)
        if found is None:
            return (isinstance(step, int) and place_in(node, step)) or at
        at, node = place_of(found[0]), found[1]
    return at


def _told_all(structure: type[Structure], found: Sequence[_Found]) -> Iterator[tuple[_Found, str, str]]:
    """Each error's message and suggestion. Of a member that may be several things, what the given one comes nearest to.

    A mapping in the place of a name or a mapping is told what is wrong with the mapping, not that it is no name.
    """
    for one in found:
        others = [other for other in found if other.of_choice and other.path[: len(one.path)] == one.path]
        if not one.is_shape:
            yield one, *_told(structure, one.details, one.path)
        elif one is others[0] and all(other.is_shape for other in others):
            wanted = list(dict.fromkeys(_WANTED[other.details["type"]] for other in others))
            shapes = " or ".join(filter(None, [", ".join(wanted[:-1]), wanted[-1]]))
            yield one, _with(dotted(one.path), f"{shapes} is wanted, not {_shown(one.details['input'])}"), ""


def dotted(path: Sequence[str | int]) -> str:
    """A path for people: `solutionConfig.hpoConfig`, `fields[3]`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _told(structure: type[Structure], details: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str]:
    """The message and the suggestion for one error."""
    where = dotted(path)
    context: Mapping[str, Any] = details.get("ctx", {})
    given = details["input"]
    match details["type"]:
        case "extra_forbidden":
            return f"{where}: unknown member", did_you_mean(str(path[-1]), _known(structure, path[:-1]))
        case "missing":
            return f"{where} is missing", ""
        case "gitops":
            return _with(where, context["fact"]), context.get("suggestion", "")
        case "literal_error" | "enum":
            choices = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
            return f"{where}: {_shown(given)} is not one of {', '.join(choices)}", did_you_mean(str(given), choices)
        case "value_error":
            return _with(where, str(context["error"])), ""
        case "string_pattern_mismatch" if context["pattern"] == SPAN:
            return f"{where}: {_shown(given)} is no span; 90m, 5h, 7d and 2w are", ""
        case "string_pattern_mismatch":
            return f"{where}: {_shown(given)} is not accepted; it has to match {context['pattern']}", ""
        case kind if kind in _WANTED:
            return f"{where}: {_WANTED[kind]} is wanted, not {_shown(given)}", ""
        case _:
            return _with(where, details["msg"][0].lower() + details["msg"][1:]), ""


def _with(where: str, fact: str) -> str:
    return f"{where}: {fact}" if where else fact


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case str():
            text = json.dumps(value, ensure_ascii=False)  # in one line
            return text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…"'
        case _:
            return str(value)


def _known(structure: type[Structure], path: Sequence[str | int]) -> Iterator[str]:
    """The members a structure knows at a path."""
    current: type[Structure] | None = structure
    for step in path:
        if current is None:
            return
        known = members(current)
        if isinstance(step, str) and step in known:
            current = known[step].structure
    yield from members(current) if current else ()
