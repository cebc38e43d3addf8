"""Structures: pydantic classes whose fields are members of the AWS API, and the marks that describe a field.

Marks go into `Annotated`. Everything mechanical follows from them, so that a new field needs no second place:

* `Ref("Solution")`: the manifest names a resource; the request carries its ARN, under the member's name plus `Arn`
* `Mutable`: the update operation of the kind takes this member
* `Compare(key)`: normalization before comparing, for values that the service returns in another form
* `Default(value)`: server-side default, assumed when Describe omits the member
* `JsonText`: structured in the manifest, JSON text in the request
* `Note(fact, risk, when)`: a side effect of changing the member in place; a member may have several
* `Switch`: not part of any request; `running` or `stopped`, changed by the start and stop operations
* `ListedBy(operation)`: Describe omits the member; this List operation returns it
* `InTwoUpdates`: a change may need a second update call
* `ServiceSets`: the service sets the member by itself, so a value that is not declared means nothing
* `FollowsIf(path)`: when the member at `path` is true, the service moves this reference to the newest run automatically
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact

Attributes = Mapping[str, Any]
"""Members of a resource, spelled as in a manifest, with plain JSON values."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Mark: the member refers to a resource of this kind; in requests it is an ARN and its name ends in `Arn`."""

    kind_name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Mark: values of the member are equal when `key` of them is."""

    key: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Default:
    """Mark: server-side default, assumed when Describe omits the member. For a map, the defaults of missing keys."""

    value: Any


@dataclass(frozen=True, slots=True)
class Note:
    """Mark: a side effect of changing the member in place: time, money or an outage."""

    fact: Fact
    risk: Risk = Risk.NONE
    when: Callable[[Any, Any], bool] = lambda before, after: True  # given the member's value before and after


@dataclass(frozen=True, slots=True)
class ListedBy:
    """Mark: Describe omits the member; the List operation returns it."""

    operation: str


@dataclass(frozen=True, slots=True)
class FollowsIf:
    """Mark: the service moves the reference to the newest run automatically when the member at `path` is true."""

    path: tuple[str, ...]


class Flag(StrEnum):
    """Marks without parameters."""

    MUTABLE = "mutable"
    JSON_TEXT = "json text"
    SWITCH = "switch"
    IN_TWO_UPDATES = "in two updates"
    SERVICE_SETS = "service sets"


Mutable: Final = Flag.MUTABLE
JsonText: Final = Flag.JSON_TEXT
Switch: Final = Flag.SWITCH
InTwoUpdates: Final = Flag.IN_TWO_UPDATES
ServiceSets: Final = Flag.SERVICE_SETS

RUNNING, STOPPED = "running", "stopped"
"""The two values of a switch."""


def alias_of(field: str) -> str:
    """Return the AWS spelling of a field. A trailing underscore only avoids a Python name."""
    return to_camel(field.rstrip("_"))


class Structure(BaseModel):
    """Base of every part of a manifest: frozen, members in camelCase as in the AWS API, unknown members refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=alias_of,
        defer_build=True,  # a command builds only the kinds its manifests use
        validate_by_alias=True,
        validate_by_name=False,
    )

    @classmethod
    def dependent_defaults(cls, attributes: Attributes) -> Attributes:
        """Return the server-side defaults that other members decide, as a recipe decides those of its parameters."""
        return {}
