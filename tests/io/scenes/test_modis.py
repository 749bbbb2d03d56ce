"""MODIS granules in HDF4: layers by their names, radiances to temperatures, and band 21 beyond band 22."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pyhdf.SD import SD, SDC

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import ConfigError, InputError
from geoaq.frames.scenes import GOOD, SATURATED
from geoaq.io.scenes import open_scene
from geoaq.io.scenes.self_contained import hdf4_holds_its_numbers
from geoaq.io.scenes.sun import sun_zenith
from tests.io.scenes.scene_files import START

Kinds = Mapping[str, SceneProduct]
ROWS, COLUMNS = 40, 1354
EMISSIVE = "20,21,22,23,24,25,27,28,29,30,31,32,33,34,35,36"
# Planck's law with CODATA 2018, W m-2 sr-1 µm-1, written here anew.
H, C, K = 6.62607015e-34, 299_792_458.0, 1.380649e-23
WAVENUMBER = {"21": 2505.277, "22": 2518.028, "31": 908.0884, "32": 831.5399}
BENT = {
    "21": (0.9998646, 0.09262664), "22": (0.9998584, 0.09757996), "31": (0.9995608, 0.1302699),
    "32": (0.9997256, 0.07181833),
}  # fmt: skip
SCALE = {"21": 0.003, "22": 0.0001, "31": 0.0005, "32": 0.0004}
OFFSET = {"21": 100.0, "22": 200.0, "31": 1500.0, "32": 1400.0}


def count(band: str, kelvin: float) -> int:
    """Return the number that stands for a brightness temperature."""
    slope, shift = BENT[band]
    wave = 1e-2 / WAVENUMBER[band]
    radiance = 2 * H * C**2 / wave**5 / (np.exp(H * C / (wave * K * (kelvin * slope + shift))) - 1) * 1e-6
    return round(float(radiance / SCALE[band] + OFFSET[band]))


class Modis:
    """The two files of a granule."""

    def __init__(self) -> None:
        row, column = np.arange(ROWS)[:, None], np.arange(COLUMNS)[None, :]
        self.emissive = np.zeros((16, ROWS, COLUMNS), np.uint16)
        names = EMISSIVE.split(",")
        self.layer = {band: self.emissive[names.index(band)] for band in WAVENUMBER}
        for band, kelvin in (("21", 301.3), ("22", 300.4), ("31", 290.2), ("32", 288.6)):
            self.layer[band][:] = count(band, kelvin)
        self.visible = np.full((2, ROWS, COLUMNS), 2_100, np.uint16)
        self.short = np.full((5, ROWS, COLUMNS), 3_100, np.uint16)
        lat = (45.0 - 0.009 * row - 0.001 * column).astype(np.float32)
        lon = (110.0 + 0.013 * column - 0.002 * row).astype(np.float32)
        times = START + (row // 10 + 0.5) * 75.0
        self.zenith = sun_zenith(times, lon.astype(float), lat.astype(float))
        self.places = {"Latitude": lat, "Longitude": lon}
        self.angles = {
            "SolarZenith": self.zenith, "SolarAzimuth": 190.0 - 360.0 + 0 * lat,
            "SensorZenith": np.abs(column - 676.5) * 0.09 + 0 * lat, "SensorAzimuth": 80.0 + 0 * lat,
        }  # fmt: skip

    def write(self, folder: Path, stamp: str = "A2022105.0430") -> list[Path]:
        bands = folder / f"MYD021KM.{stamp}.061.2022105.hdf"
        places = folder / "MYD03.A2022105.0430.061.2022105.hdf"
        file = SD(str(bands), SDC.WRITE | SDC.CREATE)
        wide = EMISSIVE.split(",")
        put(file, "EV_1KM_Emissive", self.emissive, SDC.UINT16, fill=65_535, band_names=EMISSIVE,
            radiance_scales=[SCALE.get(band, 1.0) for band in wide],
            radiance_offsets=[OFFSET.get(band, 0.0) for band in wide])  # fmt: skip
        put(file, "EV_250_Aggr1km_RefSB", self.visible, SDC.UINT16, fill=65_535, band_names="1,2",
            reflectance_scales=[5e-5, 1e-4], reflectance_offsets=[100.0, 100.0])  # fmt: skip
        put(file, "EV_500_Aggr1km_RefSB", self.short, SDC.UINT16, fill=65_535, band_names="3,4,5,6,7",
            reflectance_scales=[1.0] * 4 + [3e-5], reflectance_offsets=[0.0] * 4 + [100.0])  # fmt: skip
        file.end()
        file = SD(str(places), SDC.WRITE | SDC.CREATE)
        for name, values in self.places.items():
            put(file, name, values, SDC.FLOAT32, fill=-999.0)
        for name, values in self.angles.items():
            put(file, name, np.round(values * 100).astype(np.int16), SDC.INT16, fill=-32_767)
        put(file, "Land/SeaMask", np.full((ROWS, COLUMNS), 1, np.uint8), SDC.UINT8, fill=221)
        file.end()
        return [bands, places]


def put(file: SD, name: str, numbers: np.ndarray, sort: int, *, fill: float, **attributes: object) -> None:
    data = file.create(name, sort, numbers.shape)
    data[:] = numbers
    data.setfillvalue(fill)
    for key, value in attributes.items():
        setattr(data, key, value)
    data.endaccess()


def test_a_granule_is_read_as_described(kinds: Kinds, tmp_path: Path) -> None:
    granule = Modis()

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        assert (scene.product.id, scene.satellite, scene.detector) == ("modis_l1b", "aqua", "modis")
        assert (scene.rows, scene.columns, scene.frp_band) == (ROWS, COLUMNS, False)
        assert scene.flags == []
        rows = scene.bands(10, 20)
        np.testing.assert_allclose(rows.t4, 300.4, atol=0.02)
        np.testing.assert_allclose(rows.t11, 290.2, atol=0.02)
        assert rows.t12 is not None
        np.testing.assert_allclose(rows.t12, 288.6, atol=0.02)
        cosine = np.cos(np.radians(rows.sun_zenith.astype(float)))
        np.testing.assert_allclose(rows.red, 2_000 * 5e-5 / cosine, rtol=1e-5)
        np.testing.assert_allclose(rows.nir, 2_000 * 1e-4 / cosine, rtol=1e-5)
        np.testing.assert_allclose(rows.swir, 3_000 * 3e-5 / cosine, rtol=1e-5)
        assert (rows.water == 0).all()
        np.testing.assert_allclose(rows.sun_zenith, granule.zenith[10:20], atol=0.006)
        assert np.unique(scene.times(0, ROWS)) == pytest.approx(START + 37.5 + 75.0 * np.arange(4))


def test_band_21_counts_where_band_22_ends_or_has_nothing(kinds: Kinds, tmp_path: Path) -> None:
    granule = Modis()
    granule.layer["21"][5, :4] = [count("21", kelvin) for kelvin in (360.0, 345.0, 310.0, 420.0)]
    granule.layer["22"][5, :4] = [65_533, count("22", 332.0), 65_535, count("22", 330.5)]
    granule.layer["21"][5, 4] = granule.layer["22"][5, 4] = 65_533

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        rows = scene.bands(5, 6)

    np.testing.assert_allclose(rows.t4[0, :4], [360.0, 345.0, 310.0, 330.5], atol=0.06)
    assert rows.q4[0, :6].tolist() == [GOOD, GOOD, GOOD, GOOD, SATURATED, GOOD]
    assert rows.t4[0, 4] > 420.0


def test_without_pyhdf_the_reader_says_what_to_install(
    kinds: Kinds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Modis().write(tmp_path)
    monkeypatch.setitem(sys.modules, "pyhdf", None)

    with pytest.raises(ConfigError, match="scenes-hdf4"):
        open_scene(paths, None, kinds)


def test_bands_and_places_of_different_times_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        open_scene(Modis().write(tmp_path, "A2022105.0435"), None, kinds)

    assert refused.value.code == "scene_files_differ"


def test_a_layer_that_is_missing_is_named(kinds: Kinds, tmp_path: Path) -> None:
    granule = Modis()
    granule.emissive = granule.emissive[:15]

    with pytest.raises(InputError, match="EV_1KM_Emissive") as refused:
        open_scene(granule.write(tmp_path), None, kinds)

    assert refused.value.code == "scene_band_missing"


def test_a_file_cut_short_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = Modis().write(tmp_path)
    paths[0].write_bytes(paths[0].read_bytes()[:2_000])

    with pytest.raises(InputError) as refused:
        open_scene(paths, None, kinds)

    assert refused.value.code in {"scene_unreadable", "scene_rows_unreadable", "scene_band_missing"}


def test_numbers_of_another_file_are_never_read(kinds: Kinds, tmp_path: Path) -> None:
    paths = Modis().write(tmp_path)
    file = SD(str(paths[1]), SDC.WRITE)
    data = file.create("beside", SDC.UINT16, (4, 4))
    data.setexternalfile(str(tmp_path / "secret.bin"), 0)
    data[:] = np.ones((4, 4), np.uint16)
    data.endaccess()
    file.end()

    with pytest.raises(InputError) as refused:
        open_scene(paths, None, kinds)

    assert refused.value.code == "scene_not_self_contained"


def test_numbers_that_are_compressed_or_in_pieces_are_the_files_own(tmp_path: Path) -> None:
    path = tmp_path / "own.hdf"
    file = SD(str(path), SDC.WRITE | SDC.CREATE)
    for number in range(40):  # more than one list of elements
        data = file.create(f"d{number}", SDC.UINT16, (64, 64))
        data.setcompress(SDC.COMP_DEFLATE, 3)
        data[:] = np.full((64, 64), number, np.uint16)
        data.endaccess()
    file.end()

    assert hdf4_holds_its_numbers(path)


def test_a_list_of_elements_that_never_ends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "round.hdf"
    path.write_bytes(b"\x0e\x03\x13\x01" + (0).to_bytes(2, "big") + (4).to_bytes(4, "big"))

    assert not hdf4_holds_its_numbers(path)
