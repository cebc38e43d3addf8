"""What batch inference and batch segments share: files of questions in S3, files of answers beside them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import model_validator

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, VersionReference, invalid
from personalize_gitops.model.resource import Run
from personalize_gitops.model.structure import Attributes, Default, Ref, Structure


class JobInput(Structure):
    """Where the questions are: JSON lines."""

    s3_data_source: S3Data


class JobOutput(Structure):
    """Where the answers go."""

    s3_data_destination: S3Data


class BatchJob(Run):
    """The members both kinds have."""

    name_member: ClassVar[str] = "jobName"
    after: ClassVar = ("DataDeletionJob",)  # which wants no batch job beside it (docs/service/3 §3.4)

    solution_version: Annotated[VersionReference, Ref("SolutionVersion")]
    filter: Annotated[Reference, Ref("Filter")] | None = None
    num_results: Annotated[int | None, Default(25)] = None
    job_input: JobInput
    job_output: JobOutput
    role_arn: RoleArn

    @model_validator(mode="after")
    def _elsewhere(self) -> BatchJob:
        """The service refuses to write where it reads (docs/service/3 §9)."""
        if self.job_input.s3_data_source.path == self.job_output.s3_data_destination.path:
            raise invalid("jobOutput has to be another place than jobInput")
        return self

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """The questions it reads."""
        location: str = attributes["jobInput"]["s3DataSource"]["path"]
        return location
