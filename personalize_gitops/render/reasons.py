"""Every sentence: from a reason's code and parameters to plain English.

`PLAN` has the sentences of plans, drift and apply, `FACTS` those about kinds; `render/problems.py` holds the sentences
of problems in manifests. A sentence is a format string over the parameters, or a function of them where the wording
depends on a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from enum import Enum
from math import ceil
from typing import Any

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.nearest import nearest
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Code, Path, Reason, ReasonCode, Source, Verbatim
from personalize_gitops.render.conversions import CONVERSIONS
from personalize_gitops.render.problems import PROBLEMS
from personalize_gitops.render.style import span

Sentence = str | Callable[..., str]

_ADOPT = "set `lifecycle: {{adopt: true}}` or pass --adopt to manage it"


def _fields_differ(fields: tuple[Path, ...]) -> str:
    return f"{_names(fields)} {'differs' if len(fields) == 1 else 'differ'}"


def _names(fields: Iterable[Path]) -> str:
    """Return the last two members of paths, each once: `s3DataSource.path`."""
    return ", ".join(dict.fromkeys(str(Path(path[-2:])) for path in fields))


def _immutable(fields: tuple[Path, ...], why: Fact) -> str:
    return f"{_names(fields)} cannot be updated in place: {FACTS[why]}"


def _recreate(loses: Fact | None = None) -> str:
    losing = f", losing {FACTS[loses]}" if loses else ""
    return f"set `lifecycle: {{replace: recreate}}` to delete and recreate it{losing}"


def _full(place: str) -> Callable[..., str]:
    def sentence(kind: Verbatim, held: int, coming: int, most: int, own: bool) -> str:
        kinds, quota = _plural(kind), "limits.quotas of the target" if own else "the default quota"
        if held == most:
            return f"{place} holds {most} {kinds}, {quota}, so there is no room for a successor"
        full = f"{place} holds {held} {kinds} and this plan adds {coming}; {quota} is {most}"
        return f"{full}, so there is no room for a successor"

    return sentence


def _plural(kind: Verbatim) -> str:
    """Return the plural of a kind's name as words: `dataset groups`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower() + "s"


def _over_quota(
    kind: Verbatim, found: int, most: int, adjustable: bool, own: bool, group: Verbatim | None = None
) -> str:
    place = f"dataset group {group}" if group else "a region"
    over = f"{found:,} {_plural(kind)}, {found - most:,} more than the {most:,} that {place} may hold"
    if own:
        return f"{over} by limits.quotas of the target; declare fewer, or raise the quota and limits.quotas"
    if adjustable:
        return f"{over} by default; delete some or raise the quota in Service Quotas"
    return f"{over}; this quota cannot be raised, so declare or keep fewer"


def _did_you_mean(word: str) -> str:
    return f'did you mean "{word}"?'


def _unknown_kind(kind: Verbatim, known: tuple[Verbatim, ...]) -> str:
    near = nearest(kind, known)
    return f"unknown kind {kind}; {_did_you_mean(near) if near else 'docs/manifests.md lists the kinds'}"


def _not_owned(owner: Verbatim, address: Address, known: tuple[Address, ...]) -> str:
    near = nearest(str(address), map(str, known))
    return f"{owner} owns no object of that address; {_did_you_mean(near) if near else '`status` lists them'}"


def _not_declared(address: Address, known: tuple[Address, ...]) -> str:
    near = nearest(str(address), map(str, known))
    return f"no document declares it; {_did_you_mean(near) if near else '`status` lists the resources'}"


def _unknown_address(address: Address, known: tuple[Address, ...]) -> str:
    near = nearest(str(address), map(str, known))
    return f"neither declared nor owned; {_did_you_mean(near) if near else '`status` lists the resources'}"


def _undeclared(fields: tuple[Path, ...]) -> str:
    return f"{_names(fields)} {'is' if len(fields) == 1 else 'are'} not the default, and not declared"


def _trained(versions: int, newest: Verbatim) -> str:
    if versions == 1:
        return f"version {newest} was trained automatically, and no manifest asks for it"
    return f"{versions} versions were trained automatically, the newest is {newest}, and no manifest asks for them"


def _left(left: timedelta) -> str:
    size, unit = (86400, "day") if left.total_seconds() > 2 * 86400 else (3600, "hour")
    count = ceil(left.total_seconds() / size)
    return f"stays for {count} more {unit}{'s' if count != 1 else ''}"


