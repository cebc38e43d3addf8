"""The page as an HTTP response, and the form that moves the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from personalize_gitops.emulator.host import admin_api
from personalize_gitops.emulator.host.page.asking import Asked, answer_to, choices
from personalize_gitops.emulator.host.page.charts import WIDTH
from personalize_gitops.emulator.host.page.resources import groups_of
from personalize_gitops.emulator.service.dispatch import HttpResponse

if TYPE_CHECKING:
    from jinja2 import Template

    from personalize_gitops.emulator.emulator import Emulator

ADVANCE = "/emulator/page/advance"

_STEPS = {"15 minutes": 900, "1 hour": 3600, "1 day": 86400, "1 week": 7 * 86400}
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Time:
    """The time of the emulator, and how it passes."""

    now: str
    speed: str
    due: str  # how long until the next change; "" if none is due
    steps: tuple[tuple[str, int], ...]  # by how much the clock can be moved: words and seconds


def show(emulator: "Emulator", clock: admin_api.Clock, query: str, failure: str = "") -> HttpResponse:
    """Return the page. The query has the form, if it was sent; `failure` says why the clock was not moved."""
    given = parse_qs(query)
    asked = Asked.of(given)
    with emulator.standing_still():
        answer = answer_to(emulator, asked)
        regions = list(emulator.regions.values())
        content = _template().render(
            time=_time(emulator, clock),
            failure=failure,
            groups=groups_of(regions, given.get("measure", [""])[0]),
            targets=list(choices(regions, "Campaign", "Recommender")),
            filters=list(choices(regions, "Filter")),
            asked=asked,
            answer=answer,
            advance=ADVANCE,
            width=WIDTH,
        )
    return HttpResponse(400 if failure else 200, _HEADERS, content)


def advance(emulator: "Emulator", clock: admin_api.Clock, body: bytes) -> HttpResponse:
    """Move the clock by what a form says, and lead the browser back to the page."""
    given = parse_qs(body.decode("utf-8", "replace")).get("seconds", [""])[0]
    try:
        admin_api.move_clock(emulator, clock.advance, int(given) if given.isascii() and given.isdecimal() else given)
    except ValueError as error:
        return show(emulator, clock, "", str(error))
    return HttpResponse(303, {"Location": "/", "Content-Type": "text/plain; charset=utf-8"}, "")


def _time(emulator: "Emulator", clock: admin_api.Clock) -> Time:
    now, due = emulator.now(), emulator.next_event_at()
    left = None if due is None else max(1, ceil(due - now))
    steps = dict(_STEPS) if left is None else {"to the next change": left, **_STEPS}
    return Time(
        now=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        speed=_speed(emulator, clock.speed),
        due="" if left is None else _span(left),
        steps=tuple(steps.items()) if clock.advance is not None else (),
    )


def _speed(emulator: "Emulator", speed: float | None) -> str:
    if emulator.settings.instant:
        return "Transitions take no time."
    if speed is None:
        return ""
    return "Time passes as usual." if speed == 1 else f"{speed:g} seconds pass in each real second."


def _span(seconds: int) -> str:
    """Return a number of seconds in its two largest units."""
    parts = []
    for name, size in _UNITS:
        if seconds >= size:
            parts.append(f"{seconds // size} {name}")
            seconds %= size
    return " ".join(parts[:2])


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("page.html")
