from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from geoaq.io.county_edges import load_edges, save_edges


def test_kept_arrays_come_back_and_the_first_of_two_writers_wins(tmp_path: Path) -> None:
    folder = tmp_path / "counties" / "abc.amap"
    assert load_edges(folder, ("start", "edges")) is None

    save_edges(folder, {"start": np.arange(3), "edges": np.ones((2, 4))})
    save_edges(folder, {"start": np.arange(5), "edges": np.zeros((4, 4))})

    kept = load_edges(folder, ("edges", "start"))
    assert kept is not None
    assert kept[0].tolist() == np.ones((2, 4)).tolist()
    assert kept[1].tolist() == [0, 1, 2]
    assert [path.name for path in folder.parent.iterdir()] == ["abc.amap"]


def test_only_the_latest_folders_stay(tmp_path: Path) -> None:
    for n in range(6):
        save_edges(tmp_path / f"{n}.amap", {"start": np.arange(n)})
        os.utime(tmp_path / f"{n}.amap", ns=(n, n))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.amap", "3.amap", "4.amap", "5.amap"]


def test_a_folder_that_others_forget_meanwhile_is_none_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        save_edges(tmp_path / f"{n}.amap", {"start": np.arange(n)})
        os.utime(tmp_path / f"{n}.amap", ns=(n, n))
    (tmp_path / "3.amap" / "start.npy").unlink()
    assert load_edges(tmp_path / "3.amap", ("start",)) is None
    listed = Path.iterdir

    def vanishing(folder: Path) -> list[Path]:
        found = list(listed(folder))
        shutil.rmtree(folder / "1.amap", ignore_errors=True)
        return found

    monkeypatch.setattr(Path, "iterdir", vanishing)
    save_edges(tmp_path / "4.amap", {"start": np.arange(4)})
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.amap", "2.amap", "3.amap", "4.amap"]


def test_what_an_ended_process_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    for name in (".old.amap.x", ".new.amap.x"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / ".old.amap.x", ns=(0, 0))
    save_edges(tmp_path / "a.amap", {"start": np.arange(3)})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new.amap.x", "a.amap"]
