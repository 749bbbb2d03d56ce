"""From the numbers of a file to quantities: scale, offset, tables, temperatures, and what is no data.

Whole numbers of 8 or 16 bits have few values: what each means is worked out once, and rows are looked up.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.frames.scenes import BAD, GOOD, GROUND_UNKNOWN, ON_LAND, ON_WATER, SATURATED, Marks, Singles
from geoaq.io.scenes.product import BandKind, PlanckKind, QualityKind
from geoaq.io.scenes.variables import Numbers, SceneVariables, Variable

# Mark of a pixel deleted on board, beside GOOD, SATURATED and BAD; and of one out of a format's range, until
# its temperature says which it is.
BOW_TIE_MARK, BEYOND_MARK = 3, 4
# A table of values has one for each number of 16 bits; some products list more.
_LARGEST_TABLE = 1 << 20
# Constants of radiation, CODATA 2018: 2hc² in W m-2 sr-1 µm-1 · µm⁵, hc/k in µm K.
_C1, _C2 = 1.191042972e8, 1.438776877e4


class Decoded(NamedTuple):
    """Quantities of some rows (NaN: no data) and their marks; None: all good."""

    values: Singles
    marks: Marks | None


def brightness_temperature(radiance: npt.NDArray[np.float64], kind: PlanckKind) -> npt.NDArray[np.float64]:
    """Return the temperature of a black body with a radiance, K; NaN where the radiance is not above zero.

    Parameters
    ----------
    radiance
        W m-2 sr-1 µm-1.
    kind
        Wavenumber of the band, and how its width bends the relation.
    """
    wavelength = 1e4 / kind.wavenumber_cm
    with np.errstate(divide="ignore", invalid="ignore"):
        kelvin = _C2 / (wavelength * np.log1p(_C1 / (wavelength**5 * radiance)))
        return np.where(radiance > 0.0, (kelvin - kind.shift) / kind.slope, np.nan)


class BandReader:
    """Reads a band by rows.

    Parameters
    ----------
    kind
        What its numbers mean.
    file
        The open file.
    variable
        The variable in it.
    """

    def __init__(self, kind: BandKind, file: SceneVariables, variable: Variable) -> None:
        self.kind, self.variable, self.file = kind, variable, file
        self._scale = _number(kind.scale, kind.scale_attribute, variable, file, 1.0)
        self._offset = _number(kind.offset, kind.offset_attribute, variable, file, 0.0)
        if kind.unit == "%":
            self._scale *= 0.01
            self._offset *= 1.0 if kind.offset_first else 0.01
        self._valid = _valid(kind, variable)
        self._quality: tuple[Variable, Marks, float] | None = None
        if kind.quality is not None:
            flags = file.variable(kind.quality.variable, None, kind.plane_names)
            if flags is not None:
                _check_beside(file, variable, flags)
                if flags.dtype.kind not in "iu":
                    raise InputError("scene_variable_form", name=file.name, variable=flags.name)
                self._quality = flags, _flag_marks(kind.quality), kind.quality.hot_k
        self._table: Singles | None = None
        self._marks: Marks | None = None
        self._first_mark = 0
        if variable.dtype.kind in "iu" and variable.dtype.itemsize <= 2:
            self._work_out_table()
        elif kind.table is not None:
            raise InputError("scene_variable_form", name=file.name, variable=kind.variable)
        self._beyond = None
        if kind.beyond is not None:
            hotter = file.variable(kind.beyond.variable, kind.beyond.plane, kind.beyond.plane_names)
            if hotter is None:
                raise InputError("scene_variable_missing", name=file.name, variable=_title(kind.beyond))
            _check_beside(file, variable, hotter)
            self._beyond = BandReader(kind.beyond, file, hotter)

    @property
    def flagged(self) -> bool:
        """Whether quality bits stand beside the band, or saturated numbers are told apart."""
        return self._quality is not None or bool(self.kind.saturated)

    def read(self, start: int, stop: int) -> Decoded:
        """Return some rows."""
        raw = self.variable.read(start, stop)
        marks: Marks | None = None
        if self._table is not None:
            index = raw.view(f"u{raw.dtype.itemsize}")
            values: Singles = np.take(self._table, index)
            if self._marks is not None and int(index.max(initial=0)) >= self._first_mark:
                marks = np.take(self._marks, index)
        else:
            values = self._quantities(raw)
        if self._quality is not None:
            flags, table, hot_k = self._quality
            marks = _with_flags(flags.read(start, stop), table, hot_k, Decoded(values, marks))
        if self._beyond is not None:
            self._go_beyond(self._beyond, start, stop, Decoded(values, marks))
        return Decoded(values, marks)

    def codes(self, start: int, stop: int) -> Marks:
        """Return rows of whole numbers that stand for something: ground where the band is water."""
        raw = self.variable.read(start, stop)
        codes: Marks = np.where((raw >= 0) & (raw < GROUND_UNKNOWN), raw, GROUND_UNKNOWN).astype(np.uint8)
        if self.kind.band != "water":
            return codes
        meaning = np.full(256, GROUND_UNKNOWN, np.uint8)
        meaning[list(self.kind.land)] = ON_LAND
        meaning[list(self.kind.water)] = ON_WATER
        ground: Marks = np.take(meaning, codes)
        return ground

    def _quantities(self, raw: Numbers) -> Singles:
        kind, fill = self.kind, self.variable.fill
        plain = self._scale == 1.0 and self._offset == 0.0 and kind.planck is None and raw.dtype == np.float32
        values = raw if plain else self._scaled(raw.astype(np.float64)).astype(np.float32)
        lost = np.zeros(raw.shape, bool)
        if fill is not None and np.isfinite(fill):
            lost |= raw == fill
        if self._valid is not None:
            lost |= (raw < self._valid[0]) | (raw > self._valid[1])
        if lost.any():
            values[lost] = np.nan
        return values

    def _scaled(self, raw: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        first = self.kind.offset_first
        scaled = (raw - self._offset) * self._scale if first else raw * self._scale + self._offset
        return scaled if self.kind.planck is None else brightness_temperature(scaled, self.kind.planck)

    def _work_out_table(self) -> None:
        """Fill the value and the mark of every number that the variable can hold."""
        kind, dtype = self.kind, self.variable.dtype
        size = 256**dtype.itemsize
        numbers = np.arange(size, dtype=np.uint32).astype(f"u{dtype.itemsize}").view(dtype)
        if kind.table is None:
            values = self._scaled(numbers.astype(np.float64))
        else:
            listed = self.file.variable(kind.table, None, kind.plane_names)
            if listed is None:
                raise InputError("scene_variable_missing", name=self.file.name, variable=kind.table)
            if listed.rows * listed.columns > _LARGEST_TABLE:
                seen = f"{listed.rows} × {listed.columns}"
                raise InputError(
                    "scene_shape", name=self.file.name, variable=listed.name, seen=seen, wanted=f"1 × {size}"
                )
            entries = listed.all().astype(np.float64)
            values = np.full(size, np.nan)
            values[: min(size, len(entries))] = np.where(entries > 0.0, entries, np.nan)[:size]
        data = np.ones(size, bool)
        if kind.valid is not None:
            data = (numbers >= kind.valid[0]) & (numbers <= kind.valid[1])
        if self.variable.fill is not None:
            data &= numbers != self.variable.fill
        marks = np.where(data & np.isfinite(values), GOOD, BAD).astype(np.uint8)
        marks[np.isin(numbers, kind.bow_tie)] = BOW_TIE_MARK
        values = np.where(marks == GOOD, values, np.nan)
        if kind.saturated:
            full = np.isin(numbers, kind.saturated)
            marks[full] = SATURATED
            values[full] = np.nanmax(values)
        self._table = values.astype(np.float32)
        marked = np.flatnonzero(marks)
        if len(marked):
            self._marks, self._first_mark = marks, int(marked[0])

    def _go_beyond(self, hotter: BandReader, start: int, stop: int, decoded: Decoded) -> None:
        """Put the band for hotter pixels, with its own marks, where this one ends or has nothing."""
        values, marks = decoded
        ends = np.isnan(values) if self.kind.until_k is None else ~(values < self.kind.until_k)
        if marks is not None:
            ends |= marks == SATURATED
        if not ends.any():
            return
        beyond = hotter.read(start, stop)
        ends &= ~np.isnan(beyond.values)
        values[ends] = beyond.values[ends]
        if marks is not None:
            marks[ends] = GOOD if beyond.marks is None else beyond.marks[ends]


def _check_beside(file: SceneVariables, band: Variable, other: Variable) -> None:
    """Refuse what belongs to a band pixel by pixel and has another shape."""
    if (other.rows, other.columns) != (band.rows, band.columns):
        seen, wanted = (f"{one.rows} × {one.columns}" for one in (other, band))
        raise InputError("scene_shape", name=file.name, variable=other.name, seen=seen, wanted=wanted)


def _with_flags(bits: Numbers, table: Marks, hot_k: float, decoded: Decoded) -> Marks | None:
    """Return marks joined with what quality bits say; the graver one counts."""
    if not bits.any():
        return decoded.marks
    flags: Marks = np.take(table, bits.astype(np.uint16, copy=False))
    beyond = flags == BEYOND_MARK
    if beyond.any():
        flags[beyond] = np.where(decoded.values[beyond] >= hot_k, SATURATED, BAD)
    return flags if decoded.marks is None else np.maximum(flags, decoded.marks)


def _flag_marks(kind: QualityKind) -> Marks:
    """Return what every combination of bits means; the graver meaning of several wins."""
    bits = np.arange(65536)
    marks = np.zeros(65536, np.uint8)
    marks[(bits & kind.out_of_range) > 0] = BEYOND_MARK
    marks[(bits & kind.saturated) > 0] = SATURATED
    marks[(bits & kind.bad) > 0] = BAD
    marks[(bits & kind.bow_tie) > 0] = BOW_TIE_MARK
    return marks


def _number(
    stated: float | None, attribute: str | None, variable: Variable, file: SceneVariables, otherwise: float
) -> float:
    if stated is not None:
        return stated
    if attribute is None:
        return otherwise
    numbers = [part for part in re.split(r"[,\s{}]+", variable.attributes.get(attribute, "")) if part]
    try:
        return float(numbers[variable.layer if len(numbers) > 1 else 0])
    except (IndexError, ValueError) as error:
        raise InputError(
            "scene_attribute_missing", name=file.name, variable=variable.name, attribute=attribute
        ) from error


def _valid(kind: BandKind, variable: Variable) -> tuple[float, float] | None:
    """Return which numbers are data: as stated for 16 bits; of wider numbers the file itself says it."""
    stated = variable.attributes.get("valid_max", "")
    if kind.valid is None or variable.dtype.kind not in "iu" or variable.dtype.itemsize <= 2 or not stated:
        return kind.valid
    try:
        return kind.valid[0], float(stated)
    except ValueError:
        return kind.valid


def _title(kind: BandKind) -> str:
    return kind.variable if kind.plane is None else f"{kind.variable} ({kind.plane})"
