"""`fmt`: the fields of manifests in their usual order, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.manifest.editing import same, value_of
from personalize_gitops.manifest.formatting import formatted
from personalize_gitops.manifest.nodes import parsed
from tests.support.project import Project

MIXED = """\
# All campaigns of the shop.

# Shown on the first page.
name: home
kind: Campaign
tags: {team: search}
spec:
  # Two is the least that lasts for a Saturday.
  minProvisionedTPS: 2
  campaignConfig:
    rankingInfluence: {FRESHNESS: 0.2}
    enableMetadataWithRecommendations: true
    # not more
  solutionVersion:
    solution: home
    version: latest   # at apply
---
{name: b, kind: DatasetGroup, spec: {}}
"""
ORDERED = """\
# All campaigns of the shop.

# Shown on the first page.
kind: Campaign
name: home
spec:
  solutionVersion:
    solution: home
    version: latest   # at apply
  # Two is the least that lasts for a Saturday.
  minProvisionedTPS: 2
  campaignConfig:
    enableMetadataWithRecommendations: true
    # not more
    rankingInfluence: {FRESHNESS: 0.2}
tags: {team: search}
---
{name: b, kind: DatasetGroup, spec: {}}
"""


def test_fields_are_ordered_with_their_comments() -> None:
    """Kind and name come first, then the spec in the order of its kind; a comment stays above its field.

    Those above the first field are about the document and stay above it.
    """
    assert formatted(MIXED, "a.yaml") == ORDERED
    assert formatted(ORDERED, "a.yaml") == ORDERED


@pytest.mark.parametrize(
    "text",
    [
        "name: a\nspec: {x: &x 1}\nkind: Filter\n",  # no order is lost, an anchor without an alias moves
        "tags: &t {a: b}\nspec:\n  y: *t\nname: n\nkind: Filter\n",
        "- 1\n- 2\n",
        "",
        "name: n\nspec:\n  filterExpression: >\n    INCLUDE ItemID\n    # no comment\nkind: Filter\n",
    ],
)
def test_values_stay(text: str) -> None:
    """Whatever is written, the values are the same, or the file is left alone."""
    found = formatted(text, "a.yaml")

    if found is not None:
        assert same(*([value_of(node) for node in parsed(each, "a.yaml")] for each in (text, found)))


_WORDS = st.sampled_from(["kind", "name", "spec", "tags", "a", "b", "minProvisionedTPS", "solutionVersion"])
_VALUES = st.recursive(
    st.integers(0, 9), lambda inner: st.dictionaries(_WORDS, inner, min_size=1, max_size=4), max_leaves=8
)


@given(st.dictionaries(_WORDS, _VALUES, min_size=1), st.lists(st.booleans(), min_size=1, max_size=20))
def test_any_document_keeps_its_values(value: dict[str, object], comments: list[bool]) -> None:
    """Formatting a document of any shape keeps values and comments, and a second time changes nothing."""
    drawn = cycle(comments)
    text = "".join(_lines(value, 0, drawn))

    found = formatted(text, "a.yaml")

    assert found is not None
    assert same(*([value_of(node) for node in parsed(each, "a.yaml")] for each in (text, found)))
    assert sorted(found.splitlines()) == sorted(text.splitlines())
    assert formatted(found, "a.yaml") == found


def _lines(value: dict[str, object], indent: int, drawn: Iterator[bool]) -> list[str]:
    found: list[str] = []
    for key, inner in value.items():
        if next(drawn):
            found.append(f"{' ' * indent}# about {key}\n")
        if isinstance(inner, dict):
            found += [f"{' ' * indent}{key}:\n", *_lines(inner, indent + 2, drawn)]
        else:
            found.append(f"{' ' * indent}{key}: {inner}\n")
    return found


def test_the_command_tells_and_writes(project: Project) -> None:
    """--check names the files and exits with 2; without it they are written, and the plan is the same."""
    path = project.manifests / "similar.yaml"
    path.write_text("# first\nname: all\nkind: DatasetGroup\nspec: {}\n")
    before = path.read_text()

    checked = project.run("fmt", "--check")
    assert (checked.code, path.read_text()) == (2, before)
    assert "would be ordered: manifests/similar.yaml" in checked.out

    assert project.run("fmt").code == 0
    assert path.read_text() == "# first\nkind: DatasetGroup\nname: all\nspec: {}\n"
    assert project.run("fmt", "--check").code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"a: [", "invalid YAML"), (b"\xff\xfe\x00", "not UTF-8")],
)
def test_a_file_that_is_no_manifest(project: Project, content: bytes, message: str) -> None:
    """A file that is not YAML is told with its place, with the exit code of invalid manifests, and nothing changes."""
    (project.manifests / "similar.yaml").write_bytes(content)

    for options in ((), ("--check",)):
        found = project.run("fmt", *options)
        assert found.code == 3
        assert found.err.startswith("manifests/similar.yaml:")
        assert message in found.err


def test_no_file_is_written_if_one_is_no_manifest(project: Project) -> None:
    """The message says that nothing was changed, and that is so for the files before it, too."""
    first = project.manifests / "aaa.yaml"
    first.write_text("name: all\nkind: DatasetGroup\n")
    project.write("zzz.yaml", "a: [")

    found = project.run("fmt")

    assert (found.code, first.read_text()) == (3, "name: all\nkind: DatasetGroup\n")
    assert found.err.endswith("Nothing was changed.\n")


def test_windows_line_ends_and_a_byte_order_mark_stay(project: Project) -> None:
    """Each line keeps its end, and a last line without one gets that of the others."""
    path = project.manifests / "similar.yaml"
    path.write_bytes(b"\xef\xbb\xbf# first\r\nname: all\r\nspec: {}\r\nkind: DatasetGroup")

    assert project.run("fmt").code == 0

    wanted = b"\xef\xbb\xbf# first\r\nkind: DatasetGroup\r\nname: all\r\nspec: {}\r\n"
    assert path.read_bytes() == wanted
    assert project.run("fmt", "--check").code == 0


def test_a_missing_folder(project: Project) -> None:
    """A folder that does not exist is an error, not an empty result."""
    found = project.run("fmt", "--manifests", str(Path("nowhere")))

    assert (found.code, found.err) == (1, "Error: --manifests nowhere: the folder does not exist\n")
