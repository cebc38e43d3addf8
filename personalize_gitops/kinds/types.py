"""The value types that kinds share: shapes of the service model with their bounds (docs/service/4 §2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from personalize_gitops.catalog.datasets import DatasetType, find_dataset_type
from personalize_gitops.catalog.durations import DURATIONS
from personalize_gitops.catalog.quotas import Counted, Scope, quotas_on
from personalize_gitops.catalog.recipes import RECIPES, find_recipe
from personalize_gitops.model.forms import PERSONALIZE_ARN, Form
from personalize_gitops.model.problem import did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode, ValueCode
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.model.resource import Most
from personalize_gitops.model.structure import Compare, Structure
from personalize_gitops.model.validation import invalid


def typical(kind: str) -> Mapping[str, timedelta]:
    """Return the usual duration of each transition of a kind, by its name: `create`, `update`, `delete`."""
    return {str(transition): usual.typical for (of, transition), usual in DURATIONS.items() if of == kind}


def most_per_group(kind: str) -> Most | None:
    """Return the quota of a kind for a dataset group (docs/service/3 §13.2); None if there is none."""
    return _most(kind, Scope.DATASET_GROUP)


def most_per_region(kind: str) -> Most | None:
    """Return the quota of a kind for a region (docs/service/3 §13.1); None if there is none."""
    return _most(kind, Scope.REGION)


def most_in_progress(kind: str) -> int | None:
    """Return the default quota of runs of a kind at the same time (docs/service/3 §13.1); None if there is none."""
    pending = (quota.default for quota in quotas_on(kind) if quota.counted is Counted.PENDING)
    return min(pending, default=None)


def _most(kind: str, scope: Scope) -> Most | None:
    found = min(
        (quota for quota in quotas_on(kind) if quota.scope is scope), key=lambda quota: quota.default, default=None
    )
    return Most(found.default, found.adjustable) if found else None


def _text(value: Any) -> Any:
    """Return a number or boolean as the string that the service expects, any other value as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return value


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")  # not `nan`, which is never equal to itself


def by_meaning(value: Any) -> Any:
    """Return a comparable form of parameter values: `1`, `1.0` and `"1"` are equal (docs/service/1 §19 item 2)."""
    if isinstance(value, Mapping):
        return {key: by_meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        return [by_meaning(item) for item in value]
    text = str(_text(value))
    if _NUMBER.fullmatch(text):
        return float(text)
    return text.lower() if text.lower() in {"true", "false"} else text


def by_dataset_type(columns: Any) -> Any:
    """Return a map of columns with its dataset types in upper case, because their case does not count."""
    return {str(key).upper(): value for key, value in columns.items()} if isinstance(columns, Mapping) else columns


def _dataset_type(value: str) -> str:
    """Return the dataset type in its canonical spelling. Raises `invalid` for an unknown type."""
    found = find_dataset_type(value)
    if found is None:
        reason = because(ValueCode.UNKNOWN_DATASET_TYPE, found=Verbatim(value))
        raise invalid(reason, did_you_mean(value, [kind.value for kind in DatasetType]))
    return found.value


def _recipe(value: str) -> str:
    """Return the ARN of a recipe by short name or ARN. Raises `invalid` for an unknown name or a malformed ARN.

    An ARN that the catalog does not have is accepted: the service decides.
    """
    if value.startswith("arn:"):
        if len(value) > _MAX_ARN or not re.fullmatch(PERSONALIZE_ARN, value):
            raise invalid(because(ValueCode.INVALID_RECIPE_ARN, found=Verbatim(value)))
        return value
    recipe = find_recipe(value)
    if recipe is None:
        raise invalid(because(ValueCode.UNKNOWN_RECIPE, found=Verbatim(value)), did_you_mean(value, RECIPES))
    return recipe.arn


def _json(value: Any) -> Any:
    """Return the value of JSON text, any other value as it is. Raises `invalid` for invalid JSON."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except json.JSONDecodeError as error:
        message = Verbatim(error.msg)
        reason = because(ValueCode.INVALID_JSON, error=message, line=error.lineno, column=error.colno)
        raise invalid(reason) from error
    except ValueError as error:  # a number with thousands of digits
        raise invalid(because(ValueCode.INVALID_VALUE, error=Verbatim(error))) from error
    except RecursionError as error:
        raise invalid(because(ManifestCode.NESTED_TOO_DEEPLY, most=_DEEPEST)) from error
    if not _is_flat(found, _DEEPEST):
        raise invalid(because(ManifestCode.NESTED_TOO_DEEPLY, most=_DEEPEST))
    return found


def _is_flat(value: Any, levels: int) -> bool:
    """Return whether a JSON value has at most some levels of lists and objects inside of each other."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_flat(each, levels - 1) for each in inside)


_DEEPEST = 100  # levels of JSON, as of YAML; the code that compares and prints values descends into each
_MAX_ARN = 256

Reference = Annotated[str, StringConstraints(max_length=_MAX_ARN, pattern=Form.REFERENCE.pattern)]
"""A name, a `Kind/name` or a Personalize ARN."""

RoleArn = Annotated[str, StringConstraints(max_length=256, pattern=Form.ROLE_ARN.pattern)]
KmsKeyArn = Annotated[str, StringConstraints(max_length=2048, pattern=Form.KEY_ARN.pattern)]
S3Location = Annotated[str, StringConstraints(max_length=256, pattern=Form.S3_LOCATION.pattern)]

Text256 = Annotated[str, StringConstraints(max_length=256)]
NumberText = Annotated[Text256, BeforeValidator(_text), Compare(by_meaning)]
"""A number in the manifest, a string on the wire."""

Weight = Annotated[float, Field(ge=0, le=1)]
ParameterValue = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=1000)]
Parameters = Annotated[dict[Text256, ParameterValue], Field(max_length=100), Compare(by_meaning)]
"""Parameters by name: numbers or text in the manifest, strings on the wire."""

