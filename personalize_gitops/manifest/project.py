"""The project file: the project's name, its defaults, its variables, and the targets it is applied to."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from personalize_gitops.model.resource import Replace
from personalize_gitops.model.structure import Structure

_TAG_TEXT = re.compile(r"[\w\s.:/=+\-@]*")

Tags = Annotated[dict[str, str], AfterValidator(lambda tags: checked_tags(tags))]


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    """Tags the service takes (docs/service/3 §8), without those it or we reserve."""
    for key, value in tags.items():
        fact = ""
        if key.lower().startswith("aws:") or value.lower().startswith("aws:"):
            fact = f"{key}: aws: is reserved by AWS"
        elif key.startswith("personalize-gitops:"):
            fact = f"{key}: personalize-gitops: is reserved for ownership"
        elif not (1 <= len(key) <= 128 and len(value) <= 256):
            fact = f"{key}: a key has 1 to 128 characters, a value at most 256"
        elif not (_TAG_TEXT.fullmatch(key) and _TAG_TEXT.fullmatch(value)):
            fact = f"{key}: letters, digits, space and _ . : / = + - @ make a tag"
        if fact:
            raise PydanticCustomError("gitops", "{fact}", {"fact": fact, "suggestion": ""})
    return tags


class EmulatorTarget(Structure):
    """The embedded emulator: where it keeps its state, and the folders its buckets are filled from."""

    state: str = ".personalize-gitops/local"
    buckets: dict[str, str] = Field(default={})


class Naming(Structure):
    """What is put around a document's name to make the AWS name."""

    prefix: Annotated[str, StringConstraints(pattern=r"^([a-zA-Z0-9][a-zA-Z0-9\-_]*)?$")] = ""
    suffix: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9\-_]*$")] = ""


class Limits(Structure):
    """How far an apply may go; beyond that it is refused."""

    max_deletes: Annotated[int, Field(ge=0)] | None = None


class Target(Structure):
    """One place the project is applied to."""

    emulator: EmulatorTarget | None = None
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    profile: str | None = None
    assume_role: Annotated[str, StringConstraints(pattern=r"^arn:[a-z\d-]+:iam::\d{12}:role/.+$")] | None = None
    endpoint_url: Annotated[str, StringConstraints(pattern=r"^https?://.+$")] | None = None
    naming: Naming = Naming()
    variables: dict[str, str | int | float | bool] = Field(default={})
    prune: bool = False
    limits: Limits = Limits()

    @model_validator(mode="before")
    @classmethod
    def _one_place(cls, members: Any) -> Any:
        if isinstance(members, dict) and "emulator" in members:
            also = sorted(members.keys() & {"profile", "assumeRole", "endpointUrl"})
            if also:
                fact = f"the embedded emulator takes no {also[0]}"
                raise PydanticCustomError("gitops", "{fact}", {"fact": fact, "suggestion": ""})
        return members


class Defaults(Structure):
    """What documents take when they say nothing themselves."""

    replace: dict[str, Replace] = Field(default={})


class ProjectSpec(Structure):
    """The settings of a project."""

    default_target: str | None = None
    tags: Tags = Field(default={})
    defaults: Defaults = Defaults()
    variables: dict[str, str | int | float | bool] = Field(default={})
    targets: dict[str, Target] = Field(min_length=1)


class Project(Structure):
    """The `kind: Project` document."""

    kind: str
    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9\-_]*$", max_length=63)]
    spec: ProjectSpec
