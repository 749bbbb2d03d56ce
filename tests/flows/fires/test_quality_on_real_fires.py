"""Real detections, judged by the layers of this checkout: coarse land cover and no register yet."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.fires.footprints import track_bearing
from geoaq.fires.quality import REGISTER, classify, learn, quality_rule
from geoaq.flows.fires.cropland import open_land_cover
from geoaq.flows.fires.places import county_index
from geoaq.io.built import LayerSet
from geoaq.io.fires import read_fire_chunks

ROOT = Path(__file__).resolve().parents[3]
RULE = quality_rule(tomllib.loads((ROOT / "layers" / "policy" / "fire_quality.toml").read_text("utf-8")))
ORBITS = tomllib.loads((ROOT / "layers" / "data" / "satellite-orbits.toml").read_text("utf-8"))
NO_SOURCES = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in REGISTER.items()})
NO_PLACES = pd.DataFrame({"kind": [], "geometry": []})
pytestmark = pytest.mark.shared


def seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400


def judged(path: Path, layers: LayerSet, cache: Path, sources: pd.DataFrame = NO_SOURCES) -> pd.DataFrame:
    """Return the detections of a file that lie in China, with county, class and reasons."""
    product = Catalog.load(ROOT / "layers").products["fire_list"]
    pixels = pd.concat([chunk.frame for chunk in read_fire_chunks(path, product=product)], ignore_index=True)
    pixels = pixels.astype({"satellite": "category", "kind": "category"})
    index = county_index(layers.path.parent, cache)
    places = index.names(index.locate(pixels["lon"].to_numpy(), pixels["lat"].to_numpy()))
    pixels["adcode"] = places["adcode"].astype("category")
    pixels = pixels[pixels["adcode"] != ""].reset_index(drop=True)
    land = open_land_cover(layers.path / "rasters" / "land_cover.tif", "igbp", RULE)
    shares = land.shares(pixels, track_bearing(pixels, ORBITS), RULE)
    said = classify(
        pixels,
        None,
        crop_share=shares,
        sources=sources,
        polygons=NO_PLACES,
        rule=RULE,
        coarse=land.coarse(RULE),
    )
    return pixels.join(said)


def test_a_december_night_over_steel_towns_is_not_straw(
    shared: Path, built_layers: LayerSet, county_edges: Path
) -> None:
    path = shared / "data" / "fires" / "H09_20251209_1900_L2WLF010_FLDK.06001_06001.csv"
    found = judged(path, built_layers, county_edges)
    assert len(found) > 40
    assert found["reasons"].str.endswith("night").all()
    assert (found["class"] == "straw_likely").sum() == 0
    assert (found["class"] == "mixed").mean() < 0.25


def test_the_burst_of_april_2022_in_the_north_east_stays_straw(
    shared: Path, built_layers: LayerSet, county_edges: Path
) -> None:
    path = shared / "data" / "fires" / "modis_c61_nrt_china_2021-12_2024-12.csv"
    found = judged(path, built_layers, county_edges)
    peak = found["acquired"].between(seconds(date(2022, 4, 15)), seconds(date(2022, 4, 18)) - 1)
    burst = found[peak & found["adcode"].astype(str).str[:2].isin(["22", "23"])]
    assert len(burst) > 1400
    share = burst["class"].value_counts(normalize=True)
    assert share["straw_likely"] > 0.75
    assert share["straw_likely"] + share["mixed"] + share["unknown"] > 0.98

    # A register of what was seen in two years does not swallow it either.
    known = learn(found, as_of=date(2024, 1, 1), known=None, rule=RULE)
    assert len(known) > 5
    ever = known.assign(learned_as_of=0, expires=np.iinfo(np.int64).max)
    again = judged(path, built_layers, county_edges, ever).loc[burst.index]
    assert (again["class"] == "static").mean() < 0.01
