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
    """The schema as JSON text; the same bytes every time."""
    definitions: dict[str, Any] = {"file": _FILE, "variable": _VARIABLE}
    documents = {"Project": _described(Project, definitions)}
    documents |= {word: _document(kind, definitions) for word, kind in KINDS.items()}
    schema = {
        "$schema": _DIALECT,
        "title": "A manifest of personalize-gitops",
        "type": "object",
        "properties": {"kind": {"enum": list(documents)}, "name": {"type": "string"}},
        "required": ["kind", "name"],
        # One condition for each kind, so that an editor tells what is wrong with this one instead of with all of them.
        "allOf": [{"if": _is_of(word), "then": document} for word, document in documents.items()],
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _is_of(word: str) -> dict[str, Any]:
    return {"properties": {"kind": {"const": word}}, "required": ["kind"]}


def _document(kind: type[Resource], definitions: dict[str, Any]) -> dict[str, Any]:
    """The envelope with the spec of one kind.

    No member of the spec is required here: a patch for a target has only those it changes. `validate` knows better.
    """
    envelope = _described(Envelope, definitions)
    envelope["title"] = kind.kind()
    envelope["description"] = (kind.__doc__ or "").strip()
    envelope["properties"]["kind"] = {"const": kind.kind()}
    spec = _described(kind, definitions)
    del envelope["required"]
    spec.pop("required", None)
    envelope["properties"]["spec"] = {**spec, "properties": {k: _or_text(v) for k, v in spec["properties"].items()}}
    if not kind.is_run:
        del envelope["properties"]["run"]
    if not kind.taggable:
        del envelope["properties"]["tags"]
    return envelope


def _described(structure: type[Structure], definitions: dict[str, Any]) -> dict[str, Any]:
    # Two kinds may have structures of one name, such as the DataSource of an import and of a data deletion.
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
    """Members as a manifest may write them, before they become what the wire wants."""

    def function_before_schema(self, schema: BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Numbers for the text of a parameter, the text of a JSON object."""
        inner = super().function_before_schema(schema)
        if schema["schema"]["type"] not in {"str", "dict"}:
            return inner
        return {"anyOf": [inner, {"type": ["string", "number", "boolean"]}]}


def _or_text(schema: dict[str, Any]) -> dict[str, Any]:
    """A member may also come from a file or a variable."""
    return {"anyOf": [schema, {"$ref": "#/$defs/file"}, {"$ref": "#/$defs/variable"}]}