def _left_out(action: Action) -> str:
    return "left out" if action is Action.BLOCKED else f"{action} left out"


PLAN: Mapping[Code, Sentence] = {
    ReasonCode.LEFT_OUT: _left_out,
    ReasonCode.NEEDS_LEFT_OUT: "it needs {address}, which is not in the account",
    ReasonCode.REST_LEFT_OUT: lambda fields: f"{_names(fields)} left out",
    ReasonCode.FIRST_RUN: "it never ran; an apply without --due starts it",
    ReasonCode.RUN_LOSES: "it deletes {loses}",
    ReasonCode.WITHOUT_CHANGES_OF: "uses {inputs} as in the account, without the changes of the manifests",
    ReasonCode.CHANGED_IN_MANIFEST: "the manifest changed since the last apply",
    ReasonCode.NOT_RECORDED: "nothing in the account records what was last applied",
    ReasonCode.UPDATE_UNFINISHED: "an apply was interrupted during its update; apply again",
    ReasonCode.NEEDS_REPLACEMENT: "only a replacement could undo it",
    ReasonCode.NEWER_VERSION: "a newer version exists; apply moves the reference",
    ReasonCode.NOT_DRIFT: "not a change in the account",
    ReasonCode.OBSERVED: "observed, not changed",
    ReasonCode.PAUSED: "paused, not compared",
    ReasonCode.NEEDS_MISSING: (
        "{address} does not exist or has not succeeded yet, and `manage: {manage}` keeps apply from creating it"
    ),
    ReasonCode.NOT_IN_ACCOUNT: "not in the account",
    ReasonCode.DELETED_SINCE_APPLY: "deleted in the account since the last apply",
    ReasonCode.NOT_APPLIED_YET: "not in the account and not applied yet",
    ReasonCode.NO_VERSION_YET: (
        "{member}: the solution has no successful version yet; apply again after its first training"
    ),
    ReasonCode.UNMANAGED: f"{{name}} already exists and is unmanaged; {_ADOPT}",
    ReasonCode.TAGS_LOST: "managed by the last apply, and its tags are gone since",
    ReasonCode.OWNED_BY_PROJECT: (
        "{name} belongs to project {owner}; use another name, or pass --forget in that project first"
    ),
    ReasonCode.OWNED_BY_ADDRESS: (
        "{name} belongs to {address} of this project; use another name, or pass --forget {address} first"
    ),
    ReasonCode.COPIED_TAGS: (
        "the tags of this address were copied between {name} and {other}; remove them from the copy"
    ),
    ReasonCode.PLACE_OWNED: (
        "its dataset group already has {address} and can have only one; to keep that one, declare it by that name"
    ),
    ReasonCode.PLACE_OWNED_BY_PROJECT: "its dataset group already has {name} of project {owner} and can have only one",
    ReasonCode.PLACE_UNMANAGED: (
        "its dataset group already has {name} and can have only one; to manage that one, name the document {name} and "
        "set `lifecycle: {{adopt: true}}` or pass --adopt"
    ),
    ReasonCode.ADOPTED: "unmanaged; will be adopted ({by})",
    ReasonCode.RENAMED: "renamed from {address} of {owner}; only its tags change",
    ReasonCode.BOTH_NAMES_EXIST: (
        "{name} has this address and {other} the earlier one; delete one of them, or remove `renamedFrom`"
    ),
    ReasonCode.ADOPT_BEFORE_REPLACING: "unmanaged; adopt it first, without this change",
    ReasonCode.ADOPT_IN_DOCUMENT: "unmanaged; set `lifecycle: {{adopt: true}}` to allow its replacement",
    ReasonCode.BEING_DELETED: "being deleted",
    ReasonCode.CREATION_FAILED: "creation failed: {failure}",
    ReasonCode.UNCLEAR_STATE: "status is {status}: {failure}; repair or delete it outside of apply, then plan again",
    ReasonCode.EVENTS_NEEDED: "its training needs 1,000 interactions of type {types}, written like this in the data",
    ReasonCode.IN_PROGRESS: "status is {status}",
    ReasonCode.SERVICE_STATUS: "{status}",
    ReasonCode.SERVICE_MESSAGE: "{text}",
    ReasonCode.NO_SERVICE_MESSAGE: "the service gives no reason",
    ReasonCode.FIELDS_DIFFER: _fields_differ,
    ReasonCode.TAGS_DIFFER: "tags differ",
    ReasonCode.RECORD_OUTDATED: "an interrupted apply did not record its update",
    ReasonCode.ANNOUNCEMENT_LEFT: "an interrupted apply left the announcement of a training",
    ReasonCode.STARTED_FOR_UPDATE: "stopped; will be started to apply the update",
    ReasonCode.STARTED_AND_STOPPED: "stopped; will be started to apply the update, then stopped again",
    ReasonCode.AFTER_CURRENT_UPDATE: "starts after the update in progress",
    ReasonCode.PREVIOUS_UPDATE_FAILED: "the previous update failed: {failure}",
    ReasonCode.IMMUTABLE_FIELDS: _immutable,
    ReasonCode.SCHEMA_NOT_EXCHANGEABLE: "the schema of an {type} dataset cannot be replaced",
    ReasonCode.OTHER_DOMAIN: "a dataset cannot move to a schema of another domain",
    ReasonCode.NOT_A_DATASET_RECORD: '"{name}" is not the record name of a dataset type',
    ReasonCode.NO_SUCCESSOR: "no successor is possible: {why}",
    ReasonCode.RECREATE_TO_REPLACE: _recreate,
    ReasonCode.SUCCESSOR_TO_REPLACE: "or set `lifecycle: {{replace: successor}}` to create a new one under another ARN",
    ReasonCode.GROUP_FULL: _full("its dataset group"),
    ReasonCode.REGION_FULL: _full("the region"),
    ReasonCode.OVER_QUOTA: _over_quota,
    ReasonCode.NO_ROOM_BUT_USED: "it is in use; delete another one first",
    ReasonCode.NO_ROOM_RECREATED: "recreated instead; to avoid the outage, delete another one or raise the quota",
    ReasonCode.RAISE_QUOTA: "delete another one or raise the quota",
    ReasonCode.BASE_RECREATED: "it depends on {address}, which is recreated",
    ReasonCode.RECREATE_ALONG: "set `lifecycle: {{replace: recreate}}` to delete and recreate it too",
    ReasonCode.PROTECTED: "protected by lifecycle.protect",
    ReasonCode.PROTECTED_BY_TAG: (
        "protected in the account; apply `lifecycle: {{protect: false}}` first, without this change"
    ),
    ReasonCode.PROTECTED_UNDECLARED: (
        "protected in the account; to delete it, restore its document with `lifecycle: {{protect: false}}`, apply, "
        "then remove the document"
    ),
    ReasonCode.PROTECTION_LIFTED: "no longer protected",
    ReasonCode.PROTECTED_RUN: "{address} would be deleted with it and is protected by lifecycle.protect",
    ReasonCode.REPLACE_REQUESTED: "--replace",
    ReasonCode.RUN_LEFT_ALONE: "{address} would be deleted with it and has `manage: {manage}`",
    ReasonCode.COLUMNS_ADDED: (
        "{columns}: usable in filters after the next import; "
        "existing recommenders and solutions do not train on new columns"
    ),
    ReasonCode.CATCH_UP: "  {address}: {how}",
    ReasonCode.NEVER_RAN: "never ran",
    ReasonCode.SERVICE_RUN_IN_PROGRESS: "the service started the same training automatically: status is {status}",
    ReasonCode.TOO_OLD: "the newest successful run is older than {every}",
    ReasonCode.DATA_CHANGED: "input data changed",
    ReasonCode.FEEDING_RUN_DUE: "{runs} runs again",
    ReasonCode.INPUTS_CHANGED: "its configuration or a reference changed",
    ReasonCode.INPUT_FIELDS_CHANGED: lambda fields: f"{_names(fields)} changed",
    ReasonCode.INPUT_REPLACED: "a resource that it refers to is replaced",
    ReasonCode.STOPPED_BY_HAND: "the last attempt was stopped, and the run is still declared",
    ReasonCode.LAST_ATTEMPT_FAILED: "the last attempt ended with {status}: {failure}",
    ReasonCode.RERUN_REQUESTED: "--rerun",
    ReasonCode.NO_INPUT_DATA: "no object found at {location}",
    ReasonCode.PREREQUISITE_MISSING: "{what} must succeed first, and none is declared",
    ReasonCode.ROWS_OVERWRITTEN: (
        "{address}: its rows are overwritten and it does not run again; include them in this import, or rename it"
    ),
    ReasonCode.UNDECLARED: "no longer declared",
    ReasonCode.RETAINED: "retained (lifecycle.onRemove)",
    ReasonCode.RETAINED_WITH: "retained with {user}, which refers to it",
    ReasonCode.ALL_UNDECLARED: "no owned object is declared, so nothing is pruned; `destroy` deletes everything",
    ReasonCode.DESTROY_REQUESTED: "destroy",
    ReasonCode.NOT_OURS_TO_DESTROY: "{name} belongs to project {owner}; only that project deletes it",
    ReasonCode.FORGET_REQUESTED: "requested by --forget; the object stays in the account",
    ReasonCode.REPLACED_BY: "{name} is replaced by {successor}",
    ReasonCode.KEPT_WHILE_PROTECTED: "stays while lifecycle.protect is on",
    ReasonCode.KEPT_OLDER_IN_USE: "the replacement is older, so it stays until lifecycle.retireAfter is removed",
    ReasonCode.KEPT_FOR: _left,
    ReasonCode.KEPT_IN_USE: "{name} stays because {user} uses it",
    ReasonCode.USED_BY_BLOCKED: "{user} uses it and is blocked",
    ReasonCode.USED_BY: "{user} uses it and stays; delete {user} first",
    ReasonCode.RETIRE_LATER: "or move it while `lifecycle: {{retireAfter: 7d}}` keeps the old one",
    ReasonCode.STOPPED_FIRST: "{run} is in progress: it is stopped first, and billed until then",
    ReasonCode.TOO_MANY_DELETES: (
        "{deletes} deletions, replacements included, and limits.maxDeletes of target {target} allows {allowed}; "
        "if every deletion is intended, raise the limit in the project file"
    ),
    ReasonCode.TOO_MANY_PRUNED: (
        "prune would delete {deletes} of {owned} owned resources, more than {percent}%; "
        "if every deletion is intended, set limits.maxDeletes of target {target} to {needed}"
    ),
    ReasonCode.NOT_DECLARED: _not_declared,
    ReasonCode.CANNOT_RUN_AGAIN: "{kind} is not a run, so it cannot run again",
    ReasonCode.NEVER_CHANGED: "it has `manage: {manage}`, so it is not changed",
    ReasonCode.NEVER_REPLACED: "{kind} runs once and is never replaced",
    ReasonCode.RERUN_INSTEAD: "pass --rerun {runs}",
    ReasonCode.UNKNOWN_ADDRESS: _unknown_address,
    ReasonCode.NEEDED_BY: "--only {address} needs it",
    ReasonCode.REPLACE_INSTEAD: "pass --replace {address} to create it again",
    ReasonCode.PLAN_EDITED: "the file was edited after it was written",
    ReasonCode.MANIFESTS_DIFFER: "the manifests differ",
    ReasonCode.MEMBER_DIFFERS: "{member} differs",
    ReasonCode.CHANGE_DIFFERS: "{address} is not as saved (now: {action})",
    ReasonCode.NOT_IN_SAVED_PLAN: "{address} is not in the plan (now: {action})",
    ReasonCode.NEITHER_PENDING_NOR_DONE: "{address} is neither pending nor done ({action})",
    ReasonCode.STILL_DECLARED: "it is declared at {source}; remove that document from the manifests first",
    ReasonCode.TARGET_LEFT_ALONE: "target {target} has `manage: {manage}`, so nothing in its account is changed",
    ReasonCode.UNKNOWN_KIND: _unknown_kind,
    ReasonCode.NOT_TAGGABLE: "{kind} cannot be tagged, so there is nothing to forget",
    ReasonCode.NOT_OWNED: _not_owned,
    ReasonCode.NO_WRITE_EVENT: "CloudTrail has no matching write among the newest of the last 90 days",
    ReasonCode.TRAIL_UNREADABLE: "{error}",
    ReasonCode.MISSING: "declared, not in the account",
    ReasonCode.CHANGED_IN_ACCOUNT: "changed in the account",
    ReasonCode.CHANGED_IN_MANIFESTS: "changed in the manifests since the last apply",
    ReasonCode.NEVER_SEEN: "declared, and not created yet",
    ReasonCode.UNDECLARED_MEMBERS: _undeclared,
    ReasonCode.NOT_ASKED: "no request in the last {days} days",
    ReasonCode.UNMANAGED_IN_GROUP: "in dataset group {group}, and neither declared nor owned by a project",
    ReasonCode.TRAINED_AUTOMATICALLY: _trained,
    ReasonCode.BASELINE_EXPIRED: (
        "an entry of the baseline ended on {until}: {why}; repair the drift or extend the entry"
    ),
    ReasonCode.NOT_READ: "not read: {cause}",
    ReasonCode.NEEDS_UNREAD: "it needs {address}, which could not be checked",
    ReasonCode.NOT_VISIBLE_YET: "not visible yet",
    ReasonCode.NO_FREE_SLOT: "waiting for a free slot",
    ReasonCode.QUOTA_NOT_FREE_YET: "waiting for a deletion that frees the quota",
    ReasonCode.LOOKING_AGAIN: "checking again for an earlier run in {wait}, before it is paid for",
    ReasonCode.ANNOUNCED_NOT_SEEN: "an earlier apply may have started it; looking for it for up to {wait}",
    ReasonCode.NOTHING_WAS_BOUGHT: "announced {since} ago and never started; starting it now",
    ReasonCode.NOT_LISTED_YET: "ended; waiting until a list shows it",
    ReasonCode.SECOND_UPDATE: "second of two updates",
    ReasonCode.DISAPPEARED: "the object disappeared during the wait",
    ReasonCode.NO_ANSWER: "no answer for {elapsed}, so its state is unknown; the last error: {message}",
    ReasonCode.WAITS_FOR_ANSWER: "waits up to {limit} for an answer ({message})",
    ReasonCode.CREDENTIALS_EXPIRED: "waits up to {limit} for renewed credentials ({message})",
    ReasonCode.UNANSWERED: "without an answer to its call",
    ReasonCode.STILL_IN_PROGRESS: "still {status} after {elapsed}",
    ReasonCode.STILL_REFUSED: "still refused after {elapsed}: {message}",
    ReasonCode.NOT_AS_UPDATED: "the service returns other values than the update sent",
    ReasonCode.REPLACED_SINCE_PLAN: "replaced since the plan: {how}; the call was not sent",
    ReasonCode.NAME_TAKEN_AGAIN: "deleted, and another object named {name} was created since",
    ReasonCode.NOT_DELETED: "the service accepted the deletion, but the status is still {status}",
    ReasonCode.ENDED: "{status}: {failure}",
    ReasonCode.UPDATE_ENDED: "the update ended with {status}: {failure}",
}
"""Sentences of plans, drift and apply."""

