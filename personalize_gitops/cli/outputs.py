"""`outputs`: names, ARNs and tracking ids of what exists, for applications."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, tell
from personalize_gitops.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `outputs`."""
    parser.add_argument(
        "--to-ssm",
        type=_prefix,
        metavar="PREFIX",
        help="also write each value to the parameter store of Systems Manager: PREFIX/Kind/name/arn",
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "outputs")


def run(options: argparse.Namespace) -> int:
    """Show what exists, and write it to the parameter store if asked to. Return 0."""
    from personalize_gitops.asking.outputs import outputs_of
    from personalize_gitops.model.reports import OutputsReport
    from personalize_gitops.render.outputs import parameters
    from personalize_gitops.session import open_session

    with open_session(*shared.where(options)) as session:
        loaded, cloud = session.loaded, session.connection.cloud
        if options.to_ssm and loaded.target.emulator:
            raise UsageError(f"--to-ssm needs a target in AWS; {loaded.target_name} is on the embedded emulator")
        plan, snapshot = shared.read(session, options)
        found = outputs_of(plan, snapshot, cloud.runtime)
        report = OutputsReport(plan.project, plan.target, found)
        written = [*parameters(report, options.to_ssm)] if options.to_ssm else []
        for name, value in written:
            cloud.put_parameter(name, value)
    show(report, options)
    if options.to_ssm:
        tell(f"Wrote {len(written)} parameters below {options.to_ssm}.")
    return 0


def _prefix(given: str) -> str:
    if not given.startswith("/") or given.strip("/") == "":
        raise argparse.ArgumentTypeError(f'invalid prefix "{given}": expected e.g. /shop/prod')
    return given.rstrip("/")
