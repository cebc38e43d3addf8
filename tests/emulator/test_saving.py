"""Saving: what it costs, and what happens if the state cannot be saved."""

import json
import os
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest
from botocore.exceptions import ClientError

from personalize_gitops.emulator import Emulator, StateInUse, UnwritableState
from personalize_gitops.emulator.host.server import Server

from .account import INTERACTIONS, REGION, Account, client
from .clock import Clock

MEGABYTE = 1_000_000
IO = Path("/proc/self/io")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def served(clock: Clock, state: Path) -> Iterator[tuple[Server, Account]]:
    """A server that keeps its state."""
    emulator = Emulator(clock.now)
    with emulator.keeping(state), emulator.serve(port=0) as server:
        yield server, Account(emulator, clock, server.url)


def create_schema(emulator: Emulator, name: str) -> None:
    emulator.respond(REGION, "CreateSchema", json.dumps({"name": name, "schema": INTERACTIONS}))


def transferred() -> int:
    """The bytes that this process has read from files and written to them."""
    counts = dict(line.split(": ") for line in IO.read_text().splitlines())
    return int(counts["rchar"]) + int(counts["wchar"])


@pytest.mark.skipif(not IO.exists(), reason="counts of the Linux kernel")
@pytest.mark.parametrize("started", [False, True])
def test_a_small_change_is_a_small_save(clock: Clock, state: Path, started: bool) -> None:
    """After a change of one resource, a save neither writes nor reads the buckets and rows that are there."""
    emulator = Emulator(clock.now)
    emulator.put_bucket("big", {f"part-{number}": os.urandom(MEGABYTE) for number in range(20)})
    if started:
        with emulator.started():
            check_small_saves(emulator, state)
    else:
        check_small_saves(emulator, state)


def check_small_saves(emulator: Emulator, state: Path) -> None:
    for current in (emulator, Emulator(emulator.now)):  # the second one loads what the first one saved
        current.load(state)
        if current is emulator:
            create_schema(current, "first")  # reads the models of the service, once in a process
        current.save(state)
        before = transferred()

        create_schema(current, "small")
        current.save(state)

        assert transferred() - before < MEGABYTE


def test_one_change_of_many_resources(clock: Clock, state: Path) -> None:
    """A change of one of many resources writes a part of them, whose size does not depend on their number."""
    emulator = Emulator(clock.now, quotas={"Schema": 5000})
    for number in range(3000):
        create_schema(emulator, f"s{number}")
    emulator.save(state)
    before = {path: path.stat().st_size for path in (state / "content").iterdir()}

    create_schema(emulator, "new")
    emulator.save(state)

    new = sum(path.stat().st_size for path in (state / "content").iterdir() if path not in before)
    assert new < sum(before.values()) / 5


def test_trainings_cost_a_save_little(account: Account, state: Path) -> None:
    """The file that every save writes has one short line for each training, and a save reads none of them again."""
    solution = account.solution(account.filled_group())
    sizes = []
    for number in range(12):
        account.version(solution, name=f"v{number}")
        account.emulator.save(state)
        sizes.append((state / "content" / (state / "current").read_text()).stat().st_size)

    other = Emulator(account.clock.now)
    other.load(state)

    assert max(later - earlier for earlier, later in pairwise(sizes)) < 400
    assert [*other.region(REGION).trainings] == [*account.emulator.region(REGION).trainings]


def test_requests_that_only_read_save_nothing(served: tuple[Server, Account], state: Path) -> None:
    """Every command asks who it is and for all tags; a write to S3 is saved, whatever it holds."""
    server, account = served
    account.emulator.put_bucket("data", {})
    account.schema()
    at = server.url

    def saved() -> int:
        return (state / "current").stat().st_mtime_ns  # of a new file with each save

    before = saved()
    client("sts", at).get_caller_identity()
    client("resourcegroupstaggingapi", at).get_resources(ResourceTypeFilters=["personalize"])
    client("cloudtrail", at).lookup_events()
    after_reading = saved()
    client("s3", at).put_object(Bucket="data", Key="a", Body=b"Action=GetCallerIdentity&Version=2011-06-15")

    assert after_reading == before
    assert saved() != before


