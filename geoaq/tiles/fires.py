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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geoaq.frames import FIRE_KINDS
from geoaq.tiles.filters import REGION
from geoaq.tiles.fire_codes import CLASSES, CONFIDENCES, NUMBERS, Coded, coded, joined
from geoaq.tiles.points import PointSource, opened
from geoaq.tiles.segments import (
    MANIFEST,
    Manifest,
    forget_segments,
    read_manifest,
    write_manifest,
    write_segment,
)
from geoaq.tiles.writing import create, writing

DAY_S = 86_400
_SINGLE_DAYS, _SINGLE_MONTHS = 10, 12
_LAYOUT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Floats = npt.NDArray[np.float64]


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
    [23, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
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
        tables = [coded(table, now.bearings(table), dictionary) for table in joined(now.tables(*days))]
        fresh[days] = None
        if sum(len(one.key) for one in tables):
            whole = Coded(*(np.concatenate(of, axis=-1) for of in zip(*tables, strict=True)))
            fresh[days] = write_segment(folder, whole.key, whole.time, whole.number, whole.codes)
    return replace(manifest, columns={name: list(words) for name, words in dictionary.items()}), fresh


def _commit(folder: Path, manifest: Manifest, kept: _Kept, token: str) -> None:
    listed = [[*days, part[0] if part else ""] for days, part in sorted(kept.items())]
    note = json.dumps({"token": token, "parts": listed})
    segments = [part for _, part in sorted(kept.items()) if part]
    manifest = replace(manifest, note=note).with_segments(segments)
    write_manifest(folder, manifest)  # from here on the new state is seen
    forget_segments(folder, manifest)


def _date(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)


def _day(year: int, month: int) -> int:
    return (datetime(year, month, 1, tzinfo=UTC) - _EPOCH).days
