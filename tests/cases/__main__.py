"""`python -m tests.cases`: write every plan.txt anew, and say which changed."""

from __future__ import annotations

import sys

from tests.cases.case import CASES, expected, printed

for case in CASES:
    text = printed(case)
    if text != expected(case):
        (case / "plan.txt").write_text(text)
        sys.stdout.write(f"{case.name}\n")
