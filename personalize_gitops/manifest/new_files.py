"""Write documents as new manifests, one file for each dataset group. No file is ever overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from personalize_gitops.errors import UsageError, writing
from personalize_gitops.manifest.values import literal
from personalize_gitops.manifest.yaml_text import laid_out
from personalize_gitops.model.draft import Draft, Template

_PROJECT = "project"  # the stem of the file for documents without a file


def write_documents(folder: Path, documents: Iterable[Draft]) -> list[Path]:
    """Write documents below a folder, schemas beside them, and return the files. Raises UsageError as `write_new`."""
    return write_new(folder, texts_of(documents))


def texts_of(documents: Iterable[Draft]) -> dict[str, str]:
    """Return the files of documents and of their schemas, by path."""
    texts: dict[str, str] = {}
    for draft in documents:
        name = f"{_stem(draft.file or _PROJECT)}.yaml"
        document = _text(draft, texts)
        texts[name] = f"{texts[name]}---\n{document}" if name in texts else document
    return texts


def write_new(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write files below a folder and return them. Raises UsageError, before anything is written, if one exists."""
    paths = {folder / name: text for name, text in sorted(texts.items())}
    if taken := [str(path) for path in paths if path.exists()]:
        raise UsageError(f"{', '.join(taken)}: already exists, and nothing is overwritten; choose another folder")
    for path, text in paths.items():
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return [*paths]


def _text(draft: Draft, files: dict[str, str]) -> str:
    """Return the YAML of a document; the Avro of a schema becomes a file of its own."""
    members = {"kind": draft.address.kind_name, "name": draft.address.name, "spec": dict(draft.spec)}
    avro = draft.spec.get("schema")
    if draft.address.kind_name == "Schema" and isinstance(avro, Mapping):
        name = f"schemas/{_stem(draft.address.name)}.avsc"
        files[name] = f"{json.dumps(avro, indent=2, ensure_ascii=False)}\n"
        members["spec"] = {**draft.spec, "schema": {"file": name}}
    for name, value in (("run", draft.run), ("tags", draft.tags), ("lifecycle", draft.lifecycle)):
        members |= {name: dict(value)} if value else {}
    return "".join(f"{line}\n" for line in laid_out(_escaped(members), 0))


def _escaped(value: Any) -> Any:
    """Return a value in which no text but a template has variables."""
    match value:
        case Template():
            return str(value)
        case str():
            return literal(value)
        case Mapping():
            return {key: _escaped(item) for key, item in value.items()}
        case list() | tuple():
            return [_escaped(item) for item in value]
        case _:
            return value


def _stem(name: str) -> str:
    """Return a name that is safe as that of a file on every system."""
    safe = "".join(character if character.isalnum() or character in "-_" else "-" for character in name)
    return safe or "unnamed"
