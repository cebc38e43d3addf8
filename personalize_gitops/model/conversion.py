"""What became of the configuration of another system: documents, and one entry for each part of the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.reason import Code, Path, Reason


class SourceFormat(StrEnum):
    """The configurations of other systems that can be converted."""

    MPE = "mpe"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"
    PIPELINE_API = "pipeline-api"
    PROJECT_CONFIG = "project-config"
    CDKP = "cdkp"
    ML_OPS = "ml-ops"


class Outcome(StrEnum):
    """What became of one part of the input, the gravest first."""

    DECISION = "decision"  # the manifest has a placeholder or one of several readings
    DROPPED = "dropped"  # no manifest has it
    DEFAULTED = "defaulted"  # the manifest has a default, or a value that follows from the convention of the system
    EXACT = "exact"  # the manifest has the same value


class ConversionCode(Code):
    """Why a part of the input was not taken as it is, or how."""

    # Exact, with a remark.
    EVERY = "conversion_every", "The schedule has a fixed interval; the time of day is not kept. Params: every."
    ANY_VALUE_MEANS_YES = "conversion_any_value_means_yes", "The system takes any value of the key for yes."
    ROOT_TAGS = "conversion_root_tags", "The tags are written where a resource has none of its own."

    # Defaulted.
    NAME_MADE = "conversion_name_made", "The system makes the name when it runs, so a stable one is made."
    EMPTY_NOT_SENT = "conversion_empty_not_sent", "The system never sends an empty or false value."
    TRAINS_AUTOMATICALLY = (
        "conversion_trains_automatically",
        "The system leaves automatic training at the default of the service, which is on.",
    )
    TRAINED_BY_CALL = "conversion_trained_by_call", "Each call of the system trained once."
    MADE_BY_SYSTEM = "conversion_made_by_system", "The system makes the resource without being told."
    SUCCESSOR = "conversion_successor", "The recipe is retired. Params: recipe, successor."
    BY_CONVENTION = "conversion_by_convention", "The location follows from the convention. Params: other."
    AFTER_UPLOAD = "conversion_after_upload", "The system starts when a file is uploaded."
    KEPT_ON_REMOVAL = "conversion_kept_on_removal", "The deletion policy becomes `onRemove`."
    IN_PROJECT = "conversion_in_project", "The value is a variable of the project."

    # Dropped.
    UNKNOWN_KEY = "conversion_unknown_key", "The format has no such key."
    UNKNOWN_MEMBER = "conversion_unknown_member", "The create request has no such member. Params: kind."
    SCHEDULE_OFF = "conversion_schedule_off", "The word `delete` turns the schedule off."
    OTHER_SCHEDULE = "conversion_other_schedule", "The schedule decides, and not the age."
    CREATES_ALWAYS = "conversion_creates_always", "A document says that the resource exists; a switch is not needed."
    NEVER_INCREMENTAL = "conversion_never_incremental", "Incremental mode never took effect in the system."
    AUTO_ML = "conversion_auto_ml", "AutoML is deprecated."
    PARAMETER_OF_OTHER_RECIPE = "conversion_parameter_of_other_recipe", "The recipe lacks it. Params: recipe."
    UNTAGGABLE = "conversion_untaggable", "AWS cannot tag the kind."
    OTHER_SERVICE = "conversion_other_service", "The resource is not one of Personalize. Params: type."
    SECTION = "conversion_section", "The section of the template describes no resource."
    READ_ONLY = "conversion_read_only", "The service sets the value."
    ORDER_FOLLOWS = "conversion_order_follows", "References decide the order."
    RUN_COMMAND = "conversion_run_command", "The call changes nothing that stays; a command does it. Params: command."
    EVENTS = "conversion_events", "Applications send events themselves."
    OF_THE_STACK = "conversion_of_the_stack", "The value belongs to the deployment of the system."

    # Decisions.
    ROLE_MISSING = "conversion_role_missing", "The input names no role. Params: variable."
    BUCKET_MISSING = "conversion_bucket_missing", "The input names no bucket. Params: variable."
    IRREGULAR = "conversion_irregular", "The schedule has no fixed interval. Params: schedule."
    NOT_A_SCHEDULE = "conversion_not_a_schedule", "The text is not a schedule of the system. Params: schedule."
    NOT_AN_AGE = "conversion_not_an_age", "The text is not a span of a fixed length. Params: age."
    TRAINS_TWICE = "conversion_trains_twice", "The service trains automatically beside the schedule."
    NO_UPDATE_MODE = "conversion_no_update_mode", "The recipe has no update training. Params: recipe."
    CONFLICT = "conversion_conflict", "Another part declares the resource with other values. Params: address."
    NOT_DECLARED = "conversion_not_declared", "No input declares the resource. Params: address."
    NO_ATTRIBUTION = "conversion_no_attribution", "Metrics are published only with a metric attribution."
    PINNED_VERSION = "conversion_pinned_version", "The version belongs to a solution that no input declares."
    NO_RECIPE = "conversion_no_recipe", "The solution names no recipe. Params: recipe."
    NO_NAME = "conversion_no_name", "The resource has no name in the input."
    NO_VALUE = "conversion_no_value", "The value is known to the other system only. Params: variable."
    CONDITION = "conversion_condition", "The resource exists under a condition."
    IMPORT_IT = "conversion_import_it", "The input has only the ARN; the account has the rest."
    IMPORT_ACCOUNT = "conversion_import_account", "The system takes every resource of the account and region."
    UNKNOWN_ROUTE = "conversion_unknown_route", "The name of the file is no route of the API. Params: routes."
    INVALID_SCHEMA = "conversion_invalid_schema", "The schema is not JSON."


@dataclass(frozen=True)
class Entry:
    """What became of one part of the input."""

    outcome: Outcome
    file: str
    path: Path  # in the input
    address: Address | None = None  # the document it went to
    field: Path | None = None  # the member of that document, such as spec.recipe
    reason: Reason | None = None


@dataclass(frozen=True)
class Given:
    """What the input does not say and the user does."""

    role: str = ""
    bucket: str = ""
    kms_key: str = ""


@dataclass(frozen=True)
class Parsed:
    """One file of input, as plain values."""

    file: str
    stem: str  # the name of the file up to its first dot
    value: Any


@dataclass(frozen=True)
class Conversion:
    """The documents to write, the project first, and what became of the input."""

    drafts: tuple[Draft, ...]
    entries: tuple[Entry, ...]

    def counted(self) -> Mapping[Outcome, int]:
        """Return how many parts of the input had each outcome."""
        return {outcome: sum(entry.outcome is outcome for entry in self.entries) for outcome in Outcome}
