"""A dataset: the rows of one type in a dataset group. Only its schema can be exchanged, and only for some types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import DatasetTypeName, Reference, typical
from personalize_gitops.model.resource import Attributes, Mutable, Note, Ref, Resource


class Dataset(Resource):
    """Described in docs/service/2 §3.3 and 4 §2.3."""

    takes = typical("Dataset")
    loses: ClassVar[str] = "every imported row and streamed event"
    fixed: ClassVar[str] = "an update takes only another schema"  # docs/service/4 §1.2
    no_successor: ClassVar[str] = "a dataset group holds one dataset of a type"

    schema_: Annotated[
        Reference,
        Ref("Schema"),
        Mutable,
        Note("imports wait until it is done"),  # docs/service/3 §3.3
    ]
    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    dataset_type: DatasetTypeName

    @classmethod
    def arn_tail(cls, name: str, attributes: Attributes) -> str:
        """A dataset's ARN holds its group and type, not its name (docs/service/4 §3)."""
        return f"dataset/{attributes['datasetGroup'].rpartition('/')[2]}/{attributes['datasetType'].upper()}"

    @classmethod
    def why_fixed(cls, before: Attributes, after: Attributes, changed: Sequence[tuple[str, ...]]) -> str:
        """UpdateDataset takes Items and Users datasets only (docs/service/3 §3.3)."""
        kind = after["datasetType"]
        if kind.upper() in {"ITEMS", "USERS"}:
            return ""
        return f"the schema of an {kind} dataset cannot be exchanged"
