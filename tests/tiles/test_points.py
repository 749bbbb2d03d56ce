"""What lies in a tile, once by plain web-mercator arithmetic and once by the source."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import pytest

from geoaq.errors import InputError, NotFoundError
from geoaq.tiles import points as points_of
from geoaq.tiles.filters import Filters, parsed
from geoaq.tiles.mercator import Address, address, interleaved, keys_of, world_units
from geoaq.tiles.points import Cells, Points, PointSource, opened
from geoaq.tiles.segments import MANIFEST
from geoaq.tiles.writing import append, compact, create
from tests.tiles.conftest import CLASSES

COLUMNS = {"class": CLASSES, "satellite": [], "region": []}
TILES = [Address(0, 0, 0), Address(5, 26, 13), Address(7, 106, 52), Address(9, 426, 209), Address(18, 5, 5)]
ASKED = [
    {},
    {"from": ["2024-01-01"], "to": ["2024-01-01"]},
    {"from": ["2023-01-01T00:00:00Z"], "to": ["2024-01-01T00:00:00Z"], "satellite": ["N20,SNPP"]},
    {"class": ["straw", "static"], "region": ["330000"]},
    {"region": ["419001,320200"]},
    {"class": ["never seen"]},
]


def pixel(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Return web-mercator units of a tile's 4096, over the whole world, from the formula in the textbooks."""
    size = 4096 * 2**zoom
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return size * (lon + 180) / 360, size * (1 - y / math.pi) / 2


def plainly(points: pd.DataFrame, tile: Address, asked: dict[str, list[str]]) -> pd.DataFrame:
    xy = [pixel(lon, lat, tile.z) for lon, lat in zip(points["lon"], points["lat"], strict=True)]
    x = np.array([x - 4096 * tile.x for x, _ in xy])
    y = np.array([y - 4096 * tile.y for _, y in xy])
    keep = (x >= 0) & (x < 4096) & (y >= 0) & (y < 4096)
    for name, values in asked.items():
        words = ",".join(values).split(",")
        if name == "from":
            start = words[0] if "T" in words[0] else words[0] + "T00:00:00+08:00"
            keep &= (points["time"] >= pd.Timestamp(start)).to_numpy()
        elif name == "to":
            end = pd.Timestamp(words[0] if "T" in words[0] else words[0] + "T00:00:00+08:00")
            keep &= (points["time"] < (end if "T" in words[0] else end + pd.Timedelta(days=1))).to_numpy()
        elif name == "region":
            heads = tuple(word.removesuffix("00").removesuffix("00") for word in words)
            keep &= points["region"].str.startswith(heads).to_numpy()
        else:
            keep &= points[name].isin(words).to_numpy()
    return points.assign(x=np.floor(x), y=np.floor(y))[keep].sort_values("id")


@pytest.fixture
def folder(tmp_path):
    create(tmp_path / "source", COLUMNS, strongest="class")
    return tmp_path / "source"


@pytest.mark.parametrize("large", [1, 10**9], ids=["compiled", "plain"])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_tile_holds_exactly_the_points_that_lie_in_it_and_are_asked_for(
    folder, made_points, monkeypatch, large, asked
):
    monkeypatch.setattr(points_of, "LARGE", large)
    points = made_points(6000)
    for part in (points[:3500], points[3500:3510], points[3510:]):
        append(folder, part)
    source = PointSource(folder)
    assert len(source) == 6000
    names = list(source.columns)
    for tile in TILES:
        wanted = plainly(points, tile, asked)
        found = source.points_in_tile(tile, parsed(asked, source.columns), limit=6000)
        assert isinstance(found, Points)
        assert found.id.tolist() == wanted["id"].tolist()
        assert found.x.tolist() == wanted["x"].tolist()
        assert found.y.tolist() == wanted["y"].tolist()
        assert found.time.tolist() == [int(t.timestamp()) for t in wanted["time"]]
        for name in COLUMNS:
            words = [source.columns[name][code] for code in found.codes[names.index(name)]]
            assert words == wanted[name].tolist()


