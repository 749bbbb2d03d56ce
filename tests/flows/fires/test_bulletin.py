"""A bulletin from a store made by hand: 宿州 and its neighbours on 11 June 2025."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.fires.bulletin import day_period
from geoaq.flows.fires.bulletin import (
    BulletinRequest,
    area_choices,
    bulletin_rule,
    kept_tables,
    make_bulletin,
    period_of,
    write_bulletin,
)
from geoaq.flows.fires.bulletin.gather import unjudged
from geoaq.flows.fires.bulletin.request import Towns
from geoaq.flows.fires.bulletin.rows import ban_words
from geoaq.report.fire_bulletin import BulletinData, read_bulletin
from geoaq.store.fires.looks import CHINA, Looks
from geoaq.store.fires.store import FireStore
from tests.flows.fires.book import judged as judge_all
from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import about, fires, given

DAY = day_period(date(2025, 6, 11), ends_at=17)
RULES = '[{"by":"rule","id":"gf.straw.key","outcome":"applies","reasons":[]}]'


def beijing(day: int, hour: int) -> int:
    """Return an hour of June 2025, Beijing time, as seconds."""
    return int(datetime(2025, 6, day, hour, tzinfo=UTC).timestamp()) - 8 * 3600


def pixel(step: int, event: str, at: int, **stated: Any) -> dict[str, Any]:
    place = {"lon": 116.97 + 0.01 * step, "lat": 33.63}
    return {"satellite": "noaa21", "acquired": at, "event": event, **place, **stated}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    """Return a store with a day, the day before and last year's season; one satellite passed on each."""
    noon, before = beijing(11, 13), beijing(10, 13)
    past = int(datetime(2024, 6, 9, 5, tzinfo=UTC).timestamp())
    pixels = judged(
        pixel(0, "e1", noon, township="夹沟镇", village="夹沟村", grid="G-01", disputed_township=True),
        pixel(1, "e1", noon + 600),
        pixel(2, "e2", noon, adcode="341322"),
        pixel(3, "", noon, **{"class": "static", "reasons": "static_register"}),
        pixel(4, "e4", noon, disputed_border=True, others="341322=0.4", disputed_by="footprint"),
        pixel(5, "e5", beijing(11, 18)),  # after 17:00: the next day of report
        pixel(6, "p1", noon, kind="push", satellite="push:省厅", number="皖-17"),
        pixel(7, "e7", noon, adcode="411481", province_adcode="410000"),  # 永城, of another province
        pixel(0, "b1", before, township="夹沟镇"),
        pixel(0, "s1", past, township="夹沟镇"),
    )
    found = events(
        {"event": "e1", "first_seen": noon, "last_seen": noon + 600, "pixels": 2, "verdict": "applies",
         "rules": RULES},
        {"event": "e2", "first_seen": noon, "last_seen": noon, "adcode": "341322", "county": "萧县"},
        {"event": "e4", "first_seen": noon, "last_seen": noon, "disputed_border": True},
        {"event": "e5", "first_seen": beijing(11, 18), "last_seen": beijing(11, 18)},
        {"event": "p1", "first_seen": noon, "last_seen": noon, "official": True},
        {"event": "e7", "first_seen": noon, "last_seen": noon, "adcode": "411481", "counties": "411481=1"},
        {"event": "b1", "first_seen": before, "last_seen": before},
        {"event": "s1", "first_seen": past, "last_seen": past},
    )  # fmt: skip
    with FireStore(tmp_path_factory.mktemp("state")) as store:
        from tests.store.fires.rows import about, given

        store.ingest(given(pixels.iloc[:, :19]), **about("office"))
        keep(store, pixels, found)
        yield store


@pytest.fixture(scope="module")
def made(store: FireStore, built_layers, county_edges: Path):
    catalog = Catalog.load()

    def make(adcode: str = "341300", period=DAY, **tables: Any) -> BulletinData:
        request = BulletinRequest(period, adcode, date(2025, 6, 11), **tables)
        return make_bulletin(
            store, request, catalog=catalog, layers_dir=built_layers.path.parent, cache_dir=county_edges,
            progress=lambda *_: None,
        )  # fmt: skip

    return make


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8-sig")
    return path


def units(data: BulletinData) -> dict[str, Any]:
    return {one.adcode: one for one in data.units}


