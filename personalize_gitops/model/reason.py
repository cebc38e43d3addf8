"""Reasons: why something is decided, as a code with parameters. `render/reasons.py` turns them into sentences.

A code is a member of a closed vocabulary and says for people when it is used. Parameters are values with a type, never
prose, so that every format can show them in its own way and no reader has to parse a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Self

from personalize_gitops.model.address import Address


class Explained(StrEnum):
    """Base of every vocabulary. A member's value is for machines, its `about` explains it to people."""

    about: str

    def __new__(cls, value: str, about: str) -> Self:
        """Attach the explanation to the member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.about = about
        return member


class Code(Explained):
    """Base of every vocabulary of reasons."""


class Verbatim(str):
    """Text from outside, passed on as it is: an AWS name, a value of a manifest, a message of the service."""

    __slots__ = ()


class Path(tuple[str | int, ...]):
    """The members and indexes that lead to a place in a document: `solutionConfig.hpoConfig`, `fields[3]`."""

    __slots__ = ()

    def __truediv__(self, step: str | int) -> Path:
        """Return the path of a member or element below this path."""
        return Path((*self, step))

    def __str__(self) -> str:
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self).lstrip(".")


@dataclass(frozen=True, order=True, slots=True)
class Source:
    """A place in a manifest file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1
    end: int | None = field(default=None, compare=False)  # the column after it; None: to the end of the line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the values its sentence names. Make one with `because`, which checks the values."""

    code: Code
    params: Mapping[str, Param | tuple[Param, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.params.items())))


Param = Address | Path | Source | Verbatim | Reason | Enum | timedelta | bool | int | float
"""The types of parameters. Several values of one sort make a tuple; a member of a `Code` is shown as its sentence."""

_PARAMS = (Address, Path, Source, Verbatim, Reason, Enum, timedelta, bool, int, float)


def because(code: Code, **params: Param | tuple[Param, ...]) -> Reason:
    """Return the reason of a code. Raises TypeError for a parameter that is not a `Param`, such as plain text."""
    for name, value in params.items():
        several = value if isinstance(value, tuple) and not isinstance(value, Path) else (value,)
        if wrong := [one for one in several if not isinstance(one, _PARAMS)]:
            raise TypeError(f"{code}: {name} is a {type(wrong[0]).__name__}")
    return Reason(code, MappingProxyType(params))


