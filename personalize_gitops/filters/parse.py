"""From tokens to the tree: recursive descent over the grammar of docs/service/3 §4.2.

Keywords, targets and datasets are parsed in any case, because AWS's own samples vary. What the grammar allows but the
service refuses (a parameter after NOT IN, OR after IF, …) is parsed too, so that `checks` can report all of it at once.
"""

from collections.abc import Mapping
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
from personalize_gitops.model.problem import Problem, Span, did_you_mean
from personalize_gitops.model.problem_codes import FilterCode, Part, Remedy
from personalize_gitops.model.reason import Reason, Verbatim, because

_ACTIONS = {action.value.casefold(): action for action in Action}
_TARGETS = {target.value.casefold(): target for target in Target}
_COMPARISONS = {operator.value: operator for operator in Operator if not operator.of_lists}
# The guide writes `Action.` once, which must mean Actions (docs/service/3 §4.2).
_DATASETS = {dataset.value.casefold(): dataset for dataset in Dataset} | {"action": Dataset.ACTIONS}
_SUBJECTS = (*(dataset.value for dataset in Dataset), "CurrentUser")
_RESERVED = ("include", "exclude", "where", "and", "or", "if", "in", "not")
_Word = TypeVar("_Word")
_Expected = Part | str  # a part of an expression, or a word of the language
_SIMILAR = 0.7  # least similarity of a word to an expected word that is suggested


class FilterSyntaxError(ValueError):
    """The text cannot be parsed. Carries the problem, at the characters where parsing stopped."""

    def __init__(self, problem: Problem[Span]) -> None:
        super().__init__(f"{problem.reason.code.about} ({problem.place})")
        self.problem = problem


def parse(text: str) -> FilterExpression:
    """Parse a filter expression.

    Raises:
        FilterSyntaxError: with the place where parsing stopped and what is expected there.
    """
    return _Parser(text).filter()


class _Parser:
    """One pass over the tokens; each method parses the part that it is named for."""

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
        action = self._word(_ACTIONS, tuple(Action))
        target = self._word(_TARGETS, tuple(Target))
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
            hint = because(Remedy.NO_PARENTHESES) if token.text == "(" else None
            raise self._unexpected(Part.DATASET_FIELD, hint=hint, similar=_SUBJECTS)
        self._index += 1
        name = self._field_name()
        if word == "currentuser":
            return UserField(name, start=token.start, end=self._end)
        dataset = _DATASETS[word]
        alias = token.text if word != dataset.value.casefold() else None
        return DatasetField(dataset, name, alias, start=token.start, end=self._end)

    def _field_name(self) -> str:
        if not self._accept("."):
            raise self._unexpected(Part.DOT)
        token = self._next
        is_word = token.text.casefold() in _RESERVED and token.start > self._end  # `Items.Exclude` has such a name
        if token.kind is not TokenKind.NAME or is_word:
            raise self._unexpected(Part.FIELD_NAME)
        return self._take().text

    def _operator(self) -> Operator:
        if self._accept("in"):
            return Operator.IN
        if self._accept("not"):
            self._keyword("IN")
            return Operator.NOT_IN
        token = self._next
        if token.text not in _COMPARISONS:
            raise self._unexpected("IN", "NOT IN", Part.COMPARISON)
        self._index += 1
        return _COMPARISONS[token.text]

    def _list_operand(self) -> Operand:
        start = self._next.start
        if self._next.text.casefold() == "currentitem":
            return self._item_field()
        if not self._accept("("):
            raise self._unexpected("(", "CurrentItem")
        members = [self._literal()]
        while not self._accept(")"):
            if not self._accept(","):
                raise self._unexpected(",", ")")
            members.append(self._literal())
        return Values(tuple(members), start=start, end=self._end)

    def _single_operand(self) -> Operand:
        if self._next.text.casefold() == "currentitem":
            return self._item_field()
        if self._accept("("):
            # The guide writes both `> ($VALUE)` and `> $VALUE` (docs/service/3 §4.5).
            operand = self._literal()
            if not self._accept(")"):
                raise self._unexpected(")")
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
                # The guide shows the asterisk without quotes, an older official example with quotes.
                self._index += 1
                return Text("*", start=token.start, end=token.end)
            case TokenKind.UNCLOSED:
                raise FilterSyntaxError(Problem(because(FilterCode.UNCLOSED_QUOTE), token.span))
            case _:
                parts = (Part.QUOTED_VALUE, Part.PLAIN_NUMBER, Part.PARAMETER)
                raise self._unexpected(*parts, *([Part.ITEM_FIELD] if or_item else []))

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    @property
    def _end(self) -> int:
        """The end of the last token that was taken."""
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
            raise self._unexpected(keyword)

    def _word(self, words: Mapping[str, _Word], names: tuple[str, ...]) -> _Word:
        token = self._next
        if token.text.casefold() not in words:
            raise self._unexpected(*names)
        self._index += 1
        return words[token.text.casefold()]

    def _unexpected(
        self, *expected: _Expected, hint: Reason | None = None, similar: tuple[str, ...] = ()
    ) -> FilterSyntaxError:
        """Return the error at the next token. `similar` are the words to suggest, if not the expected ones."""
        token = self._next
        reason = because(
            FilterCode.UNEXPECTED,
            expected=tuple(each if isinstance(each, Part) else Verbatim(each) for each in expected),
            found=Part.END if token.kind is TokenKind.END else Verbatim(token.text),
        )
        words = similar or tuple(each for each in expected if not isinstance(each, Part) and each[0].isalpha())
        return FilterSyntaxError(Problem(reason, token.span, suggestion=hint or _remedy(token, words)))

    def _nothing_after(self, expression: Expression) -> FilterSyntaxError:
        """Return the error after a complete expression, with the words that can follow. IF can follow only once."""
        hint = because(Remedy.IF_AT_THE_END) if self._next.text.casefold() == "if" else None
        joined = ("AND", "OR", "IF") if expression.only_if is None else ("AND",)
        return self._unexpected(*joined, "|", Part.END, hint=hint)


def _remedy(token: Token, words: tuple[str, ...]) -> Reason | None:
    """Return the remedy for a token: straight quotes for typographic ones, or the nearest word; None if none."""
    if token.kind is TokenKind.UNKNOWN and token.text in "“”„‘’‚«»":
        return because(Remedy.STRAIGHT_QUOTES)
    return did_you_mean(token.text, words, _SIMILAR) if token.kind is TokenKind.NAME else None


def _unquoted(token: Token) -> str:
    value = token.text[1:-1]
    if '"' in value or value.endswith("\\"):
        # How to escape a quote in a value is not documented; a guess could change the meaning of the filter.
        raise FilterSyntaxError(Problem(because(FilterCode.QUOTE_IN_VALUE), token.span))
    return value


def _plain(text: str) -> str:
    """Return a number without superfluous zeros: `7.5` for `007.50`, `0` for `-0`."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    number = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return number if number == "0" else sign + number
