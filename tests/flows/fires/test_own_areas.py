"""An office's townships, villages and grid cells: from the file to the pixels and events in them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.crs import wgs84_to_gcj02
from geoaq.errors import ConfigError, InputError
from geoaq.fires.areas import OfficeAreas
from geoaq.flows.fires.areas import CheckedAreas, check_areas, keep_areas, own_areas, version_of
from geoaq.flows.office_layers import LIMITS
from geoaq.io.built import LayerSet, load_admin
from geoaq.io.kept_areas import load_areas
from geoaq.store.fires.store import FireStore
from geoaq.zones.admin import AdminIndex
from tests.flows.fires.book import book, judged
from tests.store.fires import rows as made
from tests.store.fires.rows import about, fires

Check = Callable[..., CheckedAreas]
# In 埇桥区; its neighbour to the east is 灵璧县.
WEST, SOUTH = 116.90, 33.60


def square(column: int, row: int = 0, side: float = 0.05) -> shapely.Polygon:
    west, south = WEST + column * side, SOUTH + row * side
    return shapely.box(west, south, west + side, south + side)


def written(path: Path, *features: tuple[shapely.Geometry | None, dict[str, Any]]) -> Path:
    told = [
        {"type": "Feature", "properties": words,
         "geometry": None if shape is None else json.loads(shapely.to_geojson(shape))}
        for shape, words in features
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), "utf-8")
    return path


@pytest.fixture(scope="module")
def admin(built_layers: LayerSet) -> AdminIndex:
    return AdminIndex(*load_admin(built_layers.path, "amap"))


@pytest.fixture
def check(admin: AdminIndex) -> Check:
    def one(path: Path, level: str = "township") -> CheckedAreas:
        product = Catalog.load().products["area_list"]
        return check_areas(path, level=level, product=product, counties=admin, limits=LIMITS)

    return one


def codes(found: CheckedAreas) -> list[tuple[int, str, str]]:
    frame = found.issues.frame()
    return list(zip(frame["row"], frame["code"], frame["severity"], strict=True))


def test_names_and_codes_are_found_by_header_words_also_in_gbk(check: Check, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"乡镇名称": ["夹沟镇", "符离镇"], "XZDM": ["341302113", "341302114"]},
        geometry=[square(0), square(1)], crs=4326,
    )  # fmt: skip
    frame.to_file(tmp_path / "xz.shp", encoding="GBK")
    with zipfile.ZipFile(tmp_path / "乡镇.zip", "w") as packed:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            packed.write(tmp_path / f"xz.{part}", f"xz.{part}")
    frame.to_file(tmp_path / "xz.gpkg")
    for name in ("乡镇.zip", "xz.gpkg"):
        found = check(tmp_path / name)
        assert found.labels == ["夹沟镇", "符离镇"]
        assert found.codes == ["341302113", "341302114"]
        assert codes(found) == []


def test_what_is_wrong_is_told_feature_by_feature_and_the_others_go_on(check: Check, tmp_path: Path) -> None:
    bow = shapely.Polygon([(WEST, 33.9), (WEST + 0.1, 34.0), (WEST + 0.1, 33.9), (WEST, 34.0), (WEST, 33.9)])
    path = written(
        tmp_path / "a.geojson",
        (square(0), {"乡镇": "甲镇"}),
        (None, {"乡镇": "乙镇"}),
        (shapely.Point(WEST, SOUTH), {"乡镇": "丙镇"}),
        (square(1), {"乡镇": ""}),
        (bow, {"乡镇": "丁镇"}),
        (shapely.box(150.0, 10.0, 150.1, 10.1), {"乡镇": "海上镇"}),
        (shapely.box(WEST + 0.04, SOUTH, WEST + 0.09, SOUTH + 0.05), {"乡镇": "戊镇"}),
        (square(3), {"乡镇": "甲;镇=1"}),
    )
    found = check(path)
    assert found.labels == ["甲镇", "丁镇", "戊镇", "甲；镇＝1"]
    assert shapely.is_valid(found.shapes).all()
    assert codes(found) == [
        (2, "area_no_shape", "error"), (3, "area_not_area", "error"), (4, "area_unnamed", "error"),
        (5, "area_mended", "repair"), (6, "area_outside_china", "error"), (7, "area_overlap", "warning"),
    ]  # fmt: skip
    told = found.told("township")
    assert (told["count"], told["features"], told["issue_count"]) == (4, 8, 6)
    assert told["issues"][-1]["params"]["one"] == "甲镇"


def test_parts_of_one_township_are_one_and_those_of_one_name_are_told_apart(
    check: Check, tmp_path: Path, admin: AdminIndex
) -> None:
    path = written(
        tmp_path / "a.geojson",
        (square(0), {"乡镇": "城关镇"}),
        (square(2), {"乡镇": "城关镇"}),
        (shapely.box(117.6, 33.5, 117.65, 33.55), {"乡镇": "城关镇"}),
        (square(4), {"乡镇": "新镇", "乡镇代码": "1"}),
        (square(5), {"乡镇": "新镇", "乡镇代码": "2"}),
    )
    found = check(path)
    home = admin.names(admin.locate([WEST + 0.01, 117.62], [SOUTH + 0.01, 33.52]))["county"].tolist()
    assert found.labels[:2] == [f"城关镇（{home[0]}）", f"城关镇（{home[1]}）"]
    assert found.labels[2:] == ["新镇（1）", "新镇（2）"]
    assert found.shapes[0].equals(shapely.union(square(0), square(2)))


def test_a_village_has_a_column_of_its_own_and_a_township_beside_it(check: Check, tmp_path: Path) -> None:
    path = written(
        tmp_path / "v.geojson",
        (square(0), {"乡镇": "甲镇", "村名": "东风村"}),
        (square(1), {"乡镇": "乙镇", "村名": "东风村"}),
        (square(2), {"乡镇": "乙镇", "村名": "红旗村"}),
    )
    assert check(path, "village").labels == ["东风村（甲镇）", "东风村（乙镇）", "红旗村"]
    cells = written(tmp_path / "g.geojson", (square(0), {"网格编号": "G-07"}))
    assert check(cells, "grid").labels == ["G-07"]


def test_a_file_without_any_usable_area_is_refused(check: Check, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        check(written(tmp_path / "a.geojson", (square(0), {"面积": "3"})))
    assert refused.value.code == "areas_unusable"


def test_pixels_and_events_get_their_township_once_it_is_loaded(tmp_path: Path, check: Check) -> None:
    path = written(
        tmp_path / "a.geojson",
        *((shapely.box(115.4 + at * 0.1, 32.0, 115.5 + at * 0.1, 36.0), {"乡镇": name})
          for at, name in enumerate(["甲镇", "乙镇"])),
    )  # fmt: skip
    checked = check(path)
    keep_areas(checked, tmp_path)
    labels, stated, shapes = load_areas(tmp_path)
    assert (labels, stated) == (checked.labels, checked.codes)
    assert shapely.equals(shapes, checked.shapes).all()
    areas = OfficeAreas("township", labels, stated, shapes)
    with FireStore(tmp_path / "data") as store:
        sides = {"scan_km": 0.4, "track_km": 0.4, "daynight": 1}
        rows = fires({"lon": 115.45, **sides}, {"lon": 115.4999, **sides}, {"lon": 116.5, **sides})
        store.ingest(made.given(rows), **about("a"))
        judged(store)
        assert set(store.judged(0, 10**10)["township"]) == {""}
        known = book()
        judged(store, book=replace(known, areas=(areas,), key=areas.sha256))
        frame = store.judged(0, 10**10).sort_values("lon")
        assert frame["township"].tolist() == ["甲镇", "甲镇", ""]
        assert frame["disputed_township"].tolist() == [False, True, False]
        assert frame["township_others"].iloc[1].startswith("乙镇=0.4")
        assert frame["village"].astype(str).unique().tolist() == [""]
        found = store.events().sort_values("lon")
        assert found["township"].tolist() == ["甲镇", "甲镇", ""]
        assert found["disputed_township"].tolist() == [False, True, False]
        judged(store)
        assert set(store.judged(0, 10**10)["township"]) == {""}
        assert set(store.events()["township"]) == {""}


def test_the_command_adds_lists_and_removes_and_tells_what_it_found(
    built_layers: LayerSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    monkeypatch.setenv("GEOAQ_DATA", str(data))
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    path = written(
        tmp_path / "乡镇.geojson", (square(0), {"乡镇": "夹沟镇"}), (square(1), {"乡镇": ""})
    )  # fmt: skip
    assert main(["fires", "areas", "add", str(path), "--level", "township"]) == 0
    said = capsys.readouterr().out
    assert "采用乡镇（街道） 1 个（文件共 2 个图形，0 个有代码）" in said
    assert "第 2 个图形：没有名称也没有代码" in said
    (areas,) = own_areas(data)
    assert (areas.level, len(areas)) == ("township", 1)
    assert main(["fires", "areas", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0].startswith("乡镇（街道）：1 个 · 乡镇.geojson")
    assert listed[1] == "行政村：未提供"
    version = version_of(data, "township")
    assert version is not None
    (version.folder / "areas.arrow").write_bytes(b"no")
    with pytest.raises(ConfigError) as damaged:
        own_areas(data)
    assert damaged.value.code == "areas_damaged"
    assert main(["fires", "areas", "remove", "--level", "township"]) == 0
    assert own_areas(data) == ()
    assert main(["fires", "areas", "add", str(path), "--level", "province"]) == 2


def test_lines_drawn_on_a_shifted_map_are_suspected(
    built_layers: LayerSet, admin: AdminIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    monkeypatch.setenv("GEOAQ_DATA", str(data))
    monkeypatch.setenv("GEOAQ_LANG", "en")
    county = admin.polygons(admin.locate([WEST], [SOUTH]))[0]
    shifted = shapely.transform(county, lambda at: np.column_stack(wgs84_to_gcj02(at[:, 0], at[:, 1])))
    path = written(tmp_path / "a.geojson", (shifted, {"name": "X"}))
    assert main(["fires", "areas", "add", str(path), "--level", "township"]) == 0
    assert "GCJ-02" in capsys.readouterr().out
