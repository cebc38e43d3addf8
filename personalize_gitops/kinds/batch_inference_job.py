"""Batch inference: recommendations for many users or items at once, written to S3."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from personalize_gitops.kinds.batch import BatchJob
from personalize_gitops.kinds.types import (
    EXPLORATION,
    ColumnName,
    Parameters,
    RankingInfluence,
    most_in_progress,
    typical,
)
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.structure import Default, Structure


class BatchInferenceJobConfig(Structure):
    """How recommendations are computed."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    ranking_influence: RankingInfluence | None = None


class FieldsForThemeGeneration(Structure):
    """The columns that themes are generated from."""

    item_name: ColumnName


class ThemeGenerationConfig(Structure):
    """The settings of theme generation."""

    fields_for_theme_generation: FieldsForThemeGeneration


class BatchInferenceJob(BatchJob):
    """Described in docs/service/2 §11 and 4 §2.13."""

    durations = typical("BatchInferenceJob")
    most_in_progress = most_in_progress("BatchInferenceJob")
    billing: ClassVar[Fact | None] = Fact.BILLS_EACH_JOB

    batch_inference_job_config: BatchInferenceJobConfig | None = None
    batch_inference_job_mode: Annotated[
        Literal["BATCH_INFERENCE", "THEME_GENERATION"] | None, Default("BATCH_INFERENCE")
    ] = None
    theme_generation_config: ThemeGenerationConfig | None = None
