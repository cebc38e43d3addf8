"""A forge on loopback: the parts of the REST APIs of GitHub and GitLab that the program uses, with their faults."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

TOKEN = "ghs_planted0123456789"
BOT = "github-actions[bot]"
MOST = 65_536  # characters of a body on GitHub

Json = dict[str, Any]


@dataclass
class Fault:
    """An answer instead of the next calls that fit."""

    status: int
    method: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = None
    times: int = 1
    after_effect: bool = False  # the call takes effect first; its answer is lost
    trickle: str = ""  # the part of an answer, `headers` or `body`, that arrives byte by byte and never ends


@dataclass
class FakeForge:
    """The state of one repository: `comments` by pull request, `issues`, `artifacts` by run, `merged` by commit."""

    page: int = 3  # the largest page that it answers
    user: str = BOT
    comments: dict[int, list[Json]] = field(default_factory=dict)
    issues: list[Json] = field(default_factory=list)
    artifacts: dict[str, list[Json]] = field(default_factory=dict)
    merged: dict[str, Json] = field(default_factory=dict)
    pulls: list[Json] = field(default_factory=list)  # open ones: number, head, branch as owner:branch
    labels: dict[int, list[str]] = field(default_factory=dict)
    dispatched: list[Json] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens_elsewhere: list[str] = field(default_factory=list)
    drop_labels: bool = False
    now: str = "2026-11-29T11:00:00Z"  # merges are at 12:00
    meanwhile: Callable[[], object] | None = None  # what another job does before the next creation of a comment
    url: str = ""
    storage_url: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    ids: Iterator[int] = field(default_factory=lambda: iter(range(1, 100_000)))

    def writes(self) -> list[tuple[str, str]]:
        return [each for each in self.requests if each[0] not in ("GET", "HEAD") and not each[1].endswith("graphql")]

    def create(self, number: int, body: str) -> Json:
        """Add a comment of ours, after what another job does meanwhile."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return self.say(number, body)

    def say(self, number: int, body: str, user: str | None = None) -> Json:
        """Add a comment, by default our own."""
        added = {"id": next(self.ids), "body": body, "user": user or self.user, "at": self.now}
        self.comments.setdefault(number, []).append(added)
        return added

    def bodies(self, number: int, user: str | None = None) -> list[str]:
        """The bodies of our comments."""
        return [each["body"] for each in self.comments.get(number, []) if each["user"] == (user or self.user)]

    def upload(self, run: str, name: str, files: Mapping[str, str], commit: str = "a" * 40, **more: Any) -> None:
        """Add an artifact to a run of a commit."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            for path, content in files.items():
                zipped.writestr(path, content)
        entry = {"id": next(self.ids), "name": name, "data": archive.getvalue(), "expired": False}
        entry |= {"run": run, "commit": commit, "branch": "main", "fork": False, **more}
        self.artifacts.setdefault(run, []).append(entry)

    @contextmanager
    def served(self) -> Iterator[FakeForge]:
        """Serve the API, and beside it another host with the archives, which must not get a token."""
        with serving(self, _Handler) as self.url, serving(self, _Storage) as self.storage_url:
            try:
                yield self
            finally:
                self.ended.set()


@contextmanager
def serving(forge: FakeForge, handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (handler,), {"forge": forge}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Problem(Exception):
    """An answer with an error."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status, self.content = status, content


