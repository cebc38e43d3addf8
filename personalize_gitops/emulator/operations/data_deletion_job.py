"""DataDeletionJob: removes all rows of some users from the datasets of a group (docs/service/3 §3.4)."""

import csv
import io

from personalize_gitops.catalog.rules.jobs import data_problems
from personalize_gitops.emulator.data.csv_rows import text_of
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.operations.refusing import refuse_first
from personalize_gitops.emulator.service.access import NO_ACCESS, READ, DataAccess
from personalize_gitops.emulator.service.kind import CreationStatuses, Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.model.checks import Check

_COLUMN = "USER_ID"
_MOST_BYTES = 50_000_000


class DataDeletionJob(Kind):
    """A data deletion job. Its statuses and the order of its list differ from those of other kinds."""

    name = "DataDeletionJob"
    arn_path = "data-deletion-job"
    name_member = "jobName"
    newest_first = True  # docs/service/4 §1.5

    def statuses(self, region: Region) -> CreationStatuses:
        """Return its own statuses (docs/service/4 §4.1)."""
        return CreationStatuses("PENDING", "IN_PROGRESS", "COMPLETED", "FAILED")

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse an invalid location."""
        refuse_first(region.settings, data_problems(Check.PG621, request), "Invalid Data location.")

    def data_access(self, record: Record) -> tuple[DataAccess, ...]:
        """Return read access to the list of users."""
        return ((record.fields["dataSource"]["dataLocation"], READ),)

    def finish_work(self, region: Region, record: Record) -> Record:
        """Remove the rows of the users, whether from imports or from Put calls, and count the users who had any."""
        users = _users(region, record.fields["dataSource"]["dataLocation"])
        deleted: set[str] = set()
        for dataset in region.group_datasets(record.fields["datasetGroupArn"]).values():
            table = region.tables.get(dataset.arn)
            deleted |= table.remove_users(users) if table is not None else set()
        return record.with_fields(numDeleted=len(deleted))


def _users(region: Region, location: str) -> set[str]:
    """Return the users in a file, or in all CSV files of a folder and its subfolders."""
    bucket, key = split_location(location)
    found = region.objects.read(bucket, key)
    if found is None:
        raise CreationFailed(NO_ACCESS)
    folder = location.endswith("/")
    files = {name: text for name, text in found.items() if (name.endswith(".csv") if folder else name == key)}
    if not files:
        raise CreationFailed(f"No CSV file found at {location}.")
    if sum(map(len, files.values())) > _MOST_BYTES:
        raise CreationFailed("The input is larger than 50 MB.")
    users: set[str] = set()
    for name, content in files.items():
        lines = io.StringIO(text_of(name, content), newline="")
        header, *rows = [row for row in csv.reader(lines) if row] or [[]]
        if header != [_COLUMN]:
            raise CreationFailed(f"Input CSV is missing the following columns:[{_COLUMN}]")
        users.update(row[0] for row in rows)
    return users
