"""`convert`: manifests from the configuration of other systems, and what became of each part of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show
from personalize_gitops.errors import UsageError, reading
from personalize_gitops.model.conversion import Conversion, Given, Outcome, Parsed, SourceFormat

_UNDECIDED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the format, the files, and what the files do not say."""
    parser.add_argument("format", choices=[*map(str, SourceFormat)], metavar="FORMAT", help=", ".join(SourceFormat))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files of that format, JSON or YAML")
    parser.add_argument(
        "--out", type=Path, default=Path("manifests"), metavar="DIR", help="folder to write to (default: manifests)"
    )
    parser.add_argument("--role", default="", metavar="ARN", help="role with which Personalize reads and writes files")
    parser.add_argument("--bucket", default="", metavar="NAME", help="bucket of the system that is converted")
    parser.add_argument("--kms-key", default="", metavar="ARN", help="key of the dataset groups; needs --role")
    shared.add_output(parser, "conversion")


def run(options: argparse.Namespace) -> int:
    """Return 0, or 2 if the manifests have open decisions. Nothing is overwritten."""
    from personalize_gitops.converting import convert
    from personalize_gitops.manifest.foreign_yaml import read_values
    from personalize_gitops.manifest.new_files import write_documents
    from personalize_gitops.model.reports import ConversionReport

    if options.kms_key and not options.role:
        raise UsageError("--kms-key needs --role: a dataset group has both or none")
    files = tuple(Parsed(str(file), _stem(file), read_values(_read(file), str(file))) for file in options.files)
    for parsed in files:
        if not isinstance(parsed.value, dict):
            raise UsageError(f"{parsed.file}: expected a mapping of keys and values")
    format_ = SourceFormat(options.format)
    conversion = convert(format_, files, Given(options.role, options.bucket, options.kms_key))
    _check_found(conversion, options)
    written = write_documents(options.out, conversion.drafts)
    show(ConversionReport(format_, str(options.out), tuple(map(str, written)), conversion), options)
    return _UNDECIDED if conversion.counted()[Outcome.DECISION] else 0


def _check_found(conversion: Conversion, options: argparse.Namespace) -> None:
    """Raise UsageError if nothing in the input is of the format, with what was found instead."""
    from personalize_gitops.render.conversion import told

    counts = conversion.counted()
    if counts[Outcome.EXACT] or counts[Outcome.DEFAULTED]:
        return
    names = ", ".join(map(str, options.files))
    entries = sorted(conversion.entries, key=lambda entry: entry.outcome is not Outcome.DROPPED)
    found = next((f": {told(entry)}" for entry in entries), "")
    raise UsageError(f"nothing in {names} is of the format {options.format}, and nothing was written{found}")


def _read(file: Path) -> str:
    with reading(file):
        return file.read_text(encoding="utf-8")


def _stem(file: Path) -> str:
    return file.name.partition(".")[0]
