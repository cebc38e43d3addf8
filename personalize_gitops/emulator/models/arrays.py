"""Models as bytes: named arrays and texts in numpy's own format, without pickle and without times."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Array = NDArray[Any]


def packed(arrays: Mapping[str, Array], texts: Mapping[str, Any]) -> bytes:
    """Return arrays and values of JSON as bytes."""
    written = {f"{name}.json": _bytes_of(value) for name, value in texts.items()}
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays, **written)
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, Any]:
    """Return what `packed` was given. ValueError if the bytes are damaged."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as found:
            return {name.removesuffix(".json"): _value_of(name, found[name]) for name in found.files}
    except (BadZipFile, OSError, EOFError) as error:
        raise ValueError(str(error)) from error


def sparse_arrays(name: str, matrix: sp.csr_matrix) -> dict[str, Array]:
    """Return the arrays of a sparse matrix, under names that begin with `name`."""
    return {
        f"{name}_data": matrix.data,
        f"{name}_indices": matrix.indices.astype(np.int32),
        f"{name}_indptr": matrix.indptr.astype(np.int64),
        f"{name}_shape": np.array(matrix.shape, np.int64),
    }


def sparse_of(name: str, found: Mapping[str, Any]) -> sp.csr_matrix:
    """Return the sparse matrix that `sparse_arrays` was given."""
    parts = (found[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return sp.csr_matrix(tuple(parts), shape=tuple(found[f"{name}_shape"]))


def position_of(ids: Sequence[str]) -> dict[str, int]:
    """Return the position of each id."""
    return {id_: position for position, id_ in enumerate(ids)}


def _bytes_of(value: Any) -> Array:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)


def _value_of(name: str, array: Array) -> Any:
    return json.loads(array.tobytes()) if name.endswith(".json") else array
