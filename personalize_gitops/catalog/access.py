"""What the service needs of a role, a bucket and a key to carry out each kind of job (docs/service/1 §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

READ = ("s3:GetObject", "s3:ListBucket")
WRITE = ("s3:PutObject", "s3:ListBucket")
BUCKET_ACTIONS = ("s3:ListBucket",)  # the resource of these actions is the bucket, of all others the object

KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:ListGrants")
"""What the role and the policy of a key grant (docs/service/1 §5.4)."""

OF_KEY_POLICY = (*KEY_ACTIONS, "kms:CreateGrant")
"""What only the policy of the key grants in addition."""

OF_EXPORTED_KEY = ("kms:GenerateDataKeyWithoutPlaintext",)
"""What the policy of a dataset group's key grants if its data is exported."""

Path = tuple[str, ...]  # the members that lead to a value in the create request


@dataclass(frozen=True)
class Access:
    """Where the create request of a kind names its role and what the role has access to."""

    role: Path = ("roleArn",)
    reads: tuple[Path, ...] = ()  # locations in S3
    writes: tuple[Path, ...] = ()
    keys: tuple[Path, ...] = ()
    actions: tuple[str, ...] = ()  # others, on any resource
    exports: Path = ()  # the dataset whose group's key is used


_OUTPUT = ("jobOutput", "s3DataDestination")
_INPUT = ("jobInput", "s3DataSource")
_BATCH = Access(
    reads=((*_INPUT, "path"),),
    writes=((*_OUTPUT, "path"),),
    keys=((*_INPUT, "kmsKeyArn"), (*_OUTPUT, "kmsKeyArn")),
)
_REPORTS = ("metricsOutputConfig", "s3DataDestination")

ACCESS: Mapping[str, Access] = MappingProxyType(
    {
        "DatasetGroup": Access(keys=(("kmsKeyArn",),)),
        "DatasetImportJob": Access(reads=(("dataSource", "dataLocation"),)),
        "DatasetExportJob": Access(writes=((*_OUTPUT, "path"),), keys=((*_OUTPUT, "kmsKeyArn"),), exports=("dataset",)),
        "DataDeletionJob": Access(reads=(("dataSource", "dataLocation"),)),
        "BatchInferenceJob": _BATCH,
        "BatchSegmentJob": _BATCH,
        "MetricAttribution": Access(
            role=("metricsOutputConfig", "roleArn"),
            writes=((*_REPORTS, "path"),),
            keys=((*_REPORTS, "kmsKeyArn"),),
            actions=("cloudwatch:PutMetricData",),  # docs/service/3 §11.2
        ),
    }
)
"""By kind. No other kind has a role (docs/service/1 §5.5)."""
