"""From tokens to the tree: recursive descent over the grammar of docs/service/3 §4.2.

Letter case of keywords, targets and datasets means nothing, because AWS's own samples vary. What the grammar can
express but the service refuses (a placeholder after NOT IN, OR after IF, …) is read and left to `checks`, which reports
all of it at once.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from personalize_gitops.filters.syntax import (
    Action,
    Clause,
    Condition,
    Connective,
    Dataset,
    DatasetField,
    Expression,
    FilterExpression,
    ItemField,
    Number,
    Operand,
    Operator,
    Parameter,
    Subject,
    Target,
    Text,
    UserField,
    Values,
)
from personalize_gitops.filters.tokens import Token, TokenKind, tokens

_ACTIONS = {action.value.casefold(): action for action in Action}
_TARGETS = {target.value.casefold(): target for target in Target}
_COMPARISONS = {operator.value: operator for operator in Operator if not operator.of_lists}
# The guide writes `Action.` once, surely for Actions (docs/service/3 §4.2).
_DATASETS = {dataset.value.casefold(): dataset for dataset in Dataset} | {"action": Dataset.ACTIONS}
_SUBJECTS = (*(dataset.value for dataset in Dataset), "CurrentUser")
_RESERVED = ("include", "exclude", "where", "and", "or", "if", "in", "not")
_Word = TypeVar("_Word")


class FilterSyntaxError(ValueError):
    """The text is no filter; `text[start:end]` is where reading stopped."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(f"column {start + 1}: {message}")
        self.message = message
        self.start = start
        self.end = end


def parse(text: str) -> FilterExpression:
    """The filter written as `text`.

    Raises:
        FilterSyntaxError: where the text stops being a filter, with what was expected there.
    """
    return _Parser(text).filter()


