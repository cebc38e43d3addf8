"""Every check of `validate`, under the code that people and configurations use, such as PG401.

PG0xx are about files and documents, PG1xx about schemas, PG2xx about dataset groups and datasets, PG3xx about filters,
PG4xx about solutions and their versions, PG5xx about campaigns and recommenders, PG6xx about imports, exports,
deletions and batch jobs, PG7xx about event trackers and metric attributions, PG8xx about quotas, regions and names, and
PG9xx about the rows of data files. A code keeps its meaning for ever: a check that goes leaves a gap.
"""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.model.problem_codes import FieldsCode, ManifestCode, ValueCode
from personalize_gitops.model.reason import Code, Explained


class Check(Explained):
    """The checks; each has one example in `tests/lint/examples`."""

    @property
    def fixed(self) -> bool:
        """Whether neither a project nor a comment can change its severity: nothing can work with what it refuses."""
        return self.startswith("PG0") and self not in _SETTABLE

    PG001 = "PG001", "A file can be read, and its text is UTF-8."
    PG002 = "PG002", "A file is valid YAML."
    PG003 = "PG003", "A document uses only the YAML that manifests support."
    PG004 = "PG004", "A mapping has each field once."
    PG005 = "PG005", "A document is a mapping with a kind that exists."
    PG006 = "PG006", "A kind and name are declared once."

    PG010 = "PG010", "A field exists."
    PG011 = "PG011", "A required field has a value."
    PG012 = "PG012", "A value has the type of its field."
    PG013 = "PG013", "A value is one of those that its field allows."
    PG014 = "PG014", "A text has the form that its field expects, such as an ARN, a name or a duration."
    PG015 = "PG015", "A text, list or mapping is neither too short nor too long."
    PG016 = "PG016", "A number is within its range."
    PG017 = "PG017", "Fields that depend on each other fit together."
    PG018 = "PG018", "A field has an effect on documents of the kind."
    PG019 = "PG019", "A path of `lifecycle` leads to a field."

    PG020 = "PG020", "A document refers only to resources that are declared."
    PG021 = "PG021", "A reference has a valid form and leads to the right kind."
    PG022 = "PG022", "An earlier name is of the same kind and no longer declared."

    PG030 = "PG030", "Tags are accepted by AWS and not reserved."

    PG040 = "PG040", "The manifests have one project."
    PG041 = "PG041", "A target exists."
    PG042 = "PG042", "A file that belongs to a target or the project lies where it has an effect."
    PG043 = "PG043", "A patch changes a declared document."
    PG044 = "PG044", "A secret is taken from the environment."

    PG050 = "PG050", "A variable is declared in the project, and not by itself."
    PG051 = "PG051", "An environment variable is set."

    PG060 = "PG060", "A comment or setting about checks names a check whose severity can be set, and why."
    PG061 = "PG061", "A comment that ignores a check is needed."

    PG070 = "PG070", "A field is one that this version knows, or is in `extra`."
    PG071 = "PG071", "A field in `extra` is one that the service has and this version does not know."
    PG072 = "PG072", "Files, aliases and variables stay within limits that no real project reaches."
    PG073 = (
        "PG073",
        "A file belongs to the project, and no link leads out of its folders or back into itself.",
    )

    PG101 = "PG101", "A schema has the form and the columns that its dataset type and domain need."

    PG201 = "PG201", "A dataset group has one dataset of each type and one event tracker."
    PG202 = "PG202", "The schema of a dataset is for the type of the dataset and the domain of its group."
    PG203 = "PG203", "The recipe of a solution is a custom recipe that can still be used."
    PG204 = "PG204", "A dataset group with a domain has no datasets of actions."

    PG301 = "PG301", "A filter expression can be parsed."
    PG302 = "PG302", "A filter expression uses datasets and fields as the service allows."
    PG303 = "PG303", "The filters of a dataset group use no more fields than the service allows."

    PG311 = "PG311", "A batch job uses a filter of its own dataset group."
    PG312 = "PG312", "The filter of a batch job fits the recipe of the job."
    PG313 = "PG313", "Some solution or recommender of its dataset group can use a filter."
    PG314 = "PG314", "A filter names event types as other documents of its dataset group do."

    PG401 = "PG401", "A solution sets only parameters that its recipe has."
    PG402 = "PG402", "The parameters of a solution have values that the recipe allows."
    PG403 = "PG403", "A solution tunes hyperparameters only with a recipe that can be tuned on request."
    PG404 = "PG404", "`performHPO` and the ranges to search come together."
    PG405 = "PG405", "Ranges are for hyperparameters that the recipe can tune, in the list of their type."
    PG406 = "PG406", "A range to search lies within the range that the recipe allows."
    PG407 = "PG407", "The jobs of a tuning are within the limits of the service."
    PG408 = "PG408", "`hpoObjective` is not used: the service does not support it."
    PG409 = "PG409", "A solution has an additional objective only with a recipe that takes one."

    PG410 = "PG410", "The additional objective is a numeric column of the items that does not accept null."
    PG411 = "PG411", "The events to train on are selected by columns that the interactions have."
    PG412 = "PG412", "The threshold of the event value is a number, and applies to an event type."
    PG413 = "PG413", "Several event types are weighted only with a recipe that does so, and in one place."
    PG414 = "PG414", "The columns to train on exist and can be chosen."
    PG415 = "PG415", "The dataset group has the datasets that the recipe needs."
    PG416 = "PG416", "The Items dataset has the columns that the recipe needs."
    PG417 = "PG417", "A recipe for actions is used in a dataset group without a domain."
    PG418 = "PG418", "A training with mode UPDATE uses a recipe that supports it."
    PG419 = "PG419", "A training with mode UPDATE has a FULL training of its solution before it."

    PG420 = "PG420", "A solution updates incrementally only with a recipe that supports it."
    PG421 = "PG421", "The schedule of automatic training is valid, and automatic training is on."
    PG422 = "PG422", "AutoML is not used: its recipes are no longer available."
    PG423 = "PG423", "A training does not run more often than the automatic training of its solution."
    PG424 = "PG424", "A campaign moves to the versions that automatic training makes."
    PG425 = "PG425", "The bounds that select what a solution trains on leave something."
    PG426 = "PG426", "A hyperparameter is either set or searched, and searched once."

    PG501 = "PG501", "The recipe of a campaign has real-time recommendations."
    PG502 = "PG502", "Exploration is configured only with a recipe that takes a configuration."
    PG503 = "PG503", "The settings of exploration exist and have values that the recipe allows."
    PG504 = "PG504", "Recommendations have item metadata only where there are items."
    PG505 = "PG505", "Ranking influence is configured only with a recipe that takes it."
    PG506 = "PG506", "The recipe of a recommender is a use case."
    PG507 = "PG507", "The use case of a recommender is one of the domain of its dataset group."
    PG508 = "PG508", "The provisioned throughput is no more than the service answers by default."
    PG509 = "PG509", "The event types that a use case needs are written alike everywhere in its dataset group."

    PG601 = "PG601", "An import reads a CSV file, or a folder whose name ends in a slash."
    PG602 = "PG602", "An INCREMENTAL import comes after a FULL import of its dataset."
    PG603 = "PG603", "An import that publishes metrics has a metric attribution with a folder."

    PG611 = "PG611", "An export is of a dataset type that can be exported."
    PG612 = "PG612", "An export writes to a folder."

    PG621 = "PG621", "A data deletion reads a CSV file, or a folder whose name ends in a slash."

    PG631 = "PG631", "The recipe of a batch inference job supports batch inference."
    PG632 = "PG632", "A batch inference job reads files and writes to another folder."
    PG633 = "PG633", "A batch inference job asks for as many results as the service gives."
    PG634 = "PG634", "Themes have a recipe, a region and columns that they can be made with."

    PG641 = "PG641", "The recipe of a batch segment job is for user segmentation."
    PG642 = "PG642", "A batch segment job reads files and writes to another folder."
    PG643 = "PG643", "A batch segment job asks for as many users as the service gives."

    PG701 = "PG701", "A dataset group has one metric attribution."
    PG702 = "PG702", "A metric attribution has interactions with event types."
    PG703 = "PG703", "The metrics of an attribution have different names."
    PG704 = "PG704", "The expression of a metric is a sum over a column or a count."
    PG705 = "PG705", "A metric sums a numeric column that exists."
    PG706 = "PG706", "The reports of a metric attribution have a folder."
    PG707 = "PG707", "The dataset group of an event tracker has interactions, to which the events are added."

    PG801 = "PG801", "A dataset group or region has no more resources of a kind than the quota."
    PG802 = "PG802", "Two targets in one account and region create objects of different names."
    PG803 = "PG803", "The region of a target offers the service."
    PG804 = "PG804", "A target has own quotas only where Service Quotas can raise them."
    PG805 = "PG805", "The roles, keys and resources that are given by ARN are of the account and region of the target."

    # Checks of `validate --data`.
    PG901 = "PG901", "An import has files, and they are CSV text in UTF-8."
    PG902 = "PG902", "A data file has the columns of the schema."
    PG903 = "PG903", "A row of a data file has a value for each column that needs one."
    PG904 = "PG904", "The values of a data file are of the types and in the ranges of their columns."
    PG905 = "PG905", "Ids, categories and texts in a data file are no longer than the service allows."
    PG906 = "PG906", "Times in a data file are in seconds, and events are not in the future."
    PG907 = "PG907", "Texts in a data file have no line breaks and are no reserved keywords."
    PG908 = "PG908", "An import of interactions has enough of them."
    PG911 = "PG911", "The interactions suffice for the trainings that are declared."
    PG912 = "PG912", "The interactions have the event types that documents and use cases name."
    PG913 = "PG913", "A categorical column has no more categories than the guide advises."
    PG914 = "PG914", "The interactions have no more event types than their columns leave room for."
    PG921 = "PG921", "The input of a batch job has lines of the form that its recipe and its filter need."
    PG922 = "PG922", "The input of a batch job has no more lines than the service reads."


