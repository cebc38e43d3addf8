"""From nodes to plain values: YAML 1.2 scalars, `${variables}` and `{file: …}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from personalize_gitops.manifest.nodes import (
    TAG,
    MappingNode,
    ScalarNode,
    SequenceNode,
    file_of,
    names_a_file,
    pairs,
    place_of,
)
from personalize_gitops.model.diagnostics import Problem, did_you_mean

_VARIABLE = re.compile(r"\$?\$\{([^}]*)\}")


@dataclass
class Builder:
    """Builds values from nodes and collects what is wrong with them."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: Any) -> Any:
        """The plain value of a node."""
        match node:
            case ScalarNode():
                return self._scalar(node)
            case SequenceNode():
                return [self.value(item) for item in node.value]
            case MappingNode():
                if names_a_file(node):
                    return self._file(node.value[0][1])
                return {key.value: self.value(item) for key, item in pairs(node)}

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        match node.tag.removeprefix(TAG):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return _number(text, _integer)
            case "float":
                return _number(text, _real)
            case _:
                return self._filled(text, node) if "${" in text else text

    def _filled(self, text: str, node: Any, within: tuple[str, ...] = ()) -> Any:
        """Text with its variables filled in; a text that is one variable takes the variable's own type."""
        if whole := re.fullmatch(r"\$\{([^}]*)\}", text):
            return self._variable(whole[1], node, within)
        return _VARIABLE.sub(lambda found: self._inside(found, node, within), text)

    def _inside(self, found: re.Match[str], node: Any, within: tuple[str, ...]) -> str:
        return found[0][1:] if found[0].startswith("$$") else _as_text(self._variable(found[1], node, within))

    def _variable(self, name: str, node: Any, within: tuple[str, ...]) -> Any:
        if name.startswith("env:"):
            if name[4:] not in self.env:
                self._problem(node, f"the environment has no {name[4:]}")
            return self.env.get(name[4:], "")
        if name in within:
            self._problem(node, f"variable {name} is made from itself: {' → '.join((*within, name))}")
            return ""
        if name not in self.variables:
            self._problem(node, f"there is no variable {name}", did_you_mean(name, self.variables))
            return ""
        value = self.variables[name]
        return self._filled(value, node, (*within, name)) if isinstance(value, str) else value

    def _file(self, named: Any) -> str:
        """The text of a file, named relative to the manifest that names it."""
        path = Path(file_of(named)).parent / str(self.value(named))
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            self._problem(named, f"{path} cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self._problem(named, f"{path} cannot be read: it is not UTF-8")
        except ValueError:  # a null character
            self._problem(named, "this names no file")
        return ""

    def _problem(self, node: Any, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(place_of(node), self.subject, message, suggestion))


def _number(text: str, read: Callable[[str], float]) -> float | str:
    """The number a scalar is tagged as, or its text where the parser's idea of a number is wider than ours: `-_`."""
    try:
        return read(text)
    except ValueError:
        return text


def _integer(text: str) -> int:
    """A YAML 1.2 integer: `0o17` and `0x1F` have their base, `017` is seventeen."""
    plain = text.replace("_", "")
    try:
        return int(plain, 0)
    except ValueError:
        return int(plain, 10)


def _real(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
