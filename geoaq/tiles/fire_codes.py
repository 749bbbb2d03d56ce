"""Fire pixels as columns of a segment: keys, times, numbers, and places in dictionaries of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geoaq.errors import LimitError
from geoaq.tiles.filters import REGION
from geoaq.tiles.mercator import keys_of
from geoaq.tiles.segments import WORDS_MAX, Codes

#: Strongest first: a cell of many pixels shows the first of these that is among them.
CLASSES = ("straw_likely", "mixed", "unknown", "not_cropland", "suspect", "static")
#: By confidence of `geoaq.frames.FIRE_PIXELS`: low, nominal, high; the last one is unknown (-1).
CONFIDENCES = ("low", "nominal", "high", "unknown")
#: Decimals of the columns of numbers, each a word: MW, km, km, degrees from north (in steps of five).
NUMBERS = ("frp", "scan", "track", "bearing")
# Of a pixel's 64-bit key so many bits are its number: a page's script holds no more without loss.
NUMBER_BITS = 53
_AT_ONCE = 500_000
_Floats = npt.NDArray[np.float64]
_Words = tuple[list[str], npt.NDArray[np.intp]]


def pixel_numbers(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return the number by which a map names each pixel, from the keys of `geoaq.frames.fire_keys`."""
    return (keys >> np.uint64(64 - NUMBER_BITS)).astype(np.int64)


def joined(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield tables of the same columns as one, up to a bound: small ones cost more than their rows."""
    held: list[pa.Table] = []
    for table in tables:
        rows = sum(one.num_rows for one in held)
        if held and (rows >= _AT_ONCE or held[0].column_names != table.column_names):
            yield pa.concat_tables(held).unify_dictionaries()
            held = []
        if table.num_rows:
            held.append(table)
    if held:
        yield pa.concat_tables(held).unify_dictionaries()


class Coded(NamedTuple):
    """Pixels as `geoaq.tiles.segments.write_segment` takes them."""

    key: npt.NDArray[np.uint64]
    time: npt.NDArray[np.uint32]
    number: npt.NDArray[np.int64]
    codes: Codes


def coded(table: pa.Table, bearings: _Floats, dictionary: dict[str, dict[str, int]]) -> Coded:
    """Return the pixels of a table as columns of a segment; new words are added to the dictionary.

    Parameters
    ----------
    table
        As `geoaq.tiles.fires.Store.tables` gives it.
    bearings
        Of the track of each pixel, degrees from north; NaN unknown.
    dictionary
        By column, in the order of the codes: each word and its place.

    Raises
    ------
    LimitError
        ``too_many_words``: a column would have more than 65,536 different words.
    """

    def numbers(name: str) -> Any:
        return table.column(name).to_numpy()

    lon, lat, time = numbers("lon"), numbers("lat"), numbers("acquired")
    usable = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & (time >= 0) & (time < 1 << 32)
    if not usable.all():
        table, bearings = table.filter(pa.array(usable)), bearings[usable]
        lon, lat, time = numbers("lon"), numbers("lat"), numbers("acquired")
    confidence = np.array(CONFIDENCES, object)[numbers("confidence").astype(int)]
    judged = "class" in table.column_names
    columns: dict[str, Any] = {
        "class": _words(table, "class") if judged else (["unknown"], np.zeros(len(time), np.intp)),
        "satellite": _words(table, "satellite"),
        "kind": _words(table, "kind"),
        "confidence": _distinct(confidence.astype(str)),
        REGION: _words(table, "adcode") if judged else ([""], np.zeros(len(time), np.intp)),
        "frp": _rounded(_coarse(numbers("frp_mw")), 1),
        "scan": _rounded(numbers("scan_km"), 2),
        "track": _rounded(numbers("track_km"), 2),
        "bearing": _rounded(np.round(bearings / 5) * 5, 0),
    }
    codes = np.empty((len(dictionary), len(time)), np.uint16)
    for row, (name, known) in enumerate(dictionary.items()):
        words, at = columns[name]
        for word in words:
            known.setdefault(word, len(known))
        if len(known) > WORDS_MAX:
            raise LimitError("too_many_words", name=name, limit=WORDS_MAX)
        codes[row] = np.array([known[word] for word in words], np.uint16)[at] if len(time) else 0
    return Coded(keys_of(lon, lat), time.astype(np.uint32), pixel_numbers(numbers("key")), codes)


def _words(table: pa.Table, name: str) -> _Words:
    """Return the words of a column of a dictionary, and each row's place among them."""
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    joined = column.unify_dictionaries().combine_chunks()
    one = joined.chunk(0) if isinstance(joined, pa.ChunkedArray) and joined.num_chunks else joined
    if not len(one):
        return [], np.empty(0, np.intp)
    return [str(word) for word in one.dictionary.to_pylist()], one.indices.to_numpy().astype(np.intp)


def _distinct(values: npt.NDArray[Any]) -> _Words:
    found, at = np.unique(values, return_inverse=True)
    return [str(word) for word in found], at


def _rounded(values: npt.NDArray[Any], digits: int) -> _Words:
    """Return numbers as words with so many decimals, the empty one where there is none."""
    whole = np.round(np.asarray(values, float) * 10**digits)
    known = np.isfinite(whole)
    found, at = np.unique(np.where(known, whole, np.inf), return_inverse=True)
    return [f"{value / 10**digits:.{digits}f}" if np.isfinite(value) else "" for value in found], at


def _coarse(frp_mw: npt.NDArray[Any]) -> _Floats:
    """Return powers from 100 MW on without decimals, so that the dictionary of all of them stays small."""
    frp = np.minimum(np.asarray(frp_mw, float), 30_000.0)
    coarse: _Floats = np.where(frp >= 100, np.round(frp), frp)
    return coarse
