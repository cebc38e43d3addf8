"""The parameters of a recipe: each has a place, a type, a default and a range."""

import math
from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Reason, Verbatim, because


class ParameterKind(StrEnum):
    """Where a parameter is written (docs/service/1 §13.1)."""

    ALGORITHM = "algorithm"  # solutionConfig.algorithmHyperParameters
    FEATURIZATION = "featurization"  # solutionConfig.featureTransformationParameters
    EXPLORATION = "exploration"  # itemExplorationConfig of a campaign, recommender or batch inference job
    RANKING = "ranking"  # rankingInfluence of a campaign or batch inference job


class ValueType(StrEnum):
    """The type that the text of a value has; the service's maps hold strings only."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    STRING = "string"


@dataclass(frozen=True)
class Parameter:
    """One setting of a recipe."""

    name: str
    kind: ParameterKind
    value_type: ValueType
    default: int | float | bool | str
    minimum: float | None = None
    maximum: float | None = None
    minimum_excluded: bool = False  # "positive" in the guide: greater than the minimum
    values: tuple[str, ...] = ()  # every value that can be set; empty if the type alone decides
    tunable: bool = False  # hyperparameter optimization can search it
    settable: bool = True  # False: only a search range has an effect

    @property
    def default_text(self) -> str:
        """The default as the service's string maps contain it, e.g. `"true"` (docs/service/1 §11.6)."""
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    def problem(self, text: str) -> Reason | None:
        """Return why the parameter does not accept `text`, or None if it does."""
        match self.value_type:
            case ValueType.BOOLEAN:
                # The guide prints True and true alike (docs/service/1 §13.1).
                return None if text.lower() in _BOOLEANS else _not_a_choice(text, _BOOLEANS)
            case ValueType.STRING:
                return None if not self.values or text in self.values else _not_a_choice(text, self.values)
            case ValueType.INTEGER | ValueType.FLOAT:
                return None if self._accepts_number(text) else self._out_of_range(text)

    def _accepts_number(self, text: str) -> bool:
        try:
            number: float = int(text) if self.value_type is ValueType.INTEGER else float(text)
        except ValueError:
            return False
        too_low = self.minimum is not None and (
            number <= self.minimum if self.minimum_excluded else number < self.minimum
        )
        too_high = self.maximum is not None and number > self.maximum
        return math.isfinite(number) and not too_low and not too_high

    def _out_of_range(self, text: str) -> Reason:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return because(
            ValueCode.OUT_OF_RANGE,
            found=Verbatim(text),
            whole=self.value_type is ValueType.INTEGER,
            exclusive=self.minimum_excluded,
            **{name: bound for name, bound in bounds.items() if bound is not None},
        )


_BOOLEANS = ("true", "false")


def _not_a_choice(text: str, choices: tuple[str, ...]) -> Reason:
    return because(ValueCode.NOT_A_CHOICE, found=Verbatim(text), expected=tuple(map(Verbatim, choices)))
