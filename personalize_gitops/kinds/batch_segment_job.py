"""Batch segments: the users most likely to care for an item or an attribute, written to S3."""

from __future__ import annotations

from typing import ClassVar

from personalize_gitops.kinds.batch import BatchJob
from personalize_gitops.kinds.types import typical


class BatchSegmentJob(BatchJob):
    """Described in docs/service/2 §12 and 4 §2.14."""

    takes = typical("BatchSegmentJob")
    costs: ClassVar[str] = "each job is billed"
