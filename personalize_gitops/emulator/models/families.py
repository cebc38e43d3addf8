"""One table from recipe to family, and the functions that every family has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from personalize_gitops.emulator.models.values import Configuration, EventRule, Question, TrainingData

if TYPE_CHECKING:
    from personalize_gitops.emulator.models.ranking import Ranking


class Model(Protocol):
    """A trained model. `answer` needs no other data than the question."""

    def to_bytes(self) -> bytes:
        """Return the model as bytes; the same model gives the same bytes."""
        ...

    def answer(self, question: Question) -> "Ranking":
        """Return ids, best first: items, actions or users."""
        ...


@dataclass(frozen=True)
class Family:
    """The models of some recipes. The module has `train(configuration, data)` and `load(content)`."""

    module: str
    events: tuple[str, ...] = ()  # the only event types that the recipes learn from; empty for all
    scores: bool = False  # whether results have scores (docs/service/2 §10.3)


_BLEND, _SILENT_BLEND = Family("blend", scores=True), Family("blend")

FAMILIES: Mapping[str, Family] = {
    "aws-user-personalization-v2": _BLEND,
    "aws-user-personalization": _BLEND,
    "aws-hrnn": _BLEND,
    "aws-hrnn-metadata": _BLEND,
    "aws-hrnn-coldstart": _BLEND,
    "aws-personalized-ranking-v2": _BLEND,
    "aws-personalized-ranking": _BLEND,
    "aws-vod-top-picks": _SILENT_BLEND,
    "aws-ecomm-recommended-for-you": _SILENT_BLEND,
    "aws-popularity-count": Family("popularity"),
    "aws-vod-most-popular": Family("popularity", ("Watch",)),
    "aws-ecomm-popular-items-by-views": Family("popularity", ("View",)),
    "aws-ecomm-popular-items-by-purchases": Family("popularity", ("Purchase",)),
    "aws-trending-now": Family("trending"),
    "aws-vod-trending-now": Family("trending"),
    "aws-sims": Family("similar"),
    "aws-similar-items": Family("similar"),
    "aws-semantic-similarity": Family("similar"),
    "aws-vod-because-you-watched-x": Family("similar", ("Watch",)),
    "aws-vod-more-like-x": Family("similar"),
    "aws-ecomm-frequently-bought-together": Family("similar", ("Purchase",)),
    "aws-ecomm-customers-who-viewed-x-also-viewed": Family("similar", ("View",)),
    "aws-next-best-action": Family("actions", scores=True),
    "aws-item-affinity": Family("segments"),
    "aws-item-attribute-affinity": Family("segments"),
}
"""The family of every recipe, by name."""


def family_of(recipe: str) -> Family:
    """Return the family of a recipe, given by name."""
    return FAMILIES[recipe]


def train(configuration: Configuration, data: TrainingData) -> Model:
    """Train a model. The same configuration and data give the same model, bit for bit."""
    from threadpoolctl import threadpool_limits

    module = _module(configuration.recipe)
    # Sums of several threads differ in their last bits with the number of cores. One thread is hardly slower, and
    # much faster where other processes use the cores.
    with threadpool_limits(1, user_api="blas"):
        model: Model = module.train(_with_events(configuration), data)
    return model


def load(recipe: str, content: bytes) -> Model:
    """Return the model of a recipe from its bytes. ValueError if they are damaged."""
    model: Model = _module(recipe).load(content)
    return model


def measure(configuration: Configuration, data: TrainingData) -> Mapping[str, float]:
    """Return the offline metrics of a training, by name (docs/service/2 §9)."""
    from personalize_gitops.emulator.models.evaluation import metrics_of

    return metrics_of(_with_events(configuration), data)


def _with_events(configuration: Configuration) -> Configuration:
    """Add the event types of a use case, unless the configuration names others."""
    events = configuration.events or tuple(map(EventRule, family_of(configuration.recipe).events))
    return replace(configuration, events=events)


def _module(recipe: str) -> Any:
    return import_module(f"personalize_gitops.emulator.models.{family_of(recipe).module}")
