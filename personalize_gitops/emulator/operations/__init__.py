"""The operations of the emulator: those convention gives every kind, and those a kind's own file adds.

Each file holds what is special to one kind. The list below is the whole list.
"""

from collections.abc import Mapping

from personalize_gitops.emulator.operations import events, recipes, runtime
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
from personalize_gitops.emulator.service import tags
from personalize_gitops.emulator.service.crud import conventional
from personalize_gitops.emulator.service.kind import KINDS, Carry, register

__all__ = ["OPERATIONS"]

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

OPERATIONS: Mapping[str, Carry] = {
    **{
        name: carry
        for kind in KINDS.values()
        for name, carry in (*conventional(kind).items(), *kind.operations.items())
    },
    **tags.OPERATIONS,
    **recipes.OPERATIONS,
    **events.OPERATIONS,
    **runtime.OPERATIONS,
}
