"""Calls of a REST API: time limits, retries, pages, and errors without tokens.

A call that reads, or that replaces the whole of something, is repeated after an error of the server or the network. A
creation is repeated only if it certainly did not take effect. A limit of requests is waited for, up to a bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from personalize_gitops.errors import CredentialsError, ForgeError, ForgeUnavailable, Unanswered
from personalize_gitops.forge.pauses import asked_pause, is_limited, is_transient, pause_after
from personalize_gitops.forge.time_limit import within
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.secrets import MASK

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 4
_CHUNK = 65_536


@dataclass(frozen=True)
class Limits:
    """What one call may take."""

    connect: float = 10.0  # seconds
    call: float = 60.0  # seconds until the answer is complete; each attempt has as many
    size: int = 64 * 1024 * 1024  # bytes of an answer


@dataclass(frozen=True)
class Answer:
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _Transient(Exception):
    """A call failed in a way that may pass."""

    def __init__(self, told: str, answer: Answer | None = None, *, without_effect: bool = False) -> None:
        super().__init__(told)
        self.answer = answer
        self.without_effect = without_effect  # certainly, so that a creation can be repeated


@dataclass(frozen=True)
class Http:
    """One REST API. `token` is sent in the headers and never shown."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)
    clock: Clock = field(repr=False)
    remedy: str = ""  # what to do when the token may not do something
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ForgeError(f"invalid API address {self._shown(self.url)}: expected https://…")

    def get(self, path: str, **query: str | int) -> Any:
        """Return the JSON of a resource."""
        return self._json(self.call("GET", self._address(path, query)))

    def pages(self, path: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, of all pages."""
        address, seen = self._address(path, {"per_page": 100, **query}), set[str]()
        while address not in seen:
            seen.add(address)
            answer = self.call("GET", address)
            yield from _items(self._json(answer))
            following = _next_page(answer.headers.get("link", ""))
            if following is None:
                return
            address = urljoin(address, following)
            self._check_origin(address)

    def send(
        self, method: str, path: str, content: Mapping[str, Any] | None = None, *, repeatable: bool | None = None
    ) -> Any:
        """Create, replace or delete something, and return the JSON of the answer; None if it has no content."""
        answer = self.call(method, self._address(path, {}), content, repeatable=repeatable)
        return self._json(answer) if answer.data else None

    def ask(self, content: Mapping[str, Any]) -> Any:
        """Return the JSON of the answer to a query: a POST to the API itself that changes nothing."""
        return self._json(self.call("POST", self.url, content, repeatable=True))

    def download(self, path: str) -> bytes:
        """Return the content of a file. The token is not sent to another host that the forge redirects to."""
        return self.call("GET", self._address(path, {})).data

    def call(
        self, method: str, address: str, content: Mapping[str, Any] | None = None, *, repeatable: bool | None = None
    ) -> Answer:
        """Return the answer of a call; by default all but POST can be repeated. Raises ForgeError without success."""
        may_repeat = method != "POST" if repeatable is None else repeatable
        for _ in range(_MOST_REDIRECTS):
            answer = self._attempts(method, address, content, may_repeat)
            if answer.status not in _REDIRECTS:
                return self._successful(method, address, answer)
            address = self._redirected(method, address, answer)
        raise ForgeError(f"{self._shown(address)}: too many redirects")

    def _attempts(self, method: str, address: str, content: Mapping[str, Any] | None, may_repeat: bool) -> Answer:
        """Return the first answer that is final."""
        attempt = 0
        while True:
            try:
                return self._attempt(method, address, content)
            except _Transient as error:
                if not (may_repeat or error.without_effect):
                    raise Unanswered(f"{error}; it may have taken effect") from error
                pause = pause_after(error.answer, attempt, self.clock.now())
                if pause is None:
                    raise ForgeUnavailable(str(error)) from error
            self.clock.sleep(pause)
            attempt += 1

    def _attempt(self, method: str, address: str, content: Mapping[str, Any] | None) -> Answer:
        """Make one call. Raises _Transient if there is no complete answer, or one that may change."""
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

        place = f"{method} {self._shown(address)}: no answer"
        try:
            answer = within(self.limits.call, lambda: self._once(method, address, content))
        except TimeoutError as error:
            raise _Transient(f"{place} within {self.limits.call:.0f} s") from error
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise _Transient(self.scrubbed(f"{place}: {error}"), without_effect=True) from error
        except SSLError as error:
            raise _Transient(self.scrubbed(f"{place}: {error}")) from error
        except (HTTPError, OSError) as error:
            raise _Transient(f"{place}: {type(error).__name__}") from error  # its text can have the whole address
        if is_transient(answer):
            raise _Transient(self._told(method, address, answer), answer, without_effect=is_limited(answer))
        return answer

    def _once(self, method: str, address: str, content: Mapping[str, Any] | None) -> Answer:
        """Return the complete answer of one call. Raises what urllib3 and sockets raise."""
        from urllib3 import Timeout

        body = None if content is None else json.dumps(content).encode()
        response = self._pool(address).request(
            method,
            address,
            body=body,
            headers=self._headers(address, body),
            timeout=Timeout(connect=self.limits.connect, read=self.limits.call),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, self._content(response, address))
        finally:
            response.close()

    def _content(self, response: BaseHTTPResponse, address: str) -> bytes:
        data = bytearray()
        while chunk := response.read1(_CHUNK, decode_content=True):
            data += chunk
            if len(data) > self.limits.size:
                raise ForgeError(f"{self._shown(address)}: the answer is larger than {self.limits.size} bytes")
        return bytes(data)

    def _pool(self, address: str) -> PoolManager:
        from urllib.request import getproxies, proxy_bypass

        from urllib3 import PoolManager, ProxyManager

        parts = urlsplit(address)
        proxy = getproxies().get(parts.scheme)
        if proxy and proxy_bypass(parts.hostname or ""):
            proxy = None
        return ProxyManager(proxy) if proxy else PoolManager()

    def _headers(self, address: str, body: bytes | None) -> dict[str, str]:
        own = self.headers if _origin(address) == _origin(self.url) else {}
        kind = {} if body is None else {"Content-Type": "application/json"}
        # One connection a call: a pipeline makes few calls, and a new connection is never a stale one.
        return {"User-Agent": "personalize-gitops", "Connection": "close", **own, **kind}

    def _redirected(self, method: str, address: str, answer: Answer) -> str:
        """Return where an answer points to. Only a reading call may leave the API, and then without the token."""
        target = urljoin(address, answer.headers.get("location", ""))
        if urlsplit(target).scheme not in ("http", "https"):
            raise ForgeError(f"{self._shown(address)}: redirects to an invalid address")
        if method != "GET":
            if answer.status not in (307, 308):
                raise ForgeError(f"{self._shown(address)}: moved; use its new name")
            self._check_origin(target)
        return target

    def _check_origin(self, address: str) -> None:
        if _origin(address) != _origin(self.url):
            raise ForgeError(f"{self._shown(self.url)}: refers to another host, {self._shown(address)}")

    def _successful(self, method: str, address: str, answer: Answer) -> Answer:
        if 200 <= answer.status < 300:
            return answer
        told = self._told(method, address, answer)
        if answer.status == 401:
            raise CredentialsError(f"{told}; {self.remedy}")
        raise Rejected(f"{told}; {self.remedy}" if answer.status in (403, 404) else told, answer.status)

    def _json(self, answer: Answer) -> Any:
        try:
            return json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            raise ForgeError(f"{self._shown(self.url)}: the answer is not JSON") from error

    def _told(self, method: str, address: str, answer: Answer) -> str:
        """Return what the forge answered to a call, without tokens."""
        place = f"{method} {self._shown(address)}"
        if is_limited(answer):
            pause = asked_pause(answer, self.clock.now())
            wait = "" if pause is None else f", which resets in {pause:.0f} s"
            return f"{place}: {answer.status}: the limit of requests is reached{wait}"
        return self.scrubbed(f"{place}: {answer.status}{_message(answer)}")

    def _shown(self, address: str) -> str:
        """Return an address without user, query and token: a query can hold a signature."""
        parts = urlsplit(address)
        return self.scrubbed(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")

    def scrubbed(self, text: str) -> str:
        """Return a text without the token."""
        return text.replace(self.token, MASK) if self.token else text

    def _address(self, path: str, query: Mapping[str, str | int]) -> str:
        return self.url.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")


class Rejected(ForgeError):
    """The forge rejected a call, with a status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


def _items(page: Any) -> list[dict[str, Any]]:
    """Return the items of a page: a list, or the one list in a page such as `{"total_count": 1, "artifacts": […]}`."""
    lists = [page] if isinstance(page, list) else []
    if isinstance(page, dict):
        lists = [value for value in page.values() if isinstance(value, list)]
    if len(lists) != 1 or not all(isinstance(item, dict) for item in lists[0]):
        raise ForgeError("the answer of the forge is not a list of objects")
    return lists[0]


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _next_page(header: str) -> str | None:
    """Return the address of the next page from a Link header."""
    for link in header.split(","):
        address, *attributes = link.split(";")
        if any(attribute.strip().lower() in ('rel="next"', "rel=next") for attribute in attributes):
            return address.strip().removeprefix("<").removesuffix(">")
    return None


_MESSAGE = 500  # characters


def _message(answer: Answer) -> str:
    """Return what the forge says about an error, in one line."""
    try:
        content = json.loads(answer.data)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    said = [content.get("message"), content.get("error"), content.get("errors")]
    texts = [each if isinstance(each, str) else json.dumps(each) for each in said if each]
    return f" {'; '.join(texts)}"[:_MESSAGE]
