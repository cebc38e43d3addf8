"""`fmt`: write the fields of manifests in their usual order."""

from __future__ import annotations

import argparse
import sys

from personalize_gitops.cli import options as shared
from personalize_gitops.errors import UsageError

UNORDERED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fmt`."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 2 if a file would change")
    shared.add_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Order the fields and name the files that changed. Return 0, or with `--check` 2 if there are any."""
    from personalize_gitops.manifest.formatting import format_folder
    from personalize_gitops.render.formatting import text

    if not options.manifests.is_dir():
        raise UsageError(f"--manifests {options.manifests}: the folder does not exist")
    found = format_folder(options.manifests, write=not options.check)
    sys.stdout.write(text(found.changed, found.left_alone, found.files, written=not options.check))
    return UNORDERED if options.check and found.changed else 0
