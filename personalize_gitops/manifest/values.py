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
from personalize_gitops.manifest.reading import MOST_INSERTED, NO_ROOTS, Roots, Unfit, content_of
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode, Remedy
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.secrets import NO_SECRETS, Secrets, secrets_of

_BEGIN = "${"
_VARIABLE = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")  # `$${` is not a variable
_MOST_FILLED = 20_000  # characters that variables may fill into one value: the longest text of the service
_MOST_IN_ALL = 50_000_000  # characters that variables and files may fill into the values of all manifests
_DEEPEST = 50  # variables, each in the value of the one before
_FILLING = 10  # characters that a variable counts for, even if it is empty


class _TooLong(Exception):
    """Variables fill too much into a value."""


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
    texts: dict[int, frozenset[str]] = field(default_factory=dict)  # of files, by id of the node that they replace
    files: dict[int, Path] = field(default_factory=dict)  # by id of the node that they replace
    roots: Roots = NO_ROOTS  # of the files that values may come from
    _filled_here: int = 0  # characters that were filled into the value at hand
    _filled_in_all: int = 0

    def secrets_of(self, node: Any) -> dict[tuple[str | int, ...], frozenset[str]]:
        """Return the secrets that were filled into the values of a node, by path."""
        return dict(paths_to(node, self.secrets)) if self.secrets else {}

    def forget(self) -> None:
        """Forget the secrets and the texts of files of the document before."""
        self.secrets.clear()
        self.texts.clear()
        self.files.clear()

    def unechoed(self, node: Any) -> Secrets:
        """Return the texts of files that were filled into a document: its problems do not repeat them."""
        return secrets_of(dict(paths_to(node, self.texts)), self.texts.values()) if self.texts else NO_SECRETS

    def value(self, node: Any) -> Any:
        """Return the value of a node."""
        match node:
            case ScalarNode():
                return self._scalar(node)
            case SequenceNode():
                return [self.value(item) for item in node.value]
            case MappingNode():
                if names_a_file(node):
                    text = self._file(node)
                    self.texts[id(node)] = frozenset({text})
                    return text
                return {key.value: self.value(item) for key, item in pairs(node)}

    def _scalar(self, node: Any) -> Any:
        value = scalar(node)
        if not isinstance(value, str) or _BEGIN not in value or id(node) in self.late:
            return value
        self._filled_here = 0
        try:
            return self._known(self._filled(value, node), node)
        except _TooLong:
            self._problem(node, because(ManifestCode.VARIABLES_TOO_LONG, most=_MOST_FILLED))
            return ""

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
        if found[1] is None:
            return _BEGIN
        if not found[2]:
            self._problem(node, Reason(ManifestCode.UNTERMINATED_VARIABLE))
            return ""
        return _as_text(self._variable(found[1], node, within))

    def _variable(self, name: str, node: Any, within: tuple[str, ...]) -> Any:
        if name.startswith("env:"):
            return self._of_environment(name[4:], node)
        if len(within) > _DEEPEST:
            raise _TooLong
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
        self._count(_as_text(value))
        return self._filled(value, node, (*within, name)) if isinstance(value, str) else value

    def _of_environment(self, name: str, node: Any) -> str:
        if name not in self.env:
            self._problem(node, because(ManifestCode.UNSET_ENVIRONMENT_VARIABLE, name=Verbatim(name)))
        value = self.env.get(name, "")
        self._is_secret(node, frozenset({value}))
        self._count(value)
        return value

    def _count(self, text: str) -> None:
        """Count what is filled in. Raises _TooLong if it is too much: variables that repeat others grow fast."""
        self._filled_here += len(text) + _FILLING
        self._filled_in_all += len(text) + _FILLING
        if self._filled_here > _MOST_FILLED or self._filled_in_all > _MOST_IN_ALL:
            raise _TooLong

    def _is_secret(self, node: Any, texts: frozenset[str]) -> None:
        if texts:
            self.secrets[id(node)] = self.secrets.get(id(node), frozenset()) | texts

    def _file(self, node: Any) -> str:
        """Return the text of a file, whose path is relative to the manifest that names it."""
        named = node.value[0][1]
        path = self.files[id(node)] = Path(file_of(named)).parent / str(self.value(named))
        if path in self.unsaved:
            return self.unsaved[path]
        try:
            if self.roots.hold(path):
                return self._text(path, named)
            reason = because(ManifestCode.FILE_OUTSIDE, file=Verbatim(path))
            self._problem(named, reason, Reason(Remedy.ADD_FILE_ROOT))
        except OSError as error:
            message = Verbatim(error.strerror)
            self._problem(named, because(ManifestCode.UNREADABLE_FILE, file=Verbatim(path), error=message))
        except UnicodeDecodeError:
            self._problem(named, because(ManifestCode.FILE_NOT_UTF8, file=Verbatim(path)))
        except Unfit as error:
            self._problem(named, error.reason)
        except ValueError:  # a null character
            self._problem(named, because(ManifestCode.INVALID_FILE_NAME))
        return ""

    def _text(self, path: Path, named: Any) -> str:
        text = content_of(path, MOST_INSERTED).decode()
        self._filled_in_all += len(text)
        if self._filled_in_all > _MOST_IN_ALL:
            self._problem(named, because(ManifestCode.TOO_MUCH_TEXT, most=_MOST_IN_ALL))
        return text

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
    return any(found[1] is not None for found in _VARIABLE.finditer(text))


def literal(text: str) -> str:
    """Return how a text is written so that no part of it is taken for a variable."""
    return text.replace(_BEGIN, f"${_BEGIN}")


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
