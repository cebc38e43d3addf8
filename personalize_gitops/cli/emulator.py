"""`emulator serve`: a local Amazon Personalize for any AWS client."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.errors import MissingExtra, UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`serve` is what it does."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="answer AWS clients over HTTP until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=5555, help="port, 0 for a free one (default: 5555)")
    serve.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="emulated seconds for each real one (default: 1)"
    )
    serve.add_argument("--state", type=Path, metavar="DIR", help="keep the state here, from one run to the next")
    serve.add_argument("--account", default="123456789012", help="the emulated account (default: 123456789012)")


def _speed(given: str) -> float:
    try:
        speed = float(given)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{given} is no number above 0")
    return speed


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or a request to end, then keep the state."""
    try:
        import moto  # noqa: F401  only to say early what is missing
    except ImportError as error:
        raise MissingExtra('the emulator is installed with: pip install "personalize-gitops[local]"') from error
    import signal

    from personalize_gitops.cli.output import tell
    from personalize_gitops.emulator import Emulator
    from personalize_gitops.engine.clock import ScaledClock

    emulator = Emulator(ScaledClock(options.speed).now, account=options.account)
    if options.state:
        emulator.load(options.state)
    try:
        server = emulator.serve(options.host, options.port)
    except (OSError, SystemExit) as error:
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {error}") from error
    signal.signal(signal.SIGTERM, _interrupt)
    with server:
        tell(f"Amazon Personalize, locally: {server.url}")
        tell(f"  aws --endpoint-url {server.url} personalize list-recipes")
        tell("Ctrl-C ends it.")
        try:
            server.wait()
        except KeyboardInterrupt:
            tell("Ending.")
    if options.state:
        emulator.save(options.state)
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
