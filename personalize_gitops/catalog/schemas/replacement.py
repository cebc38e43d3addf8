"""Whether UpdateDataset may move a dataset from one schema to another (docs/service/3 §3.3)."""

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.problems import Problem
from personalize_gitops.catalog.schemas.avro import Schema


def replacement_problems(old: Schema, new: Schema, dataset_type: DatasetType) -> tuple[Problem, ...]:
    """What keeps `new` from replacing `old`; paths lead into `new`.

    Whether columns may change places is not documented, so fields are compared by name.
    """
    if not dataset_type.takes_another_schema:
        return (Problem((), f"the schema of {dataset_type} datasets can never be replaced; only Items and Users can"),)
    return tuple(_problems(old, new))


def _problems(old: Schema, new: Schema) -> Iterator[Problem]:
    if old.name != new.name:
        yield Problem(("name",), f'the record name must stay "{old.name}"')
    for name in old.field:
        if name not in new.field:
            yield Problem(("fields",), f"{name} must stay: a replacement may only add columns")
    for index, field in enumerate(new.fields):
        before = old.field.get(field.name)
        if before is None and not field.nullable:
            yield Problem(("fields", index, "type"), f"{field.name} is new, so it must accept null")
        elif before is not None and before.meaning != field.meaning:
            message = f"{field.name} must keep its type and attributes; add a nullable column beside it instead"
            yield Problem(("fields", index), message)
