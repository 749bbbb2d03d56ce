"""A scene becomes a folder: pixels for the fire job, mask, maps, quick look, report; whole or not at all."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
import rasterio
from PIL import Image

from geoaq.catalog import Catalog
from geoaq.errors import CancelledError, InputError, NotFoundError
from geoaq.flows.fires.detecting import detect_files
from geoaq.frames.scenes import CLOUD, HIGH, LOW, NOMINAL
from geoaq.tiles.mercator import Address
from geoaq.tiles.scene import scene_tiles
from tests.flows.fires.scenes import COLUMNS, FIRES, ROWS, bands, places, write_stack


@pytest.fixture(scope="module")
def catalog():
    return Catalog.load()


def found(catalog, path, out, *, lang="zh", product=None, progress=lambda *_: None):
    return detect_files([path], product=product, catalog=catalog, out=out, lang=lang, progress=progress)


@pytest.fixture(scope="module")
def run(catalog, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scene")
    write_stack(folder / "noaa21.tif")
    report = found(catalog, folder / "noaa21.tif", folder / "run")
    return folder / "run", report


def test_the_planted_fires_are_found_where_they_were_put(run):
    table = pd.read_csv(run[0] / "fires.csv")
    assert set(zip(table["line"], table["sample"], strict=True)) == set(FIRES)
    assert table["mask_code"].between(LOW, HIGH).all()
    assert table.set_index(["line", "sample"]).loc[(50, 100), "confidence"] == "high"
    lon, lat = places()
    np.testing.assert_allclose(table["lon"], lon[table["line"], table["sample"]], atol=1e-5)
    np.testing.assert_allclose(table["lat"], lat[table["line"], table["sample"]], atol=1e-5)
    assert table["acquired_utc"].between("2025-04-07T05:30:00Z", "2025-04-07T05:30:17Z").all()


def test_the_mask_is_the_swath_with_its_codes_and_ties(run):
    with rasterio.open(run[0] / "mask.tif") as raster:
        mask, tags, (ties, crs) = raster.read(1), raster.tags(), raster.gcps
        colours = raster.colormap(1)
    assert mask.shape == (ROWS, COLUMNS)
    assert all(mask[place] in {LOW, NOMINAL, HIGH} for place in FIRES)
    assert (mask[:6] == CLOUD).all()
    assert len([name for name in tags if name.startswith("CODE_")]) == 10
    assert colours[HIGH][3] == 255
    assert crs.to_epsg() == 4326
    lon, lat = places()
    for tie in ties[::37]:
        line, sample = int(tie.row), int(tie.col)
        assert (tie.x, tie.y) == pytest.approx((lon[line, sample], lat[line, sample]))


def test_the_maps_hold_every_fire_at_its_place(run):
    lon, lat = places()
    with rasterio.open(run[0] / "map" / "mask.tif") as raster:
        codes = [code for (code,) in raster.sample([(lon[place], lat[place]) for place in FIRES])]
    assert all(code >= LOW and code <= HIGH for code in codes)
    with rasterio.open(run[0] / "map" / "t4.tif") as raster:
        (byte,) = next(raster.sample([(lon[40, 40], lat[40, 40])]))
        kelvin = byte * raster.scales[0] + raster.offsets[0]
    assert 300.0 < kelvin < 306.0


def test_the_quick_look_shows_the_fires_in_colour(run):
    picture = np.asarray(Image.open(io.BytesIO((run[0] / "quicklook.png").read_bytes())).convert("RGBA"))
    seen = picture[picture[..., 3] > 0]
    assert (np.ptp(seen[:, :3].astype(int), axis=1) > 60).sum() >= 9 * 3
    assert "K" in (run[0] / "quicklook.txt").read_text("utf-8")


def test_the_report_adds_up_and_names_what_it_was_made_from(run):
    folder, report = run
    assert json.loads((folder / "report.json").read_text("utf-8")) == json.loads(json.dumps(report))
    assert sum(report["mask"].values()) == ROWS * COLUMNS
    assert report["fires"] == len(FIRES) == sum(report["grades"].values())
    assert sum(report["frp_methods"].values()) == len(FIRES)
    assert report["inputs"][0]["name"] == "noaa21.tif"
    assert len(report["inputs"][0]["sha256"]) == len(report["detector"]["sha256"]) == 64
    assert (report["satellite"], report["product"]) == ("noaa21", "swath_stack")
    text = (folder / "report.txt").read_text("utf-8")
    assert "疑似火点" in text
    assert "未经到场核实" in text
    assert report["inputs"][0]["sha256"] in text
    assert str(folder.parent) not in text


def test_the_same_scene_gives_the_same_bytes(run, catalog, tmp_path):
    found(catalog, run[0].parent / "noaa21.tif", tmp_path / "again")
    names = sorted(path.relative_to(run[0]) for path in run[0].rglob("*") if path.is_file())
    assert len(names) == 8
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (run[0] / name).read_bytes(), name


def test_the_report_is_in_english_where_that_is_read(run, catalog, tmp_path):
    found(catalog, run[0].parent / "noaa21.tif", tmp_path / "english", lang="en")
    text = (tmp_path / "english" / "report.txt").read_text("utf-8")
    assert "not verified on the ground" in text
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in text)
    assert (tmp_path / "english" / "fires.csv").read_bytes() == (run[0] / "fires.csv").read_bytes()


def test_work_that_is_stopped_leaves_nothing(run, catalog, tmp_path):
    def stop(step, done, total):
        if step == "scene_drawing":
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        found(catalog, run[0].parent / "noaa21.tif", tmp_path / "out", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_tells_every_step_to_its_end(run, catalog, tmp_path):
    told: dict[str, list[tuple[int, int]]] = {}
    found(
        catalog, run[0].parent / "noaa21.tif", tmp_path / "out",
        progress=lambda step, done, total: told.setdefault(step, []).append((done, total)),
    )  # fmt: skip
    assert list(told) == ["scene_hashing", "scene_detecting", "scene_drawing"]
    for steps in told.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize("what", ["truncated", "no band", "DN"])
def test_a_bad_scene_is_refused_and_leaves_nothing(what, catalog, tmp_path):
    layers = bands()
    if what == "no band":
        del layers["t11"]
    if what == "DN":
        layers["t4"] = layers["t4"] * 60
    path = write_stack(tmp_path / "bad.tif", layers)
    if what == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(InputError):
        found(catalog, path, tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == ["bad.tif"]


def test_an_unknown_product_and_a_missing_file_are_said(catalog, tmp_path):
    with pytest.raises(NotFoundError):
        found(catalog, write_stack(tmp_path / "a.tif"), tmp_path / "out", product="nothing")
    with pytest.raises(InputError, match="missing"):
        found(catalog, tmp_path / "missing.tif", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_scene_all_of_cloud_says_so(catalog, tmp_path):
    layers = bands({})
    layers["t11"][:], layers["t4"][:] = 250.0, 262.0
    report = found(catalog, write_stack(tmp_path / "cloud.tif", layers), tmp_path / "out")
    assert report["fires"] == 0
    assert "detect.flag_all_cloud" in [flag["code"] for flag in report["flags"]]
    assert len(pd.read_csv(tmp_path / "out" / "fires.csv")) == 0


def test_a_scene_across_180_degrees_is_whole_in_its_files_and_ends_there_on_its_page(catalog, tmp_path):
    layers = bands()
    layers["lon"] = (layers["lon"] - layers["lon"].mean()) % 360.0 - 180.0
    report = found(catalog, write_stack(tmp_path / "across.tif", layers), tmp_path / "run", lang="en")
    assert report["box"][0] < 180.0 < report["box"][2]
    assert "detect.flag_date_line" in {one["code"] for one in report["flags"]}
    table = pd.read_csv(tmp_path / "run" / "fires.csv")
    assert len(table) == len(FIRES)
    assert table["lon"].between(-180.0, 180.0).all()
    with rasterio.open(tmp_path / "run" / "map" / "mask.tif") as raster:
        assert raster.bounds.right > 180.0
    tiles = scene_tiles(tmp_path / "run", "mask", report, catalog.layer("scene_mask"))
    row = int((1 - np.arcsinh(np.tan(np.radians(33.6))) / np.pi) / 2 * 2**8)
    last, first = (tiles.tile(Address(8, column, row)) for column in (2**8 - 1, 0))
    assert len(last) > len(first)
