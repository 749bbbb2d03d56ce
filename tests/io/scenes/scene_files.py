"""Small scenes for the tests of their reader: in memory, and as the files that agencies give out."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

from geoaq.frames.scenes import ScenePlaces, SceneRows
from geoaq.io.scenes.sun import sun_zenith

START = datetime(2022, 4, 15, 4, 30, tzinfo=UTC).timestamp()
ROWS, COLUMNS = 96, 64


class Scene(SimpleNamespace):
    """A scene of arrays that gives its rows."""

    def bands(self, start: int, stop: int) -> SceneRows:
        return SceneRows._make(None if one is None else one[start:stop] for one in self.seen)

    def places(self, start: int, stop: int) -> ScenePlaces:
        return ScenePlaces._make(one[start:stop] for one in self.where)

    def times(self, start: int, stop: int) -> np.ndarray:
        return self.acquired[start:stop]

    def moderate(self, start: int, stop: int) -> np.ndarray | None:
        return None if self.coarse is None else self.coarse[start // 2 : (stop + 1) // 2]


def scene(rows: int = ROWS, columns: int = COLUMNS, *, hour: float = 0.0, **changed: Any) -> Scene:
    """Return a scene over Jilin, hours after half past noon in Beijing; ``changed`` replaces bands."""
    random = np.random.default_rng(7)
    row, column = np.arange(rows)[:, None], np.arange(columns)[None, :]
    lat = 45.0 - 0.0033 * row - 0.0006 * column
    lon = 125.0 + 0.0045 * column - 0.0008 * row
    acquired = START + hour * 3600.0 + 0.06 * np.arange(rows)
    zenith = sun_zenith(acquired[:, None], lon, lat).astype(np.float32)

    def full(value: float, spread: float = 0.0) -> np.ndarray:
        return (value + random.normal(0.0, spread, (rows, columns))).astype(np.float32)

    none = np.zeros((rows, columns), np.uint8)
    day = (zenith < 90.0)[...]
    bands: dict[str, Any] = {
        "t4": full(300.0, 1.5), "t11": full(290.0, 1.0), "t12": None,
        "red": np.where(day, full(0.1, 0.01), np.nan), "nir": np.where(day, full(0.2, 0.01), np.nan),
        "swir": np.where(day, full(0.15, 0.01), np.nan),
        "sun_zenith": zenith, "water": none, "q4": none, "q11": none, "fill": none,
    }  # fmt: skip
    places: dict[str, Any] = {
        "lon": lon, "lat": lat, "view_zenith": full(20.0), "view_azimuth": full(100.0),
        "sun_azimuth": full(190.0),
    }  # fmt: skip
    for name, value in changed.items():
        (bands if name in bands else places)[name] = value
    return Scene(
        rows=rows, columns=columns, satellite="noaa20", swath=True, frp_band=True,
        seen=SceneRows(**bands), where=ScenePlaces(**places), acquired=acquired,
        coarse=full(0.5)[: rows // 2, : columns // 2],
    )  # fmt: skip


class Viirs:
    """The files of a VIIRS granule, small; a test changes what it likes before `write`.

    The first scan's first two lines are deleted on board at both edges. Number ``n`` of a temperature is
    ``190 + n / 250`` K.
    """

    def __init__(self, rows: int = 64, columns: int = 6400, *, hour: float = 0.0) -> None:
        # Every hundredth column differs, which is enough and fast.
        row, column = np.arange(rows)[:, None], np.arange(columns)[None, :]
        self.start = START + hour * 3600.0
        self.end = self.start + 360.0
        scans = -(-rows // 32)
        times = self.start + (np.arange(rows) // 32 + 0.5) * (360.0 / scans)
        lat = (45.0 - 0.0033 * row - 0.0006 * column).astype(np.float32)
        lon = (105.0 + 0.0045 * column - 0.0008 * row).astype(np.float32)
        zenith = sun_zenith(times[:, None], lon.astype(float), lat.astype(float))
        flat = np.zeros((rows, columns))
        self.table = np.full(65536, -999.9, np.float32)
        self.table[:65528] = (190.0 + np.arange(65528) / 250.0).astype(np.float32)
        self.numbers: dict[str, np.ndarray] = {
            name: np.full((rows, columns), number, np.uint16)
            for name, number in {
                "I04": 27_510, "I05": 25_010, "I01": 4_000, "I02": 8_000, "I03": 6_000,
            }.items()
        }  # fmt: skip
        for band in self.numbers.values():
            band[0:2, :1280] = band[0:2, -1280:] = 65_533
        self.flags = {name: np.zeros((rows, columns), np.uint16) for name in ("I04", "I05")}
        for band in self.flags.values():
            band[0:2, :1280] = band[0:2, -1280:] = 256
        across = np.linspace(-56.0, 56.0, columns)[None, :] * 1.2
        self.places: dict[str, np.ndarray] = {
            "latitude": lat, "longitude": lon, "solar_zenith": _hundredths(zenith),
            "solar_azimuth": _hundredths(flat + 190.0 - 360.0),
            "sensor_zenith": _hundredths(np.abs(across) + flat),
            "sensor_azimuth": _hundredths(np.where(across < 0, 100.0, -80.0) + flat),
            "land_water_mask": np.full((rows, columns), 1, np.uint8),
        }  # fmt: skip
        self.coarse = np.full((rows // 2, columns // 2), 20_000, np.uint16)

    def write(self, folder: Path, *, moderate: bool = True, satellite: str = "VJ1") -> list[Path]:
        """Write the files and return their paths."""
        import h5py

        time = "A2022105.0430.021.2022105101010"
        bands, places, coarse = (
            folder / f"{satellite}{kind}.{time}.nc" for kind in ("02IMG", "03IMG", "02MOD")
        )
        with h5py.File(bands, "w") as file:
            self._times(file)
            group = file.create_group("observation_data")
            for name, numbers in self.numbers.items():
                _put(group, name, numbers, fill=np.uint16(65_535), scale=2e-5)
            for name, flags in self.flags.items():
                group.create_dataset(
                    f"{name}_quality_flags", data=flags, chunks=_chunks(flags), compression=1
                )
                group.create_dataset(f"{name}_brightness_temperature_lut", data=self.table)
        with h5py.File(places, "w") as file:
            self._times(file)
            group = file.create_group("geolocation_data")
            for name, numbers in self.places.items():
                fill = {"f": np.float32(-999.9), "i": np.int16(-32_768), "u": np.uint8(255)}[
                    numbers.dtype.kind
                ]
                _put(group, name, numbers, fill=fill, scale=0.01 if numbers.dtype.kind == "i" else None)
        if not moderate:
            return [bands, places]
        with h5py.File(coarse, "w") as file:
            self._times(file)
            group = file.create_group("observation_data")
            _put(group, "M13", self.coarse, fill=np.uint16(65_535), scale=1e-4)
        return [bands, places, coarse]

    def _times(self, file: Any) -> None:
        for name, moment in (("time_coverage_start", self.start), ("time_coverage_end", self.end)):
            file.attrs[name] = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def copied(path: Path, target: Path, names: list[str], **tags: str) -> Path:
    """Write some bands of a stack to another, with tags changed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path) as source:
            form = {**source.profile, "count": len(names)}
            numbers = [source.descriptions.index(name) + 1 for name in names]
            with rasterio.open(target, "w", **form) as copy:
                copy.descriptions = names
                copy.update_tags(**{**source.tags(), **tags})
                for number, name in enumerate(numbers, 1):
                    copy.write(source.read(name), number)
    return target


def cut_out(path: Path, target: Path, start: tuple[int, int]) -> None:
    """Write the part of a stack from a row and column on, some rows and columns shorter than the stack."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path) as whole:
            rows, columns = whole.height - 8, whole.width - 8
            with rasterio.open(target, "w", **whole.profile | {"height": rows, "width": columns}) as part:
                part.descriptions = whole.descriptions
                part.update_tags(**whole.tags())
                part.write(whole.read(window=rasterio.windows.Window(start[1], start[0], columns, rows)))


def _hundredths(angle: np.ndarray) -> np.ndarray:
    return np.round(angle * 100.0).astype(np.int16)


def _chunks(numbers: np.ndarray) -> tuple[int, int]:
    return min(32, numbers.shape[0]), numbers.shape[1]


def _put(group: Any, name: str, numbers: np.ndarray, *, fill: Any, scale: float | None) -> None:
    data = group.create_dataset(name, data=numbers, chunks=_chunks(numbers), compression=1)
    data.attrs["_FillValue"] = fill
    if scale is not None:
        data.attrs["scale_factor"] = np.float32(scale)
        data.attrs["add_offset"] = np.float32(0.0)
