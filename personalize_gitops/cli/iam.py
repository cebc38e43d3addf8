"""`iam`: the least-privilege policies for the manifests at hand."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared

if TYPE_CHECKING:
    from personalize_gitops.manifest import Loaded
    from personalize_gitops.permissions.policies import Place

_PURPOSES = ("plan", "apply", "drift", "service-role")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `iam`."""
    shared.add_manifests(parser)
    parser.add_argument(
        "--for",
        dest="purpose",
        choices=_PURPOSES,
        required=True,
        help="who needs the policy: whoever runs a command, or the roles, buckets and keys of the service",
    )


def run(options: argparse.Namespace) -> int:
    """Print a policy as JSON. Return 0."""
    from personalize_gitops.manifest import load
    from personalize_gitops.permissions.policies import Purpose, policy_for

    loaded = load(*shared.where(options))
    found = policy_for(Purpose(options.purpose), loaded.desired, place_of(loaded))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def place_of(loaded: Loaded) -> Place:
    """Return where the target is, and what it uses besides Amazon Personalize."""
    from personalize_gitops.manifest.project import Destination
    from personalize_gitops.permissions.policies import Place

    target = loaded.target
    place = Place(target.account or "*", target.region or "*")
    notified = [each for each in target.notify if isinstance(each, Destination)]
    start = f"arn:{place.partition}:events:{place.region}:{place.account}:event-bus/"
    buses = [each.event_bus for each in notified if each.event_bus]
    return Place(
        place.account,
        place.region,
        target.prune,
        target.lock or "",
        tuple(each.sns for each in notified if each.sns),
        tuple(bus if bus.startswith("arn:") else f"{start}{bus}" for bus in buses),
    )
