"""`import`: write manifests for what is live in an account."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `import`."""
    shared.add_folder(parser, "--out")
    shared.add_target(parser)
    parser.add_argument(
        "--dataset-group",
        action="append",
        default=[],
        metavar="NAME",
        help="only what is in this dataset group; repeatable",
    )
    parser.add_argument("--explicit", action="store_true", help="also write the values that equal the defaults")
    shared.add_output(parser, "import")


def run(options: argparse.Namespace) -> int:
    """Write the manifests and show what was imported, and what was left out. Return 0."""
    from personalize_gitops.importing import import_account

    groups = frozenset(options.dataset_group)
    folder, target, variables = shared.where(options)
    report = import_account(folder, target, groups, explicit=options.explicit, variables=variables)
    show(report, options)
    if report.files:
        tell(f"Next: {shared.next_command(['plan', '--adopt'], options)}")
    return 0
