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
    invalid,
    most_per_group,
    raised,
    switched_on,
    typical,
)
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Default, FollowsIf, Mutable, Note, Ref, Structure


class CampaignConfig(Structure):
    """How the campaign explores, and what it adds to its answers."""

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
    most_per_group: ClassVar[int | None] = most_per_group("Campaign")
    loses: ClassVar[Fact | None] = Fact.LOSES_ENDPOINT
    billing: ClassVar[Fact | None] = Fact.BILLS_WHILE_EXISTING

    solution_version: Annotated[
        VersionReference,
        Ref("SolutionVersion"),
        Mutable,
        FollowsIf(("campaignConfig", "syncWithLatestSolutionVersion")),  # the answer shows the alias or its version
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
        """`$LATEST` means that the service follows by itself, which it wants said twice (docs/service/2 §3.10)."""
        version = members.get("solutionVersion") if isinstance(members, dict) else None
        config = members.get("campaignConfig") or {} if isinstance(members, dict) else {}
        if not isinstance(version, dict | str) or not isinstance(config, dict):
            return members
        followed = version.get("version") == "$LATEST" if isinstance(version, dict) else version.endswith("/$LATEST")
        # A fixed version is said twice as well: a campaign that followed until now has to be told to stop.
        return {**members, "campaignConfig": {"syncWithLatestSolutionVersion": followed, **config}}

    @model_validator(mode="after")
    def _sync_needs_latest(self) -> Campaign:
        """The service refuses one without the other (docs/service/2 §3.10)."""
        version = self.solution_version
        follows = version.version == "$LATEST" if isinstance(version, NewestVersion) else version.endswith("/$LATEST")
        synced = bool(self.campaign_config and self.campaign_config.sync_with_latest_solution_version)
        if follows and not synced:
            raise invalid("a campaign on $LATEST needs syncWithLatestSolutionVersion: true")
        if synced and not follows:
            raise invalid("syncWithLatestSolutionVersion needs solutionVersion: {solution: NAME, version: $LATEST}")
        return self
