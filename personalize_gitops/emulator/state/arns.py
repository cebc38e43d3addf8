"""ARN forms (docs/service/4 §3) and the identifiers inside them."""

from hashlib import sha256
from uuid import UUID

LATEST = "$LATEST"


def partition_of(region: str) -> str:
    """The partition a region lies in."""
    return "aws-cn" if region.startswith("cn-") else "aws"


def resource_arn(region: str, account: str, path: str) -> str:
    """The ARN of something that lives in an account and a region."""
    return f"arn:{partition_of(region)}:personalize:{region}:{account}:{path}"


def last_segment(arn: str) -> str:
    """What follows the last slash: a name, a version id, a dataset type."""
    return arn.rpartition("/")[2]


def without_last_segment(arn: str) -> str:
    """The solution of a solution version."""
    return arn.rpartition("/")[0]


def drawn_id(seed: str, number: int) -> str:
    """Eight hexadecimal digits, the same for the same seed and number (docs/service/4 §3, solution version)."""
    return sha256(f"{seed}/{number}".encode()).hexdigest()[:8]


def drawn_uuid(seed: str, number: int) -> str:
    """A tracking id: looks like a UUID, the same for the same seed and number."""
    return str(UUID(bytes=sha256(f"{seed}/uuid/{number}".encode()).digest()[:16], version=4))
