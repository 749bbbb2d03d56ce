"""Detections come from FIRMS and are taken in: sensor by sensor, and one that fails stops no other."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geoaq.errors import GeoaqError, InputError, LimitError, NotReadyError
from geoaq.flows.fires.fetching import PRODUCTS, SATELLITES_OF, Wanted
from geoaq.flows.fires.ingest import Progress, ingest_files
from geoaq.io.fires.feed import Fetched, FirmsFeed
from geoaq.io.lists.product import ListProduct
from geoaq.store.fires.feed_log import FeedLog, Noted
from geoaq.store.fires.looks import CHINA, Looks
from geoaq.store.fires.store import FireStore

# Takes a table in; returns its detections, and how many files of the store changed.
Take = Callable[[Fetched], tuple[int, int]]

# Bulk files that hold China between them, and how far they go back.
REGIONS = ("Russia_Asia", "SouthEast_Asia")
_SPANS = ((1, "24h"), (2, "48h"), (7, "7d"))
_WEEK = _SPANS[-1][0]
# What one sensor is refused, all will be: the key, its quota.
_OF_THE_KEY = {"firms_key_invalid", "firms_key_missing", "firms_quota"}
# FIRMS has near real time some three hours after the pass.
_LATE_S = 3 * 3600
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass
class Pulled:
    """What became of one sensor.

    Attributes
    ----------
    first, last
        UTC days that were asked for.
    way
        ``area`` (with a key), ``bulk`` (without), ``""`` when nothing came.
    tables, rows, changed
        Tables that came, detections in them, files of the store that changed by them.
    problem
        Why not all came; None: all did.
    fallback
        Why the bulk files were taken though there is a key.
    """

    sensor: str
    first: date
    last: date
    way: str = ""
    tables: int = 0
    rows: int = 0
    changed: int = 0
    problem: GeoaqError | None = field(default=None)
    fallback: GeoaqError | None = field(default=None)


class Pull:
    """One fetch: each table is handed over as soon as it is whole.

    Parameters
    ----------
    feed
        Whom to ask.
    take
        Takes a table in. One that came before changes nothing, so whoever was stopped asks again.
    folder
        Where tables go; nobody else uses it.
    keyed
        The feed has a key; without one the bulk files are fetched.
    now
        Seconds since 1970 UTC by the clock of this machine: which days are the last ones.
    progress
        Called with ``fires_pulling``, tables so far and 0; what it raises stops the work, and what was taken
        in stays.
    looks
        Where it is noted that all of a sensor came, be it that nothing burned.
    """

    def __init__(
        self, feed: FirmsFeed, take: Take, folder: Path, *, keyed: bool, now: int, progress: Progress,
        looks: Looks | None = None,
    ) -> None:  # fmt: skip
        self._feed, self._take, self._folder = feed, take, folder
        self._looks = looks
        self._now, self._today = now, datetime.fromtimestamp(now, UTC).date()
        self._progress, self._done, self._keyed = progress, 0, keyed
        # Why no area is asked for any more.
        self._closed: GeoaqError | None = None if keyed else NotReadyError("firms_key_missing")

    def run(self, wanted: Wanted, log: FeedLog | None) -> Iterator[Pulled]:
        """Ask for one sensor after the other, and tell of each when it is done.

        Parameters
        ----------
        wanted
            What for.
        log
            What is noted of earlier fetches, and of this one; None: nothing, the tables are for elsewhere.

        Raises
        ------
        LimitError
            ``no_room``: the disk is full. What was told of before is taken in.
        """
        for sensor in wanted.sensors:
            noted = Noted() if log is None else log.read().get(sensor, Noted())
            told = Pulled(sensor, *wanted.days(noted, self._today))
            self._sensor(told, wanted)
            if log is not None:
                log.note(sensor, self._noted(noted, told, wanted))
            self._look(told, wanted)
            yield told
        self._progress("fires_pulling", self._done, self._done)

    def _look(self, told: Pulled, wanted: Wanted) -> None:
        """Note a whole answer; what was seen in the last hours may not be processed yet."""
        if self._looks is None or told.problem is not None or not told.way:
            return
        begin, end = (
            int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
            for day in (told.first, told.last + timedelta(days=1))
        )
        span = begin, min(end, self._now - _LATE_S)
        if span[0] < span[1]:
            # Bulk files hold the whole country, whatever was asked for.
            box = wanted.bounds if told.way == "area" else CHINA
            self._looks.note(SATELLITES_OF[told.sensor], span, box)

    def _sensor(self, told: Pulled, wanted: Wanted) -> None:
        """Try the ways to a sensor's tables until one gives all of them."""
        told.problem = self._closed
        for way, tables in self._ways(told, wanted):
            failed = self._take_all(told, way, tables)
            if failed is None:
                told.fallback = told.problem if way == "bulk" and self._keyed else None
                short = way == "bulk" and (self._today - told.first).days >= _WEEK
                told.problem = (
                    NotReadyError("firms_bulk_short", first=told.first, days=_WEEK) if short else None
                )
                return
            told.problem = failed
            if failed.code in _OF_THE_KEY:
                self._closed = failed
            if _no_way_out(failed):
                return  # the bulk files are on the same server

    def _take_all(self, told: Pulled, way: str, tables: Iterator[Fetched]) -> GeoaqError | None:
        """Take in what comes; return why it ended early, None when it did not."""
        try:
            for fetched in tables:
                self._progress("fires_pulling", self._done, 0)
                rows, changed = self._take(fetched)
                self._done += 1
                told.way = way
                told.tables, told.rows, told.changed = (
                    told.tables + 1,
                    told.rows + rows,
                    told.changed + changed,
                )
        except (InputError, NotReadyError) as error:
            if error.code == "no_room":
                raise
            return error
        except OSError as error:
            if error.errno in _FULL:
                raise LimitError("no_room") from error
            raise
        return None

    def _ways(self, told: Pulled, wanted: Wanted) -> Iterator[tuple[str, Iterator[Fetched]]]:
        """Give the ways to a sensor's tables, the better one first."""
        if self._closed is None:
            product = PRODUCTS[told.sensor][wanted.archive]
            yield "area", self._feed.area(product, wanted.bounds, told.first, told.last, self._folder)
        if not wanted.archive and (self._today - told.last).days < _WEEK:
            yield "bulk", self._bulk(told)

    def _bulk(self, told: Pulled) -> Iterator[Fetched]:
        days = (self._today - told.first).days + 1
        span = next((name for most, name in _SPANS if days <= most), _SPANS[-1][1])
        for region in REGIONS:
            yield self._feed.bulk(told.sensor, span, self._folder, region=region)

    def _noted(self, noted: Noted, told: Pulled, wanted: Wanted) -> Noted:
        """Return what is to be noted of a sensor."""
        problem = told.problem
        fresh = replace(
            noted,
            tried=self._now,
            rows=told.rows if told.way else noted.rows,
            way=told.way or noted.way,
            code=problem.code if problem else "",
            params={name: str(value) for name, value in problem.params.items()} if problem else {},
        )
        if problem is not None:
            return fresh
        fresh = replace(fresh, succeeded=self._now)
        reached = noted.day()
        gap = reached is not None and told.first > reached and reached <= self._today
        if wanted.archive or told.last < self._today or gap or wanted.bounds != CHINA:
            return fresh
        return replace(fresh, reached=self._today.isoformat())


def taking(store: FireStore, product: ListProduct, now: int, progress: Progress) -> Take:
    """Return what takes a table into a store, with the product of FIRMS as its source.

    Parameters
    ----------
    store
        The open store.
    product
        The declared list ``fire_list``.
    now
        When the tables are fetched, seconds since 1970 UTC.
    progress
        As `geoaq.flows.fires.ingest.ingest_files` takes it.
    """

    def take(fetched: Fetched) -> tuple[int, int]:
        source = f"FIRMS {fetched.source}"
        (outcome,) = ingest_files(
            store, [fetched.path], product=product, source=source, fetched_at=now, progress=progress
        )
        fetched.path.unlink()
        return outcome.taken.ingest.rows, outcome.taken.changed

    return take


def left(fetched: Fetched) -> tuple[int, int]:
    """Leave a table where it is: it is for another machine."""
    del fetched
    return 0, 0


def _no_way_out(error: GeoaqError) -> bool:
    return error.code == "firms_unreachable" and str(error.params.get("problem", "")).startswith("Connect")
