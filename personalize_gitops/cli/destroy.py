"""`destroy`: take down what the project owns, in order."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `destroy`."""
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser)
    shared.add_apply(parser)


def run(options: argparse.Namespace) -> int:
    """0 when nothing of the project is left."""
    from personalize_gitops.cli.applying import carry_out
    from personalize_gitops.cli.connection import connected
    from personalize_gitops.cli.planning import planned
    from personalize_gitops.manifest import load
    from personalize_gitops.model.plan import Asked

    loaded = load(options.manifests, options.target)
    with connected(loaded, changes=True) as connection:
        plan = planned(loaded, connection, options, Asked(destroy=True))
        return carry_out(plan, connection, options, loaded.target.limits)
