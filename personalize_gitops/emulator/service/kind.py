"""Kind: the base class of all kinds of resources. Its methods are hooks that the modules of `operations` override.

The names of the service model follow from the name of a kind: `DatasetGroup` has operations such as
`CreateDatasetGroup` and `ListDatasetGroups`, and its ARN is in the member `datasetGroupArn`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from personalize_gitops.catalog.quotas import Quota, quotas_on
from personalize_gitops.emulator.service.access import DataAccess
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import ACTIVE, FAILED, IN_PROGRESS, PENDING, Record
from personalize_gitops.emulator.state.region import Region

Request = Mapping[str, Any]  # the members of a request, without those that are null
Response = Mapping[str, Any]  # the members of a response, before it is reduced to its shape
Handler = Callable[[Region, Request], Response]  # carries out one operation

# The members of `latest…Update` that are about the update itself.
_ABOUT_UPDATE = ("status", "creationDateTime", "lastUpdatedDateTime", "failureReason")


@dataclass(frozen=True)
class CreationStatuses:
    """The statuses of a creation. Some jobs have their own (docs/service/4 §4.1)."""

    pending: str = PENDING
    in_progress: str = IN_PROGRESS
    succeeded: str = ACTIVE
    failed: str = FAILED


class Kind:
    """One kind of resource."""

    name: ClassVar[str]
    arn_path: ClassVar[str]  # what follows the account in its ARNs
    name_member: ClassVar[str] = "name"
    has_status: ClassVar[bool] = True
    newest_first: ClassVar[bool] = False  # the order of its list
    operations: ClassVar[Mapping[str, Handler]] = {}  # in addition to those in service.crud

    @property
    def arn_member(self) -> str:
        """The member with its ARN."""
        return f"{self.name[0].lower()}{self.name[1:]}Arn"

    @property
    def update_member(self) -> str:
        """The member with the last update (docs/service/4 §4.2)."""
        return f"latest{self.name}Update"

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """The quotas that limit its creations."""
        return quotas_on(self.name)

    def statuses(self, region: Region) -> CreationStatuses:
        """Return the statuses of a creation."""
        return CreationStatuses()

    def new_arn(self, region: Region, request: Request) -> str:
        """Return the ARN of the resource that a request creates."""
        return region.arn(f"{self.arn_path}/{request[self.name_member]}")

    def group_of(self, region: Region, request: Request) -> str:
        """Return the dataset group of the resource that a request creates, for quotas per group."""
        return str(request.get("datasetGroupArn", ""))

    def role_of(self, request: Request) -> str | None:
        """Return the role that a request passes to the service, or None."""
        role: str | None = request.get("roleArn")
        return role

    def data_access(self, record: Record) -> tuple[DataAccess, ...]:
        """Return the access to S3 that the work of a creation needs."""
        return ()

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a creation. References and the name are checked before, tags and quotas after."""

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Return the record of a creation with the defaults and fields that the service adds."""
        return record

    def begin_work(self, region: Region, record: Record) -> None:
        """Check what must hold when a creation enters IN_PROGRESS. CreationFailed lets it fail at its end."""

    def finish_work(self, region: Region, record: Record) -> Record:
        """Do the work of a creation at its end and return the changed record. CreationFailed lets it fail."""
        return record

    def after_create(self, region: Region, record: Record) -> None:
        """Do what follows when a resource has become ACTIVE."""

    def apply_update(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """Return the record after an update; `update` has the new values and the members of every update."""
        return record.with_fields(**{name: value for name, value in update.items() if name not in _ABOUT_UPDATE})

    def after_update(self, region: Region, record: Record) -> None:
        """Do what follows when an update has been applied."""

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a deletion, usually because other resources use the resource."""

    def delete_children(self, region: Region, record: Record) -> None:
        """Remove the resources that are deleted with a resource."""

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Return the fields for Describe and List, before they are reduced to the shape of the response."""
        return record.fields

    def handle_event(self, region: Region, record: Record, event: Event) -> None:
        """Carry out an event whose action is the kind's own."""


KINDS: dict[str, Kind] = {}
"""All kinds by name; `operations` registers them."""


def register(*kinds: Kind) -> None:
    """Add kinds to KINDS."""
    KINDS.update({kind.name: kind for kind in kinds})
