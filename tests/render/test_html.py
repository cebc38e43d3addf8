"""The HTML page: to the letter, self-contained, drawn, and free of markup from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.graph import drawing_of
from personalize_gitops.render.style import Style
from tests.render.large import changes_of, missing
from tests.render.plans import EVERYTHING, change, plan
from tests.render.test_foreign_text import harm, reports
from tests.render.test_md import MARKUP, without_fingerprint
from tests.support.browser import chromium, needs_chromium, opened

GOLDEN = Path(__file__).parent / "golden"


def chain() -> Plan:
    """A plan with dependencies: a solution, its training, and the campaigns that wait for it."""
    names = [("Solution", "s"), ("SolutionVersion", "s"), ("Campaign", "a"), ("Campaign", "b")]
    solution, version, *campaigns = [Address(*name) for name in names]
    changes = [change(kind, name, Action.CREATE, "not in the account") for kind, name in names]
    needs = {version: frozenset({solution}), **{campaign: frozenset({version, solution}) for campaign in campaigns}}
    return replace(plan(*changes), needs=needs)


def page(value: Plan, style: Style | None = None) -> str:
    return render_report(PlanReport(value, next_command="personalize-gitops apply"), Format.HTML, style or Style())


class Elements(HTMLParser):
    """The elements of a page with their attributes' names, and its text; every element that is opened is closed."""

    void = frozenset({"meta", "path", "rect"})

    def __init__(self, page_: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page_)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {[name for name, _ in attrs]}")
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_plan() -> None:
    """The page has everything that the text has."""
    assert without_fingerprint(page(EVERYTHING)) == (GOLDEN / "plan.html").read_text()


def test_a_page_needs_no_network() -> None:
    """Nothing is loaded: no script, image, font or style sheet, and the policy of the page forbids them."""
    found = Elements(page(chain()))

    assert {tag.split()[0] for tag in found.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "base"})
    assert found.links == []
    assert "default-src 'none'" in page(chain())
    assert re.findall(r"url\(|@import", page(chain())) == []


def test_links_lead_to_the_repository() -> None:
    """A link is an address where the repository is known; a page lies anywhere, so no link is relative."""
    found = Elements(page(EVERYTHING, Style(base="https://github.com/o/r/blob/abc", folder="sub")))

    assert "https://github.com/o/r/blob/abc/sub/manifests/home.yaml#L3" in found.links


def test_dependencies_are_drawn() -> None:
    """Each change is a box right of all that it waits for, with a line from those that no other one waits for."""
    drawing = drawing_of(chain())

    assert drawing
    columns = {str(box.address): box.x for box in drawing.boxes}
    assert columns["Solution/s"] < columns["SolutionVersion/s"] < columns["Campaign/a"] == columns["Campaign/b"]
    assert len(drawing.lines) == 3  # none from the solution to the campaigns
    assert len({(box.x, box.y) for box in drawing.boxes}) == 4
    assert all(box.x + drawing.box_width <= drawing.width for box in drawing.boxes)
    assert all(box.y + drawing.box_height <= drawing.height for box in drawing.boxes)


def test_no_drawing_without_dependencies_or_of_too_many_changes() -> None:
    """A plan without dependencies between its changes has no drawing, and neither has one of 2,000."""
    found = changes_of(2000)
    needs = {each.address: frozenset({found[0].address}) for each in found[1:]}

    assert drawing_of(EVERYTHING) is None
    assert drawing_of(replace(plan(*found), needs=needs)) is None


def test_a_plan_of_2000_changes() -> None:
    """Every blocked or risky change is named."""
    found = changes_of(2000, 40)

    assert missing(found, page(plan(*found))) == []


@pytest.mark.parametrize("index", range(4))
@given(foreign=MARKUP)
def test_text_from_outside_is_no_markup(index: int, foreign: str) -> None:
    """Names, values and messages with any content add no element and no attribute."""
    ours, seen = (render_report(reports(text)[index], Format.HTML) for text in ("a", foreign))

    assert tags(seen) == tags(ours)
    assert harm(seen) == []


def tags(page_: str) -> list[str]:
    """Return the elements, without those that depend on how long a value is and on its backticks."""
    return [tag for tag in Elements(page_).tags if not tag.startswith(("code", "span ['class']"))]


@needs_chromium
def test_a_browser_shows_the_page(tmp_path: Path) -> None:
    """Chromium opens the file without a message on its console, and draws it."""
    (tmp_path / "plan.html").write_text(page(chain()))

    with chromium() as browser, opened(browser, f"file://{tmp_path / 'plan.html'}") as shown:
        picture = shown.screenshot()

    assert len(picture) > 10_000


def test_a_long_name_is_shortened_in_its_box() -> None:
    """A box has the beginning of a long name; its title has all of it."""
    value = chain()
    long = replace(value.changes[0], address=Address("Solution", "s" * 60))
    needs = {value.changes[1].address: frozenset({long.address})}

    shown = page(replace(value, changes=(long, value.changes[1]), needs=needs))

    assert f">Solution/{'s' * 30}…</text>" in shown
    assert f"<title>Solution/{'s' * 60}: create</title>" in shown
