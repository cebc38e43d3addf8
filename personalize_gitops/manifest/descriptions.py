"""What the fields of documents and of the project mean that are not members of the service, for editors."""

from __future__ import annotations

from collections.abc import Mapping

_REPLACE = "How a change is carried out that no update can make."
_VARIABLES = "Values that documents use as ${name}."

ENVELOPE: Mapping[str, str] = {
    "kind": "The kind of the resource.",
    "name": "The name of the document. With the prefix and suffix of the target it is the name in AWS.",
    "spec": "The members of the create request, with references instead of ARNs.",
    "renamedFrom": "The earlier Kind/name of the document, whose object moves to it.",
    "tags": "Tags of the object, added to those of the project.",
    "lifecycle": "What plans may do with the object.",
    "lifecycle.protect": "Never delete or replace the object, also when its document is removed.",
    "lifecycle.onRemove": "What prune does when the document is removed.",
    "lifecycle.manage": "full: compare and change; observe: compare only; paused: neither.",
    "lifecycle.replace": _REPLACE,
    "lifecycle.ignore": "Fields whose differences are ignored, such as spec.minProvisionedTPS or tags.team.",
    "lifecycle.adopt": "Manage an unmanaged object that has the name of the document.",
    "lifecycle.retireAfter": "How long an object that is replaced stays, such as 7d.",
    "lifecycle.bounds": "Numbers that others set within limits, such as spec.minProvisionedTPS: {min: 1, max: 20}.",
    "lifecycle.bounds.min": "The smallest value in the account that counts as no difference.",
    "lifecycle.bounds.max": "The largest value in the account that counts as no difference.",
    "run": "When the run is due again.",
    "run.when": "What makes the run due: another configuration (config), other input data (data), or both.",
    "run.every": "The age of the newest success that makes the run due, such as 7d.",
}
"""By path, of every document."""

PROJECT: Mapping[str, str] = {
    "kind": "The project has one document of this kind.",
    "name": "The name of the project, which is part of the ownership tags.",
    "renamedFrom": "The earlier name of the project, whose objects move to it.",
    "spec": "The settings of the project.",
    "spec.fileRoots": "Folders, relative to the project file, whose files `{file: …}` and links may lead to.",
    "spec.defaultTarget": "The target of commands without --target.",
    "spec.tags": "Tags that every object gets.",
    "spec.defaults": "Settings of documents that have none of their own.",
    "spec.defaults.replace": f"{_REPLACE} By kind, such as Filter: successor.",
    "spec.variables": _VARIABLES,
    "spec.lint": "The severities of checks, such as PG203: warning.",
    "spec.targets": "The accounts and emulators that the project is applied to, by name.",
    "spec.targets.emulator": "The embedded emulator instead of an account.",
    "spec.targets.emulator.state": "The folder of its state.",
    "spec.targets.emulator.buckets": "The folder with the objects of each bucket.",
    "spec.targets.account": "The id of the account; credentials for another one are refused.",
    "spec.targets.region": "The region.",
    "spec.targets.profile": "The profile of the credentials.",
    "spec.targets.assumeRole": "The role to assume.",
    "spec.targets.lock": "The object in S3 that locks the target, such as s3://bucket/locks/prod.json.",
    "spec.targets.endpointUrl": "The URL of a server instead of AWS, such as a running emulator.",
    "spec.targets.naming": "What is added to the names of documents.",
    "spec.targets.naming.prefix": "What names begin with.",
    "spec.targets.naming.suffix": "What names end with.",
    "spec.targets.variables": f"{_VARIABLES} They override those of the project.",
    "spec.targets.prune": "Delete objects of the project that are no longer declared.",
    "spec.targets.limits": "The limits of an apply and of the account.",
    "spec.targets.limits.maxDeletes": "The number of deletions beyond which an apply is refused.",
    "spec.targets.limits.waits": "The time that a step may take, by kind, such as {Campaign: {create: 2h}}.",
    "spec.targets.limits.quotas": "What Service Quotas allows in the account, by kind.",
    "spec.targets.manage": "What plans may do with objects: full, observe or paused.",
    "spec.targets.notify": "Who is notified: URLs from the environment, topics of SNS and event buses.",
    "spec.targets.notify.sns": "The ARN of a topic.",
    "spec.targets.notify.eventBus": "The name or ARN of an event bus.",
}
"""By path, of the project."""

NEWEST: Mapping[str, str] = {
    "solution": "The solution whose newest version is meant.",
    "version": "latest: the newest successful version at apply. $LATEST: the service follows by itself.",
}
"""Of the reference to the newest version of a solution."""

REFERENCE = "A name, a Kind/name or an ARN."
EXTRA = "Members of the service that this version does not know yet. They are sent and compared as they are."
STATE = "Whether the recommender is running or stopped. A stopped one is not billed and answers no requests."
