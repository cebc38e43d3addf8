"""JSON for machines: every document fits its schema, the same value is the same text."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.acceptance import Written
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import Conversion, ConversionCode, Entry, Outcome, SourceFormat
from personalize_gitops.model.desired import Document
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.importing import Drafts, ImportedFile, LeftOut, ObjectDraft
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.plan import Choices
from personalize_gitops.model.problem import DataSummary, ValidationReport
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Path, Reason, ReasonCode, Source, Verbatim, because, service_message
from personalize_gitops.model.recommendations import Answer, Click, Measured, Question, Recommended
from personalize_gitops.model.reports import (
    AcceptReport,
    ApplyReport,
    CheckReport,
    ConversionReport,
    DriftReport,
    ExplainReport,
    ImportReport,
    MetricsReport,
    OutputsReport,
    PlanReport,
    RecommendReport,
    RenderReport,
    StatusReport,
)
from personalize_gitops.render import (
    accept,
    conversion,
    documents,
    explain,
    importing,
    metrics,
    ndjson,
    outputs,
    recommend,
)
from personalize_gitops.render import json as render
from tests.render.plans import EVERYTHING
from tests.render.test_text import CREATE, NOON, TRAIN
from tests.render.test_validation import FOUND
from tests.support.builders import live

SCHEMAS = {
    path.name.removesuffix(".json"): json.loads(path.read_text())
    for path in files("personalize_gitops").joinpath("schemas").iterdir()
}
CHANGED = (Reason(ReasonCode.CHANGED_IN_ACCOUNT),)
DRIFTED = (Drift(Address("Campaign", "home"), Finding.CHANGED, CHANGED, "arn:x", (FieldChange(("a",), 1, None),)),)
EVENTS: list[Event] = [
    Done(TRAIN, NOON, 3000, "arn:x"),
    Failed(CREATE, NOON, 5, service_message("no such role")),
    Skipped(CREATE, NOON, TRAIN),
    Left(CREATE, NOON, Cause.DETACHED, service_message("CREATE PENDING")),
    NotBegun(CREATE, NOON, Cause.DEADLINE),
]
BEFORE: list[Event] = [
    Begun(TRAIN, NOON, "id"),
    Begun(CREATE, NOON),
    Waiting(TRAIN, NOON, service_message("CREATE IN_PROGRESS"), 9),
]
CHOICES = Choices(
    adopt=True,
    forget=frozenset({Address("Filter", "old"), Address("Campaign", "old")}),
    rerun=frozenset({Address("SolutionVersion", "home")}),
    replace=frozenset({Address("Filter", "fresh")}),
    only=frozenset({Address("Filter", "fresh")}),
    exclude=frozenset({Address("Campaign", "home")}),
)
WRITTEN = (
    Written(Address("Campaign", "home"), Path(("spec", "minProvisionedTPS")), Source("a.yaml", 3), 1, 2),
    Written(Address("Campaign", "home"), Path(("tags", "team")), Source("a.yaml", 1), "x", ABSENT),
)
MOVES = because(ImportCode.MOVES_TO_NEWEST, member=Path(("solutionVersion",)))
DRAFT = ObjectDraft(
    Address("Campaign", "home"), live("Campaign/home"), {}, defaulted=(Path(("a", "b")),), notes=(MOVES,)
)
OTHERS = LeftOut(live("Filter/theirs"), (because(ImportCode.OWNED_BY_PROJECT, owner=Verbatim("other/prod")),))
FILE = ImportedFile("manifests/shop.yaml", (Address("Campaign", "home"),))
IMPORTED = ImportReport("p", "t", "123456789012", "us-east-1", Drafts((DRAFT,), (OTHERS,), 3), (FILE,))
AROUND = (*EVERYTHING.pending[:2],)
EXPLAINED = ExplainReport("p", "t", Explanation(EVERYTHING.pending[1], AROUND, AROUND, (Address("Campaign", "a"),)))
ASKED = Question("u", "i", ("a",), "genre", {"GENRE": ("x", "y")}, 1, (Click("watch", "a"), Click("buy", "b", 2)), "s")
ANSWER = Answer("RID-1", (Recommended("a", 0.5, {"TITLE": "A"}, ("Popular item",)), Recommended("b")))
NEW = Measured("arn:new", "new", "aws-sims", NOON, {"coverage": 0.5, "precision_at_5": 0.25})
OLD = Measured("arn:old", "old", "", NOON, {"coverage": 0.75})
RENDERED = Document(Address("Filter", "f"), KINDS["Filter"], "f", {"datasetGroup": "g"}, tags={"team": "a"})
OUTPUTS = (
    Output(Address("Campaign", "home"), "home", "arn:home", filters=(Address("Filter", "f"),)),
    Output(Address("EventTracker", "web"), "web", "arn:web", tracking_id="id"),
)
CONVERTED = Conversion(
    (Draft(Address("DatasetGroup", "g"), {}),),
    (
        Entry(Outcome.EXACT, "c.json", Path(("a", 1)), Address("Filter", "f"), Path(("spec",))),
        Entry(Outcome.DROPPED, "c.json", Path(), reason=Reason(ConversionCode.UNKNOWN_KEY)),
    ),
)
CHECKED = DataSummary(Address("Dataset", "events"), 3, (("View", 2), ("Click", 1)))
DOCUMENTS: dict[str, Callable[[], str]] = {
    "plan": lambda: render.plan(PlanReport(EVERYTHING, CHOICES, calls={"ListSolutions": 1})),
    "check": lambda: render.checked(CheckReport("plan.json", moved=(Reason(ReasonCode.MANIFESTS_DIFFER),))),
    "events": lambda: ndjson.applied(ApplyReport(EVERYTHING, (*BEFORE, *EVENTS), 12.3456, True, NOON)),
    "apply": lambda: render.applied(ApplyReport(EVERYTHING, tuple(EVENTS), 12.3456, True)),
    "drift": lambda: render.drift(DriftReport(EVERYTHING, DRIFTED)),
    "accept": lambda: accept.json(AcceptReport(EVERYTHING, WRITTEN)),
    "import": lambda: importing.json(IMPORTED),
    "explain": lambda: explain.json(EXPLAINED),
    "problems": lambda: render.validation(ValidationReport(FOUND, data=(CHECKED,))),
    "status": lambda: render.status(StatusReport(EVERYTHING, NOON)),
    "error": lambda: render.error_document("CredentialsError", "no AWS credentials", 4),
    "outputs": lambda: outputs.json(OutputsReport("p", "t", OUTPUTS)),
    "render": lambda: documents.json(RenderReport("p", "t", (RENDERED,))),
    "recommend": lambda: recommend.json(RecommendReport("p", "t", Address("Campaign", "home"), "arn:x", ASKED, ANSWER)),
    "conversion": lambda: conversion.json(
        ConversionReport(SourceFormat.MPE, "manifests", ("manifests/a.yaml",), CONVERTED)
    ),
    "metrics": lambda: metrics.json(MetricsReport("p", "t", Address("Campaign", "home"), NEW, OLD)),
}


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every schema of an object within a schema."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    return [*own, *(found for value in inner for found in objects(value))]


def test_there_is_a_schema_for_each_document() -> None:
    """None is missing, none is left over."""
    assert SCHEMAS.keys() == DOCUMENTS.keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_its_schema(name: str) -> None:
    """Everything that can be in a document is in its schema."""
    text = DOCUMENTS[name]()
    validator = jsonschema.Draft202012Validator(SCHEMAS[name])
    for document in text.splitlines() if name == "events" else [text]:
        assert [error.message for error in validator.iter_errors(json.loads(document))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_strict_and_says_what_each_member_is(name: str) -> None:
    """Nothing unknown, nothing optional, nothing undescribed."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    # The parameters of a reason depend on its code, so that object alone is open.
    for found in (found for found in objects(SCHEMAS[name]) if "properties" in found):
        assert found["additionalProperties"] is False
        assert found["required"] == list(found["properties"])
        assert all("description" in member or "const" in member for member in found["properties"].values()), found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_value_is_the_same_text(name: str) -> None:
    """Same input, same bytes, one line feed at the end."""
    text = DOCUMENTS[name]()

    assert text == DOCUMENTS[name]()
    assert text.endswith("}\n")


def test_unknown_and_absent_values() -> None:
    """What exists only after apply names the resource; what is not there is null."""
    changes = {change["address"]: change for change in json.loads(DOCUMENTS["plan"]())["changes"]}

    assert changes["Campaign/home"]["fields"][0]["after"] == {"unknown": "SolutionVersion/s"}
    assert changes["Filter/f"]["fields"][0]["after"] is None
    assert changes["Solution/s"]["actions"] == ["create", "delete"]
    assert changes["Campaign/a"]["source"] == {"file": "manifests/a.yaml", "line": 3}


def test_a_change_tells_its_class_and_notes() -> None:
    """How members change, and the lines to read before deciding, are there for machines as well."""
    told = {change["address"]: change for change in json.loads(DOCUMENTS["plan"]())["changes"]}

    assert told["Campaign/home"]["class"] == "in place, slow or costly"
    assert told["Filter/f"]["class"] == "recreate"
    assert told["Solution/s"]["class"] == "successor"
    assert told["Campaign/a"]["class"] is None
    assert told["EventTracker/t"]["notes"] == ["A way out:", "  1. ask them"]
