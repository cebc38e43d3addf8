"""A solution version: one training. It cannot be updated, and is deleted only together with its solution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from personalize_gitops.kinds.solution import Solution
from personalize_gitops.kinds.types import Reference, most_in_progress, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Resource, Run
from personalize_gitops.model.structure import Attributes, Default, Ref


class SolutionVersion(Run):
    """Described in docs/service/2 §3.9 and 4 §2.7. Only the service sets the mode AUTOTRAIN."""

    durations = typical("SolutionVersion")
    most_in_progress = most_in_progress("SolutionVersion")
    billing: ClassVar[Fact | None] = Fact.BILLS_EACH_TRAINING
    # Training wants every import finished (docs/service/2 §6.1), and a deletion no training (docs/service/3 §3.4).
    after: ClassVar = ("Dataset", "DatasetImportJob", "DataDeletionJob")
    data_from: ClassVar[str | None] = "DatasetImportJob"
    announced_on: ClassVar[type[Resource] | None] = Solution  # two may have one name (docs/service/4 §1.1)
    changes: ClassVar[str | None] = "solution"
    stop_operation: ClassVar[str | None] = "StopSolutionVersionCreation"  # docs/service/2 §3.9

    solution: Annotated[Reference, Ref("Solution")]
    training_mode: Annotated[Literal["FULL", "UPDATE"] | None, Default("FULL")] = None

    @classmethod
    def prerequisite(cls, attributes: Attributes) -> Fact | None:
        """Return a FULL training for an UPDATE, which needs it (docs/service/2 §3.9, 4 §4.6)."""
        return Fact.NEEDS_FULL_TRAINING if attributes.get("trainingMode") == "UPDATE" else None

    @classmethod
    def accepts_service_run(cls, attributes: Attributes) -> bool:
        """Automatic training makes full versions (docs/service/2 §8.1); an UPDATE is not one (docs/service/2 §3.9)."""
        return attributes.get("trainingMode") != "UPDATE"

    @classmethod
    def is_service_run(cls, summary: Mapping[str, Any]) -> bool:
        """Return whether automatic training created the version (docs/service/2 §5)."""
        return summary.get("trainingType") == "AUTOMATIC"
