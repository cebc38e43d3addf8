"""The port through which comments, issues and artifacts are read and written, and its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of a pull request."""

    id: int
    author: str
    body: str
    url: str
    updated: str = ""  # when it was last changed, in ISO 8601


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue."""

    number: int
    author: str
    title: str
    body: str
    open: bool
    url: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A merged pull request, called merge request by GitLab."""

    number: int
    head: str  # the newest commit of its branch
    merged: str = ""  # when, in the form of `Comment.updated`


class Forge(Protocol):
    """One repository on GitHub or GitLab.

    Every method raises `ForgeError` when the forge or the network fails, and `CredentialsError` when the token is
    not accepted. Every call ends within a time limit.
    """

    @property
    def limit(self) -> int:
        """The greatest number of characters in a comment or an issue."""

    def author(self) -> str:
        """Return the name under which the token writes."""

    def inert(self, text: str) -> str:
        """Return a text to publish: without the token, and without lines that the forge carries out as commands."""

    def comments(self, pull_request: int) -> Sequence[Comment]:
        """Return all comments of a pull request, oldest first."""

    def create_comment(self, pull_request: int, body: str) -> Comment:
        """Add a comment. Raises Unanswered if it may have been added."""

    def update_comment(self, pull_request: int, comment: Comment, body: str) -> Comment:
        """Replace the body of a comment."""

    def delete_comment(self, pull_request: int, comment: Comment) -> None:
        """Delete a comment, if it still exists."""

    def labels(self, pull_request: int) -> Sequence[str]:
        """Return the labels of a pull request."""

    def add_label(self, pull_request: int, label: str) -> None:
        """Add a label to a pull request; the forge creates it if necessary."""

    def remove_label(self, pull_request: int, label: str) -> None:
        """Remove a label from a pull request, if it has the label."""

    def issues(self, label: str) -> Sequence[Issue]:
        """Return all issues with a label, open and closed."""

    def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open an issue. Raises Unanswered if it may have been opened."""

    def update_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Replace title, body and state of an issue."""

    def merged_pull_request(self, commit: str, into: str = "") -> PullRequest | None:
        """Return the pull request that brought a commit to the branch `into`, by default to any; None without one."""

    def artifact(self, run: str, name: str, commit: str = "") -> bytes | None:
        """Return the newest artifact of a run with a name, as a ZIP archive; None if not found or expired.

        With a commit, only if the run was for this commit of the repository itself.
        """
