"""An office's own zones and permits: looked through before they are kept, and taken out for judging."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.errors import ConfigError, InputError
from geoaq.flows.fires.bans import Bans, noburn_policy, open_bans
from geoaq.flows.fires.places import boundaries_key
from geoaq.flows.shifted import coinciding, looks_shifted
from geoaq.frames import IssueLog
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.zones import ZoneIntake, read_zones
from geoaq.io.vectors import one_file
from geoaq.store.zones import KeptPermit, KeptZone, ZoneStore
from geoaq.zones import noburn
from geoaq.zones.admin import OUTSIDE, AdminIndex

_EPOCH = date(1970, 1, 1)
_OTHER_DATUM = re.compile(r"GCJ-?0?2|火星|高德|BD-?09|百度", re.IGNORECASE)
# Square kilometres in a square degree at the equator, for a size that need not be exact.
_KM2_PER_DEGREE2 = 111.32**2


@dataclass(frozen=True)
class Checked:
    """A file of zones, looked through.

    Attributes
    ----------
    zones, permits
        What can be kept, in the file's order.
    issues
        What is wrong, where, and what would be right.
    features
        Shapes in the file.
    without_text
        How many of the zones cite no text.
    """

    zones: tuple[KeptZone, ...]
    permits: tuple[KeptPermit, ...]
    issues: IssueLog
    features: int
    without_text: int

    def require(self, name: str, *, no_text: bool) -> None:
        """Refuse a file of which not every shape can be kept, or (unless ``no_text``) that cites no text.

        Raises
        ------
        InputError
            ``zones_unusable``, ``zone_without_text``.
        """
        wrong = self.features - len(self.zones) - len(self.permits)
        if wrong:
            raise InputError("zones_unusable", name=name, count=wrong, features=self.features)
        if self.without_text and not no_text:
            raise InputError("zone_without_text", name=name, count=self.without_text)


def check_zones(
    paths: Sequence[Path],
    *,
    product: ListProduct,
    policy_dir: Path,
    counties: AdminIndex,
    defaults: Mapping[str, str] | None = None,
) -> Checked:
    """Look a file of zones, things or permits through.

    Parameters
    ----------
    paths
        A GeoPackage, shapefile (zip, or its loose parts; GBK or UTF-8), GeoJSON or KML.
    product
        ``zone_list`` of the catalogue.
    policy_dir
        ``layers/policy``: how large an outline may be.
    counties
        The boundaries that decide: whether it lies in China, and whether it follows lines that are shifted.
    defaults
        Column → text for features that do not state it.

    Raises
    ------
    InputError, LimitError
        As `geoaq.io.vectors.read_vector`: the file as a whole cannot be used.
    """
    with TemporaryDirectory() as folder:
        path = one_file(paths, Path(folder))
        intake = read_zones(path, product=product, defaults=defaults)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    log = intake.issues
    good = _placed(intake, counties, _outline(policy_dir), log)
    _datum(path, intake, counties, log)
    zones, permits, bare = [], [], 0
    for row, shape in zip(intake.frame[good].to_dict("records"), intake.shapes[good], strict=True):
        words: dict[str, Any] = {"shape": shapely.to_wkb(shape), "file": path.name, "file_sha256": sha256}
        if row["kind"] == "permit":
            permits.append(_permit(row, words))
            continue
        zones.append(_zone(row, words))
        begin = row["first"].isoformat()
        if row["day"] and begin < row["day"]:
            log.add(
                int(row["row"]), "first", begin, "zone_before_issue", "warning", said=begin, day=row["day"]
            )
        if not zone_of(zones[-1]).text.cited:
            bare += 1
            log.add(int(row["row"]), "title", row["title"], "zone_without_text", "warning")
    return Checked(tuple(zones), tuple(permits), log, intake.features, bare)


def own_zones(store: ZoneStore) -> tuple[list[noburn.Zone], list[noburn.Permit], str]:
    """Return the zones and permits of a store as fires are judged by them, and their state.

    A version ends where the next one begins; a permit counts as its newest version says.
    """
    permits = [
        noburn.Permit(
            id=one.permit, version=one.version, name=one.name, number=one.number, issuer=one.issuer,
            day=one.day, begin=one.begin, end=one.end, shape=shapely.from_wkb(one.shape),
            wind_ms=one.wind_ms, aqi=one.aqi,
        )
        for one in store.permits()
    ]  # fmt: skip
    return [zone_of(one) for one in store.held_zones()], permits, store.state()


def own_bans(store: ZoneStore, policy_dir: Path, layers_dir: Path) -> Bans:
    """Return all that bans burning, an office's own zones and permits among it.

    The token changes with the boundaries of ``layers_dir`` too: what is sure near a line depends on them.
    """
    zones, permits, state = own_zones(store)
    return open_bans(policy_dir, zones, permits, state=f"{state} {boundaries_key(layers_dir).hex()}")


def zone_of(one: KeptZone) -> noburn.Zone:
    """Return a kept version as a zone."""
    text = noburn.Text(one.basis, one.title, one.number, one.issuer, one.day, one.article, one.quote)
    return noburn.Zone(
        id=one.zone,
        version=one.version,
        kind=one.kind,
        class_=one.class_,
        name=one.name,
        text=text,
        first=_EPOCH + timedelta(days=one.first),
        last=None if one.last is None else _EPOCH + timedelta(days=one.last),
        shape=shapely.from_wkb(one.shape),
        seasons=one.seasons,
        hours=one.hours,
        complete_for=one.complete_for,
        radius_km=one.radius_km,
    )


def days_of(day: date) -> int:
    """Return a day as a number since 1970-01-01."""
    return (day - _EPOCH).days


def _outline(policy_dir: Path) -> tuple[float, float]:
    try:
        asked = noburn_policy(policy_dir)["outline"]
        return float(asked["least_km2"]), float(asked["most_km2"])
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError("policy_broken", where="noburn.toml", problem=repr(error)) from error


def _placed(
    intake: ZoneIntake, counties: AdminIndex, sizes: tuple[float, float], log: IssueLog
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which shapes lie in China and are of a size that a zone may have; note the others."""
    shapes = intake.shapes
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    good: np.ndarray[Any, np.dtype[np.bool_]] = np.ones(len(shapes), np.bool_)
    home = counties.locate(inner[:, 0], inner[:, 1])
    least, most = sizes
    for at, row in enumerate(intake.frame["row"] if len(intake.frame) else ()):
        lon, lat = (f"{value:.5f}" for value in inner[at])
        if home[at] == OUTSIDE:
            good[at] = False
            log.add(int(row), "geometry", f"{lon} {lat}", "zone_outside_china", "error", lon=lon, lat=lat)
            continue
        if shapely.get_dimensions(shapes[at]) == 2:
            km2 = shapely.area(shapes[at]) * _KM2_PER_DEGREE2 * float(np.cos(np.radians(inner[at, 1])))
            if not least <= km2 <= most:
                good[at] = False
                said = np.format_float_positional(km2, precision=4, fractional=False, trim="-")
                bounds = {"least": f"{least:g}", "most": f"{most:g}", "said": said}
                log.add(int(row), "geometry", said, "zone_area", "error", **bounds)
    return good


