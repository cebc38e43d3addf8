"""Which signal ends a process at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

_PROGRAM = """
import os, signal
from personalize_gitops.clock import SystemClock
from personalize_gitops.stopping import stopping
clock = SystemClock()
with stopping(clock, lambda: "nothing", simulated=False):
    clock.interrupt()  # as a deadline does
    os.kill(os.getpid(), signal.SIGTERM)
    print("goes on")
"""


def test_the_first_signal_after_a_deadline_awaits_the_answer_of_a_change() -> None:
    """A deadline is no signal: only the second signal ends the process at once."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "goes on\n")
    assert done.stderr.startswith("Stopping; no other step begins.")
