"""The input of batch jobs: lines of JSON in the form of the recipe."""

from __future__ import annotations

import json
from collections.abc import Iterator

from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.catalog.rows.lines import members_of
from personalize_gitops.checking.files import Progress, lines_of
from personalize_gitops.checking.found import Found
from personalize_gitops.model.data_files import DataFile, Files
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Source, Verbatim


def line_problems(job: Document, recipe: Recipe, files: Files, progress: Progress) -> Iterator[Problem[Source]]:
    """Yield the lines that a batch job would answer with an error. There is no input yet if there is no file."""
    for file in files(job.attributes["jobInput"]["s3DataSource"]["path"], ""):
        found = Found(file.name, str(job.address))
        found.add(_findings(file, recipe, progress))
        yield from found.problems()


def _findings(file: DataFile, recipe: Recipe, progress: Progress) -> Iterator[Finding]:
    number = 0
    try:
        for number, text in enumerate(lines_of(file, progress), start=1):
            if text.strip() and (finding := _finding(number, text, recipe)):
                yield finding
    except UnicodeDecodeError:
        yield Finding(DataCode.NOT_UTF8, (number + 1,))


def _finding(number: int, text: str, recipe: Recipe) -> Finding | None:
    """Return what is wrong with a line."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Finding(DataCode.LINE_NOT_JSON, (number,), params={"error": Verbatim(error)})
    if not isinstance(line, dict):
        return Finding(DataCode.LINE_NOT_AN_OBJECT, (number,))
    missing = [name for name, read in members_of(recipe).items() if read(line.get(name)) is None]
    members = tuple(map(Verbatim, missing))
    return Finding(DataCode.LINE_WITHOUT_MEMBERS, (number,), params={"members": members}) if missing else None
