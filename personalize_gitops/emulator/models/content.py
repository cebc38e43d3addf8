"""Items and users by their metadata: a vocabulary of categories, words and ranges, and one sparse row for each id."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import scipy.sparse as sp

from personalize_gitops.emulator.models.values import Columns, Feature, Use

_WORD = re.compile(r"\w{3,}")
_MOST_WORDS = 5_000  # of a text column, the most frequent ones
_RANGES = 10  # of a numeric column


@dataclass(frozen=True)
class Vocabulary:
    """The known values of metadata columns, with their weights: rare values tell more than common ones."""

    features: tuple[Feature, ...]
    edges: Mapping[str, Sequence[float]]  # by numeric column: where its ranges end
    weights: Mapping[str, float]  # by token

    def rows(self, table: Columns, id_column: str, ids: Sequence[str]) -> sp.csr_matrix:
        """Return one row for each id: its tokens with their weights, of length 1. Unknown values are left out."""
        column = {token: number for number, token in enumerate(self.weights)}
        row_of = {id_: number for number, id_ in enumerate(ids)}
        places: list[tuple[int, int, float]] = []
        for id_, tokens in _tokens(table, id_column, self.features, self.edges):
            if id_ in row_of:
                places.extend((row_of[id_], column[t], self.weights[t]) for t in set(tokens) if t in column)
        rows, columns, data = zip(*places, strict=True) if places else ((), (), ())
        matrix = sp.csr_matrix((np.array(data, np.float32), (rows, columns)), shape=(len(ids), len(column)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        return sp.diags_array(1 / np.maximum(lengths, 1e-9), dtype=np.float32).tocsr() @ matrix

    def row(self, values: Mapping[str, str]) -> sp.csr_matrix:
        """Return the row of one id that is not in a table, from its values by column."""
        return self.rows({"ID": [""], **{name: [value] for name, value in values.items()}}, "ID", [""])

    def to_json(self) -> Any:
        """Return the vocabulary as a value of JSON."""
        return {
            "features": [[feature.column, feature.use] for feature in self.features],
            "edges": self.edges,
            "weights": self.weights,
        }

    @classmethod
    def from_json(cls, value: Any) -> "Vocabulary":
        """Return the vocabulary that `to_json` was called on."""
        features = tuple(Feature(column, Use(use)) for column, use in value["features"])
        return cls(features, value["edges"], value["weights"])


def learn_vocabulary(table: Columns, id_column: str, features: Iterable[Feature]) -> Vocabulary:
    """Return the values that occur in a table, in order of their names."""
    present = tuple(feature for feature in features if feature.column in table and id_column in table)
    edges = {feature.column: _edges(table[feature.column]) for feature in present if feature.use is Use.NUMERIC}
    counts: Counter[str] = Counter()
    for _, tokens in _tokens(table, id_column, present, edges):
        counts.update(set(tokens))
    rows = len(table[id_column]) if present else 0
    texts = {feature.column for feature in present if feature.use is Use.TEXTUAL}
    words = [t for t, n in counts.items() if t.partition("=")[0] in texts and (n < 2 or n > rows / 2)]
    for word in words:
        del counts[word]
    kept = sorted(counts, key=lambda token: (-counts[token], token))[: _MOST_WORDS * max(len(present), 1)]
    return Vocabulary(present, edges, {token: log(1 + rows / counts[token]) for token in sorted(kept)})


def _tokens(
    table: Columns, id_column: str, features: Sequence[Feature], edges: Mapping[str, Sequence[float]]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each id with its tokens."""
    columns = [(feature, table.get(feature.column) or [""] * len(table[id_column])) for feature in features]
    for number, id_ in enumerate(table[id_column] if features else ()):
        tokens: list[str] = []
        for feature, values in columns:
            name, value = feature.column, values[number]
            match feature.use:
                case Use.CATEGORICAL:
                    tokens.extend(f"{name}={part}" for part in value.split("|") if part)
                case Use.TEXTUAL:
                    tokens.extend(f"{name}={word}" for word in _WORD.findall(value.lower()))
                case Use.NUMERIC if value:
                    tokens.append(f"{name}={np.searchsorted(edges.get(name, ()), float(value))}")
        yield id_, tokens


def _edges(values: Sequence[str]) -> list[float]:
    numbers = np.array([float(value) for value in values if value])
    if not len(numbers):
        return []
    return [float(edge) for edge in np.unique(np.quantile(numbers, np.linspace(0, 1, _RANGES + 1)[1:-1]))]
