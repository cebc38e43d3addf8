"""Whether UpdateDataset can move a dataset from one schema to another (docs/service/3 §3.3)."""

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas.avro import Schema
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import SchemaCode
from personalize_gitops.model.reason import Path, Verbatim, because

_FIELDS = Path(("fields",))


def replacement_problems(old: Schema, new: Schema, dataset_type: DatasetType) -> tuple[Problem[Path], ...]:
    """Return why `new` cannot replace `old`, at places of `new`.

    Fields are compared by name: whether columns can change their order is not documented.
    """
    if not dataset_type.takes_another_schema:
        return (Problem(because(SchemaCode.SCHEMA_NOT_REPLACEABLE, type=dataset_type), Path()),)
    return tuple(_problems(old, new))


def _problems(old: Schema, new: Schema) -> Iterator[Problem[Path]]:
    if old.name != new.name:
        yield Problem(because(SchemaCode.RECORD_RENAMED, name=Verbatim(old.name)), Path(("name",)))
    for name in old.field:
        if name not in new.field:
            yield Problem(because(SchemaCode.COLUMN_REMOVED, column=Verbatim(name)), _FIELDS)
    for index, field in enumerate(new.fields):
        before, column = old.field.get(field.name), Verbatim(field.name)
        if before is None and not field.nullable:
            yield Problem(because(SchemaCode.ADDED_COLUMN_NOT_NULLABLE, column=column), _FIELDS / index / "type")
        elif before is not None and before.meaning != field.meaning:
            yield Problem(because(SchemaCode.COLUMN_CHANGED, column=column), _FIELDS / index)
