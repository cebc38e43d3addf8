"""Records: what the emulator stores of one resource, and the statuses of resources."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

PENDING, IN_PROGRESS, ACTIVE, FAILED = "CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE", "CREATE FAILED"
DELETE_PENDING, DELETE_IN_PROGRESS = "DELETE PENDING", "DELETE IN_PROGRESS"
STOPPING, STOPPED = "CREATE STOPPING", "CREATE STOPPED"


@dataclass(frozen=True)
class Record:
    """One resource as it is now. A changed resource is a new record with the same number."""

    kind: str
    number: int  # counts creations and is never reused: a resource that is created again has a new number
    arn: str
    parents: tuple[str, ...] = ()  # the ARNs of the resources it can be listed under
    fields: Mapping[str, Any] = field(default_factory=dict)  # all that Describe can show, by member of the model
    private: Mapping[str, Any] = field(default_factory=dict)  # what no response shows

    @property
    def status(self) -> str:
        """The status; ACTIVE for a schema, which has none (docs/service/2 §2.2)."""
        status: str = self.fields.get("status", ACTIVE)
        return status

    @property
    def transient(self) -> bool:
        """Whether the status will change by itself. Such a resource can be neither used nor deleted."""
        return is_transient(self.status)

    @property
    def updating(self) -> bool:
        """Whether an update is in progress. The status stays ACTIVE during an update (docs/service/4 §4.2)."""
        return any(
            is_transient(value["status"])
            for name, value in self.fields.items()
            if name.startswith("latest") and name.endswith("Update") and value
        )

    def with_fields(self, **fields: Any) -> Self:
        """Return the record with changed fields; None removes a field."""
        merged = {**self.fields, **fields}
        return replace(self, fields={name: value for name, value in merged.items() if value is not None})

    def with_private(self, **private: Any) -> Self:
        """Return the record with changed private values; None removes a value."""
        merged = {**self.private, **private}
        return replace(self, private={name: value for name, value in merged.items() if value is not None})


def is_transient(status: str) -> bool:
    """Return whether a status will change by itself (docs/service/4 §4.1)."""
    return any(word in status for word in ("PENDING", "PROGRESS", "STOPPING"))
