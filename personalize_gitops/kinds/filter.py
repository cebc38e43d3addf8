"""A filter: an expression that excludes items, actions or users from results, or includes only some."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from personalize_gitops.filters import FilterSyntaxError, canonical, normal, parse
from personalize_gitops.kinds.types import Reference, most_per_group, typical
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.resource import Most, Replace, Resource
from personalize_gitops.model.structure import Attributes, Compare, Ref

_EFFECTS = {
    "SAME": Fact.SAME_RESULTS,
    "NARROWER": Fact.FEWER_RESULTS,
    "WIDER": Fact.MORE_RESULTS,
    "DIFFERENT": Fact.OTHER_RESULTS,
}
"""What a replacement brings, by the name of the relation of the new expression to the old one."""


def _by_meaning(expression: Any) -> Any:
    """Return the normal form of an expression as text; the expression itself if it cannot be parsed.

    White space, the case of keywords, the kind of quotes, and order do not count (docs/service/3 §4.2, §4.6).
    """
    try:
        return canonical(normal(parse(str(expression))))
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
    def replacement_effect(cls, before: Attributes, after: Attributes) -> Fact | None:
        """Return whether the new expression lets fewer or more results pass; None for the same expression."""
        from personalize_gitops.filters.relation import relation  # only the replacement of a filter needs it

        old, new = (str(attributes.get("filterExpression")) for attributes in (before, after))
        if _by_meaning(old) == _by_meaning(new):
            return None
        try:
            found = relation(parse(old), parse(new))
        except FilterSyntaxError:
            return None
        return _EFFECTS[found.name]

    @classmethod
    def list_member(cls) -> str:
        """Return `Filters`, the only list member that begins with a capital letter (docs/service/4 §1.5)."""
        return "Filters"
