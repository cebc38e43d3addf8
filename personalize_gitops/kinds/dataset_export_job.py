"""An export: writes the rows of a dataset to S3 once."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from personalize_gitops.kinds.types import Reference, RoleArn, S3Data, typical
from personalize_gitops.model.resource import Run
from personalize_gitops.model.structure import Default, Ref, Structure


class JobOutput(Structure):
    """The location of the output."""

    s3_data_destination: S3Data


class DatasetExportJob(Run):
    """Described in docs/service/2 §3.5 and 4 §2.5."""

    durations = typical("DatasetExportJob")
    name_member: ClassVar[str] = "jobName"
    after: ClassVar = ("DatasetImportJob", "DataDeletionJob")  # so that the export contains their result
    data_from: ClassVar[str | None] = "DatasetImportJob"

    dataset: Annotated[Reference, Ref("Dataset")]
    ingestion_mode: Annotated[Literal["BULK", "PUT", "ALL"] | None, Default("PUT")] = None
    role_arn: RoleArn
    job_output: JobOutput