FACTS: Mapping[Code, str] = {
    Fact.LOSES_GROUP: "everything in it: datasets, streamed events, trained versions, endpoints",
    Fact.LOSES_DATA: "every imported row and streamed event",
    Fact.LOSES_USERS: "every row of the users it names",
    Fact.LOSES_TRACKING_ID: "the tracking id that applications send events with",
    Fact.LOSES_METRICS: "its metrics and their reports",
    Fact.LOSES_VERSIONS: "its trained versions",
    Fact.LOSES_ENDPOINT: "the endpoint that applications call for recommendations",
    Fact.BILLS_WHILE_EXISTING: "bills by the hour while it exists",
    Fact.BILLS_WHILE_RUNNING: "bills by the hour while it runs",
    Fact.BILLS_EACH_TRAINING: "each training is billed",
    Fact.BILLS_EACH_JOB: "each job is billed",
    Fact.BILLS_AUTOMATIC_TRAINING: "trains automatically, and each training is billed",
    Fact.RUNS_ONCE: "it runs once and is never changed",
    Fact.NO_UPDATE: "the service has no update operation for this kind",
    Fact.SCHEMA_IS_FIXED: "schemas are immutable",
    Fact.UPDATE_TAKES_SCHEMA: "an update only changes the schema",
    Fact.UPDATE_TAKES_METRICS: "an update only changes metrics and their output",
    Fact.UPDATE_TAKES_TRAINING_SETTINGS: "an update only changes automatic training, incremental updates and events",
    Fact.UPDATE_TAKES_RECOMMENDER_CONFIG: "an update only changes recommenderConfig",
    Fact.ONE_DATASET_PER_TYPE: "a dataset group holds one dataset of each type",
    Fact.ONE_TRACKER_PER_GROUP: "a dataset group holds one event tracker",
    Fact.ONE_ATTRIBUTION_PER_GROUP: "a dataset group holds one metric attribution",
    Fact.GROUP_HOLDS_EVERYTHING: "everything in the group would have to be created again",
    Fact.OLD_VERSION_SERVES: "the old version serves until the update is done",
    Fact.IMPORTS_WAIT: "imports wait until the update is done",
    Fact.BILLS_THROUGHPUT: "billed for at least that throughput while the campaign exists",
    Fact.BILLS_REQUEST_RATE: "billed for at least that request rate while the recommender runs",
    Fact.BILLS_METADATA: "metadata in recommendations is billed extra",
    Fact.BILLS_METADATA_EXCEPT_V2: "metadata in recommendations is billed extra, except with v2 recipes",
    Fact.RETRAINS: "trains the recommender from scratch; the old model serves meanwhile",
    Fact.STOPPING_ENDS_SERVICE: "while stopped it serves no requests, is not billed and is not retrained",
    Fact.STARTING_BILLS: "while running it is billed and retrained; it starts with its last model",
    Fact.TRAINS_WITHIN_THE_HOUR: "switching it on starts a training within the hour",
    Fact.SCHEDULE_TRAINS: "a changed schedule starts a training within the hour",
    Fact.BILLS_INCREMENTAL_UPDATES: "each incremental update is billed extra",
    Fact.FROM_NEXT_TRAINING: "applies from the next training; existing versions stay as they are",
    Fact.CLOUDWATCH_BILLS: "CloudWatch bills each metric by the month once events arrive",
    Fact.METRIC_PAUSES: (
        "a changed metric is removed by one update and added by the next, and counts nothing in between"
    ),
    Fact.SAME_RESULTS: "the new expression lets the same results pass",
    Fact.FEWER_RESULTS: "the new expression is narrower: fewer results can pass",
    Fact.MORE_RESULTS: "the new expression is wider: more results can pass",
    Fact.OTHER_RESULTS: "the new expression is different: neither narrower nor wider than the old one",
    Fact.RETRAIN_RECOMMENDER: (
        "to train on new columns, change recommenderConfig.trainingDataConfig, which retrains it"
    ),
    Fact.REPLACE_SOLUTION: (
        "to train on new columns, change solutionConfig.trainingDataConfig (a successor), or declare another solution"
    ),
    Fact.EXTEND_CSV_FILES: "its CSV files need the new columns from the next import on",
    Fact.OVERWRITES_IMPORTS: "overwrites the rows of earlier imports",
    Fact.NEEDS_FULL_IMPORT: "a FULL import of its dataset",
    Fact.NEEDS_FULL_TRAINING: "a FULL training of its solution",
}
"""Sentences about kinds, as parts of others."""

