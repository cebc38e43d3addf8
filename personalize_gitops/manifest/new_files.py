"""New manifests: the texts of documents, one file for each dataset group. No file is ever overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from personalize_gitops.errors import UsageError, writing
from personalize_gitops.files import write_atomically
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.values import literal
from personalize_gitops.manifest.yaml_text import laid_out
from personalize_gitops.model.draft import Draft, Template
from personalize_gitops.model.members import in_usual_order

_PROJECT = "project"  # the stem of the file for documents without a file


def write_documents(folder: Path, documents: Iterable[Draft]) -> list[Path]:
    """Write documents below a folder, schemas beside them, and return the files. Raises UsageError as `write_new`."""
    return write_new({folder / name: text for name, text in texts_of(documents).items()})


def write_new(texts: Mapping[Path, str]) -> list[Path]:
    """Write files, all or none, and return them. Raises UsageError if one exists or cannot be written."""
    if taken := [str(path) for path in sorted(texts) if path.exists()]:
        raise UsageError(f"{', '.join(taken)}: already exists, and nothing is overwritten; choose another folder")
    done: list[Path] = []
    try:
        for path, text in texts.items():
            with writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, text)
            done.append(path)
    except BaseException:
        for path in done:
            with suppress(OSError):
                path.unlink()
        raise
    return sorted(done)


def texts_of(documents: Iterable[Draft]) -> dict[str, str]:
    """Return the files of documents and of their schemas, by path."""
    texts: dict[str, str] = {}
    for draft in documents:
        name, avro_file = f"{_stem(draft.file or _PROJECT)}.yaml", ""
        if avro := avro_text(draft):
            avro_file = f"schemas/{_stem(draft.address.name)}.avsc"
            texts[avro_file] = avro
        document = text_of(draft, avro_file)
        texts[name] = f"{texts[name]}---\n{document}" if name in texts else document
    return texts


def avro_text(draft: Draft) -> str | None:
    """Return the content of a file for the Avro of a schema; None for another document."""
    avro = draft.spec.get("schema") if draft.address.kind_name == "Schema" else None
    return f"{json.dumps(avro, indent=2, ensure_ascii=False)}\n" if isinstance(avro, Mapping) else None


def text_of(draft: Draft, avro_file: str = "") -> str:
    """Return the YAML of a document, its fields in order; the Avro of a schema is in a file of its own."""
    spec = {**draft.spec, "schema": {"file": avro_file}} if avro_file else draft.spec
    if kind := KINDS.get(draft.address.kind_name):  # not the project
        spec = in_usual_order(kind, spec)
    members = {"kind": draft.address.kind_name, "name": draft.address.name, "spec": spec}
    optional = {"tags": draft.tags, "lifecycle": draft.lifecycle, "run": draft.run}
    members |= {name: value for name, value in optional.items() if value}
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
