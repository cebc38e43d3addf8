"""The kinds against botocore's service model: two descriptions of one service, written independently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.documents import Envelope
from personalize_gitops.model.members import members, mutable_members, references
from personalize_gitops.model.names import MAX_NAME
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.wire import from_wire, to_wire
from tests.contracts.service import UNKNOWN_MEMBER, Probe, answers, declared, operations, probes, refusal, sample, takes

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)

_RANGES = "solutionConfig.hpoConfig.algorithmHyperParameterRanges"

REQUIRED_BY_US: Mapping[str, Mapping[str, str]] = {
    "DatasetImportJob": {
        "roleArn": "required by the guide (docs/service/4 §7)",
        "dataSource.dataLocation": "an import without a location reads nothing (docs/service/4 §2.4)",
    },
    "Solution": {
        f"{_RANGES}.{sort}HyperParameterRanges{member}": reason
        for sort in ("integer", "continuous", "categorical")
        for member, reason in (
            ("", "filled with an empty list (docs/service/2 §8.3)"),
            (".name", "a range without a name tunes nothing"),
        )
    },
}
"""Members the model calls optional and the kind does not."""

_TYPES = "a dataset type is one of five words (docs/service/4 §2)"

STRICTER: Mapping[str, Mapping[str, str]] = {
    "Dataset": {"datasetType": _TYPES},
    "Solution": {
        "solutionConfig.autoTrainingConfig.schedulingExpression": "1 to 30 days (docs/service/4 §2)",
        "solutionConfig.trainingDataConfig.excludedDatasetColumns{key}": _TYPES,
        "solutionConfig.trainingDataConfig.includedDatasetColumns{key}": _TYPES,
    },
    "Recommender": {
        "recommenderConfig.trainingDataConfig.excludedDatasetColumns{key}": _TYPES,
        "recommenderConfig.trainingDataConfig.includedDatasetColumns{key}": _TYPES,
    },
    "SolutionVersion": {"trainingMode": "AUTOTRAIN is the service's own mode (docs/service/4 §2.7)"},
}
"""Bounds of which the kind lets less through than the model."""

BEFORE = {"MetricAttribution": {"metrics": [{"metricName": "gone", "eventType": "x", "expression": "SAMPLECOUNT()"}]}}
"""What an object has to be like for its update to use every member of the operation."""

NO_RECORD = {"MetricAttribution": "its own status tells of an update (docs/service/4 §1.2)"}
"""Kinds whose updates have no record beside the object."""


def test_every_kind_of_the_service_is_declared() -> None:
    """Each create operation of the service has its kind."""
    assert {name.removeprefix("Create") for name in operations() if name.startswith("Create")} == KINDS.keys()


@every_kind
def test_no_member_is_missing_or_invented(kind: type[Resource]) -> None:
    """A spec has exactly the members of the create request, those of nested structures included."""
    invented = {path for path, _ in _members_of_kind(kind)} - {path for path, _ in _members_of_shapes(declared(kind))}

    assert not _missing(kind), f"{kind.__module__}: add {', '.join(sorted(_missing(kind)))}"
    assert not invented, f"{kind.__module__}: the service does not take {', '.join(sorted(invented))}"


@every_kind
def test_names_and_tags_stand_in_the_create_request(kind: type[Resource]) -> None:
    """The name goes where the kind says, and tags only where they are taken."""
    request = takes(kind.operation("Create")).members

    assert kind.name_member in request
    assert ("tags" in request) is kind.taggable


@every_kind
def test_required_members_are_required_here(kind: type[Resource]) -> None:
    """What the service requires the kind requires, and beyond that only what is listed with its reason."""
    root = takes(kind.operation("Create")).required_members
    theirs = {path for path, required in _members_of_shapes(declared(kind), root) if required}

    ours = {path for path, required in _members_of_kind(kind) if required}

    assert ours == theirs | REQUIRED_BY_US.get(kind.kind_name(), {}).keys()


@every_kind
def test_bounds_are_those_of_the_model(kind: type[Resource]) -> None:
    """What the model forbids the kind forbids; what it allows the kind allows, but for what is listed."""
    judged = [(probe, _accepts(kind, wire, probe)) for wire, probe in _probes(kind)]

    looser = [(probe.path, probe.what) for probe, accepted in judged if accepted and not probe.allowed]
    stricter = {probe.path for probe, accepted in judged if probe.allowed and not accepted}
    assert looser == []
    assert stricter == STRICTER.get(kind.kind_name(), {}).keys()


@every_kind
def test_what_the_kind_accepts_botocore_sends(kind: type[Resource]) -> None:
    """Every accepted value becomes a request of the right types."""
    name = {kind.name_member: "name"}
    requests = [
        name | to_wire(kind, _validated(kind, wire, probe))
        for wire, probe in _probes(kind)
        if _accepts(kind, wire, probe)
    ]

    refusals = {refusal(kind.operation("Create"), request) for request in requests}

    assert refusals == {""}


@every_kind
def test_mutable_members_are_those_of_the_update(kind: type[Resource]) -> None:
    """An update of everything that is marked mutable has every member the operation takes, and no other."""
    operation = kind.operation("Update")
    mutable = mutable_members(kind)
    attributes = _restricted(_whole(kind), mutable)

    assert (operation in operations()) is bool(mutable)
    if mutable:
        before = {**attributes, **BEFORE.get(kind.kind_name(), {})}
        request = {f"{kind.member()}Arn": _arn(kind), **kind.update_request(before, attributes)}
        assert refusal(operation, request) == ""
        assert _paths(request) == _paths(sample(takes(operation)))


@every_kind
def test_updates_are_read_back(kind: type[Resource]) -> None:
    """What a `latest…Update` record tells is what the update was given."""
    described = answers(kind.operation("Describe")).members[kind.member()].members
    record = f"latest{kind.kind_name()}Update"
    mutable = mutable_members(kind)

    assert (record in described) is (bool(mutable) and kind.kind_name() not in NO_RECORD)
    if record in described:
        assert _paths(kind.read_update(sample(described[record]))) == _paths(_restricted(_whole(kind), mutable))


@every_kind
def test_operations_exist_exactly_where_the_kind_says(kind: type[Resource]) -> None:
    """Everything can be listed, described and created; what happens once can be neither changed nor deleted."""
    exist = {
        verb for verb in ("List", "Describe", "Create", "Update", "Delete") if kind.operation(verb) in operations()
    }

    deletable = set() if kind.is_run else {"Delete"}
    updatable = {"Update"} if mutable_members(kind) else set()
    assert exist == {"List", "Describe", "Create"} | deletable | updatable


@every_kind
def test_answers_hold_what_is_read_from_them(kind: type[Resource]) -> None:
    """Lists and descriptions answer under the expected members, each with the ARN; a description tells every member."""
    listed = answers(kind.operation("List")).members[kind.list_member()].member.members
    described = answers(kind.operation("Describe")).members[kind.member()].members
    created = answers(kind.operation("Create")).members

    arn = f"{kind.member()}Arn"
    assert arn in listed
    assert arn in created
    listed_apart = {member.alias for member in members(kind).values() if member.listed_by}
    assert described.keys() >= {arn, kind.name_member, "creationDateTime", *declared(kind)} - listed_apart
    assert ("status" in described) is ("status" in listed)


@every_kind
def test_describe_update_and_delete_take_the_arn_alone(kind: type[Resource]) -> None:
    """An object is named by the ARN member of its kind."""
    taking = [kind.operation(verb) for verb in ("Describe", "Delete", "Update") if kind.operation(verb) in operations()]

    required = {operation: takes(operation).members[f"{kind.member()}Arn"].name for operation in taking}

    assert set(required.values()) == {"Arn"}


@every_kind
def test_references_are_arns(kind: type[Resource]) -> None:
    """What a kind marks as a reference is a Personalize ARN on the wire, and the other way round."""
    arns = {wire for wire, shape in declared(kind).items() if shape.name == "Arn"}

    assert {reference.wire for reference in references(kind)} == arns
    assert all(wire.endswith("Arn") for wire in arns)


def test_names_are_as_long_as_the_service_takes() -> None:
    """The envelope of a document takes the names the service takes."""
    shape = takes("CreateSchema").members["name"]

    agreed = {probe: _takes_name(probe.value) for probe in probes(shape, "name")}

    assert agreed == {probe: probe.allowed for probe in agreed}
    assert shape.metadata["max"] == MAX_NAME


# ── both descriptions as paths ────────────────────────────────────────────────────────────────────────────────────────


def _members_of_kind(structure: type[Structure], path: str = "") -> Iterator[tuple[str, bool]]:
    for member in members(structure).values():
        if member.switch:
            continue  # no part of any request
        here = f"{path}.{member.wire}".lstrip(".")
        yield here, member.required
        if member.structure and not member.ref:
            yield from _members_of_kind(member.structure, here)


def _members_of_shapes(
    shapes: Mapping[str, Any], required: list[str] | None = None, path: str = ""
) -> Iterator[tuple[str, bool]]:
    for wire, shape in shapes.items():
        here = f"{path}.{wire}".lstrip(".")
        yield here, wire in (required or ())
        inner = shape.member if shape.type_name == "list" else shape
        if inner.type_name == "structure":
            yield from _members_of_shapes(inner.members, inner.required_members, here)


def _paths(value: Any, path: str = "") -> set[str]:
    """The members of a value, down to where a kind's fields end."""
    if isinstance(value, Mapping):
        return {path} | {found for key, inner in value.items() for found in _paths(inner, f"{path}.{key}")}
    return {path}


