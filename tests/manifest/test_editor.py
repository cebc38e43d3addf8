"""The JSON Schema in yaml-language-server, which the YAML extensions of editors use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.manifest.json_schema import json_schema
from tests.support.npm import installed

MODELINE = "# yaml-language-server: $schema=manifests.schema.json\n"
SETTINGS = {"yaml": {"validate": True, "completion": True, "hover": True}}


@dataclass
class Server:
    """A language server that is asked about documents in one folder."""

    process: subprocess.Popen[bytes]
    folder: Path
    asked: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)  # the messages of the problems, by document

    def send(self, method: str, params: Any, **more: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def ask(self, method: str, params: Any) -> Any:
        """Return the result of a request."""
        self.asked += 1
        self.send(method, params, id=self.asked)
        return next(message["result"] for message in self._messages() if message.get("id") == self.asked)

    def open(self, text: str) -> str:
        """Open a document with the modeline, and return its address."""
        uri = (self.folder / f"{self.asked}-{len(self.found)}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": MODELINE + text}
        self.send("textDocument/didOpen", {"textDocument": document})
        return uri

    def problems(self, text: str) -> list[str]:
        """Return the messages of the problems in a document."""
        uri = self.open(text)
        next(None for _ in self._messages() if uri in self.found)
        return self.found[uri]

    def completions(self, text: str) -> set[str]:
        """Return what can be written at the end of a document."""
        return {item["label"] for item in self._at_end("completion", text)["items"]}

    def hover(self, text: str) -> str:
        """Return what is shown about the last field of a document."""
        shown: str = self._at_end("hover", f"{text}: true", 7)["contents"]["value"]
        return shown

    def _at_end(self, method: str, text: str, before: int = 0) -> Any:
        uri, lines = self.open(text), (MODELINE + text).split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1]) - before}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position})

    def _write(self, message: Any) -> None:
        assert self.process.stdin
        content = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def _messages(self) -> Iterator[Any]:
        """Yield what the server says, and answer what it asks."""
        assert self.process.stdout
        while line := self.process.stdout.readline():
            size = int(line.partition(b":")[2])
            while self.process.stdout.readline().strip():
                pass
            message = json.loads(self.process.stdout.read(size))
            method = message.get("method")
            if method == "workspace/configuration":
                result = [SETTINGS.get(item.get("section"), {}) for item in message["params"]["items"]]
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": result})
            elif method and "id" in message:
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})
            elif method == "textDocument/publishDiagnostics":
                found = message["params"]
                self.found[found["uri"]] = [problem["message"] for problem in found["diagnostics"]]
            yield message


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    packages = installed(Path(__file__).parents[1] / "support" / "tools")
    folder = tmp_path_factory.mktemp("editor")
    (folder / "manifests.schema.json").write_text(json_schema())
    program = packages / "yaml-language-server" / "bin" / "yaml-language-server"
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", program, "--stdio"], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        server = Server(process, folder)
        server.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        server.send("initialized", {})
        server.send("workspace/didChangeConfiguration", {"settings": SETTINGS})
        yield server
        process.kill()


SOLUTION = "kind: Solution\nname: for-you\nspec:\n"


def test_kinds_are_completed(server: Server) -> None:
    """Every kind, and the project."""
    assert {"Project", "Solution", "BatchSegmentJob"} <= server.completions("kind: ")


def test_members_are_completed(server: Server) -> None:
    """Those of the kind and no others."""
    found = server.completions(f"{SOLUTION}  ")

    assert {"datasetGroup", "recipe", "solutionConfig"} <= found
    assert "minProvisionedTPS" not in found


def test_recipes_are_completed(server: Server) -> None:
    """Those for solutions in a solution, and use cases in a recommender; none that is no longer available."""
    solution = server.completions(f"{SOLUTION}  recipe: ")
    recommender = server.completions("kind: Recommender\nname: home\nspec:\n  recipe: ")

    assert "aws-user-personalization-v2" in solution
    assert "aws-ecomm-popular-items-by-views" in recommender - solution
    assert "aws-hrnn" not in solution


def test_references_are_completed_in_their_forms(server: Server) -> None:
    """With the kind that the member refers to."""
    assert "DatasetGroup/NAME" in server.completions(f"{SOLUTION}  datasetGroup: ")


def test_a_member_is_explained(server: Server) -> None:
    """What the service says about it."""
    assert "training" in server.hover(f"{SOLUTION}  performAutoTraining")


def test_a_mistake_is_marked(server: Server) -> None:
    """A member that does not exist, and nothing in a document without mistakes."""
    valid = f"{SOLUTION}  datasetGroup: shop\n  recipe: aws-similar-items\n"

    assert server.problems(valid) == []
    assert server.problems(f"{valid}  performAutoTrainin: false\n") == ["Property performAutoTrainin is not allowed."]
