"""What plan, apply, drift and destroy do first: read the manifests, look at the account, compare."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from personalize_gitops.cli.cache import load_cache, save_cache
from personalize_gitops.cli.connection import Connection
from personalize_gitops.cli.output import tell
from personalize_gitops.engine.hearsay import make_sure
from personalize_gitops.engine.observe import observe
from personalize_gitops.engine.planner import Policy, make_destroy_plan, make_plan
from personalize_gitops.manifest import Loaded
from personalize_gitops.model.plan import Plan
from personalize_gitops.render import text


def planned(loaded: Loaded, connection: Connection, options: argparse.Namespace, *, destroy: bool = False) -> Plan:
    """The plan for a target, from a fresh look at its account."""
    desired, cloud, pool = loaded.desired, connection.cloud, connection.pool
    policy = Policy(prune=loaded.target.prune)
    file = None if options.no_cache else connection.cache_file
    cache = load_cache(file, desired.kinds, trusting=options.trust_timestamps)
    plan, snapshot = make_sure(
        lambda seen: make_destroy_plan(desired, seen) if destroy else make_plan(desired, seen, policy),
        observe(cloud, connection.clock, desired, pool, cache),
        cloud,
        pool,
    )
    save_cache(file, cache.after(snapshot))
    if options.verbose:
        tell(text.calls(cloud.calls))
    return plan


def next_command(command: Sequence[str], options: argparse.Namespace) -> str:
    """What to type next, with the options that were given."""
    words = ["personalize-gitops", *command]
    if str(options.manifests) != "manifests":
        words += ["--manifests", str(options.manifests)]
    if options.target:
        words += ["--target", options.target]
    return shlex.join(words)
