"""The sentences about parts of the configuration of another system."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.model.conversion import ConversionCode as Conversion
from personalize_gitops.model.reason import Code

CONVERSIONS: Mapping[Code, str] = {
    Conversion.EVERY: "every {every}; the time of day is not kept: `apply --due` on a schedule decides when",
    Conversion.ANY_VALUE_MEANS_YES: "any value means yes",
    Conversion.ROOT_TAGS: "written to each resource that has no tags of its own",
    Conversion.NAME_MADE: "the system makes a new name at each run; this one is stable",
    Conversion.EMPTY_NOT_SENT: "left out: the system never sends an empty or false value, so the default of AWS holds",
    Conversion.TRAINS_AUTOMATICALLY: "true: the system leaves it out, and AWS trains automatically by default",
    Conversion.TRAINED_BY_CALL: "false: each run of the system trains once, and AWS need not train as well",
    Conversion.MADE_BY_SYSTEM: "the system creates it in any case",
    Conversion.SUCCESSOR: "{recipe} is retired; {successor} takes its place, with other parameters",
    Conversion.BY_CONVENTION: "by convention of the system; check whether the files are in {other}",
    Conversion.AFTER_UPLOAD: (
        "the system also runs it after an upload: write `run: {{when: [config, data]}}` once it is adopted"
    ),
    Conversion.KEPT_ON_REMOVAL: "as `lifecycle.onRemove`",
    Conversion.IN_PROJECT: "a variable of the project",
    Conversion.UNKNOWN_KEY: "the format has no such key",
    Conversion.UNKNOWN_MEMBER: "{kind} has no such member",
    Conversion.SCHEDULE_OFF: "`delete` turns the schedule off",
    Conversion.OTHER_SCHEDULE: "the schedule decides",
    Conversion.CREATES_ALWAYS: "a document says that the resource exists; remove the document where it should not",
    Conversion.NEVER_INCREMENTAL: "incremental mode never took effect in the system; imports are full",
    Conversion.AUTO_ML: "AutoML is deprecated: choose a recipe",
    Conversion.PARAMETER_OF_OTHER_RECIPE: "{recipe} does not have it",
    Conversion.UNTAGGABLE: "AWS cannot tag the kind",
    Conversion.OTHER_SERVICE: "{type} is not a resource of Personalize: leave it where it is",
    Conversion.SECTION: "the section describes no resource of Personalize",
    Conversion.READ_ONLY: "the service sets it",
    Conversion.ORDER_FOLLOWS: "references decide the order",
    Conversion.RUN_COMMAND: "`personalize-gitops {command}` does it",
    Conversion.EVENTS: "applications send events themselves, with the tracking id of the event tracker",
    Conversion.OF_THE_STACK: "it is about the other system",
    Conversion.ROLE_MISSING: (
        "set the variable `{variable}` to the role with which Personalize reads and writes files, or pass --role"
    ),
    Conversion.BUCKET_MISSING: "set the variable `{variable}` to the bucket of the system, or pass --bucket",
    Conversion.IRREGULAR: (
        "`{schedule}` has no fixed interval: choose `run.every`, or run `apply --rerun` on that schedule"
    ),
    Conversion.NOT_A_SCHEDULE: "`{schedule}` is not a schedule of the system: choose `run.every`",
    Conversion.NOT_AN_AGE: "`{age}` has no fixed length: choose `run.every`, such as 30d",
    Conversion.TRAINS_TWICE: (
        "AWS trains automatically beside the schedule, which is billed twice: set false, or remove `run.every`"
    ),
    Conversion.NO_UPDATE_MODE: (
        "{recipe} has no update training: remove the schedule, or choose aws-user-personalization"
    ),
    Conversion.CONFLICT: "{address} is declared with other values by another part; only the first is written",
    Conversion.NOT_DECLARED: "declare {address}, or write its complete ARN",
    Conversion.NO_ATTRIBUTION: "declare the MetricAttribution that publishes metrics, or remove the member",
    Conversion.PINNED_VERSION: "keep this version, or write `{{solution: NAME, version: latest}}`",
    Conversion.NO_RECIPE: "no recipe is named: {recipe} is written, check it",
    Conversion.NO_NAME: "the resource has no name: choose one",
    Conversion.NO_VALUE: "only the other system knows the value: set the variable `{variable}` of the project",
    Conversion.CONDITION: "the resource exists under a condition: keep the document, or move it to a patch of a target",
    Conversion.IMPORT_IT: "the file has only the ARN: import the resource from the account",
    Conversion.IMPORT_ACCOUNT: "the system takes every resource of the account and region: import them",
    Conversion.UNKNOWN_ROUTE: "the file is not named after a route: {routes}",
    Conversion.INVALID_SCHEMA: "the schema is not JSON: correct it",
}
