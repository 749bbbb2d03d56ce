"""What an office adds is kept whole, in use the newest, and comes back after it was removed."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geoaq.errors import LimitError, NotFoundError
from geoaq.store import office_layers as stores
from geoaq.store.office_layers import OfficeLayers

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> OfficeLayers:
    return OfficeLayers(tmp_path / "data")


def put(
    store: OfficeLayers, tmp_path: Path, text: str, hours: float = 0, layer: str = "heat_network", **words
):
    (tmp_path / "given").mkdir(exist_ok=True)
    (tmp_path / "checked").mkdir(exist_ok=True)
    file = tmp_path / "given" / f"管网<script>{text}.gpkg"
    file.write_text(text)
    (tmp_path / "checked" / "report.json").write_text(json.dumps({"used": 3}))
    (tmp_path / "checked" / "display.geojson").write_text("{}")
    return store.put(layer, file, tmp_path / "checked", now=NOON + timedelta(hours=hours), **words)


def test_a_file_is_kept_as_it_was_given_under_its_hash(store, tmp_path):
    one = put(store, tmp_path, "a")
    assert one.sha256 == hashlib.sha256(b"a").hexdigest()
    assert one.file.read_bytes() == b"a"
    assert one.file.name == one.name == "管网<script>a.gpkg"
    assert one.report == {"used": 3}
    assert one.display is not None
    assert one.folder.parent.stat().st_mode & 0o077 == 0
    assert store.layers() == ("heat_network",)
    assert store.in_use("built_up") is None


def test_the_newest_is_in_use_until_another_is_chosen(store, tmp_path):
    first, second = put(store, tmp_path, "a"), put(store, tmp_path, "b", hours=1)
    assert [one.in_use for one in store.versions("heat_network")] == [True, False]
    assert store.in_use("heat_network") == second
    store.use("heat_network", first.sha256)
    assert store.in_use("heat_network") == store.get("heat_network", first.sha256)
    put(store, tmp_path, "b", hours=2)
    assert store.in_use("heat_network").sha256 == second.sha256
    assert store.in_use("heat_network").added == second.added, "the same bytes are the same version"


def test_what_is_removed_comes_back_as_it_was(store, tmp_path):
    first, second = put(store, tmp_path, "a"), put(store, tmp_path, "b", hours=1)
    store.remove("heat_network", second.sha256, now=NOON)
    assert store.in_use("heat_network").sha256 == first.sha256
    assert [one.sha256 for one in store.removed("heat_network")] == [second.sha256]
    assert store.restore("heat_network", second.sha256) == second
    assert store.in_use("heat_network") == second
    assert store.removed("heat_network") == ()
    for sha256 in (first.sha256, second.sha256):
        store.remove("heat_network", sha256, now=NOON)
    assert store.layers() == ()
    assert store.removed_layers() == ("heat_network",)
    with pytest.raises(NotFoundError):
        store.remove("heat_network", first.sha256, now=NOON)


def test_what_was_removed_long_ago_is_forgotten_and_nothing_else(store, tmp_path):
    old, young, kept = (put(store, tmp_path, text, hours) for hours, text in enumerate("abc"))
    store.remove("heat_network", old.sha256, now=NOON)
    later = NOON + timedelta(days=stores.KEPT_DAYS + 1)
    store.remove("heat_network", young.sha256, now=later)
    assert [one.sha256 for one in store.removed("heat_network")] == [young.sha256]
    assert store.versions("heat_network") == (kept,)
    with pytest.raises(NotFoundError):
        store.restore("heat_network", old.sha256)


def test_a_removal_that_was_killed_can_be_taken_back_for_all_its_days(store, tmp_path, monkeypatch):
    old, other = put(store, tmp_path, "a"), put(store, tmp_path, "b", hours=1)
    os.utime(old.folder, (0, 0))
    rename = Path.rename

    def killed(self, target):
        rename(self, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            store.remove("heat_network", old.sha256, now=NOON)
    store.remove("heat_network", other.sha256, now=NOON + timedelta(days=1))
    assert store.restore("heat_network", old.sha256).file.read_bytes() == b"a"


def test_a_layer_of_ones_own_keeps_its_title_with_a_new_file(store, tmp_path):
    layer = stores.new_free_id()
    put(store, tmp_path, "a", layer=layer, title="园区", colour="#34568b")
    second = put(store, tmp_path, "b", hours=1, layer=layer)
    assert (second.title, second.colour) == ("园区", "#34568b")


def test_layers_and_files_are_bounded_in_number(store, tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "MOST_FREE", 2)
    monkeypatch.setattr(stores, "MOST_VERSIONS", 2)
    for text in "ab":
        put(store, tmp_path, text, layer=stores.new_free_id(), title="园区")
        put(store, tmp_path, text)
    with pytest.raises(LimitError, match="2 other layers"):
        put(store, tmp_path, "c", layer=stores.new_free_id(), title="园区")
    with pytest.raises(LimitError, match="2 files"):
        put(store, tmp_path, "c")
    put(store, tmp_path, "a")


@pytest.mark.parametrize("layer", ["..", "", "a/b", "A", ".removed"])
def test_no_path_is_made_from_a_name_that_is_none(store, layer):
    for asked in (lambda: store.versions(layer), lambda: store.removed(layer)):
        with pytest.raises(NotFoundError):
            asked()
    with pytest.raises(NotFoundError):
        store.get("heat_network", "../x")


def test_what_breaks_off_half_way_leaves_nothing_in_place(store, tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stores, "write_json", broken)
    with pytest.raises(OSError, match="No space"):
        put(store, tmp_path, "a")
    assert store.layers() == ()
    assert list((tmp_path / "data" / "office-layers" / "heat_network").iterdir()) == []
