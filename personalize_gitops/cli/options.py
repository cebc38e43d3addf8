"""Options that several commands share, and the plan they start from."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.errors import UsageError
from personalize_gitops.model.address import Address
from personalize_gitops.render.formats import Format, formats_of
from personalize_gitops.span import seconds_in_sum

if TYPE_CHECKING:
    from personalize_gitops.locking import LockWait
    from personalize_gitops.model.live import Snapshot
    from personalize_gitops.model.plan import Choices, Plan, Resumed
    from personalize_gitops.session import Session


def add_manifests(parser: argparse.ArgumentParser) -> None:
    """Add the options for the folder of manifests and the target."""
    add_folder(parser)
    add_target(parser)


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the options for the target and its variables."""
    parser.add_argument(
        "--target", metavar="NAME", help="target of the project (default: PGO_TARGET, else its defaultTarget)"
    )
    parser.add_argument(
        "--var",
        type=_variable,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="value of a variable, instead of that of the project; repeatable",
    )


def where(options: argparse.Namespace, saved: str | None = None) -> tuple[Path, str | None, Mapping[str, str]]:
    """Return the folder, the target and the variables of a command line; `saved` is the target of a saved plan."""
    return options.manifests, options.target or saved or os.environ.get("PGO_TARGET"), dict(options.var)


def _variable(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f'invalid variable "{given}": expected e.g. tps=5')
    return name, value


def add_folder(parser: argparse.ArgumentParser, *other_names: str) -> None:
    """Add the option for the folder of manifests."""
    parser.add_argument(
        *other_names,
        "--manifests",
        dest="manifests",
        type=Path,
        default=Path(os.environ.get("PGO_MANIFESTS") or "manifests"),
        metavar="DIR",
        help="folder of manifests (default: PGO_MANIFESTS, else manifests)",
    )


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options for reading the account."""
    cached = parser.add_mutually_exclusive_group()
    cached.add_argument("--no-cache", action="store_true", help="read every object again, and do not update the cache")
    cached.add_argument(
        "--trust-timestamps",
        action="store_true",
        help="do not read objects whose update time is unchanged; AWS does not document that every update changes it",
    )
    parser.add_argument("--verbose", action="store_true", help="print how many calls it took to read the account")


def add_output(parser: argparse.ArgumentParser, document: str) -> None:
    """Add how the report is written: its formats come from the registry."""
    formats = {str(format_): format_ for format_ in formats_of(document)}
    parser.add_argument(
        "--output",
        action="append",
        type=lambda given: _output(given, formats),
        metavar="FORMAT[=PATH]",
        help=f"{' or '.join(formats)} (default: text), to stdout or to a file; repeatable",
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="color (default: auto)")


def _output(given: str, formats: Mapping[str, Format]) -> tuple[Format, Path | None]:
    """Return the format and the path of `json=plan.json`."""
    name, _, path = given.partition("=")
    if name not in formats:
        raise argparse.ArgumentTypeError(f'unsupported format "{name}": expected {" or ".join(formats)}')
    return formats[name], Path(path) if path else None


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose what a plan does beside its manifests."""
    parser.add_argument("--adopt", action="store_true", help="adopt unmanaged objects that have the names of documents")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--due", action="store_true", help="only runs that are due again, and the moves they cause")
    scope.add_argument(
        "--heal", action="store_true", help="only undo changes in the account since the last apply; never delete"
    )
    for option, does in _ADDRESSES.items():
        parser.add_argument(
            f"--{option}",
            type=address,
            nargs="+",
            action="extend",
            default=[],
            metavar="ADDR",
            help=f"{does}; repeatable",
        )


_ADDRESSES = {
    "forget": "stop managing an undeclared Kind/name and leave it in the account",
    "rerun": "start a run, such as SolutionVersion/name, although it is in sync",
    "replace": "replace a resource by its strategy although nothing differs",
    "only": "plan only these resources and what they need; the plan is not complete then",
    "exclude": "leave out these resources and what needs them; the plan is not complete then",
}
"""The choices that name addresses, and what they do. Each is a member of `Choices`."""


