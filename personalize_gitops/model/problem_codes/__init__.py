"""Every reason a problem can have, one vocabulary for each thing that is checked.

The values are unique over all vocabularies, so that a machine can compare them without knowing the vocabulary.
`render/problems.py` has the sentence of each member.
"""

from personalize_gitops.model.problem_codes.commands import AcceptCode, AskCode, ImportCode
from personalize_gitops.model.problem_codes.filters import FilterCode, Part
from personalize_gitops.model.problem_codes.manifests import FieldsCode, ManifestCode, Shape, ValueCode
from personalize_gitops.model.problem_codes.remedies import Remedy
from personalize_gitops.model.problem_codes.rules import (
    AttributionCode,
    DataCode,
    EndpointCode,
    JobCode,
    LintCode,
    SolutionCode,
    TargetCode,
)
from personalize_gitops.model.problem_codes.schemas import MigrationCode, SchemaCode

__all__ = [
    "AcceptCode",
    "AskCode",
    "AttributionCode",
    "DataCode",
    "EndpointCode",
    "FieldsCode",
    "FilterCode",
    "ImportCode",
    "JobCode",
    "LintCode",
    "ManifestCode",
    "MigrationCode",
    "Part",
    "Remedy",
    "SchemaCode",
    "Shape",
    "SolutionCode",
    "TargetCode",
    "ValueCode",
]