@pytest.mark.parametrize("large", [1, 10**9], ids=["compiled", "plain"])
@pytest.mark.parametrize("asked", [ASKED[0], *ASKED[2:5]], ids=str)
def test_where_points_are_too_many_cells_count_them_and_show_the_strongest(
    folder, made_points, monkeypatch, large, asked
):
    monkeypatch.setattr(points_of, "LARGE", large)
    points = made_points(5000)
    append(folder, points[:2000])
    append(folder, points[2000:])
    source = PointSource(folder)
    tile = Address(5, 26, 13)
    wanted = plainly(points, tile, asked)
    assert len(wanted) > 1
    found = source.points_in_tile(tile, parsed(asked, source.columns), limit=len(wanted) - 1)
    assert isinstance(found, Cells)
    strength = wanted["class"].map(CLASSES.index)
    cells = strength.groupby([wanted["x"] // 64, wanted["y"] // 64]).agg(["size", "min"])
    rows = zip(found.x, found.y, found.count, found.strongest, strict=True)
    mine = {(x // 64, y // 64): (n, s) for x, y, n, s in rows}
    assert mine == {at: (row["size"], row["min"]) for at, row in cells.iterrows()}
    assert set(found.x % 64) == set(found.y % 64) == {32}


@pytest.mark.parametrize("large", [1, 10**9], ids=["compiled", "plain"])
@pytest.mark.parametrize("limit", [6000, 10], ids=["points", "cells"])
@pytest.mark.parametrize("asked", [ASKED[0], ASKED[2]], ids=str)
def test_a_mask_says_which_ids_are_wanted(folder, made_points, monkeypatch, large, limit, asked):
    monkeypatch.setattr(points_of, "LARGE", large)
    points = made_points(3000)
    append(folder, points[:2000])
    append(folder, points[2000:])
    among = np.random.default_rng(5).random(3000) < 0.3
    among.setflags(write=False)
    source = PointSource(folder)
    tile = Address(5, 26, 13)
    found = source.points_in_tile(tile, parsed(asked, source.columns), limit, among)
    wanted = plainly(points[among], tile, asked)
    assert len(wanted) > 10
    if limit == 10:
        assert found.count.sum() == len(wanted)
    else:
        assert found.id.tolist() == wanted["id"].tolist()


def test_points_at_the_limit_stay_points(folder, made_points):
    append(folder, made_points(50))
    source = PointSource(folder)
    assert isinstance(source.points_in_tile(Address(0, 0, 0), limit=50), Points)
    assert isinstance(source.points_in_tile(Address(0, 0, 0), limit=49), Cells)


def test_an_empty_source_gives_empty_tiles(folder):
    found = PointSource(folder).points_in_tile(Address(3, 6, 3))
    assert isinstance(found, Points)
    assert len(found.id) == 0


def test_a_reader_sees_the_source_as_it_was_opened_and_the_next_one_as_it_is(folder, made_points):
    append(folder, made_points(100))
    before = opened(folder)
    assert opened(folder) is before
    append(folder, made_points(10, first=100))
    assert (len(before), len(opened(folder))) == (100, 110)
    assert before.version != opened(folder).version
    compact(folder)
    everything = before.points_in_tile(Address(0, 0, 0))
    assert len(everything.id) == 100  # its files are gone by name, not for those who hold them


def test_many_small_additions_leave_few_segments_and_every_point(folder, made_points):
    points = made_points(400)
    for start in range(0, 400, 10):
        append(folder, points[start : start + 10])
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert len(manifest["segments"]) < 8
    assert len([path for path in folder.iterdir() if path.is_dir()]) == len(manifest["segments"])
    compact(folder)
    source = PointSource(folder)
    assert source.points_in_tile(Address(0, 0, 0)).id.tolist() == list(range(400))


def test_readers_are_not_disturbed_by_a_writer_that_merges(folder, made_points):
    append(folder, made_points(20))
    sizes, failures = [], []

    def write() -> None:
        for turn in range(30):
            append(folder, made_points(20, first=20 * (turn + 1)))
            compact(folder)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        try:
            sizes.append(len(PointSource(folder)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
    writer.join()
    assert failures == []
    assert sizes == sorted(sizes)
    assert len(PointSource(folder)) == 620


KILLED = """
import os, sys
from pathlib import Path
import pandas as pd
from geoaq.tiles import segments, writing
step = int(sys.argv[2])
flushed = os.fsync
def dies(handle):
    global step
    flushed(handle)
    step -= 1
    if step == 0:
        os._exit(9)
os.fsync = dies
points = pd.DataFrame({"id": [100], "lon": [120.0], "lat": [30.0], "class": ["new"], "satellite": ["N20"],
                       "region": ["330482"], "time": [pd.Timestamp("2024-05-01T00:00Z")]})
writing.append(Path(sys.argv[1]), points)
writing.compact(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("step", [1, 5, 9, 10, 11, 12, 13, 17, 21, 22, 23, 24])
def test_a_writer_killed_anywhere_leaves_the_source_before_or_after(folder, made_points, step):
    append(folder, made_points(100))
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step)], check=False)
    assert run.returncode in {0, 9}
    source = PointSource(folder)
    assert len(source) in {100, 101}
    assert source.points_in_tile(Address(0, 0, 0)).id.tolist() == list(range(len(source)))
    append(folder, made_points(1, first=200))  # the next writer cleans up
    named = {name for name, _ in json.loads((folder / MANIFEST).read_text("utf-8"))["segments"]}
    assert {path.name for path in folder.iterdir()} == named | {MANIFEST, ".lock"}


def test_small_sources_never_load_the_compiler(folder, made_points):
    append(folder, made_points(1000))
    code = (
        "import sys; from pathlib import Path; from geoaq.tiles.points import PointSource;"
        "from geoaq.tiles.mercator import Address;"
        f"PointSource(Path({str(folder)!r})).points_in_tile(Address(0, 0, 0));"
        "print('numba' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_keys_hold_a_position_to_the_unit():
    x = np.array([0, 1, 2**31, 2**32 - 1, 123_456_789], np.uint32)
    y = np.array([2**32 - 1, 0, 77, 2**31, 987_654_321], np.uint32)
    back = world_units(interleaved(x, y))
    assert [one.tolist() for one in back] == [x.tolist(), y.tolist()]


def test_the_edges_of_the_world_stay_on_the_map():
    x, y = world_units(keys_of(np.array([-180.0, 180.0]), np.array([90.0, -90.0])))
    assert x.tolist() == [0, 2**32 - 1]
    assert y.tolist() == [0, 2**32 - 1]


@pytest.mark.parametrize(("lon", "lat"), [(np.nan, 30), (120, np.nan), (181, 30), (120, 91), (np.inf, 0)])
def test_a_point_without_a_place_is_refused_and_nothing_is_added(folder, made_points, lon, lat):
    with pytest.raises(ValueError, match="out of range"):
        append(folder, made_points(2).assign(lon=float(lon), lat=float(lat)))
    assert len(PointSource(folder)) == 0


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [("19", "0", "0"), ("3", "8", "0"), ("3", "0", "8"), ("-1", "0", "0"), ("٣", "1", "1"),
     ("9" * 5000, "0", "0"), ("2", "1.5", "0"), ("", "0", "0")],
)  # fmt: skip
def test_an_address_outside_the_world_or_too_deep_is_no_tile(z, x, y):
    with pytest.raises(NotFoundError):
        address(z, x, y)


@pytest.mark.parametrize(
    "asked",
    [
        {"colour": ["red"]},
        {"from": ["yesterday"]},
        {"to": ["2024-01-01T00:00:00"]},
        {"class": [",".join(map(str, range(65)))]},
        {"class": [str(k) for k in range(40)], "region": [str(k) for k in range(40)]},
        {"class": ["x" * 81]},
        {"class": [f"{k}" for k in range(100_000)]},
    ],
    ids=lambda asked: str(asked)[:30],
)
def test_what_cannot_be_asked_for_is_refused(asked):
    with pytest.raises(InputError):
        parsed(asked, COLUMNS)


def test_the_same_question_in_another_order_is_the_same_question():
    one = parsed({"class": ["b,a"], "satellite": ["N20"]}, COLUMNS)
    other = parsed({"satellite": ["N20"], "class": ["a", "b", "a"]}, COLUMNS)
    assert one == other != Filters()
