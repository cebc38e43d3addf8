"""Write docs/diagnostics.md from the checks and their examples: `make docs`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import chdir
from difflib import ndiff
from pathlib import Path
from tempfile import TemporaryDirectory

from personalize_gitops.model.checks import Check, codes_of
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from personalize_gitops.render.reasons import message, text
from tools.examples import example, problems_in

PAGE = Path(__file__).parents[1] / "docs" / "diagnostics.md"

_MOST, _FIRST, _LONGEST = 100, 5, 500  # lines of a file, or characters of a line: at most, and shown of longer ones

_HEAD = """\
# Diagnostics

<!-- Written by `make docs` from model/checks.py and tests/lint/examples; edit those. -->

Every problem that `personalize-gitops validate` finds has a code, which is in all formats of its output. A code keeps
its meaning. An error makes the manifests invalid (exit code 3), a warning does not.

The project sets the severity of a check to `error`, `warning`, `info` or `ignore`:

```yaml
kind: Project
name: shop
spec:
  targets: {local: {emulator: {}}}
  lint: {PG203: warning}
```

A comment ignores a check at a line and says why. At the end of a line it is for that line, on a line of its own it is
for the next one. A comment that ignores nothing is a warning (PG061).

```yaml
  recipe: aws-hrnn  # personalize-gitops: ignore PG203 replaced in May
```

Checks whose severity is fixed are about the structure of manifests: nothing can work with what they refuse.

Each example is refused by its check. The lines with `-` and `+` make it valid.
"""


def page() -> str:
    """Return the page as Markdown."""
    index = "".join(f"| [{check}](#{check.lower()}) | {check.about} |\n" for check in Check)
    chapters = "\n".join("\n".join(_chapter(check)) for check in Check)
    return f"{_HEAD}\n| code | what is right |\n|---|---|\n{index}\n{chapters}"


def _chapter(check: Check) -> Iterator[str]:
    problems = found(check)
    severity = " or ".join(sorted({problem.severity for problem in problems}))
    yield f"## {check}\n\n{check.about}\n"
    yield f"Severity: {severity}{', fixed' if check.fixed else ''}.\n"
    if codes := codes_of(check):
        yield "".join(f"- {code.about}\n" for code in codes)
    yield "\n".join(_examples(check))
    told = "\n".join(_told(problem) for problem in problems)
    yield f"```text\n{told}\n```\n"


def _examples(check: Check) -> Iterator[str]:
    """Yield the files of the example with the changes that make it valid, each as a block."""
    refused, accepted = example(check, "refused"), example(check, "accepted")
    for name in dict.fromkeys([*refused, *accepted]):
        if len(refused) > 1 or len(accepted) > 1:
            yield f"`{name}`:\n"
        yield f"```diff\n{_changes(name, refused, accepted)}\n```\n"


def _changes(name: str, refused: Mapping[str, str], accepted: Mapping[str, str]) -> str:
    before, after = (_shown(example.get(name, "").splitlines()) for example in (refused, accepted))
    lines = (line for line in ndiff(before, after) if not line.startswith("?"))
    return "\n".join(line.rstrip() for line in lines)


def _shown(lines: list[str]) -> list[str]:
    """Return lines without most of a long data file, and without the ends of long rows."""
    rest = [f"… and {len(lines) - _FIRST:,} more lines"] if len(lines) > _MOST else []
    first = lines[:_FIRST] if rest else lines
    return [each if len(each) <= _LONGEST else f"{each[:_FIRST]}… ({len(each):,} characters)" for each in first] + rest


def found(check: Check) -> list[Problem[Source]]:
    """Return what validation finds in the example of a check, with paths that are the same on every machine."""
    with TemporaryDirectory() as folder, chdir(folder):
        return [*problems_in(check, "refused", Path("manifests"))]


def _told(problem: Problem[Source]) -> str:
    remedy = f"\n  {text(problem.suggestion)}" if problem.suggestion else ""
    told = f"{problem.place}: {message(problem)} [{problem.check}]{remedy}"
    return told.replace(f"manifests{os.sep}", "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
