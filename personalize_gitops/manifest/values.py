"""From nodes to values: YAML 1.2 scalars, `${variables}` and `{file: …}`."""

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
    paths_to,
    place_of,
)
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

_VARIABLE = re.compile(r"\$?\$\{([^}]*)\}")
_WRITTEN = re.compile(r"\$\{[^}]*\}")


@dataclass
class Builder:
    """Builds values from nodes and collects their problems."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    problems: list[Problem[Source]] = field(default_factory=list)
    secret_variables: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the secrets in them, by name
    late: frozenset[int] = frozenset()  # ids of the nodes whose variables are filled in when they are used
    secrets: dict[int, frozenset[str]] = field(default_factory=dict)  # by id of the node that a value has them from
    unsaved: Mapping[Path, str] = field(default_factory=dict)  # contents of files that are not written yet

    def secrets_of(self, node: Any) -> dict[tuple[str | int, ...], frozenset[str]]:
        """Return the secrets that were filled into the values of a node, by path."""
        return dict(paths_to(node, self.secrets)) if self.secrets else {}

    def value(self, node: Any) -> Any:
        """Return the value of a node."""
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
        value = scalar(node)
        if not isinstance(value, str) or "${" not in value or id(node) in self.late:
            return value
        return self._known(self._filled(value, node), node)

    def _known(self, value: Any, node: Any) -> Any:
        """Return the value of a node; if a secret was filled in, the value is one too."""
        if id(node) in self.secrets:
            self.secrets[id(node)] |= {str(value)}
        return value

    def _filled(self, text: str, node: Any, within: tuple[str, ...] = ()) -> Any:
        """Return a text with its variables filled in; a text that is one variable has the type of its value."""
        if whole := re.fullmatch(r"\$\{([^}]*)\}", text):
            return self._variable(whole[1], node, within)
        return _VARIABLE.sub(lambda found: self._inside(found, node, within), text)

    def _inside(self, found: re.Match[str], node: Any, within: tuple[str, ...]) -> str:
        return found[0][1:] if found[0].startswith("$$") else _as_text(self._variable(found[1], node, within))

    def _variable(self, name: str, node: Any, within: tuple[str, ...]) -> Any:
        if name.startswith("env:"):
            if name[4:] not in self.env:
                self._problem(node, because(ManifestCode.UNSET_ENVIRONMENT_VARIABLE, name=Verbatim(name[4:])))
            value = self.env.get(name[4:], "")
            self._is_secret(node, frozenset({value}))
            return value
        if name in within:
            names = tuple(map(Verbatim, (*within, name)))
            self._problem(node, because(ManifestCode.VARIABLE_OF_ITSELF, names=names))
            return ""
        if name not in self.variables:
            reason = because(ManifestCode.UNKNOWN_VARIABLE, name=Verbatim(name))
            self._problem(node, reason, did_you_mean(name, self.variables))
            return ""
        value = self.variables[name]
        self._is_secret(node, self.secret_variables.get(name, frozenset()))
        return self._filled(value, node, (*within, name)) if isinstance(value, str) else value

    def _is_secret(self, node: Any, texts: frozenset[str]) -> None:
        if texts:
            self.secrets[id(node)] = self.secrets.get(id(node), frozenset()) | texts

    def _file(self, named: Any) -> str:
        """Return the text of a file, whose path is relative to the manifest that names it."""
        path = Path(file_of(named)).parent / str(self.value(named))
        if path in self.unsaved:
            return self.unsaved[path]
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            message = Verbatim(error.strerror)
            self._problem(named, because(ManifestCode.UNREADABLE_FILE, file=Verbatim(path), error=message))
        except UnicodeDecodeError:
            self._problem(named, because(ManifestCode.FILE_NOT_UTF8, file=Verbatim(path)))
        except ValueError:  # a null character
            self._problem(named, because(ManifestCode.INVALID_FILE_NAME))
        return ""

    def _problem(self, node: Any, reason: Reason, suggestion: Reason | None = None) -> None:
        self.problems.append(Problem(reason, place_of(node), suggestion=suggestion, subject=self.subject))


def scalar(node: Any) -> Any:
    """Return the value of a scalar node, with its variables as they are written."""
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
            return text


def has_variable(text: str) -> bool:
    """Return whether a variable is filled into a text."""
    return any(not found[0].startswith("$$") for found in _VARIABLE.finditer(text))


def literal(text: str) -> str:
    """Return how a text is written so that no part of it is taken for a variable."""
    return _WRITTEN.sub(lambda found: f"${found[0]}", text)


def _number(text: str, read: Callable[[str], float]) -> float | str:
    """Return the number of a scalar that is tagged as one, or its text where only the parser takes it for one: `-_`."""
    try:
        return read(text)
    except ValueError:
        return text


def _integer(text: str) -> int:
    """Return a YAML 1.2 integer: `0o17` and `0x1F` have their own base, `017` is seventeen."""
    plain = text.replace("_", "")
    try:
        return int(plain, 0)
    except ValueError:
        return int(plain, 10)


def _real(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
