"""DatasetExportJob: writes the rows of a dataset to S3 as CSV; it cannot be deleted (docs/service/3 §3.2)."""

import csv
import io
from collections.abc import Iterable

from personalize_gitops.catalog.datasets import find_dataset_type
from personalize_gitops.catalog.rules.jobs import export_path_problems, exported_type_problems
from personalize_gitops.emulator.data.tables import Row, Table
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.operations.refusing import refuse_first
from personalize_gitops.emulator.service.access import NO_ACCESS, WRITE, DataAccess
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class DatasetExportJob(Kind):
    """An export job."""

    name = "DatasetExportJob"
    arn_path = "dataset-export-job"
    name_member = "jobName"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse datasets with actions, which cannot be exported, and an output path that is not a folder."""
        dataset = region.find("Dataset", request["datasetArn"])
        type_ = find_dataset_type(dataset.fields["datasetType"])
        refuse_first(region.settings, exported_type_problems(type_))
        refuse_first(region.settings, export_path_problems(request), "Invalid S3 output path.")

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default mode: only the rows of Put calls are exported."""
        return record.with_fields(ingestionMode=request.get("ingestionMode", "PUT"))

    def data_access(self, record: Record) -> tuple[DataAccess, ...]:
        """Return write access to the output folder."""
        return ((record.fields["jobOutput"]["s3DataDestination"]["path"], WRITE),)

    def finish_work(self, region: Region, record: Record) -> Record:
        """Write the file, each row once."""
        dataset = region.find("Dataset", record.fields["datasetArn"])
        table = region.tables.get(dataset.arn)
        bucket, folder = split_location(record.fields["jobOutput"]["s3DataDestination"]["path"])
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        if table is not None:
            writer.writerow(table.columns)
            writer.writerows(dict.fromkeys(_rows(table, record.fields["ingestionMode"])))
        key = f"{folder}{record.fields['jobName']}.csv"
        if not region.objects.put(bucket, key, text.getvalue().encode(), region.now):
            raise CreationFailed(NO_ACCESS)
        return record


def _rows(table: Table, mode: str) -> Iterable[Row]:
    match mode:
        case "BULK":
            return table.bulk
        case "PUT":
            return table.put
        case _:
            return table.rows
