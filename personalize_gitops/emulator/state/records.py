"""What the emulator remembers of a resource."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

PENDING, IN_PROGRESS, ACTIVE, FAILED = "CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE", "CREATE FAILED"
DELETE_PENDING, DELETE_IN_PROGRESS, GONE = "DELETE PENDING", "DELETE IN_PROGRESS", "GONE"
STOPPING, STOPPED = "CREATE STOPPING", "CREATE STOPPED"


@dataclass(frozen=True)
class Record:
    """One resource as it is now; a change makes a new record under the same number."""

    kind: str
    number: int  # order of creation; never used twice, so an ARN that is created again is a new record
    arn: str
    parents: tuple[str, ...] = ()  # the ARNs it is listed under
    fields: Mapping[str, Any] = field(default_factory=dict)  # all that Describe shows, under the model's names
    private: Mapping[str, Any] = field(default_factory=dict)  # what only the emulator knows

    @property
    def status(self) -> str:
        """Where it is in its life; a schema has no status and counts as ACTIVE (docs/service/2 §2.2)."""
        status: str = self.fields.get("status", ACTIVE)
        return status

    @property
    def transient(self) -> bool:
        """Whether the service is still working on it, so that it can neither be used nor deleted."""
        return is_transient(self.status)

    @property
    def updating(self) -> bool:
        """Whether an update of it is under way; the resource itself stays ACTIVE meanwhile (docs/service/4 §4.2)."""
        return any(
            is_transient(value["status"])
            for name, value in self.fields.items()
            if name.startswith("latest") and name.endswith("Update") and value
        )

    def showing(self, **fields: Any) -> Self:
        """The same resource with some shown fields changed; None removes one."""
        merged = {**self.fields, **fields}
        return replace(self, fields={name: value for name, value in merged.items() if value is not None})

    def knowing(self, **private: Any) -> Self:
        """The same resource with something more known of it; None forgets."""
        merged = {**self.private, **private}
        return replace(self, private={name: value for name, value in merged.items() if value is not None})


def is_transient(status: str) -> bool:
    """Everything that contains one of these words is on its way to another status (docs/service/4 §4.1)."""
    return any(word in status for word in ("PENDING", "PROGRESS", "STOPPING"))
