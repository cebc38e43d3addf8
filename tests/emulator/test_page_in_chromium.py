"""The page in a browser: what fits on a screen, and what the keyboard reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from personalize_gitops.emulator.host.server import Server
from tests.support.browser import chromium, needs_chromium, opened

from .asking import Cinema

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

Shown = tuple[Server, Cinema]
_USABLE = """document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")"""
_FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect()
    const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        && box.width > 0 && box.bottom > 0 && box.top < innerHeight
    const number = [...USABLE].indexOf(element)
    const named = ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName)
    return [number, seen, named ? element.name : element.textContent.trim()]
}""".replace("USABLE", _USABLE)
_HIDDEN = """document.querySelectorAll("details:not([open]) [tabindex='0']").length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def reach(page: Page, name: str) -> None:
    """Press the tabulator until a control has the focus."""
    for _ in range(100):
        press(page, "Tab")
        if page.evaluate(_FOCUSED)[2] == name:
            return
    raise AssertionError(f"the tabulator does not reach {name}")


@pytest.mark.parametrize("width", [400, 1200])
def test_it_fits_on_the_screen(served: Shown, browser: Browser, width: int) -> None:
    """Nothing is cut off at the side, on a small screen and on a large one, however long; the text is not tiny."""
    server, cinema = served
    name = "a" * 63
    cinema.account.emulator.faults.fail(f"Solution/{name}", "x" * 300)
    cinema.account.personalize.create_solution(
        name=name, datasetGroupArn=cinema.group, recipeArn="arn:aws:personalize:::recipe/aws-popularity-count"
    )
    cinema.clock.pass_time(minutes=30)
    query = urlencode({"target": cinema.arns["v2"], "user": "u2", "count": "5", "measure": cinema.group})

    with opened(browser, f"{server.url}/?{query}", width) as page:
        over = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(each => !each.closest('.wide table')"
            " && each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 80))"
        )
        small = page.evaluate(
            "[...document.querySelectorAll('main :not(svg *)')]"
            ".filter(each => parseFloat(getComputedStyle(each).fontSize) < 12).length"
        )
        assert (page.evaluate("document.documentElement.scrollWidth"), over, small) == (width, [], 0)
        assert page.locator("table.answer tbody tr").count() == 5


def test_the_tabulator_reaches_everything(served: Shown, browser: Browser) -> None:
    """Each control, link, chart and wide table has the focus once, in the order of the page, and shows that it has."""
    server, cinema = served
    query = urlencode({"target": cinema.arns["v2"], "user": "u2", "count": "5", "measure": cinema.group})

    with opened(browser, f"{server.url}/?{query}", 400) as page:
        count = page.evaluate(f"{_USABLE}.length") - page.evaluate(_HIDDEN)
        found = []
        for _ in range(count):
            press(page, "Tab")
            found.append(page.evaluate(_FOCUSED))

    assert count > 10
    numbers = [number for number, _, _ in found]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0
    assert [name for _, seen, name in found if not seen] == []


def test_asking_by_keyboard(served: Shown, browser: Browser) -> None:
    """A recommender is chosen, a user typed and the question sent without a mouse; the answer is in view."""
    server, cinema = served

    with opened(browser, server.url) as page:
        reach(page, "target")
        page.keyboard.type("top")
        reach(page, "user")
        page.keyboard.type("u3")
        reach(page, "count")
        press(page, "Control+A")
        page.keyboard.type("4")
        with page.expect_navigation():
            press(page, "Enter")
        ids = page.locator("table.answer tbody td:nth-child(2)").all_inner_texts()
        in_view = page.evaluate("document.querySelector('.answer').getBoundingClientRect().top < innerHeight")

    expected = cinema.runtime.get_recommendations(recommenderArn=cinema.arns["top"], userId="u3", numResults=4)
    assert ids == [each["itemId"] for each in expected["itemList"]]
    assert in_view


def test_moving_the_clock_by_keyboard(served: Shown, browser: Browser) -> None:
    """A button of the clock works with the space bar, and the page shows the new time."""
    server, cinema = served
    before = cinema.clock.time

    with opened(browser, server.url) as page:
        shown = page.locator(".clock").inner_text()
        reach(page, "1 hour")
        with page.expect_navigation():
            press(page, "Space")
        assert page.locator(".clock").inner_text() != shown

    assert cinema.clock.time == before + 3600


def test_metrics_by_keyboard(served: Shown, browser: Browser) -> None:
    """Metrics are computed by their link, and a chart opens as a table, both with the enter key."""
    server, _ = served

    with opened(browser, server.url) as page:
        reach(page, "Compute them")
        with page.expect_navigation():
            press(page, "Enter")
        reach(page, "As a table")
        press(page, "Enter")
        table = page.locator("details[open] table").first
        assert "precision_at_5" in table.inner_text()
