"""The lines of manifests that are shown with their problems, and those that are not."""

from __future__ import annotations

from pathlib import Path

from personalize_gitops.manifest.excerpts import lines_of
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode, ValueCode
from personalize_gitops.model.reason import Code, Reason, Source


def at(path: Path, line: int, code: Code = ValueCode.UNKNOWN_FIELD) -> Problem[Source]:
    return Problem(Reason(code), Source(str(path), line))


def test_lines(tmp_path: Path) -> None:
    """Each line by its place, without its end; none of a file or line that does not exist."""
    file = tmp_path / "manifests" / "a.yaml"
    file.parent.mkdir()
    file.write_bytes(b"one\r\ntwo\xff\nthree")
    problems = [at(file, 1), at(file, 2), at(file, 3), at(file, 9), at(file.with_name("b.yaml"), 1)]

    assert [*lines_of(problems, file.parent).values()] == ["one", "two\ufffd", "three"]


def test_a_link_that_leads_elsewhere_shows_nothing(tmp_path: Path) -> None:
    """What is not YAML in a file outside of the project does not reach a log."""
    (tmp_path / "secret").write_text("password")
    folder = tmp_path / "shop" / "manifests"
    folder.mkdir(parents=True)
    (folder / "a.yaml").symlink_to(tmp_path / "secret")

    assert lines_of([at(folder / "a.yaml", 1, ManifestCode.INVALID_YAML)], folder) == {}


def test_a_line_with_a_secret_is_not_shown(tmp_path: Path) -> None:
    """The URL of a chat that is written out stays out of the output, also for another problem of the line."""
    file = tmp_path / "a.yaml"
    file.write_text("notify: [https://hooks.example.com/secret]\nspec: 1\n")

    found = lines_of([at(file, 1), at(file, 1, ValueCode.LITERAL_URL), at(file, 2)], tmp_path)

    assert [*found.values()] == ["spec: 1"]
