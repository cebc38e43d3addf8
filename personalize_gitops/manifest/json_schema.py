"""The JSON Schema of the manifests: any document of any kind, or the project."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import BeforeValidatorFunctionSchema

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.documents import Envelope
from personalize_gitops.manifest.project import Project
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


def json_schema() -> str:
    """Return the schema as JSON text, the same bytes every time."""
    definitions: dict[str, Any] = {"file": _FILE, "variable": _VARIABLE}
    documents = {"Project": _described(Project, definitions)}
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
    envelope = _described(Envelope, definitions)
    envelope["title"] = kind.kind_name()
    envelope["description"] = (kind.__doc__ or "").strip()
    envelope["properties"]["kind"] = {"const": kind.kind_name()}
    spec = _described(kind, definitions)
    del envelope["required"]
    spec.pop("required", None)
    envelope["properties"]["spec"] = {**spec, "properties": {k: _or_text(v) for k, v in spec["properties"].items()}}
    if not kind.is_run:
        del envelope["properties"]["run"]
    if not kind.taggable:
        del envelope["properties"]["tags"]
        del envelope["properties"]["renamedFrom"]
    return envelope


def _described(structure: type[Structure], definitions: dict[str, Any]) -> dict[str, Any]:
    # Two kinds can have structures of the same name, such as the DataSource of an import and of a data deletion.
    template = f"#/$defs/{structure.__name__}.{{model}}"
    schema = structure.model_json_schema(by_alias=True, ref_template=template, schema_generator=_AsWritten)
    for name, definition in schema.pop("$defs", {}).items():
        properties = definition.get("properties", {})
        definitions[f"{structure.__name__}.{name}"] = {
            **definition,
            "properties": {k: _or_text(v) for k, v in properties.items()},
        }
    return schema


class _AsWritten(GenerateJsonSchema):
    """Generates the types that a manifest can have, before validators change them for the request."""

    def function_before_schema(self, schema: BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Return a schema that also accepts numbers for the text of a parameter, and text for a JSON object."""
        inner = super().function_before_schema(schema)
        if schema["schema"]["type"] not in {"str", "dict"}:
            return inner
        return {"anyOf": [inner, {"type": ["string", "number", "boolean"]}]}


def _or_text(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that also accepts a file or a variable instead of the value."""
    return {"anyOf": [schema, {"$ref": "#/$defs/file"}, {"$ref": "#/$defs/variable"}]}
