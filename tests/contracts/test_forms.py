"""Each pattern of a field has a form that is explained, and the example in the explanation has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.baseline import Baseline
from personalize_gitops.manifest.documents import Envelope
from personalize_gitops.manifest.project import Project
from personalize_gitops.model.forms import FORMS, Form
from personalize_gitops.model.structure import Structure
from personalize_gitops.render.forms import FORMS as SENTENCES
from personalize_gitops.span import SPAN


def patterns(schema: Any) -> Iterator[str]:
    """Every pattern within a JSON schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for inner in schema.values():
            yield from patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from patterns(inner)


@pytest.mark.parametrize("structure", [*KINDS.values(), Project, Envelope, Baseline])
def test_every_pattern_is_a_form(structure: type[Structure]) -> None:
    """No message has to show a pattern. Durations have a sentence of their own."""
    assert set(patterns(structure.model_json_schema())) <= {*FORMS, SPAN}


@pytest.mark.parametrize("form", Form)
def test_the_example_of_a_form_has_it(form: Form) -> None:
    """What follows "such as" can be copied."""
    example = SENTENCES[form].partition("such as ")[2].split(", ")[0].strip('"')

    assert re.fullmatch(form.pattern, example)
