"""Writing the points of a large source as a vector tile, compiled. Imported on use only.

What `geoaq.tiles.mvt` lays out with arrays is written here byte by byte, for thousands of features in a part
of a millisecond and for a handful in microseconds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler

compiled = compiler(("geoaq.tiles.mvt_loops",))
_Bytes = npt.NDArray[np.uint8]
_SEVEN = np.uint64(7)
_LOW = np.uint64(127)
_MORE = np.uint64(128)
# Zigzag of a number that is not negative.
_UP = np.uint64(1)
# Field number and wire type, as in `geoaq.tiles.mvt`.
_LAYER, _FEATURE, _VALUE, _WHOLE = np.uint64(0x1A), np.uint64(0x12), np.uint64(0x22), np.uint64(0x28)
_ID, _TAGS, _KIND, _GEOMETRY = np.uint64(0x08), np.uint64(0x12), np.uint64(0x18), np.uint64(0x22)
_POINT, _MOVE_TO_ONE = np.uint64(1), np.uint64(9)


@compiled
def tile_bytes(
    head: _Bytes,
    keys: _Bytes,
    tail: _Bytes,
    x: npt.NDArray[np.uint32],
    y: npt.NDArray[np.uint32],
    ids: npt.NDArray[np.int64],
    wholes: npt.NDArray[np.int64],
    codes: npt.NDArray[np.uint16],
    words: _Bytes,
    starts: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
) -> _Bytes:
    """Return a tile with one layer of points.

    Parameters
    ----------
    head, keys, tail
        Parts of the layer as bytes: its name; names of its properties, those of words first; extent, version.
    x, y
        Shape (n,), units.
    ids
        Shape (n,), or none at all.
    wholes
        Whole numbers from 0 for the last property, shape (n,), or none at all.
    codes
        Shape (columns of words, n).
    words
        All words of all columns, each written as a value of the layer; an empty word is no bytes.
    starts
        Where each begins in ``words``, and the end.
    columns
        Which of ``starts`` is the first of a column.
    """
    n, m = x.size, codes.shape[0]
    tags = np.full((n, m + 1), -1, np.int32)
    used, size = _tag_words(codes, starts, columns, tags)
    distinct, at = _numbered(wholes)
    for i in range(at.size):
        tags[i, m] = used.size + at[i]
    for one in distinct:
        size += 3 + _size(np.uint64(one))
    sizes = np.empty((n, 3), np.int64)
    size += head.size + keys.size + tail.size + _measure(x, y, ids, tags, sizes)
    out = np.empty(1 + _size(np.uint64(size)) + size, np.uint8)
    to = _put(out, _put(out, 0, _LAYER), np.uint64(size))
    to = _copy(out, to, head)
    to = _put_features(out, to, x, y, ids, tags, sizes)
    to = _copy(out, to, keys)
    for one in used:
        to = _copy(out, to, words[starts[one] : starts[one + 1]])
    for one in distinct:
        to = _put(out, _put(out, to, _VALUE), np.uint64(1 + _size(np.uint64(one))))
        to = _put(out, _put(out, to, _WHOLE), np.uint64(one))
    _copy(out, to, tail)
    return out


@compiled
def _tag_words(
    codes: npt.NDArray[np.uint16],
    starts: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    tags: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int64], int]:
    """Write the number of each word, as they come; return which are used, and their bytes in all."""
    m, n = codes.shape
    number = np.full(starts.size - 1, -1, np.int32)
    used = np.empty(min(starts.size - 1, n * m), np.int64)
    there = size = 0
    for i in range(n):
        for column in range(m):
            word = columns[column] + codes[column, i]
            if starts[word + 1] == starts[word]:
                continue
            if number[word] < 0:
                number[word] = there
                used[there] = word
                there += 1
                size += starts[word + 1] - starts[word]
            tags[i, column] = number[word]
    return used[:there], size


@compiled
def _measure(
    x: npt.NDArray[np.uint32],
    y: npt.NDArray[np.uint32],
    ids: npt.NDArray[np.int64],
    tags: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int64],
) -> int:
    """Write the bytes of each feature's tags, of its geometry and of the whole; return those of all."""
    total = 0
    for i in range(x.size):
        tagged = 0
        for column in range(tags.shape[1]):
            if tags[i, column] >= 0:
                tagged += _size(np.uint64(column)) + _size(np.uint64(tags[i, column]))
        placed = 1 + _size(np.uint64(x[i]) << _UP) + _size(np.uint64(y[i]) << _UP)
        whole = 5 + _size(np.uint64(tagged)) + tagged + placed
        if ids.size:
            whole += 1 + _size(np.uint64(ids[i]))
        sizes[i, 0], sizes[i, 1], sizes[i, 2] = tagged, placed, whole
        total += 1 + _size(np.uint64(whole)) + whole
    return total


@compiled
def _put_features(
    out: _Bytes,
    to: int,
    x: npt.NDArray[np.uint32],
    y: npt.NDArray[np.uint32],
    ids: npt.NDArray[np.int64],
    tags: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int64],
) -> int:
    """Write the features; return where they end."""
    for i in range(x.size):
        to = _put(out, _put(out, to, _FEATURE), np.uint64(sizes[i, 2]))
        if ids.size:
            to = _put(out, _put(out, to, _ID), np.uint64(ids[i]))
        to = _put(out, _put(out, to, _TAGS), np.uint64(sizes[i, 0]))
        for column in range(tags.shape[1]):
            if tags[i, column] >= 0:
                to = _put(out, _put(out, to, np.uint64(column)), np.uint64(tags[i, column]))
        to = _put(out, _put(out, to, _KIND), _POINT)
        to = _put(out, _put(out, to, _GEOMETRY), np.uint64(sizes[i, 1]))
        to = _put(out, to, _MOVE_TO_ONE)
        to = _put(out, _put(out, to, np.uint64(x[i]) << _UP), np.uint64(y[i]) << _UP)
    return to


@compiled
def _numbered(values: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the different values in the order in which they come first, and for each value which it is."""
    room = 8
    while room < 2 * values.size:
        room *= 2
    slots = np.full(room, -1, np.int32)
    distinct = np.empty(values.size, np.int64)
    at = np.empty(values.size, np.int32)
    there = 0
    for i in range(values.size):
        mixed = np.uint64(values[i]) * np.uint64(0x9E3779B97F4A7C15)
        slot = np.int64(mixed >> np.uint64(33)) & (room - 1)
        while slots[slot] >= 0 and distinct[slots[slot]] != values[i]:
            slot = (slot + 1) & (room - 1)
        if slots[slot] < 0:
            slots[slot] = there
            distinct[there] = values[i]
            there += 1
        at[i] = slots[slot]
    return distinct[:there], at


@compiled
def _size(number: np.uint64) -> int:
    """Return how many bytes a varint takes."""
    size = 1
    while number > _LOW:
        number >>= _SEVEN
        size += 1
    return size


@compiled
def _put(out: _Bytes, at: int, number: np.uint64) -> int:
    """Write a varint; return where it ends."""
    while number > _LOW:
        out[at] = np.uint8((number & _LOW) | _MORE)
        number >>= _SEVEN
        at += 1
    out[at] = np.uint8(number)
    return at + 1


@compiled
def _copy(out: _Bytes, at: int, part: _Bytes) -> int:
    """Write bytes as they are; return where they end."""
    out[at : at + part.size] = part
    return at + part.size
