"""The operations of the emulator: one module for each kind of resource, and some for operations without a kind.

    dataset_group, schema, dataset, …    a kind: a subclass of `service.kind.Kind`
    events, runtime, recipes, tags       operations that belong to no kind
    serving, filtering, promoting        what `runtime` consists of
    batch_lines, themes                  what batch jobs write
    solution_config                      checks of solutions by the rules of the catalog

The list of kinds below is complete: a new kind has to be added there.
"""

from collections.abc import Mapping
from functools import cache

from personalize_gitops.emulator.operations import events, recipes, runtime, tags
from personalize_gitops.emulator.operations.batch_job import BatchInferenceJob, BatchSegmentJob
from personalize_gitops.emulator.operations.campaign import Campaign
from personalize_gitops.emulator.operations.data_deletion_job import DataDeletionJob
from personalize_gitops.emulator.operations.dataset import Dataset
from personalize_gitops.emulator.operations.dataset_export_job import DatasetExportJob
from personalize_gitops.emulator.operations.dataset_group import DatasetGroup
from personalize_gitops.emulator.operations.dataset_import_job import DatasetImportJob
from personalize_gitops.emulator.operations.event_tracker import EventTracker
from personalize_gitops.emulator.operations.filter import Filter
from personalize_gitops.emulator.operations.metric_attribution import MetricAttribution
from personalize_gitops.emulator.operations.recommender import Recommender
from personalize_gitops.emulator.operations.schema import Schema
from personalize_gitops.emulator.operations.solution import Solution
from personalize_gitops.emulator.operations.solution_version import SolutionVersion
from personalize_gitops.emulator.service.crud import handlers_of
from personalize_gitops.emulator.service.kind import KINDS, Handler, register

__all__ = ["KINDS", "handlers"]

register(
    Schema(),
    DatasetGroup(),
    Dataset(),
    DatasetImportJob(),
    EventTracker(),
    Filter(),
    Solution(),
    SolutionVersion(),
    Campaign(),
    Recommender(),
    MetricAttribution(),
    DatasetExportJob(),
    DataDeletionJob(),
    BatchInferenceJob(),
    BatchSegmentJob(),
)


@cache
def handlers() -> Mapping[str, Handler]:
    """Return the handler of each operation. An operation without one is answered with UnsupportedOperationException.

    A function, because the names of the operations come from botocore, which is imported when an emulator starts.
    """
    found: dict[str, Handler] = {}
    for kind in KINDS.values():
        found |= {**handlers_of(kind), **kind.operations}
    for more in (tags.HANDLERS, recipes.HANDLERS, events.HANDLERS, runtime.HANDLERS):
        found |= more
    return found
