"""One file for each kind of Personalize resource: its fields are the AWS create request, its marks say the rest.

`KINDS` lists them all, what is referred to before what refers. To add a member, add a field to its class; to add a
kind, add a file and a line here.
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
