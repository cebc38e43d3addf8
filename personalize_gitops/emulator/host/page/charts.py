"""The metrics of the versions of a solution, or of a recommender, as bars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from personalize_gitops.emulator.operations.models import metrics_of
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

WIDTH = 360  # of a drawing, in its own units; as wide as a small screen
_LONGEST, _LINE, _BAR = 190, 18, 14  # of a bar; the heights of a line of text, and of a bar
_MOST = 4  # versions in one drawing
_LETTERS = 15  # of the name of a version beside a bar


@dataclass(frozen=True)
class Bar:
    """The value of one metric of one version."""

    top: int
    length: int
    colour: int  # the same for all bars of a version
    version: str
    value: str

    @property
    def label(self) -> str:
        """The value and the version, as long as there is room for it."""
        name = self.version if len(self.version) <= _LETTERS else f"{self.version[: _LETTERS - 1]}…"
        return f"{self.value} {name}"


@dataclass(frozen=True)
class Metric:
    """The bars of one metric."""

    name: str
    top: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing of the metrics of one solution or recommender."""

    name: str
    recipe: str
    height: int
    metrics: tuple[Metric, ...]

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions, oldest first."""
        return tuple(bar.version for bar in self.metrics[0].bars)


def charts_of(region: Region, records: Iterable[Record], *, measure: bool) -> tuple[tuple[Chart, ...], int]:
    """Return the charts of a group, and how many versions have no metrics yet. With `measure`, all get theirs."""
    measured: dict[str, list[Record]] = {}
    missing = 0
    for record in records:
        if record.kind not in ("SolutionVersion", "Recommender") or record.status != ACTIVE:
            continue
        if measure and record.arn in region.trainings:
            metrics_of(region, record)
        if _known(region, record):
            measured.setdefault(record.fields.get("solutionArn", record.arn), []).append(record)
        else:
            missing += 1
    return tuple(_chart(region, arn, versions[-_MOST:]) for arn, versions in measured.items()), missing


def _known(region: Region, record: Record) -> Mapping[str, float]:
    """Return the metrics that were computed already."""
    training = region.trainings.get(record.arn)
    return (training.metrics or {}) if training is not None else {}


def _chart(region: Region, arn: str, versions: Sequence[Record]) -> Chart:
    values = [(_version_name(record), _known(region, record)) for record in versions]
    names = list(dict.fromkeys(name for _, known in values for name in known))
    metrics, top = [], 0
    for name in names:
        metrics.append(_metric(name, top, values))
        top += _LINE + len(values) * (_BAR + 2) + 6
    recipe = str(versions[-1].fields["recipeArn"]).rpartition("/")[2]
    return Chart(arn.rpartition("/")[2], recipe, top, tuple(metrics))


def _metric(name: str, top: int, values: Sequence[tuple[str, Mapping[str, float]]]) -> Metric:
    most = max(1.0, *(known.get(name, 0.0) for _, known in values))  # nearly all metrics are shares
    bars = []
    for at, (version, known) in enumerate(values):
        value = known.get(name)
        length = max(1, round(max(0.0, value) / most * _LONGEST)) if value is not None else 0
        text = f"{value:.4f}" if value is not None else "none"
        bars.append(Bar(top + _LINE + at * (_BAR + 2), length, at, version, text))
    return Metric(name, top, tuple(bars))


def _version_name(record: Record) -> str:
    return str(record.fields.get("name") or record.arn.rpartition("/")[2])