def _datum(path: Path, intake: ZoneIntake, counties: AdminIndex, log: IssueLog) -> None:
    """Tell what speaks for shifted coordinates."""
    if len(intake.shapes):
        lon, lat = shapely.get_coordinates(intake.shapes).T
        counted = coinciding(lon, lat, counties)
        if looks_shifted(counted):
            params = {name: counted[name] for name in ("unshifted", "as_is")}
            log.add(0, "geometry", "", "zone_datum_suspect", "warning", **params)
    texts = [path.name, *(str(one) for one in intake.frame.get("remark", ()))]
    word = _OTHER_DATUM.search(" ".join(texts))
    if word:
        log.add(0, "geometry", word[0], "zone_datum_word", "warning", said=word[0])


def _zone(row: Mapping[Any, Any], words: Mapping[str, Any]) -> KeptZone:
    names = (
        "zone", "kind", "name", "title", "number", "issuer", "day", "article", "quote", "seasons", "hours",
        "complete_for", "remark",
    )  # fmt: skip
    return KeptZone(
        **{name: row[name] for name in names},
        class_=row["class"],
        basis=row["basis"] or "none",
        first=days_of(row["first"]),
        last=None if row["last"] is None else days_of(row["last"]),
        radius_km=row["radius_km"],
        **words,
    )


def _permit(row: Mapping[Any, Any], words: Mapping[str, Any]) -> KeptPermit:
    names = ("name", "number", "issuer", "day", "begin", "end", "wind_ms", "aqi", "remark")
    return KeptPermit(permit=row["zone"], **{name: row[name] for name in names}, **words)


def told_issues(log: IssueLog) -> pd.DataFrame:
    """Return the issues with their sentences (`geoaq.report.rendered_issues`)."""
    from geoaq.report import rendered_issues

    return rendered_issues(log.frame())