def choices_of(options: argparse.Namespace) -> Choices:
    """Return what the options choose for the plan. Raises UsageError for choices that exclude each other."""
    from personalize_gitops.model.plan import Choices, Scope

    addresses = {option: frozenset(getattr(options, option)) for option in _ADDRESSES}
    scope = Scope.DUE if options.due else Scope.HEAL if options.heal else Scope.ALL
    destroy = getattr(options, "destroy", False)
    choices = Choices(destroy=destroy, adopt=options.adopt, scope=scope, group="", **addresses)
    beyond = as_options(replace(choices, scope=Scope.ALL, only=frozenset(), exclude=frozenset()))
    if scope is not Scope.ALL and beyond:
        raise UsageError(f"--{scope} makes no other changes: it excludes {beyond[0]}")
    return choices


def as_options(choices: Choices) -> list[str]:
    """Return the words of a command line that make the same choices, without `--destroy`."""
    words = [f"--{choices.scope}"] if choices.scope != "all" else []
    words += ["--adopt"] if choices.adopt else []
    for option in _ADDRESSES:
        for chosen in sorted(getattr(choices, option)):
            words += [f"--{option}", str(chosen)]
    return words


def address(text: str) -> Address:
    """Return the address in `Kind/name`. Raises ArgumentTypeError for anything else."""
    try:
        return Address.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_apply(parser: argparse.ArgumentParser) -> None:
    """Add the options for approval and waiting."""
    parser.add_argument("--auto-approve", action="store_true", help="do not ask for approval")
    parser.add_argument(
        "--no-wait", action="store_true", help="begin the steps that can begin, then exit; 9 if work is in progress"
    )
    parser.add_argument(
        "--deadline",
        type=deadline,
        metavar="SPAN",
        help="stop waiting after e.g. 90s or 5h; exit 9 if work is in progress",
    )
    parser.add_argument(
        "--lock-timeout",
        type=span,
        default=0.0,
        metavar="SPAN",
        help="wait for the lock of the target for e.g. 10m; exit 7 if another apply holds it (default: do not wait)",
    )


def lock_wait(options: argparse.Namespace) -> LockWait:
    """Return how long to wait for the lock of the target; the wait is told when it begins."""
    from personalize_gitops.cli.output import tell
    from personalize_gitops.locking import LockWait
    from personalize_gitops.render.lock import waiting

    return LockWait(options.lock_timeout, lambda *held: tell(waiting(*held)))


_SHORTEST_DEADLINE = 10.0  # seconds; less than one poll after the first calls


def span(given: str) -> float:
    """Return a duration such as `90s` or `5h` in seconds. Raises ArgumentTypeError for anything else."""
    try:
        return seconds_in_sum(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def deadline(given: str) -> float:
    """Return the seconds of a deadline. Raises ArgumentTypeError if it is no duration, or too short to do anything."""
    seconds = span(given)
    if seconds < _SHORTEST_DEADLINE:
        raise argparse.ArgumentTypeError(f"{given} is too short: the shortest deadline is {_SHORTEST_DEADLINE:.0f}s")
    return seconds


def plan_of(
    session: Session, options: argparse.Namespace, choices: Choices | None = None, *, resumed: Resumed | None = None
) -> Plan:
    """Return the plan of a session, read as the options ask; `resumed` is the saved plan that is applied."""
    trusted = options.trust_timestamps
    plan = session.plan(choices, use_cache=not options.no_cache, trust_timestamps=trusted, resumed=resumed)
    tell_calls(session, options)
    return plan


def read(session: Session, options: argparse.Namespace) -> tuple[Plan, Snapshot]:
    """Return the plan of a session and its snapshot, read as the options ask."""
    found = session.read(use_cache=not options.no_cache, trust_timestamps=options.trust_timestamps)
    tell_calls(session, options)
    return found


def tell_calls(session: Session, options: argparse.Namespace) -> None:
    """Tell how many calls it took to read the account, if `--verbose` asks for it."""
    if options.verbose:
        from personalize_gitops.cli.output import tell
        from personalize_gitops.render import text

        tell(text.calls(session.connection.cloud.calls))


def next_command(command: Sequence[str], options: argparse.Namespace) -> str:
    """Return the next command line to run, with the options of this one."""
    return shlex.join(["personalize-gitops", *command, *repeated(options)])


def repeated(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the options of a command line that the next one repeats: the folder and the target."""
    folder = ("--manifests", str(options.manifests)) if str(options.manifests) != "manifests" else ()
    target = ("--target", options.target) if options.target else ()
    variables = (word for name, value in options.var for word in ("--var", f"{name}={value}"))
    return (*folder, *target, *variables)
