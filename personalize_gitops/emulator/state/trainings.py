"""Trainings: the data of a solution version or recommender as it was when its training began, and the model.

A model is trained when it is first asked, because most local versions never are. That changes no answer: the data is
fixed, and the same data gives the same model. When model and metrics exist, the data is dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.emulator.data.learning import configuration_of, training_data
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.errors import UnusableState
from personalize_gitops.emulator.models import Columns, Model, load, measure, train


@dataclass
class Training:
    """One training, of a record whose fields its methods are given."""

    began: float  # epoch seconds
    tables: Mapping[str, Table]  # by dataset type; empty when model and metrics exist
    features: Mapping[str, Sequence[Sequence[str]]]  # by dataset type: metadata columns and how they are read
    updated: float = 0.0  # when new items were last added to the model, in epoch seconds
    metrics: Mapping[str, float] | None = None
    saved_model: str | None = None  # the file of a saved state that has the model
    content: bytes | None = field(default=None, repr=False)  # the model as it was loaded, until it is first asked
    _model: Model | None = field(default=None, repr=False)

    @property
    def trained(self) -> bool:
        """Whether there is a model already."""
        return self._model is not None or self.content is not None

    @property
    def progress(self) -> object:
        """What changes in a training, as a value that equals that of an unchanged one."""
        return self.trained, self.updated, self.metrics, self.saved_model, bool(self.tables)

    def model(self, fields: Mapping[str, Any]) -> Model:
        """Return the model; train it if there is none yet."""
        if self._model is None and self.content is not None:
            self._model = _loaded(fields, self.content)
            self.content = None
        elif self._model is None:
            self._model = train(configuration_of(fields), training_data(self.tables, self.features, fields))
            self._drop_data()
        return self._model

    def measured(self, fields: Mapping[str, Any]) -> Mapping[str, float]:
        """Return the metrics; compute them if there are none yet."""
        if self.metrics is None:
            self.metrics = measure(configuration_of(fields), training_data(self.tables, self.features, fields))
            self._drop_data()
        return self.metrics

    def add_items(self, fields: Mapping[str, Any], items: Columns, now: float) -> None:
        """Add the items that the model does not know, if it is of a family that can (docs/service/1 §11.3)."""
        model = self.model(fields)
        extended: Model = model.with_items(items) if hasattr(model, "with_items") else model
        self.updated = now
        if extended is not model:
            self._model, self.saved_model = extended, None

    def model_content(self) -> bytes:
        """Return the model as bytes."""
        return self.content if self._model is None and self.content is not None else self._existing().to_bytes()

    def _existing(self) -> Model:
        if self._model is None:
            raise ValueError("not trained yet")
        return self._model

    def _drop_data(self) -> None:
        if self.trained and self.metrics is not None:
            self.tables = {}


def _loaded(fields: Mapping[str, Any], content: bytes) -> Model:
    try:
        return load(configuration_of(fields).recipe, content)
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableState("a saved model is damaged; remove the saved state to start anew") from error
