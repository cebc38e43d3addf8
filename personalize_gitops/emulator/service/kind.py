"""What all kinds of resources have in common, and the hooks a kind's own file fills.

Names follow the service model by convention: kind `DatasetGroup` has operations `CreateDatasetGroup`,
`ListDatasetGroups` … and the ARN member `datasetGroupArn`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from personalize_gitops.catalog.quotas import Quota, quotas_on
from personalize_gitops.emulator.service.access import Place
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import ACTIVE, FAILED, IN_PROGRESS, PENDING, Record
from personalize_gitops.emulator.state.region import Region

Request = Mapping[str, Any]
Answer = Mapping[str, Any]
Carry = Callable[[Region, Request], Answer]  # carries out one operation


@dataclass(frozen=True)
class Words:
    """The statuses of a creation; a data deletion job has its own (docs/service/4 §4.1)."""

    pending: str = PENDING
    in_progress: str = IN_PROGRESS
    done: str = ACTIVE
    failed: str = FAILED


class Kind:
    """One kind of resource."""

    name: ClassVar[str]
    arn_path: ClassVar[str]  # how its ARNs go on after the account
    name_member: ClassVar[str] = "name"
    has_status: ClassVar[bool] = True
    words: ClassVar[Words] = Words()
    newest_first: ClassVar[bool] = False
    operations: ClassVar[Mapping[str, Carry]] = {}  # those that no convention covers

    @property
    def noun(self) -> str:
        """The kind as the members of the model spell it."""
        return self.name[0].lower() + self.name[1:]

    @property
    def arn_member(self) -> str:
        """The member that carries its ARN."""
        return f"{self.noun}Arn"

    @property
    def update_member(self) -> str:
        """The member that tells of an update under way (docs/service/4 §4.2)."""
        return f"latest{self.name}Update"

    def words_in(self, region: Region) -> Words:
        """The statuses of a creation here."""
        return self.words

    def places(self, record: Record) -> tuple[Place, ...]:
        """Where in S3 its work reads and writes."""
        return ()

    def role_of(self, request: Request) -> str | None:
        """The role a creation lets the service assume."""
        role: str | None = request.get("roleArn")
        return role

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """The quotas a creation has to stay below."""
        return quotas_on(self.name)

    def arn(self, region: Region, request: Request) -> str:
        """The ARN a creation leads to."""
        return region.arn(f"{self.arn_path}/{request[self.name_member]}")

    def group_of(self, region: Region, request: Request) -> str:
        """The dataset group a creation belongs to, for kinds with a quota per group."""
        return str(request.get("datasetGroupArn", ""))

    def check(self, region: Region, request: Request) -> None:
        """Refuse a creation for reasons of this kind; references, names, tags and quotas are checked already."""

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The record of a creation, with defaults filled in and what the service adds."""
        return record

    def begun(self, region: Region, record: Record) -> None:
        """The moment work starts; CreationFailed makes it end CREATE FAILED when its time is over."""

    def finished(self, region: Region, record: Record) -> Record:
        """The work of a creation; CreationFailed makes it end CREATE FAILED."""
        return record

    def became_active(self, region: Region, record: Record) -> None:
        """What follows from being ACTIVE."""

    def updated(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """The record after an update: by default every wanted member that Describe shows takes its new value."""
        told = ("status", "creationDateTime", "lastUpdatedDateTime", "failureReason")
        return record.showing(**{name: value for name, value in update.items() if name not in told})

    def became_updated(self, region: Region, record: Record) -> None:
        """What follows from an update."""

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a deletion that others stand in the way of."""

    def deleted(self, region: Region, record: Record) -> None:
        """What goes along with a resource."""

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """What Describe and List show; the shape cuts it to size."""
        return record.fields

    def happen(self, region: Region, record: Record, event: Event) -> None:
        """An event only this kind knows."""


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known by name; `operations` holds the explicit list."""
    KINDS.update({kind.name: kind for kind in kinds})
