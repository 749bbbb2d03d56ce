"""Fetches detections from FIRMS: the area API, which asks for a key, and the bulk files, which do not.

After the description of the API by NASA FIRMS: a request covers at most five days from its date on; a key has
a quota of transactions in ten minutes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from geoaq import settings
from geoaq.errors import ConfigError, InputError, NotReadyError
from geoaq.io.fires.answers import refuse
from geoaq.io.fires.asking import DEFAULT_PATIENCE, PLACEHOLDER, Asking, Patience

ADDRESS = "https://firms.modaps.eosdis.nasa.gov"
SOURCES = (
    "MODIS_NRT", "MODIS_SP", "VIIRS_SNPP_NRT", "VIIRS_SNPP_SP", "VIIRS_NOAA20_NRT", "VIIRS_NOAA20_SP",
    "VIIRS_NOAA21_NRT", "LANDSAT_NRT",
)  # fmt: skip
# Folder and beginning of the name of the bulk files, by satellite.
BULK = {
    "modis": ("modis-c6.1", "MODIS_C6_1"),
    "snpp": ("suomi-npp-viirs-c2", "SUOMI_VIIRS_C2"),
    "noaa20": ("noaa-20-viirs-c2", "J1_VIIRS_C2"),
    "noaa21": ("noaa-21-viirs-c2", "J2_VIIRS_C2"),
}
SPANS = ("24h", "48h", "7d")
REGIONS = ("Russia_Asia", "SouthEast_Asia", "South_Asia", "Global")
DAYS_A_REQUEST = 5
_KEY = re.compile(r"[0-9A-Za-z]{16,64}")


def firms_key() -> str:
    """Return the key of this installation (environment variable ``GEOAQ_FIRMS_KEY``).

    Raises
    ------
    ConfigError
        ``firms_key_missing``: none, or nothing like one.
    """
    key = settings.firms_key() or ""
    if not _KEY.fullmatch(key):
        raise ConfigError("firms_key_missing")
    return key


def firms_address() -> str:
    """Return where FIRMS is for this installation (environment variable ``GEOAQ_FIRMS_URL``, else its own).

    Raises
    ------
    ConfigError
        ``bad_setting``: no https, and not this machine; the key would be sent in clear.
    """
    address = settings.firms_address() or ADDRESS
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or parts.query or not (parts.scheme == "https" or here):
        raise ConfigError("bad_setting", name="GEOAQ_FIRMS_URL", value=address, detail="https://…")
    return address


@dataclass(frozen=True)
class Fetched:
    """A table that lies on the disk, whole.

    ``source`` is the name of the product by FIRMS, ``address`` holds no key; ``sha256`` is that of the bytes,
    by which the same table is known again.
    """

    path: Path
    source: str
    address: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Quota:
    """Transactions of a key: how many in one interval, how many are used, and the interval as printed."""

    limit: int
    used: int
    interval: str


class FirmsFeed:
    """Asks FIRMS; to be used in a ``with`` statement.

    Parameters
    ----------
    key
        As `firms_key` returns it; None for the bulk files alone.
    clock
        Seconds of a clock that never goes back (``time.monotonic`` of whoever calls).
    address
        Where FIRMS is, without a path.
    patience
        How long to wait.
    """

    def __init__(
        self,
        key: str | None,
        clock: Callable[[], float],
        *,
        address: str = ADDRESS,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        if key is not None and not _KEY.fullmatch(key):
            raise ConfigError("firms_key_missing")
        self._key = key
        self._patience = patience
        self._asking = Asking(address, key or "", clock, patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asking.close()

    def area(
        self, source: str, bounds: tuple[float, float, float, float], first: date, last: date, folder: Path
    ) -> Iterator[Fetched]:
        """Fetch the detections of an area, at most five days at a time, the oldest first.

        Parameters
        ----------
        source
            One of `SOURCES`.
        bounds
            West, south, east, north in degrees.
        first, last
            UTC days, both taken.
        folder
            Where the tables go; one that is there already is written anew.

        Raises
        ------
        InputError
            Unknown source, bounds or days in no order, a key that is not accepted, or another refusal.
        NotReadyError
            ``firms_quota``; ``firms_unreachable``: no whole table in all attempts.
        ConfigError
            No key.
        """
        self._require_key()
        _require(source in SOURCES, "source", source, ", ".join(SOURCES))
        west, south, east, north = bounds
        ordered = -180 <= west < east <= 180 and -90 <= south < north <= 90
        _require(ordered, "bounds", str(bounds), "west, south, east, north")
        _require(first <= last, "days", f"{first} … {last}", "first day, last day")
        box = ",".join(f"{edge:g}" for edge in bounds)
        for start, days in spans(first, last):
            self._respect_quota()
            path = f"/api/area/csv/{PLACEHOLDER}/{source}/{box}/{days}/{start}"
            name = f"{source}_{box.replace(',', '_')}_{start}_{days}.csv"
            yield self._fetch(path, source, folder / name)

    def bulk(self, satellite: str, span: str, folder: Path, *, region: str = "Russia_Asia") -> Fetched:
        """Fetch a bulk file, for which no key is needed.

        Parameters
        ----------
        satellite
            A key of `BULK`.
        span
            One of `SPANS`: up to now.
        folder
            Where the table goes.
        region
            One of `REGIONS`; the south of China is in two of them.

        Raises
        ------
        InputError, NotReadyError
            As `area`.
        """
        _require(satellite in BULK, "satellite", satellite, ", ".join(BULK))
        _require(span in SPANS, "span", span, ", ".join(SPANS))
        _require(region in REGIONS, "region", region, ", ".join(REGIONS))
        place, start = BULK[satellite]
        name = f"{start}_{region}_{span}.csv"
        return self._fetch(f"/data/active_fire/{place}/csv/{name}", start, folder / name)

    def quota(self) -> Quota:
        """Return how much of the key's quota is used.

        Raises
        ------
        InputError, NotReadyError, ConfigError
            As `area`.
        """
        self._require_key()
        text = self._asking.words(f"/mapserver/mapkey_status/?MAP_KEY={PLACEHOLDER}")
        try:
            said = json.loads(text)
            return Quota(
                int(said["transaction_limit"]),
                int(said["current_transactions"]),
                str(said.get("transaction_interval", "")),
            )
        except (ValueError, KeyError, TypeError):
            refuse(text, self._key or "")

    def _require_key(self) -> None:
        if self._key is None:
            raise ConfigError("firms_key_missing")

    def _respect_quota(self) -> None:
        quota = self.quota()
        if quota.limit - quota.used <= self._patience.spare:
            raise NotReadyError("firms_quota")

    def _fetch(self, path: str, source: str, target: Path) -> Fetched:
        sha256, size = self._asking.table(path, target)
        return Fetched(target, source, self._asking.address(path), sha256, size)


def spans(first: date, last: date) -> list[tuple[date, int]]:
    """Return the requests that cover days, each as its first day and the number of its days.

    Examples
    --------
    >>> [(str(day), count) for day, count in spans(date(2025, 6, 1), date(2025, 6, 7))]
    [('2025-06-01', 5), ('2025-06-06', 2)]
    """
    found = []
    while first <= last:
        days = min(DAYS_A_REQUEST, (last - first).days + 1)
        found.append((first, days))
        first += timedelta(days=days)
    return found


def _require(holds: object, option: str, value: str, expected: str) -> None:
    if not holds:
        raise InputError("bad_option", option=option, value=value, expected=expected)
