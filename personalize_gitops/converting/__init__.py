"""Manifests from the configuration of other systems: parsed input → documents, and an entry for each part of it.

One module for each format adds documents to `collected`. `source` has the input with its paths and notes what became
of each part, `requests` reads the create requests that all formats contain, `schedules` their cron expressions, and
`linking` replaces ARNs by names. Everything is pure; `cli/convert.py` reads and writes the files.
"""

from __future__ import annotations

from importlib import import_module

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.linking import link
from personalize_gitops.model.conversion import Conversion, Given, Parsed, SourceFormat


def convert(format_: SourceFormat, files: tuple[Parsed, ...], given: Given | None = None) -> Conversion:
    """Return the documents of the files of one format, and what became of each part of them."""
    made = Collected(given or Given())
    import_module(f"{__name__}.{format_.replace('-', '_')}").convert(made, files)
    link(made)
    return made.conversion()
