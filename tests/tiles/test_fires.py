"""Fire pixels as tiles: the same as a recount of the pixels by hand, whatever was added or replaced."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geoaq.frames import FIRE_JUDGED, fire_keys
from geoaq.tiles import fire_codes, fires, live
from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import Cells, Points
from geoaq.tiles.tally import count, days, listed, newest, tally
from geoaq.tiles.writing import writing

NEWEST = 19_104  # 2022-04-22
SATELLITES = ("terra", "aqua", "snpp", "noaa20")
COUNTIES = ("220122", "220182", "230127", "")
EAST_S = 8 * 3600


def made(n: int, first: int, end: int, seed: int = 1) -> pd.DataFrame:
    """Return judged pixels of the days ``first`` to ``end``, in the North-East."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "satellite": pd.Categorical(random.choice(SATELLITES, n)),
            "kind": pd.Categorical(random.choice(["satellite", "push"], n, p=[0.9, 0.1])),
            "acquired": random.integers(first * 86_400, end * 86_400, n),
            "lon": random.uniform(122, 130, n),
            "lat": random.uniform(42, 48, n),
            "scan_km": random.uniform(0.3, 4.8, n).astype("f4"),
            "track_km": np.where(random.random(n) < 0.1, np.nan, random.uniform(0.3, 2.0, n)).astype("f4"),
            "frp_mw": np.where(random.random(n) < 0.1, np.nan, random.gamma(1, 30, n)).astype("f4"),
            "confidence": random.integers(-1, 3, n).astype("i1"),
            "class": pd.Categorical(random.choice(fire_codes.CLASSES, n)),
            "adcode": pd.Categorical(random.choice(COUNTIES, n)),
        }
    )
    columns = (frame["acquired"].to_numpy(), frame["lon"].to_numpy(), frame["lat"].to_numpy())
    frame["key"] = fire_keys(frame["satellite"], *columns)
    return frame