def test_a_day_of_a_prefecture_counts_what_lies_in_it_from_seventeen_to_seventeen(made) -> None:
    data = made()
    rows = {one.group: (one.satellite, one.push) for one in data.ledger}
    assert rows["straw_likely"] == (4, 1)
    assert rows["static"] == (1, 0)
    assert data.total == 6 == sum(a + b for a, b in rows.values())
    assert {code: one.straw for code, one in units(data).items()} == {"341302": 2, "341322": 1}
    assert (data.open_points, data.events, data.events_open, len(data.pushes)) == (1, 3, 1, 1)
    assert all(one.rank == 0 for one in data.units)


def test_the_day_before_and_last_year_are_compared_by_what_was_observed(made) -> None:
    data = made()
    assert (data.before.state, data.before.points, data.before.difference) == ("partial", 1, 3)
    assert (data.year_ago.state, data.year_ago.points) == ("none", None)
    assert units(data)["341302"].before == 1
    assert units(data)["341302"].year_ago is None
    lacking = [one.satellite for one in data.passes if one.missing]
    assert lacking == ["terra", "aqua", "snpp", "noaa20"]


def test_only_what_was_checked_is_ranked_and_a_check_may_name_the_county(made, tmp_path: Path) -> None:
    checks = written(
        tmp_path, "核查.csv",
        "火情编号,核查结果,核查地县代码\ne2,属实,\ne4,属实,341322\ne1,非秸秆焚烧,\ne7,属实,341302\nzz,属实,\n",
    )  # fmt: skip
    data = made(checks=checks)
    found = units(data)
    assert {code: (one.verified, one.rank) for code, one in found.items()} == {
        "341322": (2, 1),
        "341302": (1, 2),  # found on the spot in 埇桥, though its pixel lies beyond the line
    }
    assert data.open_points == 0
    assert data.unused_rows == 1
    assert {one.group: one.satellite for one in data.ledger}["checked_other"] == 2


def test_the_offices_tables_win_and_are_named_with_their_hash(made, tmp_path: Path) -> None:
    arable = written(tmp_path, "耕地.csv", "代码,耕地面积（千公顷）\n341302,150\n")
    clouds = written(tmp_path, "云.csv", "代码,日期,云量\n341302,2025-06-11,35%\n")
    data = made(arable=arable, clouds=clouds, towns=Towns("乡镇.geojson", "0" * 64))
    found = units(data)
    assert found["341302"].arable_ha == 150_000
    assert found["341302"].intensity == pytest.approx(2 / 150, abs=1e-6)
    assert found["341302"].cloud == 0.35
    assert (found["341322"].arable_ha, found["341322"].cloud) == (None, None)
    assert [one.town for one in data.points] == ["夹沟镇", "", "", ""]
    assert [one.town_open for one in data.points] == [True, False, False, False]
    assert (data.points[0].village, data.points[0].grid) == ("夹沟村", "G-01")
    assert data.patrols.by_town
    assert data.patrols.rows[0].town == "夹沟镇"
    assert (data.patrols.rows[0].years, data.patrols.rows[0].last_year) == (1, 2024)
    assert {"arable", "clouds", "towns"} <= {one.what for one in data.sources if len(one.sha256) == 64}


def test_without_arable_land_an_estimate_stands_in_and_says_so(made) -> None:
    data = made()
    assert data.arable == "land_cover"
    assert units(data)["341302"].arable_ha > 10_000
    assert data.patrols.by_town is False


def test_bans_are_named_by_the_texts_that_a_verdict_rests_on(made) -> None:
    (first, *_) = made().points
    assert first.verdict == "applies"
    assert [one.zh for one in first.bans] == ["重点区域：禁止露天焚烧秸秆"]
    open_ = (
        '[{"by":"moment","outcome":"needs_review","reasons":["before_the_rules","missing_layer:airport"]}]'
    )
    assert [one.zh for one in ban_words(open_)] == ["发生时所载文件均未施行，不引用此后的文件"]
    fuel = '[{"by":"zone","kind":"fuel","class":"II","name":"主城区","outcome":"","reasons":[]}]'
    assert [one.zh for one in ban_words(fuel)] == ["高污染燃料禁燃区（II类）：主城区"]


