"""Markdown for reviewers, to the letter; what it keeps when it is long; and that no text from outside is markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reason import ReasonCode, Source, Verbatim, because
from personalize_gitops.model.reports import CheckReport, PlanReport, StatusReport
from personalize_gitops.render import gfm, md
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.lines import escaped
from personalize_gitops.render.style import Style
from tests.render.large import changes_of, missing
from tests.render.plans import EVERYTHING, change, live, plan
from tests.render.test_foreign_text import harm, reports

GOLDEN = Path(__file__).parent / "golden"

MARKUP = st.lists(
    st.one_of(
        st.sampled_from("`|\\<>[]()*_~#@!&;:$\"'-+=\n\r\t 1.a/"),
        st.sampled_from(["```", "</details>", "<!--", "-->", "](x)", "![", "https://a.b", "www.a.b", "\\|", "&#124;"]),
        st.characters(),
    ),
    max_size=12,
).map("".join)


def markdown(value: Plan, style: Style | None = None) -> str:
    return render_report(PlanReport(value, next_command="personalize-gitops apply"), Format.MD, style or Style())


def without_fingerprint(shown: str) -> str:
    return shown.replace(EVERYTHING.fingerprint[:12], "FINGERPRINT")


def test_a_plan() -> None:
    """Blocked and risky changes first, then the changes by action, with diffs and links to lines of manifests."""
    assert without_fingerprint(markdown(EVERYTHING)) == (GOLDEN / "plan.md").read_text()


def test_what_to_do_next() -> None:
    """A plan that can be applied ends with the command; one without changes has none."""
    assert markdown(plan(change("Filter", "f", Action.CREATE, "new"))).endswith(
        "Next, once this is approved: `personalize-gitops apply`\n"
    )
    assert "personalize-gitops" not in md.plan(PlanReport(plan(change("Filter", "f", Action.NONE, ""))))


def test_a_pipeline_has_its_own_next_step() -> None:
    """A comment shows no command with a path of the machine that made the plan."""
    report = PlanReport(plan(changes_of(2, 0)[1]), next_command="personalize-gitops apply /runner/plan.json")

    assert "/runner/plan.json" in md.plan(report)
    assert "/runner/plan.json" not in md.plan(report, Style(False, "https://github.com/o/r/blob/abc", ""))


def test_links_are_absolute_where_the_repository_is_known() -> None:
    """A base turns the path of a manifest into an address; a path outside of the repository is no link."""
    base = "https://github.com/o/r/blob/abc"

    assert gfm.link(Source("a b/(c).yaml", 7), Style(base=base)) == f"[a b/(c).yaml:7]({base}/a%20b/%28c%29.yaml#L7)"
    assert gfm.link(Source("/tmp/c.yaml", 7), Style(base=base)) == "`/tmp/c.yaml:7`"  # noqa: S108  no file is made
    assert gfm.url(Source("../m/c.yaml", 7), Style(base=base, folder="d")) == f"{base}/m/c.yaml#L7"
    assert f"]({base}/manifests/home.yaml#L3)" in markdown(EVERYTHING, Style(base=base))


def test_nested_values_are_unified_diffs() -> None:
    """A structure shows its changed lines with three lines around them; unchanged lines between changes are dots."""
    before = {"a": 1, "list": list("abcdefghijklm"), "z": "old"}
    after = {"a": 2, "list": list("abcdefghijklm"), "z": "new"}
    field = FieldChange(("solutionConfig", "x"), before, after)

    shown = markdown(plan(change("Solution", "s", Action.UPDATE, "differs", fields=(field,))))

    block = shown.split("```diff\n")[1].split("\n```")[0]
    assert block.split("\n") == [
        "@@ solutionConfig.x @@",
        "  {",
        '-   "a": 1',
        '+   "a": 2',
        '    "list": [',
        '      "a"',
        '      "b"',
        "  …",
        '      "l"',
        '      "m"',
        "    ]",
        '-   "z": "old"',
        '+   "z": "new"',
        "  }",
    ]


@pytest.mark.parametrize(("size", "form"), [(100, md.Form.ALL), (200, md.Form.FIELDS), (400, md.Form.LINES)])
def test_a_longer_plan_takes_a_shorter_form(size: int, form: md.Form) -> None:
    """Values, then fields are left out, and the report says so."""
    shown = markdown(plan(*changes_of(size)))

    assert len(shown) < 65_536
    assert "```diff" in shown or form >= md.Form.LINES
    assert ("Long values are shortened" in shown) == (form is md.Form.FIELDS)
    assert ("Fields and values are left out" in shown) == (form is md.Form.LINES)


@pytest.mark.parametrize("risky", [40, 2000])
def test_a_plan_of_2000_changes(risky: int) -> None:
    """It fits into a comment, and names every blocked or risky change."""
    found = changes_of(2000, risky)
    shown = markdown(plan(*found))

    assert len(shown) < 65_536
    assert missing(found, shown) == []


def test_names_that_do_not_fit_are_counted() -> None:
    """With names too long for a comment, the gravest are named, and the number of the others is told."""
    found = [
        replace(each, address=replace(each.address, name="x" * 60 + each.address.name))
        for each in changes_of(2000, 2000)
    ]
    shown = markdown(plan(*found))

    assert len(shown) < 65_536
    assert "more, which do not fit here**" in shown


class Structure(HTMLParser):
    """The elements of a page, without code and its contents, and all of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("code", "span"):
            self.tags.append(f"<{tag} {[name for name, _ in attrs]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("code", "span"):
            self.tags.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"<!--{data}-->")

    def handle_data(self, data: str) -> None:
        self.text += data


