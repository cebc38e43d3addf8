"""Expressions of GitHub's workflows, `${{ … }}`: the part of the language that the workflows use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||==|!=|[!().,]))")
_TEMPLATE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

Functions = Mapping[str, Callable[..., Any]]


class Expressions:
    """Evaluates with contexts, such as `github` and `inputs`, and with the functions that tell the status of a job."""

    def __init__(self, contexts: Mapping[str, Any], status: Functions | None = None) -> None:
        self._contexts = contexts
        self._functions: Functions = {"fromJSON": json.loads, "toJSON": json.dumps, **(status or {})}

    def filled(self, template: Any) -> Any:
        """Return a template with its expressions replaced; one that is nothing but an expression keeps its type."""
        if not isinstance(template, str):
            return template
        if whole := re.fullmatch(r"\s*\$\{\{(((?!\}\}).)*)\}\}\s*", template, re.DOTALL):
            return self.value(whole[1])
        return _TEMPLATE.sub(lambda found: text(self.value(found[1])), template)

    def holds(self, condition: str) -> bool:
        """Return whether a condition of a job or step holds; without a function of the status it needs success."""
        inside = condition.strip().removeprefix("${{").removesuffix("}}")
        value = self.value(inside)
        if not re.search(r"\b(success|failure|cancelled|always)\(", inside):
            return bool(self._functions["success"]() and value)
        return bool(value)

    def value(self, expression: str) -> Any:
        """Return the value of an expression."""
        parser = _Parser(expression, self._contexts, self._functions)
        found = parser.either()
        assert parser.token is None, expression
        return found


def text(value: Any) -> str:
    """Return how a value is written into a string."""
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool | dict | list) else str(value)


class _Parser:
    def __init__(self, source: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._source, self._contexts, self._functions = source.strip(), contexts, functions
        self._at = 0
        self.token: tuple[str, str] | None = None
        self._next()

    def _next(self) -> None:
        if self._at == len(self._source):
            self.token = None
            return
        found = _TOKEN.match(self._source, self._at)
        assert found is not None, self._source[self._at :]
        self._at = found.end()
        self.token = next((kind, value) for kind, value in found.groupdict().items() if value is not None)

    def _took(self, sign: str) -> bool:
        if self.token == ("sign", sign):
            self._next()
            return True
        return False

    def either(self) -> Any:
        value = self.both()
        while self._took("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._took("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.single()
        if self._took("=="):
            return _equal(value, self.single())
        if self._took("!="):
            return not _equal(value, self.single())
        return value

    def single(self) -> Any:
        if self._took("!"):
            return not self.single()
        if self._took("("):
            value = self.either()
            assert self._took(")")
            return value
        assert self.token is not None
        kind, word = self.token
        self._next()
        if kind == "text":
            return word[1:-1].replace("''", "'")
        return self._call(word) if self._took("(") else self._named(word)

    def _call(self, name: str) -> Any:
        arguments = []
        while not self._took(")"):
            arguments.append(self.either())
            self._took(",")
        return self._functions[name](*arguments)

    def _named(self, word: str) -> Any:
        if word in ("true", "false"):
            return word == "true"
        assert word in self._contexts, f"no context {word} here: {self._source}"
        value = self._contexts[word]
        while self._took("."):
            assert self.token is not None
            value = value.get(self.token[1]) if isinstance(value, Mapping) else None
            self._next()
        return value


def _equal(left: Any, right: Any) -> bool:
    return text(left).casefold() == text(right).casefold()
