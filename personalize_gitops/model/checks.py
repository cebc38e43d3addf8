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
    PG403 = "PG403", "A solution tunes hyperparameters only with a recipe that can be tuned on request."
    PG404 = "PG404", "`performHPO` and the ranges to search come together."
    PG405 = "PG405", "Ranges are for hyperparameters that the recipe can tune."
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

    PG501 = "PG501", "The recipe of a campaign has real-time recommendations."
    PG502 = "PG502", "Exploration is configured only with a recipe that takes a configuration."
    PG503 = "PG503", "The settings of exploration exist and have values that the recipe allows."
    PG504 = "PG504", "Recommendations have item metadata only where there are items."
    PG505 = "PG505", "Ranking influence is configured only with a recipe that takes it."
    PG506 = "PG506", "The recipe of a recommender is a use case."
    PG507 = "PG507", "The use case of a recommender is one of the domain of its dataset group."
    PG508 = "PG508", "The provisioned throughput is no more than the service answers by default."
    PG509 = "PG509", "The event types that a use case needs are written alike everywhere in its dataset group."
