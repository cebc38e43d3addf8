"""Validation against the shapes of the service model, with cases generated from it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.model import Operation, operations

from .account import REGION

_ARN = "arn:aws:personalize:us-east-1:123456789012:dataset-group/none"
_SAMPLES = {
    "arn:([a-z\\d-]+):personalize:.*:.*:.+": _ARN,
    "arn:([a-z\\d-]+):iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+": "arn:aws:iam::123456789012:role/r",
    "arn:aws.*:kms:.*:[0-9]{12}:key/.*": "arn:aws:kms:us-east-1:123456789012:key/k",
    "(s3|http|https)://.+": "s3://bucket/file.csv",
    "rate\\(\\d+ days?\\)": "rate(3 days)",
}


def sample(operation: Operation, shape_name: str) -> Any:
    """A value that satisfies a shape."""
    shape = operation.shapes[shape_name]
    match shape["type"]:
        case "structure":
            return {
                name: sample(operation, member["shape"])
                for name, member in shape.get("members", {}).items()
                if name in shape.get("required", ())
            }
        case "list":
            return [sample(operation, shape["member"]["shape"])] * shape.get("min", 1)
        case "map":
            key, value = shape["key"]["shape"], shape["value"]["shape"]
            return {sample(operation, key): sample(operation, value)}
        case "string":
            return shape.get("enum", [_SAMPLES.get(shape.get("pattern", ""), "a")])[0]
        case "boolean":
            return True
        case _:
            return shape.get("min", 1)


def breaches() -> Iterator[tuple[str, str, Any, str]]:
    """For every operation and every member at any depth: an invalid request, and a part of its message."""
    for operation in operations().values():
        if operation.input is None:
            continue
        good = sample(operation, operation.input)
        yield operation.name, "unknown", {**good, "wings": 2}, "'wings' failed to satisfy constraint: Member is unknown"
        for label, broken, words in _below(operation, operation.input, good, ""):
            yield operation.name, label, broken, words


def _below(operation: Operation, name: str, good: Any, path: str) -> Iterator[tuple[str, Any, str]]:
    """Every invalid value of this shape, inside an otherwise valid request."""
    shape = operation.shapes[name]
    match shape["type"]:
        case "structure":
            for member in shape.get("required", ()):
                without = {key: value for key, value in good.items() if key != member}
                where = f"{path}.{member}" if path else member
                yield f"no {where}", without, f"'{where}' failed to satisfy constraint: Member must not be null"
            for member, target in shape.get("members", {}).items():
                where = f"{path}.{member}" if path else member
                inner = sample(operation, target["shape"])
                for label, broken, words in _broken(operation.shapes[target["shape"]]):
                    yield f"{where}: {label}", {**good, member: broken}, f"at '{where}'|{words}"
                for label, broken, words in _below(operation, target["shape"], inner, where):
                    yield label, {**good, member: broken}, words
        case "list":
            element, where = shape["member"]["shape"], f"{path}.1.member"
            for label, broken, words in _broken(operation.shapes[element]):
                yield f"{where}: {label}", [broken], f"at '{where}'|{words}"
            for label, broken, words in _below(operation, element, sample(operation, element), where):
                yield label, [broken], words
        case "map":
            key, value = sample(operation, shape["key"]["shape"]), shape["value"]["shape"]
            for label, broken, words in _broken(operation.shapes[shape["key"]["shape"]]):
                if isinstance(broken, str):
                    yield f"{path} key: {label}", {broken: sample(operation, value)}, f"at '{path}.key'|{words}"
            for label, broken, words in _broken(operation.shapes[value]):
                yield f"{path} value: {label}", {key: broken}, f"at '{path}.{key}'|{words}"
            for label, broken, words in _below(operation, value, sample(operation, value), f"{path}.{key}"):
                yield label, {key: broken}, words


def _broken(shape: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    yield "type", ["x"] if shape["type"] != "list" else "x", "Member must be a "
    most, least = shape.get("max"), shape.get("min")
    match shape["type"]:
        case "string":
            if "enum" in shape:
                yield "enum", "NONSENSE", "enum value set"
            if most is not None:
                yield "max", "a" * (most + 1), f"less than or equal to {most}"
            if least:
                yield "min", "a" * (least - 1), f"greater than or equal to {least}"
            if "pattern" in shape and "p{ASCII}" not in shape["pattern"]:
                yield "pattern", "§ no", "regular expression pattern"
        case "integer" | "long" | "double" | "float":
            if most is not None:
                yield "max", most + 1, f"less than or equal to {most}"
            if least is not None:
                yield "min", least - 1, f"greater than or equal to {least}"
        case "list":
            if most is not None:
                yield "max", [None] * (most + 1), f"length less than or equal to {most}"
            if least:
                yield "min", [], f"length greater than or equal to {least}"
        case "map":
            if most is not None:
                yield "max", {f"K{number}": "x" for number in range(most + 1)}, f"less than or equal to {most}"


CASES = [pytest.param(name, request, words, id=f"{name}-{label}") for name, label, request, words in breaches()]


@pytest.fixture(scope="module")
def answering() -> Emulator:
    return Emulator(lambda: 0.0)


@pytest.mark.parametrize(("name", "request_", "words"), CASES)
def test_breaches(answering: Emulator, name: str, request_: Any, words: str) -> None:
    """An invalid member is answered with InvalidInputException that names member, value and rule."""
    response = answering.respond(REGION, name, json.dumps(request_))

    error = json.loads(response.body)
    assert (response.status, error["__type"]) == (400, "InvalidInputException")
    assert all(word in error["message"] for word in words.split("|"))


@pytest.mark.parametrize("name", operations())
def test_every_operation_answers(answering: Emulator, name: str) -> None:
    """Each of the 79 operations answers a valid request with JSON."""
    operation = operations()[name]

    response = answering.respond(REGION, name, json.dumps(sample(operation, operation.input or "")))

    assert response.status in (200, 400, 404)
    assert isinstance(json.loads(response.body), dict)


def test_all_operations_of_the_model() -> None:
    """The three services have 79 operations."""
    assert len(operations()) == 79


def test_several_breaches(answering: Emulator) -> None:
    """One message has all problems, with the paths of nested members."""
    request = {"name": "-", "datasetGroupArn": _ARN, "solutionConfig": {"hpoConfig": {"hpoObjective": {"type": 1}}}}

    message = json.loads(answering.respond(REGION, "CreateSolution", json.dumps(request)).body)["message"]

    assert message.startswith("2 validation errors detected: Value '-' at 'name' ")
    assert "Value '1' at 'solutionConfig.hpoConfig.hpoObjective.type'" in message


def test_tags_may_be_in_any_script(answering: Emulator) -> None:
    """Tags can have letters, numbers and separators of every script, but no other characters."""
    good = {"name": "g", "tags": [{"tagKey": "Größe ½", "tagValue": "大"}]}
    bad = {"name": "h", "tags": [{"tagKey": "a\tb", "tagValue": "!"}]}

    assert answering.respond(REGION, "CreateDatasetGroup", json.dumps(good)).status == 200
    message = json.loads(answering.respond(REGION, "CreateDatasetGroup", json.dumps(bad)).body)["message"]
    assert message.startswith("2 validation errors detected: ")


@pytest.mark.parametrize(("name", "body", "code"), [("Nonsense", "{}", 404), ("ListSchemas", "[", 400), ("", "", 404)])
def test_requests_that_are_none(answering: Emulator, name: str, body: str, code: int) -> None:
    """An unknown operation and a body that is not JSON are answered with JSON too."""
    response = answering.respond(REGION, name, body)

    assert response.status == code
    assert json.loads(response.body)["__type"].endswith("Exception")
