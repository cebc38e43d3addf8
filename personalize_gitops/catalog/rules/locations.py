"""Locations in S3 that jobs read and write (docs/service/2 §7.5, §11.1; docs/service/3 §3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize_gitops.model.problem import Problem, Severity, use_instead
from personalize_gitops.model.problem_codes import JobCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

LOCATION = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/.*)?")
"""The form of a location in S3: a bucket, and optionally a key or prefix."""


def csv_problems(location: str | None, place: Path) -> Iterator[Problem[Path]]:
    """Yield why a location is neither a CSV file nor a folder of them, whose name ends in a slash."""
    if location is None:
        yield Problem(because(JobCode.NO_LOCATION), place)
    elif not LOCATION.fullmatch(location):
        yield Problem(because(JobCode.NOT_IN_S3, found=Verbatim(location)), place)
    elif not location.lower().endswith((".csv", "/")):
        reason = because(JobCode.NEITHER_CSV_NOR_FOLDER, found=Verbatim(location))
        yield Problem(reason, place, suggestion=_as_folder(location))


def output_problems(path: str, place: Path) -> Iterator[Problem[Path]]:
    """Yield why a path is not a folder that results can be written to."""
    if not LOCATION.fullmatch(path):
        yield Problem(because(JobCode.NOT_IN_S3, found=Verbatim(path)), place)
    elif not path.endswith("/"):
        reason = because(JobCode.OUTPUT_NOT_A_FOLDER, found=Verbatim(path))
        yield Problem(reason, place, suggestion=use_instead(f"{path}/"))


def input_problems(path: str, place: Path) -> Iterator[Problem[Path]]:
    """Yield why a path is no input of a batch job; a folder without a slash is a warning, because it is a prefix."""
    if not LOCATION.fullmatch(path):
        yield Problem(because(JobCode.NOT_IN_S3, found=Verbatim(path)), place)
    elif remedy := _as_folder(path):
        yield Problem(because(JobCode.INPUT_IS_A_PREFIX, found=Verbatim(path)), place, Severity.WARNING, remedy)


def _as_folder(location: str) -> Reason | None:
    """Return the suggestion of the folder with this name; None if the name looks like that of a file."""
    name = location.rpartition("/")[2]
    return use_instead(f"{location}/") if name and "." not in name else None
