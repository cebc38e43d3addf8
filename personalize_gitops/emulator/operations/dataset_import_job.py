"""An import job: rows from S3 into a dataset; happens once, is never deleted (docs/service/2 §3.4, §7)."""

from personalize_gitops.emulator.data import csv_rows as csv_import
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.service.access import READ, Place
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

FULL, INCREMENTAL = "FULL", "INCREMENTAL"


class DatasetImportJob(Kind):
    """Reads its file when it finishes; wrong data make it CREATE FAILED, never an error of the call."""

    name = "DatasetImportJob"
    arn_path = "dataset-import-job"
    name_member = "jobName"

    def check(self, region: Region, request: Request) -> None:
        """A location that can be one, and a bulk import before an incremental one (docs/service/2 §3.4, §7.2)."""
        dataset = region.find("Dataset", request["datasetArn"])
        if dataset.updating:
            raise in_use(f"Dataset {dataset.arn} is changing its schema.")
        if region.settings.import_needs_role and "roleArn" not in request:
            raise invalid("roleArn is required.")
        if not csv_import.is_location(request["dataSource"].get("dataLocation", "")):
            raise invalid("Invalid Data location.")
        if request.get("importMode") == INCREMENTAL and not _has_bulk_data(region, dataset):
            raise invalid(f"Dataset {dataset.arn} needs a FULL import before an INCREMENTAL one.")

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The mode is shown even when it was left out."""
        return record.showing(importMode=request.get("importMode", FULL))

    def places(self, record: Record) -> tuple[Place, ...]:
        """The data are read."""
        return ((record.fields["dataSource"]["dataLocation"], READ),)

    def finished(self, region: Region, record: Record) -> Record:
        """Load the rows."""
        dataset = region.find("Dataset", record.fields["datasetArn"])
        csv_import.load(region, dataset, record.fields["dataSource"]["dataLocation"], record.fields["importMode"])
        return record


def _has_bulk_data(region: Region, dataset: Record) -> bool:
    return any(job.status == ACTIVE for job in region.listed("DatasetImportJob", dataset.arn))
