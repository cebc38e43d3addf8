"""Shells in which the program runs in the process of the test: each start of its own would take a second."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.project import Project

_SHIM = """#!{python} -IS
import json, os, socket, sys
with socket.create_connection(("127.0.0.1", {port})) as at:
    at.sendall(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode())
    at.shutdown(socket.SHUT_WR)
    out, err, code = json.loads(b"".join(iter(lambda: at.recv(65536), b"")))
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""


@dataclass(frozen=True)
class Shell:
    """Runs commands; wherever they call the program, it runs here."""

    program: Path
    listener: socket.socket
    called: list[list[str]] = field(default_factory=list)  # the command lines of the program

    def run(self, command: Sequence[str], environ: Mapping[str, str], folder: Path) -> tuple[int, str]:
        """Return the exit code and the output of a command that runs in a folder, with these variables only."""
        log = folder.parent / "log"
        with log.open("w+") as output:
            process = subprocess.Popen(
                command, env=environ, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True
            )
            while process.poll() is None:
                if select.select([self.listener], [], [], 0.005)[0]:
                    self._answer()
        return process.returncode, log.read_text()

    def _answer(self) -> None:
        at, _ = self.listener.accept()
        with at:
            arguments, folder, environ = json.loads(b"".join(iter(lambda: at.recv(65536), b"")))
            self.called.append(arguments)
            with _only(environ):
                result = Project(Path(folder)).run(*arguments)
            at.sendall(json.dumps([result.out, result.err, result.code]).encode())


@contextmanager
def _only(environ: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def shell(folder: Path) -> Iterator[Shell]:
    """Make an executable in a folder that runs the program in this process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        program = folder / "pgo"
        program.write_text(_SHIM.format(python=sys.executable, port=listener.getsockname()[1]))
        program.chmod(0o755)
        yield Shell(program, listener)


def path_with(folder: Path, program: Path) -> str:
    """Return a PATH that begins with the program under its names, and a pip that does nothing."""
    folder.mkdir()
    for name, points_to in {"personalize-gitops": program, "pgo": program, "pip": Path("/bin/true")}.items():
        (folder / name).symlink_to(points_to)
    return f"{folder}:{os.environ['PATH']}"
