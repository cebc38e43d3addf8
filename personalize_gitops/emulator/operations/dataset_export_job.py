"""An export job: the rows of a dataset as CSV in S3 (docs/service/3 §3.2)."""

import csv
import io

from personalize_gitops.emulator.data.tables import Row, Table
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.service.access import NO_ACCESS, WRITE, Place
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class DatasetExportJob(Kind):
    """Happens once, is never deleted."""

    name = "DatasetExportJob"
    arn_path = "dataset-export-job"
    name_member = "jobName"

    def check(self, region: Region, request: Request) -> None:
        """A folder to write to, and a dataset that can be exported."""
        dataset = region.find("Dataset", request["datasetArn"])
        if dataset.fields["datasetType"].startswith("ACTION"):
            raise invalid(f"Datasets of type {dataset.fields['datasetType']} cannot be exported.")
        path = request["jobOutput"]["s3DataDestination"]["path"]
        if not path.startswith("s3://") or not path.endswith("/"):
            raise invalid("Invalid S3 output path.")

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """Without a mode only individually imported rows are exported."""
        return record.showing(ingestionMode=request.get("ingestionMode", "PUT"))

    def places(self, record: Record) -> tuple[Place, ...]:
        """The rows are written."""
        return ((record.fields["jobOutput"]["s3DataDestination"]["path"], WRITE),)

    def finished(self, region: Region, record: Record) -> Record:
        """Write the rows, identical ones once."""
        dataset = region.find("Dataset", record.fields["datasetArn"])
        table = region.tables.get(dataset.arn)
        bucket, folder = split_location(record.fields["jobOutput"]["s3DataDestination"]["path"])
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        if table is not None:
            writer.writerow(table.columns)
            writer.writerows(dict.fromkeys(_rows(table, record.fields["ingestionMode"])))
        name = f"{folder}{record.fields['jobName']}.csv"
        if not region.objects.put(bucket, name, text.getvalue().encode()):
            raise CreationFailed(NO_ACCESS)
        return record


def _rows(table: Table, mode: str) -> list[Row]:
    match mode:
        case "BULK":
            return table.bulk
        case "PUT":
            return table.put
        case _:
            return table.rows
