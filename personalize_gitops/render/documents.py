"""The documents of a target as they are planned: patches merged, variables filled in, each value with its place."""

from __future__ import annotations

import json as json_
import re
from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.model.desired import Document, Lifecycle, RunDocument, RunPolicy
from personalize_gitops.model.members import in_usual_order, members
from personalize_gitops.model.reports import RenderReport
from personalize_gitops.model.secrets import MASK
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, written
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style

_SPEC = "spec"
_COLUMN = 72  # of the places, where the line leaves room
_PLAIN = re.compile(r"[A-Za-z][\w./:$+-]*(?<!:)")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})  # that YAML reads as something else

Parts = Mapping[str, Any]


def text(report: RenderReport, style: Style = PLAIN) -> str:
    """Return the documents as YAML that can be read again, with the place of each value as a comment."""
    lines: list[Line] = []
    for document in report.documents:
        lines += [Line("---")] if lines else []
        lines += [_placed(*each, style) for each in _lines(document)]
    return joined(lines) or "Nothing is declared.\n"


def _lines(document: Document) -> Iterator[tuple[str, str]]:
    """Yield each line of a document, and the place of its value."""
    for key, value in parts(document).items():
        yield from _member(document, (key,), value, 0)


def _named(document: Document) -> str:
    """Return what a name becomes in the account, if that is another one."""
    return "" if document.aws_name == document.address.name else f"; in the account: {document.aws_name}"


def _member(document: Document, path: tuple[str, ...], value: Any, indent: int) -> Iterator[tuple[str, str]]:
    key = f"{' ' * indent}{_scalar(path[-1])}:"
    if isinstance(value, Mapping) and value:
        yield key, ""
        for name, inner in value.items():
            yield from _member(document, (*path, name), inner, indent + 2)
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        yield key, ""
        for index, inner in enumerate(value):
            yield f"{' ' * (indent + 2)}- {_flow(inner)}", _place(document, (*path, index))
    else:
        yield f"{key} {_flow(value)}", f"{_place(document, path)}{_named(document) if path == ('name',) else ''}"


def _place(document: Document, path: tuple[str | int, ...]) -> str:
    """Return the file and line that decide a value."""
    place = document.places.deciding(_declaring(document, path))
    return f"{place.file}:{place.line}"


def _declaring(document: Document, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the path of the member that decides one: what a reference implies has no place of its own."""
    for member in members(document.kind).values():
        if member.follows_if and path == (_SPEC, *member.follows_if):
            is_declared = document.places.of(path) != document.places.of((_SPEC,))
            return path if is_declared else (_SPEC, member.alias)
    return path


def _placed(text: str, place: str, style: Style) -> Line:
    if not place:
        return line(text)
    return line(text, " " * max(2, _COLUMN - len(text)), style.paint(f"# {place}", "dim"))


def parts(document: Document) -> Parts:
    """Return the members of a document that are set; secrets are masked."""
    found: dict[str, Any] = {"kind": document.address.kind_name, "name": document.address.name}
    if document.renamed_from:
        found["renamedFrom"] = str(document.renamed_from)
    spec = in_usual_order(document.kind, document.attributes)
    found[_SPEC] = _without_secrets(document, spec, ())
    found["tags"] = _without_secrets(document, document.tags, ("tags",))
    found["lifecycle"] = _set(document.lifecycle, Lifecycle())
    if isinstance(document, RunDocument):
        found["run"] = _set(document.run, RunPolicy())
    return {key: value for key, value in found.items() if value or key == _SPEC}


def _set(value: Lifecycle | RunPolicy, default: Lifecycle | RunPolicy) -> Mapping[str, Any]:
    given, usual = (each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in (value, default))
    return {key: member for key, member in given.items() if member != usual.get(key)}


def _without_secrets(document: Document, value: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_secrets(document, inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(document, inner, (*path, index)) for index, inner in enumerate(value)]
    if document.secrets.hides(path):
        return MASK
    return document.secrets.masked(value) if isinstance(value, str) else value


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return f"{{{', '.join(f'{_scalar(key)}: {_flow(inner)}' for key, inner in value.items())}}}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json_.dumps(value, ensure_ascii=False)


def json(report: RenderReport, _: Style = PLAIN) -> str:
    """Return the documents, and the place of each value by its path."""
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "project": report.project, "target": report.target}
    return written({**head, "documents": [_entry(each) for each in report.documents]})


def _entry(document: Document) -> dict[str, Any]:
    nothing: dict[str, Any] = {"renamedFrom": None, "tags": {}, "lifecycle": {}, "run": {}}
    content = {**nothing, **parts(document)}
    places = {".".join(path): _place(document, path) for path in _leaves(parts(document), ())}
    return {"address": str(document.address), "awsName": document.aws_name, "document": content, "places": places}


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path
