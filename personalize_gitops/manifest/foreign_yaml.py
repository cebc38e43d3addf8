"""The YAML and JSON of other systems as plain values, such as templates with the short functions of CloudFormation."""

from __future__ import annotations

import json
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from personalize_gitops.errors import UsageError

_DEEPEST, _MOST = 100, 1_000_000  # levels and values of an input
_SAME_NAME = ("Ref", "Condition")  # the others begin with Fn::


class _Constructor(SafeConstructor):
    """Builds plain values; a tag is a mapping of its function, and dates stay text."""


def _function(constructor: Any, suffix: str, node: Any) -> Any:
    """Return `!Sub x` as `{"Fn::Sub": "x"}`."""
    name = suffix if suffix in _SAME_NAME else f"Fn::{suffix}"
    match node:
        case ScalarNode():
            return {name: constructor.construct_scalar(node)}
        case SequenceNode():
            return {name: constructor.construct_sequence(node, deep=True)}
        case MappingNode():
            return {name: constructor.construct_mapping(node, deep=True)}


_Constructor.add_multi_constructor("!", _function)
_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def read_values(text: str, file: str) -> Any:
    """Return the values of a JSON or YAML text. Raises UsageError if it is neither, or nested beyond reason."""
    try:
        found = _read(text, file)
        _check_extent(found, file)
    except RecursionError:
        raise _nested(file) from None
    return found


def _check_extent(value: Any, file: str) -> None:
    """Raise UsageError for values that are nested too deeply, such as an alias of itself, or that aliases multiply."""
    left, seen = [(value, 0)], 0
    while left:
        (item, depth), seen = left.pop(), seen + 1
        if depth > _DEEPEST or seen > _MOST:
            raise _nested(file)
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        left += ((each, depth + 1) for each in inner)


def _nested(file: str) -> UsageError:
    return UsageError(f"{file}: the values are nested too deeply, or aliases multiply them")


def _read(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    try:
        return yaml.load(text)
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise UsageError(f"{place}: neither JSON nor YAML: {getattr(error, 'problem', error)}") from error
