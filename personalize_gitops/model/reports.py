"""Reports: the results of commands, one class for each document that the formats render.

`ValidationReport` is in `model/problem.py`, so that `validate` does not load plans and events.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from personalize_gitops.model.acceptance import Written
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import Conversion, SourceFormat
from personalize_gitops.model.desired import Document
from personalize_gitops.model.drift import FAILING, Drift, Finding, Known, Muted
from personalize_gitops.model.events import ENDS, Done, Event
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.graph import Graph
from personalize_gitops.model.importing import Drafts, ImportedFile
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.plan import Choices, Plan
from personalize_gitops.model.problem import Problem, ValidationReport
from personalize_gitops.model.reason import Reason, Source
from personalize_gitops.model.recommendations import Answer, Measured, Question


@dataclass(frozen=True)
class PlanReport:
    """The result of `plan`."""

    document: ClassVar[str] = "plan"
    plan: Plan
    choices: Choices = field(default_factory=Choices)
    manifests: str = ""  # a digest of everything that is declared
    calls: Mapping[str, int] = field(default_factory=dict)  # AWS calls by operation
    next_command: str = ""  # that carries out the plan
    preflight: tuple[Problem[Source], ...] = ()  # what roles, buckets and keys lack for its changes


@dataclass(frozen=True)
class CheckReport:
    """The result of `plan --check`: whether a saved plan still holds."""

    document: ClassVar[str] = "check"
    file: str
    fingerprint: str = ""  # of the saved plan; empty for a file that was edited
    moved: tuple[Reason, ...] = ()  # what is not as saved
    plan: Plan | None = None  # the plan made now: what is left of the saved one if that holds; None: none was made

    @property
    def holds(self) -> bool:
        """Whether `apply` accepts the file."""
        return not self.moved


@dataclass(frozen=True)
class ApplyReport:
    """The result of `apply` and `destroy`."""

    document: ClassVar[str] = "apply"
    plan: Plan
    events: tuple[Event, ...]
    seconds: float  # of the session's clock
    simulated: bool  # time is simulated
    begun: float = 0.0  # epoch seconds

    @property
    def ends(self) -> tuple[Event, ...]:
        """The end of every step, in order of time."""
        return tuple(event for event in self.events if isinstance(event, ENDS))

    @property
    def done(self) -> int:
        """The number of steps that succeeded."""
        return sum(isinstance(event, Done) for event in self.events)


@dataclass(frozen=True)
class DriftReport:
    """The result of `drift`."""

    document: ClassVar[str] = "drift"
    plan: Plan
    drift: tuple[Drift, ...]
    fail_on: frozenset[Finding] = FAILING
    options: tuple[str, ...] = ()  # of this command line that the next ones repeat
    checked_at: float = 0.0  # epoch seconds
    muted: tuple[Muted, ...] = ()
    resolved: tuple[Known, ...] = ()  # findings of the earlier check that are none any more
    unresolved: tuple[Known, ...] = ()  # those about resources that could not be read now
    since: float | None = None  # epoch seconds, of the earlier check; None: none is compared

    def fails(self, item: Drift) -> bool:
        """Return whether a finding fails the check."""
        return item.finding in self.fail_on

    @property
    def failed(self) -> bool:
        """Whether any finding fails the check."""
        return any(map(self.fails, self.drift))

    @property
    def complete(self) -> bool:
        """Whether every resource could be read."""
        return all(item.finding is not Finding.UNCHECKED for item in self.drift)

    @property
    def present(self) -> tuple[str, ...]:
        """The addresses of the declared resources that are in the account, sorted."""
        return tuple(sorted({str(change.address) for change in self.plan.changes if change.document and change.live}))

    def command(self, item: Drift) -> str:
        """Return the next command line for a finding."""
        words = item.following
        return shlex.join(words if words[0] == "aws" else ("personalize-gitops", *words, *self.options))


@dataclass(frozen=True)
class AcceptReport:
    """The result of `drift --accept`."""

    document: ClassVar[str] = "accept"
    plan: Plan
    written: tuple[Written, ...]


@dataclass(frozen=True)
class ImportReport:
    """The result of `import`."""

    document: ClassVar[str] = "import"
    project: str
    target: str
    account: str
    region: str
    drafts: Drafts
    files: tuple[ImportedFile, ...]  # those that were written


@dataclass(frozen=True)
class ExplainReport:
    """The result of `explain`."""

    document: ClassVar[str] = "explain"
    project: str
    target: str
    explanation: Explanation


@dataclass(frozen=True)
class StatusReport:
    """The result of `status`."""

    document: ClassVar[str] = "status"
    plan: Plan
    now: float  # epoch seconds
    tracking_ids: Mapping[Address, str] = field(default_factory=dict)  # of event trackers


@dataclass(frozen=True)
class OutputsReport:
    """The result of `outputs`."""

    document: ClassVar[str] = "outputs"
    project: str
    target: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class GraphReport:
    """The result of `graph`."""

    document: ClassVar[str] = "graph"
    graph: Graph


@dataclass(frozen=True)
class RenderReport:
    """The result of `render`."""

    document: ClassVar[str] = "render"
    project: str
    target: str
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class RecommendReport:
    """The result of `recommend`."""

    document: ClassVar[str] = "recommend"
    project: str
    target: str
    address: Address
    arn: str
    question: Question
    answer: Answer
    columns: tuple[str, ...] = ()  # of the items that are shown


@dataclass(frozen=True)
class MetricsReport:
    """The result of `metrics`."""

    document: ClassVar[str] = "metrics"
    project: str
    target: str
    address: Address
    model: Measured
    beside: Measured | None = None  # None: there is no version before
    against: Address | None = None  # whose model `beside` is; None: the version before


@dataclass(frozen=True)
class ConversionReport:
    """The result of `convert`."""

    document: ClassVar[str] = "conversion"
    format: SourceFormat
    folder: str
    written: tuple[str, ...]  # paths of the new files
    conversion: Conversion


Report = (
    PlanReport
    | CheckReport
    | ApplyReport
    | DriftReport
    | AcceptReport
    | ImportReport
    | ExplainReport
    | StatusReport
    | OutputsReport
    | GraphReport
    | RenderReport
    | RecommendReport
    | MetricsReport
    | ConversionReport
    | ValidationReport
)
