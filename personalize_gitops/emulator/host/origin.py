"""Which web pages may use the admin API: none but those of the server itself.

A browser sends the requests of any page to any address. `Origin` names the page. A page whose name resolves to this
server (DNS rebinding) has the server's origin in the eyes of the browser, but sends its own name in `Host`. Requests
from programs have no `Origin`, and the `Host` of the URL they use.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

_EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - what a server can listen on, not what this one does


def refusal(environ: Mapping[str, Any], listening_on: str) -> str:
    """Return why a request may not use the admin API of a server that listens on an address; "" if it may."""
    host, origin = environ.get("HTTP_HOST"), environ.get("HTTP_ORIGIN")
    if host is not None and not _is_own(_split(f"//{host}"), listening_on):
        return "the Host of this request is not an address of the emulator: use the address that it listens on"
    if origin is not None and not _is_same(_split(origin), _split(f"//{host}"), listening_on):
        return "web pages of other origins cannot control the emulator"
    return ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError if it is none
    except ValueError:
        return None
    return parts if parts.hostname else None


def _is_own(url: SplitResult | None, listening_on: str) -> bool:
    """Return whether the host of a URL is a loopback name or the address of the server."""
    if url is None or url.hostname is None:
        return False
    name = url.hostname.rstrip(".")
    address = _address(name)
    if address is None:
        return name == "localhost" or name.endswith(".localhost") or name == listening_on.lower()
    # On every address, the server cannot know its own ones. A page needs a name for DNS rebinding, so numbers are safe.
    return address.is_loopback or address == _address(listening_on) or listening_on in _EVERY_ADDRESS


def _is_same(origin: SplitResult | None, host: SplitResult | None, listening_on: str) -> bool:
    """Return whether an origin is the server: one of its names, and the port of the request."""
    if origin is None or origin.scheme not in ("http", "https") or not _is_own(origin, listening_on):
        return False
    default = 443 if origin.scheme == "https" else 80
    return host is not None and (origin.port or default) == (host.port or default)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
