"""The source of a screening's tiles: made whole, made anew when it is gone, and not kept for ever."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from geoaq.tiles import screening
from geoaq.tiles.mercator import Address
from geoaq.tiles.screening import subject_tiles

WORLD = Address(0, 0, 0)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "screening"
    place.mkdir()
    pd.DataFrame(
        {
            "row": [2, 3, 4], "part": [0, 0, 1], "lon": [120.0, 121.0, None], "lat": [30.0, 31.0, None],
            "lead": ["applies", "not", None],
        }
    ).to_parquet(place / "subjects.parquet")  # fmt: skip
    return place


def count(folder, cache, name):
    tiles = subject_tiles(folder, name, cache)
    assert tiles.packed(WORLD, tiles.tag(WORLD, None), lambda: None)
    return len(tiles.source)


def test_the_oldest_sources_make_room_and_are_made_anew_when_asked_for(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(screening, "_KEPT", 2)
    cache = tmp_path / "cache"
    for day, name in enumerate("abc"):
        assert count(folder, cache, name) == 2
        (made,) = cache.glob(f"{name}-*")
        os.utime(made, (day, day))
    assert sorted(path.name[0] for path in cache.iterdir()) == ["b", "c"]
    assert count(folder, cache, "a") == 2


def test_a_removal_that_was_killed_leaves_no_half_source_in_place(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(screening, "_KEPT", 1)
    cache = tmp_path / "cache"
    assert count(folder, cache, "a") == 2

    def killed(path, **_):
        if path.exists():
            (path / "manifest.json").unlink()
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(screening.shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            count(folder, cache, "b")
    assert count(folder, cache, "a") == 2
    for left in cache.glob(".*"):
        os.utime(left, (0, 0))
    assert count(folder, cache, "c") == 2
    assert not list(cache.glob(".*"))
