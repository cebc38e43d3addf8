"""A filter: an expression that excludes items, actions or users from results, or includes only some."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from personalize_gitops.filters import FilterSyntaxError, canonical, parse
from personalize_gitops.kinds.types import Reference, most_per_group, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Most, Replace, Resource
from personalize_gitops.model.structure import Compare, Ref


def _by_meaning(expression: Any) -> Any:
    """Return the canonical text of an expression; the expression itself if it cannot be parsed.

    The case of keywords, white space and the kind of quotes do not count (docs/service/3 §4.2).
    """
    try:
        return canonical(parse(str(expression)))
    except FilterSyntaxError:
        return expression


class Filter(Resource):
    """Described in docs/service/3 §4.1 and 4 §2.10."""

    durations = typical("Filter")
    most_per_group: ClassVar[Most | None] = most_per_group("Filter")
    replace: ClassVar[Replace] = Replace.RECREATE
    immutable: ClassVar[Fact | None] = Fact.NO_UPDATE  # docs/service/3 §4.1
    after: ClassVar = ("Dataset",)  # the fields it names must exist

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    filter_expression: Annotated[str, StringConstraints(min_length=1, max_length=2500), Compare(_by_meaning)]

    @classmethod
    def list_member(cls) -> str:
        """Return `Filters`, the only list member that begins with a capital letter (docs/service/4 §1.5)."""
        return "Filters"
