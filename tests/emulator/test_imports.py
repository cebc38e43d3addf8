"""Import jobs: which files they read, and which data they refuse (docs/service/1 §10, docs/service/2 §7)."""

from typing import Any

import pytest

from personalize_gitops.emulator import Emulator

from .account import HEADER, INTERACTIONS, ITEMS, ROLE, Account, avro, interactions_csv
from .clock import Clock

_ROW = "u1,i1,1700000000,watch\n"


def rows_of(account: Account, dataset: str) -> list[tuple[str, ...]]:
    """The content of an export of all rows; the service has no other way to read rows."""
    account.emulator.put_bucket("out")
    name = f"export-{int(account.clock.time)}"
    account.personalize.create_dataset_export_job(
        jobName=name,
        datasetArn=dataset,
        ingestionMode="ALL",
        roleArn=ROLE,
        jobOutput={"s3DataDestination": {"path": "s3://out/"}},
    )
    account.settle()
    account.status(dataset)
    text = account.s3.get_object(Bucket="out", Key=f"{name}.csv")["Body"].read().decode()
    return [tuple(line.split(",")) for line in text.splitlines()[1:]]


def test_success(account: Account) -> None:
    """An import becomes ACTIVE and shows the members of its request and the default mode."""
    dataset = account.dataset(account.group())

    job = account.imported(dataset, interactions_csv())

    assert (job["status"], job["importMode"]) == ("ACTIVE", "FULL")
    assert job["dataSource"] == {"dataLocation": "s3://bucket-first/data.csv"}
    assert len(rows_of(account, dataset)) == 1200


FAILURES = [
    ("columns", "USER_ID,TIMESTAMP\n", "Input CSV is missing the following columns:[ITEM_ID, EVENT_TYPE]"),
    ("too few", interactions_csv(999), "The import has 999 interactions; at least 1000 are needed."),
    ("type", interactions_csv() + "u1,i1,noon,watch\n", "data.csv, record 1202: TIMESTAMP is not of type long: noon."),
    ("digits", interactions_csv() + "u1,i1,1_000,watch\n", "record 1202: TIMESTAMP is not of type long: 1_000."),
    ("empty", interactions_csv() + "u1,,1,watch\n", "record 1202: ITEM_ID is empty"),
    ("width", interactions_csv() + "u1,i1\n", "record 1202: expected 4 values, found 2."),
    ("long id", interactions_csv() + _ROW.replace("u1", "u" * 257), "Length of USER_ID cannot be more than 256"),
    ("quote in id", interactions_csv() + _ROW.replace("u1", '"u\\"1"'), "USER_ID has a double quote"),
    ("twice", f"{HEADER},USER_ID\n", "the file has the columns USER_ID twice"),
]


@pytest.mark.parametrize(("content", "reason"), [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES])
def test_data_faults(account: Account, content: str, reason: str) -> None:
    """Invalid data let the job fail with a reason and do not change the dataset."""
    dataset = account.dataset(account.group())

    job = account.imported(dataset, content)

    assert job["status"] == "CREATE FAILED"
    assert reason in job["failureReason"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("s3://nowhere/data.csv", "Insufficient privileges for accessing data in Amazon S3."),
        ("s3://data/other.csv", "No CSV file found at s3://data/other.csv."),
    ],
)
def test_places_without_data(account: Account, location: str, reason: str) -> None:
    """A missing bucket or file lets the job fail, not the call."""
    account.emulator.put_bucket("data", {"data.csv": "x"})
    created = account.personalize.create_dataset_import_job(
        jobName="j", datasetArn=account.dataset(account.group()), roleArn=ROLE, dataSource={"dataLocation": location}
    )
    account.settle()

    job = account.personalize.describe_dataset_import_job(datasetImportJobArn=created["datasetImportJobArn"])

    assert job["datasetImportJob"]["failureReason"] == reason


def test_folders(account: Account) -> None:
    """For a folder, the CSV files directly in it are read (docs/service/2 §3.4)."""
    content = interactions_csv(1000)
    account.emulator.put_bucket(
        "data", {"in/a.csv": content, "in/b.csv": content, "in/deeper/c.csv": content, "in/readme.txt": "no"}
    )
    dataset = account.dataset(account.group())

    account.personalize.create_dataset_import_job(
        jobName="j", datasetArn=dataset, roleArn=ROLE, dataSource={"dataLocation": "s3://data/in/"}
    )
    account.settle()

    assert len(account.emulator.region("us-east-1").tables) == 0
    account.status(dataset)
    assert len(account.emulator.region("us-east-1").tables[dataset].bulk) == 2000


def test_full_replaces_and_incremental_adds(account: Account) -> None:
    """A FULL import replaces bulk rows, an INCREMENTAL one appends interactions (docs/service/2 §7.2)."""
    dataset = account.dataset(account.group())
    counts: list[int] = []

    for name, mode in (("a", "FULL"), ("b", "INCREMENTAL"), ("c", "FULL")):
        account.imported(dataset, interactions_csv(1000 + len(counts)), name, mode)
        counts.append(len(account.emulator.region("us-east-1").tables[dataset].bulk))

    assert counts == [1000, 2001, 1002]


