"""What plan, apply, drift and destroy do first: read the manifests, look at the account, compare."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import replace

from personalize_gitops.cli.cache import load_cache, save_cache
from personalize_gitops.cli.connection import Connection
from personalize_gitops.cli.output import tell
from personalize_gitops.engine.observe.confirm import make_sure
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.engine.plan.planner import Policy, make_destroy_plan, make_plan
from personalize_gitops.manifest import Loaded
from personalize_gitops.manifest.project import Limits
from personalize_gitops.model.plan import Asked, Plan
from personalize_gitops.render import text

_NOTHING = Asked()


def planned(loaded: Loaded, connection: Connection, options: argparse.Namespace, asked: Asked = _NOTHING) -> Plan:
    """The plan for a target, from a fresh look at its account."""
    desired, cloud, pool = replace(loaded.desired, adopt=asked.adopt), connection.cloud, connection.pool
    policy = Policy(prune=loaded.target.prune, forget=asked.forget)
    file = None if options.no_cache else connection.cache_file
    cache = load_cache(file, desired.kinds, trusting=options.trust_timestamps)
    plan, snapshot = make_sure(
        lambda seen: make_destroy_plan(desired, seen) if asked.destroy else make_plan(desired, seen, policy),
        observe(cloud, connection.clock, desired, pool, cache, first_hand=asked.destroy),
        cloud,
        pool,
    )
    if (known := cache.after(snapshot)) != cache:
        save_cache(file, known)
    if options.verbose:
        tell(text.calls(cloud.calls))
    return plan


def too_many(plan: Plan, limits: Limits) -> str:
    """Why an apply would be refused for the number of its deletions; empty when it would not be."""
    if limits.max_deletes is None or plan.deletes <= limits.max_deletes:
        return ""
    return (
        f"{plan.deletes} deletions, replacements included, and limits.maxDeletes of target {plan.target} allows "
        f"{limits.max_deletes}; if every one of them is meant, raise it in the project file for this once"
    )


def next_command(command: Sequence[str], options: argparse.Namespace) -> str:
    """What to type next, with the options that were given."""
    words = ["personalize-gitops", *command]
    if str(options.manifests) != "manifests":
        words += ["--manifests", str(options.manifests)]
    if options.target:
        words += ["--target", options.target]
    return shlex.join(words)
