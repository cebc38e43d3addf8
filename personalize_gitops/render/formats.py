"""The registry of formats: which function renders which report in which format.

A new format is one module with its functions and one row in `Format`; the command line options follow from the row. A
function takes a report and a style and returns text. Its module is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Self

from personalize_gitops.render.style import PLAIN, Style

if TYPE_CHECKING:
    from personalize_gitops.model.reports import Report


class Format(StrEnum):
    """The formats of reports. Each has its functions, as `module:function` of this package, by document."""

    functions: Mapping[str, str]

    def __new__(cls, name: str, functions: Mapping[str, str]) -> Self:
        """Attach the functions to the member."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.functions = functions
        return member

    TEXT = (
        "text",
        {
            "plan": "text:plan_report",
            "check": "text:checked",
            "apply": "events:summary",
            "drift": "drifts:drift",
            "accept": "accept:text",
            "import": "importing:text",
            "explain": "explain:text",
            "status": "status:text",
            "outputs": "outputs:text",
            "render": "documents:text",
            "recommend": "recommend:text",
            "metrics": "metrics:text",
            "validation": "validation:text",
            "conversion": "conversion:text",
        },
    )
    JSON = (
        "json",
        {
            "plan": "json:plan",
            "check": "json:checked",
            "apply": "json:applied",
            "drift": "json:drift",
            "accept": "accept:json",
            "import": "importing:json",
            "explain": "explain:json",
            "status": "json:status",
            "outputs": "outputs:json",
            "render": "documents:json",
            "recommend": "recommend:json",
            "metrics": "metrics:json",
            "validation": "json:validation",
            "conversion": "conversion:json",
        },
    )
    MD = (
        "md",
        {
            "plan": "md:plan",
            "check": "md:checked",
            "apply": "md:applied",
            "drift": "md:drift",
            "status": "md:status",
        },
    )
    HTML = ("html", {"plan": "html:plan", "apply": "html:applied", "drift": "html:drift", "status": "html:status_page"})
    GITHUB = (
        "github",
        {
            "plan": "github:plan",
            "apply": "github:applied",
            "drift": "github:drift",
            "validation": "github:validation",
        },
    )
    GITLAB = ("gitlab", {"plan": "gitlab:plan"})
    SARIF = ("sarif", {"validation": "sarif:validation"})
    JUNIT = ("junit", {"validation": "junit:validation"})
    ENV = ("env", {"outputs": "outputs:env"})
    MERMAID = ("mermaid", {"graph": "dependencies:mermaid"})
    DOT = ("dot", {"graph": "dependencies:dot"})
    NDJSON = ("ndjson", {"apply": "ndjson:applied"})


STREAMED = frozenset({Format.NDJSON})
"""Formats that are written line by line while a command works, and not again at its end."""


def formats_of(document: str) -> tuple[Format, ...]:
    """Return the formats that a document can be rendered in."""
    return tuple(format_ for format_ in Format if document in format_.functions)


def render_report(report: Report, format_: Format, style: Style = PLAIN) -> str:
    """Return a report in a format. The same report gives the same text."""
    module, _, function = format_.functions[report.document].partition(":")
    found: str = getattr(import_module(f"{__package__}.{module}"), function)(report, style)
    return found
