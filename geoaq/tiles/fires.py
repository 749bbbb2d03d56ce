"""Fire pixels as a source of points: kept beside the store, made from it, thrown away without loss.

The source is parted by time, each part made from the store's pixels of its days alone: single days at the new
end, months behind them, then years. New pixels of today cost one day's part; a day that the archive replaced
costs its month or year; everything else stays as it was made. Readers see the former state until the new one
is whole, and what is made for the first time grows from the newest part on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geoaq.errors import LimitError
from geoaq.frames import FIRE_KINDS
from geoaq.tiles.filters import REGION
from geoaq.tiles.mercator import keys_of
from geoaq.tiles.points import PointSource, opened
from geoaq.tiles.segments import (
    MANIFEST,
    WORDS_MAX,
    Codes,
    Manifest,
    forget_segments,
    read_manifest,
    write_manifest,
    write_segment,
)
from geoaq.tiles.writing import create, writing

#: Strongest first: a cell of many pixels shows the first of these that is among them.
CLASSES = ("straw_likely", "mixed", "unknown", "not_cropland", "suspect", "static")
#: By confidence of `geoaq.frames.FIRE_PIXELS`: low, nominal, high; the last one is unknown (-1).
CONFIDENCES = ("low", "nominal", "high", "unknown")
#: Decimals of the columns of numbers, each a word: MW, km, km, degrees from north (in steps of five).
NUMBERS = ("frp", "scan", "track", "bearing")
DAY_S = 86_400
# Of a pixel's 64-bit key so many bits are its number: a page's script holds no more without loss.
NUMBER_BITS = 53
_SINGLE_DAYS, _SINGLE_MONTHS = 10, 12
_LAYOUT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Floats = npt.NDArray[np.float64]
_Words = tuple[list[str], npt.NDArray[np.intp]]


class Days(NamedTuple):
    """Days from ``first`` on and before ``end``, counted from 1970-01-01 UTC."""

    first: int
    end: int


class Store(NamedTuple):
    """What of the store the source is made from.

    Attributes
    ----------
    token
        Another one whenever the store holds something else.
    days
        The first day that has pixels, and the day after the last; None: there are none.
    changed
        Days whose pixels changed since the token that the source bears; None: any may have.
    tables
        ``tables(first, end)`` gives the pixels of those days as Arrow tables of `geoaq.frames.FIRE_PIXELS`,
        and the columns ``class`` and ``adcode`` where they were judged.
    bearings
        The bearing of the track of each pixel of a table, degrees from north; NaN unknown.
    """

    token: str
    days: Days | None
    changed: Collection[int] | None
    tables: Callable[[int, int], Iterable[pa.Table]]
    bearings: Callable[[pa.Table], _Floats]


def fire_folder(cache: Path) -> Path:
    """Return where the source lies in ``GEOAQ_DATA/cache/tiles``."""
    return cache / f"fires-{_LAYOUT}"


def fire_source(folder: Path) -> PointSource:
    """Return the source as it is now, an empty one where none was made yet."""
    if not (folder / MANIFEST).exists():
        _made(folder)
    return opened(folder)


def token_of(source: PointSource | Manifest) -> str:
    """Return the token of the store that a source was made from; "" while it is not whole yet."""
    return str(json.loads(source.note)["token"]) if source.note else ""


def update(folder: Path, store: Callable[[str], Store]) -> bool:
    """Bring the source up to the store; say whether anything had to be done.

    Parameters
    ----------
    folder
        Of `fire_folder`.
    store
        Asked with the token that the source bears ("": none) what the store holds.
    """
    if not (folder / MANIFEST).exists():
        _made(folder)
    with writing(folder):
        manifest = read_manifest(folder)
        known = token_of(manifest)
        now = store(known)
        if known and known == now.token:
            return False
        kept = _kept(manifest, now) if known else {}
        wanted = parts(now.days) if now.days else []
        missing = sorted((days for days in wanted if days not in kept), reverse=True)
        # What is there goes on to be shown until all of the new is; what is not there comes newest first.
        at_once = [missing] if known else [[days] for days in missing]
        for some in at_once:
            manifest, fresh = _with_words(folder, manifest, some, now)
            kept |= fresh
            if not known:
                _commit(folder, manifest, kept, "")
        _commit(folder, manifest, kept, now.token)
    return True


def parts(days: Days) -> list[Days]:
    """Return the parts that pixels of ``days`` are kept in, oldest first.

    Examples
    --------
    >>> [len(range(*part)) for part in parts(Days(19_700, 19_740))]
    [30, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    """
    single = max(days.first, days.end - _SINGLE_DAYS)
    newest = _date(days.end - 1)
    months = newest.year * 12 + newest.month - _SINGLE_MONTHS
    found, first = [], days.first
    while first < single:
        at = _date(first)
        if at.year * 12 + at.month < months:
            end = _day(at.year + 1, 1)
            # The year in which the months begin ends with them.
            end = min(end, _day((months - 1) // 12, (months - 1) % 12 + 1))
        else:
            end = _day(at.year + at.month // 12, at.month % 12 + 1)
        end = min(end, single)
        found.append(Days(first, end))
        first = end
    return found + [Days(day, day + 1) for day in range(single, days.end)]


def pixel_numbers(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return the number by which a map names each pixel, from the keys of `geoaq.frames.fire_keys`."""
    return (keys >> np.uint64(64 - NUMBER_BITS)).astype(np.int64)


_Kept = dict[Days, tuple[str, int] | None]


def _made(folder: Path) -> None:
    columns: dict[str, Sequence[str]] = {"class": CLASSES, "satellite": (), "kind": FIRE_KINDS}
    columns |= {"confidence": CONFIDENCES, REGION: ("",)} | dict.fromkeys(NUMBERS, ("",))
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # another process made the same meanwhile
        create(folder, columns, strongest="class")


def _kept(manifest: Manifest, now: Store) -> _Kept:
    """Return the parts that stay as they are."""
    if now.changed is None or now.days is None:
        return {}
    changed = np.array(sorted(now.changed), np.int64)
    there = {name: (name, points) for name, points in manifest.segments}
    wanted, kept = set(parts(now.days)), {}
    for first, end, name in json.loads(manifest.note)["parts"]:
        days = Days(first, end)
        touched = np.searchsorted(changed, first) != np.searchsorted(changed, end)
        if days in wanted and not touched:
            kept[days] = there[name] if name else None
    return kept


def _with_words(folder: Path, manifest: Manifest, some: Sequence[Days], now: Store) -> tuple[Manifest, _Kept]:
    """Write the segments of some parts; return the manifest with the words that they brought."""
    dictionary = {name: {word: at for at, word in enumerate(w)} for name, w in manifest.columns.items()}
    fresh: _Kept = {}
    for days in some:
        tables = [_Coded(*_coded(table, now, dictionary)) for table in now.tables(*days)]
        tables = [one for one in tables if len(one.key)]
        fresh[days] = None
        if tables:
            joined = _Coded(*(np.concatenate(of, axis=-1) for of in zip(*tables, strict=True)))
            fresh[days] = write_segment(folder, joined.key, joined.time, joined.number, joined.codes)
    return replace(manifest, columns={name: list(words) for name, words in dictionary.items()}), fresh


def _commit(folder: Path, manifest: Manifest, kept: _Kept, token: str) -> None:
    listed = [[*days, part[0] if part else ""] for days, part in sorted(kept.items())]
    note = json.dumps({"token": token, "parts": listed})
    segments = [part for _, part in sorted(kept.items()) if part]
    manifest = replace(manifest, note=note).with_segments(segments)
    write_manifest(folder, manifest)  # from here on the new state is seen
    forget_segments(folder, manifest)


class _Coded(NamedTuple):
    key: npt.NDArray[np.uint64]
    time: npt.NDArray[np.uint32]
    number: npt.NDArray[np.int64]
    codes: Codes


def _coded(
    table: pa.Table, now: Store, dictionary: dict[str, dict[str, int]]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.int64], Codes]:
    """Return the pixels of a table as columns of a segment; new words are added to the dictionary."""

    def numbers(name: str) -> Any:
        return table.column(name).to_numpy()

    lon, lat, time = numbers("lon"), numbers("lat"), numbers("acquired")
    usable = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & (time >= 0) & (time < 1 << 32)
    if not usable.all():
        table = table.filter(pa.array(usable))
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
        "bearing": _rounded(np.round(now.bearings(table) / 5) * 5, 0),
    }
    codes = np.empty((len(dictionary), len(time)), np.uint16)
    for row, (name, known) in enumerate(dictionary.items()):
        words, at = columns[name]
        for word in words:
            known.setdefault(word, len(known))
        if len(known) > WORDS_MAX:
            raise LimitError("too_many_words", name=name, limit=WORDS_MAX)
        codes[row] = np.array([known[word] for word in words], np.uint16)[at] if len(time) else 0
    return keys_of(lon, lat), time.astype(np.uint32), pixel_numbers(numbers("key")), codes


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


def _date(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)


def _day(year: int, month: int) -> int:
    return (datetime(year, month, 1, tzinfo=UTC) - _EPOCH).days
