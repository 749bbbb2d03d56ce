from __future__ import annotations

import os
from pathlib import Path

import numpy as np

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
