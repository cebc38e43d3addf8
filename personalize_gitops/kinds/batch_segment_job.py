"""Batch segments: the users most likely to be interested in an item or an attribute, written to S3."""

from __future__ import annotations

from typing import ClassVar

from personalize_gitops.kinds.batch import BatchJob
from personalize_gitops.kinds.types import most_in_progress, typical
from personalize_gitops.model.facts import Fact


class BatchSegmentJob(BatchJob):
    """Described in docs/service/2 §12 and 4 §2.14."""

    durations = typical("BatchSegmentJob")
    most_in_progress = most_in_progress("BatchSegmentJob")
    billing: ClassVar[Fact | None] = Fact.BILLS_EACH_JOB
