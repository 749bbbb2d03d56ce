"""Reads whole columns of words, yes and no, codes and names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from geoaq.io.cells.text import coded, is_blank, tidy
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.intake import Sheet

Texts = npt.NDArray[np.object_]
_TRI = {"no": 0, "yes": 1, "": 2}
_INDUSTRY = r"^\s*[A-T]?\s*(?P<code>[0-9]{2,4})(?:[^0-9].*)?$"
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$"


def stated_text(sheet: Sheet, column: str) -> Texts:
    """Return a column as printed, ``""`` for cells that stand for nothing (无, /, -)."""
    if not sheet.has(column):
        return np.full(sheet.size, "", object)
    return coded(sheet.text(column)).map(lambda text: "" if is_blank(text) else " ".join(text.split()))


def read_words(sheet: Sheet, column: str, vocabulary: Vocabulary, blank: str = "") -> Texts:
    """Return the value that each cell names, ``blank`` for none; unknown and mixed words are warnings."""
    if not sheet.has(column):
        return np.full(sheet.size, blank, object)
    cells = coded(sheet.text(column))
    words = [vocabulary.read(text) for text in cells.distinct]
    for certainty, code in (("unknown", "word_unknown"), ("mixed", "word_mixed")):
        hit = np.array([word.certainty == certainty for word in words], bool)
        sheet.note(hit[cells.codes], column, code, "warning")
    values: Texts = np.array([word.value or blank for word in words], object)[cells.codes]
    return values


def read_tri(sheet: Sheet, column: str, vocabulary: Vocabulary) -> npt.NDArray[np.int8]:
    """Return yes (1), no (0) or unknown (2) of each cell."""
    values = read_words(sheet, column, vocabulary)
    return np.array([_TRI[value] for value in values.tolist()], np.int8)


def industry_codes(sheet: Sheet) -> Texts:
    """Return the GB/T 4754 code of each cell (``C1713 棉印染`` → ``1713``), or ``""``."""
    if not sheet.has("industry_code"):
        return np.full(sheet.size, "", object)
    cells = coded(sheet.text("industry_code"))

    def read(text: str) -> str:
        found = pc.extract_regex(tidy(text).upper(), _INDUSTRY).as_py()
        return str(found["code"]) if found else ""

    return cells.map(read)


def digits_lost(sheet: Sheet, columns: Sequence[str], done: Sequence[str]) -> None:
    """Warn of long numbers that a spreadsheet has cut (``9.13E+17``)."""
    for column in columns:
        if column in done or not sheet.has(column):
            continue
        cut = pc.match_substring_regex(sheet.text(column), _SCIENTIFIC)
        sheet.note(cut.to_numpy(zero_copy_only=False), column, "digits_lost", "warning")
