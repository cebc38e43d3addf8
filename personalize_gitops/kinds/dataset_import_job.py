"""An import: reads CSV files from S3 into a dataset once."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from personalize_gitops.kinds.types import Reference, RoleArn, S3Location, most_in_progress, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Run
from personalize_gitops.model.structure import Attributes, Default, Ref, Structure


class DataSource(Structure):
    """A CSV file, or a folder of them with a trailing slash."""

    data_location: S3Location


class DatasetImportJob(Run):
    """Described in docs/service/2 §3.4 and 4 §2.4."""

    durations = typical("DatasetImportJob")
    most_in_progress = most_in_progress("DatasetImportJob")
    name_member: ClassVar[str] = "jobName"
    changes: ClassVar[str | None] = "dataset"
    goes_with: ClassVar[str | None] = "Dataset"  # docs/service/4 §9
    catch_up: ClassVar = {"Schema": Fact.EXTEND_CSV_FILES}  # docs/service/2 §7.5

    dataset: Annotated[Reference, Ref("Dataset")]
    data_source: DataSource
    role_arn: RoleArn  # optional in the service model, required by the guide (docs/service/4 §7): stricter is safe
    import_mode: Annotated[Literal["FULL", "INCREMENTAL"] | None, Default("FULL")] = None
    publish_attribution_metrics_to_s3: bool | None = None

    @classmethod
    def overwrites(cls, attributes: Attributes) -> Fact | None:
        """Return the loss of a FULL import: it replaces all bulk data, but no streamed rows (docs/service/2 §7.2)."""
        return None if cls.prerequisite(attributes) else Fact.OVERWRITES_IMPORTS

    @classmethod
    def prerequisite(cls, attributes: Attributes) -> Fact | None:
        """Return a FULL import for an INCREMENTAL one, which needs it (docs/service/2 §7.2, 4 §4.6)."""
        return Fact.NEEDS_FULL_IMPORT if attributes.get("importMode") == "INCREMENTAL" else None

    @classmethod
    def data_location(cls, attributes: Attributes) -> str | None:
        """Return the location of the files."""
        location: str = attributes["dataSource"]["dataLocation"]
        return location
