"""How to come to other columns where UpdateDataset takes no other schema, step by step (docs/service/3 §3.3)."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from personalize_gitops.catalog.datasets import DatasetType, dataset_type_of_record
from personalize_gitops.catalog.schemas.avro import Field, Schema


def migration(old: Schema, new: Schema, *, other_domain: bool = False) -> tuple[str, ...]:
    """The way from `old` to `new` as lines, an indented one belonging to the one above; empty where none is known."""
    kind = dataset_type_of_record(old.name)
    if kind is None:
        return ()
    if dataset_type_of_record(new.name) is not kind:
        return ("Rows of another sort belong in a dataset of their own: declare a Schema and a Dataset beside these.",)
    if other_domain or not kind.takes_another_schema:
        return (*_in_another_group(kind, "of that domain " if other_domain else ""), *_in_its_place(kind))
    return (*_beside(old, new, kind), *_in_its_place(kind))


def _beside(old: Schema, new: Schema, kind: DatasetType) -> Iterator[str]:
    """Old columns stay as they are; what is new comes beside them and accepts null."""
    gone = [field for field in old.fields if field.name not in new.field]
    common = [field for field in old.fields if field.name in new.field]
    changed = [field for field in common if field.meaning != new.field[field.name].meaning]
    added = [field for field in new.fields if field.name not in old.field]
    renewed = [_renamed(new.field[field.name], {*old.field, *new.field}) for field in changed]
    kept, fresh = [*gone, *changed], [*renewed, *added]
    steps = [f"leave {field.name} as it was: {_written(field)}" for field in kept]
    if new.name != old.name:
        steps.append(f'leave the name of the record as it was: "{old.name}"')
    steps += [f"declare beside it what takes its place: {_written(_nullable(field))}" for field in renewed]
    steps += [f"let {field.name} accept null: {_written(_nullable(field))}" for field in added if not field.nullable]
    if fresh:
        steps.append(f"import rows that fill {_names(fresh)}; filters can use it from then on")
    if filled := [field for field in kept if not field.nullable]:
        steps.append(f"go on filling {_names(filled)} in every import, with placeholders if need be: it takes no null")
    if kept or fresh:
        excluded = f" with excludedDatasetColumns: {{{kind}: [{_names(kept)}]}}" if kept else ""
        steps.append(
            f"train{excluded} in the trainingDataConfig of a new Solution, or of the Recommender, which retrains"
        )
    yield "In steps that lose nothing:"
    yield from _numbered(steps)


def _in_another_group(kind: DatasetType, which: str) -> Iterator[str]:
    steps = [
        f"declare another DatasetGroup {which}with a Schema, a Dataset and a DatasetImportJob for the new columns",
        "declare there what serves: Filter, Solution and Campaign, or Recommender",
    ]
    if kind is DatasetType.INTERACTIONS:
        steps.append("declare an EventTracker there, and have applications send events with its tracking id")
    if kind is DatasetType.ACTION_INTERACTIONS:  # the service makes its tracker (docs/service/3 §2.1)
        steps.append("have applications send action interactions with the tracking id of the new Dataset")
    steps.append("have applications ask the new endpoints, then remove the documents of the old group")
    yield "Without a loss or an outage, beside the old one:"
    yield from _numbered(steps)


def _in_its_place(kind: DatasetType) -> Iterator[str]:
    """What can be saved is saved first; actions cannot be exported (docs/service/3 §3.2)."""
    if kind in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS):
        saved = f"keep the files it was imported from: {kind} cannot be exported, what was put one by one is lost"
    else:
        saved = "export what is there: a DatasetExportJob with ingestionMode: ALL"
    steps = [
        saved,
        "bring the files to the new columns, and have the DatasetImportJob read them",
        "set `lifecycle: {replace: recreate}` on the Schema and on its Dataset; the import runs again with them",
    ]
    yield "Or in its place, which deletes every imported row and streamed event:"
    yield from _numbered(steps)


def _numbered(steps: Iterable[str]) -> Iterator[str]:
    return (f"  {number}. {step}" for number, step in enumerate(steps, 1))


def _names(fields: Iterable[Field]) -> str:
    return ", ".join(field.name for field in fields)


def _nullable(field: Field) -> Field:
    return replace(field, nullable=True)


def _renamed(field: Field, taken: Collection[str]) -> Field:
    """The field under a name that neither schema has."""
    name = f"{field.name}_NEW"
    while name in taken:
        name = f"{name}_NEW"
    return replace(field, name=name)


def _written(field: Field) -> str:
    """The field as a schema declares it."""
    types = [*(["null"] if field.nullable else []), *field.types]
    flags = {"categorical": field.categorical, "textual": field.textual, "itemName": field.item_name}
    return json.dumps(
        {
            "name": field.name,
            "type": types[0] if len(types) == 1 else types,
            **{flag: True for flag, on in flags.items() if on},
            **{name: json.loads(value) for name, value in field.attributes},
        }
    )
