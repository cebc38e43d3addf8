"""The steps to other columns where UpdateDataset does not accept the schema (docs/service/3 §3.3)."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from personalize_gitops.catalog.datasets import DatasetType, dataset_type_of_record
from personalize_gitops.catalog.schemas.avro import Field, Schema
from personalize_gitops.model.problem_codes import MigrationCode
from personalize_gitops.model.reason import Reason, Verbatim, because


def migration(old: Schema, new: Schema, *, other_domain: bool = False) -> tuple[Reason, ...]:
    """Return the steps from `old` to `new`, each list of steps after its title; empty if no way is known."""
    type_ = dataset_type_of_record(old.name)
    if type_ is None:
        return ()
    if dataset_type_of_record(new.name) is not type_:
        return (because(MigrationCode.OTHER_DATASET_TYPE),)
    if other_domain or not type_.takes_another_schema:
        return (*_in_another_group(type_, other_domain=other_domain), *_in_place(type_))
    return (*_keeping_old_columns(old, new, type_), *_in_place(type_))


def _keeping_old_columns(old: Schema, new: Schema, type_: DatasetType) -> Iterator[Reason]:
    """Yield the steps that keep the old columns and add the new ones as columns that accept null."""
    removed = [field for field in old.fields if field.name not in new.field]
    common = [field for field in old.fields if field.name in new.field]
    changed = [field for field in common if field.meaning != new.field[field.name].meaning]
    added = [field for field in new.fields if field.name not in old.field]
    renamed = [_renamed(new.field[field.name], {*old.field, *new.field}) for field in changed]
    kept, fresh = [*removed, *changed], [*renamed, *added]
    required = [field for field in kept if not field.nullable]
    yield because(MigrationCode.WITHOUT_LOSS)
    yield from _numbered(
        [
            *(because(MigrationCode.KEEP_COLUMN, column=_name(field), declaration=_json(field)) for field in kept),
            *([because(MigrationCode.KEEP_RECORD_NAME, name=Verbatim(old.name))] if new.name != old.name else []),
            *(
                because(MigrationCode.ADD_COLUMN, column=_name(field), declaration=_json(_nullable(new_field)))
                for field, new_field in zip(changed, renamed, strict=True)
            ),
            *(
                because(MigrationCode.ACCEPT_NULL, column=_name(field), declaration=_json(_nullable(field)))
                for field in added
                if not field.nullable
            ),
            *([because(MigrationCode.IMPORT_COLUMNS, columns=_names(fresh))] if fresh else []),
            *([because(MigrationCode.FILL_COLUMNS, columns=_names(required))] if required else []),
            *_training(kept, fresh, type_),
        ]
    )


def _training(kept: list[Field], fresh: list[Field], type_: DatasetType) -> Iterator[Reason]:
    if kept:
        yield because(MigrationCode.TRAIN_WITHOUT_COLUMNS, type=type_, columns=_names(kept))
    elif fresh:
        yield because(MigrationCode.TRAIN)


def _in_another_group(type_: DatasetType, *, other_domain: bool) -> Iterator[Reason]:
    """Yield the steps that create everything in another dataset group, then move the applications."""
    group = because(MigrationCode.DECLARE_GROUP_OF_DOMAIN if other_domain else MigrationCode.DECLARE_GROUP)
    steps = [group, because(MigrationCode.DECLARE_ENDPOINTS)]
    if type_ is DatasetType.INTERACTIONS:
        steps.append(because(MigrationCode.DECLARE_EVENT_TRACKER))
    if type_ is DatasetType.ACTION_INTERACTIONS:  # the service creates its tracking id (docs/service/3 §2.1)
        steps.append(because(MigrationCode.SEND_ACTION_INTERACTIONS))
    yield because(MigrationCode.WITHOUT_OUTAGE)
    yield from _numbered([*steps, because(MigrationCode.MOVE_APPLICATIONS)])


def _in_place(type_: DatasetType) -> Iterator[Reason]:
    """Yield the steps that export the rows and recreate the dataset. Actions have no export (docs/service/3 §3.2)."""
    exported = type_ not in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS)
    yield because(MigrationCode.IN_PLACE)
    yield from _numbered(
        [
            because(MigrationCode.EXPORT_ROWS) if exported else because(MigrationCode.KEEP_FILES, type=type_),
            because(MigrationCode.CONVERT_FILES),
            because(MigrationCode.RECREATE),
        ]
    )


def _numbered(steps: Iterable[Reason]) -> Iterator[Reason]:
    return (because(MigrationCode.STEP, number=number, step=step) for number, step in enumerate(steps, 1))


def _name(field: Field) -> Verbatim:
    return Verbatim(field.name)


def _names(fields: Iterable[Field]) -> tuple[Verbatim, ...]:
    return tuple(map(_name, fields))


def _nullable(field: Field) -> Field:
    return replace(field, nullable=True)


def _renamed(field: Field, taken: Collection[str]) -> Field:
    """Return the field with a name that neither schema has."""
    name = f"{field.name}_NEW"
    while name in taken:
        name = f"{name}_NEW"
    return replace(field, name=name)


def _json(field: Field) -> Verbatim:
    """Return the declaration of a field in a schema."""
    types = [*(["null"] if field.nullable else []), *field.types]
    flags = {"categorical": field.categorical, "textual": field.textual, "itemName": field.item_name}
    declaration = {
        "name": field.name,
        "type": types[0] if len(types) == 1 else types,
        **{flag: True for flag, on in flags.items() if on},
        **{name: json.loads(value) for name, value in field.attributes},
    }
    return Verbatim(json.dumps(declaration))
