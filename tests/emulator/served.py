"""An emulator server in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running server: its URL, its process, and the environment of a shell that uses it."""

    url: str
    process: subprocess.Popen[str]

    @property
    def environment(self) -> dict[str, str]:
        """Made-up credentials, and the endpoint for every service."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_ENDPOINT_URL": self.url,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

    def shell(self, script: str, folder: Path) -> str:
        """Run a shell script and return its output; if it fails, the test fails with its errors."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=self.environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def limit_files(self, size: int) -> None:
        """Let the server fail to write files of more than `size` bytes, as on a full disk; -1 ends it."""
        import resource  # Linux only

        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit code and stderr."""
        self.process.send_signal(how)
        _, words = self.process.communicate(timeout=60)
        return self.process.returncode, words


@contextmanager
def serving(*options: str, folder: Path | None = None) -> Iterator[Served]:
    """Run `emulator serve` on a free port, in a folder if one is given."""
    command = [sys.executable, "-m", "personalize_gitops", "emulator", "serve", "--port", "0", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"http://\S+", first)
        assert found, first + process.stderr.read()
        try:
            yield Served(found[0], process)
        finally:
            if process.poll() is None:
                process.kill()