class _Parser:
    """One walk over the tokens; each method reads what it is named for."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._tokens = tuple(tokens(text))
        self._index = 0

    def filter(self) -> FilterExpression:
        expressions = [self._expression()]
        while self._accept("|"):
            expressions.append(self._expression())
        if self._next.kind is not TokenKind.END:
            raise self._nothing_after(expressions[-1])
        return FilterExpression(tuple(expressions), start=0, end=self._length)

    def _expression(self) -> Expression:
        start = self._next.start
        action = self._word(_ACTIONS, Action)
        target = self._word(_TARGETS, Target)
        self._keyword("WHERE")
        where = self._clause()
        only_if = self._clause() if self._accept("if") else None
        return Expression(action, target, where, only_if, start=start, end=self._end)

    def _clause(self) -> Clause:
        conditions, connectives = [self._condition()], []
        while connective := self._connective():
            connectives.append(connective)
            conditions.append(self._condition())
        return Clause(tuple(conditions), tuple(connectives), start=conditions[0].start, end=self._end)

    def _connective(self) -> Connective | None:
        if self._accept("and"):
            return Connective.AND
        return Connective.OR if self._accept("or") else None

    def _condition(self) -> Condition:
        subject = self._subject()
        operator = self._operator()
        operand = self._list_operand() if operator.of_lists else self._single_operand()
        return Condition(subject, operator, operand, start=subject.start, end=self._end)

    def _subject(self) -> Subject:
        token = self._next
        word = token.text.casefold()
        if word == "currentitem":
            return self._item_field()
        if word != "currentuser" and word not in _DATASETS:
            hint = "; conditions cannot be grouped by parentheses" if token.text == "(" else ""
            raise self._expected(_SUBJECTS, after=hint, show=f"a field of {', '.join(_SUBJECTS[:-1])} or CurrentUser")
        self._index += 1
        name = self._field_name()
        if word == "currentuser":
            return UserField(name, start=token.start, end=self._end)
        dataset = _DATASETS[word]
        alias = token.text if word != dataset.value.casefold() else None
        return DatasetField(dataset, name, alias, start=token.start, end=self._end)

    def _field_name(self) -> str:
        if not self._accept("."):
            raise self._expected(("'.'",), show="'.' and a field name")
        token = self._next
        if token.kind is not TokenKind.NAME or token.text.casefold() in _RESERVED:
            raise self._expected(("field name",))
        return self._take().text

    def _operator(self) -> Operator:
        if self._accept("in"):
            return Operator.IN
        if self._accept("not"):
            self._keyword("IN")
            return Operator.NOT_IN
        token = self._next
        if token.text not in _COMPARISONS:
            raise self._expected(("IN", "NOT IN"), show=f"IN or NOT IN or one of {' '.join(_COMPARISONS)}")
        self._index += 1
        return _COMPARISONS[token.text]

    def _list_operand(self) -> Operand:
        start = self._next.start
        if self._next.text.casefold() == "currentitem":
            return self._item_field()
        if not self._accept("("):
            raise self._expected(("'('", "CurrentItem"))
        members = [self._literal()]
        while not self._accept(")"):
            if not self._accept(","):
                raise self._expected(("','", "')'"))
            members.append(self._literal())
        return Values(tuple(members), start=start, end=self._end)

    def _single_operand(self) -> Operand:
        if self._next.text.casefold() == "currentitem":
            return self._item_field()
        if self._accept("("):
            # The guide writes `> ($VALUE)` for what elsewhere is `> $VALUE` (docs/service/3 §4.5).
            operand = self._literal()
            if not self._accept(")"):
                raise self._expected(("')'",))
            return operand
        return self._literal(or_item=True)

    def _item_field(self) -> ItemField:
        token = self._take()
        name = self._field_name()
        return ItemField(name, start=token.start, end=self._end)

    def _literal(self, *, or_item: bool = False) -> Text | Number | Parameter:
        token = self._next
        match token.kind:
            case TokenKind.TEXT:
                self._index += 1
                return Text(_unquoted(token), start=token.start, end=token.end)
            case TokenKind.NUMBER:
                self._index += 1
                return Number(_plain(token.text), start=token.start, end=token.end)
            case TokenKind.PARAMETER:
                self._index += 1
                return Parameter(token.text[1:], start=token.start, end=token.end)
            case TokenKind.SIGN if token.text == "*":
                # The guide shows the asterisk bare in its text, an older official example in quotes.
                self._index += 1
                return Text("*", start=token.start, end=token.end)
            case TokenKind.UNCLOSED:
                raise FilterSyntaxError("expected closing quote", token.start, token.end)
            case _:
                raise self._expected(('"value"', "number", "$PARAMETER", *(["CurrentItem.FIELD"] if or_item else [])))

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    @property
    def _end(self) -> int:
        """Where the token read last ends."""
        return self._tokens[self._index - 1].end

    def _take(self) -> Token:
        self._index += 1
        return self._tokens[self._index - 1]

    def _accept(self, text: str) -> bool:
        found = self._next.text.casefold() == text
        self._index += found
        return found

    def _keyword(self, keyword: str) -> None:
        if not self._accept(keyword.casefold()):
            raise self._expected((keyword,))

    def _word(self, words: Mapping[str, _Word], names: Iterable[str]) -> _Word:
        token = self._next
        if token.text.casefold() not in words:
            raise self._expected(tuple(names))
        self._index += 1
        return words[token.text.casefold()]

    def _expected(self, expected: tuple[str, ...], *, show: str = "", after: str = "") -> FilterSyntaxError:
        token = self._next
        message = f"expected {show or _or(expected)}, found {token.shown}{after}{_meant(token, expected)}"
        return FilterSyntaxError(message, token.start, token.end)

    def _nothing_after(self, expression: Expression) -> FilterSyntaxError:
        """Only certain words may follow a complete expression, among them IF where it has none yet."""
        once = "; IF stands once, at the end" if self._next.text.casefold() == "if" else ""
        joined = ("AND", "OR", "IF") if expression.only_if is None else ("AND",)
        return self._expected((*joined, "|", "end of expression"), after=once)


def _unquoted(token: Token) -> str:
    value = token.text[1:-1]
    if '"' in value or value.endswith("\\"):
        # How a quote inside a value is written is not documented; guessing would change what the filter means.
        raise FilterSyntaxError("a value cannot contain quotes: escaping is not documented", token.start, token.end)
    return value


def _plain(text: str) -> str:
    """A number without superfluous zeros: `007.50` is `7.5`, `-0` is `0`."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    number = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return number if number == "0" else sign + number


def _meant(token: Token, expected: Iterable[str]) -> str:
    if token.kind is TokenKind.UNKNOWN and token.text in "“”„‘’‚«»":
        return '; quotes are straight here: "value"'
    by_word = {word.casefold(): word for word in expected if word[0].isalpha()}
    close = get_close_matches(token.text.casefold(), by_word, n=1, cutoff=0.7) if token.kind is TokenKind.NAME else []
    return f"; did you mean {by_word[close[0]]}?" if close else ""


def _or(expected: Iterable[str]) -> str:
    return " or ".join(expected)
