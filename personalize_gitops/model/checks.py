"""Every check of `validate`, under the code that people and configurations use, such as PG401.

PG0xx are about files and documents, PG1xx about schemas, PG2xx about dataset groups and datasets, PG3xx about filters,
PG4xx about solutions and their versions, PG5xx about campaigns and recommenders, PG6xx about imports, exports,
deletions and batch jobs, PG7xx about event trackers and metric attributions, PG8xx about quotas, regions and names, and
PG9xx about the rows of data files. A code keeps its meaning for ever: a check that goes leaves a gap.
"""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class Check(Code):
    """The checks; each has one example in `tests/lint/examples`."""

    PG101 = "PG101", "A schema has the form and the columns that its dataset type and domain need."

    PG201 = "PG201", "A dataset group has one dataset of each type and one event tracker."
    PG202 = "PG202", "The schema of a dataset is for the type of the dataset and the domain of its group."
    PG203 = "PG203", "The recipe of a solution is a custom recipe that can still be used."

    PG301 = "PG301", "A filter expression can be parsed."
    PG302 = "PG302", "A filter expression uses datasets and fields as the service allows."
    PG303 = "PG303", "The filters of a dataset group use no more fields than the service allows."

    PG401 = "PG401", "A solution sets only parameters that its recipe has."
    PG402 = "PG402", "The parameters of a solution have values that the recipe allows."

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

    PG801 = "PG801", "A dataset group or region has no more resources of a kind than the quota."
    PG802 = "PG802", "Two targets in one account and region create objects of different names."
    PG803 = "PG803", "The region of a target offers the service."