def test_items_are_replaced_by_id(account: Account) -> None:
    """A row replaces the one with the same id; columns can have any order (docs/service/2 §7.2)."""
    dataset = account.dataset(account.group(), "Items", ITEMS)
    account.imported(dataset, "ITEM_ID,GENRES,PRICE\ni1,Drama|Action,1.5\ni2,,2\n")

    account.imported(dataset, "PRICE,ITEM_ID,GENRES\n3,i2,Comedy\n4,i3,\n", "second", "INCREMENTAL")

    assert rows_of(account, dataset) == [
        ("i1", "Drama|Action", "1.5"),
        ("i2", "Comedy", "3"),
        ("i3", "", "4"),
    ]


def test_categories_have_a_length(account: Account) -> None:
    """A categorical value of more than 1,000 characters fails the import (docs/service/1 §9)."""
    dataset = account.dataset(account.group(), "Items", ITEMS)

    fits = account.imported(dataset, f"ITEM_ID,GENRES,PRICE\ni1,{'x' * 1000},1\n", "fits")
    long = account.imported(dataset, f"ITEM_ID,GENRES,PRICE\ni1,{'x' * 1001},1\n", "long")

    assert fits["status"] == "ACTIVE"
    assert long["failureReason"] == "Length of GENRES cannot be more than 1000 characters."


def test_quoting(account: Account) -> None:
    """Quotes inside quoted text are escaped with a backslash (docs/service/1 §10)."""
    text = avro("Items", "ITEM_ID", {"name": "TITLE", "type": "string"}, {"name": "PRICE", "type": "float"})
    dataset = account.dataset(account.group(), "Items", text)

    account.imported(dataset, 'ITEM_ID,TITLE,PRICE\ni1,"say \\"hi\\", twice",1\n')
    account.status(dataset)

    assert account.emulator.region("us-east-1").tables[dataset].bulk[:] == [("i1", 'say "hi", twice', "1")]


def test_doubtful_rules_are_switches(clock: Clock) -> None:
    """Settings can make the order of columns matter and unknown columns fail."""
    content = interactions_csv().replace("USER_ID,ITEM_ID", "ITEM_ID,USER_ID")
    with Emulator(clock.now, csv_order_matters=True, csv_extra_columns_fail=True).started() as emulator:
        account = Account(emulator, clock)
        dataset = account.dataset(account.group())

        order = account.imported(dataset, content, "order")
        extra = account.imported(dataset, "X," + HEADER + "\n", "extra")

    assert "order of the schema" in order["failureReason"]
    assert "[X]" in extra["failureReason"]


def test_schemas_with_more_columns(account: Account) -> None:
    """After a change of schema, older rows have nulls in the new columns."""
    dataset = account.dataset(account.group(), "Items", ITEMS)
    account.imported(dataset, "ITEM_ID,GENRES,PRICE\ni1,Drama,1\n")
    fields: list[dict[str, Any] | str] = [
        "ITEM_ID",
        {"name": "GENRES", "type": ["null", "string"], "categorical": True},
        {"name": "PRICE", "type": "float"},
        {"name": "YEAR", "type": ["null", "int"]},
    ]
    account.personalize.update_dataset(datasetArn=dataset, schemaArn=account.schema("wide", avro("Items", *fields)))
    account.settle()

    account.imported(dataset, "ITEM_ID,GENRES,PRICE,YEAR\ni2,Drama,1,1999\n", "second", "INCREMENTAL")

    assert rows_of(account, dataset) == [("i1", "Drama", "1", ""), ("i2", "Drama", "1", "1999")]


def test_encoding(account: Account) -> None:
    """A file that is not UTF-8 fails the import (docs/service/1 §10)."""
    dataset = account.dataset(account.group(), text=INTERACTIONS)
    account.emulator.put_bucket(
        "data", {"latin.csv": (interactions_csv() + _ROW).replace("watch", "während").encode("latin-1")}
    )
    created = account.personalize.create_dataset_import_job(
        jobName="j", datasetArn=dataset, roleArn=ROLE, dataSource={"dataLocation": "s3://data/latin.csv"}
    )
    account.settle()

    job = account.personalize.describe_dataset_import_job(datasetImportJobArn=created["datasetImportJobArn"])

    assert job["datasetImportJob"]["failureReason"] == "latin.csv is not encoded in UTF-8."


def test_deleted_objects_are_not_read(account: Account) -> None:
    """A deleted object in a bucket with versioning is not read."""
    account.s3.create_bucket(Bucket="versions")
    account.s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    account.s3.put_object(Bucket="versions", Key="in/a.csv", Body=interactions_csv())
    account.s3.put_object(Bucket="versions", Key="in/b.csv", Body=b"nonsense")
    account.s3.delete_object(Bucket="versions", Key="in/b.csv")

    assert [*(account.emulator.objects.read("versions", "in/") or {})] == ["in/a.csv"]
