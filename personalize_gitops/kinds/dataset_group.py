"""A dataset group: the box that holds everything of one recommendation use. Nothing but its tags ever changes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from personalize_gitops.kinds.types import KmsKeyArn, RoleArn, invalid, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Resource


class DatasetGroup(Resource):
    """Described in docs/service/2 §3.1 and 4 §2.1."""

    durations = typical("DatasetGroup")
    loses: ClassVar[Fact | None] = Fact.LOSES_GROUP
    immutable: ClassVar[Fact | None] = Fact.NO_UPDATE  # docs/service/2 §3.1
    no_successor: ClassVar[Fact | None] = Fact.GROUP_HOLDS_EVERYTHING

    role_arn: RoleArn | None = None
    kms_key_arn: KmsKeyArn | None = None
    domain: Literal["ECOMMERCE", "VIDEO_ON_DEMAND"] | None = None

    @model_validator(mode="after")
    def _role_with_key(self) -> DatasetGroup:
        """The role is only for the key: the service refuses one without the other (docs/service/4 §2.1)."""
        if (self.role_arn is None) != (self.kms_key_arn is None):
            raise invalid("roleArn and kmsKeyArn go together")
        return self
