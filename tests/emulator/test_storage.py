"""Saving and loading: a loaded state answers like the saved one."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator, StateInUse, UnusableState
from personalize_gitops.emulator.data.tables import BLOCK, Rows, Table

from .account import INTERACTIONS, REGION, Account, assumed, client, interactions_csv
from .clock import Clock

TRUST = json.dumps({"Statement": {"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}})
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/*"}],
    }
)

LISTS = {
    "ListDatasetGroups": "DescribeDatasetGroup",
    "ListSchemas": "DescribeSchema",
    "ListDatasets": "DescribeDataset",
    "ListDatasetImportJobs": "DescribeDatasetImportJob",
    "ListSolutions": "DescribeSolution",
    "ListSolutionVersions": "DescribeSolutionVersion",
    "ListCampaigns": "DescribeCampaign",
}


def observed(emulator: Emulator) -> dict[str, Any]:
    """The responses of lists, descriptions and tags, by ARN."""
    seen: dict[str, Any] = {}
    for listing, describing in LISTS.items():
        (entries,) = json.loads(emulator.respond(REGION, listing, "{}").body).values()
        for entry in entries:
            (arn,) = (value for name, value in entry.items() if name == _arn_member(describing))
            body = json.dumps({_arn_member(describing): arn})
            tags = emulator.respond(REGION, "ListTagsForResource", json.dumps({"resourceArn": arn})).body
            seen[arn] = (entry, emulator.respond(REGION, describing, body).body, tags)
    return seen


def _arn_member(describing: str) -> str:
    kind = describing.removeprefix("Describe")
    return f"{kind[0].lower()}{kind[1:]}Arn"


def reloaded(emulator: Emulator, clock: Clock, directory: Path) -> Emulator:
    emulator.save(directory)
    other = Emulator(clock.now)
    other.load(directory)
    return other


def busy_account(account: Account) -> None:
    """One account with finished, running and scheduled changes."""
    _, version, campaign = account.served()
    group = account.personalize.list_dataset_groups()["datasetGroups"][0]["datasetGroupArn"]
    account.solution(group, "auto", performAutoTraining=True, tags=[{"tagKey": "a", "tagValue": "ü"}])
    account.personalize.update_campaign(campaignArn=campaign, solutionVersionArn=version, minProvisionedTPS=2)
    account.personalize.create_solution_version(solutionArn=version.rpartition("/")[0])
    dataset = account.personalize.list_datasets()["datasets"][0]["datasetArn"]
    account.start_import(dataset, interactions_csv(), "more", "INCREMENTAL")


def test_a_loaded_state_goes_on_alike(account: Account, tmp_path: Path) -> None:
    """Now and at any later time the loaded emulator answers like the saved one."""
    busy_account(account)
    other = reloaded(account.emulator, account.clock, tmp_path / "state")

    for minutes in (0, 5, 30, 60, 60 * 24 * 8):
        account.clock.pass_time(minutes=minutes)
        assert observed(other) == observed(account.emulator)
        assert other.next_event_at() == account.emulator.next_event_at()


def test_the_latest_moment(account: Account, clock: Clock, tmp_path: Path) -> None:
    """A loaded emulator shows the latest time of the saved one, even if its own clock is behind."""
    account.schema()
    account.emulator.save(tmp_path)
    early = Emulator(lambda: 0.0)
    before = early.lived_until

    early.load(tmp_path)

    assert (before, early.lived_until) == (0.0, clock.time)


def test_rows_and_buckets(account: Account, tmp_path: Path) -> None:
    """Rows and objects are the same after two saves, although the rows were not needed in between."""
    account.filled_group()
    account.emulator.put_bucket("odd", {"a": b"\x00", "a/b": b"1", "c/": b"", "../d": b"2", "é.csv": "x"})
    first = reloaded(account.emulator, account.clock, tmp_path / "state")

    second = reloaded(first, account.clock, tmp_path / "state")

    assert second.objects.all() == account.emulator.objects.all()
    (table,) = second.region(REGION).tables.values()
    (original,) = account.emulator.region(REGION).tables.values()
    assert (table.columns, table.bulk[:], table.put) == (original.columns, original.bulk[:], original.put)


def test_nothing_to_load(clock: Clock, tmp_path: Path) -> None:
    """Loading does nothing if nothing was saved."""
    emulator = Emulator(clock.now)

    emulator.load(tmp_path / "none")

    assert emulator.counts() == {}


def test_an_interrupted_save(account: Account, tmp_path: Path) -> None:
    """Files that an interrupted save left are not loaded, and the next save removes them, but no others."""
    account.group()
    account.emulator.save(tmp_path)
    left = [tmp_path / "content" / name for name in ("0" * 64, f".{'0' * 64}.0123abcd")]
    foreign = [tmp_path / "content" / "notes.txt", tmp_path / "folder"]
    for path in (*left, foreign[0]):
        path.write_text("x")
    foreign[1].mkdir()

    other = reloaded(account.emulator, account.clock, tmp_path)

    assert other.counts() == {"123456789012": {REGION: 1}}
    assert [path.exists() for path in (*left, *foreign)] == [False, False, True, True]


def test_another_account(account: Account, tmp_path: Path) -> None:
    """The state of one account is not loaded into another."""
    account.emulator.save(tmp_path)

    with pytest.raises(UnusableState, match="123456789012, not 000000000000"):
        Emulator(account.clock.now, account="000000000000").load(tmp_path)


def test_faults_wait(account: Account, tmp_path: Path) -> None:
    """Faults that did not apply yet are saved."""
    account.emulator.faults.refuse("ListSchemas", "ThrottlingException", "Slow down.", times=3)

    other = reloaded(account.emulator, account.clock, tmp_path)

    assert other.faults.rules == account.emulator.faults.rules


def test_a_started_emulator_from_a_saved_state(account: Account, tmp_path: Path) -> None:
    """Clients of this process find the loaded resources and objects."""
    account.filled_group()
    account.emulator.save(tmp_path)
    other = Emulator(account.clock.now)
    other.load(tmp_path)

    with other.started():
        found = Account(other, account.clock)

        assert len(found.personalize.list_datasets()["datasets"]) == 1
        assert found.s3.list_objects_v2(Bucket="bucket-shop-data")["KeyCount"] == 1


def test_roles_sessions_and_policies(account: Account, tmp_path: Path) -> None:
    """Roles, bucket policies and the accounts of assumed roles survive a restart."""
    role = "arn:aws:iam::210987654321:role/deploy"
    client("iam").create_role(RoleName="personalize", AssumeRolePolicyDocument=TRUST)
    client("iam").put_role_policy(RoleName="personalize", PolicyName="data", PolicyDocument=POLICY)
    account.s3.create_bucket(Bucket="data")
    account.s3.put_bucket_policy(Bucket="data", Policy=POLICY)
    credentials = client("sts").assume_role(RoleArn=role, RoleSessionName="ci-run")["Credentials"]
    other = reloaded(account.emulator, account.clock, tmp_path)

    with other.started():
        arn = assumed("personalize", credentials).create_schema(name="s", schema=INTERACTIONS)["schemaArn"]

        assert ":210987654321:" in arn
        assert client("iam").get_role_policy(RoleName="personalize", PolicyName="data")["PolicyName"] == "data"
        assert json.loads(client("s3").get_bucket_policy(Bucket="data")["Policy"]) == json.loads(POLICY)


def test_one_process_continues_a_state(account: Account, tmp_path: Path) -> None:
    """While one emulator continues a state, others can load it but not continue it."""
    account.schema()
    account.emulator.save(tmp_path)
    other, reader = Emulator(account.clock.now), Emulator(account.clock.now)

    with other.keeping(tmp_path):
        reader.load(tmp_path)
        with pytest.raises(StateInUse, match="another process is working"), reader.keeping(tmp_path):
            pass

    assert reader.counts() == {"123456789012": {REGION: 1}}


def test_a_state_that_moved_on(account: Account, tmp_path: Path) -> None:
    """If two emulators loaded the same state, the second save is refused and the first stays."""
    account.schema("a")
    account.emulator.save(tmp_path)
    first, second = Emulator(account.clock.now), Emulator(account.clock.now)
    first.load(tmp_path)
    second.load(tmp_path)
    first.respond(REGION, "CreateSchema", json.dumps({"name": "b", "schema": INTERACTIONS}))
    first.save(tmp_path)

    with pytest.raises(StateInUse, match="has changed this state"):
        second.save(tmp_path)

    assert reloaded(first, account.clock, tmp_path).counts() == {"123456789012": {REGION: 2}}


def test_rows_stay_readable(account: Account, tmp_path: Path) -> None:
    """A loaded emulator has its rows, even if it needs them only after others have saved over the state."""
    group = account.filled_group()
    account.emulator.save(tmp_path)
    reader = Emulator(account.clock.now)
    reader.load(tmp_path)

    account.emulator.reset()
    account.emulator.save(tmp_path)
    account.emulator.save(tmp_path)

    (table,) = reader.region(REGION).tables.values()
    assert len(table.rows) == 1200
    reader.save(tmp_path / "elsewhere")
    again = reloaded(reader, account.clock, tmp_path / "elsewhere")
    assert [len(table.rows) for table in again.region(REGION).tables.values()] == [1200]
    assert group


def test_what_is_not_needed_is_removed(account: Account, tmp_path: Path) -> None:
    """A directory holds what the last two saves need: another process may be loading the first of them."""
    counts = []
    for number in range(4):
        account.emulator.put_bucket("data", {"a": f"{number}"})
        account.emulator.save(tmp_path)
        counts.append(len([*(tmp_path / "content").iterdir()]))

    assert counts == [3, 6, 6, 6]


def test_rows_of_a_table(clock: Clock, tmp_path: Path) -> None:
    """Texts of any kind, added columns and rows that are added later are the same after a load."""
    emulator = Emulator(clock.now)
    table = emulator.region(REGION).tables["dataset"] = Table(["USER_ID", "TEXT"], None)
    texts = ("a,b", '"', "1\r2\n3", "", "\ud800", "é")
    rows = [(f"u{number}", text) for number, text in enumerate(texts)]
    table.add_bulk(["USER_ID", "TEXT"], Rows.of(rows, 2), clock.time)
    table.add_put(["USER_ID", "TEXT"], [("v", str(number)) for number in range(BLOCK + 1)], clock.time)
    emulator.save(tmp_path)

    for _ in range(2):
        table.add_put(["USER_ID", "TEXT"], [("w", "more")], clock.time)
        other = reloaded(emulator, clock, tmp_path)
        loaded = other.region(REGION).tables["dataset"]
        assert (loaded.count("put"), loaded.bulk[:], loaded.put) == (len(table.put), rows, table.put)

    loaded.add_put(["USER_ID", "TEXT", "NEW"], [("x", "y", "z")], clock.time)
    last = reloaded(other, clock, tmp_path).region(REGION).tables["dataset"]
    assert last.put[-2:] == [("w", "more", ""), ("x", "y", "z")]


def test_a_new_column_after_a_load(clock: Clock, tmp_path: Path) -> None:
    """Rows that were not needed since the load are null in a column that a new schema adds."""
    emulator = Emulator(clock.now)
    table = emulator.region(REGION).tables["dataset"] = Table(["USER_ID"], None)
    table.add_bulk(["USER_ID"], Rows.of([("u",)], 1), clock.time)
    table.add_put(["USER_ID"], [("v",)], clock.time)
    loaded = reloaded(emulator, clock, tmp_path).region(REGION).tables["dataset"]

    loaded.add_put(["USER_ID", "NEW"], [("x", "y")], clock.time)

    assert loaded.rows[:] == [("u", ""), ("v", ""), ("x", "y")]


def test_loading_during_saves(account: Account, tmp_path: Path) -> None:
    """A load that runs while another emulator saves again and again gets one whole generation."""
    account.filled_group()
    account.emulator.save(tmp_path)
    done = Event()

    def save_repeatedly() -> None:
        while not done.is_set():
            account.emulator.save(tmp_path)

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save_repeatedly)
        try:
            for _ in range(30):
                reader = Emulator(account.clock.now)
                reader.load(tmp_path)
                (table,) = reader.region(REGION).tables.values()
                assert len(table.rows) == 1200
                assert reader.objects.all() == account.emulator.objects.all()
        finally:
            done.set()
        saving.result()


def test_rows_of_two_accounts(clock: Clock, tmp_path: Path) -> None:
    """Accounts with datasets in the same region keep their own rows, also when a state is saved twice."""
    emulator = Emulator(clock.now)
    for account, user in (("111111111111", "a"), ("222222222222", "b")):
        region = emulator.region(REGION, account)
        region.tables["dataset"] = Table(["USER_ID"], "USER_ID")
        region.tables["dataset"].bulk = Rows.of([(user,)], 1)
    emulator.save(tmp_path)

    other = reloaded(emulator, clock, tmp_path)

    found = {
        account: other.region(REGION, account).tables["dataset"].rows[:] for account in ("111111111111", "222222222222")
    }
    assert found == {"111111111111": [("a",)], "222222222222": [("b",)]}


def test_objects_whose_keys_differ_in_case(account: Account, tmp_path: Path) -> None:
    """Keys are stored apart on every file system, also those that ignore case or do not allow some characters."""
    content = {"a": b"1", "A": b"2", "a ": b"3", "con": b"4", 'x?:*"<>|': b"5", "k" * 900: b"6"}
    account.emulator.put_bucket("keys", content)

    other = reloaded(account.emulator, account.clock, tmp_path)

    assert other.objects.read("keys", "") == content
    assert all(re.fullmatch("[0-9a-f]{64}", path.name) for path in (tmp_path / "content").iterdir())


def test_an_owned_state(account: Account, tmp_path: Path) -> None:
    """While one emulator continues a state another one cannot save there; the owner can."""
    owner, other = Emulator(account.clock.now), Emulator(account.clock.now)

    with owner.keeping(tmp_path):
        with pytest.raises(StateInUse, match="another process is working"):
            other.save(tmp_path)
        owner.save(tmp_path)

    other.load(tmp_path)
    other.save(tmp_path)


WITHOUT_FCNTL = """
import sys
sys.modules["fcntl"] = None
import importlib, pkgutil
from pathlib import Path
import personalize_gitops.emulator
for module in pkgutil.walk_packages(personalize_gitops.emulator.__path__, "personalize_gitops.emulator."):
    importlib.import_module(module.name)
from personalize_gitops.emulator import Emulator, StateInUse
directory = Path(sys.argv[1])
emulator = Emulator(lambda: 0.0)
emulator.put_bucket("data", {"key": "content"})
with emulator.keeping(directory):
    try:
        Emulator(lambda: 0.0).save(directory)
    except StateInUse:
        print("in use")
loaded = Emulator(lambda: 0.0)
loaded.load(directory)
print(loaded.objects.read("data", ""))
"""


def test_without_fcntl(tmp_path: Path) -> None:
    """Without the module fcntl, as on Windows, everything imports, and a state is locked, saved and loaded."""
    command = [sys.executable, "-c", WITHOUT_FCNTL, str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines() == ["in use", "{'key': b'content'}"]
