"""An event tracker: the id that applications send their events with. A dataset group has at most one."""

from __future__ import annotations

from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import Reference, most_per_group, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Most, OnRemove, Resource
from personalize_gitops.model.structure import Ref


class EventTracker(Resource):
    """Described in docs/service/2 §3.6 and 4 §2.11."""

    durations = typical("EventTracker")
    most_per_group: ClassVar[Most | None] = most_per_group("EventTracker")
    one_per_group: ClassVar[bool] = True
    on_remove: ClassVar[OnRemove] = OnRemove.RETAIN
    loses: ClassVar[Fact | None] = Fact.LOSES_TRACKING_ID
    immutable: ClassVar[Fact | None] = Fact.NO_UPDATE  # docs/service/2 §3.6
    no_successor: ClassVar[Fact | None] = Fact.ONE_TRACKER_PER_GROUP
    after: ClassVar = ("Dataset",)  # recording needs the interactions dataset (docs/service/2 §6.1)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
