"""The five dataset types and the two domains, with every spelling the service uses for them."""

from enum import StrEnum
from types import MappingProxyType


class Domain(StrEnum):
    """The domain of a dataset group (docs/service/1 §2); a custom dataset group has none."""

    ECOMMERCE = "ECOMMERCE"
    VIDEO_ON_DEMAND = "VIDEO_ON_DEMAND"


class DatasetType(StrEnum):
    """A dataset type, in its canonical spelling (docs/service/1 §3.2)."""

    INTERACTIONS = "Interactions"
    ITEMS = "Items"
    USERS = "Users"
    ACTIONS = "Actions"
    ACTION_INTERACTIONS = "Action_Interactions"

    @property
    def arn_spelling(self) -> str:
        """The upper-case spelling of ARNs and of Describe (docs/service/1 §3.2)."""
        return self.value.upper()

    @property
    def record_name(self) -> str:
        """The Avro record name of the guide, where Action_Interactions has no "_" (docs/service/1 §7.2)."""
        return self.value.replace("_", "")

    @property
    def record_names(self) -> tuple[str, ...]:
        """The record names that a schema can have.

        The dataset type itself is among them, beside the guide's `ActionInteractions`: whether the service refuses it
        is not documented.
        """
        return tuple(dict.fromkeys((self.record_name, self.value)))

    @property
    def in_domain_groups(self) -> bool:
        """Whether domain dataset groups can have the type: only custom groups have actions (docs/service/1 §2)."""
        return self not in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS)

    @property
    def takes_another_schema(self) -> bool:
        """Whether UpdateDataset can move such a dataset to another schema (docs/service/3 §3.3)."""
        return self in (DatasetType.ITEMS, DatasetType.USERS)


_BY_SPELLING = MappingProxyType({type_.value.casefold(): type_ for type_ in DatasetType})
_BY_RECORD = MappingProxyType({name.casefold(): type_ for type_ in DatasetType for name in type_.record_names})


def find_dataset_type(text: str) -> DatasetType | None:
    """Return the dataset type with this name in any case (docs/service/1 §3.2); None if there is none."""
    return _BY_SPELLING.get(text.casefold())


def dataset_type_of_record(record_name: str) -> DatasetType | None:
    """Return the dataset type of an Avro record with this name in any case; None if there is none."""
    return _BY_RECORD.get(record_name.casefold())
