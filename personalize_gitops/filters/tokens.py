"""From text to tokens: one regular expression, which matches any text whatever."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class TokenKind(StrEnum):
    """What a token is."""

    TEXT = "text"
    NUMBER = "number"
    PARAMETER = "parameter"
    NAME = "name"
    SIGN = "sign"
    UNCLOSED = "unclosed"  # a quote without its partner, up to the end
    UNKNOWN = "unknown"  # a character that means nothing here
    END = "end"


class Token(NamedTuple):
    """A token and where it stands; a tuple, because there are many and a tuple is made fastest."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text goes on after it."""
        return self.start + len(self.text)

    @property
    def shown(self) -> str:
        """The token as messages show it."""
        return "end of expression" if self.kind is TokenKind.END else f"'{self.text}'"


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
    """The tokens of `text`, then END."""
    for match in _TOKEN.finditer(text):
        kind = _KINDS.get(match.lastgroup or "")  # space is of no kind
        if kind:
            yield Token(kind, match.group(), match.start())
    yield Token(TokenKind.END, "", len(text))
