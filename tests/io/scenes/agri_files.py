"""Files of AGRI as the agency lays them out, cut to some lines of the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np

COLUMNS = 2748
#: Line of the disk with which a scene of a few lines begins: 33.79° N below the satellite.
FIRST = 520
START, END = datetime(2024, 4, 7, 5, 30, tzinfo=UTC), datetime(2024, 4, 7, 5, 34, 17, tzinfo=UTC)
#: Kelvin of number n, and reflectance of number n.
KELVIN, REFLECTANCE = 200.0 + np.arange(4096) * 0.05, np.arange(4096) / 4095.0


def number(kelvin: float) -> int:
    return round((kelvin - 200.0) / 0.05)


def name_of(kind: str, *, letter: str = "A", longitude: str = "1047", region: str = "REGC") -> str:
    times = "_".join(moment.strftime("%Y%m%d%H%M%S") for moment in (START, END))
    return f"FY4{letter}-_AGRI--_N_{region}_{longitude}E_L1-_{kind}-_MULT_NOM_{times}_4000M_V0001.HDF"


def write_agri(
    folder: Path,
    *,
    letter: str = "A",
    rows: int = 40,
    hot: Sequence[tuple[int, int]] = (),
    attributes: Mapping[str, int] | None = None,
    longitude: str = "1047",
) -> Path:
    """Write lines of the disk: land of 302 K at 4 µm, 65535 in the first column, fires of 350 K."""
    data, table = ("", "") if letter == "A" else ("Data/", "Calibration/")
    eleven, twelve = (12, 13) if letter == "A" else (13, 14)
    random = np.random.default_rng(2)
    path = folder / name_of("FDI", letter=letter, longitude=longitude)
    with h5py.File(path, "w") as file:
        stated = {"Begin Line Number": FIRST, "End Line Number": FIRST + rows - 1}
        for name, value in (stated if attributes is None else attributes).items():
            file.attrs[name] = np.array([value], np.int32)
        for channel, kelvin in ((7, 302.0), (eleven, 296.0), (twelve, 295.0)):
            numbers = (number(kelvin) + random.integers(-10, 11, (rows, COLUMNS))).astype(np.uint16)
            if channel == 7:
                for place in hot:
                    numbers[place] = number(350.0)
            _put(file, data, table, channel, numbers, KELVIN)
        for channel, share in ((2, 0.08), (3, 0.2), (6, 0.15)):
            numbers = np.full((rows, COLUMNS), round(share * 4095), np.uint16)
            _put(file, data, table, channel, numbers, REFLECTANCE)
    return path


def write_geo(folder: Path, zenith: np.ndarray, *, letter: str = "A", longitude: str = "1047") -> Path:
    path = folder / name_of("GEO", letter=letter, longitude=longitude)
    with h5py.File(path, "w") as file:
        group = "" if letter == "A" else "Navigation/"
        known = np.where(np.isnan(zenith), 65_535.0, zenith).astype(np.float32)
        file.create_dataset(f"{group}NOMSunZenith", data=known)
        file.create_dataset(f"{group}NOMSatelliteZenith", data=np.where(known > 180.0, known, 41.0))
    return path


def _put(
    file: h5py.File, data: str, table: str, channel: int, numbers: np.ndarray, values: np.ndarray
) -> None:
    numbers[:, 0], numbers[:, 1] = 65_535, 65_534
    stored = file.create_dataset(f"{data}NOMChannel{channel:02d}", data=numbers)
    stored.attrs["FillValue"] = np.array([65_535], np.uint16)
    file.create_dataset(f"{table}CALChannel{channel:02d}", data=values.astype(np.float32))
