"""`destroy`: delete what the project owns, in order."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `destroy`."""
    shared.add_manifests(parser)
    parser.add_argument(
        "--dataset-group",
        default="",
        metavar="NAME",
        help="delete this dataset group and everything in it, also what nobody manages, and nothing else",
    )
    shared.add_reading(parser)
    shared.add_output(parser, "apply")
    shared.add_apply(parser)


def run(options: argparse.Namespace) -> int:
    """Delete everything the project owns, or a dataset group. Return 0, else the exit code of the failure."""
    from personalize_gitops.cli.execution import execute
    from personalize_gitops.model.plan import Choices
    from personalize_gitops.session import open_session

    wait = shared.lock_wait(options)
    with open_session(*shared.where(options), changes=True, wait=wait) as session:
        choices = Choices(destroy=True, group=options.dataset_group)
        return execute(shared.plan_of(session, options, choices), session, options)
