"""GitHub: the REST API, version 2022-11-28, of github.com and of GitHub Enterprise Server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from personalize_gitops.errors import ForgeError
from personalize_gitops.forge.http import Http, Rejected
from personalize_gitops.forge.port import Comment, Issue, PullRequest
from personalize_gitops.forge.shapes import member, number, string
from personalize_gitops.model.ports import Clock

_REMEDY = (
    "check the token: a comment needs `pull-requests: write`, an issue `issues: write`, an artifact `actions: read`; "
    "the pipeline of a fork has none of them"
)


class GitHub:
    """One repository on GitHub."""

    limit = 65_536

    def __init__(self, api_url: str, repository: str, token: str, clock: Clock) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._http = Http(api_url, headers, token, clock, _REMEDY)
        self._graphql = Http(_graphql_url(api_url), headers, token, clock, _REMEDY)
        self._path = f"/repos/{quote(repository)}"

    def author(self) -> str:
        """Return the login of the token. REST does not tell a pipeline its own login; GraphQL does."""
        return self._author

    @cached_property
    def _author(self) -> str:
        answer = self._graphql.ask({"query": "query { viewer { login } }"})
        return string(answer, "data", "viewer", "login")

    def inert(self, text: str) -> str:
        """Return a text without the token. GitHub carries out no commands in comments."""
        return self._http.scrubbed(text)

    def comments(self, pull_request: int) -> Sequence[Comment]:
        """Return all comments of a pull request."""
        return [_comment(item) for item in self._http.pages(f"{self._path}/issues/{pull_request}/comments")]

    def create_comment(self, pull_request: int, body: str) -> Comment:
        """Add a comment."""
        return _comment(self._http.send("POST", f"{self._path}/issues/{pull_request}/comments", {"body": body}))

    def update_comment(self, pull_request: int, comment: Comment, body: str) -> Comment:
        """Replace the body of a comment."""
        return _comment(self._http.send("PATCH", f"{self._path}/issues/comments/{comment.id}", {"body": body}))

    def delete_comment(self, pull_request: int, comment: Comment) -> None:
        """Delete a comment."""
        self._delete(f"{self._path}/issues/comments/{comment.id}")

    def labels(self, pull_request: int) -> Sequence[str]:
        """Return the labels of a pull request."""
        return [string(item, "name") for item in self._http.pages(f"{self._path}/issues/{pull_request}/labels")]

    def add_label(self, pull_request: int, label: str) -> None:
        """Add a label to a pull request; GitHub creates it."""
        self._http.send("POST", f"{self._path}/issues/{pull_request}/labels", {"labels": [label]}, repeatable=True)

    def remove_label(self, pull_request: int, label: str) -> None:
        """Remove a label from a pull request."""
        self._delete(f"{self._path}/issues/{pull_request}/labels/{quote(label, safe='')}")

    def _delete(self, path: str) -> None:
        """Delete something, if it still exists."""
        try:
            self._http.send("DELETE", path)
        except Rejected as error:
            if error.status != 404:
                raise

    def issues(self, label: str) -> Sequence[Issue]:
        """Return all issues with a label. GitHub lists pull requests among them."""
        found = self._http.pages(f"{self._path}/issues", labels=label, state="all")
        return [_issue(item) for item in found if "pull_request" not in item]

    def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open an issue. Raises ForgeError if GitHub drops the label, because it could not be found again."""
        opened = self._http.send("POST", f"{self._path}/issues", {"title": title, "body": body, "labels": [label]})
        names = [each if isinstance(each, str) else string(each, "name") for each in member(opened, "labels")]
        issue = _issue(opened)
        if label.lower() not in (name.lower() for name in names):
            raise ForgeError(f"{issue.url} has no label {label}, by which it is found: the token may not set labels")
        return issue

    def update_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Replace title, body and state of an issue."""
        state: dict[str, Any] = {}
        if is_open != issue.open:
            state = {"state": "open" if is_open else "closed", "state_reason": "reopened" if is_open else "completed"}
        content = {"title": title, "body": body, **state}
        return _issue(self._http.send("PATCH", f"{self._path}/issues/{issue.number}", content))

    def merged_pull_request(self, commit: str, into: str = "") -> PullRequest | None:
        """Return the pull request that was merged as a commit, or else the newest that contains it."""
        found = [
            item
            for item in self._http.pages(f"{self._path}/commits/{quote(commit)}/pulls")
            if string(item, "merged_at") and into in ("", string(item, "base", "ref"))
        ]
        chosen = max(
            found,
            key=lambda item: (item.get("merge_commit_sha") == commit, string(item, "merged_at")),
            default=None,
        )
        if chosen is None:
            return None
        return PullRequest(number(chosen, "number"), string(chosen, "head", "sha"), string(chosen, "merged_at"))

    def pull_request(self, number_: int) -> PullRequest:
        """Return a pull request that is not merged yet."""
        found = self._http.get(f"{self._path}/pulls/{number_}")
        return PullRequest(number_, string(found, "head", "sha"))

    def open_pull_request(self, branch: str, commit: str) -> int | None:
        """Return the open pull request of a branch, `owner:branch`, if its newest commit is this one."""
        found = self._http.pages(f"{self._path}/pulls", state="open", head=branch)
        return next((number(item, "number") for item in found if string(item, "head", "sha") == commit), None)

    def dispatch(self, workflow: str, ref: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow, a file in .github/workflows, on a branch or a tag."""
        path = f"{self._path}/actions/workflows/{quote(workflow, safe='')}/dispatches"
        self._http.send("POST", path, {"ref": ref, "inputs": inputs})

    def latest_artifact(self, branch: str, name: str) -> bytes | None:
        """Return the newest artifact with a name of all runs on a branch of the repository itself, as a ZIP archive."""
        found = self._http.pages(f"{self._path}/actions/artifacts", name=name)
        kept = [item for item in found if item.get("name") == name and not item.get("expired")]
        return self._archive([item for item in kept if _is_on(member(item, "workflow_run"), branch)])

    def artifact(self, run: str, name: str, commit: str = "") -> bytes | None:
        """Return the newest artifact of a workflow run with a name, as a ZIP archive."""
        found = self._http.pages(f"{self._path}/actions/runs/{quote(run)}/artifacts", name=name)
        kept = [item for item in found if item.get("name") == name and not item.get("expired")]
        return self._archive([item for item in kept if not commit or _is_of(member(item, "workflow_run"), commit)])

    def _archive(self, artifacts: Sequence[Any]) -> bytes | None:
        """Return the content of the newest of some artifacts; None if there is none."""
        ids = [number(item, "id") for item in artifacts]
        try:
            return self._http.download(f"{self._path}/actions/artifacts/{max(ids)}/zip") if ids else None
        except Rejected as error:
            if error.status == 410:  # it expired since it was listed
                return None
            raise


