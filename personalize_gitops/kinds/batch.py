"""The members that batch inference jobs and batch segment jobs share: input and output files in S3."""

from __future__ import annotations

from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, VersionReference
from personalize_gitops.model.resource import Run
from personalize_gitops.model.structure import Attributes, Default, Ref, Structure


class JobInput(Structure):
    """The location of the input: JSON lines."""

    s3_data_source: S3Data


class JobOutput(Structure):
    """The location of the output."""

    s3_data_destination: S3Data


class BatchJob(Run):
    """The base of both kinds."""

    name_member: ClassVar[str] = "jobName"
    after: ClassVar = ("DataDeletionJob",)  # a deletion must not run beside a batch job (docs/service/3 §3.4)

    solution_version: Annotated[VersionReference, Ref("SolutionVersion")]
    filter: Annotated[Reference, Ref("Filter")] | None = None
    num_results: Annotated[int | None, Default(25)] = None
    job_input: JobInput
    job_output: JobOutput
    role_arn: RoleArn

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """Return the location of the input."""
        location: str = attributes["jobInput"]["s3DataSource"]["path"]
        return location
