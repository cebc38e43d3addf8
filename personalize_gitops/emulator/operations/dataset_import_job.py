"""DatasetImportJob: reads rows from S3 into a dataset; it cannot be deleted (docs/service/2 §3.4, §7)."""

from personalize_gitops.catalog.rules.jobs import data_problems, mode_problems
from personalize_gitops.emulator.data.columns import RowsBuilder
from personalize_gitops.emulator.data.csv_rows import read_rows
from personalize_gitops.emulator.errors import CreationFailed, in_use, invalid
from personalize_gitops.emulator.operations.attribution_reports import report_import
from personalize_gitops.emulator.operations.refusing import refuse_first
from personalize_gitops.emulator.service.access import NO_ACCESS, READ, DataAccess
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.model.checks import Check

FULL, INCREMENTAL = "FULL", "INCREMENTAL"
# The dataset types whose imports need a minimum number of rows, by mode.
_WITH_MINIMUM = {FULL: ("INTERACTIONS",), INCREMENTAL: ("INTERACTIONS", "ACTION_INTERACTIONS")}


class DatasetImportJob(Kind):
    """An import job. It reads its files at its end; invalid data let it end CREATE FAILED."""

    name = "DatasetImportJob"
    arn_path = "dataset-import-job"
    name_member = "jobName"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse an invalid location, and an incremental import before a full one (docs/service/2 §3.4, §7.2)."""
        dataset = region.find("Dataset", request["datasetArn"])
        if dataset.updating:
            raise in_use(f"Dataset {dataset.arn} is changing its schema.")
        if region.settings.import_needs_role and "roleArn" not in request:
            raise invalid("roleArn is required.")
        refuse_first(region.settings, data_problems(Check.PG601, request), "Invalid Data location.")
        refuse_first(region.settings, mode_problems(request, after_full=_has_bulk_data(region, dataset)))

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default mode."""
        return record.with_fields(importMode=request.get("importMode", FULL))

    def data_access(self, record: Record) -> tuple[DataAccess, ...]:
        """Return read access to the data location."""
        return ((record.fields["dataSource"]["dataLocation"], READ),)

    def finish_work(self, region: Region, record: Record) -> Record:
        """Read the files, check their rows, and store them in the table of the dataset."""
        dataset = region.find("Dataset", record.fields["datasetArn"])
        location, mode = record.fields["dataSource"]["dataLocation"], record.fields["importMode"]
        schema, settings = region.schema_of(dataset), region.settings
        columns = [field.name for field in schema.fields]
        builder = RowsBuilder(len(columns))
        files = _read_files(region, location)
        most = settings.limit(f"bytes of {'a full' if mode == FULL else 'an incremental'} import")
        if sum(map(len, files.values())) > most:
            raise CreationFailed(f"The data of {mode} imports cannot be larger than {most} bytes.")
        for name, content in files.items():
            actions = dataset.fields["datasetType"] == "ACTIONS"
            read_rows(name, content, schema, settings, builder, actions=actions)
        rows = builder.rows()
        fewest = settings.limit("records of an interactions import")
        if dataset.fields["datasetType"] in _WITH_MINIMUM[mode] and len(rows) < fewest:
            raise CreationFailed(f"The import has {len(rows)} interactions; at least {fewest} are needed.")
        table = region.table_of(dataset, columns)
        table.delay_rows(region.now, settings.rows_delay)
        if mode == FULL:
            table.replace_bulk(columns, rows, region.now)
        else:
            table.add_bulk(columns, rows, region.now)
        if dataset.fields["datasetType"] == "INTERACTIONS":
            report_import(region, record, dataset.fields["datasetGroupArn"], columns, rows)
        return record


def _has_bulk_data(region: Region, dataset: Record) -> bool:
    return any(job.status == ACTIVE for job in region.listed("DatasetImportJob", dataset.arn))


def _read_files(region: Region, location: str) -> dict[str, bytes]:
    """Return the CSV files at a location: one file, or the files directly in a folder (docs/service/2 §3.4)."""
    bucket, key = split_location(location)
    found = region.objects.read(bucket, key)
    if found is None:
        raise CreationFailed(NO_ACCESS)
    if location.endswith("/"):
        files = {name: content for name, content in found.items() if _is_csv_directly_in(name, key)}
    else:
        files = {name: content for name, content in found.items() if name == key}
    if not files:
        raise CreationFailed(f"No CSV file found at {location}.")
    return files


def _is_csv_directly_in(name: str, folder: str) -> bool:
    rest = name.removeprefix(folder)
    return "/" not in rest and rest.lower().endswith(".csv")
