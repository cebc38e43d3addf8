"""The service model of botocore, and values at and beyond every bound of its shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from botocore.model import ServiceModel
from botocore.session import Session
from botocore.validate import ParamValidator

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.model.resource import Resource

ACCOUNT = "123456789012"
UNKNOWN_MEMBER = "unheardOf"


@cache
def service() -> ServiceModel:
    """The control plane."""
    return Session().get_service_model("personalize")


def operations() -> frozenset[str]:
    """Every operation there is."""
    return frozenset(service().operation_names)


def takes(operation: str) -> Any:
    """The shape of a request."""
    return service().operation_model(operation).input_shape


def answers(operation: str) -> Any:
    """The shape of an answer."""
    return service().operation_model(operation).output_shape


def declared(kind: type[Resource]) -> dict[str, Any]:
    """The members of a create request that a manifest's spec spells: all but the name and the tags."""
    members = takes(kind.operation("Create")).members
    return {wire: shape for wire, shape in members.items() if wire not in (kind.name_member, "tags")}


def refusal(operation: str, request: Mapping[str, Any]) -> str:
    """What botocore's own validation has against a request; empty when nothing."""
    return str(ParamValidator().validate(request, takes(operation)).generate_report())


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_AROUND = {  # what stands around a run of letters in a text that fits the pattern
    "Arn": (f"arn:aws:personalize:us-east-1:{ACCOUNT}:thing/", ""),
    "RoleArn": (f"arn:aws:iam::{ACCOUNT}:role/", ""),
    "KmsKeyArn": (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/", ""),
    "S3Location": ("s3://", ""),
    "AvroSchema": ('{"type": "record", "doc": "', '"}'),
    "SchedulingExpression": ("rate(", " days)"),
}
_LETTER = {"SchedulingExpression": "7"}
_WORDS = {"DatasetType": [kind.value for kind in DatasetType]}


@dataclass(frozen=True, eq=False)
class Probe:
    """A value for a member, at one of the bounds the model sets, or beyond it."""

    path: str  # of the bound within the value
    what: str
    value: Any
    allowed: bool


def text(shape: Any, length: int = 1) -> str:
    """A text of (about) a length that fits the shape."""
    before, after = _AROUND.get(shape.name, ("", ""))
    return before + _LETTER.get(shape.name, "a") * max(1, length - len(before) - len(after)) + after


def sample(shape: Any) -> Any:
    """A value that has every member there can be."""
    match shape.type_name:
        case "structure":
            return {member: sample(inner) for member, inner in shape.members.items()}
        case "list":
            return [sample(shape.member)]
        case "map":
            return {key: sample(shape.value) for key in _keys(shape.key, 1)}
        case "string":
            return (shape.enum or _WORDS.get(shape.name) or [text(shape, shape.metadata.get("min", 1))])[0]
        case "boolean":
            return False
        case _:
            return shape.metadata.get("min", shape.metadata.get("max", 1))


def probes(shape: Any, path: str = "") -> Iterator[Probe]:
    """Values at every bound within a shape, and just beyond."""
    match shape.type_name:
        case "structure":
            whole = sample(shape)
            yield Probe(path, "an unknown member", {**whole, UNKNOWN_MEMBER: 1}, allowed=False)
            yield Probe(path, "no structure", "text", allowed=False)
            for member, inner in shape.members.items():
                for probe in probes(inner, f"{path}.{member}".lstrip(".")):
                    yield replace(probe, value={**whole, member: probe.value})
        case "list":
            yield from _sizes(shape, path, lambda size: [sample(shape.member)] * size)
            yield Probe(path, "no list", "text", allowed=False)
            for probe in probes(shape.member, f"{path}[]"):
                yield replace(probe, value=[probe.value])
        case "map":
            yield from _sizes(shape, path, lambda size: dict.fromkeys(_keys(shape.key, size), sample(shape.value)))
            yield Probe(path, "no map", "text", allowed=False)
            for probe in probes(shape.key, f"{path}{{key}}"):
                if isinstance(probe.value, str):
                    yield replace(probe, value={probe.value: sample(shape.value)})
            for probe in probes(shape.value, f"{path}{{}}"):
                yield replace(probe, value=dict.fromkeys(_keys(shape.key, 1), probe.value))
        case "string":
            yield from _texts(shape, path)
        case "boolean":
            yield Probe(path, "no boolean", "neither", allowed=False)
        case _:
            yield from _numbers(shape, path)


def _keys(shape: Any, size: int) -> list[str]:
    return [*shape.enum, *_WORDS.get(shape.name, []), *(f"k{n}" for n in range(size))][:size]


def _sizes(shape: Any, path: str, build: Any) -> Iterator[Probe]:
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
    yield Probe(path, f"{low} elements", build(low), allowed=True)
    if high is not None:
        yield Probe(path, f"{high} elements", build(high), allowed=True)
        yield Probe(path, f"{high + 1} elements", build(high + 1), allowed=False)


def _texts(shape: Any, path: str) -> Iterator[Probe]:
    yield Probe(path, "no text", ["text"], allowed=False)
    if shape.enum:
        yield from (Probe(path, word, word, allowed=True) for word in shape.enum)
        yield Probe(path, "a word of no list", "UNHEARD_OF", allowed=False)
        return
    yield from (Probe(path, word, word, allowed=True) for word in _WORDS.get(shape.name, ()))
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
    if high is not None:
        yield Probe(path, f"{high} characters", text(shape, high), allowed=True)
        yield Probe(path, f"{high + 1} characters", text(shape, high + 1), allowed=False)
    if low:
        yield Probe(path, f"{low} characters", text(shape, low), allowed=True)
        yield Probe(path, f"{low - 1} characters", "a" * (low - 1), allowed=False)
    if "pattern" in shape.metadata:
        yield Probe(path, "beside the pattern", "?", allowed=False)
        yield Probe(path, "more than the pattern", f"{text(shape)}\n?", allowed=False)


def _numbers(shape: Any, path: str) -> Iterator[Probe]:
    beyond = 1 if shape.type_name in ("integer", "long") else 0.001
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    yield Probe(path, "no number", "text", allowed=False)
    if beyond != 1:
        yield from (Probe(path, word, float(word), allowed=False) for word in ("nan", "inf"))
    else:
        yield Probe(path, "a broken number", sample(shape) + 0.5, allowed=False)
    if low is not None:
        yield Probe(path, str(low), low, allowed=True)
        yield Probe(path, str(low - beyond), low - beyond, allowed=False)
    if high is not None:
        yield Probe(path, str(high), high, allowed=True)
        yield Probe(path, str(high + beyond), high + beyond, allowed=False)
    if low is None and high is None:
        yield from (Probe(path, str(number), number, allowed=True) for number in (-1e9, 0, 1e9))
