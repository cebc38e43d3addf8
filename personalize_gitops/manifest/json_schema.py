"""The JSON Schema of the manifests: any document of any kind, or the project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import BeforeValidatorFunctionSchema

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.descriptions import ENVELOPE, EXTRA, NEWEST, PROJECT, REFERENCE, STATE
from personalize_gitops.manifest.documents import Envelope
from personalize_gitops.manifest.project import Project
from personalize_gitops.manifest.service_model import meaning
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILE = {
    "type": "object",
    "properties": {"file": {"type": "string"}},
    "required": ["file"],
    "additionalProperties": False,
    "description": "The text of a file, relative to this one.",
}
_VARIABLE = {"type": "string", "pattern": r"\$\{[^}]+\}", "description": "Filled in from the project's variables."}

_Path = tuple[str, ...]
_Meaning = Callable[[_Path, Member], str]


def json_schema() -> str:
    """Return the schema as JSON text, the same bytes every time."""
    definitions: dict[str, Any] = {"file": _FILE, "variable": _VARIABLE}
    documents = {"Project": _described(Project, definitions, _from(PROJECT))}
    documents |= {word: _document(kind, definitions) for word, kind in KINDS.items()}
    schema = {
        "$schema": _DIALECT,
        "title": "A manifest of personalize-gitops",
        "type": "object",
        "properties": {"kind": {"enum": list(documents)}, "name": {"type": "string"}},
        "required": ["kind", "name"],
        # One condition for each kind, so that an editor reports the errors of this kind only.
        "allOf": [{"if": _is_of(word), "then": document} for word, document in documents.items()],
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _is_of(word: str) -> dict[str, Any]:
    return {"properties": {"kind": {"const": word}}, "required": ["kind"]}


def _document(kind: type[Resource], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the documents of one kind.

    It requires no member of the spec, because a patch has only the members that it changes. `validate` requires them.
    """
    envelope = _described(Envelope, definitions, _from(ENVELOPE))
    envelope["title"] = kind.kind_name()
    envelope["description"] = meaning(kind.operation("Create"), ())
    envelope["properties"]["kind"] = {"const": kind.kind_name(), "description": ENVELOPE["kind"]}
    spec = _described(kind, definitions, lambda path, member: _meaning(kind, path, member))
    del envelope["required"]
    spec.pop("required", None)
    spec["properties"]["extra"] = {"type": "object", "description": EXTRA}
    envelope["properties"]["spec"] = {**spec, "description": ENVELOPE["spec"]}
    if not kind.is_run:
        del envelope["properties"]["run"]
    if not kind.taggable:
        del envelope["properties"]["tags"]
        del envelope["properties"]["renamedFrom"]
    return envelope


def _from(table: Mapping[str, str]) -> _Meaning:
    return lambda path, member: table.get(".".join(path), "")


def _meaning(kind: type[Resource], path: _Path, member: Member) -> str:
    """Return what a member of a spec means: what the service says, else what the structure of its value is."""
    told = meaning(kind.operation("Create"), (*path[:-1], member.wire))
    if member.switch:
        return STATE
    if member.ref in KINDS:
        return f"{told} {REFERENCE}"
    return told or NEWEST.get(member.alias) or (getattr(member.structure, "__doc__", None) or "").partition("\n")[0]


def _described(structure: type[Structure], definitions: dict[str, Any], means: _Meaning) -> dict[str, Any]:
    # Two kinds can have structures of the same name, such as the DataSource of an import and of a data deletion.
    template = f"#/$defs/{structure.__name__}.{{model}}"
    schema = structure.model_json_schema(by_alias=True, ref_template=template, schema_generator=_AsWritten)
    found = schema.pop("$defs", {})
    for path, inner in _structures(structure, ()):
        described = schema if inner is structure else found.get(inner.__name__, {})
        for alias, member in members(inner).items():
            at = (*path, alias)
            if "$completed" not in described["properties"][alias]:
                written = described["properties"][alias]
                described["properties"][alias] = _property(written, member, means(at, member))
    for described in (schema, *found.values()):
        described.pop("title", None)
        for one in described.get("properties", {}).values():
            one.pop("$completed", None)
    definitions |= {f"{structure.__name__}.{name}": definition for name, definition in found.items()}
    return schema


def _structures(structure: type[Structure], path: _Path) -> Iterator[tuple[_Path, type[Structure]]]:
    """Yield a structure and those of its members, with the path to each."""
    yield path, structure
    for alias, member in members(structure).items():
        if member.structure:
            yield from _structures(member.structure, (*path, alias))


def _property(written: dict[str, Any], member: Member, description: str) -> dict[str, Any]:
    """Return the schema of a member that also accepts a file or a variable, with what an editor shows and completes."""
    default = written.pop("default", None) if member.default is None else member.default
    written.pop("default", None)
    written.pop("title", None)
    references = [f"{member.ref}/NAME", "NAME"] if member.ref in KINDS else []
    shown = {"description": description, "default": default, "examples": references}
    return {
        **{name: value for name, value in shown.items() if value not in (None, "", [], {})},
        **({"default": False} if default is False else {}),
        "anyOf": [written, {"$ref": "#/$defs/file"}, {"$ref": "#/$defs/variable"}],
        "$completed": True,
    }


class _AsWritten(GenerateJsonSchema):
    """Generates the types that a manifest can have, before validators change them for the request."""

    def function_before_schema(self, schema: BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Return a schema that also accepts numbers for the text of a parameter, and text for a JSON object."""
        inner = super().function_before_schema(schema)
        if schema["schema"]["type"] not in {"str", "dict"}:
            return inner
        return {"anyOf": [inner, {"type": ["string", "number", "boolean"]}]}
