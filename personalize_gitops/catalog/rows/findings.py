"""What a rule finds in the rows of a data file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Param, Reason, Verbatim, because

DOUBTFUL = frozenset(
    {
        DataCode.EXTRA_COLUMNS,
        DataCode.OTHER_ORDER,
        DataCode.QUOTED_HEADER,
        DataCode.MILLISECONDS,
        DataCode.IN_THE_FUTURE,
        DataCode.LINE_BREAK,
        DataCode.RESERVED_WORD,
        DataCode.TRUNCATED,
        DataCode.LINE_NOT_JSON,
        DataCode.LINE_NOT_AN_OBJECT,
        DataCode.LINE_WITHOUT_MEMBERS,
        DataCode.LINE_WITHOUT_VALUES,
        DataCode.QUERY_OF_UNKNOWN,
        DataCode.QUERY_OF_TEXT,
    }
)
"""The findings that do not fail a job, or of which the guide does not say that they do."""


@dataclass(frozen=True)
class Finding:
    """Rows that break a rule."""

    code: DataCode
    records: Sequence[int]  # ascending; the header is record 1
    column: str = ""  # empty: the whole row
    params: Mapping[str, Param | tuple[Param, ...]] = field(default_factory=dict)

    @property
    def reason(self) -> Reason:
        """The code with its parameters."""
        return because(self.code, **({"column": Verbatim(self.column)} if self.column else {}), **self.params)

    @property
    def doubtful(self) -> bool:
        """Whether an import may accept the rows."""
        return self.code in DOUBTFUL
