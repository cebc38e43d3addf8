"""What plan, apply, drift and destroy do first: read the manifests, look at the account, compare."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from personalize_gitops.cli.connection import Connection
from personalize_gitops.engine.observe import observe
from personalize_gitops.engine.planner import Policy, make_destroy_plan, make_plan
from personalize_gitops.manifest import Loaded
from personalize_gitops.model.plan import Plan


def planned(loaded: Loaded, connection: Connection, *, destroy: bool = False) -> Plan:
    """The plan for a target, from a fresh look at its account."""
    snapshot = observe(connection.cloud, connection.clock, loaded.desired, connection.pool)
    if destroy:
        return make_destroy_plan(loaded.desired, snapshot)
    return make_plan(loaded.desired, snapshot, Policy(prune=loaded.target.prune))


def next_command(command: Sequence[str], options: argparse.Namespace) -> str:
    """What to type next, with the options that were given."""
    words = ["personalize-gitops", *command]
    if str(options.manifests) != "manifests":
        words += ["--manifests", str(options.manifests)]
    if options.target:
        words += ["--target", options.target]
    return shlex.join(words)
