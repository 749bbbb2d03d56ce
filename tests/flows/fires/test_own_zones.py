"""A file of zones from the office to the verdict: what is wrong in it, what is kept, what it changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.crs import wgs84_to_gcj02
from geoaq.errors import InputError
from geoaq.flows.fires.bans import judge_events
from geoaq.flows.fires.own_zones import Checked, check_zones, own_bans, told_issues
from geoaq.io.built import LayerSet, load_admin
from geoaq.store.fires.store import FireStore
from geoaq.store.zones import ZoneStore
from geoaq.zones.admin import AdminIndex
from tests.flows.fires.fires_of_straw import event, findings, frame, moment

Check = Callable[..., Checked]
BOX = shapely.box(120.30, 36.30, 120.40, 36.40)
STATED = {
    "类别": "秸秆禁烧区",
    "名称": "机场净空区",
    "依据文件": "关于划定秸秆禁烧区的通告",
    "发文机关": "某某市人民政府",
    "发文日期": "2024年5月1日",
    "施行日期": "2024-05-01",
}
PERMIT = {
    "类别": "计划焚烧许可",
    "名称": "计划烧除",
    "文号": "2024-7",
    "发文机关": "某某镇人民政府",
    "发文日期": "2024-10-18",
    "许可起始时间": "2024-10-20",
    "许可截止时间": "2024-10-20 16:00",
    "风速上限": "5.4",
}


def written(path: Path, *features: tuple[shapely.Geometry | None, dict[str, Any]]) -> Path:
    """Write features as GeoJSON."""
    shapes = [None if shape is None else json.loads(shapely.to_geojson(shape)) for shape, _ in features]
    told = [
        {"type": "Feature", "properties": words, "geometry": shape}
        for shape, (_, words) in zip(shapes, features, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), "utf-8")
    return path


@pytest.fixture(scope="module")
def admin(built_layers: LayerSet) -> AdminIndex:
    return AdminIndex(*load_admin(built_layers.path, "amap"))


@pytest.fixture
def check(admin: AdminIndex, root: Path) -> Check:
    catalog = Catalog.load(root / "layers")

    def one(*paths: Path, **defaults: str) -> Checked:
        product = catalog.products["zone_list"]
        return check_zones(
            paths, product=product, policy_dir=catalog.policy_dir, counties=admin, defaults=defaults
        )

    return one


def codes(found: Checked) -> list[tuple[int, str]]:
    frame = found.issues.frame()
    return list(zip(frame["row"], frame["code"], strict=True))


def test_a_zone_is_read_with_its_text_and_its_times(check: Check, tmp_path: Path) -> None:
    words = {**STATED, "禁烧季节": "5月25日至6月30日；10-01至11-30", "禁烧时间": "6时至20时"}
    words |= {"全部划定": "370200"}
    (zone,) = check(written(tmp_path / "z.geojson", (BOX, words))).zones
    assert (zone.kind, zone.class_, zone.basis, zone.day) == ("straw", "ban", "local_notice", "2024-05-01")
    assert zone.seasons == (("05-25", "06-30"), ("10-01", "11-30"))
    assert (zone.hours, zone.complete_for) == ((("06:00", "20:00"),), ("370200",))
    assert shapely.from_wkb(zone.shape).equals(BOX)


@pytest.mark.parametrize(
    ("shape", "changes", "code"),
    [
        (None, {}, "zone_no_shape"),
        (shapely.Point(120.3, 36.3), {}, "zone_not_area"),
        (shapely.Polygon([(120, 36), (121, 37), (121, 36), (120, 37)]), {}, "zone_shape_invalid"),
        (shapely.box(140.0, 36.0, 140.1, 36.1), {}, "zone_outside_china"),
        (shapely.box(120.3, 36.3, 120.3000001, 36.3000001), {}, "zone_area"),
        (shapely.box(100.0, 25.0, 115.0, 40.0), {}, "zone_area"),
        (BOX, {"类别": "公园"}, "zone_kind_unknown"),
        (BOX, {"等级": "Ⅱ类"}, "zone_class_unknown"),
        (BOX, {"施行日期": "明年"}, "zone_day_unreadable"),
        (BOX, {"施行日期": ""}, "zone_cell_missing"),
        (BOX, {"失效日期": "2023-01-01"}, "zone_days_reversed"),
        (BOX, {"禁烧季节": "秋收期"}, "zone_season_unreadable"),
        (BOX, {"禁烧时间": "白天"}, "zone_hours_unreadable"),
        (BOX, {"全部划定": "青岛"}, "zone_code_unknown"),
        (BOX, {"依据类别": "听说"}, "zone_basis_unknown"),
        (BOX, {"类别": "机场", "距离": "-3"}, "zone_number_unreadable"),
        (BOX, {**PERMIT, "文号": ""}, "zone_cell_missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_left_out(
    shape: shapely.Geometry | None, changes: dict[str, str], code: str, check: Check, tmp_path: Path
) -> None:
    path = written(tmp_path / "z.geojson", (BOX, STATED), (shape, {**STATED, **changes}))
    found = check(path)
    assert (2, code) in codes(found)
    assert (len(found.zones), len(found.permits), found.features) == (1, 0, 2)
    with pytest.raises(InputError, match="none was kept"):
        found.require("z.geojson", no_text=True)


def test_a_zone_without_a_text_is_kept_only_when_that_is_said(check: Check, tmp_path: Path) -> None:
    words = {name: word for name, word in STATED.items() if name != "发文机关"}
    found = check(written(tmp_path / "z.geojson", (BOX, words)))
    assert (found.without_text, codes(found)) == (1, [(1, "zone_without_text")])
    with pytest.raises(InputError, match="--no-text"):
        found.require("z.geojson", no_text=False)
    found.require("z.geojson", no_text=True)


@pytest.mark.parametrize(("first", "warned"), [("2024-04-30", True), ("2024-05-01", False)])
def test_a_zone_in_force_before_its_text_was_issued_is_kept_and_told(
    first: str, warned: bool, check: Check, tmp_path: Path
) -> None:
    found = check(written(tmp_path / "z.geojson", (BOX, {**STATED, "施行日期": first})))
    assert len(found.zones) == 1
    assert codes(found) == ([(1, "zone_before_issue")] if warned else [])
    if warned:
        (said,) = told_issues(found.issues)["message_zh"]
        assert said == "施行日期 2024-04-30 早于发文日期 2024-05-01，请核对"


def test_a_shapefile_in_gbk_is_read(check: Check, tmp_path: Path) -> None:
    import geopandas as gpd

    gpd.GeoDataFrame([STATED], geometry=[BOX], crs=4490).to_file(tmp_path / "zones.shp", encoding="GBK")
    (tmp_path / "zones.cpg").unlink()
    parts = sorted(path for path in tmp_path.iterdir() if path.suffix in (".shp", ".shx", ".dbf", ".prj"))
    (zone,) = check(*parts).zones
    assert (zone.name, zone.title) == ("机场净空区", "关于划定秸秆禁烧区的通告")


def test_kml_and_what_the_command_states_for_it(check: Check, tmp_path: Path) -> None:
    ring = " ".join(f"{lon},{lat}" for lon, lat in BOX.exterior.coords)
    line = f"<LinearRing><coordinates>{ring}</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{line}</outerBoundaryIs></Polygon>"
    path = tmp_path / "z.kml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<Placemark><name>净空区</name>{polygon}</Placemark></Document></kml>",
        "utf-8",
    )
    stated = {
        "kind": "straw",
        "first": "2024-05-01",
        "title": "通告",
        "issuer": "县政府",
        "day": "2024-04-01",
    }
    (zone,) = check(path, **stated).zones
    assert (zone.name, zone.title, zone.basis) == ("净空区", "通告", "local_notice")


def test_a_file_on_shifted_coordinates_is_suspected(check: Check, admin: AdminIndex, tmp_path: Path) -> None:
    (county,) = admin.polygons(admin.within("adcode", "370285"))
    shifted = shapely.transform(county, lambda at: np.stack(wgs84_to_gcj02(at[:, 0], at[:, 1]), axis=1))
    found = check(written(tmp_path / "a.geojson", (shapely.make_valid(shifted), STATED)))
    assert (0, "zone_datum_suspect") in codes(found)
    assert codes(check(written(tmp_path / "b.geojson", (county, STATED)))) == []
    assert (0, "zone_datum_word") in codes(check(written(tmp_path / "高德.geojson", (county, STATED))))


def test_kept_zones_and_permits_change_the_verdict(check: Check, root: Path, tmp_path: Path) -> None:
    policy, layers = root / "layers" / "policy", tmp_path / "layers"
    fire = frame(event("QD", lon=120.35, lat=36.35))
    with FireStore(tmp_path / "data") as store:
        zones = ZoneStore(store.engine)
        before = own_bans(zones, policy, layers)
        assert judge_events(fire, before)["verdict"].tolist() == ["needs_review"]
        found = check(written(tmp_path / "z.geojson", (BOX, STATED), (BOX, PERMIT)))
        (kept,) = zones.add_zones(found.zones, by="局", now=1)
        (permit,) = zones.add_permits(found.permits, by="局", now=1)
        assert (permit.begin, permit.end) == (moment("2024-10-20 00:00"), moment("2024-10-20 16:00"))
        after = own_bans(zones, policy, layers)
        judged = judge_events(fire, after)
        assert after.token != before.token
        assert judged["verdict"].tolist() == ["applies"]
        assert findings(judged)[kept.zone]["reasons"] == ["conflicting_sources"]
        assert findings(judged)[permit.permit]["reasons"] == ["permit_matches", "permit_weather"]
        zones.end_zone(kept.zone, first=kept.first + 30, by="局", remark="", now=2)
        assert judge_events(fire, own_bans(zones, policy, layers))["verdict"].tolist() == ["needs_review"]


def test_other_boundaries_make_every_verdict_an_old_one(root: Path, tmp_path: Path) -> None:
    def token(amap: bytes, other: bytes = b"") -> str:
        built = tmp_path / "layers" / "set"
        for source in ("amap", "tianditu"):
            (built / source).mkdir(parents=True, exist_ok=True)
            (built / source / "counties.arrow").write_bytes(amap)
        (built / "build.json").write_text("{}")
        (built / "rivers.json").write_bytes(other)
        (tmp_path / "layers" / "current.json").write_text('{"key": "set"}')
        return own_bans(ZoneStore(store.engine), root / "layers" / "policy", tmp_path / "layers").token

    with FireStore(tmp_path / "data") as store:
        assert token(b"a") == token(b"a", b"drawn anew") != token(b"b")


def test_the_command_checks_keeps_lists_and_ends(
    built_layers: LayerSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    monkeypatch.setenv("GEOAQ_DATA", str(data))
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    good = str(written(tmp_path / "z.geojson", (BOX, STATED), (BOX, PERMIT)))
    broken = str(written(tmp_path / "b.geojson", (BOX, {**STATED, "类别": "公园"})))
    assert main(["zones", "check", broken]) == 1
    assert "类别“公园”不能识别" in capsys.readouterr().out
    lacking = [(BOX, {**STATED, name: ""}) for name in ("类别", "施行日期")]
    unsaid = str(written(tmp_path / "u.geojson", *lacking))
    assert main(["zones", "check", unsaid]) == 1
    told = capsys.readouterr().out
    assert "第 1 个图形 类别：未填写" in told
    assert "第 2 个图形 施行日期：未填写" in told
    assert main(["zones", "add", broken]) == 2
    assert main(["zones", "list"]) == 0
    assert "尚未登记" in capsys.readouterr().out
    assert main(["zones", "check", good]) == 0
    assert main(["zones", "add", good, "--by", "某某局"]) == 0
    told = capsys.readouterr().out
    zone = next(word for word in told.replace("：", " ").split() if word.startswith("z") and len(word) == 9)
    assert main(["zones", "list"]) == 0
    listed = capsys.readouterr().out
    assert f"{zone} v1 秸秆禁烧区 · 禁烧区 · 机场净空区 · 2024-05-01" in listed
    assert "许可 2024-7" in listed
    assert main(["zones", "add", good, "--zone", zone]) == 2
    assert main(["zones", "add", good]) == 2
    assert f"与已登记的 {zone} 图形、依据文件和起止时间相同" in capsys.readouterr().out
    assert main(["zones", "list", "--all"]) == 0
    assert capsys.readouterr().out.count(" v1 ") == 2
    assert main(["zones", "end", zone, "--from", "2025-01-01", "--remark", "通告废止"]) == 0
    assert main(["zones", "list", "--as-of", "2024-12-31"]) == 0
    assert zone in capsys.readouterr().out
    assert main(["zones", "list", "--as-of", "2025-01-01"]) == 0
    assert zone not in capsys.readouterr().out
    assert main(["zones", "list", "--all"]) == 0
    assert "自 2025-01-01 起终止" in capsys.readouterr().out
    assert main(["zones", "end", zone]) == 2
