from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geoaq.errors import ConfigError
from geoaq.fires.quality import Cover, crop_shares
from geoaq.flows.fires import cropland
from geoaq.flows.fires.cropland import chosen_land_cover, open_land_cover
from geoaq.io.rasters import NO_CLASS, Grid, write_classes
from tests.fires.quality.toy import RULE, pixels

GRID = Grid(125.0, 47.0, 0.001)


@pytest.fixture
def raster(tmp_path: Path) -> tuple[Path, np.ndarray]:
    codes = (np.random.default_rng(3).random((2000, 2000)) < 0.4).astype(np.uint8)
    codes[:200] = NO_CLASS
    path = tmp_path / "fields.tif"
    write_classes(path, codes, GRID)
    return path, codes


def test_shares_square_by_square_are_those_of_the_whole_raster(
    raster: tuple[Path, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, codes = raster
    random = np.random.default_rng(1)
    rows = [
        {"lon": x, "lat": y, "scan_km": scan, "track_km": 1.0}
        for x, y, scan in random.uniform([124.9, 44.9, 0.3], [127.1, 47.1, 4.8], (400, 3)).tolist()
    ]
    table, bearing = pixels(rows), random.uniform(-90.0, 90.0, 400)
    cover = Cover(codes, *GRID, {1: 1.0}, frozenset({NO_CLASS}))
    whole = crop_shares(table, bearing, cover, rule=RULE)
    assert np.isnan(whole).any()
    monkeypatch.setattr(cropland, "_MOST_CELLS", 300)
    land = open_land_cover(path, "binary", RULE)
    assert not land.coarse(RULE)
    found = land.shares(table, bearing, RULE)
    assert np.array_equal(np.isnan(found), np.isnan(whole))
    assert (
        np.nanmax(np.abs(found - whole)) < 0.02
    )  # a lattice point on the edge of a cell may fall either way


def test_a_legend_must_be_known_and_is_part_of_the_key(raster: tuple[Path, np.ndarray]) -> None:
    path, _ = raster
    with pytest.raises(ConfigError) as refused:
        open_land_cover(path, "tea", RULE)
    assert refused.value.code == "land_cover_legend"
    assert open_land_cover(path, "igbp", RULE).key != open_land_cover(path, "binary", RULE).key
    assert open_land_cover(path, "binary", RULE).key == open_land_cover(path, "binary", RULE).key


def test_the_land_cover_that_a_setting_names_is_taken_before_the_built_one(
    raster: tuple[Path, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = raster
    monkeypatch.delenv("GEOAQ_LAND_COVER", raising=False)
    assert chosen_land_cover(tmp_path / "nothing.tif", RULE) is None
    built = chosen_land_cover(path, RULE)
    assert built is not None
    assert built.legend == "igbp"
    monkeypatch.setenv("GEOAQ_LAND_COVER", str(path))
    own = chosen_land_cover(tmp_path / "nothing.tif", RULE)
    assert own is not None
    assert own.legend == "binary"
    monkeypatch.setenv("GEOAQ_LAND_COVER_LEGEND", "clcd")
    other = chosen_land_cover(path, RULE)
    assert other is not None
    assert len({built.key, own.key, other.key}) == 3
