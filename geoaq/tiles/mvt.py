"""Writing vector tiles: points with words and numbers, after the Mapbox Vector Tile specification 2.1.

Everything in a feature is a varint, so a layer is one table of numbers, a row a feature, whose bytes are laid
out by numpy at once; no feature is visited by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

#: Units a side of a tile.
EXTENT = 4096
Property = tuple[npt.NDArray[Any], Sequence[str] | None]
_Numbers = npt.NDArray[np.uint64]
_Sizes = npt.NDArray[np.int64]
_NONE = np.empty(0, np.int64)
# Field number and wire type, as protocol buffers write them: length-delimited is 2, varint is 0.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE = 3 << 3 | 2, 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2
_EXTENT, _VERSION = 5 << 3, 15 << 3
_ID, _TAGS, _KIND, _GEOMETRY = 1 << 3, 2 << 3 | 2, 3 << 3, 4 << 3 | 2
_TEXT, _WHOLE = 1 << 3 | 2, 5 << 3
_POINT, _MOVE_TO_ONE = 1, 1 << 3 | 1


def layer(
    name: str,
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    properties: Mapping[str, Property],
    ids: npt.NDArray[Any] | None = None,
) -> bytes:
    """Return a tile with one layer of points; tiles that are joined end to end are one tile with both layers.

    Parameters
    ----------
    name
        Of the layer.
    x, y
        Shape (n,), whole units from the north-west corner.
    properties
        By name: whole numbers from 0, shape (n,), and None; or places in a list of words, and the list. A
        point whose word is empty has no such property.
    ids
        Whole numbers from 0, shape (n,).
    """
    n = len(x)
    if n == 0:
        return b""
    values, count = b"", 0
    pairs: list[_Numbers] = []
    there: list[npt.NDArray[np.bool_]] = []
    for key, (column, words) in enumerate(properties.values()):
        distinct, at = np.unique(column, return_inverse=True)
        pairs += [np.full(n, key, np.uint64), (at + count).astype(np.uint64)]
        present = np.ones(n, bool)
        if words is not None:
            present = np.array([words[code] != "" for code in distinct], bool)[at]
        there += [present, present]
        if words is None:
            values += _whole_values(distinct.astype(np.uint64))
        else:
            values += b"".join(_chunk(_VALUE, _chunk(_TEXT, words[one].encode())) for one in distinct)
        count += len(distinct)
    features = _features(x, y, pairs, there, ids)
    keys = b"".join(_chunk(_KEY, key.encode()) for key in properties)
    body = _chunk(_NAME, name.encode()) + features + keys + values + _TAIL
    return _chunk(_LAYER, body)


class CompiledLayer:
    """A layer that is written many times, by machine code (`geoaq.tiles.mvt_loops`).

    Parameters
    ----------
    name
        Of the layer.
    columns
        Words by property.
    whole
        Name of one more property, whole numbers; None: there is none.
    """

    def __init__(self, name: str, columns: Mapping[str, Sequence[str]], whole: str | None) -> None:
        keys = [*columns, *(() if whole is None else (whole,))]
        values = [
            _chunk(_VALUE, _chunk(_TEXT, word.encode())) if word else b""
            for words in columns.values()
            for word in words
        ]
        self._head = np.frombuffer(_chunk(_NAME, name.encode()), np.uint8)
        self._keys = np.frombuffer(b"".join(_chunk(_KEY, key.encode()) for key in keys), np.uint8)
        self._tail = np.frombuffer(_TAIL, np.uint8)
        self._words = np.frombuffer(b"".join(values), np.uint8)
        self._starts = np.cumsum([0, *map(len, values)])
        self._columns = np.cumsum([0, *(len(words) for words in columns.values())])

    def tile(
        self,
        x: npt.NDArray[np.uint32],
        y: npt.NDArray[np.uint32],
        codes: npt.NDArray[np.uint16],
        *,
        whole: npt.NDArray[np.int64] = _NONE,
        ids: npt.NDArray[np.int64] = _NONE,
    ) -> bytes:
        """Return a tile with this layer; arguments as of `layer`, ``codes`` of shape (columns, n)."""
        from geoaq.tiles.mvt_loops import tile_bytes

        if len(x) == 0:
            return b""
        body = tile_bytes(
            self._head, self._keys, self._tail, x, y, ids, whole, codes,
            self._words, self._starts, self._columns,
        )  # fmt: skip
        return body.tobytes()


def _features(
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    pairs: list[_Numbers],
    there: list[npt.NDArray[np.bool_]],
    ids: npt.NDArray[Any] | None,
) -> bytes:
    n = len(x)
    geometry = np.stack([np.full(n, _MOVE_TO_ONE, np.uint64), _zigzag(x), _zigzag(y)], axis=1)
    tags = np.stack(pairs, axis=1) if pairs else np.empty((n, 0), np.uint64)
    kept = np.stack(there, axis=1) if there else np.empty((n, 0), bool)
    tag_size = (_sizes(tags) * kept).sum(axis=1)
    head = [] if ids is None else [np.full(n, _ID, np.uint64), np.asarray(ids).astype(np.uint64)]
    tail = [
        np.full(n, _KIND, np.uint64),
        np.full(n, _POINT, np.uint64),
        np.full(n, _GEOMETRY, np.uint64),
        _sizes(geometry).sum(axis=1).astype(np.uint64),
    ]
    parts = [*head, np.full(n, _TAGS, np.uint64), tag_size.astype(np.uint64)]
    table = np.concatenate(
        [np.stack(parts, axis=1), tags, np.stack(tail, axis=1), geometry], axis=1, dtype=np.uint64
    )
    mask = np.ones(table.shape, bool)
    mask[:, len(parts) : len(parts) + tags.shape[1]] = kept
    size = (_sizes(table) * mask).sum(axis=1).astype(np.uint64)
    outer = np.stack([np.full(n, _FEATURE, np.uint64), size], axis=1)
    mask = np.concatenate([np.ones((n, 2), bool), mask], axis=1)
    return _varints(np.concatenate([outer, table], axis=1)[mask])


def _whole_values(numbers: _Numbers) -> bytes:
    """Return numbers as values of a layer."""
    n = len(numbers)
    table = [np.full(n, _VALUE), 1 + _sizes(numbers), np.full(n, _WHOLE), numbers]
    return _varints(np.stack([column.astype(np.uint64) for column in table], axis=1).ravel())


def _varints(numbers: _Numbers) -> bytes:
    """Return numbers as varints: seven bits a byte, the lowest first, the top bit says that more follow."""
    sizes = _sizes(numbers)
    ends = np.cumsum(sizes)
    starts = ends - sizes
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    for byte in range(int(sizes.max(initial=0))):
        longer = np.flatnonzero(sizes > byte)
        bits = (numbers[longer] >> np.uint64(7 * byte)) & np.uint64(127)
        more = (sizes[longer] > byte + 1).astype(np.uint64) << np.uint64(7)
        out[starts[longer] + byte] = (bits | more).astype(np.uint8)
    return out.tobytes()


def _sizes(numbers: _Numbers) -> _Sizes:
    sizes = np.ones(numbers.shape, np.int64)
    top = int(numbers.max(initial=0)).bit_length()
    for bits in range(7, top, 7):
        sizes += numbers >= np.uint64(1 << bits)
    return sizes


def _zigzag(values: npt.NDArray[Any]) -> _Numbers:
    return np.asarray(values).astype(np.uint64) << np.uint64(1)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _chunk(tag: int, body: bytes) -> bytes:
    return _number(tag) + _number(len(body)) + body


_TAIL = _number(_EXTENT) + _number(EXTENT) + _number(_VERSION) + _number(2)
