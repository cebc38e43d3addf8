"""How problems name values and lists of words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from personalize_gitops.model.problem_codes import Shape
from personalize_gitops.model.reason import Code

_LONGEST_VALUE = 60  # characters of a value in a sentence


SHAPES: Mapping[Code, str] = {
    Shape.TEXT: "text",
    Shape.WHOLE_NUMBER: "a whole number",
    Shape.NUMBER: "a number",
    Shape.BOOLEAN: "true or false",
    Shape.LIST: "a list",
    Shape.MAPPING: "a mapping",
    Shape.NOTHING: "nothing",
    Shape.RECORD: "an Avro record",
    Shape.RECORD_NAME: "the name of the record",
    Shape.COLUMNS: "a list of fields",
    Shape.COLUMN: "a field with name and type",
    Shape.COLUMN_NAME: "the name of the field",
    Shape.COLUMN_TYPE: "a type or a list of types",
}


def either(words: Sequence[str]) -> str:
    """Return several words as `a, b or c`."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def both(words: Sequence[str]) -> str:
    """Return several words as `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def value_shown(value: object) -> str:
    """Return a value of a document in one line: text in quotes and shortened, a shape as words, else JSON."""
    if isinstance(value, Shape):
        return SHAPES[value]
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= _LONGEST_VALUE else f'{text[:_LONGEST_VALUE]}…"'
    return json.dumps(value)
