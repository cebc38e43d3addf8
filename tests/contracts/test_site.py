"""The site of docs/: it builds without a warning, needs nothing from elsewhere, and its links lead somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag

import cmarkgfm
import pytest

from tests.support.pages import DOCS, ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


class Page(HTMLParser):
    """The ids of a page, what it loads, and where it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        self.loads += [given["src"] or ""] if "src" in given else []
        self.loads += [given.get("href") or ""] if tag == "link" else []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` builds it, from a copy of what it is built from."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}


def test_make_builds_it() -> None:
    """`make site` is the command, and what it writes is not for Git."""
    makefile, ignored = (ROOT / "Makefile").read_text(), (ROOT / ".gitignore").read_text()

    assert "zensical build --clean --strict" in makefile
    assert {"build/", ".cache/"} <= {*ignored.splitlines()}


def test_every_page_is_in_the_navigation(site: Path, pages: dict[Path, Page]) -> None:
    """Each page of docs/ can be reached from the first; those of docs/service from their own list."""
    reached = {(site / urldefrag(link)[0]).resolve() for link in pages[site / "index.html"].links}

    assert {path for path in pages if path.parent == site} <= reached
    assert site / "service" / "index.html" in reached


def test_nothing_comes_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    """Styles, scripts, fonts and pictures are files of the site."""
    for path, page in pages.items():
        for load in page.loads:
            assert not re.match(r"(https?:)?//", load), load
            assert load.startswith("data:") or (path.parent / urldefrag(load)[0].split("?")[0]).is_file(), load
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style


def test_links(pages: dict[Path, Page]) -> None:
    """Each leads to a page or a file of the site, and to a place in it."""
    for path, page in pages.items():
        for link in page.links:
            address, place = urldefrag(unquote(link))
            if re.match(r"https?://|mailto:", address):
                continue
            found = (path.parent / address).resolve() if address else path
            found = found / "index.html" if found.is_dir() else found
            assert found.is_file(), f"{path.name}: {link}"
            if place and found.suffix == ".html":
                assert place in pages[found].ids, f"{path.name}: {link}"


@pytest.mark.parametrize("source", sorted(DOCS.rglob("*.md")), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_a_page_has_the_same_parts_as_on_github(source: Path, site: Path) -> None:
    """Headings, lists, tables and blocks: the two readers of Markdown differ in what belongs to an item of a list."""
    place = source.relative_to(DOCS).with_suffix(".html")
    page = (site / place.parent / place.name.replace("README", "index")).read_text(encoding="utf-8")
    article = page[page.index("<article") : page.index("</article>")]
    github = cmarkgfm.github_flavored_markdown_to_html(source.read_text(encoding="utf-8"))

    parts = ("h1", "h2", "h3", "ol", "ul", "li", "tr", "td", "pre")
    assert {part: len(re.findall(rf"<{part}[ >]", article)) for part in parts} == {
        part: len(re.findall(rf"<{part}[ >]", github)) for part in parts
    }


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
@pytest.mark.parametrize("width", [400, 1400])
def test_a_browser_shows_every_page(site: Path, pages: dict[Path, Page], width: int, tmp_path: Path) -> None:
    """Chromium shows all pages side by side, without a message on its console, on a phone and on a large screen."""
    frames = "".join(f'<iframe width="{width}" src="{path.relative_to(site)}"></iframe>' for path in pages)
    (site / "all.html").write_text(f"<!doctype html><link rel=icon href='data:,'>{frames}", encoding="utf-8")
    browser = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    show = [f"--screenshot={tmp_path / 'all.png'}", f"--window-size={width},900", "--enable-logging=stderr"]

    with served(site) as address:
        shown = subprocess.run(
            [*browser, *show, f"{address}/all.html"], capture_output=True, text=True, check=True, timeout=240
        )

    assert "CONSOLE" not in shown.stderr
    assert (tmp_path / "all.png").stat().st_size > 5_000
