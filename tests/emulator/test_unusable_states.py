"""States that are damaged, edited or made by somebody else: one sentence, and nothing outside of their directory."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.emulator import Emulator, UnusableState

from .account import REGION, Account
from .clock import Clock

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of an account with resources, tags, rows, a training, events, objects, faults and roles."""
    directory, clock = tmp_path_factory.mktemp("saved") / "state", Clock()
    with Emulator(clock.now).started() as emulator:
        account = Account(emulator, clock)
        group = account.filled_group()
        account.version(account.solution(group))
        account.personalize.tag_resource(resourceArn=group, tags=[{"tagKey": "a", "tagValue": "b"}])
        account.personalize.create_dataset_group(name="later")
        emulator.faults.refuse("ListSchemas", "ThrottlingException", "Slow down.")
        emulator.save(directory)
    return directory


@pytest.fixture
def state(saved: Path, tmp_path: Path) -> Path:
    """A copy of the state that a test can change."""
    return copied(saved, tmp_path / "state")


def copied(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def loaded(directory: Path) -> Emulator:
    emulator = Emulator(Clock().now)
    emulator.load(directory)
    return emulator


def is_refused(directory: Path) -> bool:
    """Whether a state is refused, with one sentence; an error of another kind fails the test."""
    try:
        loaded(directory)
    except UnusableState as error:
        refusal = str(error)
    else:
        return False
    assert refusal.startswith(f"{directory}: ")
    assert "\n" not in refusal
    return True


def files(directory: Path) -> list[Path]:
    return [directory / "current", *sorted((directory / "content").iterdir())]


def sealed(directory: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Edit the state as somebody would who knows the format: under the digest of the new text."""
    state = json.loads((directory / "content" / (directory / "current").read_text()).read_text())
    edit(state)
    point_to(directory, json.dumps(state).encode())


def point_to(directory: Path, content: bytes) -> None:
    digest = sha256(content).hexdigest()
    (directory / "content" / digest).write_bytes(content)
    (directory / "current").write_text(digest)


def test_every_file_counts(state: Path, saved: Path) -> None:
    """A state without one of its files is refused; the pointer alone may be missing, as before the first save."""
    for file in files(state)[1:]:
        file.unlink()
        assert is_refused(state), file
        copied(saved, state)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_changed_byte(saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A state with changed, missing or added bytes in any file is refused."""
    directory = copied(saved, tmp_path_factory.getbasetemp() / "changed")
    file = data.draw(st.sampled_from(files(directory)))
    content = file.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    new = content[:start] + data.draw(st.binary(max_size=10)) + content[end:]

    file.write_bytes(new)

    assert is_refused(directory) == (new != content)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def is_saved_again(directory: Path) -> bool:
    """Whether what can be loaded can be saved, and loaded from there."""
    loaded(directory).save(directory.with_name("again"))
    return not is_refused(directory.with_name("again"))


def edited(value: Any, data: st.DataObject) -> Any:
    """A JSON value in which one place has another value."""
    *path, last = ["whole", *data.draw(st.sampled_from([*places(value)]))]
    inner: Any = {"whole": value}
    whole = inner
    for step in path:
        inner = inner[step]
    inner[last] = data.draw(ANY_JSON)
    return whole["whole"]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_value_of_a_wrong_type(saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A state in which any value is replaced by another one is loaded or refused, never an error of another kind."""
    directory = copied(saved, tmp_path_factory.getbasetemp() / "edited")
    state = json.loads((directory / "content" / (directory / "current").read_text()).read_text())

    point_to(directory, json.dumps(edited(state, data)).encode())

    assert is_refused(directory) or is_saved_again(directory)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_any_value_of_a_training(saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """The same for the file of a training."""
    directory = copied(saved, tmp_path_factory.getbasetemp() / "edited")
    state = json.loads((directory / "content" / (directory / "current").read_text()).read_text())
    region = next(region for region in state["regions"] if region["trainings"])
    ((arn, file),) = region["trainings"].items()
    training = json.loads((directory / "content" / file).read_text())

    content = json.dumps(edited(training, data)).encode()
    region["trainings"][arn] = sha256(content).hexdigest()
    (directory / "content" / region["trainings"][arn]).write_bytes(content)
    point_to(directory, json.dumps(state).encode())

    assert is_refused(directory) or is_saved_again(directory)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"format": 4}', b'{"format": NaN}', b"9" * 5000],
    ids=lambda content: content[:10].decode("ascii", "replace"),
)
def test_what_is_no_state(state: Path, content: bytes) -> None:
    """A pointer to anything else than a state is refused."""
    point_to(state, content)

    assert is_refused(state)


@pytest.mark.parametrize(
    "pointer", ["", "0" * 64, "../../outside", "/etc/passwd", "content", ".", "é" * 64, "\0", "A" * 64]
)
def test_pointers(state: Path, pointer: str) -> None:
    """A pointer that is no digest of a file in the directory is refused."""
    (state / "current").write_text(pointer)

    assert is_refused(state)


def test_a_state_of_a_former_version(state: Path) -> None:
    """A state of another format is not called damaged."""
    (state / "current").write_text("000007")
    with pytest.raises(UnusableState, match="saved by another version of the emulator; remove"):
        loaded(state)

    point_to(state, b'{"format": 3}')
    with pytest.raises(UnusableState, match=r"saved by another version of the emulator \(format 3\)"):
        loaded(state)


@pytest.mark.parametrize(
    "edit",
    [
        lambda state, path: state["regions"][0]["records"].append(path),
        lambda state, path: state["regions"][0]["records"].append(["x"]),
        lambda state, path: next(iter(state["regions"][0]["tables"].values()))["parts"]["bulk"]["files"].append(path),
        lambda state, path: next(iter(state["regions"][0]["tables"].values())).update(event_ids=path),
        lambda state, path: next(iter(state["buckets"].values())).update(objects=path),
        lambda state, path: state["regions"][0].update(now=1e300),
    ],
)
def test_paths_in_a_state(state: Path, edit: Callable[[dict[str, Any], str], None]) -> None:
    """A name in a state that is no digest is refused, even if it leads to a file."""
    outside = state.parent / "outside"
    outside.write_text("[]")
    for path in ("../../outside", str(outside)):
        sealed(state, partial(_swapped, edit, path))

        assert is_refused(state)


def _swapped(edit: Callable[[dict[str, Any], str], None], path: str, saved: dict[str, Any]) -> None:
    edit(saved, path)


def test_links_are_not_followed(state: Path, saved: Path) -> None:
    """A link in the place of any file or folder of the state is refused, even if it leads to the same content."""
    for file in (*files(state), state / "content"):
        file.rename(state.parent / "moved")
        file.symlink_to(state.parent / "moved")
        assert is_refused(state), file
        with pytest.raises(UnusableState), Emulator(Clock().now).keeping(state):
            pass
        (state.parent / "moved").rename(state.parent / f"moved-{len([*state.parent.iterdir()])}")
        copied(saved, state)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_pipes_are_not_read(state: Path) -> None:
    """A named pipe in the place of a file is refused at once, instead of waited for."""
    (state / "current").unlink()
    os.mkfifo(state / "current")

    assert is_refused(state)


def test_the_lock_does_not_follow_a_link(state: Path) -> None:
    """The file of the lock is not created through a link: what it leads to stays as it is."""
    victim = state.parent / "victim"
    victim.write_text("precious")
    (state / "owner").unlink(missing_ok=True)
    (state / "owner").symlink_to(victim)

    with pytest.raises(UnusableState, match="owner is not a file of this state"):
        loaded(state).save(state)

    assert victim.read_text() == "precious"


def test_a_refused_state_changes_nothing(state: Path) -> None:
    """An emulator that cannot load a state keeps its own, and the state stays as it was."""
    emulator = Emulator(Clock().now)
    emulator.put_bucket("mine", {"a": "b"})
    emulator.respond(REGION, "CreateDatasetGroup", '{"name": "mine"}')
    sealed(state, lambda saved: saved["roles"].append({"name": 7}))
    before = {file: file.read_bytes() for file in files(state)}

    with pytest.raises(UnusableState):
        emulator.load(state)

    assert (emulator.counts(), [*emulator.objects.all()]) == ({"123456789012": {REGION: 1}}, ["mine"])
    assert {file: file.read_bytes() for file in files(state)} == before


def test_rows_that_do_not_fit(state: Path) -> None:
    """Rows with too few values are found when they are needed, and are told in one sentence."""

    def point_at_other_rows(saved: dict[str, Any]) -> None:
        content = b'[["a"]]'
        digest = sha256(content).hexdigest()
        (state / "content" / digest).write_bytes(content)
        (table,) = saved["regions"][0]["tables"].values()
        table["parts"]["bulk"] = {"files": [digest], "count": 1}

    sealed(state, point_at_other_rows)
    (table,) = loaded(state).region(REGION).tables.values()

    with pytest.raises(UnusableState, match="the saved rows of a dataset are damaged"):
        _ = table.rows
