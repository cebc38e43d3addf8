"""The three services as botocore's models describe them: operations, shapes, errors.

Amazon Personalize is three services under one signing name (docs/service/4 §5); operation names
are distinct, so one table holds all 79. The raw model is read because botocore's shape classes hide the patterns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

Shape = Mapping[str, Any]

CONTROL, EVENTS, RUNTIME = "personalize", "personalize-events", "personalize-runtime"


@dataclass(frozen=True)
class Operation:
    """One operation and where its shapes are found."""

    service: str
    name: str
    input: str | None
    output: str | None
    errors: frozenset[str]
    path: str  # "/" for the control plane, which names the operation in a header
    shapes: Mapping[str, Shape]

    @property
    def input_members(self) -> Mapping[str, Shape]:
        """The members a request may have, by name."""
        return members(self.shapes, self.input)

    @property
    def output_members(self) -> Mapping[str, Shape]:
        """The members an answer may have, by name."""
        return members(self.shapes, self.output)


def members(shapes: Mapping[str, Shape], name: str | None) -> Mapping[str, Shape]:
    """The members of a structure; none for an operation without input or output."""
    return shapes[name].get("members", {}) if name else {}


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation of the three services by name."""
    return {name: operation for service in (CONTROL, EVENTS, RUNTIME) for name, operation in _read(service).items()}


@cache
def operation_by_path() -> Mapping[str, str]:
    """The operation behind each path of events and runtime."""
    return {operation.path: name for name, operation in operations().items() if operation.service != CONTROL}


@cache
def error_statuses() -> Mapping[tuple[str, str], int]:
    """The HTTP status of a service's error where its model gives one; the control plane's never does."""
    from botocore.loaders import Loader

    return {
        (service, name): shape["error"]["httpStatusCode"]
        for service in (EVENTS, RUNTIME)
        for name, shape in Loader().load_service_model(service, "service-2")["shapes"].items()
        if "error" in shape
    }


@cache
def regions() -> frozenset[str]:
    """The regions the control plane is offered in; the endpoint data knows none for events and runtime."""
    from botocore.session import Session

    session = Session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(CONTROL, partition_name=partition)
    )


def _read(service: str) -> dict[str, Operation]:
    from botocore.loaders import Loader

    model = Loader().load_service_model(service, "service-2")
    return {
        name: Operation(
            service=service,
            name=name,
            input=operation.get("input", {}).get("shape"),
            output=operation.get("output", {}).get("shape"),
            errors=frozenset(error["shape"] for error in operation.get("errors", [])),
            path=operation["http"]["requestUri"],
            shapes=model["shapes"],
        )
        for name, operation in model["operations"].items()
    }