class _Base(BaseHTTPRequestHandler):
    forge: FakeForge

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, content: Any = None, headers: Mapping[str, str] | None = None) -> None:
        data = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Storage(_Base):
    def do_GET(self) -> None:
        sent = [self.headers[name] for name in ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN") if self.headers[name]]
        self.forge.tokens_elsewhere.extend(sent)
        wanted = int(urlsplit(self.path).path.strip("/"))
        self.answer(200, next(each["data"] for each in _all(self.forge) if each["id"] == wanted))


def _all(forge: FakeForge) -> list[Json]:
    return [entry for entries in forge.artifacts.values() for entry in entries]


class _Handler(_Base):
    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PATCH(self) -> None:
        self._do()

    def do_PUT(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length) or b"{}")
        parts = urlsplit(self.path)
        self.forge.requests.append((self.command, parts.path))
        fault = self._fault(parts.path)
        try:
            if fault and not fault.after_effect:
                return self._fail(fault)
            if self._token() != TOKEN:
                raise Problem(401, {"message": f"Bad credentials {self._token()}"})
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            result = Api(self.forge).call(self.command, parts.path, query, content)
        except Problem as problem:
            return self.answer(problem.status, problem.content)
        if fault:
            return self._fail(fault)
        return self._result(result, parts.path, query)

    def _token(self) -> str:
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return bearer or self.headers.get("PRIVATE-TOKEN") or self.headers.get("JOB-TOKEN") or ""

    def _fault(self, path: str) -> Fault | None:
        for fault in self.forge.faults:
            if fault.times and fault.method in ("", self.command) and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        if fault.trickle:
            self._trickle(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if fault.trickle == "body" else b"X-Long: "))
        elif fault.status == 0:
            self.close_connection = True  # the connection ends without an answer
        else:
            self.answer(fault.status, fault.content, fault.headers)

    def _trickle(self, head: bytes) -> None:
        self.close_connection = True
        self.wfile.write(head)
        while not self.forge.ended.wait(0.02):
            self.wfile.write(b"x")

    def _result(self, result: Any, path: str, query: Mapping[str, str]) -> None:
        if isinstance(result, Redirect):
            return self.answer(302, None, {"Location": result.to})
        name, items = next(iter(result.items())) if isinstance(result, Listed) else ("", result)
        if not isinstance(items, list):
            return self.answer(204 if result is None else 200, result)
        size = min(int(query.get("per_page", 30)), self.forge.page)
        page = int(query.get("page", 1))
        shown, headers = items[(page - 1) * size : page * size], {}
        if page * size < len(items):
            following = urlencode({**query, "page": page + 1})
            headers["Link"] = f'<{self.forge.url}{path}?{following}>; rel="next", <{self.forge.url}/x>; rel="last"'
        return self.answer(200, {"total_count": len(items), name: shown} if name else shown, headers)


class Redirect:
    def __init__(self, to: str) -> None:
        self.to = to


class Listed(dict[str, Any]):
    """A list as the member of an object, as GitHub answers artifacts."""


