"""What is known of a dataset group when a request refers to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.schemas import Field, Schema


@dataclass(frozen=True)
class Group:
    """The domain and the datasets of a dataset group.

    Of a group that is not known, there can be datasets and a domain that are not here.
    """

    known: bool = False
    domain: Domain | None = None
    schemas: Mapping[DatasetType, Schema | None] = field(default_factory=dict)  # None: the schema is not known

    def lacks(self, type_: DatasetType) -> bool:
        """Return whether the group certainly has no dataset of a type."""
        return self.known and type_ not in self.schemas

    def columns(self, type_: DatasetType) -> Mapping[str, Field] | None:
        """Return the columns of a dataset by name; None if they are not known."""
        schema = self.schemas.get(type_)
        return schema.field if schema else None


UNKNOWN = Group()
"""A dataset group of which nothing is known."""
