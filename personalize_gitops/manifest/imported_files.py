"""The files of an import: the documents of each dataset group in one, and each schema in one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from personalize_gitops.kinds.types import DatasetTypeName, Recipe, by_meaning
from personalize_gitops.manifest.new_files import avro_text, text_of
from personalize_gitops.model.address import Address
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.importing import ObjectDraft
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.reference import Newest, Reference

_SHARED = "schemas"  # the file of what belongs to no dataset group, or to several
_FIRST = ("DatasetGroup", "Schema")


@dataclass(frozen=True)
class NewFile:
    """A file that is not written yet."""

    path: Path
    content: str
    addresses: tuple[Address, ...] = ()  # of its documents


@dataclass
class _Folder:
    """The paths in a folder that are free, also where upper and lower case are the same."""

    folder: Path
    taken: set[str] = field(default_factory=set)

    def free(self, stem: str, suffix: str) -> Path:
        """Return the path `stem.suffix`, or the next one that no file has: `stem-2.suffix`."""
        names = (f"{stem}{f'-{number}' if number > 1 else ''}{suffix}" for number in range(1, 10_000))
        paths = (self.folder / name for name in names)
        path = next(path for path in paths if str(path).casefold() not in self.taken and not path.exists())
        self.taken.add(str(path).casefold())
        return path


def files_of(drafts: Collection[ObjectDraft], folder: Path, taken: Collection[Path] = ()) -> tuple[NewFile, ...]:
    """Return the files for drafts; `taken` are paths of other files that are not written yet."""
    inside, files = _Folder(folder, {str(path).casefold() for path in taken}), []
    for stem in sorted({draft.group or _SHARED for draft in drafts}):
        of_group = sorted((draft for draft in drafts if (draft.group or _SHARED) == stem), key=_order)
        texts = []
        for draft in of_group:
            document, avro_file = _written(draft), ""
            if avro := avro_text(document):
                path = inside.free(f"schemas/{draft.address.name}", ".avsc")
                files.append(NewFile(path, avro))
                avro_file = path.relative_to(folder).as_posix()
            texts.append(_text(draft, text_of(document, avro_file)))
        addresses = tuple(draft.address for draft in of_group)
        files.append(NewFile(inside.free(stem, ".yaml"), "---\n".join(texts), addresses))
    return tuple(files)


def _order(draft: ObjectDraft) -> int:
    """Return the position of a document: the dataset group comes first, then the schemas, then the order of drafts."""
    kind = draft.address.kind_name
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _written(draft: ObjectDraft) -> Draft:
    """Return the document as people write it. A run is adopted."""
    kind = draft.live.kind
    spelled = {alias: _spelled(members(kind)[alias], value) for alias, value in draft.spec.items()}
    named = {alias: _referring(reference) for alias, reference in draft.references.items()}
    lifecycle = {"adopt": True} if kind.is_run else {}
    return Draft(draft.address, {**spelled, **named}, draft.tags, lifecycle=lifecycle)


def _text(draft: ObjectDraft, document: str) -> str:
    """Return the text of a document, with a comment at its end for one of a run."""
    if not draft.live.kind.is_run:
        return document
    name = draft.live.aws_name if draft.live.aws_name.isprintable() else draft.live.kind.kind_name()
    return f"{document.rstrip()}  # done as {name}: adopted, not started again\n"


def _referring(reference: Reference) -> Any:
    """Return how a manifest refers to a resource."""
    match reference:
        case Address():
            return reference.name
        case Newest(of=Address() as owner, followed=followed):
            parent = owner.kind_name[0].lower() + owner.kind_name[1:]
            return {parent: owner.name, "version": "$LATEST" if followed else "latest"}
        case _:
            return str(reference)


def _spelled(member: Member, value: Any) -> Any:
    """Return a value as people write it: recipes by their short names, parameters as numbers."""
    if member.json_text:
        return value
    match value:
        case str() if member.ref == "Recipe":
            return _recipe(value)
        case str() if member.compare is str.upper:
            return _validated(DatasetTypeName, value)
        case str():
            return _number(value) if member.compare is by_meaning else value
        case list():
            return [_spelled(member, item) for item in value]
        case Mapping():
            known = members(member.structure) if member.structure else {}
            return {key: _spelled(known.get(key, member), item) for key, item in value.items()}
        case _:
            return value


def _validated(type_: Any, text: str) -> str:
    """Return a text as a type of the kinds spells it; the text itself if it is invalid."""
    try:
        return str(TypeAdapter(type_).validate_python(text))
    except ValidationError:
        return text


def _recipe(arn: str) -> str:
    """Return the short name of a recipe; the ARN if the short name means another one."""
    short = arn.rpartition("/")[2]
    return short if _validated(Recipe, short) == arn else arn


def _number(text: str) -> Any:
    """Return the number or boolean that requests have as this text; the text itself if there is none."""
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            if repr(number := read(text)) == text and text not in ("inf", "-inf", "nan"):
                return number
        except ValueError:
            continue
    return text


def project_file(
    folder: Path, name: str, target: str, *, account: str = "", region: str = "", endpoint: str = ""
) -> NewFile:
    """Return the file of a new project with one target."""
    place = {"account": account, "region": region, "endpointUrl": endpoint}
    settings = {member: value for member, value in place.items() if value}
    return NewFile(folder / "project.yaml", text_of(Draft(Address("Project", name), {"targets": {target: settings}})))
