"""The page that the server shows in a browser."""

import re
import urllib.request
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.host.server import Server

from .asking import Cinema
from .clock import Clock


class Page(HTMLParser):
    """What a page shows: its elements, the rows of its tables, and the links and addresses in it."""

    void = frozenset({"meta", "link", "input", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in self.void:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data


def fetch(server: Server, path: str = "/", body: bytes | None = None, **headers: str) -> tuple[int, str]:
    """The status and the text of an answer to a browser."""
    given = {"Accept": "text/html,*/*", **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = urllib.request.Request(server.url + path, body, given)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ask(server: Server, **form: str) -> str:
    """The page after its form was sent."""
    status, text = fetch(server, f"/?{urlencode(form)}")
    assert status == 200
    return text


def alerts(text: str) -> list[str]:
    return re.findall(r'role="alert">([^<]*)<', text)


def test_what_exists(served: tuple[Server, Cinema]) -> None:
    """Resources are listed by dataset group with their states; failures have their reasons."""
    server, cinema = served
    cinema.account.emulator.faults.fail("Solution/broken", "no <b>luck</b>")
    cinema.account.personalize.create_solution(
        name="broken", datasetGroupArn=cinema.group, recipeArn="arn:aws:personalize:::recipe/aws-popularity-count"
    )
    cinema.clock.pass_time(minutes=30)

    _, text = fetch(server)

    rows = Page(text).rows
    assert ["Campaign", "popular", "ACTIVE"] in rows
    assert ["Recommender", "top", "ACTIVE"] in rows
    assert ["Solution", "brokenno <b>luck</b>", "CREATE FAILED"] in rows
    assert re.findall(r"Dataset group <bdi>(\w+)</bdi> <span class=\"status good\">ACTIVE<", text) == [
        "custom",
        "domain",
    ]
    assert text.index("<bdi>custom</bdi>") < text.index("<bdi>popular</bdi>") < text.index("Dataset group <bdi>domain")


def test_the_page_needs_nothing_else(served: tuple[Server, Cinema]) -> None:
    """There is no script, and nothing is loaded from anywhere; the policy forbids both."""
    server, _ = served
    request = urllib.request.Request(server.url, headers={"Accept": "text/html"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        page, policy = Page(answer.read().decode()), answer.headers["Content-Security-Policy"]

    assert {"script", "img", "iframe", "object"}.isdisjoint(page.tags)
    assert {re.split(r"[?#]", link)[0] for link in page.links} == {"data:,", "/", "/emulator/page/advance"}
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_time(served: tuple[Server, Cinema]) -> None:
    """The page shows time and speed; its buttons move the clock, and the browser comes back to the page."""
    server, cinema = served
    before = cinema.clock.time
    _, text = fetch(server)
    assert "60 seconds pass in each real second." in text

    status, _ = fetch(server, "/emulator/page/advance", b"seconds=3600")

    assert (status, cinema.clock.time) == (200, before + 3600)


@pytest.mark.parametrize("seconds", ["-1", "soon", "", "9999999999999"])
def test_an_impossible_advance(served: tuple[Server, Cinema], seconds: str) -> None:
    """A number of seconds that the clock cannot be moved by is refused on the page."""
    server, cinema = served
    before = cinema.clock.time

    status, text = fetch(server, "/emulator/page/advance", f"seconds={seconds}".encode())

    assert (status, cinema.clock.time) == (400, before)
    assert "seconds must be a number" in alerts(text)[0]


def test_other_origins(served: tuple[Server, Cinema]) -> None:
    """Pages of other origins can neither move the clock nor, by a name of their own, read the page."""
    server, cinema = served
    before = cinema.clock.time

    moved, _ = fetch(server, "/emulator/page/advance", b"seconds=60", Origin="https://evil.example")
    read, _ = fetch(server, Host="evil.example")

    assert (moved, read, cinema.clock.time) == (403, 403, before)


def test_asking(served: tuple[Server, Cinema]) -> None:
    """The form gets the items that the runtime gives, with the columns that people can read, and keeps its values."""
    server, cinema = served
    older = cinema.filter("INCLUDE ItemID WHERE Items.YEAR < $YEAR")

    text = ask(server, target=cinema.arns["v2"], user="u2", filter=older, values='YEAR="1954"', count="3")

    found = [row for row in Page(text).rows if row[0].isdecimal()]
    expected = cinema.ask("v2", userId="u2", filterArn=older, filterValues={"YEAR": '"1954"'}, numResults=3)
    assert [row[1] for row in found] == [each["itemId"] for each in expected]
    assert found[0][3:5] == ["Comedy" if int(found[0][1][1:]) % 2 == 0 else "Drama|War", "1700000000"]
    assert 'name="user" value="u2"' in text
    assert f'<option value="{older}" selected>' in text


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("ranking", {"user": "u3", "items": "f2, f3"}, ["f3", "f2"]),
        ("related", {"item": "f2", "count": "1"}, None),
        ("actions", {"user": "u1", "count": "2"}, None),
        ("top", {"user": "u1", "count": "2"}, None),
    ],
)
def test_every_kind_of_call(
    served: tuple[Server, Cinema], name: str, form: dict[str, str], expected: list[str] | None
) -> None:
    """Rankings, related items, actions and recommenders are asked by the same form."""
    server, cinema = served

    text = ask(server, target=cinema.arns[name], **form)

    found = [row[1] for row in Page(text).rows if row[0].isdecimal()]
    assert alerts(text) == []
    assert len(found) == int(form.get("count", 2))
    assert expected in (None, found)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "userId is required"),
        ({"user": "u1", "count": "many"}, "whole number, found many"),
        ({"user": "u1", "count": "9999"}, "numResults"),
        ({"user": "u1", "values": "YEAR"}, "NAME=value, found YEAR"),
        ({"user": "u1", "filter": "arn:aws:personalize:us-east-1:123456789012:filter/no"}, "ResourceNotFound"),
        ({"target": "<script>"}, "no campaign or recommender &lt;script&gt;"),
    ],
)
def test_refusals(served: tuple[Server, Cinema], form: dict[str, str], words: str) -> None:
    """What is refused is told on the page."""
    server, cinema = served

    (told,) = alerts(ask(server, **{"target": cinema.arns["v2"], **form}))

    assert words in told


