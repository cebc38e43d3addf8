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
