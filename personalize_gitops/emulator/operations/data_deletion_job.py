"""A data deletion job: users and all they did, out of every dataset of a group (docs/service/3 §3.4)."""

import csv
import io

from personalize_gitops.emulator.data.csv_rows import LOCATION, text_of
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.service.access import NO_ACCESS, READ, Place
from personalize_gitops.emulator.service.kind import Kind, Request, Words
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_COLUMN = "USER_ID"
_MOST_BYTES = 50_000_000


class DataDeletionJob(Kind):
    """Has words of its own for its statuses, and a list that starts with the newest (docs/service/4 §1.5, §4.1)."""

    name = "DataDeletionJob"
    arn_path = "data-deletion-job"
    name_member = "jobName"
    words = Words("PENDING", "IN_PROGRESS", "COMPLETED", "FAILED")
    newest_first = True

    def check(self, region: Region, request: Request) -> None:
        """A location that can be one."""
        if not LOCATION.fullmatch(request["dataSource"].get("dataLocation", "")):
            raise invalid("Invalid Data location.")

    def places(self, record: Record) -> tuple[Place, ...]:
        """The list of users is read."""
        return ((record.fields["dataSource"]["dataLocation"], READ),)

    def finished(self, region: Region, record: Record) -> Record:
        """Remove the users' rows from what was imported and what was put."""
        users = _users(region, record.fields["dataSource"]["dataLocation"])
        known: set[str] = set()
        for dataset in region.group_datasets(record.fields["datasetGroupArn"]).values():
            table = region.tables.get(dataset.arn)
            if table is not None and _COLUMN in table.columns:
                index = table.columns.index(_COLUMN)
                known.update(row[index] for row in (*table.bulk, *table.put) if row[index] in users)
                table.bulk = [row for row in table.bulk if row[index] not in users]
                table.put = [row for row in table.put if row[index] not in users]
        return record.showing(numDeleted=len(known))


def _users(region: Region, location: str) -> set[str]:
    """The users named in one file, or in all CSV files of a folder and its folders."""
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
