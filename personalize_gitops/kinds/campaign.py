"""A campaign: an endpoint that serves recommendations from one solution version."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from personalize_gitops.kinds.types import (
    EXPLORATION,
    NewestVersion,
    Parameters,
    RankingInfluence,
    VersionReference,
    most_per_group,
    raised,
    switched_on,
    typical,
)
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.problem_codes import FieldsCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.resource import Most, Resource
from personalize_gitops.model.structure import Default, FollowsIf, Mutable, Note, Ref, Structure
from personalize_gitops.model.validation import invalid


class CampaignConfig(Structure):
    """The settings of exploration, metadata and synchronization."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    enable_metadata_with_recommendations: Annotated[
        bool | None,
        Default(False),
        # docs/service/2 §13.1
        Note(Fact.BILLS_METADATA_EXCEPT_V2, Risk.COST, when=switched_on),
    ] = None
    sync_with_latest_solution_version: Annotated[bool | None, Default(False)] = None
    ranking_influence: RankingInfluence | None = None


class Campaign(Resource):
    """Described in docs/service/2 §3.10 and 4 §2.8."""

    durations = typical("Campaign")
    most_per_group: ClassVar[Most | None] = most_per_group("Campaign")
    loses: ClassVar[Fact | None] = Fact.LOSES_ENDPOINT
    billing: ClassVar[Fact | None] = Fact.BILLS_WHILE_EXISTING
    counts_requests: ClassVar[bool] = True  # docs/service/3 §12.1

    solution_version: Annotated[
        VersionReference,
        Ref("SolutionVersion"),
        Mutable,
        FollowsIf(("campaignConfig", "syncWithLatestSolutionVersion")),  # Describe returns the alias or its version
        Note(Fact.OLD_VERSION_SERVES),  # docs/service/2 §3.10
    ]
    min_provisioned_tps: Annotated[
        int | None,
        Field(alias="minProvisionedTPS", ge=1),
        Mutable,
        Default(1),
        Note(Fact.BILLS_THROUGHPUT, Risk.COST, when=raised),  # docs/service/2 §13.1
    ] = None
    campaign_config: Annotated[CampaignConfig | None, Mutable] = None

    @model_validator(mode="before")
    @classmethod
    def _follow(cls, members: Any) -> Any:
        """Return the members with `syncWithLatestSolutionVersion` set: true for `$LATEST`, else false.

        The service requires the setting beside `$LATEST` (docs/service/2 §3.10). A declared setting stays.
        """
        version = members.get("solutionVersion") if isinstance(members, dict) else None
        config = members.get("campaignConfig") or {} if isinstance(members, dict) else {}
        if not isinstance(version, dict | str) or not isinstance(config, dict):
            return members
        followed = version.get("version") == "$LATEST" if isinstance(version, dict) else version.endswith("/$LATEST")
        # Set false for a fixed version as well, so that a campaign that followed the newest version stops doing so.
        return {**members, "campaignConfig": {"syncWithLatestSolutionVersion": followed, **config}}

    @model_validator(mode="after")
    def _sync_needs_latest(self) -> Campaign:
        """Check that `$LATEST` and `syncWithLatestSolutionVersion` are set together (docs/service/2 §3.10)."""
        version = self.solution_version
        follows = version.version == "$LATEST" if isinstance(version, NewestVersion) else version.endswith("/$LATEST")
        synced = bool(self.campaign_config and self.campaign_config.sync_with_latest_solution_version)
        if follows and not synced:
            raise invalid(because(FieldsCode.LATEST_WITHOUT_SYNC))
        if synced and not follows:
            raise invalid(because(FieldsCode.SYNC_WITHOUT_LATEST))
        return self
