"""What docs/ and the README tell readers to type works, and their links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from personalize_gitops.cli import COMMANDS, HIDDEN, parser_of
from personalize_gitops.errors import ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.load import load_all
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from tests.emulator.served import serving
from tests.support.pages import DOCS, PAGES, ROOT, Block, anchors, blocks, links, own_commands
from tests.support.project import Project

ADDRESS = "http://127.0.0.1:5555"  # of a served emulator, in the pages
MARKUP = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
SESSIONS = {name for name, text in MARKUP.items() if any(b.language == "console" and not b.title for b in blocks(text))}
COMMAND_BLOCKS = [
    pytest.param(block, id=f"{name}-{number}")
    for name, text in MARKUP.items()
    for number, block in enumerate(blocks(text), 1)
    if block.language in ("console", "bash", "sh")
]


class Session:
    """A reader in an empty folder who writes the files of a page and types its commands, from the top to the end."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, closing: ExitStack) -> None:
        self.project, self.patch, self.closing = Project(folder), monkeypatch, closing
        self.address = ADDRESS
        monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def write(self, name: str, text: str) -> None:
        path = self.project.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(ADDRESS, self.address), encoding="utf-8")

    def type(self, command: str) -> tuple[int, str]:
        """The exit code of a command, and what it prints."""
        command = command.replace(ADDRESS, self.address)
        before, _, file = command.partition(" > ")
        words = shlex.split(before)
        if words[:3] == ["personalize-gitops", "emulator", "serve"]:
            options = [word for word in words[3:] if word not in ("--port", "5555")]
            self.address = self.closing.enter_context(serving(*options, folder=self.project.folder)).url
            return 0, f"Local Amazon Personalize: {self.address}"
        if words[0] == "export":
            for name, _, value in (word.partition("=") for word in words[1:]):
                self.patch.setenv(name, value)
            return 0, ""
        if words[0] == "cd":
            self.project = Project(self.project.folder / words[1])
            return 0, ""
        if words[0] != "personalize-gitops":
            return self._other(command)
        if words[1] == "emulator" and "--target" not in words:
            words += ["--url", self.address]
        done = self.project.run(*words[1:])
        if file:
            self.write(file, done.out)
        return done.code, done.err if file else done.out + done.err

    def _other(self, command: str) -> tuple[int, str]:
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.project.folder, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    with ExitStack() as closing:
        yield Session(tmp_path, monkeypatch, closing)


def missing(shown: str, printed: str) -> list[str]:
    """The lines of an output on a page that the command did not print; `…` stands for anything."""
    flat = [" ".join(line.split()) for line in printed.splitlines()]
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    patterns = {line: re.escape(line).replace("…", ".*") for line in lines if line.strip("… ")}
    return [line for line, pattern in patterns.items() if not any(re.fullmatch(pattern, one) for one in flat)]


@pytest.mark.parametrize("name", sorted(SESSIONS))
def test_a_page_can_be_typed(name: str, session: Session) -> None:
    """Its files and its commands, in their order, in an empty folder: each prints what the page shows."""
    for block in blocks(MARKUP[name]):
        if block.file and not block.title:
            session.write(block.file, block.text)
        if block.language != "console" or block.title:
            continue
        for command, shown in block.commands:
            code, printed = session.type(command)

            refused = shown.startswith("Error: ")
            assert code not in (0, 2) if refused else code in (0, 2), f"{command}: {code}\n{printed}"
            assert missing(shown, printed) == [], f"{command}:\n{printed}"


@pytest.mark.parametrize("block", COMMAND_BLOCKS)
def test_the_program_knows_its_commands(block: Block) -> None:
    """Commands and options of all blocks exist, also of those that need an account or a clone."""
    parser, _ = parser_of({*COMMANDS, *HIDDEN})
    for words in own_commands(block):
        assert parser.parse_args(words).command == words[0]


def test_make_writes_the_generated_pages() -> None:
    """`make docs` runs each generator, and each generated page says where it comes from."""
    generators = {path.stem for path in (ROOT / "tools").glob("*_page.py")}

    assert {*re.findall(r"-m tools\.(\w+)", (ROOT / "Makefile").read_text())} == generators
    for page in generators - {"pipelines_page"}:  # which only has files filled in
        assert "<!-- Written by `make docs`" in MARKUP[f"docs/{page.removesuffix('_page')}.md"]


def test_every_kind_is_named() -> None:
    """The guide to manifests has the list of kinds."""
    listed = MARKUP["docs/manifests.md"].partition("The kinds are ")[2].partition(".")[0]

    assert sorted(re.findall(r"`(\w+)`", listed)) == sorted(KINDS)


def test_the_messages_of_troubleshooting_exist() -> None:
    """Each is a part of a sentence of the program; `…` stands for what differs."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "personalize_gitops").rglob("*.py"))
    joined = re.sub(r"\"\s*\n\s*f?\"", "", sources)
    for message in re.findall(r"^\| `([^`]+)` \|", MARKUP["docs/troubleshooting.md"], re.MULTILINE):
        for part in filter(None, (part.strip(" :;") for part in message.split("…"))):
            assert part in joined, message


@pytest.mark.parametrize("name", MARKUP)
def test_links(name: str) -> None:
    """Each leads to a file of the project, and to a heading of it. Those of docs/ stay in docs/: it is a site too."""
    folder = (ROOT / name).parent
    for link in links(MARKUP[name]):
        if re.match(r"https?://|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        found = (folder / path).resolve() if path else ROOT / name
        assert found.exists(), link
        assert DOCS not in (ROOT / name).parents or DOCS in found.parents, link
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), link


MANIFESTS = [
    pytest.param(block.text, id=f"{name}-{number}")
    for name, text in MARKUP.items()
    for number, block in enumerate(blocks(text), 1)
    if block.language == "yaml" and not block.file and block.text.startswith("kind: ")
]
REFERS_ELSEWHERE = {Check.PG020, Check.PG043, Check.PG050, Check.PG051}  # to what other blocks of the page have


@pytest.mark.parametrize("text", MANIFESTS)
def test_manifests_of_pages_are_valid(text: str, tmp_path: Path) -> None:
    """What a reader copies has no problem but references to documents and variables that it does not show."""
    if "kind: Project" not in text:
        (tmp_path / "project.yaml").write_text("kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}}\n")
    (tmp_path / "page.yaml").write_text(text, encoding="utf-8")
    found = problems_of(tmp_path)

    assert {problem.check for problem in found} <= REFERS_ELSEWHERE, found


def problems_of(folder: Path) -> Sequence[Problem[Source]]:
    try:
        load_all(folder, env={"SLACK_URL": "json://chat.example.com"})
    except ManifestError as error:
        return error.problems
    return ()
