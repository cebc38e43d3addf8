"""Locations in S3 that jobs read and write (docs/service/2 §7.5, §11.1; docs/service/3 §3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, use_instead
from personalize_gitops.model.problem_codes import JobCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

_LOCATION = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/.*)?")


def csv_problems(check: Check, location: str | None, *place: str) -> Iterator[Problem[Path]]:
    """Yield why a location is neither a CSV file nor a folder of them, whose name ends in a slash."""
    if location is None:
        yield error(check, because(JobCode.NO_LOCATION), *place)
    elif not in_s3(location):
        yield error(check, because(JobCode.NOT_IN_S3, found=Verbatim(location)), *place)
    elif not location.lower().endswith((".csv", "/")):
        reason = because(JobCode.NEITHER_CSV_NOR_FOLDER, found=Verbatim(location))
        yield error(check, reason, *place, suggestion=_as_folder(location))


def output_problems(check: Check, path: str, *place: str) -> Iterator[Problem[Path]]:
    """Yield why a path is not a folder that results can be written to."""
    if not in_s3(path):
        yield error(check, because(JobCode.NOT_IN_S3, found=Verbatim(path)), *place)
    elif not path.endswith("/"):
        reason = because(JobCode.OUTPUT_NOT_A_FOLDER, found=Verbatim(path))
        yield error(check, reason, *place, suggestion=use_instead(f"{path}/"))


def input_problems(check: Check, path: str, *place: str) -> Iterator[Problem[Path]]:
    """Yield why a path is no input of a batch job; a folder without a slash is a warning, because it is a prefix."""
    if not in_s3(path):
        yield error(check, because(JobCode.NOT_IN_S3, found=Verbatim(path)), *place)
    elif remedy := _as_folder(path):
        yield warning(check, because(JobCode.INPUT_IS_A_PREFIX, found=Verbatim(path)), *place, suggestion=remedy)


def in_s3(location: str) -> bool:
    """Return whether a location is a bucket in S3, with or without a key or prefix."""
    return _LOCATION.fullmatch(location) is not None


def _as_folder(location: str) -> Reason | None:
    """Return the suggestion of the folder with this name; None if the name looks like that of a file."""
    name = location.rpartition("/")[2]
    return use_instead(f"{location}/") if name and "." not in name else None
