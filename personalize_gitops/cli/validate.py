"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse
import sys

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, show, style_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`; without a target, it checks all of them."""
    shared.add_manifests(parser)
    shared.add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Return 0 if the manifests are valid, with warnings or without. Raises ManifestError with their problems."""
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.model.problem import in_reading_order
    from personalize_gitops.render import json, text

    loaded = [load(options.manifests, options.target)] if options.target else load_all(options.manifests)
    warnings = in_reading_order(warning for each in loaded for warning in each.warnings)
    documents, targets = len(loaded[0].desired.documents), [each.target_name for each in loaded]
    sys.stderr.write(text.listed(warnings, style_for(options, sys.stderr)))
    show(
        {
            "text": lambda _: text.valid(documents, targets, len(warnings)),
            "json": lambda _: json.problems(warnings, TOOL),
        },
        options,
    )
    return 0
