"""Batch inference: recommendations for many users or items at once, written to S3."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from personalize_gitops.kinds.batch import BatchJob
from personalize_gitops.kinds.types import EXPLORATION, ColumnName, Parameters, RankingInfluence, invalid, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.structure import Default, Structure


class BatchInferenceJobConfig(Structure):
    """How the answers are made."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    ranking_influence: RankingInfluence | None = None


class FieldsForThemeGeneration(Structure):
    """The columns themes are made from."""

    item_name: ColumnName


class ThemeGenerationConfig(Structure):
    """What themes are made from."""

    fields_for_theme_generation: FieldsForThemeGeneration


class BatchInferenceJob(BatchJob):
    """Described in docs/service/2 §11 and 4 §2.13."""

    durations = typical("BatchInferenceJob")
    billing: ClassVar[Fact | None] = Fact.BILLS_EACH_JOB

    batch_inference_job_config: BatchInferenceJobConfig | None = None
    batch_inference_job_mode: Annotated[
        Literal["BATCH_INFERENCE", "THEME_GENERATION"] | None, Default("BATCH_INFERENCE")
    ] = None
    theme_generation_config: ThemeGenerationConfig | None = None

    @model_validator(mode="after")
    def _themes_need_their_column(self) -> BatchInferenceJob:
        """Themes are made from a column that has to be named (docs/service/2 §11.3)."""
        if self.batch_inference_job_mode == "THEME_GENERATION" and self.theme_generation_config is None:
            raise invalid("batchInferenceJobMode: THEME_GENERATION needs themeGenerationConfig")
        return self
