"""The emulator refuses an import exactly if `validate --data` finds an error in its file."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas import parse
from personalize_gitops.checking.imports import Reading, import_problems
from personalize_gitops.checking.tally import Tally
from personalize_gitops.emulator import Settings
from personalize_gitops.emulator.data.columns import RowsBuilder
from personalize_gitops.emulator.data.csv_rows import read_rows
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.data_files import DataFile
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Severity

NOW = 1_767_225_600.0  # 2026-01-01
SCHEMA = parse(
    {
        "name": "Actions",
        "fields": [
            {"name": "ACTION_ID", "type": "string"},
            {"name": "VALUE", "type": ["null", "long"]},
            {"name": "NEW", "type": ["null", "boolean"]},
            {"name": "KIND", "type": ["null", "string"], "categorical": True},
            {"name": "CREATION_TIMESTAMP", "type": "long"},
        ],
    }
)
JOB = Document(
    Address("DatasetImportJob", "a"),
    KINDS["DatasetImportJob"],
    "a",
    {"dataSource": {"dataLocation": "s3://b/a.csv"}},
)
CELLS = st.sampled_from(
    [
        "",
        "a",
        "1",
        "10",
        "11",
        "-1",
        "true",
        "1_0",
        '"a\nb"',
        '"\\""',
        '"a"',
        '"a"b',
        "x" * 1001,
        "1596238243000",
        "é",
        "VALUE",
    ]
)
HEADER = "ACTION_ID,VALUE,NEW,KIND,CREATION_TIMESTAMP"
HEADERS = st.sampled_from(
    [HEADER] * 6 + [f'"{HEADER}', HEADER.replace("KIND", '"KIND"'), HEADER[:-5], f"{HEADER},NEW", ""]
)
RIGHT = ["a", "1", "true", "k", "1596238243"]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Return a file with mostly valid rows."""
    rows = draw(st.lists(st.lists(st.one_of(*[st.just("right")] * 4, CELLS), min_size=4, max_size=5), max_size=4))
    lines = [",".join(c if c != "right" else RIGHT[n] for n, c in enumerate(row)) for row in rows]
    text = "\n".join([draw(HEADERS), *lines]) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.encode(draw(st.sampled_from(["utf-8"] * 9 + ["latin-1"])))


def errors(content: bytes) -> list[str]:
    """Return the codes of the errors that validate finds."""
    file = DataFile("a.csv", len(content), lambda: BytesIO(content))
    reading = Reading(lambda *_: [file], SCHEMA, DatasetType.ACTIONS, NOW, 0, lambda *_: None)
    found = import_problems(JOB, reading, Tally(SCHEMA, (), 0))
    return [each.reason.code for each in found if each.severity is Severity.ERROR]


def refused(content: bytes) -> bool:
    """Return whether the emulator refuses to import a file."""
    try:
        read_rows("a.csv", content, SCHEMA, Settings(), RowsBuilder(len(SCHEMA.fields)), actions=True)
    except CreationFailed:
        return True
    return False


@given(files())
def test_agreement(content: bytes) -> None:
    """For any file."""
    assert bool(errors(content)) == refused(content)