_SETTABLE = frozenset({Check.PG061, Check.PG070})

_OF_CODES: Mapping[Check, tuple[Code, ...]] = {
    Check.PG001: (ManifestCode.UNREADABLE_FILE, ManifestCode.FILE_NOT_UTF8, ManifestCode.INVALID_FILE_NAME),
    Check.PG002: (ManifestCode.INVALID_YAML, ManifestCode.INVALID_YAML_CHARACTER, ManifestCode.UNQUOTED_VARIABLE),
    Check.PG003: (
        ManifestCode.ALIAS_OF_ITSELF,
        ManifestCode.NESTED_TOO_DEEPLY,
        ManifestCode.UNSUPPORTED_TAG,
        ManifestCode.FIELD_NAME_NOT_TEXT,
        ManifestCode.INVALID_MERGE,
    ),
    Check.PG004: (ManifestCode.DUPLICATE_FIELD,),
    Check.PG005: (ManifestCode.NOT_A_DOCUMENT, ManifestCode.KIND_IS_MISSING, ManifestCode.NO_SUCH_KIND),
    Check.PG006: (ManifestCode.DECLARED_TWICE,),
    Check.PG010: (ValueCode.UNKNOWN_FIELD,),
    Check.PG011: (ValueCode.REQUIRED_FIELD,),
    Check.PG012: (ValueCode.WRONG_TYPE, ValueCode.INVALID_VALUE, ValueCode.INVALID_JSON),
    Check.PG013: (ValueCode.NOT_A_CHOICE, ValueCode.UNKNOWN_DATASET_TYPE, ValueCode.UNKNOWN_RECIPE),
    Check.PG014: (
        ValueCode.WRONG_FORM,
        ValueCode.INVALID_DURATION,
        ValueCode.NOT_A_DAY,
        ValueCode.NOT_AN_ADDRESS,
        ValueCode.INVALID_LOCK,
        ValueCode.INVALID_RECIPE_ARN,
    ),
    Check.PG015: (
        ValueCode.TEXT_TOO_LONG,
        ValueCode.TEXT_TOO_SHORT,
        ValueCode.TOO_MANY_ENTRIES,
        ValueCode.TOO_FEW_ENTRIES,
        ManifestCode.AWS_NAME_TOO_LONG,
    ),
    Check.PG016: (
        ValueCode.BELOW_MINIMUM,
        ValueCode.ABOVE_MAXIMUM,
        ValueCode.OUT_OF_RANGE,
        ValueCode.MINIMUM_ABOVE_MAXIMUM,
    ),
    Check.PG017: tuple(FieldsCode),
    Check.PG018: (ManifestCode.NOT_A_RUN, ManifestCode.UNTAGGABLE_KIND, ManifestCode.NEVER_PRUNED),
    Check.PG019: (ManifestCode.INVALID_PATH, ManifestCode.UNKNOWN_FIELD_IN_PATH),
    Check.PG020: (ManifestCode.UNDECLARED_REFERENCE,),
    Check.PG021: (
        ManifestCode.REFERENCE_OF_OTHER_KIND,
        ManifestCode.ARN_OF_OTHER_KIND,
        ManifestCode.INVALID_REFERENCE,
    ),
    Check.PG022: (
        ManifestCode.RENAMED_WITHOUT_TAGS,
        ManifestCode.RENAMED_FROM_OTHER_KIND,
        ManifestCode.RENAMED_STILL_DECLARED,
        ManifestCode.RENAMED_TWICE,
        ManifestCode.RENAMED_TO_ITSELF,
    ),
    Check.PG030: (
        ManifestCode.TOO_MANY_TAGS,
        ValueCode.TAG_RESERVED_BY_AWS,
        ValueCode.TAG_RESERVED_FOR_OWNERSHIP,
        ValueCode.TAG_TOO_LONG,
        ValueCode.TAG_CHARACTERS,
    ),
    Check.PG040: (
        ManifestCode.NO_MANIFESTS,
        ManifestCode.NO_PROJECT,
        ManifestCode.SECOND_PROJECT,
        ManifestCode.NO_FOLDER,
    ),
    Check.PG041: (ManifestCode.NO_TARGET, ManifestCode.UNKNOWN_TARGET),
    Check.PG042: (ManifestCode.BASELINE_ELSEWHERE, ManifestCode.SHARED_STATE),
    Check.PG043: (ManifestCode.PATCH_WITHOUT_NAME, ManifestCode.PATCH_WITHOUT_DOCUMENT),
    Check.PG044: (ValueCode.LITERAL_URL,),
    Check.PG050: (
        ManifestCode.UNKNOWN_VARIABLE,
        ManifestCode.VARIABLE_OF_ITSELF,
        ManifestCode.UNTERMINATED_VARIABLE,
    ),
    Check.PG051: (ManifestCode.UNSET_ENVIRONMENT_VARIABLE,),
    Check.PG060: (ManifestCode.IGNORE_WITHOUT_REASON, ValueCode.UNKNOWN_CHECK, ValueCode.FIXED_CHECK),
    Check.PG061: (ManifestCode.UNUSED_IGNORE,),
    Check.PG070: (ValueCode.NEWER_MEMBER,),
    Check.PG071: (ValueCode.KNOWN_IN_EXTRA, ValueCode.UNKNOWN_TO_SERVICE),
    Check.PG072: (
        ManifestCode.TOO_MANY_NODES,
        ManifestCode.TOO_MANY_ALIASES,
        ManifestCode.TOO_MANY_FOLDERS,
        ManifestCode.FILE_TOO_LARGE,
        ManifestCode.VARIABLES_TOO_LONG,
        ManifestCode.TOO_MUCH_TEXT,
    ),
    Check.PG073: (ManifestCode.FILE_OUTSIDE, ManifestCode.NOT_A_FILE, ManifestCode.LINK_TO_ITSELF),
}
"""The reasons that mean the same check wherever they are found. A check of `lint` names itself instead."""

CHECKS: Mapping[Code, Check] = {code: check for check, codes in _OF_CODES.items() for code in codes}
"""The check of each reason of files, documents, values and fields."""


def codes_of(check: Check) -> tuple[Code, ...]:
    """Return the reasons of a check of files, documents, values and fields; none for a check of `lint`."""
    return _OF_CODES.get(check, ())
