"""What pydantic finds wrong, told with its place and a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from personalize_gitops.manifest.nodes import member, place_of
from personalize_gitops.model.diagnostics import Problem, Source, did_you_mean
from personalize_gitops.model.resource import Structure, members

S = TypeVar("S", bound=Structure)

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
        for details in error.errors(include_url=False):
            path, at = _path(node, details["loc"])
            message, suggestion = _told(structure, details, path)
            problems.append(Problem(at, subject, message, suggestion))
        return None


def _path(node: Any, loc: Sequence[str | int]) -> tuple[tuple[str | int, ...], Source]:
    """The members on the way to a problem, and the place of the last one that is there.

    pydantic puts the names of its own branches into the way; what no node answers to is left out, but for the last
    step, which may be a member that is missing.
    """
    path: list[str | int] = []
    at = place_of(node)
    for index, step in enumerate(loc):
        found = member(node, step)
        if found:
            at, node = place_of(found[0]), found[1]
            path.append(step)
        elif index == len(loc) - 1 and isinstance(step, str) and hasattr(node, "value"):
            path.append(step)
    return tuple(path), at


def place_at(node: Any, path: Sequence[str | int]) -> Source:
    """The place of the member at a path, or of the nearest one above it."""
    return _path(node, path)[1]


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
            return f'{where}: "{given}" is not one of {", ".join(choices)}', did_you_mean(str(given), choices)
        case "string_pattern_mismatch":
            return f'{where}: "{given}" is not accepted; it has to match {context["pattern"]}', ""
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
            return f'"{value}"'
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
