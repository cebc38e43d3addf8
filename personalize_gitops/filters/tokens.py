"""From text to tokens: one regular expression that matches any text."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from personalize_gitops.model.problem import Span


class TokenKind(StrEnum):
    """The kind of a token."""

    TEXT = "text"
    NUMBER = "number"
    PARAMETER = "parameter"
    NAME = "name"
    SIGN = "sign"
    UNCLOSED = "unclosed"  # a quote without a closing one, to the end of the text
    UNKNOWN = "unknown"  # a character that the language does not have
    END = "end"


class Token(NamedTuple):
    """A token and its position; a tuple, because there are many and tuples are the fastest to make."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The position after its last character."""
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        """The characters of the token."""
        return Span(self.start, self.end)


_TOKEN = re.compile(
    r"""
    (?P<space>     [ \t\r\n]+ )
  | (?P<text>      "[^"]*" | '[^']*' )
  | (?P<number>    -?[0-9]+(?:\.[0-9]+)? )
  | (?P<parameter> \$[A-Za-z0-9_]+ )
  | (?P<name>      [A-Za-z_][A-Za-z0-9_]* )
  | (?P<sign>      <= | >= | != | [<>=(),.|*] )
  | (?P<unclosed>  ["'] .* )
  | (?P<unknown>   . )
    """,
    re.VERBOSE | re.DOTALL,
)


_KINDS = {kind.value: kind for kind in TokenKind}


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, then END."""
    for match in _TOKEN.finditer(text):
        kind = _KINDS.get(match.lastgroup or "")  # white space has no kind
        if kind:
            yield Token(kind, match.group(), match.start())
    yield Token(TokenKind.END, "", len(text))