def test_the_same_store_and_request_make_the_same_bytes(made, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_bulletin(made(), tmp_path / name, "zh", most=40)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["bulletin.html", "bulletin.json", "bulletin.pdf", "bulletin.xlsx"]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert read_bulletin((tmp_path / "a" / "bulletin.json").read_bytes()) == made()


def test_the_whole_country_a_province_and_a_county_are_areas_too(made) -> None:
    country, province, county = made("100000"), made("340000"), made("341322")
    assert country.levels == ("province", "city", "county")
    assert {one.adcode for one in country.units if one.level == "province"} == {"340000", "410000"}
    assert (province.levels, county.levels) == (("city", "county"), ("county",))
    # A neighbour of the same prefecture leaves the prefecture's count whole.
    city = next(one for one in province.units if one.level == "city")
    assert (city.straw, city.open) == (4, 0)
    assert [one.adcode for one in county.units] == ["341322"]


def test_a_code_that_is_no_area_is_refused(made) -> None:
    with pytest.raises(InputError) as refused:
        made("999999")
    assert refused.value.code == "unknown_area"


def test_exactly_one_period_is_named(root: Path) -> None:
    rule, _ = bulletin_rule(root / "layers" / "policy")
    day = date(2025, 6, 11)
    assert period_of(rule, day=day) == DAY
    assert period_of(rule, first=day, last=day, ends_at=24).since == beijing(11, 0)
    for stated in ({}, {"day": day, "week": day}, {"first": day}):
        with pytest.raises(InputError, match="one period"):
            period_of(rule, **stated)
    with pytest.raises(InputError, match="cannot be"):
        period_of(rule, first=day, last=date(2025, 6, 10))


def test_tables_that_the_office_keeps_are_found_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "fires" / "office"
    folder.mkdir(parents=True)
    (folder / "arable.csv").write_text("x")
    (folder / "notes.txt").write_text("x")
    assert list(kept_tables(tmp_path)) == ["arable"]
    (folder / "arable.xlsx").write_text("x")
    with pytest.raises(InputError, match=r"arable\.csv"):
        kept_tables(tmp_path)


def test_a_page_offers_the_units_of_the_chosen_province(built_layers) -> None:
    found = area_choices(built_layers.path.parent, "341322")
    assert len(found.provinces) == 35
    assert ("341300", "宿州市") in [(code, name.zh) for code, name in found.cities]
    assert ("341322", "萧县") in [(code, name.zh) for code, name in found.counties]
    assert area_choices(built_layers.path.parent, "100000").cities == ()


def test_a_day_that_was_fetched_over_the_area_and_held_no_fire_is_no_missing_pass(
    built_layers, county_edges: Path, tmp_path: Path
) -> None:
    with FireStore(tmp_path / "state") as store:
        Looks(store.engine).note(["snpp"], (DAY.since, DAY.until), (116.0, 32.5, 119.0, 35.0))
        data = {}
        Looks(store.engine).note(["noaa20"], (DAY.since, DAY.until), CHINA)
        for adcode in ("341300", "340000", "100000"):
            request = BulletinRequest(DAY, adcode, date(2025, 6, 11))
            made = make_bulletin(
                store, request, catalog=Catalog.load(), layers_dir=built_layers.path.parent,
                cache_dir=county_edges, progress=lambda *_: None,
            )  # fmt: skip
            data[adcode] = {one.satellite: one.seen for one in made.passes if one.expected}
    assert data["341300"]["snpp"] == 1
    assert data["341300"]["terra"] == 0
    assert data["340000"]["snpp"] == 0
    assert {data[area]["noaa20"] for area in data} == {1}


def test_a_day_of_which_more_came_since_it_was_judged_is_not_judged_yet(tmp_path: Path) -> None:
    with FireStore(tmp_path) as store:
        store.ingest(
            given(fires({"acquired": DAY.since + 60}, {"acquired": DAY.since - 3 * 86_400})), **about("a")
        )
        assert unjudged(store, DAY) == 1
        judge_all(store)
        assert unjudged(store, DAY) == 0
        store.ingest(given(fires({"acquired": DAY.since + 120, "lon": 116.0})), **about("b"))
        assert unjudged(store, DAY) == 1
        judge_all(store)
        assert unjudged(store, DAY) == 0