SENTENCES: Mapping[Code, Sentence] = {**PLAN, **FACTS, **PROBLEMS, **CONVERSIONS}
"""The sentence of every code. A test checks that none is missing and that every placeholder has a parameter."""


def text(reason: Reason) -> str:
    """Return the sentence of a reason, without a full stop."""
    sentence = SENTENCES[reason.code]
    if callable(sentence):
        return sentence(**reason.params)
    return sentence.format(**{name: shown(value) for name, value in reason.params.items()})


def message(problem: Problem[Source]) -> str:
    """Return the field of a problem, and its sentence."""
    character = "" if problem.character is None else f"character {problem.character}"
    place = ", ".join(filter(None, [str(problem.field), character]))
    return f"{place}: {text(problem.reason)}" if place else text(problem.reason)


def full_text(reason: Reason, suggestion: Reason | None) -> str:
    """Return the sentence of a reason, and what to do about it."""
    return joined([reason, suggestion] if suggestion else [reason])


def joined(reasons: Iterable[Reason]) -> str:
    """Return the sentences of several reasons in one line."""
    return "; ".join(map(text, reasons))


def shown(value: Any) -> str:
    """Return a parameter as it appears in a sentence; several values are joined by commas."""
    match value:
        case Reason():
            return text(value)
        case Code():
            return text(Reason(value))
        case Enum():
            return str(value.value)
        case timedelta():
            return span(value.total_seconds())
        case bool():
            return str(value).lower()
        case int():
            return f"{value:,}"
        case tuple() if not isinstance(value, Path):
            separator = "; " if all(isinstance(one, Reason) for one in value) else ", "
            return separator.join(shown(one) for one in value)
        case _:
            return str(value)
