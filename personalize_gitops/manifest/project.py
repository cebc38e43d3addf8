"""The project document: its name, defaults, variables and targets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from personalize_gitops.manifest.severities import CheckName, Level
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.forms import Form
from personalize_gitops.model.problem_codes import FieldsCode, ManifestCode, ValueCode
from personalize_gitops.model.reason import Reason, Verbatim, because
from personalize_gitops.model.resource import Replace
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.validation import invalid
from personalize_gitops.model.waits import WaitLimits
from personalize_gitops.span import SPAN, seconds_in

_TAG_TEXT = re.compile(r"[\w\s.:/=+\-@]*")
_LOCK = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/[^/].*[^/]|s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/[^/]")
_URL = re.compile(r"\$\{env:([A-Za-z_]\w*)\}")
_MOST_KEY, _MOST_VALUE = 128, 256  # characters of a tag (docs/service/3 §8)

Tags = Annotated[dict[str, str], AfterValidator(lambda tags: checked_tags(tags))]


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    """Return the tags. Raises `invalid` if the service refuses one (docs/service/3 §8) or one is reserved."""
    for key, value in tags.items():
        if reason := _why_refused(key, value):
            raise invalid(reason)
    return tags


def checked_lock(location: str) -> str:
    """Return the location of a lock. Raises `invalid` unless it is an object in S3."""
    if not _LOCK.fullmatch(location):
        raise invalid(because(ValueCode.INVALID_LOCK, found=Verbatim(location)))
    return location


def checked_url(url: str) -> str:
    """Return the URL of a notification. Raises `invalid` if it is written out: it is a secret."""
    if not _URL.fullmatch(url):
        raise invalid(Reason(ValueCode.LITERAL_URL))
    return url


def variable_of(url: str) -> str:
    """Return the environment variable that the URL of a notification comes from."""
    found = _URL.fullmatch(url)
    return found[1] if found else ""


def _why_refused(key: str, value: str) -> Reason | None:
    name = Verbatim(key)
    if key.lower().startswith("aws:") or value.lower().startswith("aws:"):
        return because(ValueCode.TAG_RESERVED_BY_AWS, key=name)
    if key.startswith("personalize-gitops:"):
        return because(ValueCode.TAG_RESERVED_FOR_OWNERSHIP, key=name)
    if not (1 <= len(key) <= _MOST_KEY and len(value) <= _MOST_VALUE):
        return because(ValueCode.TAG_TOO_LONG, key=name, most_key=_MOST_KEY, most_value=_MOST_VALUE)
    if not (_TAG_TEXT.fullmatch(key) and _TAG_TEXT.fullmatch(value)):
        return because(ValueCode.TAG_CHARACTERS, key=name)
    return None


class EmulatorTarget(Structure):
    """The embedded emulator: the folder of its state (default: manifest/states), and that of each bucket's objects."""

    state: Annotated[str, StringConstraints(min_length=1)] | None = None
    buckets: dict[str, str] = Field(default={})


class Naming(Structure):
    """The prefix and suffix that make the AWS name from a document's name."""

    prefix: Annotated[str, StringConstraints(pattern=Form.PREFIX.pattern)] = ""
    suffix: Annotated[str, StringConstraints(pattern=Form.SUFFIX.pattern)] = ""


Span = Annotated[str, StringConstraints(pattern=SPAN)]
Transition = Literal["create", "update", "delete", "start", "stop"]


class Destination(Structure):
    """A topic of SNS or an event bus of EventBridge that is notified with the role of the target."""

    sns: Annotated[str, StringConstraints(pattern=Form.TOPIC_ARN.pattern)] | None = None
    event_bus: Annotated[str, StringConstraints(pattern=Form.EVENT_BUS.pattern)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Destination:
        if (self.sns is None) == (self.event_bus is None):
            raise invalid(Reason(FieldsCode.ONE_DESTINATION))
        return self


class Limits(Structure):
    """The limits of a target: of deletions, beyond which apply refuses, of resources, and of the time of a step."""

    max_deletes: Annotated[int, Field(ge=0)] | None = None
    quotas: dict[str, Annotated[int, Field(ge=0)]] = Field(default={})  # by kind: what Service Quotas allows
    waits: dict[str, dict[Transition, Span]] = Field(default={})  # by kind; the others have the limits of model/waits

    @property
    def wait_limits(self) -> WaitLimits:
        """The limits of the time that steps may take."""
        return WaitLimits(
            {
                kind: {verb: timedelta(seconds=seconds_in(span)) for verb, span in spans.items()}
                for kind, spans in self.waits.items()
            }
        )


class Target(Structure):
    """A target: an account or an emulator to which the project is applied."""

    emulator: EmulatorTarget | None = None
    account: Annotated[str, StringConstraints(pattern=Form.ACCOUNT.pattern)] | None = None
    region: Annotated[str, StringConstraints(pattern=Form.REGION.pattern)] | None = None
    profile: str | None = None
    assume_role: Annotated[str, StringConstraints(pattern=Form.ASSUMED_ROLE.pattern)] | None = None
    lock: Annotated[str, AfterValidator(lambda location: checked_lock(location))] | None = None
    endpoint_url: Annotated[str, StringConstraints(pattern=Form.ENDPOINT.pattern)] | None = None
    naming: Naming = Naming()
    variables: dict[str, str | int | float | bool] = Field(default={})
    prune: bool = False
    limits: Limits = Limits()
    manage: Manage = Manage.FULL
    notify: list[Annotated[str, AfterValidator(lambda url: checked_url(url))] | Destination] = Field(default=[])

    @model_validator(mode="before")
    @classmethod
    def _one_place(cls, members: Any) -> Any:
        if isinstance(members, dict) and "emulator" in members:
            also = sorted(members.keys() & {"profile", "assumeRole", "endpointUrl", "lock"})
            if also:
                raise invalid(because(FieldsCode.EMULATOR_AND_CONNECTION, field=Verbatim(also[0])))
        return members


class Defaults(Structure):
    """The defaults for documents."""

    replace: dict[str, Replace] = Field(default={})


class ProjectSpec(Structure):
    """The settings of a project."""

    default_target: str | None = None
    tags: Tags = Field(default={})
    defaults: Defaults = Defaults()
    variables: dict[str, str | int | float | bool] = Field(default={})
    lint: dict[CheckName, Level] = Field(default={})  # the severities of checks
    file_roots: list[Annotated[str, StringConstraints(min_length=1)]] = Field(default=[])
    targets: dict[str, Target] = Field(min_length=1)


ProjectName = Annotated[str, StringConstraints(pattern=Form.NAME.pattern, max_length=63)]


class Project(Structure):
    """The `kind: Project` document."""

    kind: str
    name: ProjectName
    renamed_from: ProjectName | None = None  # its objects move to the new name
    spec: ProjectSpec

    @model_validator(mode="after")
    def _other_name(self) -> Project:
        if self.renamed_from == self.name:
            raise invalid(because(ManifestCode.RENAMED_TO_ITSELF, name=Verbatim(self.name)))
        return self
