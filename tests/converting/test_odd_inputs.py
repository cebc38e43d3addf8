"""Input of an odd shape is converted as far as it can be, and no part of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.converting import convert
from personalize_gitops.manifest.foreign_yaml import read_values
from personalize_gitops.manifest.new_files import texts_of
from personalize_gitops.model.conversion import Parsed, SourceFormat
from tests.converting.inputs import CDKP, ML_OPS, MPE, MPE_DOMAIN, PIPELINE_API, PROJECT_CONFIG
from tests.converting.test_documents import LONG, STATE, TEMPLATE
from tests.converting.test_keys import lost

INPUTS = [
    (SourceFormat.MPE, "config", MPE),
    (SourceFormat.MPE, "config", MPE_DOMAIN),
    (SourceFormat.CDKP, "input", CDKP),
    (SourceFormat.ML_OPS, "params", ML_OPS),
    (SourceFormat.PROJECT_CONFIG, "project_config", PROJECT_CONFIG),
    (SourceFormat.CLOUDFORMATION, "t", LONG),
    (SourceFormat.CLOUDFORMATION, "t", read_values(TEMPLATE, "t.yaml")),
    (SourceFormat.TERRAFORM, "state", STATE),
    *((SourceFormat.PIPELINE_API, Path(name).stem, body) for name, body in PIPELINE_API.items()),
]
ODD: tuple[Any, ...] = (None, "x", 3, [], [1], {"a": None}, {"Ref": "x"}, "${x}")


def places(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Every path in a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (key,)
        yield from ((key, *rest) for rest in places(item))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """A copy with another value at a path."""
    copy = deepcopy(value)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return copy


@pytest.mark.parametrize(("format_", "stem", "value"), INPUTS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_value_of_an_odd_shape(format_: SourceFormat, stem: str, value: dict[str, Any]) -> None:
    """With another value at any one place, there are documents that can be written, and no part is lost."""
    for number, path in enumerate(places(value)):
        other = changed(value, path, ODD[number % len(ODD)])
        made = convert(format_, (Parsed("in.json", stem, other),))

        assert texts_of(made.drafts)
        assert lost(other, made.entries, "in.json") == [], path
