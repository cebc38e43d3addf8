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
from personalize_gitops.model.problem_codes import FieldsCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.resource import Attributes, Default, Mutable, Note, Ref, Resource, Structure
from personalize_gitops.model.validation import invalid


class CampaignConfig(Structure):
    """How the campaign explores, and what it adds to its answers."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    enable_metadata_with_recommendations: Annotated[
        bool | None,
        Default(False),
        # docs/service/2 §13.1
        Note("metadata in answers is billed extra, except with v2 recipes", Risk.COST, when=switched_on),
    ] = None
    sync_with_latest_solution_version: Annotated[bool | None, Default(False)] = None
    ranking_influence: RankingInfluence | None = None


class Campaign(Resource):
    """Described in docs/service/2 §3.10 and 4 §2.8."""

    takes = typical("Campaign")
    most_per_group: ClassVar[int | None] = most_per_group("Campaign")
    loses: ClassVar[str] = "the endpoint that applications ask for recommendations"
    costs: ClassVar[str] = "bills by the hour while it exists"

    solution_version: Annotated[
        VersionReference,
        Ref("SolutionVersion"),
        Mutable,
        Note("the version before serves until the update is done"),  # docs/service/2 §3.10
    ]
    min_provisioned_tps: Annotated[
        int | None,
        Field(alias="minProvisionedTPS", ge=1),
        Mutable,
        Default(1),
        Note(
            "bills at least that throughput while the campaign exists", Risk.COST, when=raised
        ),  # docs/service/2 §13.1
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
            raise invalid(because(FieldsCode.LATEST_WITHOUT_SYNC))
        if synced and not follows:
            raise invalid(because(FieldsCode.SYNC_WITHOUT_LATEST))
        return self

    @classmethod
    def follows(cls, attributes: Attributes) -> bool:
        """With sync on, the version shown is the alias or what it stands for (docs/service/2 §3.10)."""
        return bool((attributes.get("campaignConfig") or {}).get("syncWithLatestSolutionVersion"))
