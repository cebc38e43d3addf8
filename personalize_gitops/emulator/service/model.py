"""The operations, shapes and errors of the three services, from botocore's service models.

Amazon Personalize is three services under one signing name (docs/service/4 §5). The names of their operations differ,
so one table holds all 79. This module reads the raw models, because botocore's shape classes do not expose patterns.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

Shape = Mapping[str, Any]

CONTROL, EVENTS, RUNTIME = "personalize", "personalize-events", "personalize-runtime"


@dataclass(frozen=True)
class Operation:
    """One operation."""

    service: str
    name: str
    input: str | None  # the name of the input shape
    output: str | None  # the name of the output shape
    errors: frozenset[str]
    path: str  # "/" on the control plane, where a header names the operation
    shapes: Mapping[str, Shape]  # all shapes of the service, by name

    @property
    def input_members(self) -> Mapping[str, Shape]:
        """The members of the request, by name."""
        return members(self.shapes, self.input)

    @property
    def output_members(self) -> Mapping[str, Shape]:
        """The members of the response, by name."""
        return members(self.shapes, self.output)


def members(shapes: Mapping[str, Shape], name: str | None) -> Mapping[str, Shape]:
    """Return the members of a structure; empty if `name` is None."""
    return shapes[name].get("members", {}) if name else {}


@cache
def operations() -> Mapping[str, Operation]:
    """Return the operations of the three services, by name."""
    return {name: operation for service in (CONTROL, EVENTS, RUNTIME) for name, operation in _read(service).items()}


@cache
def operation_by_path() -> Mapping[str, str]:
    """Return the name of the operation at each path of the events and runtime services."""
    return {operation.path: name for name, operation in operations().items() if operation.service != CONTROL}


@cache
def error_statuses() -> Mapping[tuple[str, str], int]:
    """Return HTTP statuses by service and error code. The model of the control plane has none."""
    return {
        (service, name): shape["error"]["httpStatusCode"]
        for service in (EVENTS, RUNTIME)
        for name, shape in _model(service)["shapes"].items()
        if "error" in shape
    }


@cache
def regions() -> frozenset[str]:
    """Return the regions of the control plane; botocore has no list for the events and runtime services."""
    from botocore.session import Session

    session = Session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(CONTROL, partition_name=partition)
    )


def _model(service: str) -> Mapping[str, Any]:
    """Return the model of a service that clients in this process have: AWS_DATA_PATH can name another one."""
    from botocore.loaders import create_loader

    found: Mapping[str, Any] = create_loader(os.environ.get("AWS_DATA_PATH")).load_service_model(service, "service-2")
    return found


def _read(service: str) -> dict[str, Operation]:
    model = _model(service)
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