class ReasonCode(Code):
    """Why a resource changes, waits, stays or blocks the plan, and why a step ended as it did."""

    # Create, adopt, own.
    OBSERVED = "observed", "`manage: observe` of the document or the target: the object is compared, never changed."
    PAUSED = "paused", "`manage: paused` of the document or the target: the object is neither compared nor changed."
    NEEDS_MISSING = (
        "needs_missing",
        "A resource is missing, and `manage` forbids to create it. Params: address, manage.",
    )
    NOT_IN_ACCOUNT = "not_in_account", "No object has this address or name."
    DELETED_SINCE_APPLY = "deleted_since_apply", "The same, and the last apply found the document applied as it is."
    NOT_APPLIED_YET = "not_applied_yet", "The same, and the last apply did not have the document as it is."
    NO_VERSION_YET = "no_version_yet", "The reference needs a successful run and there is none. Params: member."
    EVENTS_NEEDED = "events_needed", "The creation trains on events of certain types. Params: types."
    UNMANAGED = "unmanaged", "An object has this name but none of our tags. Params: name."
    TAGS_LOST = "tags_lost", "The same, and the last apply found the document applied: the tags are gone since."
    OWNED_BY_PROJECT = "owned_by_project", "The object's tags name another project or target. Params: name, owner."
    OWNED_BY_ADDRESS = (
        "owned_by_address",
        "The object's tags name another address of this project. Params: name, address.",
    )
    COPIED_TAGS = "copied_tags", "Tags of this address were copied from one object to another. Params: name, other."
    PLACE_OWNED = "place_owned", "Another resource of this project exists, and there can be only one. Params: address."
    PLACE_OWNED_BY_PROJECT = (
        "place_owned_by_project",
        "Another project's object exists, and there can be only one. Params: name, owner.",
    )
    PLACE_UNMANAGED = "place_unmanaged", "An unmanaged object exists, and there can be only one. Params: name."
    ADOPTED = "adopted", "The unmanaged object is adopted. Params: by."
    RENAMED = "renamed", "The object moves from its earlier address or project. Params: address, owner."
    BOTH_NAMES_EXIST = "both_names_exist", "Objects of the earlier and the new name exist. Params: name, other."
    ADOPT_BEFORE_REPLACING = "adopt_before_replacing", "An unmanaged object is never replaced."
    ADOPT_IN_DOCUMENT = "adopt_in_document", "The kind has no tags, so only its document can permit a replacement."

    # The state of the object.
    BEING_DELETED = "being_deleted", "The object is being deleted."
    CREATION_FAILED = "creation_failed", "The object's creation failed. Params: failure."
    UNCLEAR_STATE = "unclear_state", "The status says neither ready nor failed creation. Params: status, failure."
    IN_PROGRESS = "in_progress", "The object is in a transition. Params: status."
    SERVICE_STATUS = "service_status", "The status, as the service reports it. Params: status."
    SERVICE_MESSAGE = "service_message", "The service's own message. Params: text."
    NO_SERVICE_MESSAGE = "no_service_message", "The service gives no reason."

    # What differs.
    FIELDS_DIFFER = "fields_differ", "Members differ from the manifest. Params: fields."
    TAGS_DIFFER = "tags_differ", "Only tags differ from the manifest."
    RECORD_OUTDATED = "record_outdated", "The update of an interrupted apply was not recorded."
    ANNOUNCEMENT_LEFT = "announcement_left", "An interrupted apply left its announcement of purchases that are decided."
    STARTED_FOR_UPDATE = "started_for_update", "The stopped object is started, because updates need it running."
    STARTED_AND_STOPPED = "started_and_stopped", "The stopped object is started for the update, then stopped again."
    AFTER_CURRENT_UPDATE = "after_current_update", "The update starts when the one in progress has ended."
    PREVIOUS_UPDATE_FAILED = "previous_update_failed", "The last update failed. Params: failure."

    # Replacement.
    IMMUTABLE_FIELDS = "immutable_fields", "No update takes these members. Params: fields, why."
    SCHEMA_NOT_EXCHANGEABLE = "schema_not_exchangeable", "Datasets of this type keep their schema. Params: type."
    OTHER_DOMAIN = "other_domain", "A dataset cannot move to the schema of another domain."
    NOT_A_DATASET_RECORD = "not_a_dataset_record", "The record name belongs to no dataset type. Params: name."
    NO_SUCCESSOR = "no_successor", "A second object cannot take over. Params: why."
    RECREATE_TO_REPLACE = "recreate_to_replace", "Remedy: choose `recreate`. Params: loses (optional)."
    SUCCESSOR_TO_REPLACE = "successor_to_replace", "Remedy: choose `successor`."
    GROUP_FULL = "group_full", "The dataset group is at the quota. Params: kind, held, coming, most, own."
    REGION_FULL = "region_full", "The region is at the quota. Params: kind, held, coming, most, own."
    OVER_QUOTA = (
        "over_quota",
        "More objects than the quota. Params: kind, found, most, adjustable, own, group (optional).",
    )
    NO_ROOM_BUT_USED = "no_room_but_used", "Something refers to the object, so it is not deleted first to make room."
    NO_ROOM_RECREATED = "no_room_recreated", "The object is deleted first to make room for its successor."
    RAISE_QUOTA = "raise_quota", "Remedy: delete another object or raise the quota."
    BASE_RECREATED = "base_recreated", "The object it depends on is recreated. Params: address."
    RECREATE_ALONG = "recreate_along", "Remedy: permit that this resource is recreated too."
    PROTECTED = "protected", "`lifecycle.protect` forbids to delete or replace the resource."
    PROTECTED_BY_TAG = "protected_by_tag", "The object is protected until an apply with `protect: false`."
    PROTECTED_UNDECLARED = "protected_undeclared", "The object is protected, and its document was removed."
    PROTECTION_LIFTED = "protection_lifted", "An earlier object of the address is no longer protected."
    PROTECTED_RUN = "protected_run", "A protected run would be deleted with the object. Params: address."
    REPLACE_REQUESTED = "replace_requested", "`--replace` replaces the resource although nothing differs."
    RUN_LEFT_ALONE = (
        "run_left_alone",
        "An observed or paused run would be deleted with the object. Params: address, manage.",
    )
    COLUMNS_ADDED = "columns_added", "Columns that other resources do not use automatically. Params: columns."
    CATCH_UP = "catch_up", "How a resource picks up what a replacement brings. Params: address, how."

    # Runs.
    NEVER_RAN = "never_ran", "No run of this resource was ever started."
    SERVICE_RUN_IN_PROGRESS = "service_run_in_progress", "The service has started an equal run. Params: status."
    TOO_OLD = "too_old", "The newest success is older than `run.every`. Params: every."
    DATA_CHANGED = "data_changed", "The input data changed."
    FEEDING_RUN_DUE = "feeding_run_due", "Runs that provide the input data run again. Params: runs."
    INPUTS_CHANGED = "inputs_changed", "The configuration or a reference changed."
    INPUT_FIELDS_CHANGED = "input_fields_changed", "Members changed since the last run. Params: fields."
    INPUT_REPLACED = "input_replaced", "A resource that the run refers to is replaced."
    STOPPED_BY_HAND = "stopped_by_hand", "Somebody stopped the last attempt, and the run is still declared."
    LAST_ATTEMPT_FAILED = "last_attempt_failed", "The last attempt failed. Params: status, failure."
    RERUN_REQUESTED = "rerun_requested", "`--rerun` starts the run although it is in sync."
    NO_INPUT_DATA = "no_input_data", "No object exists at the S3 location. Params: location."
    PREREQUISITE_MISSING = "prerequisite_missing", "A run that must succeed first is missing. Params: what."
    ROWS_OVERWRITTEN = "rows_overwritten", "An import whose rows are overwritten does not run again. Params: address."

    # Scope: `--due` and `--heal`.
    LEFT_OUT = "left_out", "The scope of the plan leaves the change out. Params: action."
    NEEDS_LEFT_OUT = "needs_left_out", "The change needs a resource that is not in the account. Params: address."
    REST_LEFT_OUT = "rest_left_out", "Other members of the object differ and stay. Params: fields."
    FIRST_RUN = "first_run", "A run that never ran is not due again."
    RUN_LOSES = "run_loses", "The run deletes data. Params: loses."
    WITHOUT_CHANGES_OF = (
        "without_changes_of",
        "A run uses resources as they are in the account; the changes of their manifests are left out. Params: inputs.",
    )
    CHANGED_IN_MANIFEST = "changed_in_manifest", "The manifest is not the one that was last applied."
    NOT_RECORDED = "not_recorded", "Nothing in the account records what was last applied."
    UPDATE_UNFINISHED = "update_unfinished", "An apply was interrupted while it updated the object."
    NEEDS_REPLACEMENT = "needs_replacement", "Only a replacement could undo the difference."
    NEWER_VERSION = "newer_version", "The object refers to an earlier version than the newest."
    NOT_DRIFT = "not_drift", "The change does not undo a change in the account."

    # Deletion.
    UNDECLARED = "undeclared", "The object is ours and no manifest declares it."
    RETAINED = "retained", "`lifecycle.onRemove`, or the kind's default for it, keeps the object."
    RETAINED_WITH = "retained_with", "A retained object refers to the object. Params: user."
    ALL_UNDECLARED = "all_undeclared", "Every owned object is undeclared, so pruning stops."
    DESTROY_REQUESTED = "destroy_requested", "`destroy` deletes everything the project owns."
    NOT_OURS_TO_DESTROY = (
        "not_ours_to_destroy",
        "What would be deleted belongs to another project. Params: name, owner.",
    )
    FORGET_REQUESTED = "forget_requested", "`--forget` removes our tags and leaves the object."
    REPLACED_BY = "replaced_by", "A successor has replaced the object. Params: name, successor."
    KEPT_WHILE_PROTECTED = "kept_while_protected", "The replaced object stays while `lifecycle.protect` is on."
    KEPT_OLDER_IN_USE = "kept_older_in_use", "The change was reverted; the newer object stays for its clients."
    KEPT_FOR = "kept_for", "The replaced object stays until `retireAfter` has passed. Params: left."
    KEPT_IN_USE = "kept_in_use", "The shared object stays because something uses it. Params: name, user."
    USED_BY_BLOCKED = "used_by_blocked", "A resource that is blocked uses the object. Params: user."
    USED_BY = "used_by", "Something that stays uses the object. Params: user."
    RETIRE_LATER = "retire_later", "Remedy: keep the old object for a while with `retireAfter`."
    STOPPED_FIRST = "stopped_first", "A run in progress is stopped before the deletion. Params: run."
    TOO_MANY_DELETES = "too_many_deletes", "`limits.maxDeletes` is exceeded. Params: deletes, allowed, target."
    TOO_MANY_PRUNED = (
        "too_many_pruned",
        "Prune would delete a large share of what is owned. Params: deletes, owned, percent, needed, target.",
    )

    # Why an address cannot be run again, replaced or selected, and what to choose instead.
    NOT_DECLARED = "not_declared", "No document has the address. Params: address, known."
    CANNOT_RUN_AGAIN = "cannot_run_again", "The kind is not a run. Params: kind."
    NEVER_CHANGED = "never_changed", "The resource is observed or paused. Params: manage."
    NEVER_REPLACED = "never_replaced", "A run is never replaced. Params: kind."
    RERUN_INSTEAD = "rerun_instead", "Remedy: run these again. Params: runs."
    UNKNOWN_ADDRESS = "unknown_address", "The address is neither declared nor owned. Params: address, known."
    NEEDED_BY = "needed_by", "What `--only` names needs the excluded change. Params: address."
    REPLACE_INSTEAD = "replace_instead", "Remedy: replace the resource. Params: address."

    # Why a saved plan does not hold.
    PLAN_EDITED = "plan_edited", "The plan file is not as it was written."
    MANIFESTS_DIFFER = "manifests_differ", "The manifests are not those of the saved plan."
    MEMBER_DIFFERS = (
        "member_differs",
        "A member of the plan, or the change of an address, is not as saved. Params: member.",
    )
    CHANGE_DIFFERS = "change_differs", "The change of an address is not as saved. Params: address, action."
    NOT_IN_SAVED_PLAN = "not_in_saved_plan", "The saved plan has no change of the address. Params: address, action."
    NEITHER_PENDING_NOR_DONE = (
        "neither_pending_nor_done",
        "A change of the saved plan is not needed any more, and its object is not there. Params: address, action.",
    )

    # Why an address cannot be forgotten.
    STILL_DECLARED = "still_declared", "The address is declared. Params: source."
    TARGET_LEFT_ALONE = "target_left_alone", "The target's `manage` forbids every change. Params: target, manage."
    UNKNOWN_KIND = "unknown_kind", "The address names no kind. Params: kind, known."
    NOT_TAGGABLE = "not_taggable", "The kind has no tags, so there is nothing to forget. Params: kind."
    NOT_OWNED = "not_owned", "The project owns no object of that address. Params: owner, address, known."

    # Drift.
    NO_WRITE_EVENT = "no_write_event", "CloudTrail has no matching write among the newest events of the last 90 days."
    TRAIL_UNREADABLE = "trail_unreadable", "CloudTrail cannot be asked who wrote last. Params: error."
    MISSING = "missing", "The resource is declared and not in the account."
    CHANGED_IN_ACCOUNT = "changed_in_account", "The account changed since the last apply."
    CHANGED_IN_MANIFESTS = "changed_in_manifests", "The manifests changed since the last apply."

    NEVER_SEEN = "never_seen", "The resource is declared, and was not in the account at the earlier check either."
    UNDECLARED_MEMBERS = "undeclared_members", "Values that are not the default and not declared. Params: fields."
    NOT_ASKED = "not_asked", "A billed endpoint had no request. Params: days."
    UNMANAGED_IN_GROUP = "unmanaged_in_group", "An object without an owner is in our dataset group. Params: group."
    TRAINED_AUTOMATICALLY = (
        "trained_automatically",
        "The service trained versions that no manifest asks for. Params: versions, newest.",
    )
    BASELINE_EXPIRED = "baseline_expired", "An entry of the baseline has ended. Params: until, why."
    NOT_READ = "not_read", "The object could not be read. Params: cause."
    NEEDS_UNREAD = "needs_unread", "A resource that it needs could not be checked. Params: address."

    # Steps.
    NOT_VISIBLE_YET = "not_visible_yet", "The object was created and no read shows it yet."
    NO_FREE_SLOT = "no_free_slot", "As many runs of the kind are in progress as the quota allows."
    QUOTA_NOT_FREE_YET = "quota_not_free_yet", "A quota is full until a deletion of the same apply has ended."
    LOOKING_AGAIN = "looking_again", "The list is read again before the purchase, because it may lag. Params: wait."
    ANNOUNCED_NOT_SEEN = "announced_not_seen", "The purchase was announced and no list shows the run. Params: wait."
    NOTHING_WAS_BOUGHT = "nothing_was_bought", "An announced purchase did not take place. Params: since."
    NOT_LISTED_YET = "not_listed_yet", "The run has ended and no list shows it yet."
    SECOND_UPDATE = "second_update", "The second of two update calls is sent."
    DISAPPEARED = "disappeared", "The object disappeared while the step waited for it."
    STILL_IN_PROGRESS = "still_in_progress", "The transition takes longer than any known one. Params: status, elapsed."
    STILL_REFUSED = "still_refused", "The service refuses the call for too long. Params: elapsed, message."
    NO_ANSWER = "no_answer", "No call about the step was answered for too long. Params: elapsed, message."
    WAITS_FOR_ANSWER = "waits_for_answer", "No call about the step is answered now. Params: limit, message."
    CREDENTIALS_EXPIRED = "credentials_expired", "Renewed credentials are waited for. Params: limit, message."
    UNANSWERED = "unanswered", "Apply stopped before the call of the step was answered."
    NOT_AS_UPDATED = "not_as_updated", "The service returns other values than the update sent."
    REPLACED_SINCE_PLAN = "replaced_since_plan", "The object is not the one that the plan saw. Params: how."
    NAME_TAKEN_AGAIN = "name_taken_again", "The deleted object's name belongs to a new object. Params: name."
    NOT_DELETED = "not_deleted", "The deletion was accepted and has not begun. Params: status."
    ENDED = "ended", "The object ended without success. Params: status, failure."
    UPDATE_ENDED = "update_ended", "The update ended without success. Params: status, failure."


def service_message(text: str) -> Reason:
    """Return the service's own message as a reason, or that it gives none."""
    return because(ReasonCode.SERVICE_MESSAGE, text=Verbatim(text)) if text else Reason(ReasonCode.NO_SERVICE_MESSAGE)
