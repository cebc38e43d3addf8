"""One comment a target, matched by author and marker over all pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from personalize_gitops.errors import ForgeError
from personalize_gitops.forge.comment import Create, Delete, Keep, Marked, Update, decide, indexed, marked
from personalize_gitops.forge.marker import Marker, Purpose, read, write
from personalize_gitops.forge.port import Comment, Forge
from personalize_gitops.forge.publish import publish_comment, publish_index
from tests.support.forge import BOT, FakeForge, Fault

MARKER = Marker(Purpose.PLAN, "shop", "prod", "a" * 64, "b" * 40, "c" * 40, "7")


def comment(identity: int, marker: Marker, text: str = "text", author: str = BOT) -> Comment:
    return Comment(identity, author, write(marker, text), f"#{identity}")


def decided(comments: list[Comment], marker: Marker = MARKER, text: str = "text") -> list[object]:
    return list(decide(marked(comments, BOT), marker, write(marker, text)))


def test_the_first_comment_is_created() -> None:
    """Where there is none about the same subject."""
    others = [
        comment(1, replace(MARKER, target="staging")),
        comment(2, replace(MARKER, project="other")),
        comment(3, replace(MARKER, purpose=Purpose.APPLY)),
        Comment(4, BOT, "text", "#4"),
    ]

    assert decided(others) == [Create(write(MARKER, "text"))]


def test_a_comment_is_updated_and_not_repeated() -> None:
    """By another plan, another commit or another text."""
    old = comment(1, MARKER)
    newer = replace(MARKER, plan="d" * 64, head="e" * 40, run="8")

    assert decided([old], newer) == [Update(old, write(newer, "text"))]
    assert decided([old], text="other") == [Update(old, write(MARKER, "other"))]


@pytest.mark.parametrize("stored", ["{}", "{}\n", "{}  "])
def test_a_comment_that_says_the_same_is_left_alone(stored: str) -> None:
    """Also if the forge changed line ends and blanks at the end."""
    body = stored.format(write(MARKER, "a\nb")).replace("\n", "\r\n")
    old = Comment(1, BOT, body, "#1")

    assert decided([old], text="a\nb\n") == [Keep(old)]


def test_a_copied_marker_does_not_count() -> None:
    """A comment of another author is neither ours nor changed, and an edited marker is none."""
    copied = comment(1, MARKER, author="mallory")
    broken = Comment(2, BOT, write(MARKER, "text").replace("prod", "prod --> "), "#2")
    quoted = Comment(3, BOT, f"> {write(MARKER, 'text')}", "#3")

    assert decided([copied, broken, quoted]) == [Create(write(MARKER, "text"))]


def test_doubles_are_deleted() -> None:
    """The oldest stays."""
    first, second, third = (comment(identity, MARKER) for identity in (3, 5, 9))

    assert decided([third, first, second]) == [Keep(first), Delete(second), Delete(third)]


@pytest.mark.parametrize(("count", "listed"), [(5, 0), (6, 6)])
def test_there_is_an_index_beyond_five_targets(count: int, listed: int) -> None:
    """It lists them by name."""
    comments = [comment(identity, replace(MARKER, target=f"t{9 - identity}")) for identity in range(1, count + 1)]
    comments.append(comment(90, replace(MARKER, target="x", project="other")))
    comments.append(comment(91, replace(MARKER, target="y", purpose=Purpose.APPLY)))

    targets = [each.marker.target for each in indexed(marked(comments, BOT), "shop")]

    assert targets == sorted(targets)
    assert len(targets) == listed


def test_an_index_that_exists_stays_current() -> None:
    """With five targets or fewer too."""
    index = comment(9, Marker(Purpose.INDEX, "shop", ""))

    assert [each.marker.target for each in indexed(marked([index, comment(1, MARKER)], BOT), "shop")] == ["prod"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("## Plan\n\n**1 to create**\n\nmore", "**1 to create**"),
        ("", ""),
        ("# only a heading", ""),
        ("x" * 501, ""),
    ],
)
def test_the_summary_is_the_first_line(text: str, summary: str) -> None:
    """After headings; a line that would have to be cut is none."""
    [found] = marked([comment(1, MARKER, text)], BOT)

    assert found.summary == summary


def test_a_comment_is_found_on_the_last_page(forge: Forge, fake: FakeForge) -> None:
    """Among comments of others, some with our marker."""
    publish_comment(forge, 1, MARKER, "first", "")
    for number in range(10):
        fake.comments[1].insert(0, {"id": 100 + number, "user": "mallory", "body": write(MARKER, "copied")})

    done = publish_comment(forge, 1, replace(MARKER, head="e" * 40), "second", "")

    assert done.done == "updated"
    assert fake.bodies(1) == [write(replace(MARKER, head="e" * 40), "second")]
    assert fake.bodies(1, "mallory") == [write(MARKER, "copied")] * 10


def test_publishing_again_writes_nothing(forge: Forge, fake: FakeForge) -> None:
    """The second run only reads."""
    publish_comment(forge, 1, MARKER, "text\nmore\n", "")
    before = len(fake.writes())

    assert publish_comment(forge, 1, MARKER, "text\nmore\n", "").done == "unchanged"
    assert len(fake.writes()) == before


def test_a_creation_without_an_answer_is_not_repeated(forge: Forge, fake: FakeForge) -> None:
    """The comment is found by its marker instead."""
    fake.faults.append(Fault(502, "POST", "/1/", after_effect=True))

    assert publish_comment(forge, 1, MARKER, "text", "").done == "unchanged"
    assert fake.bodies(1) == [write(MARKER, "text")]


def test_a_creation_that_did_not_take_effect_is_made(forge: Forge, fake: FakeForge) -> None:
    """It is not found, so it is created."""
    fake.faults.append(Fault(502, "POST", "/1/"))

    assert publish_comment(forge, 1, MARKER, "text", "").done == "created"
    assert fake.bodies(1) == [write(MARKER, "text")]


def test_a_comment_that_another_job_created_at_the_same_time_stays(forge: Forge, fake: FakeForge) -> None:
    """The younger of two is deleted by the job that created it."""
    fake.meanwhile = lambda: fake.say(1, write(MARKER, "theirs"))

    publish_comment(forge, 1, MARKER, "ours", "")

    assert fake.bodies(1) == [write(MARKER, "theirs")]


def test_a_long_text_is_cut(forge: Forge, fake: FakeForge) -> None:
    """GitHub refuses more than 65,536 characters; with the marker a comment has no more."""
    publish_comment(forge, 1, MARKER, "a line\n" * 150_000, "_cut_")

    [body] = fake.bodies(1)
    assert len(body) <= forge.limit
    assert body.endswith("_cut_")
    assert read(body) == MARKER


def test_a_body_that_is_too_long_is_an_error(fake: FakeForge, forge: Forge) -> None:
    """The message of the forge is passed on."""
    fake.faults.append(Fault(422, "POST", "/1/", content={"message": "body is too long"}))

    with pytest.raises(ForgeError, match="422 body is too long"):
        publish_comment(forge, 1, MARKER, "text", "")


def test_the_index_links_to_the_comments(forge: Forge, fake: FakeForge) -> None:
    """It is created beyond five targets, updated, and left alone when nothing changed."""
    for number in range(6):
        publish_comment(forge, 1, replace(MARKER, target=f"t{number}"), f"## Plan\n\n**{number} to create**", "")

    def render(found: Sequence[Marked]) -> str:
        return "\n".join(f"{each.marker.target} {each.comment.url} {each.summary}" for each in found)

    done = [publish_index(forge, 1, "shop", render, "") for _ in range(2)]

    assert [each and each.done for each in done] == ["created", "unchanged"]
    index = fake.bodies(1)[-1]
    assert read(index) == Marker(Purpose.INDEX, "shop", "")
    assert [line.split(" ", 2)[::2] for line in index.split("\n")[1:]] == [
        [f"t{number}", f"**{number} to create**"] for number in range(6)
    ]


def test_there_is_no_index_for_few_targets(forge: Forge, fake: FakeForge) -> None:
    """Five comments are read without one."""
    for number in range(5):
        publish_comment(forge, 1, replace(MARKER, target=f"t{number}"), "text", "")

    assert publish_index(forge, 1, "shop", str, "") is None
    assert len(fake.bodies(1)) == 5
