"""The files of ``detection.py``, and its child processes: each prints its time, memory and result."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from detection_ways import Granule, rule_of, silent

from geoaq.catalog import Catalog
from geoaq.fires.detection import ArrayScene, detect
from geoaq.frames.scenes import BOW_TIE_FILL, ON_WATER, SATURATED

ROOT = Path(__file__).resolve().parent.parent
START, STOP = "2025-04-07T07:30:00.000Z", "2025-04-07T07:36:00.000Z"
STAMP = "A2025097.0730"
# What readers of this product want to know besides.
ABOUT = {
    "platform": "JPSS-2", "instrument": "VIIRS", "startDirection": "Ascending", "endDirection": "Ascending",
    "orbit_number": 1, "OrbitNumber": 1, "DayNightFlag": "Day",
}  # fmt: skip
VALID = {"valid_min": 0, "valid_max": 65527}


def write_files(folder: Path, whole: Granule) -> int:
    """Write the granule as VJ202IMG, VJ203IMG and VJ202MOD, deflated, and return their size."""
    import h5py

    def kept(group: Any, name: str, values: npt.NDArray[Any], **attributes: float) -> None:
        made = group.create_dataset(
            name, data=values, chunks=(16 if name == "M13" else 32, values.shape[1]), compression="gzip",
            compression_opts=4, shuffle=True,
        )  # fmt: skip
        made.attrs.update(attributes)

    def scaled(
        values: npt.NDArray[Any], scale: float, offset: float, *, lost: bool = True
    ) -> npt.NDArray[np.uint16]:
        out = np.empty(values.shape, np.uint16)
        for top in range(0, len(out), 512):
            cut = np.s_[top : top + 512]
            counts = np.clip((values[cut] - offset) / scale + 0.5, 0, 65527)
            out[cut] = np.where(np.isnan(counts), 65535, np.nan_to_num(counts))
        if lost:
            out[whole.rows.fill == BOW_TIE_FILL] = 65533
            out[whole.rows.fill > BOW_TIE_FILL] = 65535
        return out

    rows, places = whole.rows, whole.places
    lut = (200.0 + 0.005 * np.arange(65536)).astype(np.float32)
    names = [folder / f"VJ2{what}.{STAMP}.021.2025097150000.nc" for what in ("02IMG", "03IMG", "02MOD")]
    for name in names:
        with h5py.File(name, "w") as file:
            file.attrs.update({"time_coverage_start": START, "time_coverage_end": STOP})
            file.attrs.update(ABOUT)
    with h5py.File(names[0], "a") as file:
        seen = file.create_group("observation_data")
        for number, (values, quality) in {4: (rows.t4, rows.q4), 5: (rows.t11, rows.q11)}.items():
            kept(seen, f"I0{number}", scaled(values, 0.005, 200.0), **VALID)
            table = seen.create_dataset(f"I0{number}_brightness_temperature_lut", data=lut)
            table.attrs.update({"valid_min": 200.0, "valid_max": 530.0})
            flags = np.select([quality == SATURATED, quality > SATURATED], [4, 1024], 0)
            kept(seen, f"I0{number}_quality_flags", flags.astype(np.uint16))
        cosine = np.cos(np.radians(rows.sun_zenith))
        for number, values in {1: rows.red, 2: rows.nir, 3: rows.swir}.items():
            counts = scaled(values * cosine, 2e-5, 0.0)
            kept(seen, f"I0{number}", counts, scale_factor=2e-5, add_offset=0.0, **VALID)
    with h5py.File(names[1], "a") as file:
        where = file.create_group("geolocation_data")
        kept(where, "longitude", places.lon.astype(np.float32))
        kept(where, "latitude", places.lat.astype(np.float32))
        angles = {
            "solar_zenith": rows.sun_zenith, "solar_azimuth": places.sun_azimuth,
            "sensor_zenith": places.view_zenith, "sensor_azimuth": places.view_azimuth,
        }  # fmt: skip
        for name, values in angles.items():
            turned = (values + 180.0) % 360.0 - 180.0 if name.endswith("azimuth") else values
            kept(where, name, np.round(turned * 100.0).astype(np.int16), scale_factor=0.01, add_offset=0.0)
        kept(where, "land_water_mask", np.where(rows.water == ON_WATER, 3, 1).astype(np.uint8))
    with h5py.File(names[2], "a") as file:
        seen = file.create_group("observation_data")
        kept(seen, "M13", scaled(whole.coarse, 0.002, 0.0, lost=False), scale_factor=0.002, add_offset=0.0)
    return sum(name.stat().st_size for name in names)


# What the detector needs of the files: read as it stands, and nothing done with it.
VARIABLES = {
    "02IMG": [f"observation_data/I0{n}" for n in (1, 2, 3, 4, 5)]
    + ["observation_data/I04_quality_flags", "observation_data/I05_quality_flags"],
    "03IMG": [f"geolocation_data/{name}" for name in (
        "longitude", "latitude", "solar_zenith", "solar_azimuth", "sensor_zenith", "sensor_azimuth",
        "land_water_mask",
    )],
    "02MOD": ["observation_data/M13"],
}  # fmt: skip


def read_with_rasterio(folder: Path) -> int:
    """Read every band by 64 rows, as numbers of the file."""
    import rasterio

    count = 0
    for what, names in VARIABLES.items():
        path = next(folder.glob(f"VJ2{what}.*"))
        for name in names:
            with rasterio.open(f"HDF5:{path}://{name}") as raster:
                for top in range(0, raster.height, 64):
                    window = ((top, min(raster.height, top + 64)), (0, raster.width))
                    count += raster.read(1, window=window).size
    return count


def read_with_h5py(folder: Path) -> int:
    """Read every band by 64 rows, as numbers of the file."""
    import h5py

    count = 0
    for what, names in VARIABLES.items():
        with h5py.File(next(folder.glob(f"VJ2{what}.*"))) as file:
            for name in names:
                values = file[name]
                for top in range(0, values.shape[0], 64):
                    count += values[top : top + 64].size
    return count


def detect_files(folder: Path) -> int:
    """Find the fires of the files, and return how many pixels burn."""
    from geoaq.io.scenes import open_scene

    products = Catalog.load(ROOT / "layers").scenes
    with open_scene(sorted(folder.glob("VJ2*.nc")), None, products) as scene:
        return len(detect(scene, rule_of(scene.detector), progress=silent).pixels)


def first_detection(_: Path) -> int:
    """Find the fires of a small scene, in a process that has never done so."""
    from tests.fires.detection.hard_scenes import hard_scene

    hard = hard_scene(1)
    scene = ArrayScene(hard.rows, hard.places, hard.times, satellite="noaa21", swath=False)
    return len(detect(scene, rule_of("viirs_i"), progress=silent).pixels)


def read_with_satpy(folder: Path) -> int:
    """Read bands and angles as quantities with satpy's reader of this product, which holds all of them."""
    import satpy

    scene = satpy.Scene(reader="viirs_l1b", filenames=[str(path) for path in folder.glob("VJ2*IMG.*")])
    angles = [f"{who}_{angle}_angle" for who in ("satellite", "solar") for angle in ("zenith", "azimuth")]
    scene.load(["I01", "I02", "I03", "I04", "I05", "i_lon", "i_lat", *angles])
    return sum(int(band.values.size) for band in scene)


CHILDREN: dict[str, Callable[[Path], int]] = {
    "rasterio": read_with_rasterio, "h5py": read_with_h5py, "detect": detect_files, "first": first_detection,
    "satpy": read_with_satpy,
}  # fmt: skip


def peak_mb() -> float:
    """Return the peak memory of this program alone, MB; getrusage would count its parent's too."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    begun = time.perf_counter()
    result = CHILDREN[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak_mb": peak_mb(), "result": result}))