def structure(markdown_: str) -> Structure:
    """Read Markdown as GitHub does, with its HTML."""
    found = Structure()
    found.feed(cmarkgfm.github_flavored_markdown_to_html(markdown_, Options.CMARK_OPT_UNSAFE))
    found.close()
    return found


@pytest.mark.parametrize("index", range(4))
@given(foreign=MARKUP)
@example(foreign="`_@www.a.b")
def test_text_from_outside_is_no_markup(index: int, foreign: str) -> None:
    """Names, values and messages with any content add no element, link, cell or comment to the page."""
    ours = structure(render_report(reports("a")[index], Format.MD))
    seen = render_report(reports(foreign)[index], Format.MD)

    assert structure(seen).tags == ours.tags
    assert harm(seen) == []


@given(MARKUP)
def test_a_reader_sees_the_text(foreign: str) -> None:
    """What a page shows of a sentence or a name is the text itself, control characters as escapes."""
    visible = f"x {escaped(foreign)} x"
    prose, code, element = (
        structure(f"x {piece(foreign)} x").text.replace("\u200b", "").strip("\n")
        for piece in (gfm.prose, gfm.code, gfm.element)
    )

    assert prose.replace("`", "") == visible.replace("`", "")
    assert [code, element] == [visible, visible]


@given(MARKUP, MARKUP)
def test_cells_stay_in_their_columns(first: str, second: str) -> None:
    """A table has as many cells as it was given."""
    cells = [gfm.prose(first), gfm.code(second), gfm.element(first)]
    shown = "\n".join(gfm.table(["a", "b", "c"], [cells]))

    assert structure(shown).tags.count("<td []>") == 3


@pytest.mark.parametrize(
    "text", ["@team", "see #12", "https://evil.example", "www.evil.example", "GH-1", "a@b.example"]
)
def test_nobody_is_mentioned_and_nothing_linked(text: str) -> None:
    """A message with a mention or an address is only text."""
    shown = structure(gfm.prose(text))

    assert not [tag for tag in shown.tags if tag.startswith("<a")]
    assert text not in shown.text  # divided by a space of no width


@pytest.mark.parametrize(("index", "name"), [(1, "drift"), (2, "status"), (3, "apply")])
def test_other_reports(index: int, name: str) -> None:
    """Drift has a diff from declared to found values; the live state and the steps of an apply are tables."""
    assert render_report(reports("text")[index], Format.MD) == (GOLDEN / f"{name}.md").read_text()


def test_only_what_is_not_ready_of_many_resources() -> None:
    """A table that is too long keeps the resources that are not ready."""
    found = [replace(each, live=live("Campaign", each.aws_name)) for each in changes_of(2000)]
    failed = replace(found[7], live=live("Campaign", "resource-0007", "CREATE FAILED"))

    shown = render_report(StatusReport(plan(*found[:7], failed, *found[8:]), 0), Format.MD)

    assert len(shown) < 65_536
    assert "1999 of 2000 ready." in shown
    assert [row.split(" | ")[:2] for row in shown.splitlines() if "resource-" in row] == [
        ["| `Campaign/resource-0007`", "CREATE FAILED"]
    ]


def test_an_approved_plan_that_does_not_hold() -> None:
    """Approved → now: what has moved, then the plan made now. One that holds says so."""
    moved = because(ReasonCode.CHANGE_DIFFERS, address=Verbatim("Filter/a|b"), action=Verbatim("update"))

    shown = md.checked(CheckReport("plan.json", "d" * 64, (moved,), EVERYTHING))
    edited = md.checked(CheckReport("plan.json", moved=(because(ReasonCode.PLAN_EDITED),)))
    holds = md.checked(CheckReport("plan.json", "d" * 64, plan=EVERYTHING))

    head = "**The approved plan `dddddddddddd` does not hold any more, and nothing was changed.** What has moved since:"
    assert shown.splitlines()[:3] == [head, "", "- Filter/a&#124;b is not as saved (now: update)"]
    assert "\n## Plan for `" in shown
    assert edited.startswith("**The approved plan does not hold any more")
    assert holds == "**The approved plan `dddddddddddd` still holds.**\n\n"


def test_a_check_of_2000_changes() -> None:
    """It fits, and counts what it leaves out."""
    moved = because(ReasonCode.CHANGE_DIFFERS, address=Verbatim("Filter/" + "x" * 60), action=Verbatim("update"))

    shown = md.checked(CheckReport("plan.json", "d" * 64, (moved,) * 2000, plan(*changes_of(2000, 2000))))

    assert len(shown.encode()) <= md.COMMENT
    assert "- and 19" in shown
