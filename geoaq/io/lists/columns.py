"""Reads whole columns of words, yes and no, codes and names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.io.cells.text import coded, is_blank, tidy
from geoaq.io.cells.words import Vocabulary, Word
from geoaq.io.cells.years import read_year
from geoaq.io.lists.intake import Sheet

_TRI = {"no": 0, "yes": 1, "": 2}
_INDUSTRY = re.compile(r"[A-T]?\s*(\d{2,4})(?!\d)")
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$"
_LONGEST_BLANK = 7


def constant(sheet: Sheet, text: str) -> pa.Array:
    """Return one text for every row."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(sheet.size, np.int64)))


def stated_text(sheet: Sheet, column: str) -> pa.Array:
    """Return a column as printed, ``""`` for cells that stand for nothing (无, /, -), single inner spaces."""
    cells = sheet.text(column)
    odd = pc.or_(
        pc.less_equal(pc.utf8_length(cells), _LONGEST_BLANK), pc.match_substring_regex(cells, r"[\s\pZ]")
    )
    if not pc.any(odd).as_py():
        return cells
    cleaned = coded(cells.filter(odd)).texts(lambda text: "" if is_blank(text) else " ".join(text.split()))
    return pc.replace_with_mask(cells, odd, cleaned)


def vocabularies(words: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Vocabulary]:
    """Return the vocabularies of a product; ``silent`` names words of a column that say nothing.

    In a class of boiler a single character is the whole cell or nothing: 水管锅炉 is no 水.
    """
    silent = words.get("silent", {})
    return {
        name: Vocabulary(entries, silent=silent.get(name, ()), letters=name != "boiler_class")
        for name, entries in words.items()
    }


def note_like_coal(sheet: Sheet, words: Mapping[str, Mapping[str, Sequence[str]]], fuels: pa.Array) -> None:
    """Warn of fuels that are no coal of a coal boiler but count as coal in substitution (兰炭, 焦炭)."""
    named = "|".join(words.get("like_coal", {}).get("fuel", ()))
    if named and sheet.has("fuel"):
        hit = pc.and_(pc.equal(fuels, "other"), pc.match_substring_regex(sheet.text("fuel"), named))
        sheet.note(mask_of(hit), "fuel", "fuel_like_coal", "warning")


def words_of(sheet: Sheet, column: str, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.int64], list[Word]]:
    """Return what each distinct cell says and which one a row holds; doubtful words are warnings."""
    cells = coded(sheet.text(column))
    words = [vocabulary.read(text) for text in cells.distinct]
    for certainty, code in (
        ("unknown", "word_unknown"),
        ("mixed", "word_mixed"),
        ("denied", "word_denied"),
    ):
        hit = np.array([word.certainty == certainty for word in words], bool)
        sheet.note(hit[cells.codes], column, code, "warning")
    return cells.codes, words


def read_years(sheet: Sheet, column: str) -> npt.NDArray[np.float64]:
    """Return the year of each day stated, NaN where none is; what cannot be read as one is a warning."""
    cells = coded(sheet.text(column))
    years = [read_year(text) for text in cells.distinct]
    unread = [year is None and not is_blank(text) for year, text in zip(years, cells.distinct, strict=True)]
    sheet.note(np.array(unread, bool)[cells.codes], column, "year_unread", "warning")
    return np.array([np.nan if year is None else year for year in years], float)[cells.codes]


def read_words(sheet: Sheet, column: str, vocabulary: Vocabulary, blank: str = "") -> pa.Array:
    """Return the value that each cell names, ``blank`` for none."""
    if not sheet.has(column):
        return constant(sheet, blank)
    codes, words = words_of(sheet, column, vocabulary)
    return pa.array([word.value or blank for word in words], pa.string()).take(pa.array(codes))


def read_tri(sheet: Sheet, column: str, vocabulary: Vocabulary) -> npt.NDArray[np.int8]:
    """Return yes (1), no (0) or unknown (2) of each cell."""
    if not sheet.has(column):
        return np.full(sheet.size, 2, np.int8)
    codes, words = words_of(sheet, column, vocabulary)
    return np.array([_TRI[word.value] for word in words], np.int8)[codes]


def industry_codes(sheet: Sheet) -> pa.Array:
    """Return the GB/T 4754 code of each cell (``C1713 棉印染`` → ``1713``), or ``""``."""

    def read(text: str) -> str:
        found = _INDUSTRY.match(tidy(text).upper())
        return found[1] if found else ""

    return coded(sheet.text("industry_code")).texts(read)


def digits_lost(sheet: Sheet, columns: Sequence[str], done: Sequence[str]) -> None:
    """Warn of long numbers that a spreadsheet has cut (``9.13E+17``)."""
    for column in columns:
        if column in done or not sheet.has(column):
            continue
        cut = pc.match_substring_regex(sheet.text(column), _SCIENTIFIC)
        sheet.note(cut.to_numpy(zero_copy_only=False), column, "digits_lost", "warning")


def mask_of(condition: pa.Array) -> npt.NDArray[np.bool_]:
    """Return a condition on a column as a mask."""
    mask: npt.NDArray[np.bool_] = condition.to_numpy(zero_copy_only=False)
    return mask
