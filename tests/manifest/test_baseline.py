"""`drift-baseline.yaml`: its entries, its problems with their places, and that it is not read as a document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.baseline import load_baseline
from personalize_gitops.model.address import Address
from personalize_gitops.model.baseline import Mute
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.reason import Source
from personalize_gitops.render.json import moment
from personalize_gitops.render.reasons import message, text
from tests.manifest.writing import Folder

VALID = """\
mute:
  - address: Campaign/home
    path: spec.minProvisionedTPS
    target: prod
    reason: raised for the sale
    until: 2026-12-24
  - {address: Filter/by-hand, reason: a trial, until: "2026-11-30"}
"""


def problems(folder: Folder, content: str) -> list[str]:
    """`line:col message`, and the suggestion behind it, for each problem."""
    folder.write("drift-baseline.yaml", content)
    with pytest.raises(ManifestError) as caught:
        load_baseline(folder.path, ["local", "prod"])
    assert {Path(problem.place.file).name for problem in caught.value.problems} == {"drift-baseline.yaml"}
    return [
        f"{problem.place.line}:{problem.place.column} {message(problem)}"
        f"{f' ({text(problem.suggestion)})' if problem.suggestion else ''}"
        for problem in caught.value.problems
    ]


def test_the_entries(folder: Folder) -> None:
    """Each has its place, and ends with its last day in UTC."""
    folder.write("drift-baseline.yaml", VALID)
    file = str(folder.path / "drift-baseline.yaml")

    assert load_baseline(folder.path, ["prod"]) == (
        Mute(
            Address("Campaign", "home"),
            "spec.minProvisionedTPS",
            "prod",
            "raised for the sale",
            datetime(2026, 12, 25, tzinfo=UTC).timestamp(),
            Source(file, 2, 5),
        ),
        Mute(
            Address("Filter", "by-hand"),
            "",
            "",
            "a trial",
            datetime(2026, 12, 1, tzinfo=UTC).timestamp(),
            Source(file, 7, 5),
        ),
    )


def test_an_entry_can_last_for_ever(folder: Folder) -> None:
    """The last day of the calendar, which stands for no end, ends with it."""
    folder.write("drift-baseline.yaml", "mute: [{address: Campaign/home, reason: x, until: 9999-12-31}]\n")

    (entry,) = load_baseline(folder.path, [])

    assert moment(entry.ends) == "9999-12-31T23:59:59.000Z"


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "mute: []\n"])
def test_no_entries(folder: Folder, content: str) -> None:
    """An empty file mutes nothing, and neither does a missing one."""
    assert load_baseline(folder.path, []) == ()
    folder.write("drift-baseline.yaml", content)

    assert load_baseline(folder.path, []) == ()


def test_it_is_not_a_document(folder: Folder) -> None:
    """The manifests are the same with it, also if it is invalid: it never affects a plan."""
    before = folder.load().desired
    folder.write("drift-baseline.yaml", "mute: [{address: nonsense}]\n")

    assert folder.load().desired.digest == before.digest


def test_elsewhere_it_would_have_no_effect(folder: Folder) -> None:
    """It lies beside the project file."""
    folder.write("more/drift-baseline.yaml", VALID)

    assert folder.problem() == (
        f"more/drift-baseline.yaml:1:1 the drift baseline must lie beside the project file, in {folder.path}"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- Campaign/home\n", "1:1 expected a mapping, found a list"),
        ("mute:\n  - {address: Campaign/home, reason: x}\n", "2:5 mute[0].until: required field is missing"),
        ("mut: []\n", '1:1 mut: unknown field (did you mean "mute"?)'),
        (
            "mute: [{address: home, reason: x, until: 2026-12-24}]\n",
            '1:9 mute[0].address: invalid address "home": expected Kind/name',
        ),
        (
            "mute: [{address: Campain/home, reason: x, until: 2026-12-24}]\n",
            '1:9 mute[0].address: unknown kind "Campain" (did you mean "Campaign"?)',
        ),
        (
            "mute: [{address: Campaign/home, path: spec.minProvisionedTP, reason: x, until: 2026-12-24}]\n",
            '1:33 mute[0].path: invalid path "spec.minProvisionedTP": unknown field minProvisionedTP',
        ),
        (
            "mute: [{address: Campaign/home, target: prd, reason: x, until: 2026-12-24}]\n",
            '1:33 mute[0].target: unknown target "prd" (did you mean "prod"?)',
        ),
        (
            "mute: [{address: Campaign/home, reason: x, until: tomorrow}]\n",
            '1:44 mute[0].until: invalid day "tomorrow": expected e.g. 2026-12-24',
        ),
        ("mute: [", "1:8"),
    ],
)
def test_problems(folder: Folder, content: str, problem: str) -> None:
    """Each has its file, line and column."""
    (found,) = problems(folder, content)

    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("path", "field", "covered"),
    [
        ("spec.minProvisionedTPS", ("minProvisionedTPS",), True),
        ("spec.campaignConfig", ("campaignConfig", "syncWithLatestSolutionVersion"), True),
        ("spec.campaign", ("campaignConfig",), False),
        ("tags.team", ("tags", "team"), True),
        ("spec.tags.team", ("tags", "team"), False),
    ],
)
def test_what_a_path_covers(path: str, field: tuple[str, ...], covered: bool) -> None:
    """The member itself, and the members below it."""
    entry = Mute(Address("Campaign", "home"), path, "", "x", 0, Source("f"))

    assert entry.covers(FieldChange(field, 1, 2)) is covered
