"""`init`: a new project, from a template or around the CSV files of a user."""

from __future__ import annotations

import argparse
import csv
import os
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.cli.output import tell
from personalize_gitops.errors import Refused, UsageError, reading
from personalize_gitops.render import lines

if TYPE_CHECKING:
    from personalize_gitops.starting.own_data import OwnFile

_REGION = r"[a-z]{2}(-[a-z]+)+-\d"
_NAME = r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,62}"
_DEFAULT_REGION = "us-east-1"
_OF_REPOSITORIES = ("README.md", ".gitignore")
_OWN = "own-data"  # the name of a project whose folder has no usable one
_ABOUT = "your own data"
_FIRST = (
    "Add what to train to `manifests/`, such as a Solution, a SolutionVersion and a Campaign: "
    "`personalize-gitops init example --template custom-recommendations` shows how."
)
_DATA_LINE = "Change the data, and plan again: the imports run for the new files."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder, and what a terminal would be asked for."""
    from personalize_gitops.starting.template import TEMPLATES

    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="folder (default: this one)"
    )
    made_from = parser.add_mutually_exclusive_group()
    made_from.add_argument("--template", choices=[*TEMPLATES], metavar="NAME", help=", ".join(TEMPLATES))
    made_from.add_argument(
        "--from-csv",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="CSV files with the columns of Personalize, in one folder",
    )
    parser.add_argument(
        "--region", type=_matching(_REGION), metavar="NAME", help=f"region of prod (default: {_DEFAULT_REGION})"
    )
    parser.add_argument(
        "--name", type=_matching(_NAME), metavar="NAME", help="name of the dataset group (default: that of the folder)"
    )


def _matching(pattern: str) -> Callable[[str], str]:
    def checked(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise argparse.ArgumentTypeError(f'invalid value "{given}": expected text that matches {pattern}')
        return given

    return checked


def run(options: argparse.Namespace) -> int:
    """Write the project and return 0. Nothing is overwritten: if one of its files exists, none is written.

    A README and a .gitignore, which most repositories begin with, stay as they are.
    """
    from personalize_gitops.manifest.new_files import write_new

    if not (options.template or options.from_csv):
        _ask(options)
    files = {options.folder / name: text for name, text in _files(options).items()}
    kept = [name for name in _OF_REPOSITORIES if (options.folder / name).exists()]
    written = write_new({path: text for path, text in files.items() if path.name not in kept})
    is_here = options.folder == Path()
    folder = "this folder" if is_here else str(options.folder)
    enter = [] if is_here else [f"cd {shlex.quote(str(options.folder))}"]
    check = ["personalize-gitops validate --data"] if options.from_csv else []  # rows that an import would refuse
    commands = " && ".join([*enter, *check, "personalize-gitops apply"])
    told = (
        f"Wrote {len(written)} files to {folder}.",
        *(f"Kept {name} as it was." for name in kept),
        f"Next: {commands}",
    )
    sys.stdout.write(lines.joined(map(lines.line, told)))
    return 0


def _files(options: argparse.Namespace) -> dict[str, str]:
    """Return the files of the project, by path."""
    from personalize_gitops.starting.template import Settings, project_of

    region = options.region or _DEFAULT_REGION
    name = options.name or _name_of(options.folder, options.template or _OWN)
    if options.template:
        return project_of(options.template, Settings(name, region))
    return _own_project(options.folder, options.from_csv, name, region)


def _name_of(folder: Path, otherwise: str) -> str:
    return folder.name if re.fullmatch(_NAME, folder.name) else otherwise


def _own_project(folder: Path, paths: Sequence[Path], name: str, region: str) -> dict[str, str]:
    """Return the files of a project around the CSV files of a user, which stay where they are."""
    from personalize_gitops.manifest.new_files import texts_of
    from personalize_gitops.starting.own_data import documents
    from personalize_gitops.starting.template import Settings, common_files

    found = [_read(path) for path in paths]
    for file in found:
        _check(file)
    folders = {path.resolve().parent for path in paths}
    if len(folders) > 1:
        raise UsageError("the files are in different folders: move them into one, which becomes the local bucket")
    data = Path(os.path.relpath(next(iter(folders)), folder.resolve() / "manifests")).as_posix()
    manifests = {f"manifests/{file}": text for file, text in texts_of(documents(name, found)).items()}
    return {**common_files(Settings(name, region, data), _ABOUT, _FIRST, _DATA_LINE), **manifests}


def _read(path: Path) -> OwnFile:
    from personalize_gitops.starting.own_data import read_rows

    with reading(path), path.open(encoding="utf-8", newline="") as file:
        try:
            return read_rows(path.name, csv.reader(file))
        except csv.Error as error:
            raise UsageError(f"{path} cannot be read: it is not a CSV file") from error


def _check(file: OwnFile) -> None:
    """Raise UsageError if the columns of a file cannot have a schema."""
    from personalize_gitops.catalog.schemas import schema_problems
    from personalize_gitops.model.problem import Severity
    from personalize_gitops.render.reasons import text
    from personalize_gitops.starting.own_data import avro, type_of

    for problem in schema_problems(avro(file, type_of(file)), domain=None):
        if problem.severity is Severity.ERROR:
            raise UsageError(f"{file.name}: {text(problem.reason)}")


def _ask(options: argparse.Namespace) -> None:
    """Ask for what the command line leaves open. Raises Refused without a terminal."""
    from personalize_gitops.starting.template import TEMPLATES

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("cannot ask: not a terminal; pass --template or --from-csv, and --region and --name as needed")
    width = max(map(len, TEMPLATES))
    for name, template in TEMPLATES.items():
        tell(f"  {name.ljust(width)}  {template.about}")
    options.template = _answer("Template", "movies", "|".join(TEMPLATES))
    options.region = options.region or _answer("Region of the target prod", _DEFAULT_REGION, _REGION)
    default = _name_of(options.folder, options.template)
    options.name = options.name or _answer("Name of the dataset group", default, _NAME)


def _answer(question: str, default: str, pattern: str) -> str:
    """Return the answer to a question, the default for an empty one; ask again until it is valid."""
    while True:
        tell(f"{question} [{default}]:")
        line = sys.stdin.readline()
        if not line:
            raise Refused("no answer; nothing was written")
        given = line.strip() or default
        if re.fullmatch(pattern, given):
            return given
        tell(f'"{given}" does not match {pattern}')
