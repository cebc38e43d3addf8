"""The columns that each dataset type requires and reserves: docs/service/1 §8, one table for each section."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from personalize_gitops.catalog.datasets import DatasetType, Domain


@dataclass(frozen=True)
class Column:
    """The declaration that the service expects of a column whose name it knows."""

    type: str
    nullable: bool = False
    categorical: bool = False
    textual: bool = False
    also: tuple[str, ...] = ()  # other types that the guide has for the same column: a warning
    doubtful: bool = False  # listed without an explanation: every difference is a warning


@dataclass(frozen=True)
class ColumnRules:
    """The rules for the columns of one dataset type in one domain."""

    source: str
    required: Mapping[str, Column]
    most_metadata: int  # columns that are neither required nor reserved
    reserved: Mapping[str, Column] = field(default_factory=dict)
    least_metadata: int = 0
    textual_allowed: bool = False


_STRING, _LONG = Column("string"), Column("long")
_CATEGORY = Column("string", categorical=True)
_OPTIONAL_STRING = Column("string", nullable=True)
_OPTIONAL_LONG = Column("long", nullable=True)
_OPTIONAL_FLOAT = Column("float", nullable=True)
_OPTIONAL_CATEGORY = Column("string", nullable=True, categorical=True)
_OPTIONAL_TEXT = Column("string", nullable=True, textual=True)

_INTERACTION = {"USER_ID": _STRING, "ITEM_ID": _STRING, "TIMESTAMP": _LONG}
_OF_INTERACTIONS = {
    "EVENT_VALUE": _OPTIONAL_FLOAT,
    "IMPRESSION": _OPTIONAL_STRING,
    "RECOMMENDATION_ID": _OPTIONAL_STRING,
    "EVENT_ATTRIBUTION_SOURCE": _OPTIONAL_STRING,
}
_DOMAIN_INTERACTIONS = ColumnRules(
    "docs/service/1 §8.1", {**_INTERACTION, "EVENT_TYPE": _STRING}, reserved=_OF_INTERACTIONS, most_metadata=5
)
_USERS = ColumnRules("docs/service/1 §8.2", {"USER_ID": _STRING}, least_metadata=1, most_metadata=25)

_VIDEO_ITEMS = ColumnRules(
    "docs/service/1 §8.3",
    {"ITEM_ID": _STRING, "CREATION_TIMESTAMP": _LONG, "GENRES": _CATEGORY},
    reserved={
        # The guide's table allows null for PRICE and DURATION, as here; its text does not (docs/service/1 §17, row 5).
        "PRICE": _OPTIONAL_FLOAT,
        "DURATION": _OPTIONAL_FLOAT,
        "GENRE_L2": _OPTIONAL_CATEGORY,
        "GENRE_L3": _OPTIONAL_CATEGORY,
        "AVERAGE_RATING": _OPTIONAL_FLOAT,
        "PRODUCT_DESCRIPTION": _OPTIONAL_TEXT,
        "CONTENT_OWNER": _OPTIONAL_CATEGORY,
        "CONTENT_CLASSIFICATION": _OPTIONAL_CATEGORY,
    },
    most_metadata=100,
    textual_allowed=True,
)
_SHOP_ITEMS = ColumnRules(
    "docs/service/1 §8.3",
    {"ITEM_ID": _STRING, "PRICE": Column("float"), "CATEGORY_L1": _CATEGORY},
    reserved={
        "CATEGORY_L2": _OPTIONAL_CATEGORY,
        "CATEGORY_L3": _OPTIONAL_CATEGORY,
        "PRODUCT_DESCRIPTION": _OPTIONAL_TEXT,
        # long in the guide's table, float in its text (docs/service/1 §17, row 4)
        "CREATION_TIMESTAMP": Column("long", also=("float",)),
        "AGE_GROUP": _OPTIONAL_CATEGORY,
        "ADULT": _OPTIONAL_CATEGORY,
        "GENDER": _OPTIONAL_CATEGORY,
    },
    most_metadata=100,
    textual_allowed=True,
)

_RULES: Mapping[tuple[DatasetType, Domain | None], ColumnRules] = MappingProxyType(
    {
        (DatasetType.INTERACTIONS, None): ColumnRules(
            "docs/service/1 §8.1",
            _INTERACTION,
            reserved={"EVENT_TYPE": _STRING, **_OF_INTERACTIONS},
            most_metadata=5,
        ),
        (DatasetType.INTERACTIONS, Domain.VIDEO_ON_DEMAND): _DOMAIN_INTERACTIONS,
        (DatasetType.INTERACTIONS, Domain.ECOMMERCE): _DOMAIN_INTERACTIONS,
        (DatasetType.USERS, None): _USERS,
        (DatasetType.USERS, Domain.VIDEO_ON_DEMAND): ColumnRules(
            "docs/service/1 §8.2",
            {"USER_ID": _STRING},
            reserved={"SUBSCRIPTION_MODEL": _OPTIONAL_CATEGORY},
            least_metadata=1,
            most_metadata=25,
        ),
        (DatasetType.USERS, Domain.ECOMMERCE): _USERS,
        (DatasetType.ITEMS, None): ColumnRules(
            "docs/service/1 §8.3",
            {"ITEM_ID": _STRING},
            reserved={"CREATION_TIMESTAMP": _LONG},
            least_metadata=1,
            most_metadata=100,
            textual_allowed=True,
        ),
        (DatasetType.ITEMS, Domain.VIDEO_ON_DEMAND): _VIDEO_ITEMS,
        (DatasetType.ITEMS, Domain.ECOMMERCE): _SHOP_ITEMS,
        (DatasetType.ACTIONS, None): ColumnRules(
            "docs/service/1 §8.4",
            {"ACTION_ID": _STRING},
            reserved={
                "CREATION_TIMESTAMP": _LONG,
                "VALUE": _OPTIONAL_LONG,
                "TYPE": Column("string", doubtful=True),
                # The guide has two names for one column (docs/service/1 §17, row 3); the checks warn about the second.
                "EXPIRATION_TIMESTAMP": _OPTIONAL_LONG,
                "ACTION_EXPIRATION_TIMESTAMP": _OPTIONAL_LONG,
                "REPEAT_FREQUENCY": _OPTIONAL_LONG,
            },
            least_metadata=1,
            most_metadata=10,
        ),
        (DatasetType.ACTION_INTERACTIONS, None): ColumnRules(
            "docs/service/1 §8.5",
            {"USER_ID": _STRING, "ACTION_ID": _STRING, "EVENT_TYPE": _STRING, "TIMESTAMP": _LONG},
            reserved={"IMPRESSION": _OPTIONAL_STRING, "RECOMMENDATION_ID": _OPTIONAL_STRING},
            most_metadata=5,
        ),
    }
)


def column_rules(dataset_type: DatasetType, domain: Domain | None) -> ColumnRules | None:
    """Return the rules for a dataset type in a domain, or without one; None if domain groups have no such dataset."""
    return _RULES.get((dataset_type, domain))


KEYWORDS = frozenset(name for rules in _RULES.values() for name in (*rules.required, *rules.reserved))
"""The reserved keywords, which cannot be values of data (docs/service/1 §7.8)."""