class Api:
    """The resources of both APIs on one state."""

    def __init__(self, forge: FakeForge) -> None:
        self.forge = forge

    def call(self, method: str, path: str, query: Mapping[str, str], content: Json) -> Any:
        if path in ("/graphql", "/api/graphql"):
            return {"data": {"viewer": {"login": self.forge.user}}}
        if path == "/user":
            return {"id": 1, "username": self.forge.user}
        words = [unquote(word) for word in path.strip("/").split("/")]
        body = content.get("body") or content.get("description") or ""
        if words[:3] == ["repos", "acme", "shop"]:
            if len(body) > MOST:
                error = {"field": "body", "message": f"body is too long (maximum is {MOST} characters)"}
                raise Problem(422, {"message": "Validation Failed", "errors": [error]})
            return self.github(method, words[3:], query, content)
        if words[:2] == ["projects", "42"]:
            return self.gitlab(method, words[2:], query, content)
        raise Problem(404, {"message": "Not Found"})

    def github(self, method: str, words: list[str], query: Mapping[str, str], content: Json) -> Any:
        match method, *words:
            case "GET", "issues", number, "comments":
                return [self.gh_comment(each) for each in self.forge.comments.get(int(number), [])]
            case "POST", "issues", number, "comments":
                return self.gh_comment(self.forge.create(int(number), content["body"]))
            case "PATCH", "issues", "comments", identity:
                return self.gh_comment({**self.edited(int(identity), content["body"])})
            case "DELETE", "issues", "comments", identity:
                return self.deleted(int(identity))
            case "GET", "issues":
                found = [self.gh_issue(each) for each in self.labelled(query["labels"])]
                return [*found, {"number": 9999, "pull_request": {}, "labels": []}]
            case "POST", "issues":
                labels = [] if self.forge.drop_labels else content["labels"]
                return self.gh_issue(self.opened(content["title"], content["body"], labels))
            case "PATCH", "issues", number:
                is_open = {"open": True, "closed": False}.get(content.get("state", ""))
                return self.gh_issue(self.changed(int(number), content["title"], content["body"], is_open))
            case "GET", "issues", number, "labels":
                return [{"name": name} for name in self.forge.labels.get(int(number), [])]
            case "POST", "issues", number, "labels":
                return [{"name": name} for name in self.labelled_as(int(number), content["labels"])]
            case "DELETE", "issues", number, "labels", name:
                return self.unlabelled(int(number), name)
            case "GET", "pulls", number:
                return next(
                    {"head": {"sha": each["head"]}} for each in self.forge.pulls if each["number"] == int(number)
                )
            case "GET", "pulls":
                found = [each for each in self.forge.pulls if each["branch"] == query["head"]]
                return [{"number": each["number"], "head": {"sha": each["head"]}} for each in found]
            case "POST", "actions", "workflows", workflow, "dispatches":
                self.forge.dispatched.append({"workflow": workflow, **content})
                return None
            case "GET", "commits", commit, "pulls":
                return [self.gh_pull(each) for each in [self.forge.merged.get(commit)] if each]
            case "GET", "actions", "runs", run, "artifacts":
                found = [each for each in self.forge.artifacts.get(run, []) if each["name"] == query["name"]]
                return Listed(artifacts=[self.gh_artifact(each) for each in found])
            case "GET", "actions", "artifacts":
                found = [each for each in _all(self.forge) if each["name"] == query["name"]]
                return Listed(artifacts=[self.gh_artifact(each) for each in reversed(found)])
            case "GET", "actions", "artifacts", identity, "zip":
                return Redirect(f"{self.forge.storage_url}/{identity}?sig=signature")
        raise Problem(404, {"message": "Not Found"})

    def gitlab(self, method: str, words: list[str], query: Mapping[str, str], content: Json) -> Any:
        match method, *words:
            case "GET", "merge_requests", number, "notes":
                own = [self.gl_note(each) for each in self.forge.comments.get(int(number), [])]
                return [{"id": 0, "body": "changed the title", "author": {"username": "x"}, "system": True}, *own]
            case "POST", "merge_requests", number, "notes":
                return self.gl_note(self.forge.create(int(number), content["body"]))
            case "GET", "merge_requests", number:
                return {"iid": int(number), "labels": self.forge.labels.get(int(number), [])}
            case "PUT", "merge_requests", number:
                self.labelled_as(int(number), [content["add_labels"]] if "add_labels" in content else [])
                if content.get("remove_labels"):
                    self.unlabelled(int(number), content["remove_labels"])
                return {"iid": int(number)}
            case "PUT", "merge_requests", _, "notes", identity:
                return self.gl_note(self.edited(int(identity), content["body"]))
            case "DELETE", "merge_requests", _, "notes", identity:
                return self.deleted(int(identity))
            case "GET", "issues":
                return [self.gl_issue(each) for each in self.labelled(query["labels"])]
            case "POST", "issues":
                return self.gl_issue(self.opened(content["title"], content["description"], [content["labels"]]))
            case "PUT", "issues", number:
                is_open = {"reopen": True, "close": False}.get(content.get("state_event", ""))
                return self.gl_issue(self.changed(int(number), content["title"], content["description"], is_open))
            case "GET", "repository", "commits", commit, "merge_requests":
                return [self.gl_merge(each) for each in [self.forge.merged.get(commit)] if each]
            case "GET", "pipelines", run, "jobs":
                return [
                    {"id": each["id"], "name": each["name"], "artifacts_file": {"size": 1}, **self.gl_made_from(each)}
                    for each in self.forge.artifacts.get(run, [])
                ]
            case "GET", "jobs", identity, "artifacts":
                return Redirect(f"{self.forge.storage_url}/{identity}?sig=signature")
        raise Problem(404, {"message": "404 Not Found"})

    def edited(self, identity: int, body: str) -> Json:
        for each in (each for comments in self.forge.comments.values() for each in comments):
            if each["id"] == identity:
                each.update(body=body, at=self.forge.now)
                return each
        raise Problem(404, {"message": "Not Found"})

    def deleted(self, identity: int) -> None:
        for comments in self.forge.comments.values():
            comments[:] = [each for each in comments if each["id"] != identity]

    def labelled_as(self, number: int, names: list[str]) -> list[str]:
        found = self.forge.labels.setdefault(number, [])
        found += [name for name in names if name not in found]
        return found

    def unlabelled(self, number: int, name: str) -> None:
        if name not in self.forge.labels.get(number, []):
            raise Problem(404, {"message": "Label does not exist"})
        self.forge.labels[number].remove(name)

    def labelled(self, label: str) -> list[Json]:
        return [each for each in reversed(self.forge.issues) if label in each["labels"]]

    def opened(self, title: str, body: str, labels: list[str]) -> Json:
        issue = {"number": len(self.forge.issues) + 1, "title": title, "body": body, "open": True, "labels": labels}
        self.forge.issues.append({**issue, "user": self.forge.user})
        return self.forge.issues[-1]

    def changed(self, number: int, title: str, body: str, is_open: bool | None) -> Json:
        issue = self.forge.issues[number - 1]
        issue.update(title=title, body=body, open=issue["open"] if is_open is None else is_open)
        return issue

    def gh_comment(self, each: Json) -> Json:
        link = f"https://github.example/acme/shop/pull/1#issuecomment-{each['id']}"
        user = {"login": each["user"]} if each["user"] else None
        body = each["body"].replace("\n", "\r\n")
        return {
            "id": each["id"],
            "body": body,
            "user": user,
            "html_url": link,
            "updated_at": each.get("at", self.forge.now),
        }

    def gh_issue(self, each: Json) -> Json:
        link = f"https://github.example/acme/shop/issues/{each['number']}"
        labels = [{"name": name} for name in each["labels"]]
        state = "open" if each["open"] else "closed"
        kept = {key: each[key] for key in ("number", "title", "body")}
        return {**kept, "user": {"login": each["user"]}, "labels": labels, "state": state, "html_url": link}

    def gh_artifact(self, each: Json) -> Json:
        about = {"id": int(each["run"]), "repository_id": 1, "head_repository_id": 2 if each["fork"] else 1}
        kept = {key: each[key] for key in ("id", "name", "expired")}
        if each["fork"] == "deleted":
            return {**kept, "workflow_run": None}
        return {**kept, "workflow_run": {**about, "head_sha": each["commit"], "head_branch": each["branch"]}}

    def gl_made_from(self, each: Json) -> Json:
        commit = {"id": each["commit"], "parent_ids": ["f" * 40, *each.get("merge_of", [])]}
        return {"commit": commit, "pipeline": {"ref": each.get("ref", "tps")}}

    def gh_pull(self, each: Json) -> Json:
        about = {"number": each["number"], "merged_at": "2026-11-29T12:00:00Z"}
        return {**about, "head": {"sha": each["head"]}, "base": {"ref": each.get("into", "main")}}

    def gl_note(self, each: Json) -> Json:
        author = {"username": each["user"]}
        return {
            "id": each["id"],
            "body": each["body"],
            "author": author,
            "system": False,
            "updated_at": each.get("at", self.forge.now),
        }

    def gl_issue(self, each: Json) -> Json:
        state = "opened" if each["open"] else "closed"
        return {
            "iid": each["number"],
            "title": each["title"],
            "description": each["body"],
            "author": {"username": each["user"]},
            "labels": each["labels"],
            "state": state,
            "web_url": f"https://gitlab.example/acme/shop/-/issues/{each['number']}",
        }

    def gl_merge(self, each: Json) -> Json:
        merged = {"state": "merged", "merged_at": "2026-11-29T12:00:00Z", "merge_commit_sha": None}
        return {"iid": each["number"], "sha": each["head"], "target_branch": each.get("into", "main"), **merged}