EXPLORATION = {"explorationWeight": "0.3", "explorationItemAgeCutOff": "30"}
"""Server-side defaults of exploration (docs/service/1 §11.2)."""

ColumnName = Annotated[str, StringConstraints(max_length=150, pattern=Form.COLUMN.pattern)]
DatasetTypeName = Annotated[
    str, AfterValidator(_dataset_type), Compare(str.upper), Field(examples=[kind.value for kind in DatasetType])
]
"""A dataset type in any case; the service returns upper case (docs/service/4 §2.3)."""

Columns = Annotated[
    dict[Annotated[str, AfterValidator(_dataset_type)], Annotated[list[ColumnName], Field(max_length=50)]],
    Field(max_length=3),
    Compare(by_dataset_type),
]
_OFFERED = [recipe for recipe in RECIPES.values() if not recipe.legacy]
_CUSTOM, _USE_CASES = ([one.name for one in _OFFERED if bool(one.domain) is has] for has in (False, True))

Recipe = Annotated[str, AfterValidator(_recipe), Field(examples=_CUSTOM)]
"""A recipe by short name or ARN, converted to an ARN."""

UseCase = Annotated[str, AfterValidator(_recipe), Field(examples=_USE_CASES)]
"""A recipe of a recommender, likewise."""

JsonObject = Annotated[dict[str, Any], BeforeValidator(_json)]
"""A mapping, or JSON text of one."""


RankingInfluence = dict[Literal["POPULARITY", "FRESHNESS"], Weight]


class NewestVersion(Structure):
    """The newest version of a solution: `latest` at apply, or `$LATEST` followed by the service."""

    solution: Reference
    version: Literal["latest", "$LATEST"]


VersionReference = Reference | NewestVersion
"""A solution version: by reference, or the newest version of a solution."""


def in_days(expression: Any) -> Any:
    """Return a comparable form of a schedule: `rate(1 days)` as `rate(1 day)` (docs/service/2 §16.2)."""
    found = re.fullmatch(r"rate\((\d+) days?\)", str(expression))
    if not found:
        return expression
    days = int(found[1])
    return "rate(1 day)" if days == 1 else f"rate({days} days)"


def switched_on(before: Any, after: Any) -> bool:
    """Return whether the new value is true."""
    return after is True


def raised(before: Any, after: Any) -> bool:
    """Return whether the new number is larger, or the old one is not known."""
    return not isinstance(before, int) or after > before


class S3Data(Structure):
    """The S3 location that a job reads or writes, and the encryption key of its objects."""

    path: S3Location
    kms_key_arn: KmsKeyArn | None = None


class TrainingDataConfig(Structure):
    """The columns to train on, or to exclude from training."""

    excluded_dataset_columns: Columns | None = None
    included_dataset_columns: Columns | None = None