def _graphql_url(api_url: str) -> str:
    """Return the address of GraphQL: /graphql beside the REST API, and /api/graphql on an Enterprise Server."""
    base = api_url.rstrip("/")
    return f"{base.removesuffix('/v3')}/graphql"


def _is_of(run: Any, commit: str) -> bool:
    """Return whether a workflow run was for a commit of the repository, and not of a fork."""
    return _is_own(run) and string(run, "head_sha") == commit


def _is_on(run: Any, branch: str) -> bool:
    return _is_own(run) and string(run, "head_branch") == branch


def _is_own(run: Any) -> bool:
    """Return whether a run is of the repository itself; what is left of a deleted fork does not say."""
    return isinstance(run, dict) and run.get("head_repository_id") == number(run, "repository_id")


def _comment(item: Any) -> Comment:
    updated = string(item, "updated_at")
    return Comment(number(item, "id"), _author(item), string(item, "body"), string(item, "html_url"), updated)


def _author(item: Any) -> str:
    """Return the login of an author; "" once the account is deleted."""
    user = member(item, "user")
    return string(user, "login") if user else ""


def _issue(item: Any) -> Issue:
    return Issue(
        number=number(item, "number"),
        author=_author(item),
        title=string(item, "title"),
        body=string(item, "body"),
        open=string(item, "state") == "open",
        url=string(item, "html_url"),
    )