def test_markup_from_outside(served: tuple[Server, Cinema]) -> None:
    """Values of data and of the form are text, never markup."""
    server, cinema = served
    evil = '"><script>alert(1)</script>'
    cinema.put_film("f1", genres=evil, title=evil)

    text = ask(server, target=cinema.arns["ranking"], user=evil, items="f1")

    assert "script" not in Page(text).tags
    assert [row[3] for row in Page(text).rows if row[0] == "1"] == [evil]


def test_metrics(served: tuple[Server, Cinema]) -> None:
    """Metrics of versions are drawn with their values; those that nobody has asked for yet can be computed."""
    server, cinema = served
    _, before = fetch(server)
    assert "versions have no metrics yet" in before

    _, text = fetch(server, f"/?{urlencode({'measure': cinema.group})}")

    assert "no metrics yet" not in text.partition("Dataset group <bdi>domain")[0]
    version = cinema.account.personalize.get_solution_metrics(solutionVersionArn=cinema.versions["v2"])
    value = version["metrics"]["precision_at_5"]
    assert ">precision_at_5</text>" in text
    assert ["precision_at_5", f"{value:.4f}"] in Page(text).rows
    assert text.count("<svg") == len(cinema.versions) + 3


def test_an_empty_emulator(clock: Clock) -> None:
    """Without resources the page says what to do; a clock that cannot be moved has no buttons."""
    with Emulator(clock.now).serve(port=0) as server:
        status, text = fetch(server)

    assert status == 200
    assert "There are no resources yet." in text
    assert "<button" not in text


def test_clients_of_s3(served: tuple[Server, Cinema]) -> None:
    """`/` without a wish for HTML is a request to S3, as before."""
    server, _ = served

    status, text = fetch(server, Accept="*/*")

    assert (status, "ListAllMyBucketsResult" in text) == (200, True)
