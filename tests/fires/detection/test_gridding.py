"""A swath on a map: no holes, the nearest pixel in every cell, no fire lost."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.fires.detection.gridding import EMPTY, Extent, MapCanvas, as_bytes, row_blocks
from geoaq.frames.scenes import BOW_TIE, HIGH, LAND, LOW, NOT_PROCESSED

KM = 1 / 111.195


def swath(
    rows: int, columns: int, *, turn: float = 12.0, lon0: float = 116.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return places of a turned swath whose scans of 32 rows overlap towards the edges, as a bow tie does."""
    scan, line = np.divmod(np.arange(rows), 32)
    middle = np.linspace(-1, 1, columns)[None, :]
    spread = 0.375 * (1 + 1.1 * middle**2)
    along = (scan * 12.0)[:, None] + (line - 15.5)[:, None] * spread
    across = np.cumsum(np.broadcast_to(0.375 * (1 + 1.1 * middle**2), (1, columns)), axis=1)
    across = across - across.mean() + 0 * along
    angle = np.radians(turn)
    east, north = (
        across * np.cos(angle) - along * np.sin(angle),
        across * np.sin(angle) + along * np.cos(angle),
    )
    lat = 33.0 + north * KM
    return lon0 + east * KM / np.cos(np.radians(33.0)), lat


def drawn(lon, lat, mask, t4, side=7, most_cells=40_000_000):
    extent = Extent()
    for start, stop, _, _ in row_blocks(len(lon), side):
        extent.add(lon[start:stop], lat[start:stop])
    canvas = MapCanvas(extent.grid(most_cells), extent)
    for start, stop, low, high in row_blocks(len(lon), side):
        inner = slice(start - low, stop - low)
        canvas.draw(lon[low:high], lat[low:high], mask[low:high], t4[low:high], inner)
    return canvas


def cells_of(canvas, lon, lat):
    grid = canvas.grid
    return (
        np.floor((grid.north - lat) / grid.cell).astype(int),
        np.floor((lon - grid.west) / grid.cell).astype(int),
    )


def test_a_turned_swath_with_overlapping_scans_has_no_holes():
    from scipy.ndimage import binary_fill_holes

    lon, lat = swath(160, 300)
    mask = np.full(lon.shape, LAND, np.uint8)
    canvas = drawn(lon, lat, mask, mask)
    seen = canvas.mask != EMPTY
    assert seen.sum() > 0.5 * lon.size
    assert np.array_equal(binary_fill_holes(seen), seen)


def test_a_cell_bears_the_pixel_whose_centre_is_nearest():
    from scipy.spatial import cKDTree

    lon, lat = swath(64, 120, turn=0.0)
    t4 = np.random.default_rng(1).integers(0, 250, lon.shape).astype(np.uint8)
    canvas = drawn(lon, lat, np.full(lon.shape, LAND, np.uint8), t4)
    grid = canvas.grid
    rows, columns = np.nonzero(canvas.mask != EMPTY)
    places = np.column_stack([(lon.ravel() - grid.west) / grid.cell, (grid.north - lat.ravel()) / grid.cell])
    centres = np.column_stack([columns + 0.5, rows + 0.5])
    far, pixels = cKDTree(places).query(centres, k=12)
    drawn_is = t4.ravel()[pixels] == canvas.t4[rows, columns][:, None]
    # Distances are kept in sixteenths of a cell: whoever is drawn is no farther than that from the nearest.
    there = np.where(drawn_is, far, np.inf).min(axis=1)
    inside = (pixels[:, 0] >= 120) & (pixels[:, 0] < lon.size - 120)  # the rim of a swath is another matter
    assert np.all((there - far[:, 0])[inside] < 1 / 16 + 1e-9)
    assert drawn_is[:, 0].mean() > 0.95


def test_blocks_of_any_size_draw_the_same_map():
    lon, lat = swath(96, 80)
    rng = np.random.default_rng(2)
    mask, t4 = (rng.integers(2, 7, lon.shape).astype(np.uint8) for _ in range(2))
    whole = drawn(lon, lat, mask, t4, side=96)
    for side in (1, 7, 33):
        other = drawn(lon, lat, mask, t4, side=side)
        if other.grid == whole.grid:
            assert np.array_equal(other.mask, whole.mask)
            assert np.array_equal(other.t4, whole.t4)


def test_no_fire_is_lost_where_cells_are_much_wider_than_pixels():
    lon, lat = swath(160, 200)
    mask = np.full(lon.shape, LAND, np.uint8)
    canvas = drawn(lon, lat, mask, mask, most_cells=400)
    rng = np.random.default_rng(3)
    fires = rng.choice(lon.size, 40, replace=False)
    codes = rng.integers(LOW, HIGH + 1, 40).astype(np.uint8)
    canvas.keep_fires(lon.ravel()[fires], lat.ravel()[fires], codes, np.full(40, 200, np.uint8))
    found = canvas.mask[cells_of(canvas, lon.ravel()[fires], lat.ravel()[fires])]
    assert np.all(found >= codes)
    assert set(np.unique(canvas.mask)) <= {LAND, *codes.tolist(), EMPTY}


def test_what_was_deleted_on_board_and_what_has_no_place_is_not_drawn():
    lon, lat = swath(64, 60)
    mask = np.full(lon.shape, LAND, np.uint8)
    mask[30:34] = BOW_TIE
    mask[10, 10] = NOT_PROCESSED
    lon[50:, :] = np.nan
    canvas = drawn(lon, lat, mask, np.where(mask == LAND, 100, EMPTY).astype(np.uint8))
    assert set(np.unique(canvas.mask)) == {LAND, EMPTY}
    assert canvas.mask[cells_of(canvas, lon[20, 30:31], lat[20, 30:31])] == LAND


def test_a_swath_across_the_date_line_is_one_piece():
    lon, lat = swath(64, 60, lon0=180.0)
    lon = (lon + 180) % 360 - 180
    canvas = drawn(lon, lat, np.full(lon.shape, LAND, np.uint8), np.full(lon.shape, 9, np.uint8))
    assert canvas.grid.columns * canvas.grid.cell < 2
    assert (canvas.mask == LAND).mean() > 0.4


def test_a_swath_across_the_date_line_begins_in_the_west_whatever_pixel_comes_first():
    lon, lat = swath(64, 60, lon0=180.0)
    lon = (lon + 180) % 360 - 180
    for turned in (lon, lon[:, ::-1]):
        extent = Extent()
        extent.add(turned, lat)
        west, _, east, _ = extent.box
        assert 179.0 < west < 180.0 < east < 181.0
        assert extent.grid().west == pytest.approx(west, abs=0.02)
        np.testing.assert_allclose(extent.turned(turned).max(), east)


def test_a_scene_without_any_place_has_no_grid():
    extent = Extent()
    extent.add(np.full((4, 4), np.nan), np.full((4, 4), np.nan))
    assert extent.empty
    with pytest.raises(ValueError, match="place"):
        extent.grid()


def test_temperatures_as_bytes_are_within_a_quarter_of_a_kelvin():
    kelvin = np.linspace(230, 356, 1000)
    assert np.abs(as_bytes(kelvin) * 0.5 + 230 - kelvin).max() <= 0.25
