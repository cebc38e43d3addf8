"""`python -m personalize_gitops`, `personalize-gitops` and `pgo`."""

import gc
import os
import sys
from contextlib import suppress
from io import TextIOWrapper

from personalize_gitops.cli import run

ALLOCATIONS = 200_000
"""New objects between two collections of garbage: more than most commands make. With Python's 700, collecting takes a
fifth of the time of a plan."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(ALLOCATIONS)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before the start
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  it stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an arrow must not end a plan where only ASCII is printed
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # To free every object would take an eighth of the time of a plan, and threads may still read the account.
    os._exit(code)


if __name__ == "__main__":
    main()
