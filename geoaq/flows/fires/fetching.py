"""What a fetch from FIRMS asks for: which sensors, which days; and that one process at a time asks."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from geoaq import settings
from geoaq.errors import InputError, NotReadyError
from geoaq.io.fires.asking import Patience
from geoaq.io.fires.feed import FirmsFeed, firms_address, firms_key
from geoaq.store.fires.feed_log import Noted
from geoaq.store.fires.folder import locked
from geoaq.store.fires.looks import CHINA
from geoaq.store.place import private

Bounds = tuple[float, float, float, float]

# The product of FIRMS that is hours old, and that of its archive, by sensor.
PRODUCTS = {
    "modis": ("MODIS_NRT", "MODIS_SP"),
    "snpp": ("VIIRS_SNPP_NRT", "VIIRS_SNPP_SP"),
    "noaa20": ("VIIRS_NOAA20_NRT", "VIIRS_NOAA20_SP"),
    "noaa21": ("VIIRS_NOAA21_NRT", ""),
}
#: Whose passes are in the table of a sensor.
SATELLITES_OF = {"modis": ("terra", "aqua")} | {name: (name,) for name in ("snpp", "noaa20", "noaa21")}
# Days that a first fetch asks for, and the most that one makes up for after a pause.
USUAL_DAYS, MOST_DAYS = 2, 60


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched.

    Attributes
    ----------
    sensors
        Keys of `PRODUCTS`.
    first
        First UTC day; None: from where the last fetch ended.
    last
        Last UTC day; None: today.
    bounds
        West, south, east, north in degrees.
    archive
        Standard processing, months old, in place of near real time.

    Raises
    ------
    InputError
        ``bad_option``: days in no order, an unknown sensor, one without an archive.
    """

    sensors: tuple[str, ...] = tuple(PRODUCTS)
    first: date | None = None
    last: date | None = None
    bounds: Bounds = CHINA
    archive: bool = False

    def __post_init__(self) -> None:
        there = [name for name, (_, archived) in PRODUCTS.items() if archived or not self.archive]
        for sensor in self.sensors:
            if sensor not in there:
                raise InputError("bad_option", option="--sensor", value=sensor, expected=", ".join(there))
        if self.first and self.last and self.first > self.last:
            shown = f"{self.first} … {self.last}"
            raise InputError("bad_option", option="--from", value=shown, expected="--from ≤ --to")

    def days(self, noted: Noted, today: date) -> tuple[date, date]:
        """Return first and last UTC day to ask a sensor for.

        Where no first day is stated: the day before the one that the last fetch reached, for what was
        processed late; two days at least, 60 at most. A mark in the future was made by a clock that ran
        ahead: all 60 then. So a wrong clock makes a fetch ask for more, never for less.
        """
        last = self.last or today
        if self.first is not None:
            return self.first, last
        reached = noted.day()
        usual, most = (last - timedelta(days=days - 1) for days in (USUAL_DAYS, MOST_DAYS))
        if reached is None:
            return usual, last
        if reached > today:
            return most, last
        return max(most, min(usual, reached - timedelta(days=1))), last


@contextmanager
def open_feed(clock: Callable[[], float], *, attempts: int) -> Iterator[tuple[FirmsFeed, bool]]:
    """Give the feed of this installation (``GEOAQ_FIRMS_KEY``, ``GEOAQ_FIRMS_URL``); say whether keyed.

    Parameters
    ----------
    clock
        Seconds of a clock that never goes back.
    attempts
        Attempts at one request.

    Raises
    ------
    ConfigError
        ``firms_key_missing``: what is set is nothing like a key; ``bad_setting``: nor is the address one.
    """
    logging.getLogger("stamina").setLevel(logging.ERROR)  # what became of a sensor is told; not each attempt
    key = firms_key() if settings.firms_key() else None
    with FirmsFeed(key, clock, address=firms_address(), patience=Patience(attempts=attempts)) as feed:
        yield feed, key is not None


@contextmanager
def fetching_alone(data: Path) -> Iterator[Path]:
    """Give the folder for tables that are on their way, and let no other process fetch meanwhile.

    Raises
    ------
    NotReadyError
        ``pull_under_way``: another process does.
    """
    place = private(data / "fires")
    with locked(place / "pull.lock", wait=False) as mine:
        if not mine:
            raise NotReadyError("pull_under_way")
        folder = data / "cache" / "firms"
        shutil.rmtree(folder, ignore_errors=True)  # what a killed process left
        private(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
