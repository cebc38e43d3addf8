"""A dataset: the rows of one type in a dataset group. Only its schema can be updated, and only for some types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import DatasetTypeName, Reference, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import OnRemove, Resource
from personalize_gitops.model.structure import Attributes, Mutable, Note, Ref


class Dataset(Resource):
    """Described in docs/service/2 §3.3 and 4 §2.3."""

    durations = typical("Dataset")
    on_remove: ClassVar[OnRemove] = OnRemove.RETAIN
    loses: ClassVar[Fact | None] = Fact.LOSES_DATA
    immutable: ClassVar[Fact | None] = Fact.UPDATE_TAKES_SCHEMA  # docs/service/4 §1.2
    no_successor: ClassVar[Fact | None] = Fact.ONE_DATASET_PER_TYPE

    schema_: Annotated[
        Reference,
        Ref("Schema"),
        Mutable,
        Note(Fact.IMPORTS_WAIT),  # docs/service/3 §3.3
    ]
    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    dataset_type: DatasetTypeName

    @classmethod
    def arn_tail(cls, name: str, attributes: Attributes) -> str:
        """Return `dataset/<group>/<TYPE>`: the ARN of a dataset does not contain its name (docs/service/4 §3)."""
        return f"dataset/{attributes['datasetGroup'].rpartition('/')[2]}/{attributes['datasetType'].upper()}"

    @classmethod
    def update_obstacle(
        cls, before: Attributes, after: Attributes, changed: Sequence[tuple[str, ...]]
    ) -> Reason | None:
        """Return why the schema cannot be updated: UpdateDataset accepts only Items and Users (docs/service/3 §3.3)."""
        if after["datasetType"].upper() in {"ITEMS", "USERS"}:
            return None
        return because(ReasonCode.SCHEMA_NOT_EXCHANGEABLE, type=Verbatim(after["datasetType"]))
