"""What comments and issues say beside the reports in them, and what the commands say about them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PUNCTUATION = re.compile(r"[!-,:-@\[-`{-~]")  # of ASCII, without - . and /

_LONGEST_TITLE = 250  # characters; GitLab takes 255, GitHub 256

CUT = "_The rest is left out: a comment cannot be longer._"

NO_PULL_REQUEST = "No open pull request has this commit: nothing to comment."


def dispatched(workflow: str, ref: str) -> str:
    """Return that a workflow was started on a branch."""
    return f"Started {workflow} on {ref}."


def index(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return links to the comments of targets, from target, address and summary of each; summaries are Markdown."""
    rows = [f"- [{_code(target)}]({url}){f': {summary}' if summary else ''}" for target, url, summary in entries]
    return "\n".join(["## Plans by target", "", *rows]) + "\n"


def drift_title(project: str, target: str) -> str:
    """Return the title of a drift issue; forges refuse longer ones."""
    return f"Drift in target {target} of {project}"[:_LONGEST_TITLE]


def resolved(run_url: str) -> str:
    """Return the note in a drift issue that is closed."""
    return f"**Resolved**: {_check(run_url)} found no drift. The drift that was found before:"


def not_checked(run_url: str) -> str:
    """Return the note in a drift issue whose target could not be checked any more."""
    return f"**Unknown**: {_check(run_url)} could not check the target. The drift that was found before:"


def duplicate(run_url: str) -> str:
    """Return the note in a drift issue that exists twice."""
    return f"**Duplicate**: {_check(run_url)} continues in another issue. The drift that was found before:"


def comment_told(done: str, url: str) -> str:
    """Return what happened to a comment."""
    return f"Comment {done}: {url}" if url else f"Comment {done}."


def issue_told(target: str, done: str, url: str, *, failed: bool) -> str:
    """Return what happened to the drift issue of a target, and that its check failed."""
    told = f"drift issue {done}: {url}" if url else "no drift issue"
    return (
        f"Target {target} could not be checked; its last state stays: {told}" if failed else f"Target {target}: {told}"
    )


def _check(run_url: str) -> str:
    return f"[the last check]({run_url})" if run_url else "the last check"


def _code(text: str) -> str:
    """Return a name as code inside a link."""
    return f"<code>{_PUNCTUATION.sub(lambda found: f'&#{ord(found[0])};', text)}</code>"
