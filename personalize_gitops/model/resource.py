"""The contract of a kind: the base class that every kind of Personalize resource extends.

A kind is a frozen pydantic class whose fields are the members of the AWS create request, described by marks
(`structure`). Most kinds are fields plus a few of the class variables below. Override a method only for a behavior of
the service that fields and marks cannot describe, and name that behavior in its docstring.

Class variables:

| name | meaning | read by | set it when |
|---|---|---|---|
| `durations` | usual time of create, update, delete, start, stop | `usual`, texts | always: `typical(KIND)` |
| `replace` | default strategy for a change that no update can carry out | planner | not `forbid` |
| `on_remove` | what prune does with an undeclared object by default | planner | not `delete` |
| `immutable` | why members without `Mutable` cannot change in place | planner, docs/changes.md | such a member exists |
| `no_successor` | why a second object can never take over from the first | planner, docs/changes.md | that is so |
| `loses` | what a deletion destroys beside the object | planner, texts | something is lost |
| `billing` | how the object bills | planner, texts | it bills |
| `catch_up` | kinds whose replacement this kind does not pick up automatically, with the remedy | impact | that is so |
| `after` | kinds of the same dataset group that are created first, beside references | order of steps | that is so |
| `counts_requests` | CloudWatch counts the requests to it | drift | that is so |
| `one_per_group` | a dataset group holds at most one | planner | that is so |
| `most_per_group` | the quota | planner | the service has one, and not `one_per_group` |
| `most_per_region` | the quota | planner | the service has one |
| `most_in_progress` | default quota of runs at the same time | slots | the service has one |
| `taggable` | the kind carries tags | ownership | false |
| `name_member` | the member of the create request that holds the name | wire | not `name` |

Methods:
| name | returns | read by | override when |
|---|---|---|---|
| `list_member` | the member of a list answer that holds the objects | cloud | the name is irregular |
| `arn_tail` | the part of an ARN after the account | fingerprints | it has no generated id, and is not `kind/name` |
| `update_request` | the update request, spelled as the service does | cloud | it differs from the create request |
| `read_update` | the attributes in a `latest…Update` record | cloud | likewise |
| `update_obstacle` | why a change of mutable members cannot be an update | planner | that depends on values |
| `needs_data` | what the data must have for the creation to succeed | planner | it depends on values |
| `replacement_effect` | what the replacement of an object means for its users | planner | values tell |
| `usual` | the usual duration for these attributes | steps, progress | it depends on them |
| `bills` | `billing` for these attributes | planner, texts | it depends on them |

`Run` adds what jobs and trainings need, `Evolving` what a kind needs whose successors must be compatible.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from personalize_gitops.model.facts import Fact
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.structure import Attributes, Structure
from personalize_gitops.model.wire import from_wire, to_wire

GROUP: Final = "DatasetGroup"
"""The kind that contains most others. `after` applies to kinds of the same dataset group."""


class Replace(StrEnum):
    """Strategy for a change that no update can carry out."""

    SUCCESSOR = "successor"  # create a second object, move what refers to the first, then delete the first
    RECREATE = "recreate"  # delete, then create under the same name: the same ARN, with an outage
    FORBID = "forbid"  # block the plan


@dataclass(frozen=True)
class Most:
    """A quota on the number of objects of a kind."""

    default: int
    adjustable: bool  # Service Quotas can raise it
    own: bool = False  # the number is that of the target, which knows what Service Quotas allows


class OnRemove(StrEnum):
    """What prune does with an object whose document was removed."""

    RETAIN = "retain"  # keep and report it
    DELETE = "delete"


class Resource(Structure):
    """One kind of Personalize resource. The module docstring describes the contract."""

    durations: ClassVar[Mapping[str, timedelta]] = {}
    replace: ClassVar[Replace] = Replace.FORBID
    on_remove: ClassVar[OnRemove] = OnRemove.DELETE
    immutable: ClassVar[Fact | None] = None
    no_successor: ClassVar[Fact | None] = None
    loses: ClassVar[Fact | None] = None
    billing: ClassVar[Fact | None] = None
    catch_up: ClassVar[Mapping[str, Fact]] = {}
    after: ClassVar[Sequence[str]] = ()
    one_per_group: ClassVar[bool] = False
    counts_requests: ClassVar[bool] = False
    most_per_group: ClassVar[Most | None] = None
    most_per_region: ClassVar[Most | None] = None
    most_in_progress: ClassVar[int | None] = None
    taggable: ClassVar[bool] = True
    name_member: ClassVar[str] = "name"
    is_run: ClassVar[bool] = False
    goes_with: ClassVar[str | None] = None  # of `Run`

    @classmethod
    def kind_name(cls) -> str:
        """Return the name of the kind, as in documents: `Campaign`."""
        return cls.__name__

    @classmethod
    def member(cls) -> str:
        """Return the name of the kind as a member of requests and answers: `campaign`."""
        return cls.__name__[0].lower() + cls.__name__[1:]

    @classmethod
    def list_member(cls) -> str:
        """Return the member of a list answer that holds the objects: `campaigns`."""
        return f"{cls.member()}s"

    @classmethod
    def operation(cls, verb: str) -> str:
        """Return the AWS operation for a verb: `CreateCampaign`, `ListCampaigns`."""
        return f"{verb}{cls.__name__}{'s' if verb == 'List' else ''}"

    @classmethod
    def arn_tail(cls, name: str, attributes: Attributes) -> str:
        """Return the part after the account in the ARN of the object called `name` (docs/service/4 §3)."""
        return f"{re.sub(r'(?<!^)(?=[A-Z])', '-', cls.__name__).lower()}/{name}"

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Return the members of the update request that set `after`, which holds mutable members only."""
        return to_wire(cls, after)

    @classmethod
    def read_update(cls, update: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes that a `latest…Update` record of a Describe answer sets."""
        return from_wire(cls, {member: value for member, value in update.items() if member != "status"})

    @classmethod
    def update_obstacle(
        cls, before: Attributes, after: Attributes, changed: Sequence[tuple[str, ...]]
    ) -> Reason | None:
        """Return why an update cannot carry out `changed` although every member is mutable; None if it can."""
        return None

    @classmethod
    def needs_data(cls, attributes: Attributes) -> Reason | None:
        """Return what the data must have so that a creation with these attributes succeeds; None if nothing special."""
        return None

    @classmethod
    def replacement_effect(cls, before: Attributes, after: Attributes) -> Fact | None:
        """Return what a replacement with `after` brings to users of an object with `before`; None if nothing is known.

        Both have the values of the service: references are ARNs.
        """
        return None

    @classmethod
    def usual(cls, verb: str, attributes: Attributes) -> timedelta:
        """Return how long a transition usually takes; zero if it is done at once."""
        return cls.durations.get(verb, timedelta())

    @classmethod
    def bills(cls, attributes: Attributes) -> Fact | None:
        """Return how an object with these attributes bills; None if it does not."""
        return cls.billing


class Evolving(Resource):
    """A kind whose successor must be compatible, because references move from the old object to the new one."""

    @classmethod
    @abstractmethod
    def successor_obstacles(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """Return why references to an object with `before` cannot move to one with `after`; empty if they can."""

    @classmethod
    @abstractmethod
    def ways_around(cls, before: Attributes, after: Attributes) -> tuple[Reason, ...]:
        """Return the manual steps that replace an impossible successor, one reason a line."""

    @classmethod
    @abstractmethod
    def added(cls, before: Attributes, after: Attributes) -> Reason | None:
        """Return what `after` adds that other resources do not pick up automatically (`catch_up`); None if nothing."""


class Run(Resource):
    """A kind whose objects run once and are never updated or deleted: jobs and trainings.

    Two runs are the same when their inputs have the same fingerprint, which is kept in the name and in a tag.

    | name | meaning | read by | override when |
    |---|---|---|---|
    | `data_from` | the kind of run whose newest success is this run's input data | fingerprints, runs | it has one |
    | `changes` | the member that refers to the resource that the run adds to or removes from | planner | it does |
    | `goes_with` | the kind whose deletion deletes the run, if the ARN does not say so | deletion, policy | it does |
    | `stop_operation` | the AWS operation that stops a run in progress | deletion, cloud | the service has one |
    | `overwrites` | what of earlier runs another run destroys | runs | something |
    | `prerequisite` | the run of this kind that must succeed first | runs, order of steps | there is one |
    | `accepts_service_run` | a run that the service started can replace this one | runs | that is so |
    | `is_service_run` | the list entry shows that the service started the run | cloud | the list shows it |
    | `data_location` | the S3 location that the run reads | observe, runs | it reads one |
    | `announced_on` | the referenced kind on which a purchase is announced | loop, cloud | names may not be unique |
    """

    is_run: ClassVar[bool] = True
    immutable: ClassVar[Fact | None] = Fact.RUNS_ONCE  # docs/service/2 §4
    data_from: ClassVar[str | None] = None
    announced_on: ClassVar[type[Resource] | None] = None
    changes: ClassVar[str | None] = None
    stop_operation: ClassVar[str | None] = None

    @classmethod
    def operation(cls, verb: str) -> str:
        """Return the AWS operation for a verb; that of `Stop` can have a name of its own."""
        return cls.stop_operation if verb == "Stop" and cls.stop_operation else super().operation(verb)

    @classmethod
    def overwrites(cls, attributes: Attributes) -> Fact | None:
        """Return what a run with these attributes destroys of earlier runs; None if nothing."""
        return None

    @classmethod
    def prerequisite(cls, attributes: Attributes) -> Fact | None:
        """Return which run of this kind, with the same references, must succeed first; None if there is none."""
        return None

    @classmethod
    def accepts_service_run(cls, attributes: Attributes) -> bool:
        """Return whether a run that the service started can replace a run with these attributes."""
        return False

    @classmethod
    def is_service_run(cls, summary: Mapping[str, Any]) -> bool:
        """Return whether the list entry of a run shows that the service started it."""
        return False

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """Return the S3 location that a run with these attributes reads; None if it reads none."""
        return None


Kinds = Mapping[str, type[Resource]]
"""The kinds by name. A kind comes after those it refers to."""
