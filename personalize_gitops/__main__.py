"""`python -m personalize_gitops`, `personalize-gitops` and `pgo`."""

import sys
from io import TextIOWrapper

from personalize_gitops.cli import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an arrow must not end a plan where only ASCII is printed
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
