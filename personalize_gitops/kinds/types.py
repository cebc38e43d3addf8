"""The value types the kinds share: shapes of the service model with its bounds (docs/service/4 §2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from personalize_gitops.catalog.datasets import DatasetType, find_dataset_type
from personalize_gitops.catalog.durations import DURATIONS
from personalize_gitops.catalog.quotas import Scope, quotas_on
from personalize_gitops.catalog.recipes import RECIPES, find_recipe
from personalize_gitops.model.diagnostics import did_you_mean
from personalize_gitops.model.structure import Compare, Structure


def typical(kind: str) -> Mapping[str, timedelta]:
    """What is usual for each transition of a kind, by its word: `create`, `update`, `delete`."""
    return {str(transition): usual.typical for (of, transition), usual in DURATIONS.items() if of == kind}


def most_per_group(kind: str) -> int | None:
    """How many of a kind a dataset group may hold by default (docs/service/3 §13.2); None where nothing is said."""
    return _most(kind, Scope.DATASET_GROUP)


def most_per_region(kind: str) -> int | None:
    """How many of a kind a region may hold by default (docs/service/3 §13.1); None where nothing is said."""
    return _most(kind, Scope.REGION)


def _most(kind: str, scope: Scope) -> int | None:
    return min((quota.default for quota in quotas_on(kind) if quota.scope is scope), default=None)


def invalid(fact: str, suggestion: str = "") -> PydanticCustomError:
    """A problem found by a validator of ours, with its remedy."""
    return PydanticCustomError("gitops", "{fact}", {"fact": fact, "suggestion": suggestion})


def _text(value: Any) -> Any:
    """Numbers and booleans are written as such in manifests and are strings on the wire."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return value


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")  # not `nan`, which is never equal to itself


def by_meaning(value: Any) -> Any:
    """Parameter values compare as the numbers and booleans they stand for (docs/service/1 §19 item 2)."""
    if isinstance(value, Mapping):
        return {key: by_meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        return [by_meaning(item) for item in value]
    text = str(_text(value))
    if _NUMBER.fullmatch(text):
        return float(text)
    return text.lower() if text.lower() in {"true", "false"} else text


def by_dataset_type(columns: Any) -> Any:
    """Column maps are keyed by dataset type, in any case."""
    return {str(key).upper(): value for key, value in columns.items()} if isinstance(columns, Mapping) else columns


def _dataset_type(value: str) -> str:
    found = find_dataset_type(value)
    if found is None:
        raise invalid(f'"{value}" is not a dataset type', did_you_mean(value, [kind.value for kind in DatasetType]))
    return found.value


def _recipe(value: str) -> str:
    """The ARN of a recipe given by short name or ARN. An ARN the catalogue does not know is left to the service."""
    if value.startswith("arn:"):
        if len(value) > _MAX_ARN or not re.fullmatch(_ARN, value):
            raise invalid(f'"{value}" is not the ARN of a recipe')
        return value
    recipe = find_recipe(value)
    if recipe is None:
        raise invalid(f'there is no recipe named "{value}"', did_you_mean(value, RECIPES))
    return recipe.arn


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise invalid(f"not valid JSON: {error.msg} at line {error.lineno} column {error.colno}") from error


_ARN = r"arn:([a-z\d-]+):personalize:.*:.*:.+"
_MAX_ARN = 256
_NAME = r"[a-zA-Z0-9][a-zA-Z0-9\-_]*"

Reference = Annotated[str, StringConstraints(max_length=_MAX_ARN, pattern=rf"^({_ARN}|([A-Z][A-Za-z]+/)?{_NAME})$")]
"""A name, a `Kind/name` or a Personalize ARN."""

RoleArn = Annotated[
    str, StringConstraints(max_length=256, pattern=r"^arn:([a-z\d-]+):iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$")
]
KmsKeyArn = Annotated[str, StringConstraints(max_length=2048, pattern=r"^arn:aws.*:kms:.*:[0-9]{12}:key/.*$")]
S3Location = Annotated[str, StringConstraints(max_length=256, pattern=r"^(s3|http|https)://.+$")]

Text256 = Annotated[str, StringConstraints(max_length=256)]
NumberText = Annotated[Text256, BeforeValidator(_text), Compare(by_meaning)]
"""A number in the manifest, a string on the wire."""

Weight = Annotated[float, Field(ge=0, le=1)]
ParameterValue = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=1000)]
Parameters = Annotated[dict[Text256, ParameterValue], Field(max_length=100), Compare(by_meaning)]
"""Numbers are numbers in the manifest; the wire wants a map of strings."""

EXPLORATION = {"explorationWeight": "0.3", "explorationItemAgeCutOff": "30"}
"""What the service takes where exploration is not configured (docs/service/1 §11.2)."""

ColumnName = Annotated[str, StringConstraints(max_length=150, pattern=r"^[A-Za-z_][A-Za-z\d_]*$")]
DatasetTypeName = Annotated[str, AfterValidator(_dataset_type), Compare(str.upper)]
"""Any case on input; the service answers in upper case (docs/service/4 §2.3)."""

Columns = Annotated[
    dict[Annotated[str, AfterValidator(_dataset_type)], Annotated[list[ColumnName], Field(max_length=50)]],
    Field(max_length=3),
    Compare(by_dataset_type),
]
Recipe = Annotated[str, AfterValidator(_recipe)]
"""A recipe by short name or ARN; an ARN from here on."""

JsonObject = Annotated[dict[str, Any], BeforeValidator(_json)]
"""A mapping, or JSON text of one."""


RankingInfluence = dict[Literal["POPULARITY", "FRESHNESS"], Weight]


class NewestVersion(Structure):
    """The newest version of a solution: `latest` at apply, or `$LATEST` followed by the service."""

    solution: Reference
    version: Literal["latest", "$LATEST"]


VersionReference = Reference | NewestVersion
"""A trained version: by reference, or whichever is the newest."""


def in_days(expression: Any) -> Any:
    """`rate(1 day)` and `rate(1 days)` are the same schedule (docs/service/2 §16.2)."""
    found = re.fullmatch(r"rate\((\d+) days?\)", str(expression))
    if not found:
        return expression
    days = int(found[1])
    return "rate(1 day)" if days == 1 else f"rate({days} days)"


def switched_on(before: Any, after: Any) -> bool:
    """Whether a change turns on what was off."""
    return after is True


def raised(before: Any, after: Any) -> bool:
    """Whether a change makes a number larger than it was, as far as that is known."""
    return not isinstance(before, int) or after > before


class S3Data(Structure):
    """Where a job reads or writes, and the key its objects are encrypted with."""

    path: S3Location
    kms_key_arn: KmsKeyArn | None = None


class TrainingDataConfig(Structure):
    """The columns to train on, or to leave out."""

    excluded_dataset_columns: Columns | None = None
    included_dataset_columns: Columns | None = None