def _missing(kind: type[Resource]) -> set[str]:
    """The members of the create request that a kind does not have, those of nested structures included."""
    return {path for path, _ in _members_of_shapes(declared(kind))} - {path for path, _ in _members_of_kind(kind)}


# ── probing a kind ────────────────────────────────────────────────────────────────────────────────────────────────────


def _whole(kind: type[Resource]) -> dict[str, Any]:
    """A spec with every member there can be."""
    whole = from_wire(kind, {wire: sample(shape) for wire, shape in declared(kind).items()})
    if "jobInput" in whole:  # a job may not write where it reads
        whole["jobInput"]["s3DataSource"]["path"] = "s3://questions/in.json"
        whole["jobOutput"]["s3DataDestination"]["path"] = "s3://answers/"
    return whole


def _probes(kind: type[Resource]) -> Iterator[tuple[str, Probe]]:
    """Probes of the members that a kind has: a missing one fails where members are compared, and only there."""
    missing = tuple(f"{path}." for path in _missing(kind))
    for wire, shape in declared(kind).items():
        for probe in probes(shape, wire):
            if not f"{probe.path.partition('{')[0].replace('[]', '')}.".startswith(missing):
                yield wire, probe


def _attributes(kind: type[Resource], wire: str, probe: Probe) -> dict[str, Any]:
    alias = next(member.alias for member in members(kind).values() if member.wire == wire)
    attributes: dict[str, Any] = _without_missing(kind, {**_whole(kind), alias: probe.value})
    return attributes


