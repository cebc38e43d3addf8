"""A data deletion: removes users from the datasets of a group and from later trainings."""

from __future__ import annotations

from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import Reference, RoleArn, S3Location, most_in_progress, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Run
from personalize_gitops.model.structure import Attributes, Ref, Structure


class DataSource(Structure):
    """A CSV file of user ids, or a folder of them."""

    data_location: S3Location | None = None


class DataDeletionJob(Run):
    """Described in docs/service/3 §3.4 and 4 §2.15."""

    durations = typical("DataDeletionJob")
    most_in_progress = most_in_progress("DataDeletionJob")
    name_member: ClassVar[str] = "jobName"
    changes: ClassVar[str | None] = "datasetGroup"
    loses: ClassVar[Fact | None] = Fact.LOSES_USERS
    after: ClassVar = ("DatasetImportJob",)  # so that users in an import are deleted as well

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    data_source: DataSource
    role_arn: RoleArn

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """Return the location of the user ids."""
        location: str | None = attributes["dataSource"].get("dataLocation")
        return location
