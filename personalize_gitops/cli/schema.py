"""`schema`: the JSON Schema of the manifests, for editors."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`schema` has no options: there is one schema for every document."""


def run(options: argparse.Namespace) -> int:
    """Print it."""
    from personalize_gitops.manifest.json_schema import json_schema

    sys.stdout.write(json_schema())
    return 0
