"""The tables that an office brings, opened; where it brings no arable land, the coarse estimate stands in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geoaq.catalog import Catalog
from geoaq.fires.bulletin import arable_by_county
from geoaq.fires.quality import quality_rule
from geoaq.flows.fires.bulletin.area import Area
from geoaq.flows.fires.bulletin.request import BulletinRequest
from geoaq.flows.fires.rulebook import read_table
from geoaq.io.fires.office_tables import OfficeTable, read_arable, read_checks, read_clouds
from geoaq.io.rasters import read_window
from geoaq.report.fire_bulletin import Source
from geoaq.report.sheet.words import named, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoaq.store.fires.store import FireStore

_BOX = (73.0, 3.0, 136.0, 54.0)
_NO_CHECKS = pd.DataFrame(
    {
        "event": pd.Series([], dtype=object),
        "result": pd.Series([], dtype=object),
        "adcode": pd.Series([], dtype=object),
        "checked_at": pd.Series([], dtype=np.int64),
    }
)
_NO_CLOUDS = pd.DataFrame({"adcode": [], "day": [], "share": []}, dtype=object).astype({"share": float})


@dataclass(frozen=True)
class Inputs:
    """What the office brought.

    Attributes
    ----------
    arable_ha
        Hectares by code.
    arable
        Where they come from.
    clouds, checks
        Empty frames where it brought none.
    by_town
        Its townships were loaded.
    sources
        What is printed of them.
    unused_rows
        Rows that could not be used.
    """

    arable_ha: pd.Series[float]
    arable: Literal["office", "land_cover", "none"]
    clouds: pd.DataFrame
    checks: pd.DataFrame
    by_town: bool
    sources: tuple[Source, ...]
    unused_rows: int


def open_inputs(request: BulletinRequest, area: Area, store: FireStore, catalog: Catalog) -> Inputs:
    """Open the office's tables; checks follow the events that theirs were merged into.

    Raises
    ------
    InputError
        A table that cannot be read (`geoaq.io.fires.office_tables`).
    """
    sources: list[Source] = []
    unused = 0

    def read(what: str, path: Path | None, reader: Any) -> pd.DataFrame | None:
        nonlocal unused
        if path is None:
            return None
        table: OfficeTable = reader(path, product=catalog.products[f"{what}_list"])
        unused += table.rows_read - len(table.frame)
        plural = {"arable": "arable", "cloud": "clouds", "check": "checks"}[what]
        sources.append(Source(what=plural, name=named(path.name), sha256=_sha256(path)))
        return table.frame

    arable = read("arable", request.arable, read_arable)
    clouds = read("cloud", request.clouds, read_clouds)
    checks = read("check", request.checks, read_checks)
    towns = request.towns
    if towns is not None:
        sources.append(Source(what="towns", name=named(towns.name), sha256=towns.sha256))
    came: Literal["office", "land_cover", "none"] = "office"
    crops = quality_rule(read_table(catalog.policy_dir / "fire_quality.toml")).crop_classes["igbp"]
    hectares = coarse_arable(area, crops) if arable is None else arable.set_index("adcode")["arable_ha"]
    if arable is None:
        came = "land_cover" if len(hectares) else "none"
    if came == "land_cover":
        version = "; ".join([area.layers.key, *(f"{code}={share}" for code, share in sorted(crops.items()))])
        sources.append(Source(what="arable", name=words("bulletin.land_cover"), version=version))
    if checks is not None:
        followed = _followed(checks, store)
        unused += len(checks) - len(followed)
        checks = followed
    return Inputs(
        hectares,
        came,
        _NO_CLOUDS if clouds is None else clouds,
        _NO_CHECKS if checks is None else checks,
        towns is not None,
        tuple(sources),
        unused,
    )


def coarse_arable(area: Area, crops: Mapping[int, float]) -> pd.Series[float]:
    """Return hectares of cropland by county from the built land cover; nothing where a set has none.

    ``crops`` is the share of a cell under crops by class.
    """
    path = area.layers.path / "rasters" / "land_cover.tif"
    if not path.is_file():
        return pd.Series(np.empty(0), index=pd.Index([], dtype=object))
    classes, grid = read_window(path, _BOX)
    found = arable_by_county(
        classes, west=grid.west, north=grid.north, cell=grid.cell, weights=crops, locate=area.index.locate,
        counties=len(area.index.counties),
    )  # fmt: skip
    return pd.Series(found, index=area.index.counties["adcode"]).groupby(level=0).sum()


def _followed(checks: pd.DataFrame, store: FireStore) -> pd.DataFrame:
    """Return the checks of events that the store knows, under the identity that each has now."""
    now, counties = {}, {}
    for event in sorted(set(checks["event"])):
        found = store.event(event)
        if found is not None:
            now[event], counties[event] = str(found["event"]), str(found["counties"])
    known = checks[checks["event"].isin(list(now))]
    names = {"event": known["event"].map(now), "counties": known["event"].map(counties)}
    return known.assign(**{name: words.astype(object) for name, words in names.items()}).reset_index(
        drop=True
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
