"""What a recipe lets one set: parameters with their place, type, default and range."""

import math
from dataclasses import dataclass
from enum import StrEnum


class ParameterKind(StrEnum):
    """Where a parameter is written (docs/service/1 §13.1)."""

    ALGORITHM = "algorithm"  # solutionConfig.algorithmHyperParameters
    FEATURIZATION = "featurization"  # solutionConfig.featureTransformationParameters
    EXPLORATION = "exploration"  # itemExplorationConfig of a campaign, recommender or batch inference job
    RANKING = "ranking"  # rankingInfluence of a campaign or batch inference job


class ValueType(StrEnum):
    """What the text of a value must read as; the service's maps hold strings only."""

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
    values: tuple[str, ...] = ()  # all that may be set, where that is a list
    tunable: bool = False  # hyperparameter optimisation may search it
    settable: bool = True  # False: only a search range has an effect, a direct value none

    @property
    def default_text(self) -> str:
        """The default as the service's string maps write it, e.g. `"true"` (docs/service/1 §11.6)."""
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    def problem(self, text: str) -> str | None:
        """Why `text` is not a value of this parameter, or None."""
        match self.value_type:
            case ValueType.BOOLEAN:
                # the guide prints True and true alike (docs/service/1 §13.1)
                return None if text.lower() in ("true", "false") else f"expected true or false, found {text!r}"
            case ValueType.STRING:
                expected = ", ".join(repr(value) for value in self.values)
                return None if not self.values or text in self.values else f"expected one of {expected}, found {text!r}"
            case ValueType.INTEGER | ValueType.FLOAT:
                return self._number_problem(text)

    def _number_problem(self, text: str) -> str | None:
        try:
            number: float = int(text) if self.value_type is ValueType.INTEGER else float(text)
        except ValueError:
            return f"expected {self.value_type} {self.range_text}, found {text!r}"
        too_low = self.minimum is not None and (
            number <= self.minimum if self.minimum_excluded else number < self.minimum
        )
        too_high = self.maximum is not None and number > self.maximum
        if too_low or too_high or not math.isfinite(number):
            return f"expected {self.value_type} {self.range_text}, found {text}"
        return None

    @property
    def range_text(self) -> str:
        """The range as a person would say it."""
        if self.minimum is not None and self.maximum is not None:
            return f"from {self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f"{'above' if self.minimum_excluded else 'from'} {self.minimum:g}"
        return f"up to {self.maximum:g}" if self.maximum is not None else "of any size"