class Kept:
    """A store of pixels in memory that counts how often each day is read."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame, self.token, self.read = frame, 0, []
        self.changed: dict[int, set[int]] = {}

    def put(self, frame: pd.DataFrame, changed: Collection[int]) -> None:
        self.frame, self.token = frame, self.token + 1
        self.changed[self.token] = set(changed)

    def __call__(self, known: str) -> fires.Store:
        day = self.frame["acquired"] // 86_400
        span = fires.Days(int(day.min()), int(day.max()) + 1) if len(day) else None
        since = None if not known else set().union(*(d for t, d in self.changed.items() if t > int(known)))
        return fires.Store(str(self.token), span, since, self.tables, lambda t: np.full(t.num_rows, -12.4))

    def tables(self, first: int, end: int) -> list[pa.Table]:
        self.read.append((first, end))
        day = self.frame["acquired"] // 86_400
        some = self.frame[(day >= first) & (day < end)]
        return [
            pa.Table.from_pandas(one, preserve_index=False)
            for _, one in some.groupby("satellite", observed=True)
        ]


@pytest.fixture
def folder(tmp_path):
    return fires.fire_folder(tmp_path / "cache")


def numbers(frame: pd.DataFrame) -> list[int]:
    return sorted(fire_codes.pixel_numbers(frame["key"].to_numpy()).tolist())


def in_tile(frame: pd.DataFrame, tile: Address) -> pd.DataFrame:
    x = (frame["lon"] / 360 + 0.5) * 2**tile.z
    sine = np.sin(np.radians(frame["lat"]))
    y = (0.5 - np.arctanh(sine) / (2 * np.pi)) * 2**tile.z
    return frame[(np.floor(x) == tile.x) & (np.floor(y) == tile.y)]


def assert_equal(folder, frame: pd.DataFrame) -> None:
    source = fires.fire_source(folder)
    assert len(source) == len(frame)
    for tile in (Address(7, 109, 45), Address(6, 54, 22), Address(6, 55, 22)):
        inside = in_tile(frame, tile)
        found = source.points_in_tile(tile, Filters())
        if isinstance(found, Points):
            assert sorted(found.id.tolist()) == numbers(inside)
        else:
            assert found.count.sum() == len(inside)
    assert (
        tally(source, Filters(), ("class",))["class"]
        == frame["class"].value_counts().loc[lambda n: n > 0].to_dict()
    )


def test_the_contract_holds_what_the_source_needs():
    needed = {
        "satellite",
        "kind",
        "acquired",
        "scan_km",
        "track_km",
        "frp_mw",
        "confidence",
        "class",
        "adcode",
        "key",
    }
    assert needed <= set(FIRE_JUDGED.dtypes)


@pytest.mark.parametrize("span", [(19_000, 19_001), (18_000, 19_105), (NEWEST - 400, NEWEST + 1)])
def test_parts_cover_every_day_once(span):
    found = fires.parts(fires.Days(*span))
    assert [one.first for one in found] == [span[0], *(one.end for one in found[:-1])]
    assert found[-1].end == span[1]
    assert all(one.end - one.first == 1 for one in found[-10:])
    assert len(found) < 40


def test_tiles_are_those_of_a_recount(folder):
    store = Kept(made(9000, NEWEST - 500, NEWEST + 1))
    assert fires.update(folder, store)
    assert not fires.update(folder, store)
    assert_equal(folder, store.frame)


def test_filters_are_those_of_a_recount(folder):
    store = Kept(made(9000, NEWEST - 500, NEWEST + 1))
    fires.update(folder, store)
    source, frame = fires.fire_source(folder), store.frame
    since, until = (NEWEST - 100) * 86_400 + 12_345, (NEWEST - 3) * 86_400 + 54_321
    asked = Filters(
        since,
        until,
        (("class", ("static", "straw_likely")), ("region", ("220000",)), ("satellite", ("aqua",))),
    )
    fits = (frame["acquired"] >= since) & (frame["acquired"] < until)
    fits &= frame["class"].isin(["static", "straw_likely"]) & frame["adcode"].str.startswith("22")
    fits &= frame["satellite"] == "aqua"
    wanted = frame[fits]
    assert count(source, asked) == len(wanted) > 0
    tile = Address(3, 6, 2)
    found = source.points_in_tile(tile, asked)
    assert sorted(found.id.tolist()) == numbers(in_tile(wanted, tile))
    day = (wanted["acquired"] + EAST_S) // 86_400
    assert days(source, asked) == day.value_counts().to_dict()
    # Of a column its own filter does not count.
    free = frame[(frame["acquired"] >= since) & (frame["acquired"] < until) & (frame["satellite"] == "aqua")]
    free = free[free["adcode"].str.startswith("22")]
    assert tally(source, asked, ("class",))["class"] == free["class"].value_counts().to_dict()
    assert (
        newest(source, "satellite") == frame.groupby("satellite", observed=True)["acquired"].max().to_dict()
    )


def test_a_page_of_the_list_is_sorted_over_all_of_it(folder):
    store = Kept(made(3000, NEWEST - 30, NEWEST + 1))
    fires.update(folder, store)
    source, frame = fires.fire_source(folder), store.frame
    page = listed(source, Filters(), sort="frp", descending=True, offset=0, limit=5)
    assert page.total == len(frame)
    strongest = frame.sort_values("frp_mw", ascending=False).head(5)
    assert [float(word) for word in page.words["frp"]] == pytest.approx(strongest["frp_mw"].tolist(), abs=0.5)
    page = listed(source, Filters(), sort="time", descending=False, offset=10, limit=3)
    assert page.time.tolist() == np.sort(frame["acquired"])[10:13].tolist()
    at = frame.set_index(fire_codes.pixel_numbers(frame["key"].to_numpy())).loc[page.id.tolist()]
    assert page.lon.tolist() == pytest.approx(at["lon"].tolist(), abs=1e-6)
    assert page.lat.tolist() == pytest.approx(at["lat"].tolist(), abs=1e-6)
    assert page.words["bearing"] == ["-10"] * 3


def test_new_pixels_cost_the_part_of_their_day_alone(folder):
    frame = made(6000, NEWEST - 500, NEWEST + 1)
    late = frame["acquired"] >= NEWEST * 86_400 + 43_200
    store = Kept(frame[~late])
    fires.update(folder, store)
    before = fires.fire_source(folder)
    store.read.clear()
    store.put(frame, {NEWEST})
    assert fires.update(folder, store)
    assert store.read == [(NEWEST, NEWEST + 1)]
    assert_equal(folder, frame)
    assert fires.fire_source(folder).version != before.version
    shared = {id(one) for one in before.segments} & {id(one) for one in fires.fire_source(folder).segments}
    assert len(shared) == len(before.segments) - 1
    assert len(before) == int((~late).sum())  # who reads the former state goes on doing so


def test_a_new_day_moves_the_window_and_loses_nothing(folder):
    frame = made(6000, NEWEST - 500, NEWEST + 3)
    for newest_day in (NEWEST, NEWEST + 1, NEWEST + 2):
        part = frame[frame["acquired"] < (newest_day + 1) * 86_400]
        if newest_day == NEWEST:
            store = Kept(part)
        else:
            store.put(part, {newest_day})
        fires.update(folder, store)
        assert_equal(folder, part)


def test_days_that_were_replaced_are_made_anew_and_days_that_went_are_gone(folder):
    frame = made(6000, NEWEST - 900, NEWEST + 1)
    store = Kept(frame)
    fires.update(folder, store)
    old = NEWEST - 700
    again = made(40, old, old + 1, seed=9)
    replaced = pd.concat([frame[frame["acquired"] // 86_400 != old], again], ignore_index=True)
    replaced = replaced.astype(dict.fromkeys(("satellite", "kind", "class", "adcode"), "category"))
    store.read.clear()
    store.put(replaced, {old})
    fires.update(folder, store)
    assert len(store.read) == 1
    assert_equal(folder, replaced)
    gone = replaced[replaced["acquired"] < (NEWEST - 20) * 86_400]
    store.put(gone, set(range(NEWEST - 20, NEWEST + 1)))
    fires.update(folder, store)
    assert_equal(folder, gone)
    store.put(gone.iloc[:0], set(range(NEWEST - 1000, NEWEST)))
    fires.update(folder, store)
    assert len(fires.fire_source(folder)) == 0


def test_an_update_that_was_killed_is_done_again(folder):
    frame = made(4000, NEWEST - 100, NEWEST + 1)
    store = Kept(frame)
    broken = store(""), []

    def dies(first: int, end: int) -> list[pa.Table]:
        broken[1].append(first)
        if len(broken[1]) == 3:
            raise KeyboardInterrupt
        return store.tables(first, end)

    with pytest.raises(KeyboardInterrupt):
        fires.update(folder, lambda _: broken[0]._replace(tables=dies))
    partly = fires.fire_source(folder)
    assert fires.token_of(partly) == ""
    assert 0 < len(partly) < len(frame)  # the newest days are seen already
    assert fires.update(folder, store)
    assert_equal(folder, frame)
    with writing(folder):
        segments = {path.name for path in folder.glob("segment-*")}
    assert len(segments) == len(fires.fire_source(folder).segments)


def test_a_tag_is_another_one_after_a_change_and_the_same_without(folder):
    frame = made(3000, NEWEST - 3, NEWEST + 1)
    store = Kept(frame)
    fires.update(folder, store)
    tile = Address(5, 27, 11)
    before = live.tag(fires.fire_source(folder), tile, Filters())
    store.put(frame, set())
    fires.update(folder, store)
    assert live.tag(fires.fire_source(folder), tile, Filters()) == before
    store.put(frame.iloc[:2900], set(range(NEWEST - 3, NEWEST + 1)))
    fires.update(folder, store)
    assert live.tag(fires.fire_source(folder), tile, Filters()) != before


def test_too_many_become_cells_with_the_strongest_class(folder):
    store = Kept(made(9000, NEWEST - 3, NEWEST + 1))
    fires.update(folder, store)
    found = fires.fire_source(folder).points_in_tile(Address(2, 3, 1), Filters())
    assert isinstance(found, Cells)
    assert found.count.sum() == 9000
