"""By what fire pixels are judged: rules, boundaries, land cover, users' places; known by a hash."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.catalog import Catalog
from geoaq.errors import ConfigError
from geoaq.fires.areas import OfficeAreas
from geoaq.fires.attribution import Drawing, attribute, pieces_of
from geoaq.fires.events import EventRule
from geoaq.fires.footprints import Geometries, footprints, sizes_known, track_bearing, with_sizes
from geoaq.fires.pieces import Pieces
from geoaq.fires.quality import QualityRule, classify, quality_rule
from geoaq.flows.fires.bans import Bans, open_bans
from geoaq.flows.fires.cropland import LandCover, chosen_land_cover
from geoaq.flows.fires.places import boundaries_key, county_index
from geoaq.frames import AREA_COLUMNS, FIRE_JUDGED
from geoaq.io.built import open_layers
from geoaq.zones.admin import AdminIndex

# Counted up when the program itself judges otherwise than before by the same rules and layers.
_PROGRAM = 3
_NAMES = ("county", "city_adcode", "city", "province_adcode", "province")
_WHOSE = ("adcode", "province_adcode", "county_share", "others", "disputed_border", "disputed_by")
#: No places of an office.
NO_PLACES = pd.DataFrame({name: pd.Series([], dtype=object) for name in ("kind", "geometry")}).assign(
    begin=np.empty(0, np.int64), end=np.empty(0, np.int64)
)


@dataclass(frozen=True)
class Rulebook:
    """All that a pixel is judged by, but the register of its month.

    Parameters
    ----------
    quality, events
        The numbers of ``fire_quality.toml`` and ``fire_events.toml``.
    other_share
        Share of a footprint from which on another county makes the border disputed.
    orbits
        The table of ``satellite-orbits.toml``.
    counties, second
        The deciding boundaries and the second opinion.
    cover
        Land cover; None: crop shares are unknown.
    places
        Users' hot and glinting places, ``kind geometry begin end``.
    bans
        What bans burning somewhere.
    key
        Changes whenever a pixel may be judged otherwise; ``bans.token`` does for verdicts.
    areas
        Townships, villages and grid cells of the office, one entry a level.
    """

    quality: QualityRule
    events: EventRule
    other_share: float
    orbits: Mapping[str, Any]
    counties: AdminIndex
    second: AdminIndex | None
    cover: LandCover | None
    places: pd.DataFrame
    bans: Bans
    key: str
    areas: tuple[OfficeAreas, ...] = ()

    @cached_property
    def coarse(self) -> bool:
        """Say whether a cell of the land cover is wider than a field."""
        return self.cover is None or self.cover.coarse(self.quality)

    @cached_property
    def _pieces(self) -> Pieces:
        return pieces_of(self.counties)

    @cached_property
    def _names(self) -> pd.DataFrame:
        named = self.counties.counties[["adcode", *_NAMES]].astype(object)
        return named.drop_duplicates("adcode").set_index("adcode")

    def names(self, adcodes: pd.Index) -> pd.DataFrame:
        """Return county, prefecture and province of county codes, aligned; '' for ''."""
        return self._names.reindex(adcodes).fillna("")

    def located(self, pixels: pd.DataFrame) -> pd.Series[Any]:
        """Return the county of each pixel's centre ('' outside), categorical."""
        lon, lat = (pixels[name].to_numpy(np.float64) for name in ("lon", "lat"))
        place = self.counties.locate(lon, lat)
        codes = pd.Index([*self.counties.counties["adcode"].astype(object), ""])
        word = pd.Categorical.from_codes(np.where(place < 0, len(codes) - 1, place), codes)
        return pd.Series(word, index=pixels.index)

    def judge(self, pixels: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
        """Return pixels as `geoaq.frames.FIRE_JUDGED`, with no event yet.

        Parameters
        ----------
        pixels
            A frame of `geoaq.frames.FIRE_PIXELS`.
        sources
            The register of static sources of their month, without those that a review has rejected.
        """
        bearing = track_bearing(pixels, self.orbits)
        sized = with_sizes(pixels, self.quality.unknown_radius_m)

        def drawn(rows: npt.NDArray[np.intp]) -> Geometries:
            return footprints(sized.iloc[rows], bearing[rows])

        whose = attribute(
            sized, drawn, self.counties, self.second,
            other_share=self.other_share, pieces=self._pieces, assumed=~sizes_known(pixels),
        )  # fmt: skip
        shares = self._crop_shares(pixels, bearing)
        classes = classify(
            pixels.assign(adcode=whose["adcode"]),
            drawn,
            crop_share=shares,
            sources=sources,
            polygons=self.places,
            rule=self.quality,
            coarse=self.coarse,
        )
        within = self._within(sized, drawn)
        frame = pixels.assign(
            **{name: classes[name] for name in ("class", "reasons", "crop_share", "static_source")},
            **{name: whose[name] for name in _WHOSE},
            **within,
            event=pd.Categorical.from_codes(np.zeros(len(pixels), np.int8), pd.Index([""])),
        )
        return frame[list(FIRE_JUDGED.names)].astype(FIRE_JUDGED.dtypes)

    def _within(self, pixels: pd.DataFrame, footprints: Drawing) -> dict[str, Any]:
        """Return the columns of `AREA_COLUMNS`: townships, villages and grid cells of the office."""
        nothing = pd.Categorical.from_codes(np.zeros(len(pixels), np.int8), pd.Index([""]))
        unknown = np.full(len(pixels), np.nan, np.float32)
        columns: dict[str, Any] = {}
        for name in AREA_COLUMNS:
            columns[name] = unknown if name.endswith("_share") else nothing
        columns["disputed_township"] = np.zeros(len(pixels), bool)
        for areas in self.areas:
            found = areas.place(pixels, footprints, other_share=self.other_share)
            level = areas.level
            columns |= {level: found["label"], f"{level}_code": found["code"]}
            columns[f"{level}_share"] = found["share"]
            if level == "township":
                columns["township_others"] = found["others"]
                columns["disputed_township"] = found["disputed"]
        return columns

    def _crop_shares(self, pixels: pd.DataFrame, bearing: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        if self.cover is None:
            return np.full(len(pixels), np.nan, np.float32)
        return self.cover.shares(pixels, bearing, self.quality)


def open_rulebook(
    layers_dir: Path,
    cache_dir: Path,
    *,
    places: pd.DataFrame = NO_PLACES,
    areas: tuple[OfficeAreas, ...] = (),
    bans: Bans | None = None,
) -> Rulebook:
    """Load everything that fire pixels are judged by.

    Parameters
    ----------
    layers_dir
        Where the built sets are (``GEOAQ_DATA/layers``).
    cache_dir
        Where the edges of counties are kept (``GEOAQ_DATA/cache/counties``).
    places
        Users' places, ``kind geometry begin end`` (shapely, degrees WGS 84; seconds since 1970 UTC).
    areas
        Users' townships, villages and grid cells (`geoaq.flows.fires.areas.own_areas`).
    bans
        With the office's own zones and permits; None: the plans alone.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is no built set; ``policy_broken``; ``land_cover_legend``.
    InputError
        ``raster_unreadable`` and the like: ``GEOAQ_LAND_COVER`` names no land cover.
    """
    import shapely

    policy_dir = Catalog.load().policy_dir
    words = hashlib.sha256(f"{_PROGRAM}".encode())
    tables = {}
    for name in ("fire_quality.toml", "fire_events.toml"):
        tables[name] = read_table(policy_dir / name, words)
    orbits = read_table(policy_dir.parent / "data" / "satellite-orbits.toml", words)
    built = open_layers(layers_dir)
    # What decides: layers that are only drawn may be built anew without all being judged again.
    words.update(boundaries_key(layers_dir))
    stated = places[["kind", "begin", "end"]].itertuples(index=False, name=None)
    for said, geometry in zip(stated, shapely.to_wkb(places["geometry"].to_numpy()), strict=True):
        words.update(repr((*said, geometry)).encode())
    for one in areas:
        words.update(one.sha256.encode())
    quality = quality_rule(tables["fire_quality.toml"])
    cover = chosen_land_cover(built.path / "rasters" / "land_cover.tif", quality)
    words.update(b"" if cover is None else cover.key.encode())
    return Rulebook(
        quality=quality,
        events=EventRule.from_table(tables["fire_events.toml"]),
        other_share=float(tables["fire_events.toml"]["border"]["other_share"]),
        orbits=orbits,
        counties=county_index(layers_dir, cache_dir),
        second=county_index(layers_dir, cache_dir, "tianditu"),
        cover=cover,
        places=places,
        bans=open_bans(policy_dir) if bans is None else bans,
        key=words.hexdigest(),
        areas=areas,
    )


def read_table(path: Path, words: Any = None) -> dict[str, Any]:
    """Return a file of numbers, its bytes added to a hash.

    Raises
    ------
    ConfigError
        ``policy_broken``: it cannot be read.
    """
    try:
        text = path.read_bytes()
        if words is not None:
            words.update(text)
        return tomllib.loads(text.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("policy_broken", where=path.name, problem=type(error).__name__) from error
