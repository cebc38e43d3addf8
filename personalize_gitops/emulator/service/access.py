"""Whether a role and the policies of buckets grant the access that a job needs (docs/service/1 §5).

Checked only if `Settings.roles_enforced` is set.
"""

from collections.abc import Iterable

from personalize_gitops.catalog.access import BUCKET_ACTIONS, READ, WRITE
from personalize_gitops.catalog.policies import SERVICE, Question, allowed, statements
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.state.arns import partition_of
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

__all__ = ["NO_ACCESS", "READ", "WRITE", "DataAccess", "check_data_access", "check_role"]

NO_ACCESS = "Insufficient privileges for accessing data in Amazon S3."  # docs/service/2 §7.5

DataAccess = tuple[str, tuple[str, ...]]  # a location in S3, and the actions that a job needs there


def check_role(region: Region, arn: str) -> None:
    """Refuse a role that does not exist or whose trust policy excludes the service."""
    role = region.identities.role(arn)
    if role is None:
        raise invalid(f"Role {arn} does not exist.")
    if not allowed(statements([role.trust]), Question("sts:AssumeRole", service=SERVICE, context=_context(region))):
        raise invalid(f"Amazon Personalize cannot assume role {arn}: its trust policy does not allow {SERVICE}.")


def check_data_access(region: Region, record: Record, needed: Iterable[DataAccess]) -> None:
    """Raise CreationFailed if the role of a job or the policy of a bucket does not grant the access that it needs."""
    role = region.identities.role(str(record.fields.get("roleArn", "")))
    of_role = statements(role.policies.values() if role else ())
    context = _context(region)
    for location, actions in needed:
        bucket, key = split_location(location)
        of_bucket = statements([region.objects.policy(bucket)])
        for action in actions:
            path = bucket if action in BUCKET_ACTIONS else f"{bucket}/{key}"
            resource = f"arn:{partition_of(region.name)}:s3:::{path}"
            allowed_by_role = allowed(of_role, Question(action, resource, context=context))
            by_bucket = Question(action, resource, service=SERVICE, context=context)
            if not (allowed_by_role and allowed(of_bucket, by_bucket)):
                raise CreationFailed(NO_ACCESS)


def _context(region: Region) -> dict[str, str]:
    """Return the values of the condition keys that the service sends."""
    source = f"arn:{partition_of(region.name)}:personalize:{region.name}:{region.account}:"
    return {"aws:sourceaccount": region.account, "aws:sourcearn": source}
