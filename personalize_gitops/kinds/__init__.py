"""One file for each kind of Personalize resource: the fields are the members of the create request, with marks.

`KINDS` lists them all; a kind comes after the kinds it refers to. docs/changes.md has its chapters in this order. To
add a member, add a field to its class. To add a kind, add a file and a line here.
"""

from personalize_gitops.kinds.batch_inference_job import BatchInferenceJob
from personalize_gitops.kinds.batch_segment_job import BatchSegmentJob
from personalize_gitops.kinds.campaign import Campaign
from personalize_gitops.kinds.data_deletion_job import DataDeletionJob
from personalize_gitops.kinds.dataset import Dataset
from personalize_gitops.kinds.dataset_export_job import DatasetExportJob
from personalize_gitops.kinds.dataset_group import DatasetGroup
from personalize_gitops.kinds.dataset_import_job import DatasetImportJob
from personalize_gitops.kinds.event_tracker import EventTracker
from personalize_gitops.kinds.filter import Filter
from personalize_gitops.kinds.metric_attribution import MetricAttribution
from personalize_gitops.kinds.recommender import Recommender
from personalize_gitops.kinds.schema import Schema
from personalize_gitops.kinds.solution import Solution
from personalize_gitops.kinds.solution_version import SolutionVersion
from personalize_gitops.model.resource import Kinds

KINDS: Kinds = {
    kind.kind_name(): kind
    for kind in (
        Schema,
        DatasetGroup,
        Dataset,
        DatasetImportJob,
        DataDeletionJob,
        DatasetExportJob,
        EventTracker,
        MetricAttribution,
        Filter,
        Solution,
        SolutionVersion,
        Campaign,
        Recommender,
        BatchInferenceJob,
        BatchSegmentJob,
    )
}

__all__ = ["KINDS"]
