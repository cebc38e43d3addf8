"""The types of columns: which text is a valid value."""

from collections.abc import Callable, Mapping


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


PARSERS: Mapping[str, Callable[[str], object]] = {
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": _boolean,
}
"""Functions that raise ValueError for invalid text, by Avro type. Any text is valid for the types that are not here."""


def is_valid(type_: str | None, text: str) -> bool:
    """Return whether a text is a value of an Avro type."""
    parse = PARSERS.get(type_ or "")
    if parse is None:
        return True
    if "_" in text:  # Python's int and float accept 1_000, the service does not
        return False
    try:
        parse(text)
    except ValueError:
        return False
    return True
