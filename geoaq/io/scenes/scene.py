"""A scene in files, given piece by piece: what a detector asks of a scene, and where its pixels stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.frames.scenes import (
    BAD,
    BOW_TIE_FILL,
    GROUND_UNKNOWN,
    NO_DATA,
    Doubles,
    Marks,
    ScenePlaces,
    SceneRows,
    Singles,
)
from geoaq.io.scenes.decoding import BOW_TIE_MARK, BandReader, Decoded
from geoaq.io.scenes.geostationary import GeostationaryPlaces
from geoaq.io.scenes.mapped import MapPlaces
from geoaq.io.scenes.product import ProductKind
from geoaq.io.scenes.repeated import RepeatedCells
from geoaq.io.scenes.sun import sun_azimuth, sun_zenith

# The sun is up where its zenith angle is less: no reflectance beyond.
_NIGHT = 90.0
_REFLECTANCES = ("red", "nir", "swir")


class SceneFlag(NamedTuple):
    """What whoever reads a result must know of the scene: a code of ``scenes.toml`` and its values."""

    code: str
    params: Mapping[str, object]


class SceneFile:
    """A scene in files. It is open until closed, may be asked for any rows, and by one thread at a time.

    Attributes
    ----------
    product
        The kind of scene.
    detector
        Identity of the table of thresholds.
    satellite
        One of `geoaq.frames.SATELLITES`, or the source's own name.
    rows, columns
        Size.
    swath
        Rows along the track and columns along the scan; False for a scene that was put on a map before.
    frp_band
        Whether `moderate` gives a band.
    start, end
        Seconds since 1970, UTC: when the first row began and the last one ended.
    names
        Names of the files, sorted.
    flags
        What a reader of results must know.
    """

    def __init__(
        self,
        product: ProductKind,
        readers: Mapping[str, BandReader],
        *,
        shape: tuple[int, int],
        satellite: str,
        detector: str,
        span: tuple[float, float],
        names: Sequence[str],
        mapped: MapPlaces | GeostationaryPlaces | None,
    ) -> None:
        self.product, self.detector, self.satellite = product, detector, satellite
        self.rows, self.columns = shape
        self.start, self.end = span
        self.names = tuple(sorted(names))
        self.swath = product.swath
        self.frp_band = "moderate" in readers
        self.flags: list[SceneFlag] = []
        self._readers, self._mapped, self._stack = readers, mapped, ExitStack()
        self._repeated: RepeatedCells | None = None
        if "source_line" in readers and "source_sample" in readers:
            self._repeated = RepeatedCells(readers["source_line"], readers["source_sample"], shape)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def keep(self, stack: ExitStack) -> None:
        """Take over what closes the files."""
        self._stack = stack

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def has(self, band: str) -> bool:
        """Say whether a band is there."""
        return band in self._readers

    @property
    def on_grid(self) -> bool:
        """Whether pixels stand in a satellite's nominal grid, of which places and angles are computed."""
        return isinstance(self._mapped, GeostationaryPlaces)

    def flagged(self, band: str) -> bool:
        """Say whether a band comes with marks of its quality."""
        return self._readers[band].flagged or self.has(band.replace("t", "q"))

    def raw_places(self, band: str, row: int) -> Singles:
        """Return longitudes or latitudes of a row as the file has them."""
        reader = self._readers[band]
        whole = reader.variable.rows != self.rows
        return reader.read(0, reader.variable.rows).values if whole else reader.read(row, row + 1).values

    @property
    def repeated(self) -> int:
        """Return how many cells of a map show a source pixel that another cell shows already."""
        return 0 if self._repeated is None else self._repeated.count

    def bands(self, start: int, stop: int) -> SceneRows:
        """Return what was seen in the rows from ``start`` until before ``stop``.

        Raises
        ------
        InputError
            ``scene_rows_unreadable``: the file is broken there. ``scene_band_missing``: no reflectance though
            the sun was up.
        """
        four, eleven = self._read("t4", start, stop), self._read("t11", start, stop)
        zenith = self.sun_zenith(start, stop)
        day = zenith < _NIGHT
        red, nir, swir = self._reflectances(start, stop, zenith, day)
        fill: Marks = np.zeros(zenith.shape, np.uint8)
        fill[np.isnan(four.values) & np.isnan(eleven.values)] = NO_DATA
        for decoded in (four, eleven):
            if decoded.marks is not None:
                fill[decoded.marks == BOW_TIE_MARK] = BOW_TIE_FILL
        if self.has("fill"):
            stated = self._readers["fill"].codes(start, stop)
            fill[stated == BOW_TIE_FILL] = BOW_TIE_FILL
            fill[(stated > BOW_TIE_FILL)] = NO_DATA
        if self._repeated is not None:
            fill[self._repeated.rows(start, stop) & (fill == 0)] = BOW_TIE_FILL
        return SceneRows(
            t4=four.values,
            t11=eleven.values,
            t12=self._read("t12", start, stop).values if self.has("t12") else None,
            red=red,
            nir=nir,
            swir=swir,
            sun_zenith=zenith,
            water=self._ground(start, stop),
            q4=self._quality("q4", four, start, stop),
            q11=self._quality("q11", eleven, start, stop),
            fill=fill,
        )

    def places(self, start: int, stop: int) -> ScenePlaces:
        """Return where these rows lie and how they were seen."""
        lon, lat = self.lon_lat(start, stop)
        known: dict[str, Doubles] = {}
        if isinstance(self._mapped, GeostationaryPlaces):
            known = dict(zip(("view_zenith", "view_azimuth"), self._mapped.view(lon, lat), strict=True))
            known["sun_azimuth"] = sun_azimuth(self.times(start, stop)[:, None], lon, lat)
        names = ("view_zenith", "view_azimuth", "sun_azimuth")
        return ScenePlaces(lon, lat, *(self._angle(name, start, stop, known.get(name)) for name in names))

    def lon_lat(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """Return the centres of these rows' pixels, degrees WGS 84, longitudes from -180 to 180."""
        if self._mapped is not None and not (self.has("lon") and self.has("lat")):
            return self._mapped.rows(start, stop)
        lon = self._spread("lon", start, stop)
        lat = self._spread("lat", start, stop)
        lost = ~((np.abs(lat) <= 90.0) & (np.abs(lon) <= 360.0))
        if lost.any():
            lon[lost] = lat[lost] = np.nan
        lon[lon > 180.0] -= 360.0
        return lon, lat

    def times(self, start: int, stop: int) -> Doubles:
        """Return when these rows were seen, seconds since 1970 UTC; rows of one scan share their time."""
        step = self.product.rows_per_scan
        scans = -(-self.rows // step)
        seconds: Doubles = (np.arange(start, stop, dtype=np.float64) // step + 0.5) * (
            (self.end - self.start) / scans
        )
        return self.start + seconds

    def moderate(self, start: int, stop: int) -> Singles | None:
        """Return the radiance near 4 µm of the coarse pixels that hold these rows, W m⁻² sr⁻¹ µm⁻¹.

        ``start`` is a multiple of the coarse pixel's rows; shape (rows / step, columns / step).
        """
        if not self.frp_band:
            return None
        step, reader = self.product.moderate_step, self._readers["moderate"]
        if reader.variable.rows == self.rows:
            return np.ascontiguousarray(reader.read(start, stop).values[::step, ::step])
        return reader.read(start // step, min(-(-stop // step), reader.variable.rows)).values

    def repeats_coarse(self, row: int) -> bool:
        """Say whether the coarse band, where a file has it for every row, repeats it in whole coarse pixels.

        Looked at in the rows of the coarse pixel that holds a row; what is NaN does not count.
        """
        step, reader = self.product.moderate_step, self._readers["moderate"]
        start = row // step * step
        if reader.variable.rows != self.rows or start + step > self.rows:
            return True
        values = reader.read(start, start + step).values
        values = values[:, : self.columns // step * step].reshape(step, -1, step)
        largest, least = (over.reduce(values, axis=(0, 2)) for over in (np.fmax, np.fmin))
        return bool(np.array_equal(largest, least, equal_nan=True))

    def source(self, start: int, stop: int) -> tuple[Singles, Singles] | None:
        """Return line and sample in the swath of the cells of a map, or None where the file has none."""
        if self._repeated is None:
            return None
        return (
            self._read("source_line", start, stop).values,
            self._read("source_sample", start, stop).values,
        )

    def sun_zenith(self, start: int, stop: int) -> Singles:
        """Return the sun's zenith angle, degrees: the file's, or that of place and time where it has none."""
        if self.has("sun_zenith"):
            return self._read("sun_zenith", start, stop).values
        lon, lat = self.lon_lat(start, stop)
        return sun_zenith(self.times(start, stop)[:, None], lon, lat).astype(np.float32)

    def _read(self, band: str, start: int, stop: int) -> Decoded:
        return self._readers[band].read(start, stop)

    def _reflectances(
        self, start: int, stop: int, zenith: Singles, day: npt.NDArray[np.bool_]
    ) -> tuple[Singles, Singles, Singles]:
        if not day.any():
            red, nir, swir = (np.full(zenith.shape, np.nan, np.float32) for _ in _REFLECTANCES)
            return red, nir, swir
        missing = [band for band in _REFLECTANCES if not self.has(band)]
        if missing:
            raise InputError("scene_band_missing", name=", ".join(self.names), bands=", ".join(missing))
        found = [self._read(band, start, stop).values for band in _REFLECTANCES]
        if not self.product.per_cos_sun:
            cosine = np.cos(np.radians(zenith))
            for values in found:
                np.divide(values, cosine, out=values)
        if not day.all():
            for values in found:
                values[~day] = np.nan
        return found[0], found[1], found[2]

    def _quality(self, band: str, decoded: Decoded, start: int, stop: int) -> Marks:
        marks = decoded.marks
        quality = np.zeros(decoded.values.shape, np.uint8) if marks is None else np.minimum(marks, BAD)
        if self.has(band):
            quality = np.maximum(quality, np.minimum(self._readers[band].codes(start, stop), BAD))
        return quality

    def _ground(self, start: int, stop: int) -> Marks:
        if self.has("water"):
            return self._readers["water"].codes(start, stop)
        return np.full((stop - start, self.columns), GROUND_UNKNOWN, np.uint8)

    def _angle(self, band: str, start: int, stop: int, computed: Doubles | None) -> Singles:
        if self.has(band):
            return self._read(band, start, stop).values
        if computed is not None:
            return computed.astype(np.float32)
        return np.full((stop - start, self.columns), np.nan, np.float32)

    def _spread(self, band: str, start: int, stop: int) -> Doubles:
        """Return longitude or latitude of every pixel, also where a file has one for a column or a row."""
        reader = self._readers[band]
        if reader.variable.rows == self.rows and reader.variable.columns == self.columns:
            return reader.read(start, stop).values.astype(np.float64)
        line = reader.read(0, reader.variable.rows).values.reshape(-1).astype(np.float64)
        shape = (stop - start, self.columns)
        along = line[start:stop, None] if band == "lat" else line[None, :]
        return np.broadcast_to(along, shape).copy()