def test_a_removed_directory_is_written_again(clock: Clock, state: Path) -> None:
    """If somebody removes the directory of a running emulator, the next save writes everything again."""
    emulator = Emulator(clock.now)
    emulator.put_bucket("data", {"a": "1"})
    with emulator.keeping(state):
        create_schema(emulator, "first")
        emulator.save_changes()
        for path in [*(state / "content").iterdir(), state / "current"]:
            path.unlink()
        (state / "content").rmdir()
        create_schema(emulator, "second")
        emulator.save_changes()

    other = Emulator(clock.now)
    other.load(state)
    assert other.counts() == {"123456789012": {REGION: 2}}
    assert other.objects.read("data", "") == {"a": b"1"}


def test_git_ignores_a_state(clock: Clock, state: Path) -> None:
    """A state directory has a .gitignore for everything in it; one with other uses, for what is of the state."""
    used, own = state.parent / "used", state.parent / "own"
    for directory in (used, own):
        directory.mkdir()
        (directory / "main.py").write_text("")
    (own / ".gitignore").write_text("mine\n")
    for directory in (state, used, own):
        Emulator(clock.now).save(directory)

    assert (state / ".gitignore").read_text() == "*\n"
    ignored = (used / ".gitignore").read_text().splitlines()
    assert sorted(ignored) == sorted(
        f"/{path.name}" for path in [*used.iterdir(), used / "holder.json"] if path.suffix != ".py"
    )
    assert (own / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize("place", ["file", "file/below", "dev"])
def test_a_state_that_cannot_be_written(clock: Clock, tmp_path: Path, place: str) -> None:
    """An emulator that is to keep a state finds out before anything is done that it cannot be written."""
    (tmp_path / "file").write_text("precious")
    directory = Path("/proc/state") if place == "dev" else tmp_path / place
    begun = []

    with (
        pytest.raises(UnwritableState, match="the state cannot be saved") as refused,
        Emulator(clock.now).keeping(directory),
    ):
        begun.append(directory)

    assert begun == []
    assert str(refused.value).startswith(f"{directory}: ")
    assert (tmp_path / "file").read_text() == "precious"


def test_a_change_that_is_not_saved(served: tuple[Server, Account], state: Path) -> None:
    """The request that cannot be saved gets an error that says so; the next one is saved again, with the change."""
    _, account = served
    account.schema("before")
    (state / "content").rename(state / "away")
    (state / "content").write_text("in its place")

    with pytest.raises(ClientError) as refused:
        account.schema("meanwhile")
    with pytest.raises(ClientError) as refused_object:
        account.s3.create_bucket(Bucket="data")
    names = [schema["name"] for schema in account.personalize.list_schemas()["schemas"]]
    unsaved = account.emulator.unsaved
    (state / "content").unlink()
    (state / "away").rename(state / "content")
    account.schema("after")

    code, message = (refused.value.response["Error"][name] for name in ("Code", "Message"))
    assert (code, refused.value.response["ResponseMetadata"]["HTTPStatusCode"]) == ("InternalFailure", 500)
    assert message.startswith(f"The change is made in memory only and is not saved. {state}: content is not a folder")
    assert refused_object.value.response["Error"]["Code"] == "InternalError"
    assert (names, unsaved, account.emulator.unsaved) == (["before", "meanwhile"], True, False)
    other = Emulator(account.clock.now)
    other.load(state)
    assert other.counts() == {"123456789012": {REGION: 3}}
    assert [*other.objects.all()] == ["data"]


@pytest.mark.parametrize(
    ("pointer", "told"), [("theirs", "another process has changed this state"), ("damaged", "is damaged")]
)
def test_a_state_of_another_process(served: tuple[Server, Account], state: Path, pointer: str, told: str) -> None:
    """If somebody changes the directory in spite of the lock, requests get an error and the change stays."""
    _, account = served
    account.schema("mine")
    other = Emulator(account.clock.now)
    create_schema(other, "theirs")
    other.save(state.parent / "other")
    before = (state / "current").read_text()
    changed = (state.parent / "other" / "current").read_text() if pointer == "theirs" else pointer
    (state / "current").write_text(changed)

    with pytest.raises(ClientError, match=told):
        account.schema("again")

    assert (state / "current").read_text() == changed
    (state / "current").write_text(before)
    account.schema("last")


def test_an_interrupt_during_a_save(clock: Clock, state: Path) -> None:
    """A save that is interrupted at any place does not keep the next one from saving."""
    emulator = Emulator(clock.now)
    emulator.save(state)
    for number in range(40):
        create_schema(emulator, f"s{number}")
        interrupt = Interrupt(number)
        sys.setprofile(interrupt)
        try:
            emulator.save(state)
        except KeyboardInterrupt:
            pass
        finally:
            sys.setprofile(None)
        emulator.save(state)

        other = Emulator(clock.now)
        other.load(state)
        assert other.counts() == emulator.counts()


class Interrupt:
    """Ctrl-C at the end of one of the functions that a save calls, after some others."""

    def __init__(self, after: int) -> None:
        self._left = after

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code.co_filename.endswith(("store.py", "storage.py", "saving.py", "files.py")):
            self._left -= 1
            if self._left < 0:
                sys.setprofile(None)
                raise KeyboardInterrupt


def test_keys_that_are_no_file_names(served: tuple[Server, Account], state: Path) -> None:
    """Objects with any keys are saved before the answer and are the same after a load."""
    _, account = served
    keys = ["../../etc/passwd", "/a", "a//b", "a", "A", "con", "x?:*", "k" * 1024, "\x01\x7f", "ä ü", "."]
    account.s3.create_bucket(Bucket="keys")
    for key in keys:
        account.s3.put_object(Bucket="keys", Key=key, Body=key.encode())

    other = Emulator(account.clock.now)
    other.load(state)

    assert other.objects.read("keys", "") == {key: key.encode() for key in keys}
    assert sorted(path.name for path in state.parent.iterdir()) == ["state"]


def test_objects_that_are_replaced_and_deleted(served: tuple[Server, Account], state: Path) -> None:
    """A state has the objects as they are now, also in a bucket with versions."""
    _, account = served
    for bucket in ("plain", "versions"):
        account.s3.create_bucket(Bucket=bucket)
    account.s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    for bucket in ("plain", "versions"):
        for body in (b"old", b"new"):
            account.s3.put_object(Bucket=bucket, Key="kept", Body=body)
        account.s3.put_object(Bucket=bucket, Key="gone", Body=b"x")
        account.s3.delete_object(Bucket=bucket, Key="gone")

    other = Emulator(account.clock.now)
    other.load(state)

    assert [other.objects.read(bucket, "") for bucket in ("plain", "versions")] == [{"kept": b"new"}] * 2


def test_an_object_that_was_uploaded_in_parts(served: tuple[Server, Account], state: Path) -> None:
    """Its ETag, which is not the digest of its content, stays the same after two loads: its data has not changed."""
    _, account = served
    account.s3.create_bucket(Bucket="data")
    upload = {"Bucket": "data", "Key": "big.csv"}
    upload["UploadId"] = account.s3.create_multipart_upload(**upload)["UploadId"]
    part = account.s3.upload_part(**upload, PartNumber=1, Body=b"x")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": part}]}
    etag = account.s3.complete_multipart_upload(**upload, MultipartUpload=parts)["ETag"]

    other = Emulator(account.clock.now)
    other.load(state)
    other.save(state.parent / "again")
    third = Emulator(account.clock.now)
    third.load(state.parent / "again")

    for emulator in (other, third):
        with emulator.started():
            assert Account(emulator, account.clock).s3.head_object(Bucket="data", Key="big.csv")["ETag"] == etag


def test_an_owner_keeps_others_out(served: tuple[Server, Account], state: Path) -> None:
    """While a server keeps a state, nobody else can."""
    with pytest.raises(StateInUse), Emulator(Clock().now).keeping(state):
        pass