def _without_missing(structure: type[Structure], value: Any) -> Any:
    """A value without the members that a structure does not have, except the one that a probe adds."""
    if isinstance(value, list):
        return [_without_missing(structure, element) for element in value]
    if not isinstance(value, Mapping):
        return value
    known, kept = members(structure), {}
    for alias, inner in value.items():
        member = known.get(alias)
        if member and member.structure and not member.ref:
            kept[alias] = _without_missing(member.structure, inner)
        elif member or alias == UNKNOWN_MEMBER:
            kept[alias] = inner
    return kept


def _validated(kind: type[Resource], wire: str, probe: Probe) -> dict[str, Any]:
    spec = kind.model_validate(_attributes(kind, wire, probe))
    return spec.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)


def _accepts(kind: type[Resource], wire: str, probe: Probe) -> bool:
    try:
        _validated(kind, wire, probe)
    except ValidationError:
        return False
    return True


def _takes_name(name: Any) -> bool:
    try:
        Envelope.model_validate({"kind": "Schema", "name": name, "spec": {}})
    except ValidationError:
        return False
    return True


def _restricted(attributes: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """Only what lies at or below one of `paths`."""
    found: dict[str, Any] = {}
    for head in attributes:
        below = frozenset(path[1:] for path in paths if path[0] == head)
        if () in below:
            found[head] = attributes[head]
        elif below:
            found[head] = _restricted(attributes[head], below)
    return found


def _arn(kind: type[Resource]) -> str:
    return f"arn:aws:personalize:us-east-1:123456789012:{kind.member()}/name"
