"""Write docs/reference.md, every field of every kind, from the kinds and their JSON Schema: `make docs`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.descriptions import ENVELOPE, EXTRA, NEWEST, PROJECT
from personalize_gitops.manifest.json_schema import json_schema
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure
from tools.changes_page import outcome

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"

_Path = tuple[str, ...]
_SCALAR = "number or text"  # what the service takes as text, such as the parameters of recipes

_HEAD = """\
# Reference of manifests

<!-- Written by `make docs` from the kinds; edit those. -->

Every field of every kind. [Manifests](manifests.md) explains how they work together, and the
[editor schema](manifests.md#in-your-editor) shows the same while you type.

- **field**: its path in `spec`. The members of an element of a list follow the list. `{file: PATH}` and `${variable}`
  can stand in the place of any value.
- **type**: a *reference* is the name of a document, a `Kind/name` or an ARN.
- **default**: what the service takes for a field that is not declared; *required* has none. A plan
  [compares declared fields only](manifests.md#what-is-compared). The parameters of a recipe have the defaults of the
  recipe.
- **source**: the member of the create request that the field becomes, at the same path. The
  [facts of the service](service/README.md), with their sources, are cited by file and section.
- **a change**: what happens to the live object, with the default strategy of the kind;
  [What happens when I change X?](changes.md) has times, cost and loss.
"""
_PROJECT = """\
## Project

The document of the project. Its fields are settings of this program.
"""
_EVERY_DOCUMENT = """
## Every document

The fields beside `spec`. `run` is for imports, exports, deletions, trainings and batch jobs. Schema and
MetricAttribution, which have no tags, have no `tags` and no `renamedFrom`.
"""


@dataclass(frozen=True)
class _Reader:
    """The JSON Schema of the manifests, with what it says about a field in words."""

    schema: Mapping[str, Any]

    def of_kind(self, kind: str) -> Mapping[str, Any]:
        """Return the schema of the documents of a kind."""
        found = (one["then"] for one in self.schema["allOf"] if one["if"]["properties"]["kind"]["const"] == kind)
        return next(found)

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema that a reference leads to."""
        name = schema["$ref"].rpartition("/")[2] if "$ref" in schema else None
        return self.schema["$defs"][name] if name else schema

    def choices(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return what a value can be, without null and what can stand in the place of any value."""
        if "anyOf" in schema:
            return [found for one in schema["anyOf"] for found in self.choices(one)]
        always = schema.get("$ref") in ("#/$defs/file", "#/$defs/variable") or schema.get("type") == "null"
        return [] if always else [self.resolved(schema)]

    def inner(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the properties of a structure, also where it is the element of a list or a mapping."""
        for one in self.choices(schema):
            inside = one.get("items") or one.get("additionalProperties")
            found = one.get("properties") or (self.inner(inside) if isinstance(inside, dict) else None)
            if found:
                return found
        return {}

    def told(self, schema: Mapping[str, Any]) -> str:
        """Return the type in words."""
        told = [_told(one, self) for one in self.choices(schema)]
        if _SCALAR in told and not told[0].startswith("mapping"):
            return _SCALAR
        return " or ".join(dict.fromkeys("JSON text" if one == _SCALAR else one for one in told))


def _told(schema: Mapping[str, Any], reader: _Reader) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "string":
            return f"text{_length(schema)}"
        case "integer":
            return f"whole number{_range(schema)}"
        case "number":
            return f"number{_range(schema)}"
        case "boolean":
            return "`true` or `false`"
        case "array":
            return f"list of {reader.told(schema['items'])}"
        case "object":
            return _mapping(schema, reader)
        case _:
            return _SCALAR


def _mapping(schema: Mapping[str, Any], reader: _Reader) -> str:
    values = schema.get("additionalProperties")
    inside = reader.told(values) if isinstance(values, dict) else ""
    return f"mapping of {inside}" if inside else "mapping"


def _length(schema: Mapping[str, Any]) -> str:
    return f" of at most {schema['maxLength']:,} characters" if "maxLength" in schema else ""


def _range(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None:
        return f" up to {most:,}" if most is not None else ""
    return f" from {least:,}" + (f" to {most:,}" if most is not None else "")


def page() -> str:
    """Return the page as Markdown."""
    reader = _Reader(json.loads(json_schema()))
    project = _settings(reader.of_kind("Project"), PROJECT, reader)
    document = _settings(reader.of_kind("SolutionVersion"), ENVELOPE, reader)
    kinds = ["\n".join(_chapter(kind, reader)) for kind in KINDS.values()]
    return "\n".join(
        [
            _HEAD,
            _PROJECT,
            *project,
            _EVERY_DOCUMENT,
            *document,
            f"\n`spec.extra` is a mapping. {EXTRA}\n",
            *kinds,
        ]
    )


def _settings(schema: Mapping[str, Any], told: Mapping[str, str], reader: _Reader) -> Iterator[str]:
    """Yield the table of the fields of a document that are no members of the service."""
    yield "| field | type | default | means |"
    yield "|---|---|---|---|"
    for path, means in told.items():
        found, required = _found(schema, path.split("."), reader)
        own = found.get("default")
        default = "required" if required else "none" if isinstance(own, dict) else _value(own) or "none"
        yield f"| `{path}` | {_type(found, reader)} | {default} | {_escaped(means)} |"


def _found(schema: Mapping[str, Any], path: list[str], reader: _Reader) -> tuple[Mapping[str, Any], bool]:
    """Return the schema of a field at a path, and whether the field is required."""
    properties, required = reader.inner(schema), path in (["kind"], ["name"], ["spec"], ["spec", "targets"])
    found = properties[path[0]]
    return (found, required) if len(path) == 1 else (_found(found, path[1:], reader)[0], required)


def _type(schema: Mapping[str, Any], reader: _Reader) -> str:
    return "the name of a kind" if "const" in schema else _escaped(reader.told(schema))


def _chapter(kind: type[Resource], reader: _Reader) -> Iterator[str]:
    operation = kind.operation("Create")
    yield f"## {kind.kind_name()}\n"
    yield f"{_introduction(kind)} The request is `{operation}`{_facts(kind)}.\n"
    yield "| field | type | default | source | a change |"
    yield "|---|---|---|---|---|"
    yield from _rows(kind, kind, reader.of_kind(kind.kind_name())["properties"]["spec"], (), reader)
    yield ""


def _introduction(kind: type[Resource]) -> str:
    """Return what the kind is: the first line of its module."""
    module = __import__(kind.__module__, fromlist=["__doc__"]).__doc__ or ""
    first: str = module.partition("\n")[0].strip()
    return f"{first[:1].upper()}{first[1:]}"


def _facts(kind: type[Resource]) -> str:
    """Return where the project has its facts about the kind, as the docstring of its class says."""
    found = re.match(r"Described in docs/service/(.*?)\.(?!\d)", kind.__doc__ or "")
    return f"; docs/service/{found[1]} have the facts about it" if found else ""


def _rows(
    kind: type[Resource],
    structure: type[Structure],
    schema: Mapping[str, Any],
    above: _Path,
    reader: _Reader,
) -> Iterator[str]:
    properties = reader.inner(schema)
    for alias, member in members(structure).items():
        path, found = (*above, alias), properties[alias]
        yield _row(kind, path, member, found, reader)
        if member.structure and not member.ref:
            yield from _rows(kind, member.structure, found, path, reader)
        elif member.structure:
            yield from _parts(path, member, found, reader)


def _sent(kind: type[Resource], member: Member) -> str:
    return f"`{kind.operation('Start')}`, `{kind.operation('Stop')}`" if member.switch else f"`{member.wire}`"


def _row(kind: type[Resource], path: _Path, member: Member, schema: Mapping[str, Any], reader: _Reader) -> str:
    default = "required" if member.required else _value(member.default) or "none"
    types = f"reference to {member.ref}" if member.ref else _type(schema, reader)
    change = "see its fields" if member.structure and not member.ref else outcome(kind, path)
    return f"| `{'.'.join(path)}` | {types} | {default} | {_sent(kind, member)} | {change} |"


def _parts(path: _Path, member: Member, schema: Mapping[str, Any], reader: _Reader) -> Iterator[str]:
    """Yield the parts of a reference that can be a mapping, which become one ARN."""
    for alias, means in NEWEST.items():
        types = _type(reader.inner(schema)[alias], reader)
        yield f"| `{'.'.join((*path, alias))}` | {types} | required | {_escaped(means)} | as `{path[-1]}` |"


def _value(value: Any) -> str:
    return "" if value in (None, {}, []) and value is not False else f"`{json.dumps(value)}`".replace('"', "")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
