"""The input of batch jobs: lines of JSON in the form of the recipe and the filter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.catalog.rows.lines import members_of, most_lines, unusable_columns
from personalize_gitops.catalog.rules.batch import is_themed
from personalize_gitops.catalog.schemas import Field
from personalize_gitops.checking.files import Progress, lines_of
from personalize_gitops.checking.found import Found
from personalize_gitops.filters import FilterExpression, FilterSyntaxError, parse
from personalize_gitops.filters.values import missing_values
from personalize_gitops.lint.declared import document_at, group_of, groups_of, recipe_of, solution_of
from personalize_gitops.model.data_files import DataFile, Files
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Source, Verbatim


@dataclass(frozen=True)
class _Form:
    """What the lines of a job must have."""

    recipe: Recipe
    most: int  # lines of a file
    filter: FilterExpression | None
    columns: Mapping[str, Field] | None  # of the items; None if they are not known


def line_problems(job: Document, desired: Desired, files: Files, progress: Progress) -> Iterator[Problem[Source]]:
    """Yield the lines that a batch job would answer with an error; none while the input has no file."""
    form = _form_of(job, desired)
    if form is None:
        return
    for file in files(job.attributes["jobInput"]["s3DataSource"]["path"], ""):
        found = Found(file.name, str(job.address))
        found.add(_findings(file, form, progress))
        yield from found.problems()


def _form_of(job: Document, desired: Desired) -> _Form | None:
    """Return the form of the lines; None if the recipe is not known."""
    solution = solution_of(job, desired)
    recipe = recipe_of(solution)
    if solution is None or recipe is None:
        return None
    columns = group_of(solution, groups_of(desired)).columns(DatasetType.ITEMS)
    return _Form(recipe, most_lines(recipe, themed=is_themed(job.attributes)), _filter_of(job, desired), columns)


def _filter_of(job: Document, desired: Desired) -> FilterExpression | None:
    used = document_at(job.references.get("filter"), desired)
    try:
        return parse(used.attributes["filterExpression"]) if used else None
    except FilterSyntaxError:  # PG301
        return None


def _findings(file: DataFile, form: _Form, progress: Progress) -> Iterator[Finding]:
    number = lines = beyond = 0
    try:
        for number, text in enumerate(lines_of(file, progress), start=1):
            if not text.strip():
                continue
            lines += 1
            beyond = beyond or (number if lines > form.most else 0)
            if finding := _finding(number, text, form):
                yield finding
    except UnicodeDecodeError:
        yield Finding(DataCode.NOT_UTF8, (number + 1,))
    if beyond:
        yield Finding(DataCode.TOO_MANY_LINES, (beyond,), params={"found": lines, "most": form.most})


def _finding(number: int, text: str, form: _Form) -> Finding | None:
    """Return what is wrong with a line."""
    try:
        line = json.loads(text)
    except json.JSONDecodeError as error:
        return _not_json(number, f"{error.msg.lower()} at character {error.colno}")
    except RecursionError:
        return _not_json(number, "nested too deeply")
    except ValueError:  # a number with thousands of digits
        return _not_json(number, "a number is too long")
    if not isinstance(line, dict):
        return Finding(DataCode.LINE_NOT_AN_OBJECT, (number,))
    return _without_members(number, line, form) or _without_values(number, line, form)


def _not_json(number: int, why: str) -> Finding:
    return Finding(DataCode.LINE_NOT_JSON, (number,), params={"error": Verbatim(why)})


def _without_members(number: int, line: Mapping[str, Any], form: _Form) -> Finding | None:
    given = {name: read(line.get(name)) for name, read in members_of(form.recipe).items()}
    if missing := [name for name, value in given.items() if value is None]:
        return Finding(DataCode.LINE_WITHOUT_MEMBERS, (number,), params={"members": tuple(map(Verbatim, missing))})
    unusable = unusable_columns(given.get("itemAttributes", ()), form.columns) if form.columns is not None else ()
    return next((Finding(code, (number,), column) for code, column in unusable), None)


def _without_values(number: int, line: Mapping[str, Any], form: _Form) -> Finding | None:
    values = line.get("filterValues")
    missing = missing_values(form.filter, values if isinstance(values, dict) else {}) if form.filter else ()
    parameters = tuple(map(Verbatim, sorted(missing)))
    return Finding(DataCode.LINE_WITHOUT_VALUES, (number,), params={"parameters": parameters}) if missing else None
