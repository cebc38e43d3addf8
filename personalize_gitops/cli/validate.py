"""`validate`: offline checks of the manifests, for one target or for all."""

from __future__ import annotations

import argparse

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import TOOL, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `validate`; without a target all of them are checked."""
    shared.add_manifests(parser)
    shared.add_output(parser)


def run(options: argparse.Namespace) -> int:
    """0 when the manifests are valid; ManifestError says what is not."""
    from personalize_gitops.manifest.load import load, load_all
    from personalize_gitops.render import json
    from personalize_gitops.render.style import plural

    loaded = [load(options.manifests, options.target)] if options.target else load_all(options.manifests)
    documents = plural(len(loaded[0].desired.documents), "document")
    targets = ", ".join(each.target_name for each in loaded)
    show(
        {
            "text": lambda _: f"Valid: {documents}, for {'target' if len(loaded) == 1 else 'targets'} {targets}.\n",
            "json": lambda _: json.problems((), TOOL),
        },
        options,
    )
    return 0
