"""A dataset group: contains all resources of one recommendation use. Only its tags can change."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from personalize_gitops.kinds.types import KmsKeyArn, RoleArn, most_per_region, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.problem_codes import FieldsCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.resource import Most, OnRemove, Resource
from personalize_gitops.model.validation import invalid


class DatasetGroup(Resource):
    """Described in docs/service/2 §3.1 and 4 §2.1."""

    durations = typical("DatasetGroup")
    most_per_region: ClassVar[Most | None] = most_per_region("DatasetGroup")
    on_remove: ClassVar[OnRemove] = OnRemove.RETAIN
    loses: ClassVar[Fact | None] = Fact.LOSES_GROUP
    immutable: ClassVar[Fact | None] = Fact.NO_UPDATE  # docs/service/2 §3.1
    no_successor: ClassVar[Fact | None] = Fact.GROUP_HOLDS_EVERYTHING

    role_arn: RoleArn | None = None
    kms_key_arn: KmsKeyArn | None = None
    domain: Literal["ECOMMERCE", "VIDEO_ON_DEMAND"] | None = None

    @model_validator(mode="after")
    def _role_with_key(self) -> DatasetGroup:
        """Check that role and key are set together, as the service requires (docs/service/4 §2.1)."""
        if (self.role_arn is None) != (self.kms_key_arn is None):
            raise invalid(because(FieldsCode.ROLE_AND_KEY))
        return self
