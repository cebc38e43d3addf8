"""Random manifests of one dataset group, as `validate` and the emulator judge them.

The strategy of a family of kinds is a function from the dataset group to drafts; `tests/lifecycle/test_agreement.py`
lists them. A draft is a document: references in it are names of earlier drafts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import strategies as st
from pydantic import ValidationError

from personalize_gitops.errors import ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.checks import Check
from personalize_gitops.model.members import members
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Source
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.wire import to_wire
from personalize_gitops.render.reasons import message

PROJECT = {"kind": "Project", "name": "shop", "spec": {"targets": {"local": {"emulator": {}}}}}
NAMESPACE = {"namespace": "com.amazonaws.personalize.schema", "version": "1.0", "type": "record"}
_BUCKET = "shop"


@dataclass(frozen=True)
class Draft:
    """One document."""

    kind: str
    name: str
    spec: Mapping[str, Any]

    @property
    def document(self) -> Mapping[str, Any]:
        """The document as a manifest has it."""
        return {"kind": self.kind, "name": self.name, "spec": self.spec}


@dataclass(frozen=True)
class Group:
    """A dataset group, named `g`, with its schemas and datasets."""

    domain: str | None
    columns: Mapping[str, Sequence[str]]  # by dataset type

    @property
    def drafts(self) -> Iterable[Draft]:
        """The documents of the group, its schemas and its datasets."""
        domain = {"domain": self.domain} if self.domain else {}
        yield Draft("DatasetGroup", "g", domain)
        for type_, columns in self.columns.items():
            schema = {**NAMESPACE, "name": type_.replace("_", ""), "fields": [COLUMNS[name] for name in columns]}
            yield Draft("Schema", type_, {"schema": schema, **domain})
            yield Draft("Dataset", type_, {"datasetGroup": "g", "datasetType": type_, "schema": type_})


def data_of(dataset: str) -> str:
    """Return where the service finds a row of a dataset that it accepts."""
    return f"s3://{_BUCKET}/{dataset}.csv"


def _column(name: str, type_: Any, **flags: bool) -> tuple[str, dict[str, Any]]:
    return name, {"name": name, "type": type_, **flags}


COLUMNS = dict(
    (
        _column("USER_ID", "string"),
        _column("ITEM_ID", "string"),
        _column("ACTION_ID", "string"),
        _column("TIMESTAMP", "long"),
        _column("CREATION_TIMESTAMP", "long"),
        _column("EVENT_TYPE", "string"),
        _column("EVENT_VALUE", ["null", "float"]),
        _column("DEVICE", "string", categorical=True),
        _column("GENRES", ["null", "string"], categorical=True),
        _column("PRICE", "float"),
        _column("RATING", ["null", "float"]),
        _column("PLOT", "string", textual=True),
        _column("TITLE", "string", itemName=True),
        _column("AGE", "int"),
        _column("MEMBERSHIP", "string", categorical=True),
        _column("COST", "float"),
    )
)
"""Columns that schemas choose from, by name."""

COLUMNS_OF = {
    "Interactions": (("USER_ID", "ITEM_ID", "TIMESTAMP"), ("EVENT_TYPE", "EVENT_VALUE", "DEVICE")),
    "Items": (("ITEM_ID", "TITLE"), ("GENRES", "PRICE", "RATING", "PLOT")),
    "Users": (("USER_ID",), ("AGE", "MEMBERSHIP")),
    "Actions": (("ACTION_ID",), ("COST", "MEMBERSHIP")),
    "Action_Interactions": (("USER_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE"), ("DEVICE",)),
}
"""By dataset type: the columns that it always has, and those that it may have."""

_PLAIN = ("Interactions", "Users")
"""The dataset types whose columns are nearly the same in domain groups."""

_ALWAYS_IN_DOMAINS = {"Interactions": ("EVENT_TYPE",)}


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """Return dataset groups, most of them custom and with interactions and items, with schemas that are right."""
    domain = draw(st.sampled_from([None, None, None, None, "ECOMMERCE", "VIDEO_ON_DEMAND"]))
    columns: dict[str, Sequence[str]] = {}
    for type_, (always, maybe) in COLUMNS_OF.items():
        if draw(st.integers(0, 19)) < (19 if type_ == "Interactions" else 12) and (not domain or type_ in _PLAIN):
            least = int(type_ != "Interactions")
            chosen = draw(st.lists(st.sampled_from(maybe), min_size=least, max_size=len(maybe), unique=True))
            columns[type_] = tuple(
                dict.fromkeys((*always, *_ALWAYS_IN_DOMAINS.get(type_ if domain else "", ()), *chosen))
            )
    always, _ = COLUMNS_OF["Interactions"]
    # A group without any dataset may get them elsewhere, so that `validate` only warns.
    return Group(domain, columns or {"Interactions": (*always, "EVENT_TYPE")})


@dataclass
class Judge:
    """A folder of manifests and the account of a running emulator."""

    folder: Path
    arns: dict[tuple[str, str], str] = field(default_factory=dict)  # by kind and name, of this manifest
    count: int = 0

    def __post_init__(self) -> None:
        make: Any = boto3.client
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "secret"}
        self.personalize = make("personalize", region_name="us-east-1", config=config, **keys)
        self.s3 = make("s3", region_name="us-east-1", **keys)
        self.s3.create_bucket(Bucket=_BUCKET)

    def validated(self, drafts: Sequence[Draft]) -> Sequence[Problem[Source]]:
        """Return the errors that `validate` finds."""
        (self.folder / "a.yaml").write_text(
            "\n---\n".join(json.dumps(each) for each in (PROJECT, *(draft.document for draft in drafts)))
        )
        try:
            load(self.folder)
        except ManifestError as error:
            return [problem for problem in error.problems if problem.severity is Severity.ERROR]
        return []

    def refused(self, drafts: Sequence[Draft]) -> str:
        """Return why the service refuses one of the documents, or that its training fails; "" if it does not.

        A document whose form the kind refuses has no request, so nothing is known of it and of what refers to it.
        """
        self.arns, self.count = {}, self.count + 1
        for draft in drafts:
            kind = KINDS[draft.kind]
            if draft.kind == "Schema":
                self._put_data(draft)
            try:
                attributes = kind.model_validate(draft.spec).model_dump(
                    by_alias=True, exclude_unset=True, exclude_none=True
                )
            except ValidationError:
                continue
            if why := self._created(kind, draft, self._resolved(kind, attributes)):
                return why
        return ""

    def _put_data(self, schema: Draft) -> None:
        """Put a file with one row where imports of all data find it."""
        fields = schema.spec["schema"]["fields"]
        values = {field["name"]: "a" if "string" in field["type"] else "1700000000" for field in fields}
        text = f"{','.join(values)}\n{','.join(values.values())}\n"
        self.s3.put_object(Bucket=_BUCKET, Key=f"{schema.name}.csv", Body=text.encode())

    def _created(self, kind: type[Resource], draft: Draft, attributes: dict[str, Any] | None) -> str:
        if attributes is None:
            return ""
        verb = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.operation("Create")).lower()
        request = {kind.name_member: f"{draft.name}-{self.count}", **to_wire(kind, attributes)}
        if draft.kind == "SolutionVersion":
            del request[kind.name_member]
        try:
            answer = getattr(self.personalize, verb)(**request)
        except ClientError as error:
            return f"{draft.kind}/{draft.name}: {error}"
        self.arns[draft.kind, draft.name] = answer[f"{kind.member()}Arn"]
        return self._failure(kind, answer[f"{kind.member()}Arn"])

    def _failure(self, kind: type[Resource], arn: str) -> str:
        """Return why a training failed. Other work fails for its data, and there is none."""
        if kind.kind_name() not in ("SolutionVersion", "Recommender"):
            return ""
        noun = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.kind_name()).lower()
        answer = getattr(self.personalize, f"describe_{noun}")(**{f"{kind.member()}Arn": arn})
        return str(answer[kind.member()].get("failureReason") or "")

    def _resolved(self, kind: type[Resource], attributes: dict[str, Any]) -> dict[str, Any] | None:
        """Return the attributes with ARNs as references; None if one of them was not created."""
        found = dict(attributes)
        for alias, member in members(kind).items():
            if member.ref and alias in found and member.ref != "Recipe":
                arn = self._arn(member.ref, found[alias])
                if arn is None:
                    return None
                found[alias] = arn
        return found

    def _arn(self, kind: str, reference: Any) -> str | None:
        if isinstance(reference, dict):  # the newest version of a solution, which the service follows
            solution = self.arns.get(("Solution", reference["solution"]))
            return f"{solution}/$LATEST" if solution else None
        return self.arns.get((kind, reference))


def told(problems: Iterable[Problem[Source]]) -> str:
    """Return the problems for the message of a test."""
    return "; ".join(f"[{problem.check}] {problem.subject} {message(problem)}" for problem in problems)


def checks_of(problems: Iterable[Problem[Source]]) -> set[Check | None]:
    """Return the checks that found the problems."""
    return {problem.check for problem in problems}
