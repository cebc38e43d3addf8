"""Pages in headless Chromium, for tests of what people see and press."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")

needs_chromium = pytest.mark.skipif(not _CHROMIUM, reason="needs Chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium that is installed. Inside, an event loop runs: close it before a test that starts its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str, width: int = 1200) -> Iterator[Page]:
    """A page on a screen of some width. Whatever it writes to the console or fails to load is an error."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"{request.url} failed"))
    try:
        page.goto(url)
        yield page
        assert said == []
    finally:
        page.close()
