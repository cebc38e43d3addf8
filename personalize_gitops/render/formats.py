"""The registry of formats: which function renders which report in which format.

A new format is one module with its functions, and one row here for each report it can render; the command line options
follow from the rows. A function takes a report and a style and returns text. Its module is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from personalize_gitops.render.style import PLAIN, Style

if TYPE_CHECKING:
    from personalize_gitops.model.reports import Report


class Format(StrEnum):
    """The formats of reports."""

    TEXT = "text"
    JSON = "json"


_FORMATS: Mapping[tuple[str, Format], str] = {
    ("plan", Format.TEXT): "text:plan_report",
    ("plan", Format.JSON): "json:plan",
    ("apply", Format.TEXT): "events:summary",
    ("apply", Format.JSON): "json:applied",
    ("drift", Format.TEXT): "text:drift",
    ("drift", Format.JSON): "json:drift",
    ("status", Format.TEXT): "status:text",
    ("status", Format.JSON): "json:status",
    ("validation", Format.TEXT): "text:validation",
    ("validation", Format.JSON): "json:validation",
}
"""`module:function` in this package, by document and format."""


def formats_of(document: str) -> tuple[Format, ...]:
    """Return the formats that a document can be rendered in."""
    return tuple(format_ for of, format_ in _FORMATS if of == document)


def render_report(report: Report, format_: Format, style: Style = PLAIN) -> str:
    """Return a report in a format. The same report gives the same text."""
    module, _, function = _FORMATS[report.document, format_].partition(":")
    found: str = getattr(import_module(f"{__package__}.{module}"), function)(report, style)
    return found
