"""Temperatures, power and confidence as an office's list states them, with the units of its headers."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from geoaq.io.cells.text import coded, is_blank
from geoaq.io.cells.words import Vocabulary
from geoaq.io.fires import codes
from geoaq.io.fires.chunks import Notes
from geoaq.io.fires.numbers import BOUNDS, measure
from geoaq.io.lists.intake import Sheet

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CELSIUS = re.compile(r"℃|°\s*c|摄氏", re.IGNORECASE)
_ZERO_C_IN_K = 273.15
_BRACKET = re.compile(r"[(（\[]([^)）\]]*)[)）\]]")
_MEGAWATT = re.compile(r"^(?:mw|兆瓦|frp|)$", re.IGNORECASE)
_WITH_MEGAWATT = r"^\s*([+-]?[0-9.]+)\s*(?:(?i:mw)|兆瓦)\s*$"
_WORD = {"low": codes.LOW, "nominal": codes.NOMINAL, "high": codes.HIGH}
# Numbers that end here are grades of the platform's own, not per cent.
_GRADES_TO = 10


def _label(sheet: Sheet, column: str) -> str:
    return sheet.header.labels[sheet.header.columns[column]]


def read_temperatures(sheet: Sheet, column: str, notes: Notes) -> Floats:
    """Return brightness temperatures in K; a header in ℃ is converted."""
    if not sheet.has(column):
        return np.full(sheet.size, np.nan)
    low, high = BOUNDS["kelvin"]
    if _CELSIUS.search(_label(sheet, column)):
        bounds = (low - _ZERO_C_IN_K, high - _ZERO_C_IN_K)
        return measure(sheet.text(column), column, bounds, notes) + _ZERO_C_IN_K
    return measure(sheet.text(column), column, (low, high), notes)


def read_powers(sheet: Sheet, notes: Notes) -> Floats:
    """Return the fire radiative power in MW; under a header with another unit it is unknown, and noted."""
    if not sheet.has("frp"):
        return np.full(sheet.size, np.nan)
    units = _BRACKET.findall(_label(sheet, "frp"))
    if not all(_MEGAWATT.match(unit.strip()) for unit in units):
        sheet.log.add(0, "frp", _label(sheet, "frp"), "fire_power_unit", "warning")
        return np.full(sheet.size, np.nan)
    # Some write the unit into every cell.
    plain = pc.replace_substring_regex(sheet.text("frp"), pattern=_WITH_MEGAWATT, replacement=r"\1")
    return measure(plain, "frp", BOUNDS["mw"], notes)


def read_confidences(sheet: Sheet, words: Vocabulary) -> tuple[Ints, Ints]:
    """Return class and per cent of every row, -1 unknown.

    Numbers are per cent and classed as those of MODIS; where none of a list is above 10 they are grades of
    the platform's own, which nobody here can read.
    """
    cells = coded(sheet.text("confidence"))
    pairs = [_confidence(text, words) for text in cells.distinct]
    highest = max((pair[1] for pair in pairs if pair is not None), default=-1)
    if 0 <= highest <= _GRADES_TO:
        sheet.log.add(0, "confidence", str(highest), "fire_confidence_grades", "warning")
        pairs = [(-1, -1) if pair is not None and pair[1] >= 0 else pair for pair in pairs]
    strange = np.array([pair is None for pair in pairs] or [False], bool)[cells.codes]
    sheet.note(strange, "confidence", "fire_confidence", "warning")
    found = np.array([pair or (-1, -1) for pair in pairs] or [(-1, -1)], np.int64)[cells.codes]
    return found[:, 0], found[:, 1]


def _confidence(text: str, words: Vocabulary) -> tuple[int, int] | None:
    if is_blank(text):
        return -1, -1
    word = words.read_whole(text)
    if word.value in _WORD:
        return _WORD[word.value], -1
    return codes.read_confidence(text.replace("％", "%"))
