"""The plan that was approved: found through the comment, compared by its fingerprint, unpacked safely."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.errors import ForgeError, StalePlan, UsageError
from personalize_gitops.forge.artifact import ArchivedFile, approved, files_of, plan_in, unpack
from personalize_gitops.forge.comment import Marked
from personalize_gitops.forge.github import GitHub
from personalize_gitops.forge.marker import Marker, Purpose, State
from personalize_gitops.forge.port import Comment, Forge, PullRequest
from tests.support.forge import FakeForge, Fault

MARKER = Marker(Purpose.PLAN, "shop", "prod", "a" * 64, "b" * 40, "c" * 40, "7")
MERGED = PullRequest(12, "b" * 40, "2026-11-29T12:00:00Z")


def marked(*markers: Marker) -> list[Marked]:
    return [Marked(Comment(1, "", "", ""), marker) for marker in markers]


def zipped(files: dict[str, str], compression: int = zipfile.ZIP_STORED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", compression) as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return archive.getvalue()


def test_the_approved_plan_is_that_of_the_target() -> None:
    """Not the one of another target or purpose."""
    others = [replace(MARKER, target="staging"), replace(MARKER, purpose=Purpose.APPLY)]

    assert approved(marked(*others, MARKER), MERGED, "prod") == MARKER


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([], "has no comment with a plan of target prod"),
        ([replace(MARKER, run="")], "has no comment with a plan of target prod"),
        (
            [replace(MARKER, head="d" * 40)],
            "was merged with bbbbbbbbbbbb, but its plan of target prod is of dddddddddddd",
        ),
        ([replace(MARKER, head="")], "is of an unknown commit"),
    ],
)
def test_a_plan_that_was_not_approved_is_stale(found: list[Marker], message: str) -> None:
    """A plan of an older commit than was merged is not applied: exit code 6."""
    with pytest.raises(StalePlan, match=message):
        approved(marked(*found), MERGED, "prod")


def test_a_plan_is_applied_once() -> None:
    """The comment about its apply says that it ended; one that failed or is in progress may go on."""
    apply = replace(MARKER, purpose=Purpose.APPLY)
    done = replace(apply, state=State.DONE)
    others = (replace(done, target="staging"), replace(done, plan="e" * 64), replace(done, project="other"))

    assert approved(marked(MARKER, apply, *others), MERGED, "prod") == MARKER
    with pytest.raises(StalePlan, match="was applied already"):
        approved(marked(MARKER, done), MERGED, "prod")


def test_one_of_several_projects_is_chosen() -> None:
    """The target alone does not say which."""
    both = marked(MARKER, replace(MARKER, project="other", plan="e" * 64))

    with pytest.raises(UsageError, match="--project"):
        approved(both, MERGED, "prod")
    assert approved(both, MERGED, "prod", "other").plan == "e" * 64


def test_the_plan_is_known_by_its_fingerprint() -> None:
    """Among other files; any other plan is stale."""
    files = files_of(
        zipped({"plan.md": "# Plan", "list.json": "[]", "plan.json": json.dumps({"fingerprint": "a" * 64})})
    )

    assert plan_in(files, "a" * 64).name == "plan.json"
    with pytest.raises(StalePlan, match="fingerprint bbbbbbbbbbbb; it has aaaaaaaaaaaa"):
        plan_in(files, "b" * 64)
    with pytest.raises(StalePlan, match="it has none"):
        plan_in(files[:1], "b" * 64)


@pytest.mark.parametrize("choice", [{"destroy": True}, {"adopt": True}, {"forget": ["Filter/f"]}, {"scope": "heal"}])
def test_a_plan_with_choices_was_not_approved(choice: dict[str, object]) -> None:
    """Pipelines plan without: the merged manifests alone say what a plan may do, even one that somebody has forged."""
    saved = {"fingerprint": "a" * 64, "destroy": False, "adopt": False, "forget": [], "scope": "all"}
    files = files_of(zipped({"plan.json": json.dumps({**saved, **choice})}))

    with pytest.raises(StalePlan, match=f"made with the choice {next(iter(choice))}"):
        plan_in(files, "a" * 64)
    assert plan_in(files_of(zipped({"plan.json": json.dumps(saved)})), "a" * 64).name == "plan.json"


def test_files_are_unpacked(tmp_path: Path) -> None:
    """In folders too."""
    paths = unpack(files_of(zipped({"a/plan.json": "{}"})), tmp_path / "out")

    assert [path.read_text() for path in paths] == ["{}"]
    assert paths == [tmp_path / "out" / "a" / "plan.json"]


@pytest.mark.parametrize(
    "name",
    [
        "../plan.json",
        "/etc/plan.json",
        "a/../../plan.json",
        "a\\..\\plan.json",
        "C:plan.json",
        "a\nexit_code=0",
        "a\r::b",
    ],
)
def test_unsafe_names_are_refused(name: str) -> None:
    """No file is written outside of the folder, and the path that is printed stays one line."""
    with pytest.raises(ForgeError, match="unsafe name"):
        files_of(zipped({name: "{}"}))


# Named, because the bytes contain the time, and both workers of the suite must collect the same names.
@pytest.mark.parametrize(
    "archive",
    [b"", b"no archive", zipped({"plan.json": "{}"})[:-30]],
    ids=["empty", "no archive", "cut off"],
)
def test_damaged_archives_are_refused(archive: bytes) -> None:
    """With an error of the forge."""
    with pytest.raises(ForgeError, match="the artifact is damaged"):
        files_of(archive)


def test_a_changed_byte_is_refused_or_harmless() -> None:
    """Whichever byte of a compressed archive is damaged, it is read as it was or refused by an error of the forge."""
    files = {"plan.json": "x" * 5000 + "fingerprint" * 300}
    sound = zipped(files, zipfile.ZIP_DEFLATED)

    for index in range(len(sound)):
        damaged = bytearray(sound)
        damaged[index] ^= 0xFF
        try:
            found = files_of(bytes(damaged))
        except ForgeError:
            continue
        assert [file.content.decode() for file in found] == [*files.values()]


def test_large_archives_are_refused() -> None:
    """Before they are unpacked."""
    with pytest.raises(ForgeError, match="too large"):
        files_of(zipped({f"{number}": "" for number in range(1001)}))


def test_the_newest_artifact_counts(forge: Forge, fake: FakeForge) -> None:
    """A run that was repeated has several of a name."""
    for number in range(5):
        fake.upload("7", "plan", {"plan.json": str(number)})
    fake.upload("7", "other", {"plan.json": "other"})

    archive = forge.artifact("7", "plan")

    assert archive is not None
    assert files_of(archive) == [ArchivedFile("plan.json", b"4")]


def test_there_is_no_artifact(forge: Forge, fake: FakeForge) -> None:
    """Of another name, of another run, or one that expired."""
    fake.upload("7", "plan", {})

    assert forge.artifact("7", "other") is None
    assert forge.artifact("8", "plan") is None
    fake.faults += [Fault(410, path="zip"), Fault(404, path="/jobs/")]
    assert forge.artifact("7", "plan") is None


def test_an_artifact_is_of_a_commit(forge: Forge, fake: FakeForge) -> None:
    """It is the commit of its run, or on GitLab of the merge request. On GitHub, a run of a fork is refused."""
    fake.upload("7", "plan", {"plan.json": "1"}, "b" * 40)
    fake.upload("8", "plan", {"plan.json": "2"}, "c" * 40, merge_of=["b" * 40], ref="refs/merge-requests/12/merge")
    fake.upload("9", "plan", {"plan.json": "3"}, "c" * 40, merge_of=["b" * 40])
    fake.upload("10", "plan", {"plan.json": "4"}, "b" * 40, fork=True)
    of_commit = {run for run in ("7", "8", "9", "10") if forge.artifact(run, "plan", "b" * 40)}

    assert of_commit == ({"7"} if isinstance(forge, GitHub) else {"7", "8", "10"})
    assert forge.artifact("7", "plan", "c" * 40) is None


@pytest.mark.parametrize("commit", ["d" * 40, "e" * 40])
def test_the_merged_pull_request_is_found(forge: Forge, fake: FakeForge, commit: str) -> None:
    """By the commit that it brought."""
    fake.merged["d" * 40] = {"number": 12, "head": "b" * 40}

    assert forge.merged_pull_request(commit) == (MERGED if commit == "d" * 40 else None)
