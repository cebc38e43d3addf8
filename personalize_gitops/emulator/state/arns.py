"""ARNs of resources (docs/service/4 §3) and the ids inside them."""

from hashlib import sha256
from uuid import UUID

LATEST = "$LATEST"


def partition_of(region: str) -> str:
    """Return the partition of a region."""
    return "aws-cn" if region.startswith("cn-") else "aws"


def resource_arn(region: str, account: str, path: str) -> str:
    """Return the ARN of a resource of Amazon Personalize."""
    return f"arn:{partition_of(region)}:personalize:{region}:{account}:{path}"


def last_segment(arn: str) -> str:
    """Return what follows the last slash: a name, the id of a solution version, or a dataset type."""
    return arn.rpartition("/")[2]


def without_last_segment(arn: str) -> str:
    """Return what precedes the last slash: of the ARN of a solution version, the ARN of its solution."""
    return arn.rpartition("/")[0]


def generated_id(seed: str, number: int) -> str:
    """Return eight hexadecimal digits that depend on the arguments only (docs/service/4 §3, solution version)."""
    return sha256(f"{seed}/{number}".encode()).hexdigest()[:8]


def generated_uuid(seed: str, number: int) -> str:
    """Return a UUID that depends on the arguments only; tracking ids have this form."""
    return str(UUID(bytes=sha256(f"{seed}/uuid/{number}".encode()).digest()[:16], version=4))
