"""The five dataset types and the two domains, with every spelling the service uses for them."""

from enum import StrEnum
from types import MappingProxyType


class Domain(StrEnum):
    """What a domain dataset group is for (docs/service/1 §2); a custom group has none."""

    ECOMMERCE = "ECOMMERCE"
    VIDEO_ON_DEMAND = "VIDEO_ON_DEMAND"


class DatasetType(StrEnum):
    """A dataset type in its canonical spelling (docs/service/1 §3.2)."""

    INTERACTIONS = "Interactions"
    ITEMS = "Items"
    USERS = "Users"
    ACTIONS = "Actions"
    ACTION_INTERACTIONS = "Action_Interactions"

    @property
    def arn_spelling(self) -> str:
        """How the type ends a dataset's ARN and comes back from Describe: upper case (docs/service/1 §3.2)."""
        return self.value.upper()

    @property
    def record_name(self) -> str:
        """The Avro record name as the guide prints it: Action_Interactions loses its "_" (docs/service/1 §7.2)."""
        return self.value.replace("_", "")

    @property
    def record_names(self) -> tuple[str, ...]:
        """Record names accepted in a schema.

        The dataset type itself is accepted beside the guide's `ActionInteractions`: whether the service refuses
        it is not documented.
        """
        return tuple(dict.fromkeys((self.record_name, self.value)))

    @property
    def in_domain_groups(self) -> bool:
        """Whether a domain dataset group may hold it: actions belong to custom groups only (docs/service/1 §2)."""
        return self not in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS)

    @property
    def takes_another_schema(self) -> bool:
        """Whether UpdateDataset may move it to another schema (docs/service/3 §3.3)."""
        return self in (DatasetType.ITEMS, DatasetType.USERS)


_BY_SPELLING = MappingProxyType({type_.value.casefold(): type_ for type_ in DatasetType})
_BY_RECORD = MappingProxyType({name.casefold(): type_ for type_ in DatasetType for name in type_.record_names})


def find_dataset_type(text: str) -> DatasetType | None:
    """The dataset type written as `text`; CreateDataset ignores case (docs/service/1 §3.2)."""
    return _BY_SPELLING.get(text.casefold())


def dataset_type_of_record(record_name: str) -> DatasetType | None:
    """The dataset type an Avro record of this name is for, whatever its case."""
    return _BY_RECORD.get(record_name.casefold())
