"""The logical names of objects."""

from __future__ import annotations

import pytest

from personalize_gitops.engine.importing.naming import logical_name, run_address
from personalize_gitops.model.address import Address
from personalize_gitops.model.importing import Wanted
from personalize_gitops.model.live import Live
from tests.support.builders import live

DATASET = Address("Dataset", "events")


@pytest.mark.parametrize(
    ("prefix", "suffix", "name"),
    [
        ("", "", "eu-home-prod"),
        ("eu-", "", "home-prod"),
        ("", "-prod", "eu-home"),
        ("eu-", "-prod", "home"),
        ("us-", "", None),
        ("", "-staging", None),
        ("eu-home-", "home-prod", None),
        ("eu", "", None),
    ],
)
def test_a_name_is_what_the_prefix_and_suffix_leave(prefix: str, suffix: str, name: str | None) -> None:
    """The naming of the target makes the AWS name from it again; None where it cannot."""
    assert logical_name(live("Filter/eu-home-prod"), Wanted(prefix=prefix, suffix=suffix)) == name


@pytest.mark.parametrize(
    ("run", "parent", "taken", "expected"),
    [
        (live("DatasetImportJob/job-2024"), DATASET, [], "events"),
        (live("DatasetImportJob/job-2024"), DATASET, [Address("DatasetImportJob", "events")], "events-2"),
        (live("DatasetImportJob/x", {"importMode": "INCREMENTAL"}), DATASET, [], "events-incremental"),
        (live("SolutionVersion/home/0a", {"trainingMode": "UPDATE"}), Address("Solution", "home"), [], "home-update"),
        (live("DatasetExportJob/eu-job"), None, [], "job"),
        (live("DatasetExportJob/job"), None, [], "job"),
    ],
)
def test_a_run_is_named_after_what_it_changes(
    run: Live, parent: Address | None, taken: list[Address], expected: str
) -> None:
    """A run that changes nothing keeps its own name, without the prefix if it has it."""
    assert run_address(run, Wanted(prefix="eu-"), parent, taken).name == expected
