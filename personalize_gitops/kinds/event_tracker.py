"""An event tracker: the id that applications send their events with. One to a dataset group."""

from __future__ import annotations

from typing import Annotated, ClassVar

from personalize_gitops.kinds.types import Reference, typical
from personalize_gitops.model.resource import Attributes, Ref, Resource


class EventTracker(Resource):
    """Described in reference 2 §3.6 and 4 §2.11."""

    takes = typical("EventTracker")
    one_per_group: ClassVar[bool] = True
    loses: ClassVar[str] = "the tracking id that applications send events with"
    after: ClassVar = ("Dataset",)  # recording needs the interactions dataset (reference 2 §6.1)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]

    @classmethod
    def why_no_successor(cls, before: Attributes, after: Attributes) -> str:
        """There is no second one to move to."""
        return "a dataset group holds one event tracker"
