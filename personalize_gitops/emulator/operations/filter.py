"""A filter: an expression over the data of a group that leaves items out or in (reference 3 §4)."""

from personalize_gitops.emulator.kind import Kind


class Filter(Kind):
    """Immutable."""

    name = "Filter"
    arn_path = "filter"
