"""GitLab: the REST API, version 4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from personalize_gitops.forge.http import Http, Rejected
from personalize_gitops.forge.port import Comment, Issue, PullRequest
from personalize_gitops.forge.shapes import member, number, string
from personalize_gitops.model.ports import Clock

_REMEDY = (
    "GITLAB_TOKEN needs the scope `api` and a role that may write comments and issues; "
    "CI_JOB_TOKEN may do neither, and may not list the jobs of a pipeline"
)
_MERGED_RESULT = re.compile(r"refs/merge-requests/\d+/merge")
_COMMAND = re.compile(r"^([ \t]*)/(?=[A-Za-z])", re.MULTILINE)


class GitLab:
    """One project on GitLab."""

    limit = 1_000_000

    def __init__(self, api_url: str, project: str, token: str, clock: Clock, *, of_job: bool = False) -> None:
        self._http = Http(api_url, {"JOB-TOKEN" if of_job else "PRIVATE-TOKEN": token}, token, clock, _REMEDY)
        self._path = f"/projects/{quote(project, safe='')}"

    def author(self) -> str:
        """Return the username of the token."""
        return self._author

    @cached_property
    def _author(self) -> str:
        return string(self._http.get("/user"), "username")

    def inert(self, text: str) -> str:
        """Return a text without the token and quick actions: GitLab carries out a line such as `/merge` in a comment.

        Lines of code blocks are escaped too, because GitLab and Markdown differ in where a block ends.
        """
        return _COMMAND.sub(r"\1\\/", self._http.scrubbed(text))

    def comments(self, pull_request: int) -> Sequence[Comment]:
        """Return all comments of a merge request, without the notes that GitLab writes itself."""
        found = self._http.pages(self._notes(pull_request), order_by="created_at", sort="asc")
        return [self._comment(item) for item in found if not item.get("system")]

    def create_comment(self, pull_request: int, body: str) -> Comment:
        """Add a comment."""
        return self._comment(self._http.send("POST", self._notes(pull_request), {"body": body}))

    def update_comment(self, pull_request: int, comment: Comment, body: str) -> Comment:
        """Replace the body of a comment."""
        return self._comment(self._http.send("PUT", f"{self._notes(pull_request)}/{comment.id}", {"body": body}))

    def delete_comment(self, pull_request: int, comment: Comment) -> None:
        """Delete a comment."""
        try:
            self._http.send("DELETE", f"{self._notes(pull_request)}/{comment.id}")
        except Rejected as error:
            if error.status != 404:
                raise

    def labels(self, pull_request: int) -> Sequence[str]:
        """Return the labels of a merge request."""
        return [str(label) for label in member(self._http.get(self._merge_request(pull_request)), "labels")]

    def add_label(self, pull_request: int, label: str) -> None:
        """Add a label to a merge request; GitLab creates it."""
        self._http.send("PUT", self._merge_request(pull_request), {"add_labels": label})

    def remove_label(self, pull_request: int, label: str) -> None:
        """Remove a label from a merge request."""
        self._http.send("PUT", self._merge_request(pull_request), {"remove_labels": label})

    def issues(self, label: str) -> Sequence[Issue]:
        """Return all issues with a label."""
        found = self._http.pages(f"{self._path}/issues", labels=label, state="all", scope="all")
        return [_issue(item) for item in found]

    def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open an issue. GitLab creates the label."""
        content = {"title": title, "description": body, "labels": label}
        return _issue(self._http.send("POST", f"{self._path}/issues", content))

    def update_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Replace title, body and state of an issue."""
        state = {"state_event": "reopen" if is_open else "close"} if is_open != issue.open else {}
        content = {"title": title, "description": body, **state}
        return _issue(self._http.send("PUT", f"{self._path}/issues/{issue.number}", content))

    def merged_pull_request(self, commit: str, into: str = "") -> PullRequest | None:
        """Return the merge request that was merged as a commit, or else the newest that contains it."""
        found = [
            item
            for item in self._http.pages(f"{self._path}/repository/commits/{quote(commit)}/merge_requests")
            if string(item, "state") == "merged" and into in ("", string(item, "target_branch"))
        ]
        chosen = max(found, key=lambda item: (commit in _merged_as(item), number(item, "iid")), default=None)
        if chosen is None:
            return None
        return PullRequest(number(chosen, "iid"), string(chosen, "sha"), string(chosen, "merged_at"))

    def artifact(self, run: str, name: str, commit: str = "") -> bytes | None:
        """Return the artifacts of the newest job of a pipeline with a name, as a ZIP archive."""
        found = self._http.pages(f"{self._path}/pipelines/{quote(run)}/jobs", include_retried="true")
        kept = [item for item in found if item.get("name") == name and item.get("artifacts_file")]
        ids = [number(item, "id") for item in kept if not commit or _is_of(item, commit)]
        try:
            return self._http.download(f"{self._path}/jobs/{max(ids)}/artifacts") if ids else None
        except Rejected as error:
            if error.status == 404:  # they expired
                return None
            raise

    def _notes(self, pull_request: int) -> str:
        return f"{self._merge_request(pull_request)}/notes"

    def _merge_request(self, number_: int) -> str:
        return f"{self._path}/merge_requests/{number_}"

    def _comment(self, item: Any) -> Comment:
        identity = number(item, "id")
        author, updated = string(item, "author", "username"), string(item, "updated_at")
        return Comment(identity, author, string(item, "body"), f"#note_{identity}", updated)


def _is_of(job: Any, commit: str) -> bool:
    """Return whether a job ran for a commit, or for what GitLab merged of it into the target branch."""
    merged = _MERGED_RESULT.fullmatch(string(job, "pipeline", "ref"))
    parents = member(job, "commit", "parent_ids") if merged else []
    return commit in (string(job, "commit", "id"), *parents)


def _merged_as(item: Any) -> set[Any]:
    return {item.get("merge_commit_sha"), item.get("squash_commit_sha"), item.get("sha")}


def _issue(item: Any) -> Issue:
    return Issue(
        number=number(item, "iid"),
        author=string(item, "author", "username"),
        title=string(item, "title"),
        body=string(item, "description"),
        open=string(item, "state") == "opened",
        url=string(item, "web_url"),
    )
