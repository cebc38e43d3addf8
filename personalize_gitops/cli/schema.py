"""`schema`: the JSON Schema of the manifests, for editors."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options: one schema describes every document."""


def run(options: argparse.Namespace) -> int:
    """Print the JSON Schema. Return 0."""
    from personalize_gitops.manifest.json_schema import json_schema

    sys.stdout.write(json_schema())
    return 0
