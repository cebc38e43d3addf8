"""All checks of the data files of one target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.checking.files import Progress
from personalize_gitops.checking.imports import Reading, import_problems
from personalize_gitops.checking.lines import line_problems
from personalize_gitops.checking.tally import Tally
from personalize_gitops.checking.trainings import (
    ENOUGH,
    category_problems,
    event_room_problems,
    event_type_problems,
    needed_event_types,
    trained_types,
    training_problems,
)
from personalize_gitops.lint.declared import dataset_type_at, schema_of
from personalize_gitops.lint.event_types import event_types_by_group
from personalize_gitops.model.address import Address
from personalize_gitops.model.data_files import Files
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import DataSummary, Problem
from personalize_gitops.model.reason import Source

_LEAST = QUOTAS["records of an interactions import"].default


@dataclass(frozen=True)
class DataReport:
    """What is wrong with the data files of a target, and what they have."""

    problems: Sequence[Problem[Source]]
    summaries: Sequence[DataSummary]


def check_data(desired: Desired, files: Files, now: float, progress: Progress) -> DataReport:
    """Read the files of all declared imports and batch jobs, except imports without a valid schema."""
    problems: list[Problem[Source]] = []
    summaries: list[DataSummary] = []
    for dataset in [each for each in desired.documents.values() if each.address.kind_name == "Dataset"]:
        schema, type_ = schema_of(dataset, desired), dataset_type_at(dataset.address, desired)
        jobs = _imports_of(dataset.address, desired)
        if schema and type_ and jobs:
            reading = Reading(files, schema, type_, now, _LEAST, progress)
            of_dataset = _Dataset(dataset, jobs, reading, desired)
            problems += of_dataset.problems()
            summaries.append(of_dataset.summary())
    for job in desired.runs:
        if job.address.kind_name in _BATCH:
            problems += line_problems(job, desired, files, progress)
    return DataReport(problems, summaries)


_BATCH = ("BatchInferenceJob", "BatchSegmentJob")


class _Dataset:
    """A dataset with the imports that are declared for it. A location that two imports share is read once."""

    def __init__(self, dataset: Document, jobs: Sequence[Document], reading: Reading, desired: Desired) -> None:
        self._dataset, self._reading, self._desired = dataset, reading, desired
        self._jobs = {job.attributes["dataSource"]["dataLocation"]: job for job in jobs}.values()
        of_interactions = reading.type is DatasetType.INTERACTIONS
        self._groups = [each for each in desired.groups_of(dataset.address) if isinstance(each, Address)]
        self._types = trained_types(self._groups, desired) if of_interactions else {}
        self._tally = Tally(reading.schema, set(self._types.values()), ENOUGH)

    def problems(self) -> Iterator[Problem[Source]]:
        """Yield the problems of the files, then those of all rows together."""
        for job in self._jobs:
            yield from import_problems(job, self._reading, self._tally)
        if not self._tally.rows:
            return
        yield from category_problems(self._dataset, self._tally)
        if self._reading.type is DatasetType.INTERACTIONS:
            yield from event_room_problems(self._dataset, self._reading.schema, self._tally)
            yield from training_problems(self._tally, self._types, self._desired)
            yield from event_type_problems(self._tally, [*self._named()], self._desired)

    def summary(self) -> DataSummary:
        """Return how many rows there are, and how many of each event type."""
        types = tuple(self._tally.event_types.most_common())
        return DataSummary(self._dataset.address, self._tally.rows, types)

    def _named(self) -> Iterator[tuple[str, Address]]:
        """Yield the event types that the rows need, if they can have any."""
        if "EVENT_TYPE" not in self._reading.schema.field:
            return
        by_group = event_types_by_group(self._desired)
        for group in self._groups:
            yield from by_group.get(group, ())
        yield from needed_event_types(self._groups, self._desired)


def _imports_of(dataset: Address, desired: Desired) -> Sequence[Document]:
    imports = [each for each in desired.runs if each.address.kind_name == "DatasetImportJob"]
    return [each for each in imports if each.references["dataset"] == dataset]
