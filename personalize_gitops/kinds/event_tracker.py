"""An event tracker: the id that applications send their events with. One to a dataset group."""

from __future__ import annotations

from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import Reference, typical
from personalize_gitops.model.resource import Ref, Resource


class EventTracker(Resource):
    """Described in docs/service/2 §3.6 and 4 §2.11."""

    takes = typical("EventTracker")
    one_per_group: ClassVar[bool] = True
    loses: ClassVar[str] = "the tracking id that applications send events with"
    fixed: ClassVar[str] = "the service has no update for an event tracker"  # docs/service/2 §3.6
    no_successor: ClassVar[str] = "a dataset group holds one event tracker"
    after: ClassVar = ("Dataset",)  # recording needs the interactions dataset (docs/service/2 §6.1)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
